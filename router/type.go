package router

import (
	"strings"
	"time"
)

// A Type says which texts a parameter takes.
type Type uint8

// The types. The zero value takes everything.
const (
	Text Type = iota // any text; written without a type
	Int              // decimal int64
	Uint             // decimal uint64
	UUID             // 8-4-4-4-12 hexadecimal digits
	Date             // a day that exists, as 2006-01-02
	Slug             // one or more of a-z, 0-9 and -
)

var typeNames = [...]string{Text: "text", Int: "int", Uint: "uint", UUID: "uuid", Date: "date", Slug: "slug"}

// knownTypes lists the names that a pattern may use, for messages.
var knownTypes = []string{"date", "int", "slug", "uint", "uuid"}

// String returns the type's name as patterns write it, and "text" for [Text],
// which patterns do not write.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "unknown"
}

// Accepts reports whether value is of the type. It does not allocate.
func (t Type) Accepts(value string) bool {
	switch t {
	case Text:
		return true
	case Int:
		return isInt(value)
	case Uint:
		return isDecimal(value, "18446744073709551615")
	case UUID:
		return isUUID(value)
	case Date:
		return isDate(value)
	case Slug:
		return isSlug(value)
	}
	return false
}

// typeNamed returns the type that a pattern calls name.
func typeNamed(name string) (Type, bool) {
	for t := Int; int(t) < len(typeNames); t++ {
		if typeNames[t] == name {
			return t, true
		}
	}
	return Text, false
}

// compare says how the values of t relate to those of u.
func (t Type) compare(u Type) relation {
	switch {
	case t == u:
		return equal
	case t == Text:
		return wider
	case u == Text:
		return narrower
	case t == Slug:
		return wider
	case u == Slug:
		return narrower
	case t <= Uint && u <= Uint: // int and uint: 7 is both, -7 and 1<<63 are not
		return overlapping
	}
	return disjoint
}

// sample returns a value of t that is also of every wider type, and of the
// other one of int and uint.
func (t Type) sample(name string) string {
	switch t {
	case Int, Uint:
		return "7"
	case UUID:
		return "123e4567-e89b-42d3-a456-426614174000"
	case Date:
		return "2006-01-02"
	case Slug:
		return "a-slug"
	}
	return name
}

func isInt(s string) bool {
	if digits, negative := strings.CutPrefix(s, "-"); negative {
		return isDecimal(digits, "9223372036854775808")
	}
	return isDecimal(s, "9223372036854775807")
}

// isDecimal reports whether s is a decimal number of at most limit. It is
// written out because strconv allocates its error, and a value that falls
// through to a wider route is no error.
func isDecimal(s, limit string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	s = strings.TrimLeft(s, "0")
	return len(s) < len(limit) || len(s) == len(limit) && s <= limit
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if _, ok := unhex(s[i]); !ok {
				return false
			}
		}
	}
	return true
}

func isDate(s string) bool {
	if len(s) != len(time.DateOnly) {
		return false
	}
	var part [3]int // year, month, day
	at := 0
	for i := range len(s) {
		switch {
		case i == 4 || i == 7:
			if s[i] != '-' {
				return false
			}
			at++
		case !isDigit(s[i]):
			return false
		default:
			part[at] = part[at]*10 + int(s[i]-'0')
		}
	}
	// A day that does not exist comes back as another one: 30 February is 1 or 2 March.
	year, month, day := time.Date(part[0], time.Month(part[1]), part[2], 0, 0, 0, 0, time.UTC).Date()
	return year == part[0] && int(month) == part[1] && day == part[2]
}

func isSlug(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && !isDigit(c) && c != '-' {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
