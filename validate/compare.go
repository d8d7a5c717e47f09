package validate

import (
	"fmt"
	"reflect"
	"slices"
	"time"
)

func oneOf(t target, params []string) (test, error) {
	if t.class == classString {
		return func(_, v reflect.Value) bool { return slices.Contains(params, v.String()) }, nil
	}
	var allowed []reflect.Value
	for _, param := range params {
		n, err := parseNumber(t.typ, param)
		if err != nil {
			return nil, err
		}
		allowed = append(allowed, n)
	}
	return func(_, v reflect.Value) bool {
		for _, n := range allowed {
			if compareNumbers(v, n) == 0 {
				return true
			}
		}
		return false
	}, nil
}

// sameAs makes the rule that compares a field with another one of its struct.
// A nil pointer is different from every value.
func sameAs(same bool) func(target, []string) (test, error) {
	return func(t target, params []string) (test, error) {
		equal, ok := equality(t.typ)
		if !ok {
			return nil, errMisfit
		}
		other, ok := t.owner.FieldByName(params[0])
		if !ok || len(other.Index) != 1 || !other.IsExported() {
			return nil, fmt.Errorf("%s has no exported field %q of its own", t.owner, params[0])
		}
		inner, pointers := deref(other.Type)
		if inner != t.typ {
			return nil, fmt.Errorf("%s is compared with field %s, which is %s", t.typ, other.Name, inner)
		}
		index := other.Index[0]
		return func(parent, v reflect.Value) bool {
			o := parent.Field(index)
			for range pointers {
				if o.IsNil() {
					return !same
				}
				o = o.Elem()
			}
			return equal(v, o) == same
		}, nil
	}
}

var timeType = reflect.TypeFor[time.Time]()

// equality returns how values of t are compared, or false if they cannot be.
// A time is compared as an instant.
func equality(t reflect.Type) (func(a, b reflect.Value) bool, bool) {
	if t == timeType {
		return func(a, b reflect.Value) bool {
			x, y := a.Addr().Interface().(*time.Time), b.Addr().Interface().(*time.Time)
			return x.Equal(*y)
		}, true
	}
	return reflect.Value.Equal, plainlyComparable(t)
}

// plainlyComparable reports whether == on t compares values, never addresses,
// and never panics.
func plainlyComparable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return plainlyComparable(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !plainlyComparable(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Pointer, reflect.UnsafePointer, reflect.Interface, reflect.Chan:
		return false
	}
	return t.Comparable()
}

// smallList is how many elements are compared each with each, which needs no
// memory; larger lists go through a map.
const smallList = 16

func unique(t target, _ []string) (test, error) {
	if t.typ.Kind() == reflect.Map || !plainlyComparable(t.typ.Elem()) {
		return nil, errMisfit
	}
	return func(_, v reflect.Value) bool {
		if v.Len() > smallList {
			return uniqueByMap(v)
		}
		for i := range v.Len() {
			for j := range i {
				if v.Index(i).Equal(v.Index(j)) {
					return false
				}
			}
		}
		return true
	}, nil
}

func uniqueByMap(v reflect.Value) bool {
	seen := make(map[any]struct{}, v.Len())
	for i := range v.Len() {
		e := v.Index(i).Interface()
		if _, twice := seen[e]; twice {
			return false
		}
		seen[e] = struct{}{}
	}
	return true
}
