package session

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/ashlar-go/ashlar"
)

// A Store declares a driver in an app: it provides a [Driver] and adds what
// that needs, such as its table. dbstore.Store and cookiestore.Store are there.
type Store func(*ashlar.Setup)

// A Driver keeps sessions. It is safe for concurrent use; package sessiontest
// proves that it does what is said here.
//
// A cookie is the text that the visitor's browser holds. Drivers make it, of
// the characters A-Z, a-z, 0-9, - and _, and nobody can guess or alter one.
type Driver interface {
	// Load returns the session that cookie stands for, or [ErrNone] when there
	// is none that is alive at now. No text that a visitor sends becomes a
	// session, and none is an error other than ErrNone.
	Load(ctx context.Context, cookie string, now time.Time) (*Record, error)

	// Save stores a session and returns the cookie that stands for it from then
	// on. With cookie "" it is a new one. Else it is the one that cookie stands
	// for at now, ErrNone if there is none: Save never brings one back. If
	// c.Rotate is set the returned cookie is another one. c is not changed.
	Save(ctx context.Context, cookie string, c Change, now time.Time) (string, error)

	// Delete ends the session that cookie stands for. It is no error if there
	// is none.
	Delete(ctx context.Context, cookie string) error

	// Sweep removes the sessions that are over at now and returns how many.
	Sweep(ctx context.Context, now time.Time) (int64, error)

	// Limit returns how many bytes the [Values] of a session may have, in JSON.
	Limit() int
}

// Values are what a session holds: JSON by key.
type Values map[string]json.RawMessage

// maxKeys bounds the keys of a session.
const maxKeys = 100

// Size returns how many bytes v has as a JSON object.
func (v Values) Size() int {
	n := len("{}")
	for key, raw := range v {
		n += len(key) + len(raw) + len(`"":,`)
	}
	return max(2, n-1) // one comma less than values
}

// fits returns a *LimitError if v is too large. It blames key.
func (v Values) fits(key string, limit int) error {
	if len(v) > maxKeys {
		return &LimitError{Key: key, What: "keys", Got: len(v), Limit: maxKeys}
	}
	if n := v.Size(); n > limit {
		return &LimitError{Key: key, What: "bytes", Got: n, Limit: limit}
	}
	return nil
}

// A Record is one session as drivers keep it. Times are in UTC and of
// microseconds.
type Record struct {
	Ref     string    // names the session for as long as it lasts; 22 characters
	CSRF    []byte    // the secret of its CSRF tokens, 16 to 32 bytes
	Created time.Time // when it began
	Seen    time.Time // when it was in use last, as far as that was written down
	Expires time.Time // when it is over
	Values  Values
}

// A Change is what one request makes of a session.
type Change struct {
	// Record is the session as this request leaves it. All of it but the values
	// replaces what is stored.
	Record Record

	// Touched are the keys that the request set or deleted, ascending: those
	// that are in Record.Values are to be set, the others to be deleted.
	Touched []string

	// Rotate asks for a new cookie; the old one is worth nothing from then on.
	Rotate bool
}

// Merge returns stored with the touched keys as the request left them, so that
// what other requests have changed meanwhile stays. It is a *[LimitError] when
// that has more than limit bytes. Neither c nor stored is changed.
func (c Change) Merge(stored Values, limit int) (Values, error) {
	merged := maps.Clone(stored)
	if merged == nil {
		merged = Values{}
	}
	blame := ""
	for _, key := range c.Touched {
		if raw, ok := c.Record.Values[key]; ok {
			merged[key] = raw
			if len(raw) >= len(c.Record.Values[blame]) {
				blame = key
			}
		} else {
			delete(merged, key)
		}
	}
	if blame == "" { // nothing grew
		return merged, nil
	}
	return merged, merged.fits(blame, limit)
}

// sets reports whether the request loses something of its own if the change is
// not stored. What it deleted is gone with the session, too.
func (c Change) sets() bool {
	return c.Rotate || slices.ContainsFunc(c.Touched, func(key string) bool {
		_, ok := c.Record.Values[key]
		return ok
	})
}
