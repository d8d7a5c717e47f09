package dbtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// broke fails t unless err is about a unique key of these columns.
func broke(t *testing.T, err error, columns ...string) {
	t.Helper()
	var broken *db.ConstraintError
	if !errors.As(err, &broken) || broken.Kind != engine.Unique || !slices.Equal(broken.Columns, columns) {
		t.Errorf("got %v, want a broken unique key of %v", err, columns)
	}
}

// prices returns what each film costs.
func prices(t *testing.T, ctx context.Context) string {
	t.Helper()
	films, err := reel.Films.OrderBy(reel.Films.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	list := []string{}
	for _, f := range films {
		list = append(list, fmt.Sprintf("%s%d", f.Slug, f.Price))
	}
	return strings.Join(list, " ")
}

// testUpsertOtherKey: a row that is met by another unique key than the one that
// was named is never changed.
func testUpsertOtherKey(t *testing.T, ctx context.Context) {
	f := reel.Films
	films := insert(t, ctx, "a", "b")
	at := func(id int64, slug string, price reel.Cents) *reel.Film {
		one := film(slug)
		one.ID, one.Price = id, price
		return one
	}
	a, b := films[0].ID, films[1].ID
	for _, c := range []db.Conflict{db.OnConflict(f.ID), db.OnConflict(f.ID).Update(f.Price), db.OnConflict(f.ID).UpdateAll()} {
		broke(t, f.Upsert(ctx, c, at(999, "b", 1)), "slug")
		broke(t, f.Upsert(ctx, c, at(0, "a", 1)), "slug")
		broke(t, f.Upsert(ctx, c, at(500, "new", 1), at(999, "b", 1)), "slug")
	}
	broke(t, f.Upsert(ctx, db.OnConflict(f.Slug).Update(f.Price), at(b, "c", 1)), "id")
	want.Equal(t, prices(t, ctx), "a500 b500")

	// It meets one row by its key and another by its slug.
	want.NoErr(t, f.Upsert(ctx, db.OnConflict(f.ID).Update(f.Price), at(a, "b", 7)))
	want.NoErr(t, f.Upsert(ctx, db.OnConflict(f.Slug).Update(f.Price), at(a, "b", 8)))
	want.NoErr(t, f.Upsert(ctx, db.OnConflict(f.ID), at(a, "b", 9)))
	want.Equal(t, prices(t, ctx), "a7 b8")
	broke(t, f.Upsert(ctx, db.OnConflict(f.ID).UpdateAll(), at(a, "b", 9)), "slug")
	want.Equal(t, prices(t, ctx), "a7 b8")

	// Some are there and some are not, and the transaction goes on.
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		broke(t, f.Upsert(ctx, db.OnConflict(f.ID).Update(f.Price), at(a, "a", 1), at(999, "b", 1)), "slug")
		return f.Upsert(ctx, db.OnConflict(f.ID).Update(f.Price), at(b, "b", 2), at(500, "c", 3), at(a, "a", 4))
	}))
	want.Equal(t, prices(t, ctx), "a4 b2 c3")
}

// testUpsertTogether: of several at the same time one inserts, and none fails.
func testUpsertTogether(t *testing.T, ctx context.Context) {
	f := reel.Films
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			one := film("z")
			one.ID, one.Price = 500, reel.Cents(i)
			for _, c := range []db.Conflict{db.OnConflict(f.ID).Update(f.Price), db.OnConflict(f.ID)} {
				if err := f.Upsert(ctx, c, one); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	want.Equal(t, count(t, ctx), 1)
}

// testUpsertVersion: a row that was left alone was not read.
func testUpsertVersion(t *testing.T, ctx context.Context) {
	ctx = written(ctx)
	n := reel.Notes
	there := &reel.Note{Title: "a", Stars: 3}
	want.NoErr(t, n.Insert(ctx, there))
	for _, version := range []int64{0, 1, 7} {
		left, made := &reel.Note{Title: "a", Stars: 5, Version: version}, &reel.Note{Title: fmt.Sprint("new", version)}
		want.NoErr(t, n.Upsert(ctx, db.OnConflict(n.Title), left, made))
		want.Equal(t, []any{left.ID, left.Version, made.ID > there.ID, made.Version}, []any{there.ID, int64(0), true, int64(1)})
		want.Err(t, n.Save(ctx, left), db.ErrStale)
		want.NoErr(t, n.Save(ctx, made))
	}
	got, err := n.Get(ctx, there.ID)
	want.NoErr(t, err)
	want.Equal(t, got.Stars, 3)

	// By the other key, with one that meets two rows.
	both := &reel.Note{ID: there.ID, Title: "new0", Stars: 9}
	want.NoErr(t, n.Upsert(ctx, db.OnConflict(n.ID).Update(n.Stars), both))
	want.Equal(t, both.Version, 2)
	want.NoErr(t, n.Upsert(ctx, db.OnConflict(n.ID), both))
	want.Equal(t, both.Version, 0)
	got, err = n.Get(ctx, there.ID)
	want.NoErr(t, err)
	want.Equal(t, []any{got.Title, got.Stars, got.Version}, []any{"a", int64(9), int64(2)})
}

// testFindDeleted: a row that is marked as deleted holds its unique values.
func testFindDeleted(t *testing.T, ctx context.Context) {
	ctx = written(ctx)
	n := reel.Notes
	note := &reel.Note{Title: "a"}
	want.NoErr(t, n.Insert(ctx, note))
	want.NoErr(t, n.Delete(ctx, note))
	again := &reel.Note{Title: "a"}
	created, err := n.FindOrCreate(ctx, again, n.Title)
	want.NoErr(t, err)
	want.Equal(t, []any{created, again.ID, again.Deleted != nil}, []any{false, note.ID, true})

	// What is in the bin needs no further condition.
	restored, err := n.OnlyDeleted().WithoutHooks().Restore(ctx)
	want.NoErr(t, err)
	want.Equal(t, restored, 1)
	purged, err := n.OnlyDeleted().WithoutHooks().Purge(ctx)
	want.NoErr(t, err)
	want.Equal(t, purged, 0)
	if _, err = n.WithDeleted().WithoutHooks().Purge(ctx); err == nil {
		t.Error("got no error for a Purge of everything")
	}
	want.Equal(t, count(t, ctx), 0)
	insert(t, ctx, "x")
	if _, err := reel.Films.OnlyDeleted().Purge(ctx); err == nil {
		t.Error("got no error for the deleted rows of a model that marks none")
	}
	want.Equal(t, count(t, ctx), 1)
}
