package appendjson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

// same fails t unless enc and json.Marshal have the same answer for v: bytes
// and error, or the panic. It returns the bytes.
func same(t testing.TB, enc *appendjson.Encoder, v any) string {
	t.Helper()
	const before = "before"
	var got, want []byte
	var gotErr, wantErr error
	gotPanic := panics(func() { got, gotErr = enc.Append([]byte(before), v) })
	wantPanic := panics(func() { want, wantErr = json.Marshal(v) })
	if gotPanic != wantPanic {
		t.Fatalf("%T: got panic %q, want %q", v, gotPanic, wantPanic)
	}
	if gotPanic != "" {
		return ""
	}
	if text := before + string(want); string(got) != text {
		t.Errorf("%T:\n got %q\nwant %q", v, got, text)
	}
	if problem := errorsDiffer(gotErr, wantErr); problem != "" {
		t.Errorf("%T: %s", v, problem)
	}
	return string(want)
}

func panics(f func()) (with string) {
	defer func() {
		if r := recover(); r != nil {
			with = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

// errorsDiffer compares types, texts and exported fields, all the way down.
func errorsDiffer(got, want error) string {
	if reflect.TypeOf(got) != reflect.TypeOf(want) {
		return fmt.Sprintf("got error %T %v, want %T %v", got, got, want, want)
	}
	if got == nil {
		return ""
	}
	if got.Error() != want.Error() {
		return fmt.Sprintf("got error %q, want %q", got, want)
	}
	switch got := got.(type) {
	case *json.UnsupportedTypeError:
		if want := want.(*json.UnsupportedTypeError); got.Type != want.Type {
			return fmt.Sprintf("got type %v in the error, want %v", got.Type, want.Type)
		}
	case *json.UnsupportedValueError:
		want := want.(*json.UnsupportedValueError)
		if got.Value.Type() != want.Value.Type() || got.Value.Kind() != want.Value.Kind() || got.Str != want.Str {
			return fmt.Sprintf("got value %v in the error, want %v", got.Value, want.Value)
		}
	case *json.MarshalerError:
		if want := want.(*json.MarshalerError); got.Type != want.Type {
			return fmt.Sprintf("got type %v in the error, want %v", got.Type, want.Type)
		}
	case *json.SyntaxError:
		if want := want.(*json.SyntaxError); got.Offset != want.Offset {
			return fmt.Sprintf("got offset %d in the error, want %d", got.Offset, want.Offset)
		}
	}
	return errorsDiffer(errors.Unwrap(got), errors.Unwrap(want))
}

// A group is values that have something in common.
type group struct {
	name   string
	values []any
}

// run encodes each value of each group in every place that a value can have:
// addressable and not, in an interface, in a field, a list, an array, a map.
func run(t *testing.T, groups []group) {
	t.Helper()
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			var enc appendjson.Encoder
			for _, v := range g.values {
				for _, placed := range places(v) {
					same(t, &enc, placed)
				}
			}
		})
	}
}

func places(v any) []any {
	out := []any{v, &v, []any{v}, [1]any{v}, map[string]any{"k": v}, struct{ V any }{v}}
	if v == nil {
		return out
	}
	typ := reflect.TypeOf(v)
	pointer := reflect.New(typ)
	pointer.Elem().Set(reflect.ValueOf(v))
	list := reflect.Append(reflect.MakeSlice(reflect.SliceOf(typ), 0, 1), pointer.Elem())
	array := reflect.New(reflect.ArrayOf(1, typ))
	array.Elem().Index(0).Set(pointer.Elem())
	byName := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), typ))
	byName.SetMapIndex(reflect.ValueOf("k"), pointer.Elem())
	doubly := reflect.New(pointer.Type())
	doubly.Elem().Set(pointer)
	out = append(out, pointer.Interface(), doubly.Interface(), list.Interface(),
		array.Interface(), array.Elem().Interface(), byName.Interface(), reflect.Zero(pointer.Type()).Interface())
	for _, tag := range []string{``, `json:",string"`, `json:",omitempty"`, `json:",omitzero"`, `json:",omitempty,omitzero,string"`} {
		for _, of := range []reflect.Value{pointer.Elem(), pointer, reflect.Zero(pointer.Type())} {
			row := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "F", Type: of.Type(), Tag: reflect.StructTag(tag)}}))
			row.Elem().Field(0).Set(of)
			out = append(out, row.Interface(), row.Elem().Interface())
		}
	}
	return out
}
