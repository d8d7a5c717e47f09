package appendjson

import (
	"math/bits"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// appendString appends s in quotes. Escaped are what JSON asks for; <, > and &,
// so that the text may stand inside HTML; and U+2028 and U+2029, which end a
// line in older JavaScript. A byte that is not part of UTF-8 becomes \ufffd.
func appendString[S string | []byte](dst []byte, s S) []byte {
	dst = append(dst, '"')
	if n := skipPlain(s, 0); n < len(s) {
		dst = appendEscaped(dst, s, n)
	} else {
		dst = append(dst, s...)
	}
	return append(dst, '"')
}

// appendEscaped appends s, in which n is the first byte that is not plain.
func appendEscaped[S string | []byte](dst []byte, s S, n int) []byte {
	start := 0 // what comes before is in dst
	for i := n; i < len(s); {
		c := s[i]
		switch {
		case plainByte(c):
			i = skipPlain(s, i+1)
			continue
		case c < utf8.RuneSelf:
			dst = appendEscape(append(dst, s[start:i]...), c)
			i++
			start = i
			continue
		case 0xc2 <= c && c < 0xe0 && i+1 < len(s) && s[i+1]&0xc0 == 0x80: // a rune of two bytes
			i += 2
			continue
		}
		r, size := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[start:i]...), `\ufffd`...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[start:i]...), `\u202`...)
			dst = append(dst, hex[r&0xf])
			start = i + size
		}
		i += size
	}
	return append(dst, s[start:]...)
}

// appendEscape appends the escape of an ASCII character.
func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
}

// appendQuotedString appends s as a string whose content is the JSON string s,
// as the option "string" asks. The inner one has no control characters and is
// valid UTF-8, so only its quotes and backslashes have to be escaped again;
// that is done in place, from the end.
func appendQuotedString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := len(dst)
	dst = appendString(dst, s)
	end := len(dst)
	for i := start; i < end; i++ {
		if dst[i] == '"' || dst[i] == '\\' {
			dst = append(dst, 0)
		}
	}
	for from, to := end-1, len(dst)-1; from >= start; from-- {
		dst[to] = dst[from]
		to--
		if dst[from] == '"' || dst[from] == '\\' {
			dst[to] = '\\'
			to--
		}
	}
	return append(dst, '"')
}

// The ASCII characters that stand for themselves, as sets of bits.
const (
	plainLow  uint64 = ^uint64(1<<' '-1) &^ (1<<'"' | 1<<'&' | 1<<'<' | 1<<'>') // below 64
	plainHigh uint64 = ^uint64(0) &^ (1 << ('\\' - 64))                         // below 128
)

func plainByte(c byte) bool {
	switch {
	case c < 64:
		return plainLow>>c&1 != 0
	case c < utf8.RuneSelf:
		return plainHigh>>(c-64)&1 != 0
	}
	return false
}

// skipPlain returns the index of the first byte from i on for which plainByte
// does not hold, or len(s). It looks at eight bytes at a time.
func skipPlain[S string | []byte](s S, i int) int {
	for ; i+8 <= len(s); i += 8 {
		if n := plainBytes(word(s, i)); n < 8 {
			return i + n
		}
	}
	if len(s) >= 8 {
		// Of the last eight bytes, those that were seen are shifted out and
		// the zeros that come in are not plain.
		seen := 8 - (len(s) - i)
		return i + plainBytes(word(s, len(s)-8)>>(8*seen))
	}
	for i < len(s) && plainByte(s[i]) {
		i++
	}
	return i
}

// word loads eight bytes of s, the first as the lowest.
func word[S string | []byte](s S, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// plainBytes returns for how many of the eight bytes of w, from the lowest on,
// plainByte holds. To find a byte that is zero, subtract one from each: the
// lowest that is zero is also the lowest to borrow from its top bit. Quote and
// ampersand differ in one bit, and so do the angle brackets.
func plainBytes(w uint64) int {
	const (
		ones = 0x0101010101010101
		tops = 0x8080808080808080
	)
	quoteAmp := w&^(ones*('"'^'&')) ^ ones*('"'&'&')
	angles := w&^(ones*('<'^'>')) ^ ones*('<'&'>')
	backslash := w ^ ones*'\\'
	special := w | // not ASCII
		(w-ones*' ')&^w | // control characters
		(quoteAmp-ones)&^quoteAmp |
		(angles-ones)&^angles |
		(backslash-ones)&^backslash
	return bits.TrailingZeros64(special&tops) / 8 // 64/8 if there is none
}
