package migrate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
	"github.com/ashlar-go/ashlar/db/schema"
)

// An opReader reads the tokens of one line. After the first mistake it reads
// on without harm, and keeps that mistake.
type opReader struct {
	text   string
	line   int
	tokens []sqlscan.Token
	starts []int // of the tokens in text
	err    *opError
}

func newReader(l opLine) (*opReader, *opError) {
	r := &opReader{text: l.text, line: l.line}
	at := 0
	for s := sqlscan.New(l.text, l.line); ; {
		t, ok, err := s.Next()
		if err != nil {
			return nil, &opError{l.line, err.(*sqlscan.Error).What, "close it on the same line"}
		}
		if !ok {
			return r, nil
		}
		if t.Kind == sqlscan.Comment {
			return nil, &opError{l.line, "comment inside an op", "put it on a line of its own, before or after the op"}
		}
		if t.Kind != sqlscan.Space {
			r.tokens, r.starts = append(r.tokens, t), append(r.starts, at)
		}
		at += len(t.Text)
	}
}

func (r *opReader) fail(mend, what string, args ...any) {
	if r.err == nil {
		r.err = &opError{r.line, fmt.Sprintf(what, args...), mend}
	}
}

func (r *opReader) peek() sqlscan.Token {
	if len(r.tokens) == 0 {
		return sqlscan.Token{}
	}
	return r.tokens[0]
}

func (r *opReader) next() sqlscan.Token {
	t := r.peek()
	if len(r.tokens) > 0 {
		r.tokens, r.starts = r.tokens[1:], r.starts[1:]
	}
	return t
}

func (r *opReader) expect(text string) {
	if t := r.next(); t.Text != text {
		r.fail(fmt.Sprintf("write %q there", text), "got %s, want %q", show(t), text)
	}
}

func (r *opReader) end() {
	if t := r.peek(); t.Text != "" {
		r.fail("remove the rest, or begin another op", "got %s after the end of the op", show(t))
	}
}

func show(t sqlscan.Token) string {
	if t.Text == "" {
		return "the end of the line"
	}
	return strconv.Quote(clip(t.Text))
}

// name reads a name as [schema.Schema.Validate] takes it; how long it may be
// is left to that.
func (r *opReader) name() string {
	t := r.next()
	if t.Kind != sqlscan.Word || !validWord(t.Text) {
		r.fail("write a name of letters, digits and _", "got %s, want a name", show(t))
		return ""
	}
	return t.Text
}

func validWord(s string) bool {
	return s[0] > '9' && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_'
	})
}

func (r *opReader) dotted() (table, column string) {
	table = r.name()
	r.expect(".")
	return table, r.name()
}

func (r *opReader) onTable() (name, table string) {
	name = r.name()
	r.expect("on")
	return name, r.name()
}

// names reads "(a, b)".
func (r *opReader) names(mayBeEmpty bool) []string {
	var list []string
	r.expect("(")
	if mayBeEmpty && r.peek().Is(")") {
		r.next()
		return nil
	}
	for r.err == nil {
		list = append(list, r.name())
		if r.peek().Is(")") {
			r.next()
			return list
		}
		r.expect(",")
	}
	return list
}

// column reads the type and what follows it: size=, null, auto, default=.
func (r *opReader) column(name string) schema.Column {
	c := schema.Column{Name: name, Type: schema.Type(r.next().Text)}
	if r.peek().Text == "[]" {
		c.Type += schema.Type(r.next().Text)
	}
	of, _ := c.Type.Element()
	switch of {
	case schema.Int, schema.Float, schema.Bool, schema.Text, schema.Bytes, schema.Time, schema.JSON:
	default:
		r.fail("use one of int, float, bool, text, bytes, time, json, or an array such as text[]", "column %s: got type %q", c.Name, clip(string(c.Type)))
	}
	for r.err == nil && r.peek().Text != "" {
		switch t := r.next(); t.Text {
		case "null":
			c.Null = true
		case "auto":
			c.Auto = true
		case "size":
			r.expect("=")
			n, err := strconv.Atoi(r.peek().Text)
			if r.next(); err != nil {
				r.fail("write size=200", "column %s: size is no number", c.Name)
			}
			c.Size = n
		case "default":
			r.expect("=")
			c.Default = r.literal()
		default:
			r.fail("use size=…, null, auto or default=…", "column %s: got %s", c.Name, show(t))
		}
	}
	return c
}

func (r *opReader) literal() string {
	sign := ""
	if r.peek().Is("-") {
		sign = r.next().Text
	}
	t := r.next()
	switch t.Kind {
	case sqlscan.Word, sqlscan.String, sqlscan.Blob, sqlscan.Number:
		if t.Text != "" {
			return sign + t.Text
		}
	}
	r.fail("write a value such as 0, true or 'draft'", "got %s, want a default value", show(t))
	return ""
}

func (r *opReader) foreignKey(name string) schema.ForeignKey {
	fk := schema.ForeignKey{Name: name, Columns: r.names(false)}
	r.expect("references")
	fk.RefTable, fk.RefColumns = r.name(), r.names(false)
	if r.peek().Text == "on" {
		r.next()
		r.expect("delete")
		fk.OnDelete = r.next().Text
		if !slices.Contains([]string{"restrict", "cascade", "setnull"}, fk.OnDelete) {
			r.fail("use restrict, cascade or setnull", "on delete %q", clip(fk.OnDelete))
		}
	}
	return fk
}

// search reads "(title a, words d)" and perhaps a language.
func (r *opReader) search() *schema.Search {
	var s schema.Search
	r.expect("(")
	if r.peek().Is(")") {
		r.next()
		return nil
	}
	for r.err == nil {
		s.Columns = append(s.Columns, schema.SearchColumn{Name: r.name(), Weight: r.next().Text})
		if t := r.next(); t.Is(")") {
			break
		} else if !t.Is(",") {
			r.fail("write (title a, words d)", "got %s, want a comma or the end of the list", show(t))
		}
	}
	if r.peek().Kind == sqlscan.Word && r.peek().Text != "" {
		s.Language = r.next().Text
	}
	return &s
}

// expr reads "(…)" up to the end of the line and returns what is inside, as it
// is written.
func (r *opReader) expr() string {
	if len(r.tokens) < 3 || !r.tokens[0].Is("(") || !r.tokens[len(r.tokens)-1].Is(")") {
		r.fail("write it in parentheses, such as (price >= 0)", "the check has no condition in parentheses")
		return ""
	}
	inside := r.text[r.starts[0]+1 : r.starts[len(r.starts)-1]]
	r.tokens, r.starts = nil, nil
	return strings.TrimSpace(inside)
}
