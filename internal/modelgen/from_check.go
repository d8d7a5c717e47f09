package modelgen

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db/schema"
)

// A lexeme is a piece of a condition in SQL: kind is the quote that it is in,
// 'w' for a word or a number, and the mark itself for any other.
type lexeme struct {
	kind rune
	text string
}

// lex cuts a condition into pieces; nil if it is not whole.
func lex(text string) []lexeme {
	var list []lexeme
	for text != "" {
		c, n := utf8.DecodeRuneInString(text)
		switch {
		case c == '\'' || c == '"' || c == '`':
			var b strings.Builder
			rest := text[1:]
			for {
				i := strings.IndexRune(rest, c)
				if i < 0 {
					return nil
				}
				b.WriteString(rest[:i])
				rest = rest[i+1:]
				if !strings.HasPrefix(rest, string(c)) {
					break
				}
				b.WriteRune(c)
				rest = rest[1:]
			}
			list, text = append(list, lexeme{c, b.String()}), rest
			continue
		case isWordRune(c):
			n = len(text) - len(strings.TrimLeftFunc(text, isWordRune))
			list = append(list, lexeme{'w', text[:n]})
		case !unicode.IsSpace(c):
			list = append(list, lexeme{c, text[:n]})
		}
		text = text[n:]
	}
	return list
}

func isWordRune(c rune) bool {
	return c == '_' || c == '.' || unicode.IsLetter(c) || unicode.IsDigit(c)
}

func (l lexeme) is(word string) bool { return l.kind == 'w' && strings.EqualFold(l.text, word) }

func (l lexeme) isName() bool { return l.kind == 'w' || l.kind == '"' || l.kind == '`' }

// readIn returns the column and the texts of a condition that is nothing but
// column IN ('a', 'b'), also as PostgreSQL shows it, which is
// ((column)::text = ANY (ARRAY['a'::text, 'b'::text])).
func readIn(expr string) (column string, list []string) {
	all := withoutCasts(lex(expr))
	switch {
	case len(all) > 2 && all[0].isName() && all[1].is("IN"):
		column, all = all[0].text, all[2:]
	case len(all) > 4 && all[0].isName() && all[1].kind == '=' && all[2].is("ANY") && all[3].is("ARRAY"):
		column, all = all[0].text, all[4:]
	default:
		return "", nil
	}
	for i, l := range all {
		switch {
		case i%2 == 0 && l.kind == '\'':
			list = append(list, l.text)
		case i%2 == 0 || l.kind != ',':
			return "", nil
		}
	}
	return column, list
}

// withoutCasts drops casts, brackets and names of character sets.
func withoutCasts(all []lexeme) []lexeme {
	var out []lexeme
	for i := 0; i < len(all); i++ {
		l := all[i]
		switch {
		case l.kind == ':':
			for i+1 < len(all) && (all[i+1].kind == ':' || all[i+1].is("text") || all[i+1].is("character") || all[i+1].is("varying") ||
				all[i+1].is("bpchar")) {
				i++
			}
		case strings.ContainsRune("()[]", l.kind), l.is("_utf8mb4"), l.is("_utf8mb3"):
		default:
			out = append(out, l)
		}
	}
	return out
}

// checks turns m's checks into types with constants, tags and notes.
func (s *sourcer) checks(m *sourceTable) {
	for _, ck := range m.Checks {
		if all := withoutCasts(lex(ck.Expr)); len(all) == 2 && all[0].is("json_valid") && all[1].isName() {
			if c := m.column(all[1].text, s.folds()); c != nil && c.kind == schema.Text && !c.pk {
				c.kind = schema.JSON
				continue
			}
		}
		name, list := readIn(ck.Expr)
		c := m.column(name, s.folds())
		if c != nil && c.kind == schema.Text && !c.pk && c.labels == nil && len(list) > 0 {
			c.labels, c.check = list, s.Engine != "sqlite" || c.Name == c.stored
			if s.enum(m, c) {
				continue
			}
		}
		if c = s.checked(m, ck.Expr); c == nil {
			m.notes = append(m.notes, fmt.Sprintf("The check %s is not told: a tag cannot hold it.", quoted(ck.Name)))
			continue
		}
		c.tags = append(c.tags, "check="+strings.TrimSpace(ck.Expr))
	}
	for _, c := range m.columns {
		if c.labels != nil && c.named == "" {
			s.enum(m, c)
		}
	}
}

// enum gives c a type of its own whose constants are its labels, where each
// has a name of its own.
func (s *sourcer) enum(m *sourceTable, c *sourceColumn) bool {
	typ := m.name + c.name
	names := []string{typ}
	for _, label := range c.labels {
		names = append(names, typ+goName(label))
		if !utf8.ValidString(label) || strings.TrimPrefix(goName(label), "X") == "" && label != "x" && label != "X" {
			names = nil
			break
		}
	}
	for i, name := range names {
		if s.declared[name] || slices.Contains(names[:i], name) {
			names = nil
			break
		}
	}
	if len(names) < 2 || c.pk {
		c.labels = nil
		return false
	}
	for _, name := range names {
		s.declared[name] = true
	}
	c.named = typ
	if c.check {
		c.tags = append(c.tags, "enum")
	}
	return true
}

// checked returns the first column that a condition names, if the condition
// can stand in its tag and names nothing that is left out.
func (s *sourcer) checked(m *sourceTable, expr string) *sourceColumn {
	tag := "check=" + strings.TrimSpace(expr)
	if strings.ContainsAny(expr, "`;") || !tagged(tag) {
		return nil
	}
	depth := 0
	var first *sourceColumn
	for _, l := range lex(expr) {
		switch l.kind {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 {
			return nil
		}
		if !l.isName() {
			continue
		}
		c := m.column(l.text, s.folds())
		left := slices.ContainsFunc(m.Columns, func(o schema.Column) bool { return strings.EqualFold(o.Name, l.text) })
		if c == nil && (left || l.kind != 'w') || c != nil && c.Name != c.stored {
			return nil
		}
		if first == nil {
			first = c
		}
	}
	if depth != 0 {
		return nil
	}
	return first
}

// tagged reports whether an item of a tag is read as it was written.
func tagged(item string) bool {
	if strings.ContainsFunc(item, func(r rune) bool { return r == '`' || r == utf8.RuneError || !unicode.IsPrint(r) }) {
		return false
	}
	got := splitTag(item + ",pk")
	return len(got) == 2 && got[0] == item
}
