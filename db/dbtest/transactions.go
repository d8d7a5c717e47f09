package dbtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

var errStop = errors.New("stop")

func testTxCommit(t *testing.T, ctx context.Context) {
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		insert(t, ctx, "a", "b")
		want.Equal(t, count(t, ctx), 2) // it sees its own writes
		return nil
	}))
	want.Equal(t, count(t, ctx), 2)
}

func testTxRollback(t *testing.T, ctx context.Context) {
	err := db.Tx(ctx, func(ctx context.Context) error {
		insert(t, ctx, "a")
		return errStop
	})
	if err != errStop {
		t.Errorf("got %v, want the error of the function as it was", err)
	}
	want.Equal(t, count(t, ctx), 0)
	// A constraint that was violated does not end it.
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		insert(t, ctx, "a")
		want.Err(t, reel.Films.Insert(ctx, film("a")), errs.Conflict)
		insert(t, ctx, "b")
		return nil
	}))
	want.Equal(t, count(t, ctx), 2)
}

func testTxPanic(t *testing.T, ctx context.Context) {
	func() {
		defer func() { want.Equal(t, recover(), any("boom")) }()
		_ = db.Tx(ctx, func(ctx context.Context) error {
			insert(t, ctx, "a")
			panic("boom")
		})
	}()
	want.Equal(t, count(t, ctx), 0)
	insert(t, ctx, "a") // the connection is free again
}

func testTxNested(t *testing.T, ctx context.Context) {
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		insert(t, ctx, "a")
		want.Err(t, db.Tx(ctx, func(ctx context.Context) error {
			insert(t, ctx, "b")
			want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
				insert(t, ctx, "c")
				return nil
			}))
			want.Equal(t, count(t, ctx), 3)
			return errStop
		}), errStop)
		func() {
			defer func() { want.Equal(t, recover(), any("inner")) }()
			_ = db.Tx(ctx, func(ctx context.Context) error {
				insert(t, ctx, "d")
				panic("inner")
			})
		}()
		return db.Tx(ctx, func(ctx context.Context) error {
			insert(t, ctx, "e")
			return nil
		})
	}))
	want.Equal(t, slugs(t, ctx, reel.Films.OrderBy(reel.Films.Slug.Asc())), []string{"a", "e"})
}

func testTxCancelled(t *testing.T, ctx context.Context) {
	short, cancel := context.WithCancel(ctx)
	err := db.Tx(short, func(ctx context.Context) error {
		insert(t, ctx, "a")
		cancel()
		return nil
	})
	want.Err(t, err, context.Canceled)
	want.Equal(t, count(t, ctx), 0)
	err = db.Tx(short, func(context.Context) error {
		t.Error("the function ran with a context that had ended")
		return nil
	})
	want.Err(t, err, context.Canceled)
}

// testTxInterrupted proves that nothing of a transaction stays that lost a
// statement on the way, whatever the engine had done about it by then.
func testTxInterrupted(t *testing.T, ctx context.Context) {
	err := db.Tx(ctx, func(ctx context.Context) error {
		insert(t, ctx, "a")
		short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
		defer cancel()
		_, err := db.Exec(short, `INSERT INTO settings (name, value, weight, timeout)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)
			SELECT 'n' || i, '', 0, 0 FROM n`)
		want.Err(t, err, context.DeadlineExceeded)
		if err := reel.Films.Insert(ctx, film("b")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v after a statement was lost, want no more to be taken", err)
		}
		return nil
	})
	want.Err(t, err, context.DeadlineExceeded)
	want.Equal(t, count(t, ctx), 0)
	n, err := reel.Settings.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 0)
}

func testTxEnded(t *testing.T, ctx context.Context) {
	var kept context.Context
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		kept = ctx
		return nil
	}))
	if err := reel.Films.Insert(kept, film("a")); err == nil {
		t.Error("got no error from the context of a transaction that had ended")
	}
	want.Equal(t, count(t, ctx), 0)
}

func testTxGoroutines(t *testing.T, ctx context.Context) {
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if err := reel.Films.Insert(ctx, film(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
				if _, err := reel.Films.Count(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		return nil
	}))
	want.Equal(t, count(t, ctx), 8)
}

// testWriters has 64 goroutines read and write at the same time: none may be
// told that the database is busy, and no change may be lost. Where writing
// transactions do not take turns, an update of the row makes them.
func testWriters(t *testing.T, ctx context.Context) {
	f := insert(t, ctx, "a")[0]
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 5 {
				err := db.Tx(ctx, func(ctx context.Context) error {
					if _, err := reel.Films.Where(reel.Films.ID.Eq(f.ID)).Update(ctx, reel.Films.Stock.Add(0)); err != nil {
						return err
					}
					got, err := reel.Films.Get(ctx, f.ID)
					if err != nil {
						return err
					}
					got.Price++
					return reel.Films.Save(ctx, got)
				})
				if err != nil {
					t.Error(err)
				}
				if _, err := reel.Films.Where(reel.Films.ID.Eq(f.ID)).Update(ctx, reel.Films.Price.Add(1)); err != nil {
					t.Error(err)
				}
				if _, err := reel.Films.Get(ctx, f.ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got, err := reel.Films.Get(ctx, f.ID)
	want.NoErr(t, err)
	want.Equal(t, got.Price, f.Price+2*64*5)
}

func testCancelled(t *testing.T, ctx context.Context) {
	insert(t, ctx, "a")
	short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	_, err := db.SQL[*db.Row](short, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
	want.Err(t, err, context.DeadlineExceeded)
	_, err = reel.Films.All(short)
	want.Err(t, err, context.DeadlineExceeded)
	want.Equal(t, count(t, ctx), 1) // the connection is as good as before

	// A writer that waits for its turn, or for a row, obeys its context too.
	first := reel.Films.Where(reel.Films.Slug.Eq("a"))
	want.NoErr(t, db.Tx(ctx, func(tx context.Context) error {
		if _, err := first.Update(tx, reel.Films.Stock.Add(1)); err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		_, err := first.Update(short, reel.Films.Stock.Add(1))
		want.Err(t, err, context.DeadlineExceeded)
		return nil
	}))
	f, err := first.First(ctx)
	want.NoErr(t, err)
	want.Equal(t, f.Stock, 4)
}

// testTxOptions: a read-only transaction refuses writes, and serializable ones
// that met are run again until both were as if alone.
func testTxOptions(t *testing.T, ctx context.Context) {
	f := insert(t, ctx, "a", "b")
	err := db.Tx(ctx, func(ctx context.Context) error {
		want.Equal(t, count(t, ctx), 2)
		return reel.Orders.Insert(ctx, &reel.Order{})
	}, db.ReadOnly())
	if err == nil || !strings.Contains(err.Error(), "only reads") {
		t.Errorf("got %v for a write in a read-only transaction, want what it is", err)
	}
	for _, level := range []db.Level{db.ReadCommitted, db.RepeatableRead, db.Serializable} {
		want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
			want.Equal(t, count(t, ctx), 2)
			return nil
		}, db.Isolation(level), db.ReadOnly()))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				err := db.Tx(ctx, func(ctx context.Context) error {
					a, err := reel.Films.Get(ctx, f[0].ID)
					if err != nil {
						return err
					}
					a.Price++
					return reel.Films.Save(ctx, a)
				}, db.Isolation(db.Serializable), db.Retry(100))
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	a, err := reel.Films.Get(ctx, f[0].ID)
	want.NoErr(t, err)
	want.Equal(t, a.Price, 520)
}
