package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

var errClosed error = &errs.Error{Kind: errs.Unavailable, Err: errors.New("sqlite: the database is closed")}

// A pool has one place for the connection that writes and some for those that
// read. Connections are opened when they are first needed and kept.
type pool struct {
	path    string
	options engine.Options
	writer  *places
	readers *places // the writer's for a database in memory
	closing sync.Once
	closed  chan struct{}

	created atomic.Bool // the file exists and is in WAL mode
}

var _ engine.Pool = (*pool)(nil)

func newPool(path string, o engine.Options) *pool {
	p := &pool{path: path, options: o, writer: newPlaces(1), closed: make(chan struct{})}
	p.readers = p.writer
	if path != inMemory {
		p.readers = newPlaces(o.MaxReaders)
	}
	return p
}

func (p *pool) Dialect() engine.Dialect {
	// SQLite is compiled with SQLITE_MAX_VARIABLE_NUMBER 32766. IMMEDIATE takes
	// the write lock at once: one taken later could find that it came too late.
	return engine.Dialect{
		Name: "sqlite", Begin: "BEGIN IMMEDIATE", MaxArgs: 32766,
		Like:      "LIKE",
		Returning: true, ReturningUpdate: true, Upsert: engine.OnConflict, Savepoints: true,
	}
}

func (p *pool) Acquire(ctx context.Context, write bool) (engine.Session, error) {
	if write {
		return p.acquire(ctx, p.writer, true)
	}
	if err := p.create(ctx); err != nil {
		return nil, err
	}
	return p.acquire(ctx, p.readers, false)
}

// create has the writer make the file before a reader opens it.
func (p *pool) create(ctx context.Context) error {
	if p.created.Load() || p.readers == p.writer {
		return nil
	}
	s, err := p.acquire(ctx, p.writer, true)
	if err != nil {
		return err
	}
	s.Release()
	return nil
}

func (p *pool) acquire(ctx context.Context, from *places, write bool) (engine.Session, error) {
	if err := p.enter(ctx, from, write); err != nil {
		return nil, err
	}
	s := from.idle()
	if s == nil {
		var err error
		if s, err = connect(ctx, p.path, p.options, from == p.writer); err != nil {
			from.leave()
			return nil, err
		}
		s.release = func() { p.release(from, s) }
		if from == p.writer {
			p.created.Store(true)
		}
	}
	if p.readers == p.writer {
		s.write = write
	}
	if s.write {
		if err := s.yield(ctx); err != nil {
			s.Release()
			return nil, err
		}
	}
	return s, nil
}

// release keeps s for the next caller, or closes it where it is in doubt. A
// database in memory would end with its connection.
func (p *pool) release(to *places, s *session) {
	if s.broken && p.readers != p.writer {
		_ = s.close() // what is wrong with it was reported
		to.leave()
		return
	}
	s.broken = false
	to.put(s)
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
	what, hint := "reading", "rows that are not closed, or many slow queries, hold the others"
	if write {
		what, hint = "writing", "a long transaction holds it; a query within db.Tx must use the context that Tx gives"
	}
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf(
		"sqlite: no connection for %s within %v: %s", what, p.options.BusyTimeout, hint)}
}

// Close waits until all sessions were released. The writer is closed last: it
// moves the journal into the file.
func (p *pool) Close() (err error) {
	p.closing.Do(func() {
		close(p.closed)
		if p.readers != p.writer {
			err = p.readers.close()
		}
		err = errors.Join(err, p.writer.close())
	})
	return err
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
func (p *places) close() (err error) {
	for range cap(p.free) {
		p.free <- struct{}{}
	}
	for _, s := range p.stack {
		err = errors.Join(err, s.close())
	}
	p.stack = nil
	return err
}
