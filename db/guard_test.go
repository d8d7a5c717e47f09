package db_test

import (
	"context"
	"regexp"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// misuses are what Config.OnMisuse was told.
type misuses struct {
	mu   sync.Mutex
	told []string
}

func (m *misuses) tell(_ context.Context, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told = append(m.told, regexp.MustCompile(`guard_test\.go:\d+`).ReplaceAllString(err.Error(), "guard_test.go:LINE"))
}

func (m *misuses) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.told)
}

// TestLongTx: a transaction is told of when it has been open for 10 seconds,
// once, and one that has ended by then is not.
func TestLongTx(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m misuses
		ctx := open(t, db.Config{OnMisuse: m.tell})
		slow := func(d time.Duration) {
			want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
				time.Sleep(d)
				synctest.Wait()
				return reel.Orders.Insert(ctx, &reel.Order{})
			}))
		}
		slow(10*time.Second - time.Nanosecond)
		time.Sleep(time.Minute)
		want.Equal(t, len(m.all()), 0)
		slow(time.Minute)
		want.Equal(t, m.all(), []string{"db: the transaction of db/guard_test.go:LINE has been open for 10s: " +
			"others wait for it, so it does nothing slow and ends"})
	})
}

// TestLeftTx: a transaction that is open when the database is closed is told
// of, and Close waits for it.
func TestLeftTx(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m misuses
		ctx := open(t, db.Config{OnMisuse: m.tell})
		d, err := db.FromContext(ctx)
		want.NoErr(t, err)
		var all sync.WaitGroup
		end := make(chan struct{})
		all.Go(func() {
			if err := db.Tx(ctx, func(context.Context) error { <-end; return nil }); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		want.Equal(t, len(m.all()), 0)
		closed := false
		all.Go(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			closed = true
		})
		synctest.Wait()
		want.Equal(t, m.all(), []string{"db: the transaction of db/guard_test.go:LINE has not ended when the database is closed"})
		want.Equal(t, closed, false)
		close(end)
		all.Wait()
		want.Equal(t, closed, true)
	})
}
