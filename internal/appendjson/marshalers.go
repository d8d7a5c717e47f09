package appendjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
)

// jsonAppender appends what the MarshalJSON of a value returns. Type t is
// named in errors.
func jsonAppender(t reflect.Type) appendFunc {
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
		m, ok := reflect.TypeAssert[json.Marshaler](v)
		if !ok { // an interface that holds nothing
			return append(dst, "null"...), nil
		}
		b, err := m.MarshalJSON()
		if err == nil {
			dst, err = appendCompact(dst, b)
		}
		if err != nil {
			return dst, methodError(failingJSON{}, t, err)
		}
		return dst, nil
	}
}

// textAppender appends what the MarshalText of a value returns, as a string.
func textAppender(t reflect.Type) appendFunc {
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
		m, ok := reflect.TypeAssert[encoding.TextMarshaler](v)
		if !ok {
			return append(dst, "null"...), nil
		}
		b, err := m.MarshalText()
		if err != nil {
			return dst, methodError(failingText{}, t, err)
		}
		return appendString(dst, b), nil
	}
}

// appendRawMessage spares the interface that a call of its method needs.
func appendRawMessage(dst []byte, v reflect.Value, _ int) ([]byte, error) {
	if v.IsNil() {
		return append(dst, "null"...), nil
	}
	dst, err := appendCompact(dst, v.Bytes())
	if err != nil {
		return dst, methodError(failingJSON{}, rawMessageType, err)
	}
	return dst, nil
}

// unlessNil appends null for a nil pointer, on which a method with a value
// receiver would panic. Other kinds that can be nil answer for themselves.
func unlessNil(t reflect.Type, next appendFunc) appendFunc {
	if t.Kind() == reflect.Pointer {
		return orNull(next)
	}
	return next
}

// addressed gives the address of a value to next. It also spares the copy that
// an interface would make of the value.
func addressed(next appendFunc) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		return next(dst, v.Addr(), depth)
	}
}

func ifAddressable(yes, no appendFunc) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		if v.CanAddr() {
			return yes(dst, v, depth)
		}
		return no(dst, v, depth)
	}
}

// appendCompact checks src, the JSON that a method wrote, and appends it
// without blanks and with HTML characters escaped.
func appendCompact(dst, src []byte) ([]byte, error) {
	buf := bytes.NewBuffer(dst)
	if err := json.Compact(buf, src); err != nil {
		return dst, err
	}
	out := buf.Bytes()
	if tail := out[len(dst):]; hasHTML(tail) {
		tail = bytes.Clone(tail)
		buf.Truncate(len(dst))
		json.HTMLEscape(buf, tail)
		out = buf.Bytes()
	}
	return out, nil
}

// hasHTML reports whether json.HTMLEscape would change b.
func hasHTML(b []byte) bool {
	return bytes.IndexByte(b, '<') >= 0 || bytes.IndexByte(b, '>') >= 0 || bytes.IndexByte(b, '&') >= 0 ||
		bytes.Contains(b, []byte("\u2028")) || bytes.Contains(b, []byte("\u2029"))
}

// methodError returns the error that encoding/json has for a method of t that
// returned err. Which method it was stands in a field that only encoding/json
// can set; probe is of a type for which it does.
func methodError(probe any, t reflect.Type, err error) error {
	_, probed := json.Marshal(probe)
	e, ok := errors.AsType[*json.MarshalerError](probed)
	if !ok {
		e = &json.MarshalerError{}
	}
	e.Type, e.Err = t, err
	return e
}

var errProbe = errors.New("appendjson: fail on purpose")

type failingJSON struct{}

func (failingJSON) MarshalJSON() ([]byte, error) { return nil, errProbe }

type failingText struct{}

func (failingText) MarshalText() ([]byte, error) { return nil, errProbe }
