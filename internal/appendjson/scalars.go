package appendjson

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// scalarAppender returns nil for a type that is not a scalar. Quoted puts the
// value into a string once more.
func scalarAppender(t reflect.Type, quoted bool) appendFunc {
	var f appendFunc
	switch t.Kind() {
	case reflect.Bool:
		f = appendBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		f = appendIntValue
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		f = appendUintValue
	case reflect.Float32:
		f = appendFloatValue(32)
	case reflect.Float64:
		f = appendFloatValue(64)
	case reflect.String:
		switch {
		case t == numberType:
			f = appendNumber
		case quoted:
			return appendStringTwice
		default:
			return appendStringValue
		}
	}
	if f != nil && quoted {
		return inQuotes(f)
	}
	return f
}

// inQuotes puts what f appends between quotes; f appends nothing that would
// have to be escaped.
func inQuotes(f appendFunc) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		dst, err := f(append(dst, '"'), v, depth)
		return append(dst, '"'), err
	}
}

func appendBool(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	return strconv.AppendBool(dst, v.Bool()), nil
}

func appendIntValue(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	return appendInt(dst, v.Int()), nil
}

func appendUintValue(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	return appendUint(dst, v.Uint()), nil
}

func appendStringValue(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	return appendString(dst, v.String()), nil
}

func appendStringTwice(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	return appendQuotedString(dst, v.String()), nil
}

// appendNumber appends a json.Number as it is written. The zero value, which
// is not a number, stands for 0.
func appendNumber(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	s := v.String()
	if s == "" {
		s = "0"
	}
	if !isNumber(s) {
		return dst, fmt.Errorf("json: invalid number literal %q", s) // encoding/json's words
	}
	return append(dst, s...), nil
}

// isNumber reports whether s is a number by the grammar of RFC 8259, section 6.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	n := digits(s)
	if n == 0 || n > 1 && s[0] == '0' {
		return false
	}
	s = s[n:]
	if strings.HasPrefix(s, ".") {
		n = digits(s[1:])
		if n == 0 {
			return false
		}
		s = s[1+n:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		n = digits(s)
		return n > 0 && n == len(s)
	}
	return s == ""
}

// digits counts the digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}
