package mariadb

import (
	"context"
	"errors"
	"sync"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/connpool"
	"github.com/go-sql-driver/mysql"
)

// A pool has connections that write and some that read, which the server does
// not let write.
type pool struct {
	flavour *flavour
	config  *mysql.Config
	options engine.Options
	writers *connpool.Lane[*session]
	readers *connpool.Lane[*session]
	killers sync.WaitGroup // goroutines that end abandoned statements
}

var _ engine.Pool = (*pool)(nil)

func newPool(f *flavour, config *mysql.Config, o engine.Options) *pool {
	p := &pool{flavour: f, config: config, options: o}
	p.readers, p.writers = p.lane(o.MaxReaders, false), p.lane(o.MaxWriters, true)
	return p
}

func (p *pool) lane(n int, write bool) *connpool.Lane[*session] {
	limits := connpool.Limits{
		Engine: p.flavour.scheme, Write: write, Max: n, Patience: p.options.BusyTimeout,
		IdleTime: p.options.IdleTime, Lifetime: p.options.Lifetime, Now: p.options.Now,
	}
	var lane *connpool.Lane[*session]
	lane = connpool.New(limits, func(ctx context.Context) (*session, error) {
		s, err := p.connect(ctx, write)
		if err != nil {
			return nil, err
		}
		s.home = lane
		return s, nil
	})
	return lane
}

func (p *pool) Dialect() engine.Dialect { return p.flavour.dialect() }

func (p *pool) Acquire(ctx context.Context, write bool) (engine.Session, error) {
	from := p.readers
	if write {
		from = p.writers
	}
	s, err := from.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (p *pool) Stats() engine.Stats {
	return engine.Stats{Readers: p.readers.Stats(), Writers: p.writers.Stats()}
}

// Close waits until all sessions were released.
func (p *pool) Close() error {
	err := errors.Join(p.readers.Close(), p.writers.Close())
	p.killers.Wait()
	return err
}
