package modelgen

import (
	"cmp"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// options are what a field's `db` tag says.
type options struct {
	skip      bool
	pk        bool
	column    string
	was       string
	size      int
	hasValue  bool
	value     string // the default, as it was written
	checks    []string
	indexes   []named
	refTable  string
	refColumn string
	onDelete  string

	search string // the weight of its words, "" if it is not searched

	enum bool   // the constants of its type are all that it may be
	uuid bool   // the key is made of the time and of chance
	role string // softdelete, version, created, updated, createdby or updatedby

	// of relations
	rel     []string // fields that hold the key of the other row
	has     []string // fields of the other model that hold the key of this row
	through string   // model of pairs
	poly    string   // what the fields …Kind and …ID begin with
}

// related reports whether o says what only relations have.
func (o *options) related() bool {
	return o.rel != nil || o.has != nil || o.through != "" || o.poly != ""
}

// named is an index that a field takes part in; without a name it has the
// index for itself.
type named struct {
	name   string
	unique bool
}

// parseTag reads the `db` key of a struct tag.
func parseTag(tag string) (options, error) {
	var o options
	text, ok := reflect.StructTag(tag).Lookup("db")
	if !ok {
		if strings.Contains(tag, "db:") {
			return o, fmt.Errorf("the tag %s cannot be read: write `db:\"…\"`, with a space before the next key", tag)
		}
		return o, nil
	}
	if text == "-" {
		o.skip = true
		return o, nil
	}
	for _, item := range splitTag(text) {
		key, value, hasValue := strings.Cut(item, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if err := o.set(key, value, hasValue); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (o *options) set(key, value string, hasValue bool) (err error) {
	example, needsValue := examples[key]
	switch {
	case (key == "pk" || key == "enum" || key == "uuid") && hasValue:
		return fmt.Errorf("%s takes no value", key)
	case needsValue && (!hasValue || value == "" && key != "default"), !needsValue && hasValue && value == "":
		return fmt.Errorf("%s needs a value, such as %s", key, cmp.Or(example, key+"=name"))
	}
	switch key {
	case "pk":
		o.pk = true
	case "column":
		o.column, err = value, checkName(value)
	case "was":
		o.was, err = value, checkName(value)
	case "size":
		o.size, err = strconv.Atoi(value)
		if err != nil || o.size < 1 {
			return fmt.Errorf("size must be a number of characters, 1 or more, got %q", value)
		}
	case "default":
		o.value, o.hasValue = value, true
	case "check":
		o.checks = append(o.checks, value)
	case "index", "unique":
		if value != "" {
			err = checkName(value)
		}
		o.indexes = append(o.indexes, named{value, key == "unique"})
	case "references":
		var ok bool
		o.refTable, o.refColumn, ok = strings.Cut(value, ".")
		if !ok || !isName(o.refTable) || !isName(o.refColumn) {
			return fmt.Errorf("references must be table.column, got %q", value)
		}
	case "ondelete":
		if value != "restrict" && value != "cascade" && value != "setnull" {
			return fmt.Errorf("ondelete must be restrict, cascade or setnull, got %q", value)
		}
		o.onDelete = value
	case "search":
		o.search = cmp.Or(value, "d")
		if len(o.search) != 1 || o.search[0] < 'a' || o.search[0] > 'd' {
			return fmt.Errorf("search takes a weight of a, b, c or d, got %q", value)
		}
	case "enum":
		o.enum = true
	case "uuid":
		o.uuid = true
	case "softdelete", "version", "created", "updated", "createdby", "updatedby":
		if o.role != "" || hasValue {
			return fmt.Errorf("%s stands alone, and takes no value", key)
		}
		o.role = key
	case "rel":
		o.rel = strings.Split(value, "+")
	case "has":
		o.has = strings.Split(value, "+")
	case "through":
		o.through = value
	case "poly":
		o.poly = value
	default:
		return fmt.Errorf("%q is not understood in the tag; see the documentation of package db", key)
	}
	return err
}

// examples show the keys that need a value; index and unique may have one.
var examples = map[string]string{
	"column": "column=full_name", "was": "was=old_name", "size": "size=200", "default": "default=0",
	"check": "check=price >= 0", "references": "references=orders.id", "ondelete": "ondelete=cascade",
	"rel": "rel=GenreID", "has": "has=FilmID", "through": "through=FilmTag", "poly": "poly=Subject",
}

func checkName(name string) error {
	if !isName(name) {
		return fmt.Errorf("%q is no name for the database: letters of a to z, digits and _, 63 at most", name)
	}
	return nil
}

// splitTag splits at the commas that are not within parentheses or quotes, so
// that a check may hold some.
func splitTag(s string) []string {
	var items []string
	depth, start := 0, 0
	quoted := false
	for i, c := range s {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			items = append(items, s[start:i])
			start = i + 1
		}
	}
	return append(items, s[start:])
}

// literal turns a default, as it was written in the tag, into the portable
// literal of its type.
func literal(value string, t schema.Type) (string, error) {
	switch t {
	case schema.Int:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return "", fmt.Errorf("default must be a whole number, got %q", value)
		}
		return value, nil
	case schema.Float:
		if _, err := strconv.ParseFloat(value, 64); err != nil || strings.ContainsAny(value, "nNxX_") {
			return "", fmt.Errorf("default must be a number, got %q", value)
		}
		return value, nil
	case schema.Bool:
		if value != "true" && value != "false" {
			return "", fmt.Errorf("default must be true or false, got %q", value)
		}
		return value, nil
	case schema.Text:
		if len(value) >= 2 && value[0] == '\'' && value[len(value)-1] == '\'' {
			value = strings.ReplaceAll(value[1:len(value)-1], "''", "'")
		}
		return "'" + strings.ReplaceAll(value, "'", "''") + "'", nil
	}
	if _, ok := t.Element(); ok {
		if strings.Trim(value, "'") != "{}" {
			return "", fmt.Errorf("default must be {}, the empty array, got %q", value)
		}
		return "'{}'", nil
	}
	return "", fmt.Errorf("a %s column takes no default", t)
}
