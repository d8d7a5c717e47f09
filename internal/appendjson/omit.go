package appendjson

import (
	"reflect"
	"slices"
)

type isZeroer interface{ IsZero() bool }

var isZeroerType = reflect.TypeFor[isZeroer]()

// omitFunc returns when c is left out by its options omitempty and omitzero,
// or nil if it never is.
func omitFunc(c candidate) func(reflect.Value) bool {
	var empty, zero func(reflect.Value) bool
	if slices.Contains(c.options, "omitempty") {
		empty = emptyFunc(c.typ)
	}
	if slices.Contains(c.options, "omitzero") {
		zero = zeroFunc(c.typ)
	}
	switch {
	case empty == nil:
		return zero
	case zero == nil:
		return empty
	}
	return func(v reflect.Value) bool { return empty(v) || zero(v) }
}

// emptyFunc returns nil for types that have no empty value: structs and those
// that cannot be encoded at all.
func emptyFunc(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return func(v reflect.Value) bool { return v.Len() == 0 }
	case reflect.Interface, reflect.Pointer:
		return reflect.Value.IsNil
	}
	if isScalar(t) {
		return reflect.Value.IsZero
	}
	return nil
}

// zeroFunc prefers a type's IsZero method, unless it would be called on nil.
func zeroFunc(t reflect.Type) func(reflect.Value) bool {
	switch own := t.Implements(isZeroerType); {
	case own && t.Kind() == reflect.Interface:
		return func(v reflect.Value) bool {
			return v.IsNil() || v.Elem().Kind() == reflect.Pointer && v.Elem().IsNil() || callIsZero(v)
		}
	case own && t.Kind() == reflect.Pointer:
		return func(v reflect.Value) bool { return v.IsNil() || callIsZero(v) }
	case own:
		return func(v reflect.Value) bool {
			if v.CanAddr() { // spares a copy
				v = v.Addr()
			}
			return callIsZero(v)
		}
	case reflect.PointerTo(t).Implements(isZeroerType):
		return func(v reflect.Value) bool {
			if !v.CanAddr() {
				addressable := reflect.New(t).Elem()
				addressable.Set(v)
				v = addressable
			}
			return callIsZero(v.Addr())
		}
	}
	return reflect.Value.IsZero
}

func callIsZero(v reflect.Value) bool { return v.Interface().(isZeroer).IsZero() }
