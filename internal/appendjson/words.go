package appendjson

import (
	"math/bits"
	"unicode/utf8"
)

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

// skipPlain returns an index from i on before which all bytes are plain. It
// stops at the first byte that is not, or is merely suspected, or at len(s).
func skipPlain[S string | []byte](s S, i int) int {
	for ; i+8 <= len(s); i += 8 {
		if found := suspects(word(s, i)); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	if i == len(s) {
		return i
	}
	return min(i+bits.TrailingZeros64(suspects(lastWord(s[i:], len(s)-i)))/8, len(s))
}

// word loads eight bytes of s, the first as the lowest.
func word[S string | []byte](s S, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// lastWord loads the last n bytes of s, from one to seven; zeros follow.
func lastWord[S string | []byte](s S, n int) uint64 {
	switch {
	case len(s) >= 8: // what comes before them is shifted out
		return word(s, len(s)-8) >> (64 - 8*n)
	case n >= 4: // two halves, which may overlap
		return half(s, 0) | half(s, n-4)<<(8*(n-4))
	}
	return uint64(s[0]) | uint64(s[n/2])<<(n/2*8) | uint64(s[n-1])<<(8*(n-1))
}

func half[S string | []byte](s S, i int) uint64 {
	_ = s[i+3]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24
}

// suspects returns a bit in the top of each of the eight bytes of w that may
// not be plain, and no bit below the lowest of those that are not. Besides
// bytes after such a one it suspects ^, | and ~, which differ from \, < and >
// in one bit: to look at them again costs less than to tell them apart.
//
// To find a byte below n, subtract n from each: it borrows from its top bit.
func suspects(w uint64) uint64 {
	const (
		ones   = 0x0101010101010101
		tops   = 0x8080808080808080
		quotes = '"' ^ '&'              // one bit
		angles = '<' ^ '>' | '<' ^ '\\' // three
	)
	quote := w&^(ones*quotes) ^ ones*('"'&^quotes) // zero for " and &
	angle := w&^(ones*angles) ^ ones*('<'&^angles) // zero for <, >, \, ^, |, ~ and control characters
	return (w | (w - ones*' ') | (quote - ones) | (angle - ones)) & tops
}
