package appendjson

import (
	"cmp"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// mapAppender appends maps sorted by the text of their keys.
func (p *planner) mapAppender(t reflect.Type) appendFunc {
	key := keyFunc(t.Key())
	switch {
	case key == nil:
		return func(dst []byte, _ reflect.Value, _ int) ([]byte, error) {
			return dst, &json.UnsupportedTypeError{Type: t}
		}
	case t == anyMapType:
		return orNull(deeper(plainMapAppender(p.encoder.appendAny)))
	case t == stringMapType:
		return orNull(deeper(plainMapAppender(func(dst []byte, s string, _ int) ([]byte, error) {
			return appendString(dst, s), nil
		})))
	}
	return orNull(deeper(anyMapAppender(t, key, p.plan(t.Elem()))))
}

// plainMapAppender is for the maps that answers are made of most often: it
// needs no reflection to read one.
func plainMapAppender[V any](appendValue func(dst []byte, v V, depth int) ([]byte, error)) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		m, _ := reflect.TypeAssert[map[string]V](v)
		var room [16]string // small maps are sorted on the stack
		keys := room[:0]
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		open := len(dst)
		for _, k := range keys {
			dst = append(appendString(append(dst, ','), k), ':')
			var err error
			if dst, err = appendValue(dst, m[k], depth); err != nil {
				return dst, err
			}
		}
		return closeObject(dst, open), nil
	}
}

// An entry is a key of a map as text, and its value.
type entry struct {
	key   string
	value reflect.Value
}

func anyMapAppender(t reflect.Type, key func(reflect.Value) (string, error), elem *plan) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		entries, err := sortedEntries(t, v, key)
		if err != nil {
			return dst, err
		}
		open := len(dst)
		for _, e := range entries {
			dst = append(appendString(append(dst, ','), e.key), ':')
			if dst, err = elem.append(dst, e.value, depth); err != nil {
				return dst, err
			}
		}
		return closeObject(dst, open), nil
	}
}

func sortedEntries(t reflect.Type, v reflect.Value, key func(reflect.Value) (string, error)) ([]entry, error) {
	entries := make([]entry, 0, v.Len())
	k := reflect.New(t.Key()).Elem()
	for i := v.MapRange(); i.Next(); {
		k.SetIterKey(i)
		text, err := key(k)
		if err == errBeyond {
			return nil, err
		}
		if err != nil { // encoding/json's words
			return nil, fmt.Errorf("json: encoding error for type %q: %q", t.String(), err.Error())
		}
		entries = append(entries, entry{text, i.Value()})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return entries, nil
}

// keyFunc returns how keys of type t are turned into text, or nil if they
// cannot be. The text of a string is its own, even if it has a method.
func keyFunc(t reflect.Type) func(reflect.Value) (string, error) {
	switch kind := t.Kind(); {
	case kind == reflect.String:
		return func(k reflect.Value) (string, error) { return k.String(), nil }
	case t.Implements(textMarshalerType):
		return textKey
	case kind >= reflect.Int && kind <= reflect.Int64:
		return func(k reflect.Value) (string, error) { return strconv.FormatInt(k.Int(), 10), nil }
	case kind >= reflect.Uint && kind <= reflect.Uintptr:
		return func(k reflect.Value) (string, error) { return strconv.FormatUint(k.Uint(), 10), nil }
	}
	return nil
}

func textKey(k reflect.Value) (string, error) {
	if k.Kind() == reflect.Pointer && k.IsNil() {
		return "", nil
	}
	m, ok := reflect.TypeAssert[encoding.TextMarshaler](k)
	if !ok { // a nil interface, about which encoding/json panics
		return "", errBeyond
	}
	text, err := m.MarshalText()
	return string(text), err
}

// closeObject ends an object whose members, each after a comma, were appended
// from open on.
func closeObject(dst []byte, open int) []byte {
	if len(dst) == open {
		return append(dst, "{}"...)
	}
	dst[open] = '{'
	return append(dst, '}')
}
