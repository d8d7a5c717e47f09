package strictjson

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A Fault is what can be wrong with a text.
type Fault uint8

// The faults. Syntax is what is no JSON at all.
const (
	Syntax Fault = iota + 1
	NotUTF8
	TooDeep
	KeyTwice
)

// An Error is the first fault of a text.
type Error struct {
	Fault  Fault
	Offset int    // bytes up to the fault with its first byte, as in json.SyntaxError
	Key    string // that is there twice, as the second one spells it, without escapes

	what string // of Syntax
}

// Error says what is wrong and where. The key of KeyTwice is quoted.
func (e *Error) Error() string { return fmt.Sprintf("%s at byte %d", e.What(), e.Offset) }

// What says what is wrong, without the place. For Syntax it is the text of the
// json.SyntaxError that encoding/json has for the same text.
func (e *Error) What() string {
	switch e.Fault {
	case NotUTF8:
		return "invalid UTF-8"
	case TooDeep:
		return "too many levels"
	case KeyTwice:
		return fmt.Sprintf("key %q twice in one object", e.Key)
	}
	return e.what
}

// fail refuses the byte at i, which stands between tokens or in a string.
func (c *checker) fail(i int, context string) int {
	if i >= len(c.b) {
		return c.refuse(&Error{Fault: Syntax, Offset: len(c.b), what: "unexpected end of JSON input"})
	}
	return c.refuse(&Error{Fault: Syntax, Offset: i + 1, what: "invalid character " + quoteByte(c.b[i]) + " " + context})
}

// failWithin refuses the byte at i, which stands in a token that must go on.
// There, encoding/json takes the end of the text for a blank.
func (c *checker) failWithin(i int, context string) int {
	if i >= len(c.b) {
		return c.refuse(&Error{Fault: Syntax, Offset: len(c.b), what: "invalid character ' ' " + context})
	}
	return c.fail(i, context)
}

// refuse ends the check with e, unless the text is not even UTF-8: then
// nothing else about it can be said with reason.
func (c *checker) refuse(e *Error) int {
	for i := 0; i < len(c.b); {
		r, size := utf8.DecodeRune(c.b[i:])
		if r == utf8.RuneError && size == 1 {
			e = &Error{Fault: NotUTF8, Offset: i + 1}
			break
		}
		i += size
	}
	c.err = e
	return bad
}

// quoteByte writes a byte as encoding/json does.
func quoteByte(c byte) string {
	switch c {
	case '\'':
		return `'\''`
	case '"':
		return `'"'`
	}
	s := strconv.Quote(string(rune(c)))
	return "'" + s[1:len(s)-1] + "'"
}
