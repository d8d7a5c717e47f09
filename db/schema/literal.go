package schema

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A literal is a default value, read from its portable form.
type literal struct {
	i int64   // Int, Time (microseconds since 1970), Bool (0 or 1)
	f float64 // Float
	s string  // Text, JSON, Bytes
}

// The first and the last instant that a Time column holds, in microseconds
// since 1970: the years 1 to 9999, which is what RFC 3339 can write.
const (
	minTime = -62135596800000000
	maxTime = 253402300799999999
)

// parseLiteral reads a portable literal: -12, 1.5, true, 'text' (a quote in it
// doubled), x'0fa1', and for times an RFC 3339 instant in quotes.
func parseLiteral(typ Type, lit string) (literal, error) {
	var v literal
	var err error
	switch typ {
	case Int:
		v.i, err = strconv.ParseInt(lit, 10, 64)
		if err != nil {
			err = fmt.Errorf("write a whole number such as 0")
		}
	case Float:
		v.f, err = strconv.ParseFloat(lit, 64)
		if err != nil || math.IsInf(v.f, 0) || math.IsNaN(v.f) {
			err = fmt.Errorf("write a number such as 0.5")
		}
	case Bool:
		if lit != "true" && lit != "false" {
			err = fmt.Errorf("write true or false")
		}
		if lit == "true" {
			v.i = 1
		}
	case Text, JSON, Time:
		v.s, err = unquote(lit)
		if err == nil {
			err = v.inQuotes(typ)
		}
	case Bytes:
		v.s, err = unhex(lit)
	default:
		if _, ok := typ.Element(); ok {
			if v.s = "{}"; lit != "'{}'" {
				err = fmt.Errorf("write '{}', the empty array: no other is a default")
			}
			break
		}
		err = fmt.Errorf("use a known type")
	}
	return v, err
}

// inQuotes checks, and for times reads, the text between the quotes.
func (v *literal) inQuotes(typ Type) error {
	switch typ {
	case JSON:
		if !json.Valid([]byte(v.s)) {
			return fmt.Errorf("write JSON in quotes, such as '{}'")
		}
	case Time:
		t, err := time.Parse(time.RFC3339Nano, v.s)
		if err != nil {
			return fmt.Errorf("write a time in quotes, such as '2026-01-31T12:00:00Z'")
		}
		if v.i = t.UnixMicro(); v.i < minTime || v.i > maxTime {
			return fmt.Errorf("use a time of the years 1 to 9999")
		}
	}
	return nil
}

// format is the inverse of parseLiteral. There is one text for each value, so
// literals are equal when their texts are.
func (v literal) format(typ Type) string {
	switch typ {
	case Int:
		return strconv.FormatInt(v.i, 10)
	case Float:
		return formatFloat(v.f)
	case Bool:
		return strconv.FormatBool(v.i != 0)
	case Bytes:
		return "x'" + hex.EncodeToString([]byte(v.s)) + "'"
	case Time:
		return quoteText(time.UnixMicro(v.i).UTC().Format("2006-01-02T15:04:05.999999Z"))
	}
	return quoteText(v.s)
}

func formatFloat(f float64) string {
	if f == 0 {
		return "0" // -0 too, which not every engine keeps
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// canonical returns the one text for lit's value, or lit when it has none.
func canonical(typ Type, lit string) string {
	if lit == "" {
		return ""
	}
	v, err := parseLiteral(typ, lit)
	if err != nil {
		return lit
	}
	return v.format(typ)
}

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func unquote(lit string) (string, error) {
	if len(lit) < 2 || lit[0] != '\'' || lit[len(lit)-1] != '\'' {
		return "", fmt.Errorf("write single quotes around it, such as %s", quoteText(strings.Trim(lit, "'")))
	}
	inner := lit[1 : len(lit)-1]
	bare := strings.ReplaceAll(inner, "''", "")
	if strings.Contains(bare, "'") {
		return "", fmt.Errorf("double each quote in it")
	}
	if !utf8.ValidString(inner) || strings.ContainsFunc(inner, isControl) {
		return "", fmt.Errorf("use UTF-8 text without control characters")
	}
	return strings.ReplaceAll(inner, "''", "'"), nil
}

func unhex(lit string) (string, error) {
	if len(lit) < 3 || lit[:2] != "x'" || lit[len(lit)-1] != '\'' {
		return "", fmt.Errorf("write hexadecimal digits, such as x'00ff'")
	}
	b, err := hex.DecodeString(lit[2 : len(lit)-1])
	if err != nil {
		return "", fmt.Errorf("write pairs of hexadecimal digits, such as x'00ff'")
	}
	return string(b), nil
}

func isControl(r rune) bool {
	return r < 0x20 || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085'
}
