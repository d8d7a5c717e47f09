package dbtest

import (
	"context"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

func testInto(t *testing.T, ctx context.Context) {
	related(t, ctx)
	r := reel.Reviews
	type stat struct {
		Slug  string
		N     int64
		Sum   int32
		Mean  *float64
		Worst int32
		Who   *string
	}
	stats, err := db.Into(&r.Query, func(d *stat) []db.Dest {
		return []db.Dest{r.Film().Slug.To(&d.Slug), db.Count().To(&d.N), r.Stars.Sum().To(&d.Sum), r.Stars.Avg().To(&d.Mean),
			r.Stars.Min().Or(0).To(&d.Worst), r.Critic().Name.Max().To(&d.Who)}
	}).OrderBy(db.Count().Desc()).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, stats, []stat{{"a", 3, 9, new(3.0), 1, new("Kael")}, {"b", 1, 2, new(2.0), 2, new("Ebert")}})

	few, err := db.Into(&r.Query, func(d *stat) []db.Dest {
		return []db.Dest{r.Film().Slug.To(&d.Slug), r.CriticID.CountDistinct().To(&d.N)}
	}).Having(db.Count().GT(1)).First(ctx)
	want.NoErr(t, err)
	want.Equal(t, few, stat{Slug: "a", N: 2})
	_, err = db.Into(r.Where(r.Stars.GT(9)), func(d *stat) []db.Dest { return []db.Dest{r.Film().Slug.To(&d.Slug)} }).First(ctx)
	want.Err(t, err, db.ErrNotFound)

	// All rows are one group; of none, a sum is 0 and a mean NULL.
	none, err := db.Into(r.Where(r.Stars.GT(9)), func(d *stat) []db.Dest {
		return []db.Dest{db.Count().To(&d.N), r.Stars.Sum().To(&d.Sum), r.Stars.Avg().To(&d.Mean)}
	}).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, none, []stat{{}})

	// Windows, an expression, distinct values.
	type ranked struct {
		Words       string
		Place, Rank int64
		Total       int32
		Before      *int32
		Twice       int32
	}
	by := db.Over(r.FilmID).OrderBy(r.Stars.Desc())
	places, err := db.Into(r.OrderBy(r.ID.Asc()), func(d *ranked) []db.Dest {
		return []db.Dest{r.Words.To(&d.Words), by.RowNumber().To(&d.Place), by.Rank().To(&d.Rank), r.Stars.SumOver(by).To(&d.Total),
			r.Stars.Lag(1, by).To(&d.Before), r.Stars.Times(2).To(&d.Twice)}
	}).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, places, []ranked{{"a5", 1, 1, 5, nil, 10}, {"a3", 2, 2, 8, new(int32(5)), 6},
		{"a1", 3, 3, 9, new(int32(3)), 2}, {"b2", 1, 1, 2, nil, 4}})
	film, err := db.Into(r.OrderBy(r.Film().Slug.Asc()), func(d *stat) []db.Dest {
		return []db.Dest{r.Film().Slug.To(&d.Slug)}
	}).Distinct().All(ctx)
	want.NoErr(t, err)
	want.Equal(t, film, []stat{{Slug: "a"}, {Slug: "b"}})
	sums, err := db.SQL[stat2](ctx, `SELECT words, stars FROM reviews WHERE stars > ? ORDER BY stars`, 2)
	want.NoErr(t, err)
	want.Equal(t, sums, []stat2{{"a3", 3}, {"a5", 5}})
	texts, err := db.SQL[string](ctx, `SELECT words FROM reviews WHERE stars = ?`, 5)
	want.NoErr(t, err)
	want.Equal(t, texts, []string{"a5"})
}

// testGroups: an expression with a value in it is the same wherever it is
// built, and the mean of integers is a number.
func testGroups(t *testing.T, ctx context.Context) {
	related(t, ctx)
	r, f := reel.Reviews, reel.Films
	type stat struct {
		Genre string
		N     int64
	}
	_, err := f.Where(f.Slug.Eq("a")).Update(ctx, f.Genre.Set("Drama"))
	want.NoErr(t, err)
	genre := func() db.Text[string] { return r.Film().Genre.Or("none") }
	bind := func(d *stat) []db.Dest { return []db.Dest{genre().To(&d.Genre), db.Count().To(&d.N)} }
	stats, err := db.Into(r.OrderBy(genre().Desc()), bind).Having(genre().NE("Noir"), db.Count().GT(0)).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, stats, []stat{{"none", 1}, {"Drama", 3}})
	stats, err = db.Into(r.OrderBy(db.Count().Desc(), genre().Asc()), bind).Having(db.Or(genre().Eq("none"), genre().Eq("Drama"))).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, stats, []stat{{"Drama", 3}, {"none", 1}})
	worst := func() db.Num[int32] { return r.Stars.Min().Of(f.Reviews().Where(r.Stars.GT(1))).Or(0) }
	type film struct{ Worst int32 }
	films, err := db.Into(f.OrderBy(worst().Desc()), func(d *film) []db.Dest { return []db.Dest{worst().To(&d.Worst)} }).Distinct().All(ctx)
	want.NoErr(t, err)
	want.Equal(t, films, []film{{3}, {2}, {0}})
	_, err = db.Into(f.OrderBy(f.ID.Asc()), func(d *film) []db.Dest { return []db.Dest{worst().To(&d.Worst)} }).Distinct().All(ctx)
	if err == nil {
		t.Error("got no error for distinct rows sorted by what is not read")
	}

	means, err := db.SQL[float64](ctx, "SELECT avg(stars) FROM reviews GROUP BY film_id ORDER BY film_id")
	want.NoErr(t, err)
	want.Equal(t, means, []float64{3, 2})
	rows, err := db.SQL[*db.Row](ctx, "SELECT avg(stars), sum(stars) FROM reviews WHERE stars < ?", 3)
	want.NoErr(t, err)
	var mean float64
	var sum int
	want.NoErr(t, rows[0].Scan(&mean, &sum))
	want.Equal(t, []any{mean, sum}, []any{1.5, 3})
}

// testUnionInto: results of several tables, and how many rows there are.
func testUnionInto(t *testing.T, ctx context.Context) {
	related(t, ctx)
	f, r, c := reel.Films, reel.Reviews, reel.Critics
	type hit struct {
		Name string
		N    int64
	}
	films := db.Into(f.Where(f.Slug.In("a", "b")), func(d *hit) []db.Dest { return []db.Dest{f.Slug.To(&d.Name), f.Reviews().Count().To(&d.N)} })
	critics := db.Into(c.Where(c.Name.NE("nobody")), func(d *hit) []db.Dest {
		return []db.Dest{c.Name.To(&d.Name), c.Reviews().Count(r.Stars.GT(2)).To(&d.N)}
	})
	stars := db.Into(&r.Query, func(d *hit) []db.Dest { return []db.Dest{r.Film().Slug.To(&d.Name), db.Count().To(&d.N)} }).Having(db.Count().GT(2))
	all := films.Union(critics, stars)
	for _, test := range []struct {
		q    *db.Grouped[hit]
		want []hit
	}{
		{all.OrderBy(f.Slug.Asc()), []hit{{"Ebert", 1}, {"Kael", 1}, {"a", 3}, {"b", 1}}},
		{all.OrderBy(f.Slug.Desc()).Limit(2), []hit{{"b", 1}, {"a", 3}}},
		{films.UnionAll(stars).OrderBy(f.Slug.Asc()), []hit{{"a", 3}, {"a", 3}, {"b", 1}}},
		{films.OrderBy(f.Slug.Desc()).Limit(1).UnionAll(critics.OrderBy(c.Name.Desc()).Limit(1)).OrderBy(f.Slug.Asc()), []hit{{"Kael", 1}, {"b", 1}}},
		{films.Union(films).UnionAll(stars.Union(stars)).OrderBy(f.Slug.Asc()), []hit{{"a", 3}, {"a", 3}, {"b", 1}}},
		{films.OrderBy(f.Slug.Asc()), []hit{{"a", 3}, {"b", 1}}},
		{stars, []hit{{"a", 3}}},
	} {
		got, err := test.q.All(ctx)
		want.NoErr(t, err)
		want.Equal(t, got, test.want)
		n, err := test.q.Count(ctx)
		want.NoErr(t, err)
		want.Equal(t, int(n), len(test.want))
	}
	one := db.Into(&c.Query, func(d *hit) []db.Dest { return []db.Dest{c.Name.To(&d.Name)} })
	for _, wrong := range []*db.Grouped[hit]{all.OrderBy(f.Title.Asc()), all.Distinct(), all.Having(db.Count().GT(1)), films.Union(one),
		films.Union(db.Into(f.Where(r.Stars.Eq(1)), func(d *hit) []db.Dest { return []db.Dest{f.Slug.To(&d.Name), f.ID.To(&d.N)} }))} {
		if _, err := wrong.All(ctx); err == nil {
			sql, _ := wrong.SQL()
			t.Errorf("got no error for %s", sql)
		}
	}
}

// testOver: rows of a window by their places, of a part of all rows.
func testOver(t *testing.T, ctx context.Context) {
	films := related(t, ctx)
	f, r := reel.Films, reel.Reviews
	for i, film := range films {
		film.CreatedAt = day(2026, 1, i+1)
		want.NoErr(t, f.Save(ctx, film))
	}
	type line struct {
		Words         string
		Before, After *int32
		Other         *string
		Low, High     *int32
		Mean          *float64
		Dense, Rows   int64
	}
	all, part := db.Over().OrderBy(r.Stars.Asc()), db.Over(r.FilmID)
	lines, err := db.Into(r.OrderBy(r.Stars.Asc()), func(d *line) []db.Dest {
		return []db.Dest{r.Words.To(&d.Words), r.Stars.Lag(1, all).To(&d.Before), r.Stars.Lead(2, all).To(&d.After), r.Words.Lead(1, part.OrderBy(r.Stars.Asc())).To(&d.Other),
			r.Stars.MinOver(part).To(&d.Low), r.Stars.MaxOver(all).To(&d.High), r.Stars.AvgOver(part).To(&d.Mean),
			db.Over().OrderBy(r.FilmID.Asc()).DenseRank().To(&d.Dense), part.Count().To(&d.Rows)}
	}).All(ctx)
	want.NoErr(t, err)
	n := func(n int32) *int32 { return &n }
	want.Equal(t, lines, []line{
		{"a1", nil, n(3), new("a3"), n(1), n(1), new(3.0), 1, 3},
		{"b2", n(1), n(5), nil, n(2), n(2), new(2.0), 2, 1},
		{"a3", n(2), nil, new("a5"), n(1), n(3), new(3.0), 1, 3},
		{"a5", n(3), nil, nil, n(1), n(5), new(3.0), 1, 3},
	})
	type made struct {
		Last, Next *time.Time
		Slug       *string
	}
	by := db.Over().OrderBy(f.CreatedAt.Asc())
	moments, err := db.Into(f.OrderBy(f.ID.Asc()), func(d *made) []db.Dest {
		return []db.Dest{f.CreatedAt.Lag(1, by).To(&d.Last), f.CreatedAt.Lead(1, by).To(&d.Next), f.Slug.Lag(2, by).To(&d.Slug)}
	}).All(ctx)
	want.NoErr(t, err)
	at := func(n int) *time.Time { t := day(2026, 1, n); return &t }
	want.Equal(t, moments, []made{{nil, at(2), nil}, {at(1), at(3), nil}, {at(2), nil, new("a")}})
	if _, err := db.Into(&f.Query, func(d *made) []db.Dest { return []db.Dest{f.CreatedAt.Lag(1, db.Over()).To(&d.Last)} }).All(ctx); err == nil {
		t.Error("got no error for the row before in no order")
	}
}

// stat2 has fields in the order of the columns.
type stat2 struct {
	Words string
	Stars int
}
