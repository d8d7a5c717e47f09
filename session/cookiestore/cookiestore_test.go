package cookiestore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/cookiestore"
	"github.com/ashlar-go/ashlar/session/sessiontest"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func ring(t testing.TB, secrets ...string) *keys.Ring {
	t.Helper()
	r, err := keys.Parse(strings.Join(secrets, ","))
	want.NoErr(t, err)
	return r
}

func TestSuite(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, sessiontest.Client, func(t *testing.T) (context.Context, session.Driver) {
		return t.Context(), cookiestore.New(ring(t, keys.Generate()))
	})
}

func record(t testing.TB, d session.Driver) string {
	t.Helper()
	cookie, err := d.Save(t.Context(), "", session.Change{Record: session.Record{Ref: keys.Token(16), CSRF: make([]byte, 16),
		Created: now, Seen: now, Expires: now.Add(time.Hour), Values: session.Values{"a": []byte("1")}}, Touched: []string{"a"}}, now)
	want.NoErr(t, err)
	return cookie
}

func TestKeys(t *testing.T) {
	t.Parallel()
	old, fresh := keys.Generate(), keys.Generate()
	cookie := record(t, cookiestore.New(ring(t, old)))

	_, err := cookiestore.New(ring(t, fresh, old)).Load(t.Context(), cookie, now)
	want.NoErr(t, err) // a rotated ring reads on
	_, err = cookiestore.New(ring(t, fresh)).Load(t.Context(), cookie, now)
	want.Err(t, err, session.ErrNone)
}

// What the app sealed for another purpose is no session, whatever it holds.
func TestOtherPurpose(t *testing.T) {
	t.Parallel()
	r := ring(t, keys.Generate())
	for _, purpose := range []string{"session", "ashlar session cookie", "remember"} {
		text, err := r.Seal(purpose, []byte(`{"r":"x","e":99999999999999999}`), nil)
		want.NoErr(t, err)
		_, err = cookiestore.New(r).Load(t.Context(), text, now)
		want.Err(t, err, session.ErrNone)
	}
}

// A full session fits into the 4096 bytes that browsers take, with the name and
// the attributes of its cookie.
func TestCookieSize(t *testing.T) {
	t.Parallel()
	d := cookiestore.New(ring(t, keys.Generate()))
	v := session.Values{"k": []byte(`"` + strings.Repeat("x", d.Limit()-len(`{"k":""}`)) + `"`)}
	want.Equal(t, v.Size(), d.Limit())
	cookie, err := d.Save(t.Context(), "", session.Change{Record: session.Record{Ref: keys.Token(16), CSRF: make([]byte, 32),
		Created: now, Seen: now, Expires: now, Values: v}, Touched: []string{"k"}}, now)
	want.NoErr(t, err)
	if len(cookie) > 3584 {
		t.Errorf("got a cookie of %d bytes, want 3584 at most", len(cookie))
	}
}

// FuzzLoad: no text is a session but what the driver made.
func FuzzLoad(f *testing.F) {
	d := cookiestore.New(ring(f, keys.Generate()))
	cookie := record(f, d)
	f.Add(cookie)
	f.Add("")
	f.Add(strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, text string) {
		_, err := d.Load(t.Context(), text, now)
		if text != cookie && !errors.Is(err, session.ErrNone) {
			t.Errorf("%q: got error %v, want ErrNone", text, err)
		}
	})
}
