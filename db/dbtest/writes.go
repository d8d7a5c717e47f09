package dbtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

func testInsertMany(t *testing.T, ctx context.Context) {
	want.NoErr(t, reel.Films.Insert(ctx))
	var films []*reel.Film
	for i := range 1001 {
		f := film(fmt.Sprint("slug-", i))
		if i%300 == 7 { // a key of its own, among those that the database makes
			f.ID = int64(10_000 + i)
		}
		films = append(films, f)
	}
	want.NoErr(t, reel.Films.Insert(ctx, films...))
	want.Equal(t, count(t, ctx), 1001)
	seen := map[int64]bool{}
	for i, f := range films {
		if i%300 == 7 {
			want.Equal(t, f.ID, int64(10_000+i))
		}
		if f.ID == 0 || seen[f.ID] {
			t.Fatalf("row %d: got key %d, want a new one", i, f.ID)
		}
		seen[f.ID] = true
		got, err := reel.Films.Get(ctx, f.ID)
		want.NoErr(t, err)
		if got.Slug != f.Slug {
			t.Fatalf("row %d: got %s under its key, want %s", i, got.Slug, f.Slug)
		}
	}
}

func testInsertIsWhole(t *testing.T, ctx context.Context) {
	var films []*reel.Film
	for i := range 300 {
		films = append(films, film(fmt.Sprint(i%299))) // the last is there already
	}
	err := reel.Films.Insert(ctx, films...)
	want.Err(t, err, errs.Conflict)
	want.Equal(t, count(t, ctx), 0)
	want.Equal(t, films[0].ID, 0) // no key of a row that is not there

	// Within a transaction the rest of it goes on.
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		insert(t, ctx, "before")
		want.Err(t, reel.Films.Insert(ctx, films...), errs.Conflict)
		insert(t, ctx, "after")
		return nil
	}))
	want.Equal(t, slugs(t, ctx, reel.Films.OrderBy(reel.Films.ID.Asc())), []string{"before", "after"})
}

func testSave(t *testing.T, ctx context.Context) {
	films := insert(t, ctx, "a", "b")
	f := films[0]
	f.Genre, f.Rating = new("Noir"), new(2.5)
	want.NoErr(t, reel.Films.Save(ctx, f))
	f.Genre, f.Rating, f.Stock, f.InShop, f.Title = nil, nil, 0, false, "" // zero values are written too
	want.NoErr(t, reel.Films.Save(ctx, f))
	got, err := reel.Films.Get(ctx, f.ID)
	want.NoErr(t, err)
	want.Equal(t, got, f)
	got, err = reel.Films.Get(ctx, films[1].ID)
	want.NoErr(t, err)
	want.Equal(t, got, films[1])

	f.ID = 999
	err = reel.Films.Save(ctx, f)
	want.Err(t, err, db.ErrNotFound)
	want.Err(t, err, errs.NotFound)
	want.Equal(t, count(t, ctx), 2)
}

func testUpdate(t *testing.T, ctx context.Context) {
	films := insert(t, ctx, "a", "b", "c")
	f := reel.Films
	take := func(n int32) int64 {
		n64, err := f.Where(f.ID.Eq(films[0].ID), f.Stock.GTE(n)).Update(ctx, f.Stock.Add(-n), f.Genre.Set("Noir"))
		want.NoErr(t, err)
		return n64
	}
	want.Equal(t, []int64{take(2), take(2), take(1), take(1)}, []int64{1, 0, 1, 0})
	got, err := f.Get(ctx, films[0].ID)
	want.NoErr(t, err)
	want.Equal(t, fmt.Sprintln(got.Stock, *got.Genre), "0 Noir\n")
	n, err := f.Everywhere().Update(ctx, f.Price.Add(1), f.InShop.Set(false), f.Poster.Set(nil),
		f.CreatedAt.Set(day(2000, 1, 1)), f.Rating.Add(1))
	want.NoErr(t, err)
	want.Equal(t, n, 3)
	got, err = f.Get(ctx, films[1].ID)
	want.NoErr(t, err)
	want.Equal(t, fmt.Sprint(got.Price, got.InShop, got.Poster, got.CreatedAt.Year(), got.Rating), "501 false [] 2000 <nil>")
}

func testDelete(t *testing.T, ctx context.Context) {
	insert(t, ctx, "a", "b", "c")
	f := reel.Films
	n, err := f.Where(f.Slug.In("a", "b", "x")).Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 2)
	for _, q := range []*db.Query[*reel.Film]{&f.Query, f.Where(), f.Where(db.And()), f.Where(db.And(db.And(), db.Cond{}))} {
		if _, err := q.Delete(ctx); err == nil {
			t.Error("got no error for a Delete without a condition")
		}
		if _, err := q.Update(ctx, f.Stock.Set(0)); err == nil {
			t.Error("got no error for an Update without a condition")
		}
	}
	want.Equal(t, count(t, ctx), 1)
	n, err = f.Everywhere().Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
}

func testKeys(t *testing.T, ctx context.Context) {
	films := insert(t, ctx, "a", "b")
	_, err := reel.Films.Get(ctx, 12345)
	want.Err(t, err, db.ErrNotFound)
	want.Err(t, err, errs.NotFound)
	want.Equal(t, errs.KindOf(err), errs.NotFound)
	want.Equal(t, err.Error(), "db: films: no such row")
	_, err = reel.Films.Where(reel.Films.Slug.Eq("z")).First(ctx)
	want.Err(t, err, db.ErrNotFound)

	order := &reel.Order{}
	want.NoErr(t, reel.Orders.Insert(ctx, order))
	want.NoErr(t, reel.OrderLines.Insert(ctx,
		&reel.OrderLine{OrderID: order.ID, FilmID: films[0].ID, Quantity: 1},
		&reel.OrderLine{OrderID: order.ID, FilmID: films[1].ID, Quantity: 2}))
	line, err := reel.OrderLines.Get(ctx, order.ID, films[1].ID)
	want.NoErr(t, err)
	want.Equal(t, line.Quantity, 2)
	line.Quantity = 5
	want.NoErr(t, reel.OrderLines.Save(ctx, line))
	line, err = reel.OrderLines.Get(ctx, order.ID, films[0].ID)
	want.NoErr(t, err)
	want.Equal(t, line.Quantity, 1)

	// A key is not given out again.
	last := films[1].ID
	_, err = reel.OrderLines.Everywhere().Delete(ctx)
	want.NoErr(t, err)
	_, err = reel.Films.Where(reel.Films.ID.Eq(last)).Delete(ctx)
	want.NoErr(t, err)
	if next := insert(t, ctx, "c")[0].ID; next <= last {
		t.Errorf("got key %d after %d was deleted, want a new one", next, last)
	}
}

func testClosed(t *testing.T, ctx context.Context) {
	d, err := db.FromContext(ctx)
	want.NoErr(t, err)
	want.NoErr(t, d.Ping(ctx))
	want.NoErr(t, d.Close())
	want.NoErr(t, d.Close())
	if _, err := reel.Films.Count(ctx); err == nil {
		t.Error("got no error from a database that was closed")
	}
	if err := d.Ping(ctx); err == nil {
		t.Error("got no error from Ping of a database that was closed")
	}
}

func testConnReset(t *testing.T, ctx context.Context) {
	d, err := db.FromContext(ctx)
	want.NoErr(t, err)
	insert(t, ctx, "a", "b")
	stop := errors.New("stop")
	err = d.WithConn(ctx, func(c db.Conn) error {
		_, err := c.Exec(ctx, "BEGIN")
		want.NoErr(t, err)
		n, err := c.Exec(ctx, "DELETE FROM films WHERE slug = ?", "a")
		want.NoErr(t, err)
		want.Equal(t, n, 1)
		rows, err := c.Query(ctx, "SELECT slug, stock FROM films WHERE price > ?", 1)
		want.NoErr(t, err)
		var slug string
		var stock int
		for rows.Next() {
			want.NoErr(t, rows.Scan(&slug, &stock))
			// Rows may be open while others are read.
			again, err := c.Query(ctx, "SELECT slug, stock FROM films WHERE price > ?", 1)
			want.NoErr(t, err)
			want.Equal(t, again.Next(), true)
			want.NoErr(t, again.Close())
		}
		want.NoErr(t, rows.Err())
		want.NoErr(t, rows.Close())
		want.NoErr(t, rows.Close())
		want.Equal(t, fmt.Sprint(slug, stock), "b3")
		return stop
	})
	want.Err(t, err, stop)
	want.Equal(t, count(t, ctx), 2) // what was left open was rolled back
	insert(t, ctx, "c")

	var left db.Rows // open when the connection is given back
	want.NoErr(t, d.WithConn(ctx, func(c db.Conn) error {
		left, err = c.Query(ctx, "SELECT slug FROM films ORDER BY slug")
		want.Equal(t, left.Next(), true)
		return err
	}))
	want.Equal(t, left.Next(), false)
	_, err = db.Exec(ctx, "DROP TABLE settings") // which open rows would forbid
	want.NoErr(t, err)

	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		if err := d.WithConn(ctx, func(db.Conn) error { return nil }); err == nil {
			t.Error("got no error from WithConn within a transaction")
		}
		return nil
	}))
}
