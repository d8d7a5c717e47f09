package ashlar

import (
	"fmt"
	"io"
	"iter"
	"path"
	"reflect"

	"github.com/ashlar-go/ashlar/internal/tabular"
)

// isTable reports whether values of t are lists of structs.
func isTable(t reflect.Type) bool { return t.Kind() == reflect.Slice && isRow(t.Elem()) }

// isRow reports whether values of t are structs or pointers to them.
func isRow(t reflect.Type) bool {
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

// isStream reports whether values of t are rows that come one after the other:
// an iter.Seq2 of values and errors.
func isStream(t reflect.Type) bool {
	return t.Kind() == reflect.Func && t.CanSeq2() && t.In(0).In(1) == reflect.TypeFor[error]()
}

// tableOf returns out, a list or a stream, as rows.
func (a *App) tableOf(out any) tabular.Table {
	v := reflect.ValueOf(out)
	if v.Kind() == reflect.Func {
		return tabular.Table{Type: v.Type().In(0).In(0), Append: a.json.Append, Rows: streamed(v)}
	}
	return tabular.Table{Type: v.Type().Elem(), Append: a.json.Append, Rows: listed(v)}
}

func listed(v reflect.Value) iter.Seq2[reflect.Value, error] {
	return func(yield func(reflect.Value, error) bool) {
		for i := range v.Len() {
			if !yield(v.Index(i), nil) {
				return
			}
		}
	}
}

func streamed(v reflect.Value) iter.Seq2[reflect.Value, error] {
	return func(yield func(reflect.Value, error) bool) {
		if v.IsNil() {
			return
		}
		for row, err := range v.Seq2() {
			e, _ := reflect.TypeAssert[error](err)
			if !yield(row, e) {
				return
			}
		}
	}
}

// The forms of rows. Names of columns are those of JSON.
var rowForms = []struct {
	mediaType string
	extension string
	write     func(tabular.Table, io.Writer) error
}{
	{"application/json", ".json", tabular.Table.JSON},
	{"application/x-ndjson", ".ndjson", tabular.Table.Lines},
	{"text/csv", ".csv", tabular.Table.CSV},
}

// appended is a form of rows that are held before they are sent.
func appended(write func(tabular.Table, io.Writer) error) appendBody {
	return func(c *Ctx, b []byte, out any) ([]byte, error) {
		w := bytesWriter(b)
		err := write(c.app.tableOf(out), &w)
		return w, err
	}
}

// Download returns a response that offers rows for saving under a name, whose
// extension says in which form: .csv, .json or .ndjson. Rows are a list, or an
// iter.Seq2 of values and errors, such as the Each of a query, which is sent as
// it is read. See package export for the forms. Other names are an error.
func Download(name string, rows any) Response {
	return ResponseFunc(func(c *Ctx) error {
		t := reflect.TypeOf(rows)
		for _, form := range rowForms {
			if form.extension != path.Ext(name) || t == nil || t.Kind() != reflect.Slice && !isStream(t) {
				continue
			}
			return c.Attachment(name).Stream(contentType(form.mediaType), func(w io.Writer) error {
				return form.write(c.app.tableOf(rows), w)
			})
		}
		return fmt.Errorf("ashlar: download %q of a %T: want .csv, .json or .ndjson of a slice or an iter.Seq2 with errors", name, rows)
	})
}
