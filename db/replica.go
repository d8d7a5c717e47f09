package db

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// What a replica is asked, and how often. One that failed is tried again
// later each time, at last once in longestRest.
const (
	checkEvery    = 500 * time.Millisecond
	checkPatience = time.Second
	longestRest   = 30 * time.Second
)

// pinMargin is what a visitor stays on the primary beyond Config.ReplicaLag:
// what a replica said of its lag may be two checks old.
const pinMargin = 2 * checkEvery

// replicas are the copies of a database that reads may go to.
type replicas struct {
	list []*replica
	next atomic.Uint32 // whose turn it is
}

// A replica is one copy.
type replica struct {
	name string // host and database
	pool engine.Pool
	most time.Duration // the lag that is let pass
	now  func() time.Time

	mu       sync.Mutex
	checking bool
	checked  time.Time // when it said its lag,
	lag      time.Duration
	problem  error         // or why it is not read from
	rest     time.Duration // before it is asked again
}

// openReplicas opens those that c names; nothing is connected.
func openReplicas(c *Config, driver Driver, o engine.Options) (*replicas, error) {
	if len(c.Replicas) == 0 {
		return nil, nil
	}
	r := &replicas{}
	for _, at := range c.Replicas {
		own := o
		own.URL = at
		pool, err := driver.Open(own)
		if err != nil {
			return nil, errors.Join(err, r.close())
		}
		r.list = append(r.list, &replica{name: hostOf(at), pool: pool, most: c.ReplicaLag, now: c.Now})
	}
	return r, nil
}

// hostOf is what may be told of a URL, which may hold a password.
func hostOf(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return "?"
	}
	return u.Host + u.Path
}

func (r *replicas) close() (err error) {
	if r == nil {
		return nil
	}
	for _, one := range r.list {
		err = errors.Join(err, one.pool.Close())
	}
	return err
}

func (r *replicas) stats() (list []engine.ReplicaStats) {
	if r == nil {
		return nil
	}
	for _, one := range r.list {
		list = append(list, one.stats())
	}
	return list
}

// acquire returns a session of the next replica that is good enough, nil if
// none is. An error is that all of its connections are taken, or ctx's.
func (r *replicas) acquire(ctx context.Context) (engine.Session, *replica, error) {
	first := r.next.Add(1)
	for i := range len(r.list) {
		one := r.list[(int(first)+i)%len(r.list)]
		s, err := one.acquire(ctx)
		if s != nil || err != nil {
			return s, one, err
		}
	}
	return nil, nil, nil
}

// acquire returns a session, nil if the replica is not to be read from.
func (r *replica) acquire(ctx context.Context) (engine.Session, error) {
	ask, good := r.turn()
	if !ask && !good {
		return nil, nil
	}
	if ask {
		return r.ask(ctx)
	}
	s, err := r.pool.Acquire(ctx, false)
	if errors.Is(err, engine.ErrGone) {
		r.note(0, err)
		return nil, nil
	}
	return s, err
}

// turn reports whether the caller is to ask the replica for its lag, and
// whether it may be read from without.
func (r *replica) turn() (ask, good bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	age := r.now().Sub(r.checked)
	if age >= max(r.rest, checkEvery) && !r.checking {
		r.checking = true
		return true, false
	}
	return false, r.problem == nil && age < pinMargin
}

// ask returns a session if the replica says that it is not too far behind.
func (r *replica) ask(ctx context.Context) (engine.Session, error) {
	s, lag, err := r.question(ctx)
	if ended := ctx.Err(); ended != nil { // it says nothing of the replica
		if s != nil {
			s.Release()
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.checking = false
		return nil, ended
	}
	r.note(lag, err)
	return s, nil
}

// question returns a session of a replica that is good enough, or why it is not.
func (r *replica) question(ctx context.Context) (engine.Session, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	s, err := r.pool.Acquire(ctx, false)
	if err != nil {
		return nil, 0, err
	}
	copied, ok := s.(engine.Replica)
	if !ok {
		s.Release()
		return nil, 0, errors.New("the driver knows no replicas")
	}
	lag, err := copied.Lag(ctx)
	if err == nil && lag > r.most {
		err = fmt.Errorf("it is %v behind, Config.ReplicaLag is %v", lag, r.most)
	}
	if err != nil {
		s.Release()
		return nil, lag, err
	}
	return s, lag, nil
}

// note writes down what became of asking or reading.
func (r *replica) note(lag time.Duration, problem error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.checking, r.checked, r.lag, r.problem = false, r.now(), lag, problem
	if problem == nil {
		r.rest = 0
	} else {
		r.rest = min(max(2*r.rest, checkEvery), longestRest)
	}
}

func (r *replica) stats() engine.ReplicaStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := engine.ReplicaStats{Name: r.name, Lag: r.lag, ConnStats: r.pool.Stats().Readers}
	if r.problem != nil {
		s.Problem = r.problem.Error()
	}
	return s
}

// failedOnReplica reports whether a read failed because of where it ran: the
// connection was lost, or the replica had to replay what the read looked at.
func failedOnReplica(err error) bool {
	return errors.Is(err, engine.ErrGone) || errors.Is(err, engine.ErrRetry)
}

// acquire returns a connection, of a replica where ctx may read from one.
func (d *DB) acquire(ctx context.Context, write bool) (engine.Session, *replica, error) {
	if d.replicas != nil {
		p, _ := ctx.Value(pinKey{d}).(*pin)
		switch {
		case p == nil:
		case write:
			p.write()
		case !p.pinned && !p.wrote.Load():
			if s, r, err := d.replicas.acquire(ctx); s != nil || err != nil {
				return s, r, err
			}
		}
	}
	s, err := d.pool.Acquire(ctx, write)
	return s, nil, err
}

// on calls f with a connection, and once more with one of the primary when a
// replica failed before it gave a row.
func (d *DB) on(ctx context.Context, write bool, f func(engine.Session) (int64, error)) (int64, error) {
	n, r, err := d.once(ctx, write, f)
	if r == nil || n > 0 || !failedOnReplica(err) {
		return n, err
	}
	if errors.Is(err, engine.ErrGone) {
		r.note(0, err)
	}
	s, err := d.pool.Acquire(ctx, write)
	if err != nil {
		return 0, err
	}
	defer s.Release()
	return f(s)
}

func (d *DB) once(ctx context.Context, write bool, f func(engine.Session) (int64, error)) (int64, *replica, error) {
	if write {
		if open, ok := ctx.Value(openKey{}).(*DB); ok && open != nil && open != d {
			return 0, nil, misuse("A1507", fmt.Sprintf("db: a write to the database %q in a transaction of %q, which would not take it back", d.Name(), open.Name()),
				"write before or after the transaction, or open a db.Tx of the other database within")
		}
	}
	s, r, err := d.acquire(ctx, write)
	if err != nil {
		return 0, nil, err
	}
	defer s.Release()
	n, err := f(s)
	return n, r, err
}

// A pin is what the contexts of one request know of its writes.
type pin struct {
	outer  *pin // of the context around it
	pinned bool // it reads from the primary from the beginning
	wrote  atomic.Bool
}

func (p *pin) write() {
	for ; p != nil; p = p.outer {
		p.wrote.Store(true)
	}
}

type pinKey struct{ d *DB }

// ReadReplicas returns a context whose reads may go to [Config].Replicas until
// it writes: from then on it reads from the primary, as all contexts do that
// were made of it. The contexts of an app's requests are such already. Others,
// and all transactions, read from the primary alone. ReadReplicas is also how
// a job reads what it wrote a while ago.
func ReadReplicas(ctx context.Context) context.Context { return withPin(ctx, false) }

// Primary returns a context whose reads go to the primary, for what must not
// be a moment old, such as a balance.
func Primary(ctx context.Context) context.Context { return withPin(ctx, true) }

func withPin(ctx context.Context, pinned bool) context.Context {
	d, err := FromContext(ctx)
	if err != nil {
		return ctx
	}
	outer, _ := ctx.Value(pinKey{d}).(*pin)
	return context.WithValue(ctx, pinKey{d}, &pin{outer: outer, pinned: pinned})
}
