package httpd

import "math/bits"

// Searches that look at eight bytes at a time, as one word. Sums and borrows
// may spill into the bytes above one that is found, never into those below, so
// the lowest mark is right.

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// eight returns the eight bytes of b at i. It is one load, to the compiler.
func eight[T []byte | string](b T, i int) uint64 {
	e := b[i : i+8]
	return uint64(e[0]) | uint64(e[1])<<8 | uint64(e[2])<<16 | uint64(e[3])<<24 |
		uint64(e[4])<<32 | uint64(e[5])<<40 | uint64(e[6])<<48 | uint64(e[7])<<56
}

// valueEnd returns the offset of the first byte at or behind i that a field
// value may not hold: a control character other than the tab.
func valueEnd[T []byte | string](b T, i int) int {
	for i+8 <= len(b) {
		x := eight(b, i)
		// A byte below 0x20 borrows from its highest bit, and so does 0x7f
		// when it has been turned into zero.
		del := x ^ 0x7f*ones
		marks := ((x-0x20*ones)&^x | (del-ones)&^del) & highs
		if marks == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(marks) >> 3
		if b[i] != '\t' {
			return i
		}
		i++
	}
	for i < len(b) && (b[i] >= 0x20 && b[i] != 0x7f || b[i] == '\t') {
		i++
	}
	return i
}

// wordEnd skips letters and hyphens from i on, which is what most field names
// are made of. It stops at something else, or less than eight bytes before the
// end.
func wordEnd[T []byte | string](b T, i int) int {
	for i+8 <= len(b) {
		x := eight(b, i)
		lower := x | 0x20*ones
		letters := (lower + (0x80-'a')*ones) &^ (lower + (0x7f-'z')*ones)
		hyphens := ^((x ^ '-'*ones) + 0x7f*ones)
		others := (^(letters | hyphens) | x) & highs
		if others != 0 {
			return i + bits.TrailingZeros64(others)>>3
		}
		i += 8
	}
	return i
}
