package sqlscan

import (
	"fmt"
	"strings"
)

// A Kind says what a token is.
type Kind uint8

// The kinds of tokens.
const (
	Space   Kind = iota // white space
	Comment             // from -- to the end of the line, or from /* to */
	Word                // name or keyword without quotes
	Quoted              // name in "…", `…` or […]
	String              // '…', and PostgreSQL's E'…' and $tag$…$tag$
	Blob                // x'…'
	Number              // digits, with fraction and exponent, or 0x…
	Punct               // operator or other mark
)

// A Token is a piece of the scanned text.
type Token struct {
	Kind Kind
	Text string // as it was written
	Line int    // of its first byte, counted from the scanner's first line
}

// Value returns the name that a Word or Quoted token stands for, and the text
// that a String does. For other kinds it is the token's text.
func (t Token) Value() string {
	if t.Kind == String && t.Text[0] != '\'' {
		return t.postgresValue()
	}
	switch t.Kind {
	case Quoted, String:
		inner := t.Text[1 : len(t.Text)-1]
		if q := t.Text[:1]; q != "[" {
			inner = strings.ReplaceAll(inner, q+q, q)
		}
		return inner
	}
	return t.Text
}

// postgresValue is Value of E'…', in which the simple escapes are undone, and
// of $tag$…$tag$.
func (t Token) postgresValue() string {
	if t.Text[0] == '$' {
		n := strings.IndexByte(t.Text[1:], '$') + 2
		return t.Text[n : len(t.Text)-n]
	}
	return strings.NewReplacer(`\\`, `\`, `\'`, `'`, `''`, `'`, `\n`, "\n", `\t`, "\t", `\r`, "\r").Replace(t.Text[2 : len(t.Text)-1])
}

// Is reports whether t is the given keyword or mark, in any case, unquoted.
func (t Token) Is(text string) bool {
	return (t.Kind == Word || t.Kind == Punct) && strings.EqualFold(t.Text, text)
}

// A Scanner reads tokens from a text. Its zero value is at the end.
type Scanner struct {
	rest string
	line int
}

// New returns a scanner of text, whose first line is numbered line.
func New(text string, line int) *Scanner { return &Scanner{rest: text, line: line} }

// Next returns the next token, and false at the end. Every byte of the text
// is in one token. The error is a string, quoted name or comment that never
// ends; its text names the line it begins on.
func (s *Scanner) Next() (Token, bool, error) {
	if s.rest == "" {
		return Token{}, false, nil
	}
	kind, n := s.measure()
	if n < 0 {
		return Token{}, false, &Error{Line: s.line, What: openEnded(s.rest)}
	}
	t := Token{Kind: kind, Text: s.rest[:n], Line: s.line}
	s.line += strings.Count(t.Text, "\n")
	s.rest = s.rest[n:]
	return t, true, nil
}

// An Error is text that cannot be cut into tokens or statements.
type Error struct {
	Line int
	What string
}

// Error names the line.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.What) }

// Tokens returns the tokens of text without white space and comments.
func Tokens(text string) ([]Token, error) {
	var list []Token
	for s := New(text, 1); ; {
		t, ok, err := s.Next()
		if !ok {
			return list, err
		}
		if t.Kind != Space && t.Kind != Comment {
			list = append(list, t)
		}
	}
}

// measure returns the kind and length of the token at the head of the rest;
// the length is -1 when the token never ends.
func (s *Scanner) measure() (Kind, int) {
	text := s.rest
	c := text[0]
	switch {
	case isSpace(c):
		return Space, span(text, isSpace)
	case strings.HasPrefix(text, "--"):
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			return Comment, i
		}
		return Comment, len(text)
	case strings.HasPrefix(text, "/*"):
		return Comment, through(text, 2, "*/")
	case c == '\'':
		return String, quoted(text, 0)
	case c == '"' || c == '`':
		return Quoted, quoted(text, 0)
	case c == '[':
		return Quoted, through(text, 1, "]")
	case (c == 'x' || c == 'X') && len(text) > 1 && text[1] == '\'':
		return Blob, quoted(text, 1)
	case (c == 'e' || c == 'E') && len(text) > 1 && text[1] == '\'':
		return String, escaped(text)
	case c == '$' && tag(text) > 0:
		return String, through(text, tag(text), text[:tag(text)])
	case isDigit(c), c == '.' && len(text) > 1 && isDigit(text[1]):
		return Number, number(text)
	case isWord(c):
		return Word, span(text, isWord)
	}
	for _, op := range operators {
		if strings.HasPrefix(text, op) {
			return Punct, len(op)
		}
	}
	return Punct, 1
}

// operators are the marks of more than one byte, longest first.
var operators = [...]string{"->>", "->", "<=", ">=", "<>", "!=", "==", "||", "<<", ">>"}

func openEnded(text string) string {
	if strings.HasPrefix(text, "/*") {
		return "comment /* has no */"
	}
	if text[0] == '[' {
		return "name [ has no ]"
	}
	if text[0] == '$' {
		return "string has no closing " + text[:tag(text)]
	}
	if strings.IndexByte("'xXeE", text[0]) >= 0 {
		return "string has no closing '"
	}
	return "name has no closing " + text[:1]
}

// quoted returns the length of a quoted token whose quote is at from; a
// doubled quote stands for itself.
func quoted(text string, from int) int {
	q := text[from]
	for i := from + 1; i < len(text); i++ {
		if text[i] != q {
			continue
		}
		if i+1 < len(text) && text[i+1] == q {
			i++
			continue
		}
		return i + 1
	}
	return -1
}

// escaped returns the length of E'…', in which a backslash hides what follows.
func escaped(text string) int {
	for i := 2; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		case text[i] == '\'':
			return i + 1
		}
	}
	return -1
}

// tag returns the length of the $tag$ or $$ at the head of text, 0 if there is
// none.
func tag(text string) int {
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '$':
			return i + 1
		case !isWord(c), i == 1 && isDigit(c):
			return 0
		}
	}
	return 0
}

func through(text string, from int, end string) int {
	i := strings.Index(text[from:], end)
	if i < 0 {
		return -1
	}
	return from + i + len(end)
}

func number(text string) int {
	n := span(text, func(c byte) bool { return isWord(c) || c == '.' })
	// 1e-5: the sign belongs to the exponent, but not in 0x1e-5.
	if last := text[n-1]; (last == 'e' || last == 'E') && !strings.HasPrefix(strings.ToLower(text), "0x") &&
		n+1 < len(text) && (text[n] == '+' || text[n] == '-') && isDigit(text[n+1]) {
		n += 1 + span(text[n+1:], isDigit)
	}
	return n
}

func span(text string, in func(byte) bool) int {
	for i := range len(text) {
		if !in(text[i]) {
			return i
		}
	}
	return len(text)
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isWord takes every byte beyond ASCII for a letter, as SQLite does.
func isWord(c byte) bool {
	return c == '_' || c == '$' || isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
