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
