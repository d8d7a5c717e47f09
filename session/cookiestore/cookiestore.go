package cookiestore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
)

// Store keeps the app's sessions in sealed cookies. It needs ashlar.Config.Keys
// in production.
func Store(s *ashlar.Setup) {
	s.Provide(func(r *keys.Ring) session.Driver { return New(r) })
}

const (
	// purpose binds the sealed text to this use and this layout.
	purpose = "ashlar session cookie 1"

	// maxSealed is how long a cookie may be, so that with its name and its
	// attributes it stays under the 4096 bytes that browsers must take (RFC
	// 6265, section 6.1).
	maxSealed = 3584

	// limit is how many bytes the values may have: what fits into maxSealed (44
	// characters and 4 for every 3 bytes) but for the rest of sealed.
	limit = (maxSealed-44)*3/4 - 200
)

// sealed is the plaintext of a cookie. Times are microseconds since 1970.
type sealed struct {
	Ref     string         `json:"r"`
	CSRF    []byte         `json:"s"`
	Created int64          `json:"c"`
	Seen    int64          `json:"u"`
	Expires int64          `json:"e"`
	Values  session.Values `json:"v"`
}

// Driver keeps sessions in cookies. It is safe for concurrent use.
type Driver struct{ ring *keys.Ring }

var _ session.Driver = (*Driver)(nil)

// New returns a driver that seals with ring.
func New(ring *keys.Ring) *Driver { return &Driver{ring} }

// Load returns the session that the cookie holds.
func (d *Driver) Load(_ context.Context, cookie string, now time.Time) (*session.Record, error) {
	if len(cookie) > maxSealed {
		return nil, session.ErrNone
	}
	plain, err := d.ring.Open(purpose, cookie, nil)
	if err != nil {
		return nil, session.ErrNone
	}
	var s sealed
	if err := json.Unmarshal(plain, &s); err != nil {
		return nil, session.ErrNone // better a new session than a visitor who is shut out
	}
	r := &session.Record{Ref: s.Ref, CSRF: s.CSRF, Values: s.Values,
		Created: time.UnixMicro(s.Created).UTC(), Seen: time.UnixMicro(s.Seen).UTC(), Expires: time.UnixMicro(s.Expires).UTC()}
	if !now.Before(r.Expires) {
		return nil, session.ErrNone
	}
	return r, nil
}

// Save returns the cookie that holds the session as this request leaves it.
func (d *Driver) Save(ctx context.Context, cookie string, c session.Change, now time.Time) (string, error) {
	if cookie != "" {
		if _, err := d.Load(ctx, cookie, now); err != nil {
			return "", err
		}
	}
	r := c.Record
	// Nothing is stored elsewhere that could have grown meanwhile: the merge is
	// with what was loaded, and checks the limit.
	values, err := c.Merge(r.Values, limit)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(sealed{Ref: r.Ref, CSRF: r.CSRF, Values: values,
		Created: r.Created.UnixMicro(), Seen: r.Seen.UnixMicro(), Expires: r.Expires.UnixMicro()})
	if err != nil {
		return "", fmt.Errorf("cookiestore: write session: %w", err)
	}
	text, err := d.ring.Seal(purpose, plain, nil)
	if err == nil && len(text) > maxSealed {
		err = fmt.Errorf("cookiestore: write session: %d bytes sealed, %d at most", len(text), maxSealed)
	}
	return text, err
}

// Delete does nothing: the visitor's browser drops the cookie. See the package
// comment for what that means.
func (d *Driver) Delete(context.Context, string) error { return nil }

// Sweep does nothing: what has expired is in nobody's way.
func (d *Driver) Sweep(context.Context, time.Time) (int64, error) { return 0, nil }

// Limit returns 2455 bytes.
func (d *Driver) Limit() int { return limit }
