package dbtest

import (
	"context"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// testBatch: each part gives what its query gives alone.
func testBatch(t *testing.T, ctx context.Context) {
	related(t, ctx)
	f, r := reel.Films, reel.Reviews
	type stat struct {
		Slug string
		N    int64
	}
	read := func(ctx context.Context) {
		var films, none []*reel.Film
		var film *reel.Film
		var reviews []*reel.Review
		var n int64
		var stats []stat
		want.NoErr(t, db.Batch(ctx,
			f.OrderBy(f.Slug.Desc()).With(f.Reviews().OrderBy(r.Stars.Asc()), f.Trailer()).AllTo(&films),
			f.Where(f.Slug.Eq("x")).AllTo(&none),
			f.Where(f.Slug.Eq("a")).With(f.Tags()).FirstTo(&film),
			r.OrderBy(r.Stars.Desc()).Limit(2).With(r.Film().Trailer()).AllTo(&reviews),
			r.Where(r.Stars.GT(2)).CountTo(&n),
			db.Into(r.OrderBy(r.Film().Slug.Asc()), func(d *stat) []db.Dest {
				return []db.Dest{r.Film().Slug.To(&d.Slug), db.Count().To(&d.N)}
			}).AllTo(&stats),
		))
		want.Equal(t, []int{len(films), len(none), len(film.Tags), len(reviews), int(n)}, []int{3, 0, 2, 2, 2})
		want.Equal(t, []string{films[0].Slug, words(films[2].Reviews), films[1].Trailer.URL}, []string{"c", "a1 a3 a5", "/b"})
		want.Equal(t, []string{words(reviews), reviews[0].Film.Slug}, []string{"a5 a3", "a"})
		want.Equal(t, stats, []stat{{"a", 3}, {"b", 1}})
	}
	read(ctx)
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		read(ctx)
		return nil
	}))
	want.NoErr(t, db.Batch(ctx))

	// What is not there, or cannot be built, hands nothing over.
	var n int64
	var film *reel.Film
	want.Err(t, db.Batch(ctx, f.CountTo(&n), f.Where(f.Slug.Eq("x")).FirstTo(&film)), db.ErrNotFound)
	if err := db.Batch(ctx, f.CountTo(&n), f.Where(r.Stars.Eq(1)).FirstTo(&film)); err == nil {
		t.Error("got no error for a column of another table")
	}
	if err := db.Batch(ctx, f.CountTo(&n), f.ForUpdate().FirstTo(&film)); err == nil {
		t.Error("got no error for a lock outside of a transaction")
	}
	want.Equal(t, []any{n, film == nil}, []any{int64(0), true})
}

// testBatchWrites: a batch that writes is whole.
func testBatchWrites(t *testing.T, ctx context.Context) {
	f := reel.Films
	films := insert(t, ctx, "a", "b", "c")
	raise := func(ctx context.Context, by ...int32) ([]int64, error) {
		changed := make([]int64, len(by))
		var parts []db.Part
		for i, n := range by {
			parts = append(parts, f.Where(f.ID.Eq(films[i].ID)).UpdateTo(ctx, &changed[i], f.Stock.Add(n)))
		}
		return changed, db.Batch(ctx, parts...)
	}
	stock := func() (list []int32) {
		all, err := f.OrderBy(f.ID.Asc()).All(ctx)
		want.NoErr(t, err)
		for _, one := range all {
			list = append(list, one.Stock)
		}
		return list
	}
	changed, err := raise(ctx, 1, 2, 3)
	want.NoErr(t, err)
	want.Equal(t, changed, []int64{1, 1, 1})
	want.Equal(t, stock(), []int32{4, 5, 6})
	changed, err = raise(ctx, 1, 2, -9) // breaks the check
	want.Err(t, err, errs.Conflict)
	want.Equal(t, changed, []int64{0, 0, 0})
	want.Equal(t, stock(), []int32{4, 5, 6})
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		_, err := raise(ctx, 1, -9)
		want.Err(t, err, errs.Conflict)
		_, err = raise(ctx, 1, 1)
		return err
	}))
	want.Equal(t, stock(), []int32{5, 6, 6})

	// Reads see the writes before them.
	var n, total int64
	want.NoErr(t, db.Batch(ctx, f.Where(f.Slug.In("a", "b")).UpdateTo(ctx, &n, f.Stock.Set(0)), f.Where(f.Stock.Eq(0)).CountTo(&total)))
	want.Equal(t, []int64{n, total}, []int64{2, 2})
	notes := reel.Notes
	if err := db.Batch(ctx, notes.Where(notes.ID.Eq(1)).UpdateTo(ctx, &n, notes.Stars.Set(1))); err == nil {
		t.Error("got no error for an update of a model with hooks")
	}
}
