package db_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestRetry: what another transaction was in the way of is done again, as often
// as was allowed, and what follows the commit once.
func TestRetry(t *testing.T) {
	t.Parallel()
	ctx := open(t, db.Config{})
	met := fmt.Errorf("save the order: %w", engine.ErrRetry)
	for _, test := range []struct{ fails, retries, runs, after int }{{0, 3, 1, 1}, {2, 3, 3, 1}, {9, 2, 3, 0}, {1, 0, 1, 0}} {
		runs, after := 0, 0
		err := db.Tx(ctx, func(ctx context.Context) error {
			runs++
			db.AfterCommit(ctx, func(context.Context) { after++ })
			want.NoErr(t, reel.Orders.Insert(ctx, &reel.Order{}))
			if runs <= test.fails {
				return met
			}
			return nil
		}, db.Retry(test.retries))
		want.Equal(t, errors.Is(err, engine.ErrRetry), test.after == 0)
		want.Equal(t, []int{runs, after}, []int{test.runs, test.after})
	}
	n, err := reel.Orders.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 2)

	ended, cancel := context.WithCancel(ctx)
	err = db.Tx(ended, func(context.Context) error { cancel(); return met }, db.Retry(1000))
	want.Err(t, err, context.Canceled)
}

// TestAfterCommit: outside of a transaction at once; the callback's own writes
// are none of the transaction's.
func TestAfterCommit(t *testing.T) {
	t.Parallel()
	ctx := open(t, db.Config{})
	calls := 0
	db.AfterCommit(ctx, func(context.Context) { calls++ })
	want.Equal(t, calls, 1)
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		db.AfterCommit(ctx, func(ctx context.Context) { want.NoErr(t, reel.Orders.Insert(ctx, &reel.Order{})) })
		n, err := reel.Orders.Count(ctx)
		want.NoErr(t, err)
		want.Equal(t, n, 0)
		return nil
	}))
	n, err := reel.Orders.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
}

// TestOnMisuse: what development is told of transactions.
func TestOnMisuse(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []string
	outer := openFile(t, db.Config{OnMisuse: func(_ context.Context, err error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, regexp.MustCompile(`tx_test\.go:\d+`).ReplaceAllString(err.Error(), "tx_test.go:LINE"))
	}})
	want.NoErr(t, db.Tx(outer, func(ctx context.Context) error {
		_, err := reel.Orders.Count(ctx)
		want.NoErr(t, err)
		_, err = reel.Orders.Count(outer)
		want.NoErr(t, err)
		db.AfterCommit(ctx, func(ctx context.Context) {
			_, err := reel.Orders.Count(ctx)
			want.NoErr(t, err)
		})
		return nil
	}))
	want.Equal(t, len(told), 1)
	want.Contains(t, told[0], "db: a query outside of the transaction that was opened at db/tx_test.go:LINE\n\tat db/tx_test.go:LINE\n\tmend: pass on the context")
	told = nil
	want.NoErr(t, db.Tx(outer, func(ctx context.Context) error {
		var all sync.WaitGroup
		var met atomic.Bool
		for range 8 {
			all.Go(func() {
				for !met.Load() { // until two of them met
					_, err := db.SQL[int](ctx, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT count(*) FROM n")
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if len(told) > 0 {
						met.Store(true)
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		return nil
	}))
	want.Equal(t, len(told), 1)
	want.Contains(t, strings.Join(told, ""), "two goroutines use the transaction that was opened at db/tx_test.go:LINE at the same time")
}

// TestTxMisuse: options that cannot be.
func TestTxMisuse(t *testing.T) {
	t.Parallel()
	ctx := open(t, db.Config{})
	nothing := func(context.Context) error { return nil }
	for _, err := range []error{
		db.Tx(ctx, nothing, db.Isolation("SNAPSHOT; DROP TABLE films")),
		db.Tx(ctx, nothing, db.Retry(-1)),
		db.Tx(ctx, func(ctx context.Context) error { return db.Tx(ctx, nothing, db.ReadOnly()) }),
		db.Tx(ctx, func(ctx context.Context) error { return db.Tx(ctx, nothing, db.Isolation(db.Serializable)) }),
	} {
		if err == nil || !strings.Contains(err.Error(), "A1506") {
			t.Errorf("got %v, want a set-up mistake", err)
		}
	}
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		return db.Tx(ctx, nothing, db.Isolation(db.Serializable), db.Retry(2))
	}, db.Isolation(db.Serializable)))
}
