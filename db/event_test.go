package db_test

import (
	"context"
	"errors"
	"fmt"
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
	var told []string
	for _, e := range got {
		told = append(told, fmt.Sprintf("%s | %s %v | %d rows in %v, slow %v, control %v | %v", e.SQL, e.Table, e.Args, e.Rows, e.Duration, e.Slow, e.Control, e.Err))
	}
	want.Equal(t, told, []string{
		"BEGIN IMMEDIATE |  [] | 0 rows in 100ms, slow false, control true | <nil>",
		`INSERT INTO "orders" ("total", "placed") VALUES (?, ?), (?, ?) RETURNING "id" | orders [int time int time] | 2 rows in 100ms, slow false, control false | <nil>`,
		"COMMIT |  [] | 0 rows in 100ms, slow false, control true | <nil>",
		`SELECT "id", "total", "placed" FROM "orders" | orders [] | 2 rows in 100ms, slow false, control false | <nil>`,
		`SELECT "id", "total", "placed" FROM "orders" WHERE "id" = ? | orders [int] | 1 rows in 100ms, slow false, control false | <nil>`,
		`SELECT DISTINCT "total" FROM "orders" ORDER BY "total" | orders [] | 2 rows in 100ms, slow false, control false | <nil>`,
		`UPDATE "orders" SET "total" = "total" + ? | orders [int] | 2 rows in 200ms, slow true, control false | <nil>`,
		"SELECT nonsense |  [] | 0 rows in 200ms, slow true, control false | " + err.Error(),
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
