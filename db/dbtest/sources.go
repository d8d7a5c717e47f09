package dbtest

import (
	"context"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// testSources: results with a name are read, joined, compared with, and made
// of each other.
func testSources(t *testing.T, ctx context.Context) {
	related(t, ctx)
	f, r := reel.Films, reel.Reviews
	stars := db.As("film_stars", r.Where(r.Stars.GT(0)).Select(r.FilmID, db.Count(), r.Stars.Sum(), r.Stars.Avg()))
	film, n, sum := db.From(stars, r.FilmID), db.From(stars, db.Count()), db.From(stars, r.Stars.Sum())

	// Read, with conditions, an order and aggregates over aggregates.
	type row struct {
		N, Films int64
		Sum      int32
		Mean     *float64
	}
	rows, err := db.Into(stars.Where(sum.GT(1)).OrderBy(n.Desc()).Limit(5), func(d *row) []db.Dest {
		return []db.Dest{n.To(&d.N), sum.To(&d.Sum), db.From(stars, r.Stars.Avg()).To(&d.Mean)}
	}).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, rows, []row{{N: 3, Sum: 9, Mean: new(3.0)}, {N: 1, Sum: 2, Mean: new(2.0)}})
	all, err := db.Into(stars, func(d *row) []db.Dest {
		return []db.Dest{n.Sum().To(&d.N), db.Count().To(&d.Films), sum.Avg().To(&d.Mean)}
	}).First(ctx)
	want.NoErr(t, err)
	want.Equal(t, all, row{N: 4, Films: 2, Mean: new(5.5)})

	// Compared with.
	for _, test := range []struct {
		q    *db.Query[*reel.Film]
		want []string
	}{
		{f.Where(f.ID.InQuery(stars.Where(n.GT(1)).Select(film))), []string{"a"}},
		{f.Where(f.Slug.NE("b"), stars.None(db.Equal(film, f.ID))), []string{"c"}},
		{f.Where(stars.Any(db.Equal(film, f.ID), n.LT(3))), []string{"b"}},
		{f.Where(db.From(stars.Join(db.On(film, f.ID)), r.Stars.Sum()).GT(1)), []string{"a", "b"}},
		{f.Where(f.Slug.In("a", "c"), db.NullNum[int64]{Num: db.From(stars.LeftJoin(db.On(film, f.ID)), db.Count())}.IsNull()), []string{"c"}},
	} {
		want.Equal(t, slugs(t, ctx, test.q.OrderBy(f.Slug.Asc())), test.want)
		count, err := test.q.Count(ctx)
		want.NoErr(t, err)
		want.Equal(t, int(count), len(test.want))
	}

	// Joined, two of them in one statement, one made of the other.
	many := db.As("often_seen", stars.Where(n.GTE(2)).Select(film, sum))
	mine, often := stars.LeftJoin(db.On(film, f.ID)), many.LeftJoin(db.On(db.From(many, film), f.ID))
	type line struct {
		Slug string
		N    int64
		Sum  *int32
	}
	bind := func(d *line) []db.Dest {
		return []db.Dest{f.Slug.To(&d.Slug), db.NullNum[int64]{Num: db.From(mine, db.Count())}.Or(0).To(&d.N), db.NullNum[int32]{Num: db.From(often, sum)}.To(&d.Sum)}
	}
	lines, err := db.Into(f.Where(f.Slug.NE("x")).OrderBy(f.Slug.Asc()), bind).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, lines, []line{{"a", 3, new(int32(9))}, {"b", 1, nil}, {"c", 0, nil}})
	deep, err := db.Into(r.Where(r.Words.Eq("a5")), func(d *line) []db.Dest { // over a relation
		return []db.Dest{r.Words.To(&d.Slug), db.From(stars.Join(db.On(film, r.Film().ID)), db.Count()).To(&d.N)}
	}).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, deep, []line{{Slug: "a5", N: 3}})

	// Of a union, of the first of each group, of rows with a limit.
	named := db.Into(f.Where(f.Slug.Eq("a")), func(d *line) []db.Dest { return []db.Dest{f.Slug.To(&d.Slug), f.ID.To(&d.N)} })
	both := db.As("both", named.UnionAll(named))
	twice, err := db.Into(both.Where(db.From(both, f.Slug).Eq("a")), func(d *line) []db.Dest { return []db.Dest{db.From(both, f.Slug).To(&d.Slug)} }).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, twice, 2)
	best := db.As("best", db.Into(&r.Query, func(d *line) []db.Dest { return []db.Dest{r.FilmID.To(&d.N), r.Words.To(&d.Slug)} }).
		Top(1, db.Over(r.FilmID).OrderBy(r.Stars.Desc())))
	words, err := db.Into(best.OrderBy(db.From(best, r.Words).Asc()), func(d *line) []db.Dest { return []db.Dest{db.From(best, r.Words).To(&d.Slug)} }).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, words, []line{{Slug: "a5"}, {Slug: "b2"}})
	dearest := db.As("dearest", f.OrderBy(f.Slug.Desc()).Limit(1).Select(f.ID))
	want.Equal(t, slugs(t, ctx, f.Where(f.ID.InQuery(dearest.Select(db.From(dearest, f.ID))))), []string{"c"})

	// Writes are chosen by them.
	changed, err := f.Where(f.ID.InQuery(many.Select(db.From(many, film)))).Update(ctx, f.Stock.Set(77))
	want.NoErr(t, err)
	want.Equal(t, changed, 1)
	want.Equal(t, slugs(t, ctx, f.Where(f.Stock.Eq(77))), []string{"a"})
	gone, err := r.Where(db.From(stars.Join(db.On(film, r.FilmID)), db.Count()).Eq(1)).Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, gone, 1)
}
