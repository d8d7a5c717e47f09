package mariadb

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/go-sql-driver/mysql"
)

var errClosed error = &errs.Error{Kind: errs.Unavailable, Err: errors.New("mariadb: the database is closed")}

// A pool has places for connections that write and for those that read, which
// the server does not let write. Connections are opened when they are first
// needed and kept until they fail.
type pool struct {
	flavour *flavour
	config  *mysql.Config
	options engine.Options
	writers *places
	readers *places
	closing sync.Once
	closed  chan struct{}
	killers sync.WaitGroup // goroutines that end abandoned statements
}

var _ engine.Pool = (*pool)(nil)

func newPool(f *flavour, config *mysql.Config, o engine.Options, writers int) *pool {
	return &pool{
		flavour: f, config: config, options: o, closed: make(chan struct{}),
		writers: newPlaces(writers, true), readers: newPlaces(o.MaxReaders, false),
	}
}

func (p *pool) Dialect() engine.Dialect { return p.flavour.dialect() }

func (p *pool) Acquire(ctx context.Context, write bool) (engine.Session, error) {
	from := p.readers
	if write {
		from = p.writers
	}
	if err := p.enter(ctx, from); err != nil {
		return nil, err
	}
	for s := from.idle(); s != nil; s = from.idle() {
		if s.alive() {
			return s, nil
		}
		s.close()
	}
	s, err := p.connect(ctx, write)
	if err != nil {
		from.leave()
		return nil, err
	}
	s.places = from
	return s, nil
}

// enter waits for a place.
func (p *pool) enter(ctx context.Context, at *places) error {
	select {
	case <-p.closed:
		return errClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case at.free <- struct{}{}:
		return nil
	default:
	}
	patience := time.NewTimer(p.options.BusyTimeout)
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
	what, hint := "reading", "rows that are not closed, or many slow queries, hold all of them; db.Config.MaxReaders says how many there are"
	if at.write {
		what, hint = "writing", "long transactions hold all of them; a query within db.Tx must use the context that Tx gives, and max_writers in the URL says how many there are"
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf(
		"mariadb: no connection for %s within %v: %s", what, p.options.BusyTimeout, hint)}
}

// Close waits until all sessions were released.
func (p *pool) Close() error {
	p.closing.Do(func() {
		close(p.closed)
		p.readers.close()
		p.writers.close()
		p.killers.Wait()
	})
	return nil
}

// places are the places for some connections; those that are not in use wait
// in a stack, so that few serve when there is little to do.
type places struct {
	write bool
	free  chan struct{} // holds one item for each place that is taken
	mu    sync.Mutex
	stack []*session
}

func newPlaces(n int, write bool) *places { return &places{write: write, free: make(chan struct{}, n)} }

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
