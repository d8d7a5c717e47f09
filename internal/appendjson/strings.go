package appendjson

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// appendString appends s in quotes. Escaped are what JSON asks for; <, > and &,
// so that the text may stand inside HTML; and U+2028 and U+2029, which end a
// line in older JavaScript. A byte that is not part of UTF-8 becomes \ufffd.
func appendString[S string | []byte](dst []byte, s S) []byte {
	n := len(dst)
	if room := len(s) + 10; cap(dst)-n < room { // quotes, and a word for the last byte
		dst = slices.Grow(dst, room)
	}
	b := dst[n:cap(dst)]
	b[0] = '"'
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := word(s, i)
		if suspects(w) != 0 {
			return append(appendEscaped(dst[:n+1], s, i), '"')
		}
		binary.LittleEndian.PutUint64(b[1+i:], w)
	}
	if rest := len(s) - i; rest > 0 {
		w := lastWord(s, rest)
		if bits.TrailingZeros64(suspects(w)) < 8*rest {
			return append(appendEscaped(dst[:n+1], s, i), '"')
		}
		binary.LittleEndian.PutUint64(b[1+i:], w)
	}
	b[1+len(s)] = '"'
	return dst[:n+len(s)+2]
}

// appendEscaped appends s, in which the first n bytes are plain.
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
