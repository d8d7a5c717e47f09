package appendjson

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
)

func appendFloatValue(bits int) appendFunc {
	return func(dst []byte, v reflect.Value, _ int) ([]byte, error) {
		return appendFloat(dst, v.Float(), bits, v.Type())
	}
}

// decimals is how far appendDecimal looks behind the point: prices, ratings
// and percentages have no more than four digits there.
const decimals = 10_000

// appendDecimal appends a number that has at most four decimals and fifteen
// digits in all, which is several times faster than to search for the shortest
// form. The result is that form: n/10000 is rounded once and rounds to f, and
// among the decimals of at most fifteen digits only one does so (a float64
// keeps fifteen decimal digits). It reports false for other numbers.
func appendDecimal(dst []byte, f float64) ([]byte, bool) {
	abs := math.Abs(f)
	if !(abs < 1e15/decimals) { // NaN as well
		return dst, false
	}
	n := uint64(abs*decimals + 0.5)
	if float64(n)/decimals != abs {
		return dst, false
	}
	if math.Signbit(f) {
		dst = append(dst, '-')
	}
	dst = strconv.AppendUint(dst, n/decimals, 10)
	if frac := n % decimals; frac != 0 {
		dst = append(dst, '.', byte('0'+frac/1000), byte('0'+frac/100%10), byte('0'+frac/10%10), byte('0'+frac%10))
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return dst, true
}

// appendFloat appends f, of that many bits, in the form that ECMAScript gives
// it: plain from 1e-6 up to 1e21, outside with an exponent of as few digits as
// it needs. Type t, which f has, is named in errors.
func appendFloat(dst []byte, f float64, bits int, t reflect.Type) ([]byte, error) {
	if bits == 64 {
		if out, ok := appendDecimal(dst, f); ok {
			return out, nil
		}
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		v := reflect.ValueOf(f).Convert(t)
		return dst, &json.UnsupportedValueError{Value: v, Str: strconv.FormatFloat(f, 'g', -1, bits)}
	}
	low := 1e-6
	if bits == 32 {
		low = float64(float32(1e-6)) // which is less; for 1e21 it makes no difference
	}
	abs := math.Abs(f)
	if abs == 0 || low <= abs && abs < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, bits), nil
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	// strconv writes at least two digits: e-09 becomes e-9. A positive exponent
	// has two here anyway.
	if n := len(dst); dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst, nil
}
