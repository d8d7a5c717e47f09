// Package tabular writes rows, values of one type, as CSV, as a JSON array or
// as a JSON value per line.
//
//	table := tabular.Table{Type: reflect.TypeFor[Film](), Append: encoder.Append}
//	err := table.CSV(w, rows)
//
// It is what package export and the answers of package ashlar have in common:
// rows come one after the other, none is kept, and the first error ends it.
package tabular

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"unicode/utf8"
)

// A Table says how rows of one type are written.
type Table struct {
	Type   reflect.Type                      // of the rows
	Append func([]byte, any) ([]byte, error) // appends a value as JSON
	Raw    bool                              // CSV: cells are what they are, formulas too
	Rows   iter.Seq2[reflect.Value, error]   // an error is the last that comes
}

// room is how many bytes are written at once.
const room = 32 << 10

// CSV writes a line of names and one for each row (RFC 4180).
func (t Table) CSV(w io.Writer) error {
	columns := columnsOf(t.Type)
	var line []byte
	for i, c := range columns {
		line = t.cell(line, i, c.name, false)
	}
	line = append(line, "\r\n"...)
	err := t.each(w, line, func(b []byte, row reflect.Value) ([]byte, error) {
		for i, c := range columns {
			text, number, err := t.text(c.of(row))
			if err != nil {
				return b, fmt.Errorf("column %s: %w", c.name, err)
			}
			b = t.cell(b, i, text, !number && !t.Raw)
		}
		return append(b, "\r\n"...), nil
	})
	return err
}

// JSON writes an array with an element for each row.
func (t Table) JSON(w io.Writer) error {
	first := true
	err := t.each(w, []byte{'['}, func(b []byte, row reflect.Value) ([]byte, error) {
		if !first {
			b = append(b, ',')
		}
		first = false
		return t.Append(b, row.Interface())
	})
	if err == nil {
		_, err = io.WriteString(w, "]\n")
	}
	return err
}

// Lines writes each row as JSON in a line of its own.
func (t Table) Lines(w io.Writer) error {
	return t.each(w, nil, func(b []byte, row reflect.Value) ([]byte, error) {
		b, err := t.Append(b, row.Interface())
		return append(b, '\n'), err
	})
}

// each writes head and what appendRow makes of the rows, much at a time.
func (t Table) each(w io.Writer, head []byte, appendRow func([]byte, reflect.Value) ([]byte, error)) error {
	b := append(make([]byte, 0, room+1024), head...)
	n := 0
	for row, err := range t.Rows {
		n++
		if err == nil {
			b, err = appendRow(b, row)
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
		if len(b) < room {
			continue
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	_, err := w.Write(b)
	return err
}

// A column is a field of the rows, by its way through embedded structs.
type column struct {
	name  string
	index []int
}

// of returns the column's value, the zero Value where there is none.
func (c column) of(row reflect.Value) reflect.Value {
	for _, i := range c.index {
		for row.Kind() == reflect.Pointer {
			if row.IsNil() {
				return reflect.Value{}
			}
			row = row.Elem()
		}
		row = row.Field(i)
	}
	return row
}

// columnsOf returns the columns of a struct, named as in JSON; what is no
// struct is one column.
func columnsOf(t reflect.Type) []column {
	s := t
	if s.Kind() == reflect.Pointer {
		s = s.Elem()
	}
	if s.Kind() != reflect.Struct || t.Implements(marshaler) || t.Implements(textMarshaler) {
		return []column{{name: "value"}}
	}
	return fields(s, nil, nil)
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func fields(t reflect.Type, index []int, list []column) []column {
	if len(index) > 8 { // a struct that embeds a pointer to itself
		return list
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := append(index[:len(index):len(index)], i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Tag.Get("json") == "-":
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			list = fields(inner, at, list)
		case !f.IsExported():
		default:
			if name == "" {
				name = f.Name
			}
			list = append(list, column{name, at})
		}
	}
	return list
}

// text returns what stands in the cell of a value: what it is in JSON, a text
// without its quotes, nothing for null. number says that it is one.
func (t Table) text(v reflect.Value) (text string, number bool, err error) {
	if !v.IsValid() {
		return "", false, nil
	}
	if v.Kind() == reflect.String && v.Type() == reflect.TypeFor[string]() {
		return v.String(), false, nil
	}
	b, err := t.Append(nil, v.Interface())
	switch {
	case err != nil:
		return "", false, err
	case bytes.Equal(b, []byte("null")):
		return "", false, nil
	case len(b) > 0 && b[0] == '"':
		err = json.Unmarshal(b, &text)
		return text, v.Kind() != reflect.String && isDecimal(text), err
	}
	return string(b), isDecimal(string(b)), nil
}

// isDecimal reports whether s is a number in digits, which a spreadsheet shows
// and does not compute.
func isDecimal(s string) bool {
	whole, exponent, _ := strings.Cut(strings.TrimPrefix(s, "-"), "e")
	whole = strings.Replace(whole, ".", "", 1)
	return whole != "" && strings.Trim(whole+strings.TrimLeft(exponent, "+-"), "0123456789") == ""
}

// cell appends the i-th cell of a line. A guarded one that a spreadsheet would
// run as a formula gets an apostrophe in front (OWASP, CSV Injection). A cell
// with what some spreadsheet takes for the end of one is put in quotes: there
// are those that divide at semicolons or tabs.
func (t Table) cell(b []byte, i int, s string, guard bool) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	guarded := guard && isFormula(s)
	if !guarded && s == strings.TrimSpace(s) && !strings.ContainsAny(s, "\",;\t\r\n") {
		return append(b, s...)
	}
	b = append(b, '"')
	if guarded {
		b = append(b, '\'')
	}
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}

func isFormula(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}
