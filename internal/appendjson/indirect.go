package appendjson

import "reflect"

// appendInterface appends what the interface v holds.
func (e *Encoder) appendInterface(dst []byte, v reflect.Value, depth int) ([]byte, error) {
	if v.IsNil() {
		return append(dst, "null"...), nil
	}
	elem := v.Elem()
	return e.plan(elem.Type()).append(dst, elem, depth)
}

func pointerAppender(elem *plan) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		if depth == maxDepth {
			return dst, errBeyond
		}
		return elem.append(dst, v.Elem(), depth+1)
	}
}

// throughPointer gives what a pointer points to to next. Unlike
// pointerAppender it does not count as a level.
func throughPointer(next appendFunc) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		return next(dst, v.Elem(), depth)
	}
}

// orNull appends null for nil and gives the rest to next.
func orNull(next appendFunc) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		return next(dst, v, depth)
	}
}

// deeper counts a level, and stops where there are too many.
func deeper(next appendFunc) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		if depth == maxDepth {
			return dst, errBeyond
		}
		return next(dst, v, depth+1)
	}
}
