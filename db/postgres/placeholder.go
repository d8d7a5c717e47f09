package postgres

import (
	"strconv"
	"strings"
)

// numbered writes the ? of package db's SQL as $1, $2 and so on, and ?? as ?.
// What stands in strings, quoted names and comments is left as it is. Without
// arguments a lone ? is an operator, as it is in a script of somebody else.
func numbered(sql string, args bool) string {
	if strings.IndexByte(sql, '?') < 0 {
		return sql
	}
	var b strings.Builder
	b.Grow(len(sql) + 16)
	n := 0
	for i := 0; i < len(sql); {
		if skip := opaque(sql, i); skip > 0 {
			b.WriteString(sql[i : i+skip])
			i += skip
			continue
		}
		switch {
		case sql[i] != '?':
			b.WriteByte(sql[i])
		case strings.HasPrefix(sql[i:], "??"):
			b.WriteByte('?')
			i++
		case !args:
			b.WriteByte('?')
		default:
			n++
			if i > 0 && isWord(sql[i-1]) { // else x? would be the name x$1
				b.WriteByte(' ')
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			if i+1 < len(sql) && isWord(sql[i+1]) { // else ?1 would be $11
				b.WriteByte(' ')
			}
		}
		i++
	}
	return b.String()
}

// opaque returns the length of the string, quoted name, comment or word that
// begins at i, 0 if none does. One that never ends takes all of the rest.
func opaque(sql string, i int) int {
	rest := sql[i:]
	switch c := rest[0]; {
	case c == '\'':
		return quoted(rest, '\'', false)
	case c == '"':
		return quoted(rest, '"', false)
	case strings.HasPrefix(rest, "--"):
		if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
			return end
		}
		return len(rest)
	case strings.HasPrefix(rest, "/*"):
		return comment(rest)
	case c == '$':
		return dollar(rest)
	case isWord(c):
		n := 1
		for n < len(rest) && isWord(rest[n]) {
			n++
		}
		if n == 1 && (c == 'e' || c == 'E') && len(rest) > 1 && rest[1] == '\'' {
			return 1 + quoted(rest[1:], '\'', true)
		}
		return n
	}
	return 0
}

// quoted returns the length of what begins with the quote q. A doubled quote
// stands for itself, and so does one behind a backslash where that escapes.
func quoted(s string, q byte, escapes bool) int {
	for i := 1; i < len(s); i++ {
		switch {
		case escapes && s[i] == '\\':
			i++
		case s[i] == q && i+1 < len(s) && s[i+1] == q:
			i++
		case s[i] == q:
			return i + 1
		}
	}
	return len(s)
}

// comment returns the length of a comment, which may hold others.
func comment(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// dollar returns the length of $tag$ … $tag$, 0 if there is no such string.
func dollar(s string) int {
	end := strings.IndexByte(s[1:], '$')
	if end < 0 {
		return 0
	}
	tag := s[:end+2]
	for i := 1; i < len(tag)-1; i++ {
		if !isWord(tag[i]) || i == 1 && tag[i] >= '0' && tag[i] <= '9' {
			return 0
		}
	}
	if close := strings.Index(s[len(tag):], tag); close >= 0 {
		return 2*len(tag) + close
	}
	return len(s)
}

// isWord reports whether c may be part of a name or a number.
func isWord(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// verb returns the first word of sql in upper case, behind comments.
func verb(sql string) string {
	for i := 0; i < len(sql); {
		switch c := sql[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == '(':
			i++
		case strings.HasPrefix(sql[i:], "--"), strings.HasPrefix(sql[i:], "/*"):
			i += opaque(sql, i)
		default:
			n := i
			for n < len(sql) && isWord(sql[n]) {
				n++
			}
			return strings.ToUpper(sql[i:n])
		}
	}
	return ""
}
