package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Size is a number of bytes, from 0 to 2⁶³-1. As text it is a whole number
// with an optional unit: B, the IEC units of 1024 (KiB, MiB, GiB, TiB) or the
// SI units of 1000 (kB or KB, MB, GB, TB). A space before the unit is allowed,
// upper and lower case mean the same. Bare letters such as "10M" are not
// read, as people mean different things by them.
type Size int64

// Units for sizes written in code: 10 * config.MiB.
const (
	KiB Size = 1 << 10
	MiB Size = 1 << 20
	GiB Size = 1 << 30
	TiB Size = 1 << 40
)

// sizeUnits is ordered so that no unit is the end of a later one.
var sizeUnits = []struct {
	suffix string
	bytes  Size
}{
	{"kib", KiB}, {"mib", MiB}, {"gib", GiB}, {"tib", TiB},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"b", 1},
}

// UnmarshalText reads a size; see [Size] for what is allowed.
func (s *Size) UnmarshalText(text []byte) error {
	number, unit := strings.ToLower(strings.TrimSpace(string(text))), Size(1)
	for _, u := range sizeUnits {
		if digits, found := strings.CutSuffix(number, u.suffix); found {
			number, unit = strings.TrimRight(digits, " "), u.bytes
			break
		}
	}
	n, err := strconv.ParseUint(number, 10, 63)
	if err != nil {
		return fmt.Errorf("config: read size %q: want a whole number of bytes with an optional unit, such as 512KB or 10MiB", text)
	}
	if n > math.MaxInt64/uint64(unit) {
		return fmt.Errorf("config: read size %q: larger than %d bytes", text, int64(math.MaxInt64))
	}
	*s = Size(n) * unit
	return nil
}

// String returns the size in the largest IEC unit that it is a whole number
// of: "10MiB", "1000B".
func (s Size) String() string {
	switch {
	case s == 0:
		return "0B"
	case s%TiB == 0:
		return fmt.Sprintf("%dTiB", int64(s/TiB))
	case s%GiB == 0:
		return fmt.Sprintf("%dGiB", int64(s/GiB))
	case s%MiB == 0:
		return fmt.Sprintf("%dMiB", int64(s/MiB))
	case s%KiB == 0:
		return fmt.Sprintf("%dKiB", int64(s/KiB))
	}
	return fmt.Sprintf("%dB", int64(s))
}

// MarshalText returns what [Size.String] returns.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
