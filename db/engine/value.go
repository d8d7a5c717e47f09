package engine

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/ashlar-go/ashlar/errs"
)

// A Kind is what a [Value] holds.
type Kind uint8

// The kinds.
const (
	KindNull Kind = iota
	KindInt
	KindBool
	KindTime
	KindFloat // this and those behind it are no integers
	KindText
	KindBytes
)

// A Value is one value on its way to or from the database. The zero Value is
// NULL. Values hold no pointers to what they were made of, except [Bytes].
// They are not compared with ==.
//
// A Value is three words, because rows of them are what every query reads into:
// texts and bytes share the pointer and the number. The functions Text and
// Bytes take them apart and the methods Text and Bytes join them; nothing else
// does. See decision 0019.
type Value struct {
	_    [0]func() // no ==, which would compare addresses
	data *byte     // the first byte of a Text or a Bytes
	num  int64     // of those the length; Int, Bool (0, 1), Time (microseconds since 1970), Float (its bits)
	kind Kind
	bad  bool // it cannot be stored, though its bits do not show it
}

// Int returns an integer.
func Int(n int64) Value { return Value{kind: KindInt, num: n} }

// Float returns a floating-point number. NaN and the infinities cannot be
// stored, on any engine: [Value.Check] reports them.
func Float(f float64) Value {
	return Value{kind: KindFloat, num: int64(math.Float64bits(f)), bad: math.IsNaN(f) || math.IsInf(f, 0)}
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
func Text(s string) Value {
	return Value{kind: KindText, data: unsafe.StringData(s), num: int64(len(s))}
}

// Bytes returns a byte string; nil is an empty one. It is not copied: the
// caller leaves b as it is while the Value is in use.
func Bytes(b []byte) Value {
	if b == nil {
		b = []byte{}
	}
	return Value{kind: KindBytes, data: unsafe.SliceData(b), num: int64(len(b))}
}

// Secret returns the bytes of a secret column, table.column. Package db seals
// it before it is sent; what was not sealed cannot be stored: [Value.Check]
// reports it. It does not print.
func Secret(column string, plain []byte) Value {
	v := Bytes(append(append([]byte(column), 0), plain...))
	v.bad = true
	return v
}

// Secret returns the column and the bytes of a [Secret], false for others.
func (v Value) Secret() (column string, plain []byte, ok bool) {
	if v.kind != KindBytes || !v.bad {
		return "", nil, false
	}
	name, plain, _ := bytes.Cut(v.Bytes(), []byte{0})
	return string(name), plain, true
}

// Time returns a moment in UTC, cut to microseconds. Only the years 1 to 9999
// can be stored: [Value.Check] reports others.
func Time(t time.Time) Value {
	y := t.UTC().Year()
	return Value{kind: KindTime, num: t.UnixMicro(), bad: y < 1 || y > 9999}
}

// UnixMicro returns the moment that many microseconds after 1970 began in UTC,
// for drivers, which read times in this form. It is not checked for its year.
func UnixMicro(us int64) Value { return Value{kind: KindTime, num: us} }

// Kind returns what v holds.
func (v Value) Kind() Kind { return v.kind }

// Int returns the number of an Int, 0 or 1 of a Bool, and the microseconds
// since 1970 of a Time; 0 of others.
func (v Value) Int() int64 {
	if v.kind >= KindFloat {
		return 0
	}
	return v.num
}

// Float returns the number of a Float, 0 of others.
func (v Value) Float() float64 {
	if v.kind != KindFloat {
		return 0
	}
	return math.Float64frombits(uint64(v.num))
}

// Text returns the text of a Text, "" of others.
func (v Value) Text() string {
	if v.kind != KindText {
		return ""
	}
	return unsafe.String(v.data, v.num)
}

// Bytes returns the bytes of a Bytes, nil of others. They have no room to be
// appended to.
func (v Value) Bytes() []byte {
	if v.kind != KindBytes {
		return nil
	}
	return unsafe.Slice(v.data, v.num)
}

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
		return fmt.Sprintf("%q", v.Text())
	case KindBytes:
		if v.bad {
			return "[secret]"
		}
		return fmt.Sprintf("x'%x'", v.Bytes())
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
	bad := ""
	switch {
	case v.kind == KindText && !utf8.ValidString(v.Text()):
		bad = "a text that is not valid UTF-8"
	case v.kind == KindText && strings.IndexByte(v.Text(), 0) >= 0:
		bad = "a text with a NUL byte"
	case v.bad && v.kind == KindFloat:
		bad = "a number that is not finite"
	case v.bad && v.kind == KindBytes:
		bad = "a secret that was not sealed"
	case v.bad:
		bad = "a time outside the years 1 to 9999"
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
