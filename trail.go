package ashlar

import (
	"context"
	"sync"
	"time"
)

// An Event is a step of a request that is worth seeing on the error page in
// development, such as a query.
type Event struct {
	Kind  string        // "sql", "http" …
	Text  string        // what was done, without values that may be private
	Took  time.Duration // how long it took
	Where string        // file:line of the code that asked for it, or ""
	Err   error         // how it ended
}

// trailMax bounds what one request remembers.
const trailMax = 200

type trail struct {
	mu      sync.Mutex
	events  []Event
	dropped int
}

// Record notes a step of the request that ctx belongs to, in development only.
// Elsewhere, and outside of a request, it does nothing.
func Record(ctx context.Context, e Event) {
	c, ok := FromContext(ctx)
	if !ok || c.app.cfg.Env != Development {
		return
	}
	t := c.root.trailNow()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.events) == trailMax {
		t.dropped++
		return
	}
	t.events = append(t.events, e)
}

func (c *Ctx) trailNow() *trail {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &c.rarely().trail
}

func (t *trail) list() ([]Event, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Event(nil), t.events...), t.dropped
}
