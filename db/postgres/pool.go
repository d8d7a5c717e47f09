package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// How long a connection may be unused before it is asked for a sign of life,
// and how long it is used at all: servers, firewalls and load balancers change.
const (
	idleCheck = time.Second
	lifetime  = 30 * time.Minute
)

// A pool has connections that read and connections that write.
type pool struct {
	settings settings
	readers  *places
	writers  *places
	closing  sync.Once
	closed   chan struct{}
}

var errClosed = errors.New("postgres: the database handle is closed")

func newPool(s settings) *pool {
	return &pool{settings: s, readers: newPlaces(s.MaxReaders), writers: newPlaces(s.writers), closed: make(chan struct{})}
}

func (p *pool) Dialect() engine.Dialect { return dialect() }

func (p *pool) Acquire(ctx context.Context, write bool) (engine.Session, error) {
	at := p.readers
	if write {
		at = p.writers
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.enter(ctx, at, write); err != nil {
		return nil, err
	}
	for {
		s := at.idle()
		if s == nil {
			break
		}
		if s.awaken(ctx) {
			return s, nil
		}
		s.close()
	}
	conn, err := p.settings.connect(ctx, write)
	if err != nil {
		at.leave()
		return nil, err
	}
	return newSession(conn, &p.settings, at, write), nil
}

// enter waits for a place.
func (p *pool) enter(ctx context.Context, at *places, write bool) error {
	select {
	case <-p.closed:
		return errClosed
	default:
	}
	select {
	case at.free <- struct{}{}:
		return nil
	default:
	}
	patience := time.NewTimer(p.settings.BusyTimeout)
	defer patience.Stop()
	select {
	case at.free <- struct{}{}:
		return nil
	case <-p.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	case <-patience.C:
	}
	what, hint := "reading", "rows that are not closed, or many slow queries, hold the others; Config.MaxReaders is their number"
	if write {
		what, hint = "writing", "long transactions hold the others; a query within db.Tx must use the context that Tx gives; max_writers in the URL is their number"
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf(
		"postgres: no connection for %s within %v: %s", what, p.settings.BusyTimeout, hint)}
}

// Close waits until all sessions were released.
func (p *pool) Close() error {
	p.closing.Do(func() {
		close(p.closed)
		p.readers.close()
		p.writers.close()
	})
	return nil
}

// places are the places for some connections; those that are not in use wait
// in a stack, so that few serve when there is little to do.
type places struct {
	free  chan struct{} // holds one item for each place that is taken
	mu    sync.Mutex
	stack []*session
}

func newPlaces(n int) *places { return &places{free: make(chan struct{}, n)} }

// idle returns a connection for the place that the caller took, nil if one is
// to be opened.
func (p *places) idle() *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.stack)
	if n == 0 {
		return nil
	}
	s := p.stack[n-1]
	p.stack = p.stack[:n-1]
	return s
}

func (p *places) put(s *session) {
	p.mu.Lock()
	p.stack = append(p.stack, s)
	p.mu.Unlock()
	p.leave()
}

func (p *places) leave() { <-p.free }

// close takes all places, for good, and closes the connections.
func (p *places) close() {
	for range cap(p.free) {
		p.free <- struct{}{}
	}
	for _, s := range p.stack {
		s.close()
	}
	p.stack = nil
}
