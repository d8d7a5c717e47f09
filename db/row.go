package db

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Row is one row that a query read. [Row.Scan] is for the rows of [SQL]; the
// other methods are for generated code: they read the column that is being
// decoded, and keep the first error.
type Row struct {
	values   []engine.Value
	at       int
	err      error
	db       *DB  // that it was read from, for secrets
	computed bool // numbers may be decimals, which drivers read as text
}

// Null reports whether the column is NULL.
func (r *Row) Null() bool { return r.values[r.at].Kind() == engine.KindNull }

// value returns the column's value. The sum and the mean of integers are
// decimals on some engines.
func (r *Row) value() *engine.Value {
	v := &r.values[r.at]
	if r.computed && v.Kind() == engine.KindText {
		return decimal(v)
	}
	return v
}

// decimal returns the number that v, a text, stands for, v itself if there is
// none.
func decimal(v *engine.Value) *engine.Value {
	whole, rest, _ := strings.Cut(v.Text(), ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && strings.Trim(rest, "0") == "" {
		return new(engine.Int(n))
	}
	if f, err := strconv.ParseFloat(v.Text(), 64); err == nil {
		return new(engine.Float(f))
	}
	return v
}

// Int reads a signed integer of the given number of bits.
func (r *Row) Int(bits int) int64 {
	v := r.value()
	n := v.Int()
	if v.Kind() != engine.KindInt {
		r.wrong("an integer")
		return 0
	}
	if n != n<<(64-bits)>>(64-bits) {
		r.wrong(fmt.Sprintf("an integer of %d bits", bits))
	}
	return n
}

// Uint reads an unsigned integer of the given number of bits, 32 at most.
func (r *Row) Uint(bits int) int64 {
	n := r.Int(64)
	if n < 0 || n>>bits != 0 {
		r.wrong(fmt.Sprintf("an unsigned integer of %d bits", bits))
	}
	return n
}

// Float reads a floating-point number of the given number of bits.
func (r *Row) Float(bits int) float64 {
	v := r.value()
	f := v.Float()
	switch v.Kind() {
	case engine.KindFloat:
	case engine.KindInt: // what SQLite makes of 2.0 in a column without a type
		f = float64(v.Int())
	default:
		r.wrong("a number")
		return 0
	}
	if bits == 32 && math.Abs(f) > math.MaxFloat32 && !math.IsInf(f, 0) {
		r.wrong("a floating-point number of 32 bits")
	}
	return f
}

// Bool reads a truth value, which engines without such a type keep as 0 or 1.
func (r *Row) Bool() bool {
	v := &r.values[r.at]
	if k := v.Kind(); k != engine.KindBool && k != engine.KindInt || v.Int()&^1 != 0 {
		r.wrong("true or false")
	}
	return v.Int() == 1
}

// Text reads a text.
func (r *Row) Text() string {
	v := &r.values[r.at]
	if v.Kind() != engine.KindText {
		r.wrong("a text")
	}
	return v.Text()
}

// Bytes reads a byte string.
func (r *Row) Bytes() []byte {
	v := &r.values[r.at]
	if v.Kind() != engine.KindBytes {
		r.wrong("bytes")
	}
	return v.Bytes()
}

// Time reads a moment, in UTC, which engines without such a type keep as
// microseconds since 1970.
func (r *Row) Time() time.Time {
	v := &r.values[r.at]
	if k := v.Kind(); k != engine.KindTime && k != engine.KindInt {
		r.wrong("a time")
		return time.Time{}
	}
	return time.UnixMicro(v.Int()).UTC()
}

func (r *Row) wrong(want string) {
	if r.err == nil {
		r.err = fmt.Errorf("got %s, want %s", r.values[r.at], want)
	}
}

// failure returns the error of reading column c.
func (r *Row) failure(c Column) error {
	if r.err == nil {
		return nil
	}
	if secret, ok := r.err.(*SecretError); ok {
		if t := c.at.end(); len(r.values) >= len(t.all) {
			var key []engine.Value
			for _, k := range t.key {
				key = append(key, r.values[k])
			}
			secret.Key = keyText(key)
		}
		return secret
	}
	return fmt.Errorf("db: read %s: %w", c, r.err)
}

// Scan copies the row's columns to what dest points at, left to right: basic
// types and types made of them, []byte, time.Time, pointers to these (nil for
// NULL), or any. A text is read into a number if it is a decimal, as the mean of
// integers is on some engines, and no number is read into a text. There must be
// as many as there are columns.
func (r *Row) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("db: scan a row: %d destinations for %d columns", len(dest), len(r.values))
	}
	for i, d := range dest {
		r.at, r.err = i, nil
		r.scan(d)
		if r.err != nil {
			return fmt.Errorf("db: scan column %d: %w", i+1, r.err)
		}
	}
	return nil
}

func (r *Row) scan(dest any) {
	switch d := dest.(type) {
	case *int64:
		*d = r.Int(64)
	case *int:
		*d = int(r.Int(64))
	case *string:
		*d = r.Text()
	case *bool:
		*d = r.Bool()
	case *float64:
		*d = r.Float(64)
	case *[]byte:
		*d = r.Bytes()
	case *time.Time:
		*d = r.Time()
	case *any:
		*d = r.any()
	default:
		p := reflect.ValueOf(dest)
		if p.Kind() != reflect.Pointer || p.IsNil() {
			r.err = fmt.Errorf("the destination is a %T, want a pointer", dest)
			return
		}
		r.reflected(p.Elem())
	}
}

// reflected is scan for pointers and for types that are made of basic ones.
func (r *Row) reflected(d reflect.Value) {
	switch {
	case d.Kind() == reflect.Pointer && r.Null():
		d.SetZero()
	case d.Kind() == reflect.Pointer:
		p := reflect.New(d.Type().Elem())
		r.scan(p.Interface())
		d.Set(p)
	case d.CanInt():
		d.SetInt(r.Int(d.Type().Bits()))
	case d.CanUint() && d.Type().Bits() <= 32:
		d.SetUint(uint64(r.Uint(d.Type().Bits())))
	case d.CanUint():
		n := r.Int(64)
		if n < 0 {
			r.wrong("an unsigned integer")
		}
		d.SetUint(uint64(n))
	case d.CanFloat():
		d.SetFloat(r.Float(d.Type().Bits()))
	case d.Kind() == reflect.String:
		d.SetString(r.Text())
	case d.Kind() == reflect.Bool:
		d.SetBool(r.Bool())
	case d.Kind() == reflect.Slice && d.Type().Elem().Kind() == reflect.Uint8:
		d.SetBytes(r.Bytes())
	default:
		r.err = fmt.Errorf("the destination is a %s, which no column holds", d.Type())
	}
}

func (r *Row) any() any {
	switch v := r.values[r.at]; v.Kind() {
	case engine.KindInt:
		return v.Int()
	case engine.KindFloat:
		return v.Float()
	case engine.KindBool:
		return v.Int() == 1
	case engine.KindText:
		return v.Text()
	case engine.KindBytes:
		return v.Bytes()
	case engine.KindTime:
		return r.Time()
	}
	return nil
}
