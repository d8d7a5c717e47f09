package keys_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
)

// secret returns n bytes that differ from one seed to the next.
func secret(seed byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = seed + byte(i)*7
	}
	return b
}

func newRing(t testing.TB, seeds ...byte) *keys.Ring {
	t.Helper()
	var secrets [][]byte
	for _, seed := range seeds {
		secrets = append(secrets, secret(seed, 32))
	}
	ring, err := keys.New(secrets...)
	want.NoErr(t, err)
	return ring
}

func TestNew(t *testing.T) {
	t.Parallel()
	many := make([][]byte, keys.MaxSecrets+1)
	for i := range many {
		many[i] = secret(byte(i), 32)
	}
	tests := []struct {
		name    string
		secrets [][]byte
		want    string // in the error; "" for none
	}{
		{"one", [][]byte{secret(1, 32)}, ""},
		{"long", [][]byte{secret(1, 1024)}, ""},
		{"most", many[1:], ""},
		{"none", nil, "needs 1 to 16 secrets, got 0"},
		{"too many", many, "got 17"},
		{"short", [][]byte{secret(1, 31)}, "secret 1 has 31 bytes, not 32 to 1024"},
		{"too long", [][]byte{secret(1, 32), secret(2, 1025)}, "secret 2 has 1025 bytes"},
		{"nil", [][]byte{nil}, "secret 1 has 0 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.New(tt.secrets...)
			if tt.want == "" {
				want.NoErr(t, err)
				return
			}
			setup, ok := errors.AsType[*errs.Setup](err)
			if !ok || setup.Code != "A1420" {
				t.Fatalf("got error %#v, want a *errs.Setup with code A1420", err)
			}
			want.Contains(t, err.Error(), tt.want)
		})
	}
}

// A ring keeps nothing of the slices that it was made from.
func TestNewCopies(t *testing.T) {
	t.Parallel()
	s := secret(1, 32)
	ring, err := keys.New(s)
	want.NoErr(t, err)
	clear(s)
	want.NoErr(t, newRing(t, 1).Verify("x", nil, ring.Sign("x", nil)))
}

func TestParse(t *testing.T) {
	t.Parallel()
	a, b := secret(250, 32), secret(0xF8, 33) // both alphabets differ in these
	text := newRing(t, 250).Sign("x", nil)
	std, url := base64.StdEncoding, base64.RawURLEncoding
	for _, list := range []string{
		std.EncodeToString(a),
		url.EncodeToString(a),
		" " + url.EncodeToString(b) + " ,\n" + std.EncodeToString(a) + "\n",
	} {
		ring, err := keys.Parse(list)
		want.NoErr(t, err)
		want.NoErr(t, ring.Verify("x", nil, text))

		var field struct{ Keys keys.Ring }
		want.NoErr(t, json.Unmarshal([]byte(fmt.Sprintf(`{"Keys":%q}`, list)), &field))
		want.NoErr(t, field.Keys.Verify("x", nil, text))
	}

	bad := map[string]string{
		"":                             "A1421",
		",":                            "A1421",
		url.EncodeToString(a) + ",":    "A1421",
		"correct horse battery staple": "A1421",
		"c2hvcnQ":                      "A1420",
	}
	for list, code := range bad {
		_, err := keys.Parse(list)
		setup, ok := errors.AsType[*errs.Setup](err)
		if !ok || setup.Code != code {
			t.Errorf("got error %v for %q, want a *errs.Setup with code %s", err, list, code)
			continue
		}
		for word := range strings.FieldsSeq(list) {
			if len(word) > 4 && strings.Contains(err.Error(), word) {
				t.Errorf("got %q, want no part of the list in it", err)
			}
		}
		if err := new(keys.Ring).UnmarshalText([]byte(list)); err == nil {
			t.Errorf("got no error from UnmarshalText of %q, want that of Parse", list)
		}
	}
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	one, two := keys.Generate(), keys.Generate()
	want.Equal(t, len(one), 43)
	want.Equal(t, one == two, false)
	_, err := keys.Parse(one + "," + two)
	want.NoErr(t, err)
}

func TestToken(t *testing.T) {
	t.Parallel()
	for n, length := range map[int]int{-1: 22, 0: 22, 16: 22, 24: 32, 32: 43} {
		a, b := keys.Token(n), keys.Token(n)
		want.Equal(t, len(a), length)
		want.Equal(t, a == b, false)
		want.Equal(t, strings.Trim(a, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), "")
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	want.Equal(t, keys.Equal("abc", "abc"), true)
	want.Equal(t, keys.Equal("", ""), true)
	want.Equal(t, keys.Equal("abc", "abd"), false)
	want.Equal(t, keys.Equal("abc", "abcd"), false)
	want.Equal(t, keys.Equal("", "a"), false)
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{'Q'}, 32)
	ring, err := keys.New(raw, secret(9, 32))
	want.NoErr(t, err)

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", ring)
		fmt.Fprintf(&out, verb+"\n", *ring)
		fmt.Fprintf(&out, verb+"\n", struct{ Keys keys.Ring }{*ring})
	}
	js, err := json.Marshal(map[string]any{"a": ring, "b": *ring})
	want.NoErr(t, err)
	out.Write(js)
	slog.New(slog.NewTextHandler(&out, nil)).Info("start", "ring", ring, "copy", *ring)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("start", "ring", ring, "copy", *ring)

	text := out.String()
	for _, leak := range []string{"QQQQ", "5151", "81 81", "81, 81", "UVFR"} {
		if strings.Contains(text, leak) {
			t.Errorf("got %q in %s", leak, text)
		}
	}
	want.Equal(t, strings.Count(text, ring.String()), 7*3+2+4)
	want.Equal(t, new(keys.Ring).String(), "keys.Ring()")
}

func TestEmptyRing(t *testing.T) {
	t.Parallel()
	var ring keys.Ring
	full := newRing(t, 1)
	sealed, err := full.Seal("x", []byte("a"), nil)
	want.NoErr(t, err)
	_, err = ring.Open("x", sealed, nil)
	want.Err(t, err, keys.ErrInvalid)
	want.Err(t, ring.Verify("x", nil, full.Sign("x", nil)), keys.ErrInvalid)
	defer func() { want.Contains(t, fmt.Sprint(recover()), "keys: the ring is empty") }()
	ring.Sign("x", nil)
}

func TestErrInvalidKind(t *testing.T) {
	t.Parallel()
	want.Err(t, keys.ErrInvalid, errs.Malformed)
	want.Equal(t, errs.Message(keys.ErrInvalid), "")
}

// Purposes are derived while others are read, and beyond the cache's bound.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	ring := newRing(t, 1, 2)
	copied := *ring
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 300 {
				purpose := fmt.Sprint("purpose ", (i+g*75)%300)
				text, err := ring.Seal(purpose, []byte(purpose), nil)
				if err != nil {
					t.Error(err)
					return
				}
				got, err := copied.Open(purpose, text, nil)
				if err != nil || string(got) != purpose {
					t.Errorf("got %q, %v, want %q", got, err, purpose)
				}
			}
		})
	}
	wg.Wait()
}
