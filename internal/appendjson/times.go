package appendjson

import (
	"reflect"
	"time"
)

// timeAppender appends what [time.Time.MarshalJSON] returns, without the slice
// that it makes. Type t is time.Time or *time.Time; it is named in errors.
func timeAppender(t reflect.Type) appendFunc {
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
		at, _ := reflect.TypeAssert[time.Time](v)
		return appendTime(dst, at, t)
	}
}

func appendTime(dst []byte, at time.Time, t reflect.Type) ([]byte, error) {
	out, err := at.AppendText(append(dst, '"'))
	if err != nil {
		_, err = at.MarshalJSON() // the same mistake, in the words of that method
		return dst, methodError(failingJSON{}, t, err)
	}
	return append(out, '"'), nil
}
