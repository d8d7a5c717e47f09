package appendjson

import (
	"encoding/base64"
	"reflect"
)

// listAppender is for arrays, and for slices that are not nil.
func listAppender(elem *plan) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			var err error
			if dst, err = elem.append(dst, v.Index(i), depth); err != nil {
				return dst, err
			}
		}
		return append(dst, ']'), nil
	}
}

// rowsAppender is for slices, not nil, of structs that have direct fields only
// and lie size bytes apart.
func rowsAppender(row []direct, size uintptr) appendFunc {
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
		dst = append(dst, '[')
		first := elementsOf(v)
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			open := len(dst)
			var err error
			if dst, err = appendDirect(dst, first.plus(uintptr(i)*size), row); err != nil {
				return dst, err
			}
			dst = closeObject(dst, open)
		}
		return append(dst, ']'), nil
	}
}

// isBytes reports whether slices of type t are bytes, and not a list of values
// that encode themselves.
func isBytes(t reflect.Type) bool {
	if t.Elem().Kind() != reflect.Uint8 {
		return false
	}
	p := reflect.PointerTo(t.Elem())
	return !p.Implements(marshalerType) && !p.Implements(textMarshalerType)
}

func appendBase64(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, v.Bytes())
	return append(dst, '"'), nil
}
