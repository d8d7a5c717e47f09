package migrate

import (
	"errors"
	"strings"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
	"github.com/ashlar-go/ashlar/db/schema"
)

// A tableText is what the text of a CREATE TABLE tells and SQLite's pragmas
// do not.
type tableText struct {
	columns     map[string]*columnText // by name in lower case
	checks      []schema.Check         // of the table
	foreignKeys []keyText
}

type columnText struct {
	auto   bool
	checks []schema.Check
}

type keyText struct {
	name    string
	columns []string
	table   string
}

func (c *columnText) conditions() []string {
	list := make([]string, len(c.checks))
	for i, ck := range c.checks {
		list[i] = ck.Expr
	}
	return list
}

// readCreateTable reads the text that SQLite keeps of a table. It relies on
// SQLite having taken it, so it does not look for mistakes.
func readCreateTable(sql string) (*tableText, error) {
	items, err := tableItems(sql)
	if err != nil {
		return nil, err
	}
	t := &tableText{columns: map[string]*columnText{}}
	for _, item := range items {
		r := &textReader{tokens: item}
		if r.isConstraint() {
			t.constraints(r, nil, "")
			continue
		}
		name := strings.ToLower(r.next().Value())
		col := &columnText{}
		t.columns[name] = col
		t.constraints(r, col, name)
	}
	return t, nil
}

// constraints reads the constraints of a column, or one of the table.
func (t *tableText) constraints(r *textReader, col *columnText, column string) {
	name := ""
	var columns []string
	for len(r.tokens) > 0 {
		tok := r.next()
		switch {
		case tok.Is("CONSTRAINT"):
			name = r.next().Value()
			continue
		case tok.Is("AUTOINCREMENT") && col != nil:
			col.auto = true
		case tok.Is("CHECK"):
			ck := schema.Check{Name: name, Expr: r.parenthesis()}
			if col != nil {
				col.checks = append(col.checks, ck)
			} else {
				t.checks = append(t.checks, ck)
			}
			name = ""
		case tok.Is("FOREIGN"):
			r.next() // KEY
			columns = r.names()
		case tok.Is("REFERENCES"):
			if col != nil {
				columns = []string{column}
			}
			t.foreignKeys = append(t.foreignKeys, keyText{name, columns, r.next().Value()})
			name = ""
		case tok.Is("("):
			r.skip()
		}
	}
}

// tableItems returns what stands between the commas of the outer parenthesis,
// without comments.
func tableItems(sql string) ([][]sqlscan.Token, error) {
	var items [][]sqlscan.Token
	var item []sqlscan.Token
	depth := 0
	for s := sqlscan.New(sql, 1); ; {
		tok, ok, err := s.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, errors.New("CREATE TABLE without columns")
		}
		switch {
		case tok.Kind == sqlscan.Comment:
			tok = sqlscan.Token{Kind: sqlscan.Space, Text: " "}
		case tok.Is("("):
			depth++
			if depth == 1 {
				continue
			}
		case tok.Is(")"):
			depth--
			if depth == 0 {
				return append(items, item), nil
			}
		case tok.Is(",") && depth == 1:
			items, item = append(items, item), nil
			continue
		}
		if depth > 0 {
			item = append(item, tok)
		}
	}
}

// A textReader reads the tokens of one item.
type textReader struct{ tokens []sqlscan.Token }

// next returns the next token that is no white space.
func (r *textReader) next() sqlscan.Token {
	for len(r.tokens) > 0 {
		tok := r.tokens[0]
		r.tokens = r.tokens[1:]
		if tok.Kind != sqlscan.Space {
			return tok
		}
	}
	return sqlscan.Token{}
}

func (r *textReader) isConstraint() bool {
	ahead := textReader{tokens: r.tokens}
	first := ahead.next()
	for _, word := range []string{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"} {
		if first.Is(word) {
			return true
		}
	}
	return false
}

// parenthesis returns the text inside the parenthesis that comes next.
func (r *textReader) parenthesis() string {
	r.next()
	var b strings.Builder
	for _, tok := range r.skip() {
		b.WriteString(tok.Text)
	}
	return strings.TrimSpace(b.String())
}

// skip reads up to the parenthesis that closes the one just read, and returns
// what is before it.
func (r *textReader) skip() []sqlscan.Token {
	depth := 1
	for i, tok := range r.tokens {
		switch {
		case tok.Is("("):
			depth++
		case tok.Is(")"):
			depth--
		}
		if depth == 0 {
			inside := r.tokens[:i]
			r.tokens = r.tokens[i+1:]
			return inside
		}
	}
	r.tokens = nil
	return nil
}

// names reads "(a, b)".
func (r *textReader) names() []string {
	r.next()
	var list []string
	for _, tok := range r.skip() {
		if tok.Kind == sqlscan.Word || tok.Kind == sqlscan.Quoted {
			list = append(list, tok.Value())
		}
	}
	return list
}
