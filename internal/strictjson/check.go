package strictjson

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Check returns nil when b is one JSON value, with blanks around it, that
// obeys the rules in the package comment and has at most depth objects and
// arrays inside one another. Otherwise it returns an *[Error] for the first
// fault; bytes that are not UTF-8 count before all others, wherever they are.
//
// It takes time in proportion to the length of b, and stack in proportion to
// depth. It allocates for an object with more than 64 keys, and for the error.
func Check(b []byte, depth int) error {
	c := checker{b: b, depth: depth}
	i := c.value(c.blank(0))
	if i >= 0 {
		if i = c.blank(i); i < len(b) {
			c.fail(i, "after top-level value")
		}
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

// A checker goes over b once. Its methods take the index at which something
// begins and return the one behind it, or bad.
type checker struct {
	b     []byte
	depth int // levels that may still be opened
	err   *Error
}

// bad is the index that ends a check; what is wrong is in checker.err.
const bad = -1

func (c *checker) blank(i int) int {
	for i < len(c.b) && (c.b[i] == ' ' || c.b[i] == '\n' || c.b[i] == '\t' || c.b[i] == '\r') {
		i++
	}
	return i
}

// at returns the byte at i, 0 at the end: no token begins with either.
func (c *checker) at(i int) byte {
	if i < len(c.b) {
		return c.b[i]
	}
	return 0
}

func (c *checker) value(i int) int {
	switch ch := c.at(i); {
	case ch == '"':
		return c.text(i + 1)
	case ch == '-' || isDigit(ch):
		return c.number(i)
	case ch == '{' || ch == '[':
		if c.depth == 0 {
			return c.refuse(&Error{Fault: TooDeep, Offset: i + 1})
		}
		c.depth--
		if ch == '{' {
			i = c.object(i + 1)
		} else {
			i = c.array(i + 1)
		}
		c.depth++
		return i
	case ch == 't':
		return c.literal(i, "true")
	case ch == 'f':
		return c.literal(i, "false")
	case ch == 'n':
		return c.literal(i, "null")
	}
	return c.fail(i, "looking for beginning of value")
}

func (c *checker) array(i int) int {
	if i = c.blank(i); c.at(i) == ']' {
		return i + 1
	}
	for {
		if i = c.value(i); i == bad {
			return bad
		}
		switch i = c.blank(i); c.at(i) {
		case ',':
			i = c.blank(i + 1)
		case ']':
			return i + 1
		default:
			return c.fail(i, "after array element")
		}
	}
}

func (c *checker) object(i int) int {
	if i = c.blank(i); c.at(i) == '}' {
		return i + 1
	}
	var keys keys
	for {
		if c.at(i) != '"' {
			return c.fail(i, "looking for beginning of object key string")
		}
		start := i + 1
		end, hash := c.key(start)
		if end == bad {
			return bad
		}
		if !keys.add(c.b, start, hash) {
			return c.refuse(&Error{Fault: KeyTwice, Offset: start, Key: string(appendKey(nil, c.b, start, asItIs))})
		}
		if i = c.blank(end); c.at(i) != ':' {
			return c.fail(i, "after object key")
		}
		if i = c.value(c.blank(i + 1)); i == bad {
			return bad
		}
		switch i = c.blank(i); c.at(i) {
		case ',':
			i = c.blank(i + 1)
		case '}':
			return i + 1
		default:
			return c.fail(i, "after object key:value pair")
		}
	}
}

// text checks a string from behind its first quote, or from further on.
func (c *checker) text(i int) int {
	for {
		i = skipPlain(c.b, i)
		for i < len(c.b) && c.b[i] >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(c.b[i:])
			if r == utf8.RuneError && size == 1 {
				return c.refuse(nil)
			}
			i += size
		}
		switch ch := c.at(i); {
		case ch == '"':
			return i + 1
		case ch == '\\':
			if i = c.escape(i + 1); i == bad {
				return bad
			}
		case ch < ' ':
			return c.fail(i, "in string literal")
		}
	}
}

// escape checks an escape from behind its backslash.
func (c *checker) escape(i int) int {
	switch c.at(i) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		for range 4 {
			i++
			if hexValue(c.at(i)) < 0 {
				return c.failWithin(i, `in \u hexadecimal character escape`)
			}
		}
		return i + 1
	}
	return c.failWithin(i, "in string escape code")
}

func (c *checker) number(i int) int {
	if c.b[i] == '-' {
		i++
	}
	switch ch := c.at(i); {
	case ch == '0':
		i++
	case isDigit(ch):
		i = c.digits(i)
	default:
		return c.failWithin(i, "in numeric literal")
	}
	if c.at(i) == '.' {
		if i++; !isDigit(c.at(i)) {
			return c.failWithin(i, "after decimal point in numeric literal")
		}
		i = c.digits(i)
	}
	if c.at(i)|0x20 == 'e' {
		if i++; c.at(i) == '+' || c.at(i) == '-' {
			i++
		}
		if !isDigit(c.at(i)) {
			return c.failWithin(i, "in exponent of numeric literal")
		}
		i = c.digits(i)
	}
	return i
}

func (c *checker) digits(i int) int {
	for i < len(c.b) && isDigit(c.b[i]) {
		i++
	}
	return i
}

func (c *checker) literal(i int, word string) int {
	for n := 1; n < len(word); n++ {
		if c.at(i+n) != word[n] {
			return c.failWithin(i+n, "in literal "+word+" (expecting "+quoteByte(word[n])+")")
		}
	}
	return i + len(word)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// hexValue returns what a hexadecimal digit is worth, -1 for another byte.
func hexValue(c byte) rune {
	switch {
	case isDigit(c):
		return rune(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	}
	return -1
}

// skipPlain returns the index of the first byte from i on that is a quote, a
// backslash, a control character or not ASCII, or len(b). It looks at eight
// bytes at a time.
func skipPlain(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if n := plainBytes(binary.LittleEndian.Uint64(b[i:])); n < 8 {
			return i + n
		}
	}
	for i < len(b) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// plainBytes returns how many of the eight bytes of w are plain, from the
// lowest to the first that is not. To find a byte that is zero, subtract one
// from each: the lowest that is zero is also the lowest to borrow from its top
// bit.
func plainBytes(w uint64) int {
	const (
		ones = 0x0101010101010101
		tops = 0x8080808080808080
	)
	quote, backslash := w^ones*'"', w^ones*'\\'
	special := w | // not ASCII
		(w-ones*' ')&^w | // control characters
		(quote-ones)&^quote |
		(backslash-ones)&^backslash
	return bits.TrailingZeros64(special&tops) / 8 // 64/8 if there is none
}
