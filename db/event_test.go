package db_test

import (
	"context"
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

var lineNumber = regexp.MustCompile(`query_test\.go:\d+`)

// TestOnQuery: the hook is told of each statement, with the caller's place.
func TestOnQuery(t *testing.T) {
	t.Parallel()
	var got []db.QueryEvent
	var now time.Time
	var ready bool
	step := 100 * time.Millisecond
	ctx := open(t, db.Config{
		Now: func() time.Time { now = now.Add(step); return now },
		OnQuery: func(_ context.Context, e db.QueryEvent) {
			if !ready {
				return
			}
			if !regexp.MustCompile(`^db/event_test\.go:\d+$`).MatchString(e.Caller) {
				t.Errorf("%s: got caller %q, want one in this file", e.SQL, e.Caller)
			}
			got = append(got, e)
		},
	})
	ready = true
	want.NoErr(t, reel.Orders.Insert(ctx, &reel.Order{Total: 1}, &reel.Order{Total: 2}))
	_, err := reel.Orders.All(ctx)
	want.NoErr(t, err)
	_, err = reel.Orders.Get(ctx, 1)
	want.NoErr(t, err)
	_, err = reel.Orders.Total.Distinct(ctx)
	want.NoErr(t, err)
	step = 200 * time.Millisecond
	_, err = reel.Orders.Everywhere().Update(ctx, reel.Orders.Total.Add(1))
	want.NoErr(t, err)
	_, err = db.SQL[*db.Row](ctx, "SELECT nonsense")
	if err == nil {
		t.Fatal("got no error for a statement that is none")
	}
	for i := range got {
		got[i].Caller = ""
	}
	const ms = time.Millisecond
	want.Equal(t, got, []db.QueryEvent{
		{SQL: "BEGIN IMMEDIATE", Duration: 100 * ms},
		{SQL: `INSERT INTO "orders" ("total", "placed") VALUES (?, ?), (?, ?) RETURNING "id"`, Args: 4, Rows: 2, Duration: 100 * ms},
		{SQL: "COMMIT", Duration: 100 * ms},
		{SQL: `SELECT "id", "total", "placed" FROM "orders"`, Rows: 2, Duration: 100 * ms},
		{SQL: `SELECT "id", "total", "placed" FROM "orders" WHERE "id" = ?`, Args: 1, Rows: 1, Duration: 100 * ms},
		{SQL: `SELECT DISTINCT "total" FROM "orders" ORDER BY "total"`, Rows: 2, Duration: 100 * ms},
		{SQL: `UPDATE "orders" SET "total" = "total" + ?`, Args: 1, Rows: 2, Duration: 200 * ms, Slow: true},
		{SQL: "SELECT nonsense", Duration: 200 * ms, Slow: true, Err: err},
	})
}

// TestTwoDatabases: a transaction of one is none of the other.
func TestTwoDatabases(t *testing.T) {
	t.Parallel()
	a, b := open(t, db.Config{}), open(t, db.Config{})
	dbB, err := db.FromContext(b)
	want.NoErr(t, err)
	stop := errors.New("stop")
	want.Err(t, db.Tx(a, func(ctx context.Context) error {
		want.NoErr(t, reel.Orders.Insert(ctx, &reel.Order{}))
		want.NoErr(t, reel.Orders.Insert(db.NewContext(ctx, dbB), &reel.Order{}))
		return stop
	}), stop)
	inA, err := reel.Orders.Count(a)
	want.NoErr(t, err)
	inB, err := reel.Orders.Count(b)
	want.NoErr(t, err)
	want.Equal(t, []int64{inA, inB}, []int64{0, 1})
}
