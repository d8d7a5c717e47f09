package postgres

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Signs of a numeric on the wire.
const (
	numericPositive = 0x0000
	numericNegative = 0x4000
	numericNaN      = 0xC000
	numericInf      = 0xD000
	numericNegInf   = 0xF000
)

// numericText returns the decimal text of a numeric's binary form: a head of
// how many digits there are to the base 10,000, the power of the first one,
// the sign and the number of decimals; then the digits.
func numericText(raw []byte) (string, bool) {
	if len(raw) < 8 {
		return "", false
	}
	digits := int(binary.BigEndian.Uint16(raw))
	weight := int(int16(binary.BigEndian.Uint16(raw[2:])))
	sign := binary.BigEndian.Uint16(raw[4:])
	scale := int(binary.BigEndian.Uint16(raw[6:]))
	raw = raw[8:]
	switch sign {
	case numericNaN:
		return "NaN", true
	case numericInf:
		return "Infinity", true
	case numericNegInf:
		return "-Infinity", true
	case numericPositive, numericNegative:
	default:
		return "", false
	}
	if len(raw) != 2*digits || scale > 16383 {
		return "", false
	}
	digit := func(i int) uint16 {
		if i < 0 || i >= digits {
			return 0
		}
		return binary.BigEndian.Uint16(raw[2*i:])
	}
	var b []byte
	if sign == numericNegative {
		b = append(b, '-')
	}
	if weight < 0 {
		b = append(b, '0')
	} else {
		b = strconv.AppendUint(b, uint64(digit(0)), 10)
		for i := 1; i <= weight; i++ {
			b = appendDigit(b, digit(i))
		}
	}
	if scale > 0 {
		b = append(b, '.')
		end := len(b) + scale
		for i := weight + 1; len(b) < end; i++ {
			b = appendDigit(b, digit(i))
		}
		b = b[:end]
	}
	return string(b), true
}

func appendDigit(b []byte, d uint16) []byte {
	return append(b, '0'+byte(d/1000%10), '0'+byte(d/100%10), '0'+byte(d/10%10), '0'+byte(d%10))
}

// numeric returns the value for a decimal text: a whole number is an Int, as
// sum() of integers gives one. What else a column holds keeps every digit;
// what an expression gives has more of them than it means, and is a Float.
func (f *field) numeric(text string) engine.Value {
	if !strings.Contains(text, ".") {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return engine.Int(n)
		}
		return engine.Text(text)
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil && !f.column {
		return engine.Float(x)
	}
	return engine.Text(text)
}
