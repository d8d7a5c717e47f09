package ashlartest

import (
	"sync"
	"time"
)

// A Clock stands still until the test moves it. It is safe for concurrent use.
//
//	clock := ashlartest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
//	cfg := ashlartest.Config()
//	cfg.Clock = clock.Now
//
// Timers are not its business: those of an app run on the system's clock, or
// on that of a testing/synctest bubble.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that says t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now returns the time that the clock says.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set makes the clock say t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
