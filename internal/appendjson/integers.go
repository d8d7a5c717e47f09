package appendjson

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// intRoom is how many bytes putInt and putUint may write to, which is more than
// they say: a sign and three words of eight digits.
const intRoom = 1 + 3*8

func appendInt(dst []byte, i int64) []byte {
	dst = slices.Grow(dst, intRoom)
	n := len(dst)
	return dst[:n+putInt(dst[n:n+intRoom], i)]
}

func appendUint(dst []byte, u uint64) []byte {
	dst = slices.Grow(dst, intRoom)
	n := len(dst)
	return dst[:n+putUint(dst[n:n+intRoom], u)]
}

// putInt writes i to b, which has intRoom, and returns how many bytes i took.
func putInt(b []byte, i int64) int {
	if i >= 0 {
		return putUint(b, uint64(i))
	}
	b[0] = '-'
	return 1 + putUint(b[1:], -uint64(i))
}

const (
	fourDigits  = 10_000
	eightDigits = 100_000_000
	zeros       = 0x3030303030303030 // "00000000"
)

// putUint writes u to b and returns how many bytes u took. Most numbers are
// years, counts and prices: a branch for these saves 1 or 2 % of a list.
func putUint(b []byte, u uint64) int {
	switch {
	case u < fourDigits:
		d := pairs(u/100 | u%100<<16)
		leading := bits.TrailingZeros32(uint32(d)|1<<24) / 8 // the last digit stays
		binary.LittleEndian.PutUint32(b, (uint32(d)|zeros&0xffffffff)>>(8*leading))
		return 4 - leading
	case u < eightDigits:
		d := eight(u)
		leading := bits.TrailingZeros64(d) / 8
		binary.LittleEndian.PutUint64(b, (d|zeros)>>(8*leading))
		return 8 - leading
	}
	n := putUint(b, u/eightDigits)
	binary.LittleEndian.PutUint64(b[n:], eight(u%eightDigits)|zeros)
	return n + 8
}

// eight returns the eight digits of u, one in each byte, the first in the
// lowest. It splits all parts of a word at once: 10486/2^20 stands for 1/100,
// which is exact for four digits.
func eight(u uint64) uint64 {
	halves := u/fourDigits | u%fourDigits<<32
	hundreds := halves * 10_486 >> 20 & 0x7f_0000_007f
	return pairs(hundreds | (halves-100*hundreds)<<16)
}

// pairs splits each number below 100, of sixteen bits, into two digits:
// 103/2^10 stands for 1/10.
func pairs(x uint64) uint64 {
	tens := x * 103 >> 10 & 0x000f_000f_000f_000f
	return tens | (x-10*tens)<<8
}
