package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// manyFilms returns n films, each other than the one before it.
func manyFilms(n int) []*reel.Film {
	list := make([]*reel.Film, n)
	for i := range list {
		f := film(fmt.Sprint("film-", i))
		switch i % 4 {
		case 0:
			f.Genre, f.Rating = new("Drama\t\\N\n\"quoted\", 'too'"), new(float64(i)/8)
		case 1:
			f.Released, f.InShop = new(day(1926+i%90, time.May, 1+i%28)), false
		case 2:
			f.Poster = []byte{0, 1, byte(i), 255}
		}
		f.Price, f.Stock = reel.Cents(i), int32(i%100)
		list[i] = f
	}
	return list
}

// testImport: what is imported is what would have been inserted.
func testImport(t *testing.T, ctx context.Context) {
	films := manyFilms(1501)
	n, err := reel.Films.Import(ctx, slices.Values(films))
	want.NoErr(t, err)
	want.Equal(t, n, 1501)
	got, err := reel.Films.OrderBy(reel.Films.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, len(got), len(films))
	for i, f := range films {
		want.Equal(t, f.ID, 0) // not told
		f.ID = got[i].ID
		want.Equal(t, got[i], f)
	}
	n, err = reel.Films.Import(ctx, func(func(*reel.Film) bool) {})
	want.NoErr(t, err)
	want.Equal(t, n, 0)

	// With hooks, and the columns that are filled in.
	ctx = written(ctx)
	notes := make([]*reel.Note, 250)
	for i := range notes {
		notes[i] = &reel.Note{Title: fmt.Sprint("note ", i)}
	}
	n, err = reel.Notes.Import(ctx, slices.Values(notes))
	want.NoErr(t, err)
	want.Equal(t, n, 250)
	last := notes[249]
	want.Equal(t, strings.Join(last.Calls, ", "), "before created, after created, committed created")
	read, err := reel.Notes.Get(ctx, last.ID)
	want.NoErr(t, err)
	want.Equal(t, read.Version, 1)
	want.Equal(t, read.Made.IsZero(), false)
}

// ending returns the films, and then does something.
func ending(films []*reel.Film, then func()) iter.Seq[*reel.Film] {
	return func(yield func(*reel.Film) bool) {
		for _, f := range films {
			if !yield(f) {
				return
			}
		}
		then()
	}
}

// testImportIsWhole: whatever ends an import, nothing of it is there, and the
// transaction around it goes on.
func testImportIsWhole(t *testing.T, ctx context.Context) {
	films := manyFilms(1200)
	twice := append(slices.Clone(films), film("film-3"))
	broken := append(slices.Clone(films), film("x"))
	broken[1200].Title = "\xff"
	stop := errors.New("the file ended early")
	cancelled, cancel := context.WithCancel(ctx)
	for _, test := range []struct {
		name string
		run  func(ctx context.Context) error
		err  error
	}{
		{"a row that is there twice", func(ctx context.Context) error {
			_, err := reel.Films.Import(ctx, slices.Values(twice))
			var c *db.ConstraintError
			if !errors.As(err, &c) || c.Table != "films" {
				t.Errorf("got %v, want the constraint", err)
			}
			return err
		}, errs.Conflict},
		{"a value that cannot be stored", func(ctx context.Context) error {
			_, err := reel.Films.Import(ctx, slices.Values(broken))
			want.Contains(t, fmt.Sprint(err), `db: import row 1201 of films: column "title": `)
			return err
		}, errs.Invalid},
		{"an error of the source", func(ctx context.Context) error {
			return db.Tx(ctx, func(ctx context.Context) error {
				var failed error
				_, err := reel.Films.Import(ctx, ending(films, func() { failed = stop }))
				return errors.Join(err, failed)
			})
		}, stop},
		{"a query of the source", func(ctx context.Context) error {
			return db.Tx(ctx, func(ctx context.Context) error {
				var failed error
				_, err := reel.Films.Import(ctx, ending(films, func() { _, failed = reel.Films.Count(ctx) }))
				want.NoErr(t, err)
				want.Contains(t, fmt.Sprint(failed), "A1507")
				return stop
			})
		}, stop},
		{"a panic of the source", func(ctx context.Context) (err error) {
			defer func() { err = recover().(error) }()
			_, _ = reel.Films.Import(ctx, ending(films, func() { panic(stop) }))
			return nil
		}, stop},
	} {
		want.Err(t, test.run(ctx), test.err)
		want.Equal(t, count(t, ctx), 0)
		want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
			insert(t, ctx, "before")
			want.Err(t, test.run(ctx), test.err)
			insert(t, ctx, "after")
			return nil
		}))
		if got := slugs(t, ctx, reel.Films.OrderBy(reel.Films.ID.Asc())); len(got) != 2 {
			t.Errorf("%s: got %d films, want those before and after", test.name, len(got))
		}
		_, err := reel.Films.Everywhere().Delete(ctx)
		want.NoErr(t, err)
	}
	_, err := reel.Films.Import(cancelled, ending(films, cancel))
	want.Err(t, err, context.Canceled)
	want.Equal(t, count(t, ctx), 0)
}

// testImportTypes: columns whose types are of one engine alone.
func testImportTypes(t *testing.T, ctx context.Context) {
	ctx = written(ctx)
	attrs := reel.Attrs{Kind: "it's \"x\"", Tags: []string{"a\tb", "é"}}
	full := &reel.Ticket{State: reel.Closed, Seat: sql.Null[int64]{V: 7, Valid: true}, Note: sql.Null[string]{V: "\\.", Valid: true},
		Until: sql.Null[time.Time]{V: day(2026, 11, 22), Valid: true}, Attrs: db.JSON[reel.Attrs]{V: attrs}}
	empty := &reel.Ticket{State: reel.Open}
	n, err := reel.Tickets.Import(ctx, slices.Values([]*reel.Ticket{full, empty}))
	want.NoErr(t, err)
	want.Equal(t, n, 2)
	for _, ticket := range []*reel.Ticket{full, empty} {
		got, err := reel.Tickets.Get(ctx, ticket.ID)
		want.NoErr(t, err)
		want.Equal(t, got, ticket)
	}
}

// testKeysByHand: after rows that brought their keys, the database makes keys
// that are free.
func testKeysByHand(t *testing.T, ctx context.Context) {
	first := insert(t, ctx, "auto")[0]
	mine := film("by hand")
	mine.ID = first.ID + 2
	want.NoErr(t, reel.Films.Insert(ctx, mine))
	want.NoErr(t, reel.Films.Insert(ctx, film("a"), film("b"), film("c")))

	low, high := film("low"), film("high")
	low.ID, high.ID = 2000, 3000
	n, err := reel.Films.Import(ctx, slices.Values([]*reel.Film{film("d"), high, low, film("e")}))
	want.NoErr(t, err)
	want.Equal(t, n, 4)
	next := insert(t, ctx, "next")[0]
	if next.ID <= 3000 {
		t.Errorf("got the key %d, want one above 3000", next.ID)
	}
	low = film("lower")
	low.ID = 1000
	want.NoErr(t, reel.Films.Insert(ctx, low)) // moves nothing back
	want.Equal(t, insert(t, ctx, "last")[0].ID, next.ID+1)

	up := film("upserted")
	up.ID = 4000
	want.NoErr(t, reel.Films.Upsert(ctx, db.OnConflict(reel.Films.ID).UpdateAll(), up))
	if last := insert(t, ctx, "very last")[0]; last.ID <= 4000 {
		t.Errorf("got the key %d, want one above 4000", last.ID)
	}
}
