package ashlar

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"
)

// isTable reports whether values of t are lists of structs.
func isTable(t reflect.Type) bool {
	if t.Kind() != reflect.Slice {
		return false
	}
	t = t.Elem()
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

// writeCSV writes a line of names, as in JSON, and a line per item (RFC 4180).
func writeCSV(_ context.Context, w io.Writer, out any) error {
	v := reflect.ValueOf(out)
	t := v.Type().Elem()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var columns []int
	var line []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if !t.Field(i).IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = t.Field(i).Name
		}
		columns, line = append(columns, i), append(line, name)
	}
	cw := csv.NewWriter(w)
	_ = cw.Write(line) // an error stays until Flush
	for i := range v.Len() {
		item := reflect.Indirect(v.Index(i))
		for j, column := range columns {
			line[j] = ""
			if item.IsValid() {
				line[j] = cell(item.Field(column))
			}
		}
		_ = cw.Write(line)
	}
	cw.Flush()
	return cw.Error()
}

// cell returns the text of a value. What a spreadsheet would run as a formula
// gets an apostrophe in front (OWASP, CSV injection); numbers stay numbers.
func cell(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	s := fmt.Sprint(v.Interface())
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		return s
	}
	if r, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
		return "'" + s
	}
	return s
}
