package ashlar

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A setter turns the text of a parameter into a field's value. What it returns
// is the message for the visitor, "" when all is well.
type setter func(dst reflect.Value, s string) string

// A listSetter does so with a parameter that may be given several times.
type listSetter func(dst reflect.Value, values []string) string

var (
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
)

// setterFor returns the setter for fields of type t: the second one for those
// that take several values, else the first.
func setterFor(t reflect.Type) (setter, listSetter, error) {
	if t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && !reflect.PointerTo(t).Implements(textType) {
		one, err := scalarSetter(t.Elem())
		return nil, toList(one), err
	}
	if t.Kind() == reflect.Pointer {
		one, err := scalarSetter(t.Elem())
		return func(dst reflect.Value, s string) string {
			dst.Set(reflect.New(t.Elem()))
			return one(dst.Elem(), s)
		}, nil, err
	}
	one, err := scalarSetter(t)
	return one, nil, err
}

func toList(one setter) listSetter {
	return func(dst reflect.Value, values []string) string {
		list := reflect.MakeSlice(dst.Type(), len(values), len(values))
		for i, v := range values {
			if msg := one(list.Index(i), v); msg != "" {
				return msg
			}
		}
		dst.Set(list)
		return ""
	}
}

func scalarSetter(t reflect.Type) (setter, error) {
	switch {
	case t == timeType:
		return setTime, nil
	case t == durationType:
		return setDuration, nil
	case reflect.PointerTo(t).Implements(textType):
		return setText, nil
	}
	switch t.Kind() {
	case reflect.String:
		return setString, nil
	case reflect.Bool:
		return setBool, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return setInt, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return setUint, nil
	case reflect.Float32, reflect.Float64:
		return setFloat, nil
	}
	return nil, fmt.Errorf("type %s cannot be read from text; give it UnmarshalText", t)
}

// notText says why bytes are no text: they would come back to bite in JSON, in
// a database or in a log.
func notText(s string) string {
	if !utf8.ValidString(s) {
		return "Must be valid text (UTF-8)."
	}
	if strings.IndexByte(s, 0) >= 0 {
		return "Must not hold the character NUL."
	}
	return ""
}

func setString(dst reflect.Value, s string) string {
	msg := notText(s)
	if msg == "" {
		dst.SetString(s)
	}
	return msg
}

func setBool(dst reflect.Value, s string) string {
	switch s {
	case "true", "1", "on", "yes":
		dst.SetBool(true)
	case "false", "0", "off", "no":
		dst.SetBool(false)
	default:
		return "Must be true or false."
	}
	return ""
}

func setInt(dst reflect.Value, s string) string {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || s[0] == '+' {
		return "Must be a whole number."
	}
	if dst.OverflowInt(n) {
		return "Is out of range."
	}
	dst.SetInt(n)
	return ""
}

func setUint(dst reflect.Value, s string) string {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return "Must be a whole number, 0 or more."
	}
	if dst.OverflowUint(n) {
		return "Is out of range."
	}
	dst.SetUint(n)
	return ""
}

// setFloat takes what a person writes: no "NaN", "Inf", "0x1p-2" or "1_000".
func setFloat(dst reflect.Value, s string) string {
	if strings.Trim(s, "0123456789.eE+-") != "" {
		return "Must be a number."
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return "Must be a number."
	}
	if dst.OverflowFloat(n) {
		return "Is out of range."
	}
	dst.SetFloat(n)
	return ""
}

// setTime knows the layout by the length: an hour may have one digit to package
// time, all else is of fixed length up to the seconds.
func setTime(dst reflect.Value, s string) string {
	layout := time.RFC3339Nano
	switch n := len(s); {
	case n <= len(time.DateOnly):
		layout = time.DateOnly
	case n <= len(toMinutes):
		layout = toMinutes
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return "Must be a date such as 2006-01-02, or a time such as 2006-01-02T15:04:05Z."
	}
	*dst.Addr().Interface().(*time.Time) = t
	return ""
}

// toMinutes is what a browser sends of an input of type datetime-local.
const toMinutes = "2006-01-02T15:04"

func setDuration(dst reflect.Value, s string) string {
	d, err := time.ParseDuration(s)
	if err != nil {
		return `Must be a duration such as "90s" or "1h30m".`
	}
	dst.SetInt(int64(d))
	return ""
}

func setText(dst reflect.Value, s string) string {
	if msg := notText(s); msg != "" {
		return msg
	}
	if err := dst.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
		return "Is not understood."
	}
	return ""
}
