package export

import (
	"fmt"
	"io"
	"iter"
	"reflect"

	"github.com/ashlar-go/ashlar/internal/appendjson"
	"github.com/ashlar-go/ashlar/internal/tabular"
)

// An Option changes how rows are written.
type Option func(*tabular.Table)

// Raw leaves formulas in CSV as they are, for files that programs read and no
// spreadsheet opens.
func Raw() Option { return func(t *tabular.Table) { t.Raw = true } }

// CSV writes a line of column names and a line for each row, as RFC 4180 says:
// UTF-8 without a byte order mark, commas, CRLF. Columns are the exported
// fields of T, a struct or a pointer to one, named and written as in JSON, with
// embedded structs as if their fields were T's own; a null and a nil row are
// empty, and lists and structs are JSON. Of a T that is no struct there is one
// column, "value".
//
// A text that a spreadsheet would run as a formula, because it begins with one
// of = + - @, a tab, CR or LF, gets an apostrophe in front (OWASP, CSV
// Injection). Numbers are never changed, negative ones neither.
//
// The first error, of rows or of w, ends it and is returned; what was written
// before is an incomplete file.
func CSV[T any](w io.Writer, rows iter.Seq2[T, error], opts ...Option) error {
	return named("CSV", table(rows, opts).CSV(w))
}

// JSON writes an array, with each row as encoding/json writes it. Of errors see
// [CSV].
func JSON[T any](w io.Writer, rows iter.Seq2[T, error], opts ...Option) error {
	return named("JSON", table(rows, opts).JSON(w))
}

// NDJSON writes each row as JSON in a line of its own (ndjson.org, also known
// as JSON Lines), so that a reader can begin before the end and a file that was
// cut short is of use. Of errors see [CSV].
func NDJSON[T any](w io.Writer, rows iter.Seq2[T, error], opts ...Option) error {
	return named("NDJSON", table(rows, opts).Lines(w))
}

// Rows returns the elements of a list as rows.
func Rows[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, row := range list {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func named(format string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("export: write %s: %w", format, err)
}

func table[T any](rows iter.Seq2[T, error], opts []Option) tabular.Table {
	enc := &appendjson.Encoder{}
	t := tabular.Table{Type: reflect.TypeFor[T](), Append: enc.Append, Rows: func(yield func(reflect.Value, error) bool) {
		for row, err := range rows {
			if !yield(reflect.ValueOf(&row).Elem(), err) {
				return
			}
		}
	}}
	for _, opt := range opts {
		opt(&t)
	}
	return t
}
