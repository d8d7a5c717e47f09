package keys_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	ring := newRing(t, 1)
	for _, size := range []int{0, 1, 2, 3, 100, keys.MaxSealed} {
		plain := secret(7, size)
		text, err := ring.Seal("session", plain, []byte("user 1"))
		want.NoErr(t, err)
		want.Equal(t, len(text), base64.RawURLEncoding.EncodedLen(size+33))
		got, err := ring.Open("session", text, []byte("user 1"))
		want.NoErr(t, err)
		want.Equal(t, bytes.Equal(got, plain), true)
	}

	again := map[string]bool{}
	for range 100 {
		text, err := ring.Seal("session", nil, nil)
		want.NoErr(t, err)
		again[text] = true
	}
	want.Equal(t, len(again), 100)

	_, err := ring.Seal("session", make([]byte, keys.MaxSealed+1), nil)
	want.Err(t, err, errs.TooLarge)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	ring := newRing(t, 1)
	text, err := ring.Seal("session", []byte("role=user"), []byte("user 1"))
	want.NoErr(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	want.NoErr(t, err)

	refuse := func(name string, r *keys.Ring, purpose, text, context string) {
		t.Helper()
		got, err := r.Open(purpose, text, []byte(context))
		if got != nil || err != keys.ErrInvalid {
			t.Errorf("%s: got %q, %v, want ErrInvalid", name, got, err)
		}
	}
	refuse("other purpose", ring, "reset", text, "user 1")
	refuse("other context", ring, "session", text, "user 2")
	refuse("no context", ring, "session", text, "")
	refuse("other ring", newRing(t, 2), "session", text, "user 1")
	refuse("context moved", ring, "session", text+"user", " 1")
	refuse("empty", ring, "session", "", "user 1")
	refuse("padded", ring, "session", text+"==", "user 1")
	refuse("line end", ring, "session", text[:8]+"\n"+text[8:], "user 1")
	refuse("carriage return", ring, "session", text+"\r", "user 1")
	refuse("too long", ring, "session", strings.Repeat("A", 2*keys.MaxSealed), "user 1")
	refuse("a signature", ring, "session", ring.Sign("session", []byte("role=user")), "user 1")
	for i := range text {
		refuse("truncated", ring, "session", text[:i], "user 1")
		refuse("beheaded", ring, "session", text[i+1:], "user 1")
	}
	for i := range raw {
		for bit := range 8 {
			raw[i] ^= 1 << bit
			refuse("flipped bit", ring, "session", base64.RawURLEncoding.EncodeToString(raw), "user 1")
			raw[i] ^= 1 << bit
		}
	}
}

// No second text stands for the same bytes, so a text may be a key in a list of
// used ones.
func TestTextIsCanonical(t *testing.T) {
	t.Parallel()
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=\x00 "
	ring := newRing(t, 1)
	sealed, err := ring.Seal("x", []byte("12"), nil)
	want.NoErr(t, err)
	signed := ring.Sign("x", []byte("12"))
	for _, text := range []string{sealed, signed} {
		for i := range text {
			for _, c := range []byte(alphabet) {
				other := text[:i] + string(c) + text[i+1:]
				if other == text {
					continue
				}
				if _, err := ring.Open("x", other, nil); err == nil {
					t.Fatalf("got %q opened, want only %q", other, text)
				}
				if ring.Verify("x", []byte("12"), other) == nil {
					t.Fatalf("got %q verified, want only %q", other, text)
				}
			}
		}
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	ring := newRing(t, 1)
	data := []byte("films/7")
	mac := ring.Sign("download", data)
	want.Equal(t, len(mac), 48)
	want.Equal(t, ring.Sign("download", data), mac)
	want.NoErr(t, ring.Verify("download", data, mac))

	want.Err(t, ring.Verify("upload", data, mac), keys.ErrInvalid)
	want.Err(t, ring.Verify("download", []byte("films/8"), mac), keys.ErrInvalid)
	want.Err(t, ring.Verify("download", nil, mac), keys.ErrInvalid)
	want.Err(t, ring.Verify("download", data, mac+"AAAA"), keys.ErrInvalid)
	want.Err(t, newRing(t, 2).Verify("download", data, mac), keys.ErrInvalid)
	for i := range mac {
		want.Err(t, ring.Verify("download", data, mac[:i]), keys.ErrInvalid)
	}
}

// The format is a promise: text that is about must open after an upgrade.
func TestFormatIsStable(t *testing.T) {
	t.Parallel()
	ring := newRing(t, 1)
	want.Equal(t, ring.Sign("download", []byte("films/7")), stableSignature)
	got, err := ring.Open("session", stableSealed, []byte("user 1"))
	want.NoErr(t, err)
	want.Equal(t, string(got), "role=user")
}

func TestRotation(t *testing.T) {
	t.Parallel()
	before, during, after := newRing(t, 1), newRing(t, 2, 1), newRing(t, 2)

	old, err := before.Seal("session", []byte("old"), nil)
	want.NoErr(t, err)
	oldMAC := before.Sign("download", []byte("old"))
	renewed, err := during.Seal("session", []byte("new"), nil)
	want.NoErr(t, err)
	renewedMAC := during.Sign("download", []byte("new"))

	tests := []struct {
		name             string
		ring             *keys.Ring
		readOld, readNew bool
	}{
		{"before", before, true, false},
		{"during", during, true, true},
		{"after", after, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.ring.Open("session", old, nil)
			want.Equal(t, err == nil, tt.readOld)
			want.Equal(t, tt.ring.Verify("download", []byte("old"), oldMAC) == nil, tt.readOld)
			_, err = tt.ring.Open("session", renewed, nil)
			want.Equal(t, err == nil, tt.readNew)
			want.Equal(t, tt.ring.Verify("download", []byte("new"), renewedMAC) == nil, tt.readNew)
		})
	}
}

func FuzzOpen(f *testing.F) {
	ring := newRing(f, 1, 2)
	// A nonce is random and the fuzzer runs in several processes, so the one
	// text that opens is one that was sealed long ago.
	const text = stableSealed
	f.Add(text)
	f.Add(text[1:])
	f.Add("")
	f.Add("AQ\n")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ring.Open("session", in, []byte("user 1"))
		if good := in == text; good != (err == nil) || !good && err != keys.ErrInvalid {
			t.Errorf("got %q, %v for %q, want ErrInvalid for all but one text", got, err, in)
		}
	})
}

func FuzzVerify(f *testing.F) {
	ring := newRing(f, 1, 2)
	mac := ring.Sign("x", []byte("data"))
	f.Add(mac, []byte("data"))
	f.Add(mac[:47], []byte("data"))
	f.Add("", []byte{})
	f.Fuzz(func(t *testing.T, in string, data []byte) {
		err := ring.Verify("x", data, in)
		if good := in == ring.Sign("x", data); good != (err == nil) || !good && err != keys.ErrInvalid {
			t.Errorf("got %v for %q of %q, want nil for the signature alone", err, in, data)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	ring := newRing(b, 1, 2)
	text, err := ring.Seal("session", secret(1, 200), nil)
	want.NoErr(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ring.Open("session", text, nil); err != nil {
			b.Fatal(err)
		}
	}
}
