package modelgen

import (
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// A sourceType is what a column's values are in Go.
type sourceType struct {
	kind   schema.Type
	size   int
	labels []string // the only values
	note   string   // for whoever reads the model
	out    string   // why there is no type
	made   bool     // the database makes the key
	check  bool     // the labels are kept by a check
	named  string   // the type in Go where it is one of its own
}

// goType returns the type of c's field.
func (c *sourceColumn) goType() string {
	name := map[schema.Type]string{schema.Int: "int64", schema.Float: "float64", schema.Bool: "bool", schema.Text: "string",
		schema.Bytes: "[]byte", schema.Time: "time.Time", schema.JSON: "db.JSON[json.RawMessage]"}[c.kind]
	if of, ok := c.kind.Element(); ok {
		name = "[]" + map[schema.Type]string{schema.Int: "int64", schema.Float: "float64", schema.Bool: "bool", schema.Text: "string", schema.Time: "time.Time"}[of]
	}
	if c.kind == schema.JSON && c.Null {
		return "*string" // a JSON cannot be missing
	}
	if c.named != "" {
		name = c.named
	}
	if c.Null {
		return "*" + name
	}
	return name
}

// typeOf finds the type for the declared one of c.
func (s *sourcer) typeOf(table string, c schema.Column) sourceType {
	_, labelled := s.Labels[string(c.Type)]
	own := !labelled && !strings.EqualFold(s.Declared[[2]string{table, c.Name}], string(c.Type))
	switch c.Type {
	case schema.Int, schema.Float, schema.Bool, schema.Bytes, schema.Time, schema.Text, schema.JSON:
		if own {
			return sourceType{kind: c.Type, size: c.Size, made: c.Auto || s.Engine == "sqlite" && c.Type == schema.Int}
		}
	}
	if _, ok := c.Type.Element(); ok && own && s.Engine == "postgres" {
		return sourceType{kind: c.Type}
	}
	decl, _, _ := strings.Cut(strings.ToLower(string(c.Type)), " collate ")
	name, args := decl, ""
	if i := strings.IndexByte(decl, '('); i >= 0 {
		rest := ""
		args, rest, _ = strings.Cut(decl[i+1:], ")")
		name = strings.TrimSpace(decl[:i]) + rest
	}
	t := sourceType{}
	switch s.Engine {
	case "sqlite":
		t = sqliteType(name)
	case "postgres":
		t = s.postgresType(string(c.Type), name, args)
	default:
		t = mariaType(string(c.Type), name, args)
	}
	if n, err := strconv.Atoi(strings.TrimSpace(args)); err == nil && n > 0 && strings.Contains(name, "char") && t.kind == schema.Text {
		t.size = n
	}
	if c.Size > 0 && t.kind == schema.Text {
		t.size = c.Size
	}
	t.made = c.Auto
	return t
}

// sqliteType goes by SQLite's rules of affinity, and by what is common among
// those who declare types that it does not have.
func sqliteType(name string) sourceType {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(name, p) {
				return true
			}
		}
		return false
	}
	switch {
	case name == "" || name == "any":
		return sourceType{out: "it has no type"}
	case has("bool"):
		return sourceType{kind: schema.Bool}
	case has("int"):
		return sourceType{kind: schema.Int}
	case has("char", "clob", "text", "json", "uuid"):
		return sourceType{kind: schema.Text}
	case has("blob"):
		return sourceType{kind: schema.Bytes}
	case has("real", "floa", "doub"):
		return sourceType{kind: schema.Float}
	case has("dec", "numeric"):
		return sourceType{kind: schema.Float, note: name + ", which SQLite keeps as a floating-point number"}
	case has("date", "time"):
		return sourceType{kind: schema.Text, note: name + ", of which SQLite keeps the text"}
	}
	return sourceType{out: "its type " + strconv.QuoteToASCII(name) + " is unknown"}
}

func (s *sourcer) postgresType(whole, name, args string) sourceType {
	if labels, ok := s.Labels[whole]; ok {
		return sourceType{kind: schema.Text, labels: labels}
	}
	if of, ok := strings.CutSuffix(name, "[]"); ok {
		t := s.postgresType(strings.TrimSuffix(whole, "[]"), of, args)
		if _, ok := t.kind.Array().Element(); ok && t.out == "" && t.labels == nil && (t.note == "" || t.kind == schema.Time) {
			t.kind = t.kind.Array()
			return t
		}
	}
	switch name {
	case "smallint", "integer", "bigint", "oid":
		return sourceType{kind: schema.Int}
	case "real", "double precision":
		return sourceType{kind: schema.Float}
	case "boolean":
		return sourceType{kind: schema.Bool}
	case "bytea":
		return sourceType{kind: schema.Bytes}
	case "json", "jsonb":
		return sourceType{kind: schema.JSON}
	case "date", "timestamp with time zone", "timestamp without time zone":
		note := ""
		if name != "timestamp with time zone" {
			note = name + ", taken as UTC"
		}
		return sourceType{kind: schema.Time, note: note}
	case "text", "character varying", "character", "uuid", "name":
		return sourceType{kind: schema.Text}
	case "numeric":
		return decimal(args)
	}
	return sourceType{kind: schema.Text, note: strings.Trim(strconv.QuoteToASCII(whole), `"`) + ", as its text"}
}

// decimal is the type of numbers with so many digits, and so many of them
// behind the point.
func decimal(args string) sourceType {
	digits, scale, _ := strings.Cut(args, ",")
	d, err := strconv.Atoi(strings.TrimSpace(digits))
	n, _ := strconv.Atoi(strings.TrimSpace(scale))
	switch {
	case err != nil:
		return sourceType{out: "a decimal whose digits behind the point are not fixed is no one type of Go"}
	case n > 0:
		return sourceType{kind: schema.Text, note: "decimal(" + args + "), as its text"}
	case n < 0 || d > 18:
		return sourceType{kind: schema.Int, note: "decimal(" + args + "); what 64 bits cannot hold is an error when it is read"}
	}
	return sourceType{kind: schema.Int}
}

func mariaType(whole, name, args string) sourceType {
	base, _, _ := strings.Cut(name, " ")
	switch base {
	case "tinyint":
		if args == "1" {
			return sourceType{kind: schema.Bool}
		}
		return sourceType{kind: schema.Int}
	case "smallint", "mediumint", "int", "bigint", "year":
		note := ""
		if base == "bigint" && strings.Contains(name, "unsigned") {
			note = "unsigned; what 63 bits cannot hold is an error when it is read"
		}
		return sourceType{kind: schema.Int, note: note}
	case "float", "double":
		return sourceType{kind: schema.Float}
	case "decimal":
		return decimal(args)
	case "date", "datetime", "timestamp":
		return sourceType{kind: schema.Time}
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "set", "time":
		return sourceType{kind: schema.Text}
	case "json":
		return sourceType{kind: schema.JSON}
	case "enum":
		var labels []string
		for _, t := range lex(schema.MariaDB{}.Plain(whole)) {
			if t.kind == '\'' {
				labels = append(labels, t.text)
			}
		}
		return sourceType{kind: schema.Text, labels: labels}
	case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit":
		return sourceType{kind: schema.Bytes}
	}
	return sourceType{out: "its type " + strconv.QuoteToASCII(name) + " has none in Go"}
}
