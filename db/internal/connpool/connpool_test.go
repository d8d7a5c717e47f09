package connpool_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/connpool"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// conn is a connection to nowhere.
type conn struct {
	connpool.Life
	n      int
	dead   bool
	closed atomic.Bool
}

func (c *conn) Alive(context.Context) bool { return !c.dead }

func (c *conn) Close() error {
	if c.closed.Swap(true) {
		return errors.New("closed twice")
	}
	return nil
}

// lane returns a lane, and the connections that it opens.
func lane(l connpool.Limits) (*connpool.Lane[*conn], *[]*conn) {
	l.Engine, l.Now = "test", time.Now
	if l.Patience == 0 {
		l.Patience = 5 * time.Second
	}
	var mu sync.Mutex
	made := new([]*conn)
	return connpool.New(l, func(ctx context.Context) (*conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := &conn{n: len(*made)}
		*made = append(*made, c)
		return c, nil
	}), made
}

func take(t *testing.T, l *connpool.Lane[*conn]) *conn {
	t.Helper()
	c, err := l.Acquire(t.Context())
	want.NoErr(t, err)
	return c
}

// The connection that was used last is used first, so that others grow idle.
func TestLastOneFirst(t *testing.T) {
	t.Parallel()
	l, _ := lane(connpool.Limits{Max: 3})
	a, b := take(t, l), take(t, l)
	l.Release(a, false)
	l.Release(b, false)
	want.Equal(t, take(t, l), b)
	want.Equal(t, take(t, l), a)
	want.Equal(t, l.Stats(), engine.ConnStats{Max: 3, InUse: 2, Opened: 2})
	a.dead = true
	l.Release(b, true)
	l.Release(a, false)
	want.Equal(t, take(t, l).n, 2)
	want.Equal(t, a.closed.Load() && b.closed.Load(), true)
	want.Equal(t, l.Stats(), engine.ConnStats{Max: 3, InUse: 1, Opened: 3, ClosedBroken: 2})
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for write, says := range map[bool]string{false: "no connection for reading within 5s", true: "no connection for writing within 5s: a long transaction holds it"} {
			l, _ := lane(connpool.Limits{Max: 1, Write: write})
			c := take(t, l)
			_, err := l.Acquire(t.Context())
			want.Equal(t, errs.KindOf(err), errs.Unavailable)
			want.Contains(t, err.Error(), says)
			want.Equal(t, l.Stats(), engine.ConnStats{Max: 1, InUse: 1, Waits: 1, WaitTime: 5 * time.Second, Timeouts: 1, Opened: 1})

			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, err = l.Acquire(ctx)
			cancel()
			want.Err(t, err, context.DeadlineExceeded)

			got := make(chan *conn)
			go func() { got <- take(t, l) }()
			synctest.Wait()
			want.Equal(t, l.Stats().Waiting, 1)
			l.Release(c, false)
			want.Equal(t, <-got, c)
			want.Equal(t, l.Stats(), engine.ConnStats{Max: 1, InUse: 1, Waits: 3, WaitTime: 6 * time.Second, Timeouts: 1, Opened: 1})
		}
	})
}

func TestFailedOpenGivesThePlaceBack(t *testing.T) {
	t.Parallel()
	bad := errors.New("no server")
	l := connpool.New(connpool.Limits{Engine: "test", Max: 1, Patience: time.Second}, func(context.Context) (*conn, error) { return nil, bad })
	for range 3 {
		_, err := l.Acquire(t.Context())
		want.Err(t, err, bad)
	}
	want.Equal(t, l.Stats(), engine.ConnStats{Max: 1, Failed: 3})
}

func TestIdleTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, _ := lane(connpool.Limits{Max: 2, IdleTime: 4 * time.Minute})
		a, b := take(t, l), take(t, l)
		l.Release(a, false)
		l.Release(b, false)
		for range 10 { // b is used every minute, a is not
			time.Sleep(time.Minute)
			l.Release(take(t, l), false)
		}
		synctest.Wait()
		want.Equal(t, a.closed.Load(), true)
		want.Equal(t, b.closed.Load(), false)
		want.Equal(t, l.Stats(), engine.ConnStats{Max: 2, Idle: 1, Opened: 2, ClosedIdle: 1})
		time.Sleep(4 * time.Minute)
		want.Equal(t, b.closed.Load(), false)
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		want.Equal(t, b.closed.Load(), true)
		l.Release(take(t, l), false)
		time.Sleep(time.Hour)
		synctest.Wait()
		want.Equal(t, l.Stats(), engine.ConnStats{Max: 2, Opened: 3, ClosedIdle: 3})
	})
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, made := lane(connpool.Limits{Max: 20, Lifetime: 10 * time.Minute})
		var list []*conn
		for range 20 {
			list = append(list, take(t, l))
		}
		time.Sleep(9*time.Minute - time.Second)
		for _, c := range list {
			l.Release(c, false)
		}
		want.Equal(t, l.Stats().Idle, 20)
		time.Sleep(30 * time.Second)
		for range 20 { // as many as are old by now are replaced
			l.Release(take(t, l), false)
		}
		time.Sleep(31 * time.Second)
		list = list[:0]
		for range 20 {
			list = append(list, take(t, l))
		}
		for _, c := range list {
			want.Equal(t, c.closed.Load(), false)
			l.Release(c, false)
		}
		for _, c := range (*made)[:20] {
			want.Equal(t, c.closed.Load(), true)
		}
		want.Equal(t, l.Stats().ClosedLifetime, 20)
		want.NoErr(t, l.Close())
	})
}

// Close waits for what is in use, and nobody gets a connection afterwards.
func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, made := lane(connpool.Limits{Max: 2, IdleTime: time.Minute, Lifetime: time.Hour})
		a, b := take(t, l), take(t, l)
		waiting := make(chan error)
		go func() {
			_, err := l.Acquire(t.Context())
			waiting <- err
		}()
		synctest.Wait()
		l.Release(a, false) // to the one that waits, or to nobody
		<-waiting
		done := make(chan error)
		go func() { done <- l.Close() }()
		synctest.Wait()
		_, err := l.Acquire(t.Context())
		want.Equal(t, errs.KindOf(err), errs.Unavailable)
		want.Contains(t, err.Error(), "test: the database handle is closed")
		l.Release(a, false)
		l.Release(b, true)
		want.NoErr(t, <-done)
		want.NoErr(t, l.Close())
		for _, c := range *made {
			want.Equal(t, c.closed.Load(), true)
		}
	})
}

// Everything at once, for the race detector.
func TestManyCallers(t *testing.T) {
	t.Parallel()
	l, made := lane(connpool.Limits{Max: 4, IdleTime: 40 * time.Microsecond, Lifetime: 200 * time.Microsecond})
	var callers sync.WaitGroup
	for i := range 16 {
		callers.Go(func() {
			for n := range 200 {
				c := take(t, l)
				l.Release(c, (i+n)%17 == 0)
			}
		})
	}
	callers.Wait()
	want.NoErr(t, l.Close())
	s := l.Stats()
	want.Equal(t, int(s.Opened), len(*made))
	for _, c := range *made {
		want.Equal(t, c.closed.Load(), true)
	}
}
