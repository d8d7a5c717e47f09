package sqlite

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/connpool"
)

// A pool has one place for the connection that writes and some for those that
// read. They stay open: a file does not go away, and its last connection to be
// closed moves the whole journal into it.
type pool struct {
	path    string
	options engine.Options
	writer  *connpool.Lane[*session]
	readers *connpool.Lane[*session] // the writer's for a database in memory

	created atomic.Bool // the file exists and is in WAL mode
}

var _ engine.Pool = (*pool)(nil)

func newPool(path string, o engine.Options) *pool {
	p := &pool{path: path, options: o}
	p.writer = p.lane(1, true)
	p.readers = p.writer
	if path != inMemory {
		p.readers = p.lane(o.MaxReaders, false)
	}
	return p
}

func (p *pool) lane(n int, write bool) *connpool.Lane[*session] {
	limits := connpool.Limits{Engine: "sqlite", Write: write, Max: n, Patience: p.options.BusyTimeout, Now: p.options.Now}
	return connpool.New(limits, func(ctx context.Context) (*session, error) { return p.connect(ctx, write) })
}

func (p *pool) Dialect() engine.Dialect {
	// SQLite is compiled with SQLITE_MAX_VARIABLE_NUMBER 32766. IMMEDIATE takes
	// the write lock at once: one taken later could find that it came too late.
	return engine.Dialect{
		Name: "sqlite", Begin: "BEGIN IMMEDIATE", MaxArgs: 32766,
		Like:      "LIKE",
		Returning: true, ReturningUpdate: true, Upsert: engine.OnConflict, Savepoints: true,
		OneSession: p.path == inMemory,
	}
}

func (p *pool) Acquire(ctx context.Context, write bool) (engine.Session, error) {
	from := p.writer
	if !write {
		if err := p.create(ctx); err != nil {
			return nil, err
		}
		from = p.readers
	}
	s, err := from.Acquire(ctx)
	if err != nil {
		return nil, err
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

// create has the writer make the file before a reader opens it.
func (p *pool) create(ctx context.Context) error {
	if p.created.Load() || p.readers == p.writer {
		return nil
	}
	s, err := p.writer.Acquire(ctx)
	if err != nil {
		return err
	}
	s.Release()
	return nil
}

// connect opens a connection.
func (p *pool) connect(ctx context.Context, write bool) (*session, error) {
	s, err := connect(ctx, p.path, p.options, write)
	if err != nil {
		return nil, err
	}
	s.home = p
	if write {
		p.created.Store(true)
	}
	return s, nil
}

// release keeps s for the next caller, or closes it where it is in doubt. A
// database in memory would end with its connection.
func (p *pool) release(s *session) {
	switch {
	case p.readers == p.writer:
		s.broken = false
		p.writer.Release(s, false)
	case s.write:
		p.writer.Release(s, s.broken)
	default:
		p.readers.Release(s, s.broken)
	}
}

func (p *pool) Stats() engine.Stats {
	s := engine.Stats{Writers: p.writer.Stats()}
	if s.Readers = s.Writers; p.readers != p.writer {
		s.Readers = p.readers.Stats()
	}
	return s
}

// Close waits until all sessions were released. The writer is closed last: it
// moves the journal into the file.
func (p *pool) Close() error {
	var err error
	if p.readers != p.writer {
		err = p.readers.Close()
	}
	return errors.Join(err, p.writer.Close())
}
