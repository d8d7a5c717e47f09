package schema

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// SQLite is the [Dialect] of SQLite 3.37 and later. Tables are STRICT, so that
// the engine keeps the types:
//
//	int    INTEGER
//	float  REAL
//	bool   INTEGER, checked to be 0 or 1
//	text   TEXT, its length checked if there is a size
//	bytes  BLOB
//	time   INTEGER, microseconds since 1970-01-01 UTC, checked to be of the years 1 to 9999
//	json   TEXT, checked to be JSON
//
// Columns with Auto are AUTOINCREMENT: a key is never given out twice, not
// even after the row with the greatest one is gone.
type SQLite struct{}

var _ Dialect = SQLite{}

// Name returns "sqlite".
func (SQLite) Name() string { return "sqlite" }

// Quote returns name as it stands in SQL: in double quotes if it is a keyword.
func (SQLite) Quote(name string) string {
	if isKeyword(name) {
		return `"` + name + `"`
	}
	return name
}

// Storage returns the type that c is declared with, and the condition, perhaps
// "", that its CHECK keeps.
func (d SQLite) Storage(c Column) (decl, check string) {
	name := d.Quote(c.Name)
	switch c.Type {
	case Float:
		return "REAL", ""
	case Bool:
		return "INTEGER", name + " IN (0, 1)"
	case Text:
		if c.Size > 0 {
			return "TEXT", fmt.Sprintf("length(%s) <= %d", name, c.Size)
		}
		return "TEXT", ""
	case Bytes:
		return "BLOB", ""
	case Time:
		return "INTEGER", fmt.Sprintf("%s BETWEEN %d AND %d", name, int64(minTime), int64(maxTime))
	case JSON:
		return "TEXT", "json_valid(" + name + ")"
	}
	return "INTEGER", ""
}

// ReadColumn is the inverse of [SQLite.Storage]: it returns the column of this
// name, declared type, default ("" is none) and CHECK conditions, and the
// conditions that say something else. What this dialect does not write, a type
// or a default of another hand, is kept as it stands there.
func (d SQLite) ReadColumn(name, decl, value string, checks []string) (c Column, rest []string) {
	c = Column{Name: name, Type: Type(strings.ToLower(decl))}
	for _, typ := range []Type{Int, Float, Text, Bytes} {
		if plain, _ := d.Storage(Column{Type: typ}); plain == strings.ToUpper(decl) {
			c.Type = typ
		}
	}
	for _, check := range checks {
		if found, ok := d.readCheck(c, decl, check); ok {
			c = found
			continue
		}
		rest = append(rest, check)
	}
	c.Default = readDefault(c.Type, value)
	return c, rest
}

// readCheck returns c with what the condition tells about its type or size.
func (d SQLite) readCheck(c Column, decl, check string) (Column, bool) {
	for _, typ := range []Type{Bool, Time, JSON} {
		found := Column{Name: c.Name, Type: typ}
		if storage, want := d.Storage(found); strings.EqualFold(storage, decl) && sameExpr(want, check) {
			return found, true
		}
	}
	digits := check[strings.LastIndexByte(check, ' ')+1:]
	if size, err := strconv.Atoi(digits); err == nil && c.Type == Text {
		c.Size = size
		_, want := d.Storage(c)
		return c, sameExpr(want, check)
	}
	return c, false
}

// readDefault returns the portable literal for the text that SQLite keeps.
func readDefault(typ Type, text string) string {
	var v literal
	var err error
	switch typ {
	case Bool, Time:
		v.i, err = strconv.ParseInt(text, 10, 64)
	case Bytes:
		v, err = parseLiteral(typ, strings.Replace(text, "X'", "x'", 1))
	default:
		v, err = parseLiteral(typ, text)
	}
	if text == "" || err != nil {
		return text
	}
	return v.format(typ)
}

// literal returns the SQL of c's default, or of its type's zero if it has none.
func (d SQLite) literal(c Column) string {
	var v literal
	if c.Default != "" {
		v, _ = parseLiteral(c.Type, c.Default) // validated
	} else if c.Type == JSON {
		v.s = "null"
	}
	switch c.Type {
	case Float:
		return formatFloat(v.f)
	case Text, JSON:
		return quoteText(v.s)
	case Bytes:
		return "X'" + hex.EncodeToString([]byte(v.s)) + "'"
	}
	return strconv.FormatInt(v.i, 10)
}

func (d SQLite) column(c Column) string {
	decl, check := d.Storage(c)
	var b strings.Builder
	b.WriteString(d.Quote(c.Name) + " " + decl)
	if c.Auto {
		b.WriteString(" PRIMARY KEY AUTOINCREMENT")
		return b.String()
	}
	if !c.Null {
		b.WriteString(" NOT NULL")
	}
	if c.Default != "" {
		b.WriteString(" DEFAULT " + d.literal(c))
	}
	if check != "" {
		b.WriteString(" CHECK (" + check + ")")
	}
	return b.String()
}

// createTable returns the statement for t under the given name.
func (d SQLite) createTable(t *Table, name string) string {
	var parts []string
	auto := false
	for _, c := range t.Columns {
		parts = append(parts, d.column(c))
		auto = auto || c.Auto
	}
	if len(t.PrimaryKey) > 0 && !auto {
		parts = append(parts, "PRIMARY KEY "+d.columns(t.PrimaryKey))
	}
	for _, fk := range t.ForeignKeys {
		parts = append(parts, "CONSTRAINT "+d.Quote(fk.Name)+" FOREIGN KEY "+d.columns(fk.Columns)+" "+d.references(fk))
	}
	for _, ck := range t.Checks {
		parts = append(parts, "CONSTRAINT "+d.Quote(ck.Name)+" CHECK ("+ck.Expr+")")
	}
	return "CREATE TABLE " + d.Quote(name) + " (\n    " + strings.Join(parts, ",\n    ") + "\n) STRICT"
}

func (d SQLite) references(fk ForeignKey) string {
	s := "REFERENCES " + d.Quote(fk.RefTable) + " " + d.columns(fk.RefColumns)
	switch fk.OnDelete {
	case "cascade":
		s += " ON DELETE CASCADE"
	case "setnull":
		s += " ON DELETE SET NULL"
	}
	return s
}

func (d SQLite) createIndex(table string, ix Index) string {
	unique := ""
	if ix.Unique {
		unique = "UNIQUE "
	}
	return "CREATE " + unique + "INDEX " + d.Quote(ix.Name) + " ON " + d.Quote(table) + " " + d.columns(ix.Columns)
}

// columns returns "(a, b)".
func (d SQLite) columns(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = d.Quote(name)
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}
