package ashlar

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"sync/atomic"
	"time"
)

// A Clock tells the time. Modules get the app's by needing this type; code with
// a context uses [Now].
type Clock func() time.Time

// systemClock is the one place where the wall clock is read; Config.Clock
// replaces it.
func systemClock() time.Time { return time.Now() }

// uptime is the time since the app was made. It reads one of the two clocks that
// make a time.Time.
func (a *App) uptime() time.Duration { return time.Since(a.born) }

// Now returns the time by the clock of the app that ctx belongs to. Outside of
// an app it is the zero time: give such code a ctx of an app, or a time.
func Now(ctx context.Context) time.Time {
	if c, ok := ctx.Value(ctxKey{}).(*Ctx); ok {
		return c.app.clock()
	}
	if a, ok := ctx.Value(appKey{}).(*App); ok {
		return a.clock()
	}
	return time.Time{}
}

// ids makes the ids of requests: unique in this process by a counter, among
// processes by a random part. They are for finding, not for keeping secrets.
type ids struct {
	prefix string
	n      atomic.Uint64
}

func newIDs() *ids {
	var b [5]byte
	_, _ = rand.Read(b[:])
	return &ids{prefix: strings.ToLower(base32.StdEncoding.EncodeToString(b[:])) + "-"}
}

func (i *ids) next() string {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz"
	n := i.n.Add(1)
	var b [24]byte
	at := len(b)
	for at == len(b) || n > 0 {
		at--
		b[at] = digits[n&31]
		n >>= 5
	}
	return i.prefix + string(b[at:])
}

// requestID takes over the id that a trusted proxy gave, else makes one.
func (a *App) requestID(c *Ctx) string {
	if id := c.forwarded("X-Request-Id"); id != "" && len(id) <= 64 && isToken(id) {
		return id
	}
	return a.ids.next()
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		b := s[i]
		if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.') {
			return false
		}
	}
	return s != ""
}
