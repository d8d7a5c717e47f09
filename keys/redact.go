package keys

import (
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

var (
	_ fmt.Formatter  = Ring{}
	_ slog.LogValuer = Ring{}
)

// String returns the ids of the ring's secrets, the writing one first. An id
// tells rings apart, for example while secrets are rotated, and nothing else.
func (r Ring) String() string {
	var b strings.Builder
	b.WriteString("keys.Ring(")
	for i, s := range r.secrets {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(hex.EncodeToString(s.id[:]))
	}
	b.WriteString(")")
	return b.String()
}

// Format writes String, whatever the verb.
func (r Ring) Format(f fmt.State, _ rune) { io.WriteString(f, r.String()) }

// MarshalText returns String, so JSON and the like hold no secret. It is not
// what UnmarshalText reads.
func (r Ring) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// LogValue returns String.
func (r Ring) LogValue() slog.Value { return slog.StringValue(r.String()) }
