package schema

import (
	"strconv"
	"strings"
	"time"
)

// ReadColumn is the inverse of what Plan declares a column with. It returns the
// column of this name, type, collation ("" is none), default as
// information_schema has it ("" is none), and CHECK conditions of its own, and
// the conditions that say something else. What this dialect does not write, a
// type, a collation or a default of another hand, is kept as it stands there.
func (d MariaDB) ReadColumn(name, decl, collation, value string, checks []string) (c Column, rest []string) {
	c = Column{Name: name, Type: Type(decl)}
	bare, size, _ := strings.Cut(strings.TrimSuffix(decl, ")"), "(")
	switch {
	case bare == "bigint": // older servers show a width
		c.Type = Int
	case decl == "double":
		c.Type = Float
	case decl == "longblob":
		c.Type = Bytes
	case decl == "datetime(6)":
		c.Type = Time
	case collation != "" && !strings.HasSuffix(mariaWriter{}.tail(), " "+collation):
		c.Type = Type(decl + " collate " + collation)
	case decl == "longtext":
		c.Type = Text
	case bare == "varchar":
		if n, err := strconv.Atoi(size); err == nil && n <= mariaText {
			c.Type, c.Size = Text, n
		}
	}
	for _, check := range checks {
		if found, ok := d.readCheck(c, decl, check); ok {
			c = found
			continue
		}
		rest = append(rest, check)
	}
	c.Default = d.readDefault(c.Type, value)
	return c, rest
}

// readCheck returns c with what the condition tells about its type or size.
func (MariaDB) readCheck(c Column, decl, check string) (Column, bool) {
	var w mariaWriter
	for _, typ := range []Type{Bool, JSON} {
		found := Column{Name: c.Name, Type: typ}
		if storage, want := w.storage(found); strings.EqualFold(storage, decl) && sameExpr(want, check) {
			return found, typ == Bool || c.Type == Text
		}
	}
	digits := check[strings.LastIndexByte(check, ' ')+1:]
	if size, err := strconv.Atoi(digits); err == nil && c.Type == Text {
		c.Size = size
		_, want := w.storage(c)
		return c, want != "" && sameExpr(want, check)
	}
	return c, false
}

// readDefault returns the portable literal for the text that the server keeps.
func (MariaDB) readDefault(typ Type, text string) string {
	var v literal
	var err error
	switch typ {
	case Bool:
		v.i, err = strconv.ParseInt(text, 10, 64)
	case Bytes:
		v, err = parseLiteral(typ, strings.Replace(text, "X'", "x'", 1))
	case Time:
		var at time.Time
		at, err = time.Parse("'2006-01-02 15:04:05.999999'", text)
		v.i = at.UnixMicro()
	default:
		v, err = parseLiteral(typ, MariaDB{}.Plain(text))
	}
	if text == "" || err != nil {
		return text
	}
	return v.format(typ)
}

// Plain turns backslashes in the strings of an expression, which MariaDB
// shows whatever sql_mode says, into standard SQL.
func (MariaDB) Plain(expr string) string {
	if !strings.Contains(expr, `\`) {
		return expr
	}
	var b strings.Builder
	var quote byte // that the text is in
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		switch {
		case quote == 0 && (c == '\'' || c == '"' || c == '`'):
			quote = c
		case c == quote:
			quote = 0 // a doubled one opens it again
		case c == '\\' && quote == '\'' && i+1 < len(expr):
			i++
			c = expr[i]
			switch c {
			case '\'':
				b.WriteByte('\'')
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case '0':
				c = 0
			case 'Z':
				c = 0x1a
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}
