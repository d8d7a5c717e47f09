package httpd_test

import (
	"bytes"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
)

// Each byte at each place, in front of each kind of neighbour, is found as by
// looking at one byte after the other.
func TestSearches(t *testing.T) {
	t.Parallel()
	word := func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '-' }
	value := func(c byte) bool { return c == '\t' || c >= 0x20 && c != 0x7f }
	for _, next := range []byte{'a', 0, 0x1f, 0x7f, 0x80, 0xff, '\t', '-', '\r'} {
		for at := range 20 {
			for c := range 256 {
				b := append(bytes.Repeat([]byte{'Z'}, 20), next, next)
				b[at], b[at+1] = byte(c), next
				firstNot(t, b, value, httpd.ValueEnd(b, 3), len(b))
				// wordEnd leaves the last seven bytes to its caller.
				firstNot(t, b, word, httpd.WordEnd(b, 3), len(b)-(len(b)-3)%8)
			}
		}
	}
}

func firstNot(t *testing.T, b []byte, is func(byte) bool, got, most int) {
	t.Helper()
	want := 3
	for want < most && is(b[want]) {
		want++
	}
	if got != want {
		t.Fatalf("%q: got %d, want %d", b, got, want)
	}
}
