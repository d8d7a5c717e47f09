package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/connpool"
)

// idleCheck is how long a connection may be unused before it is asked for a
// sign of life: servers, firewalls and load balancers change.
const idleCheck = time.Second

// A pool has connections that read and connections that write.
type pool struct {
	settings settings
	readers  *connpool.Lane[*session]
	writers  *connpool.Lane[*session]
}

var _ engine.Pool = (*pool)(nil)

func newPool(s settings) *pool {
	p := &pool{settings: s}
	p.readers, p.writers = p.lane(s.MaxReaders, false), p.lane(s.MaxWriters, true)
	return p
}

func (p *pool) lane(n int, write bool) *connpool.Lane[*session] {
	o := &p.settings.Options
	limits := connpool.Limits{
		Engine: "postgres", Write: write, Max: n, Patience: o.BusyTimeout, IdleTime: o.IdleTime, Lifetime: o.Lifetime, Now: o.Now,
	}
	var lane *connpool.Lane[*session]
	lane = connpool.New(limits, func(ctx context.Context) (*session, error) {
		conn, err := p.settings.connect(ctx, write)
		if err != nil {
			return nil, err
		}
		return newSession(conn, &p.settings, lane, write), nil
	})
	return lane
}

func (p *pool) Dialect() engine.Dialect { return dialect() }

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
func (p *pool) Close() error { return errors.Join(p.readers.Close(), p.writers.Close()) }
