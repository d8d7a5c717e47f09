package validate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
)

// unordered is how NaN compares with everything. No rule holds for it.
const unordered = 2

func atLeast(c int) bool { return c == 0 || c == 1 }
func atMost(c int) bool  { return c == 0 || c == -1 }
func exactly(c int) bool { return c == 0 }
func above(c int) bool   { return c == 1 }
func below(c int) bool   { return c == -1 }

// bound makes a rule that compares a number, or the size of something else,
// with its parameter.
func bound(holds func(int) bool) func(target, []string) (test, error) {
	return func(t target, params []string) (test, error) {
		compare, err := comparison(t, params[0])
		if err != nil {
			return nil, err
		}
		return func(_, v reflect.Value) bool { return holds(compare(v)) }, nil
	}
}

func between(t target, params []string) (test, error) {
	low, err := comparison(t, params[0])
	if err != nil {
		return nil, err
	}
	high, err := comparison(t, params[1])
	if err != nil {
		return nil, err
	}
	if !ordered(t, params[0], params[1]) {
		return nil, fmt.Errorf("%q is more than %q", params[0], params[1])
	}
	return func(_, v reflect.Value) bool { return atLeast(low(v)) && atMost(high(v)) }, nil
}

// ordered reports whether low is not more than high; both are readable.
func ordered(t target, low, high string) bool {
	if t.class != classNumber {
		a, _ := strconv.Atoi(low)
		b, _ := strconv.Atoi(high)
		return a <= b
	}
	a, _ := parseNumber(t.typ, low)
	b, _ := parseNumber(t.typ, high)
	return atMost(compareNumbers(a, b))
}

// comparison returns a function that compares a value with the parameter:
// numbers by value, strings by characters, lists by elements.
func comparison(t target, param string) (func(reflect.Value) int, error) {
	if t.class == classNumber {
		return numberComparison(t, param)
	}
	n, err := strconv.ParseUint(param, 10, 31)
	if err != nil {
		return nil, fmt.Errorf("%q is no size: want a whole number of 0 or more", param)
	}
	limit := int(n)
	if t.class == classString {
		return func(v reflect.Value) int { return compareCharacters(v.String(), limit) }, nil
	}
	return func(v reflect.Value) int { return cmp.Compare(v.Len(), limit) }, nil
}

func numberComparison(t target, param string) (func(reflect.Value) int, error) {
	limit, err := parseNumber(t.typ, param)
	switch {
	case limit.CanInt():
		n := limit.Int()
		return func(v reflect.Value) int { return cmp.Compare(v.Int(), n) }, err
	case limit.CanUint():
		n := limit.Uint()
		return func(v reflect.Value) int { return cmp.Compare(v.Uint(), n) }, err
	}
	x := limit.Float()
	return func(v reflect.Value) int { return compareFloats(v.Float(), x) }, err
}

// compareCharacters compares the number of characters in s with limit. It
// counts them only where the bytes leave it open: each has one to four.
func compareCharacters(s string, limit int) int {
	switch n := len(s); {
	case n < limit:
		return -1
	case n/4 > limit:
		return 1
	}
	return cmp.Compare(utf8.RuneCountInString(s), limit)
}

var durationType = reflect.TypeFor[time.Duration]()

// parseNumber reads a number of type t; a duration is written as 1m30s.
func parseNumber(t reflect.Type, s string) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	var err error
	switch {
	case t == durationType:
		var d time.Duration
		if d, err = time.ParseDuration(s); err == nil {
			v.SetInt(int64(d))
		}
	case v.CanInt():
		var n int64
		if n, err = strconv.ParseInt(s, 10, t.Bits()); err == nil {
			v.SetInt(n)
		}
	case v.CanUint():
		var n uint64
		if n, err = strconv.ParseUint(s, 10, t.Bits()); err == nil {
			v.SetUint(n)
		}
	default:
		var x float64
		if x, err = strconv.ParseFloat(s, t.Bits()); err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
			err = errors.New("is not finite")
		}
		v.SetFloat(x)
	}
	if err != nil {
		return v, fmt.Errorf("%q is no %s", s, t)
	}
	return v, nil
}

// compareNumbers compares two values of one number type.
func compareNumbers(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	}
	return compareFloats(a.Float(), b.Float())
}

func compareFloats(x, y float64) int {
	if x != x || y != y {
		return unordered
	}
	return cmp.Compare(x, y)
}
