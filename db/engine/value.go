package engine

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/errs"
)

// A Kind is what a [Value] holds.
type Kind uint8

// The kinds.
const (
	KindNull Kind = iota
	KindInt
	KindFloat
	KindBool
	KindText
	KindBytes
	KindTime
)

// A Value is one value on its way to or from the database. The zero Value is
// NULL. Values hold no pointers to what they were made of, except [Bytes].
type Value struct {
	kind  Kind
	num   int64 // Int, Bool (0, 1), Time (microseconds since 1970), Float (its bits)
	text  string
	bytes []byte
	bad   string // why the value cannot be stored
}

// Int returns an integer.
func Int(n int64) Value { return Value{kind: KindInt, num: n} }

// Float returns a floating-point number. NaN and the infinities cannot be
// stored, on any engine: [Value.Check] reports them.
func Float(f float64) Value {
	v := Value{kind: KindFloat, num: int64(math.Float64bits(f))}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		v.bad = "a number that is not finite"
	}
	return v
}

// Bool returns a truth value.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// Text returns a text. One that is not UTF-8 or holds a NUL byte cannot be
// stored, on any engine: [Value.Check] reports it.
func Text(s string) Value { return Value{kind: KindText, text: s} }

// Bytes returns a byte string; nil is an empty one. It is not copied.
func Bytes(b []byte) Value {
	if b == nil {
		b = []byte{}
	}
	return Value{kind: KindBytes, bytes: b}
}

// Time returns a moment in UTC, cut to microseconds. Only the years 1 to 9999
// can be stored: [Value.Check] reports others.
func Time(t time.Time) Value {
	v := Value{kind: KindTime, num: t.UnixMicro()}
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		v.bad = "a time outside the years 1 to 9999"
	}
	return v
}

// UnixMicro returns the moment that many microseconds after 1970 began in UTC,
// for drivers, which read times in this form. It is not checked for its year.
func UnixMicro(us int64) Value { return Value{kind: KindTime, num: us} }

// Kind returns what v holds.
func (v Value) Kind() Kind { return v.kind }

// Int returns the number of an Int, 0 or 1 of a Bool, and the microseconds
// since 1970 of a Time.
func (v Value) Int() int64 { return v.num }

// Float returns the number of a Float.
func (v Value) Float() float64 { return math.Float64frombits(uint64(v.num)) }

// Text returns the text of a Text.
func (v Value) Text() string { return v.text }

// Bytes returns the bytes of a Bytes.
func (v Value) Bytes() []byte { return v.bytes }

// String returns v for messages and tests, with texts quoted.
func (v Value) String() string {
	switch v.kind {
	case KindInt:
		return fmt.Sprint(v.num)
	case KindFloat:
		return fmt.Sprint(v.Float())
	case KindBool:
		return fmt.Sprint(v.num != 0)
	case KindText:
		return fmt.Sprintf("%q", v.text)
	case KindBytes:
		return fmt.Sprintf("x'%x'", v.bytes)
	case KindTime:
		return time.UnixMicro(v.num).UTC().Format(time.RFC3339Nano)
	}
	return "NULL"
}

// Check returns an error of the kind errs.Invalid when no database can store
// v: a text that is not UTF-8 or holds a NUL byte, a number that is not finite,
// a time out of range.
// PostgreSQL refuses such texts and SQLite's own functions cut them off, so
// they are refused everywhere; [Bytes] takes any bytes.
func (v Value) Check() error {
	bad := v.bad
	if v.kind == KindText {
		switch {
		case !utf8.ValidString(v.text):
			bad = "a text that is not valid UTF-8"
		case strings.IndexByte(v.text, 0) >= 0:
			bad = "a text with a NUL byte"
		}
	}
	if bad == "" {
		return nil
	}
	return &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("db: store a value: %s", bad)}
}

// Of returns the value of a Go value: nil, a Value, a basic type or a type
// made of one, []byte, time.Time, or a pointer to these. Numbers beyond the
// 64-bit signed integers and every other type are an error.
func Of(x any) (Value, error) {
	switch x := x.(type) {
	case nil:
		return Value{}, nil
	case Value:
		return x, nil
	case int:
		return Int(int64(x)), nil
	case int64:
		return Int(x), nil
	case string:
		return Text(x), nil
	case bool:
		return Bool(x), nil
	case float64:
		return Float(x), nil
	case []byte:
		return Bytes(x), nil
	case time.Time:
		return Time(x), nil
	}
	return reflected(reflect.ValueOf(x))
}

// reflected is Of for pointers and for types that are made of basic ones.
func reflected(r reflect.Value) (Value, error) {
	switch {
	case r.Kind() == reflect.Pointer && r.IsNil():
		return Value{}, nil
	case r.Kind() == reflect.Pointer:
		return Of(r.Elem().Interface())
	case r.CanInt():
		return Int(r.Int()), nil
	case r.CanUint() && r.Uint() <= math.MaxInt64:
		return Int(int64(r.Uint())), nil
	case r.CanFloat():
		return Float(r.Float()), nil
	case r.Kind() == reflect.String:
		return Text(r.String()), nil
	case r.Kind() == reflect.Bool:
		return Bool(r.Bool()), nil
	case r.Kind() == reflect.Slice && r.Type().Elem().Kind() == reflect.Uint8:
		return Bytes(r.Bytes()), nil
	case r.CanUint():
		return Value{}, fmt.Errorf("%d is beyond the 64-bit signed integers", r.Uint())
	}
	return Value{}, fmt.Errorf("no column holds a %s", r.Type())
}
