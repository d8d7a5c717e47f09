package connpool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// A Conn is one connection. It embeds a [Life]. Its methods are called by one
// goroutine at a time.
type Conn interface {
	// Alive reports whether a connection that was not in use is still good. It
	// may ask the server.
	Alive(ctx context.Context) bool

	// Close ends the connection.
	Close() error

	// Held is Life's.
	Held() *Life
}

// Limits are those of a [Lane]. Max and Patience are required.
type Limits struct {
	Engine string // for messages
	Write  bool   // the connections are those that write, for messages

	Max      int              // connections at the same time
	Patience time.Duration    // how long Acquire waits for one
	IdleTime time.Duration    // one that is unused so long is closed, a quarter of it later at most; 0: never
	Lifetime time.Duration    // one that is open so long is replaced, a tenth of it earlier at most; 0: never
	Now      func() time.Time // measures how long callers wait; nil: nobody does
}

// A Lane is the connections of a pool that serve one purpose: those that read,
// or those that write. They are opened when they are first needed. Those that
// are not in use wait in a stack, so that few serve when there is little to do
// and the others are closed. It is safe for concurrent use.
type Lane[C Conn] struct {
	limits Limits
	open   func(context.Context) (C, error)
	places chan struct{} // holds one item for each place that is taken
	closed chan struct{}
	once   sync.Once

	waiting atomic.Int64

	mu      sync.Mutex
	stack   []unused[C]
	stats   engine.ConnStats // what is counted
	sweeper *time.Timer      // nil while nothing is unused
	sweeps  int              // how many there were

	sweeping sync.Mutex // held by a sweep: Close waits for it
}

// unused is a connection in the stack.
type unused[C Conn] struct {
	conn  C
	since int // how many sweeps there had been when it was put there
}

// New returns a lane whose connections open makes.
func New[C Conn](l Limits, open func(context.Context) (C, error)) *Lane[C] {
	return &Lane[C]{limits: l, open: open, places: make(chan struct{}, l.Max), closed: make(chan struct{})}
}

// Acquire returns a connection that nobody else has until it is released. It
// waits until ctx is done or the lane's patience is over; the latter, and a
// lane that was closed, is an error of the kind errs.Unavailable.
func (l *Lane[C]) Acquire(ctx context.Context) (C, error) {
	var none C
	if err := l.enter(ctx); err != nil {
		return none, err
	}
	for {
		c, ok := l.pop()
		if !ok {
			break
		}
		switch {
		case c.Held().over.Load():
			l.end(c, lifetime)
		case c.Alive(ctx):
			return c, nil
		default:
			l.end(c, broken)
		}
	}
	c, err := l.open(ctx)
	if err != nil {
		l.count(func(s *engine.ConnStats) { s.Failed++ })
		l.leave()
		return none, err
	}
	l.count(func(s *engine.ConnStats) { s.Opened++ })
	c.Held().begin(l.limits.Lifetime)
	return c, nil
}

// Release gives a connection back, or closes it where it is of no more use.
func (l *Lane[C]) Release(c C, useless bool) {
	switch {
	case useless:
		l.end(c, broken)
	case c.Held().over.Load():
		l.end(c, lifetime)
	default:
		l.push(c)
	}
	l.leave()
}

// enter waits for a place.
func (l *Lane[C]) enter(ctx context.Context) error {
	select {
	case <-l.closed:
		return l.errClosed()
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case l.places <- struct{}{}:
		return nil
	default:
	}
	defer l.measure()()
	patience := time.NewTimer(l.limits.Patience)
	defer patience.Stop()
	select {
	case l.places <- struct{}{}:
		return nil
	case <-l.closed:
		return l.errClosed()
	case <-ctx.Done():
		return ctx.Err()
	case <-patience.C:
	}
	l.count(func(s *engine.ConnStats) { s.Timeouts++ })
	return l.errBusy()
}

// measure counts a caller that waits, until the function that it returns is
// called.
func (l *Lane[C]) measure() func() {
	l.waiting.Add(1)
	var start time.Time
	if l.limits.Now != nil {
		start = l.limits.Now()
	}
	return func() {
		l.waiting.Add(-1)
		var took time.Duration
		if l.limits.Now != nil {
			took = l.limits.Now().Sub(start)
		}
		l.count(func(s *engine.ConnStats) { s.Waits++; s.WaitTime += took })
	}
}

func (l *Lane[C]) errClosed() error {
	return &errs.Error{Kind: errs.Unavailable, Err: errors.New(l.limits.Engine + ": the database handle is closed")}
}

func (l *Lane[C]) errBusy() error {
	what, hint := "reading", "rows that are not closed, or many slow queries, hold the others; Config.MaxReaders is their number"
	switch {
	case l.limits.Write && l.limits.Max == 1:
		what, hint = "writing", "a long transaction holds it; a query within db.Tx must use the context that Tx gives"
	case l.limits.Write:
		what, hint = "writing", "long transactions hold the others; a query within db.Tx must use the context that Tx gives; Config.MaxWriters is their number"
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf(
		"%s: no connection for %s within %v: %s", l.limits.Engine, what, l.limits.Patience, hint)}
}

func (l *Lane[C]) leave() { <-l.places }

func (l *Lane[C]) count(f func(*engine.ConnStats)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.stats)
}

// pop returns the connection that was used last, if there is one.
func (l *Lane[C]) pop() (c C, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.stack)
	if n == 0 {
		return c, false
	}
	c = l.stack[n-1].conn
	l.stack[n-1] = unused[C]{}
	l.stack = l.stack[:n-1]
	return c, true
}

func (l *Lane[C]) push(c C) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stack = append(l.stack, unused[C]{c, l.sweeps})
	if l.sweeper == nil && l.limits.IdleTime > 0 {
		l.sweeper = time.AfterFunc(l.limits.IdleTime/4, l.sweep)
	}
}

// A reason is why a connection was closed.
type reason uint8

const (
	broken reason = iota
	idle
	lifetime
)

// end closes a connection.
func (l *Lane[C]) end(c C, why reason) {
	c.Held().end()
	_ = c.Close() // what is wrong with it was reported, or is nobody's business
	l.count(func(s *engine.ConnStats) {
		switch why {
		case idle:
			s.ClosedIdle++
		case lifetime:
			s.ClosedLifetime++
		default:
			s.ClosedBroken++
		}
	})
}

// sweep closes the connections that nobody used for four sweeps, and comes
// again as long as there are others.
func (l *Lane[C]) sweep() {
	l.sweeping.Lock()
	defer l.sweeping.Unlock()
	for _, c := range l.swept() {
		l.end(c, idle)
	}
}

func (l *Lane[C]) swept() (list []C) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sweeper == nil {
		return nil // it was closed
	}
	l.sweeps++
	l.stack = slices.DeleteFunc(l.stack, func(u unused[C]) bool {
		old := l.sweeps-u.since > 4
		if old {
			list = append(list, u.conn)
		}
		return old
	})
	if len(l.stack) > 0 {
		l.sweeper.Reset(l.limits.IdleTime / 4)
	} else {
		l.sweeper = nil
	}
	return list
}

// Close waits until all connections were released, closes them, and has every
// later Acquire fail. It may be called more than once.
func (l *Lane[C]) Close() (err error) {
	l.once.Do(func() {
		close(l.closed)
		for range cap(l.places) {
			l.places <- struct{}{}
		}
		l.mu.Lock()
		if l.sweeper != nil {
			l.sweeper.Stop()
			l.sweeper = nil
		}
		list := l.stack
		l.stack = nil
		l.mu.Unlock()
		l.sweeping.Lock() // until a sweep that had begun has ended
		defer l.sweeping.Unlock()
		for _, u := range list {
			u.conn.Held().end()
			err = errors.Join(err, u.conn.Close())
		}
	})
	return err
}

// Stats returns the lane's numbers.
func (l *Lane[C]) Stats() engine.ConnStats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.stats
	s.Max, s.InUse, s.Idle, s.Waiting = l.limits.Max, len(l.places), len(l.stack), int(l.waiting.Load())
	return s
}
