package dbtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

func testConditions(t *testing.T, ctx context.Context) {
	var all []*reel.Film
	for i, slug := range []string{"a", "b", "c", "d"} {
		f := film(slug)
		f.Price, f.Stock, f.InShop = reel.Cents(100*(i+1)), int32(i), i%2 == 0
		f.CreatedAt, f.Poster = day(2020+i, 1, 1), []byte(slug)
		if i < 2 {
			f.Genre, f.Rating = new([]string{"Drama", "Noir"}[i]), new(float64(i)+0.5)
		}
		all = append(all, f)
	}
	want.NoErr(t, reel.Films.Insert(ctx, all...))
	f := reel.Films
	for _, test := range []struct {
		name string
		cond db.Cond
		want string
	}{
		{"Eq", f.Price.Eq(200), "[b]"},
		{"NE", f.Price.NE(200), "[a c d]"},
		{"GT", f.Price.GT(200), "[c d]"},
		{"GTE", f.Price.GTE(200), "[b c d]"},
		{"LT", f.Price.LT(200), "[a]"},
		{"LTE", f.Price.LTE(200), "[a b]"},
		{"Between", f.Price.Between(200, 300), "[b c]"},
		{"In", f.Price.In(100, 400, 999), "[a d]"},
		{"In none", f.Price.In(), "[]"},
		{"Not In none", db.Not(f.Price.In()), "[a b c d]"},
		{"float GT", f.Rating.GT(1), "[b]"},
		{"text Eq", f.Slug.Eq("c"), "[c]"},
		{"text NE", f.Slug.NE("c"), "[a b d]"},
		{"text GT", f.Slug.GT("b"), "[c d]"},
		{"text GTE", f.Slug.GTE("b"), "[b c d]"},
		{"text LT", f.Slug.LT("b"), "[a]"},
		{"text LTE", f.Slug.LTE("b"), "[a b]"},
		{"text Between", f.Slug.Between("b", "c"), "[b c]"},
		{"text In", f.Slug.In("a", "z"), "[a]"},
		{"Contains folds ASCII", f.Title.Contains("ILM A"), "[a]"},
		{"HasPrefix", f.Title.HasPrefix("film"), "[a b c d]"},
		{"HasSuffix", f.Title.HasSuffix("m D"), "[d]"},
		{"HasSuffix is no Contains", f.Title.HasSuffix("Film"), "[]"},
		{"Bool", f.InShop.Eq(true), "[a c]"},
		{"time Eq", f.CreatedAt.Eq(day(2021, 1, 1).In(time.FixedZone("west", -3600))), "[b]"},
		{"time NE", f.CreatedAt.NE(day(2021, 1, 1)), "[a c d]"},
		{"time GT", f.CreatedAt.GT(day(2021, 1, 1)), "[c d]"},
		{"time GTE", f.CreatedAt.GTE(day(2021, 1, 1)), "[b c d]"},
		{"time LT", f.CreatedAt.LT(day(2021, 1, 1)), "[a]"},
		{"time LTE", f.CreatedAt.LTE(day(2021, 1, 1)), "[a b]"},
		{"time Between", f.CreatedAt.Between(day(2021, 1, 1), day(2022, 1, 1)), "[b c]"},
		{"time In", f.CreatedAt.In(day(2023, 1, 1)), "[d]"},
		{"bytes Eq", f.Poster.Eq([]byte("b")), "[b]"},
		{"bytes NE", f.Poster.NE([]byte("b")), "[a c d]"},
		{"And", db.And(f.Price.GT(100), f.Stock.LT(3)), "[b c]"},
		{"Or", db.Or(f.Price.Eq(100), f.Stock.Eq(3)), "[a d]"},
		{"Not", db.Not(db.Or(f.Price.Eq(100), f.Stock.Eq(3))), "[b c]"},
		{"And of none", db.And(), "[a b c d]"},
		{"Or of none", db.Or(), "[]"},
		{"mixed", db.Or(db.And(f.Price.GT(100), f.Price.LT(300)), db.And(f.Stock.Eq(0), db.Not(f.Genre.Eq("Noir")))), "[a b]"},
		{"zero", db.Cond{}, "[a b c d]"},
	} {
		got := fmt.Sprint(slugs(t, ctx, f.Where(test.cond).OrderBy(f.ID.Asc())))
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func testWindows(t *testing.T, ctx context.Context) {
	insert(t, ctx, "e", "b", "d", "a", "c")
	f := reel.Films
	bySlug := f.OrderBy(f.Slug.Asc())
	want.Equal(t, slugs(t, ctx, bySlug), []string{"a", "b", "c", "d", "e"})
	want.Equal(t, slugs(t, ctx, f.OrderBy(f.Price.Asc(), f.Slug.Desc())), []string{"e", "d", "c", "b", "a"})
	want.Equal(t, slugs(t, ctx, bySlug.Limit(2)), []string{"a", "b"})
	want.Equal(t, slugs(t, ctx, bySlug.Limit(2).Offset(4)), []string{"e"})
	want.Equal(t, slugs(t, ctx, bySlug.Offset(3)), []string{"d", "e"})
	want.Equal(t, slugs(t, ctx, bySlug.Limit(0)), []string{})

	n, err := bySlug.Limit(3).Offset(4).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	first, err := bySlug.First(ctx)
	want.NoErr(t, err)
	want.Equal(t, first.Slug, "a")
	first, err = f.First(ctx)
	want.NoErr(t, err)
	want.Equal(t, first.Slug, "e") // the smallest key
	_, err = bySlug.Limit(0).First(ctx)
	want.Err(t, err, db.ErrNotFound)

	for _, test := range []struct {
		q    *db.Query[*reel.Film]
		want bool
	}{{&f.Query, true}, {f.Where(f.Slug.Eq("c")), true}, {f.Where(f.Slug.Eq("x")), false}, {f.Offset(5), false}} {
		got, err := test.q.Exists(ctx)
		want.NoErr(t, err)
		want.Equal(t, got, test.want)
	}

	// NULLs come before all values.
	_, err = f.Where(f.Slug.In("b", "d")).Update(ctx, f.Rating.Set(1))
	want.NoErr(t, err)
	want.Equal(t, slugs(t, ctx, f.OrderBy(f.Rating.Asc(), f.Slug.Asc())), []string{"a", "c", "e", "b", "d"})
	want.Equal(t, slugs(t, ctx, f.OrderBy(f.Rating.Desc(), f.Slug.Asc())), []string{"b", "d", "a", "c", "e"})
}

func testDistinct(t *testing.T, ctx context.Context) {
	films := insert(t, ctx, "a", "b", "c", "d")
	for i, genre := range []string{"Noir", "Drama", "Noir"} {
		films[i].Genre, films[i].Stock, films[i].Rating = &genre, int32(i), new(float64(i%2))
		want.NoErr(t, reel.Films.Save(ctx, films[i]))
	}
	genres, err := reel.Films.Genre.Distinct(ctx)
	want.NoErr(t, err)
	want.Equal(t, genres, []string{"Drama", "Noir"})
	genres, err = reel.Films.Genre.Distinct(ctx, reel.Films.Stock.GT(1))
	want.NoErr(t, err)
	want.Equal(t, genres, []string{"Noir"})
	stock, err := reel.Films.Stock.Distinct(ctx)
	want.NoErr(t, err)
	want.Equal(t, stock, []int32{0, 1, 2, 3})
	ratings, err := reel.Films.Rating.Distinct(ctx)
	want.NoErr(t, err)
	want.Equal(t, ratings, []float64{0, 1})
	days, err := reel.Films.CreatedAt.Distinct(ctx)
	want.NoErr(t, err)
	want.Equal(t, days, []time.Time{day(2026, 11, 22)})
}

func testSQL(t *testing.T, ctx context.Context) {
	insert(t, ctx, "a", "b", "c")
	n, err := db.Exec(ctx, "UPDATE films SET price = ? WHERE slug <> ?", reel.Cents(7), new("c"))
	want.NoErr(t, err)
	want.Equal(t, n, 2)
	rows, err := db.SQL[*db.Row](ctx, "SELECT price, count(*), max(genre), min(slug) FROM films WHERE stock > ? GROUP BY price ORDER BY price", 1)
	want.NoErr(t, err)
	want.Equal(t, len(rows), 2)
	var price reel.Cents
	var films int
	var genre *string
	var slug any
	want.NoErr(t, rows[0].Scan(&price, &films, &genre, &slug))
	want.Equal(t, fmt.Sprintln(price, films, genre, slug), "7 2 <nil> a\n")
	if err := rows[0].Scan(&price); err == nil {
		t.Error("got no error for one destination of four columns")
	}
	if err := rows[0].Scan(&price, &films, &films, &slug); err == nil {
		t.Error("got no error for NULL in an int")
	}
	_, err = db.SQL[*db.Row](ctx, "SELECT nonsense")
	if err == nil {
		t.Error("got no error for a statement that is none")
	}
	_, err = db.SQL[*db.Row](ctx, "SELECT ?", struct{}{})
	if err == nil {
		t.Error("got no error for a struct as an argument")
	}
}

func testReadersCannotWrite(t *testing.T, ctx context.Context) {
	insert(t, ctx, "a")
	if _, err := db.SQL[*db.Row](ctx, "DELETE FROM films RETURNING id"); err == nil {
		t.Error("got no error for a DELETE by SQL")
	}
	want.Equal(t, count(t, ctx), 1)
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		rows, err := db.SQL[*db.Row](ctx, "DELETE FROM films RETURNING stock")
		want.Equal(t, len(rows), 1)
		return err
	}))
}

func testConstraints(t *testing.T, ctx context.Context) {
	films := insert(t, ctx, "a", "b")
	order := &reel.Order{}
	want.NoErr(t, reel.Orders.Insert(ctx, order))
	line := &reel.OrderLine{OrderID: order.ID, FilmID: films[0].ID, Quantity: 1}
	want.NoErr(t, reel.OrderLines.Insert(ctx, line))
	f := reel.Films
	for _, test := range []struct {
		name string
		do   func() error
		want engine.ConstraintError
	}{
		{"unique on insert", func() error { return f.Insert(ctx, film("a")) },
			engine.ConstraintError{Kind: engine.Unique, Table: "films", Columns: []string{"slug"}, Name: "films_slug_key"}},
		{"unique on update", func() error { _, err := f.Where(f.Slug.Eq("b")).Update(ctx, f.Slug.Set("a")); return err },
			engine.ConstraintError{Kind: engine.Unique, Table: "films", Columns: []string{"slug"}, Name: "films_slug_key"}},
		{"key", func() error { return reel.OrderLines.Insert(ctx, line) },
			engine.ConstraintError{Kind: engine.Unique, Table: "order_lines", Columns: []string{"order_id", "film_id"}}},
		{"check", func() error { _, err := f.Where(f.Slug.Eq("a")).Update(ctx, f.Stock.Add(-4)); return err },
			engine.ConstraintError{Kind: engine.Check, Table: "films", Name: "films_stock_check"}},
		{"not null", func() error { _, err := db.Exec(ctx, "UPDATE films SET title = NULL"); return err },
			engine.ConstraintError{Kind: engine.NotNull, Table: "films", Columns: []string{"title"}}},
		{"missing other", func() error { return reel.OrderLines.Insert(ctx, &reel.OrderLine{OrderID: 99, FilmID: films[1].ID}) },
			engine.ConstraintError{Kind: engine.ForeignKey, Table: "order_lines", Columns: []string{"order_id"}}},
		{"still needed", func() error { _, err := f.Where(f.Slug.Eq("a")).Delete(ctx); return err },
			engine.ConstraintError{Kind: engine.ForeignKey, Table: "films"}},
	} {
		err := test.do()
		var got *db.ConstraintError
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v, want a ConstraintError", test.name, err)
			continue
		}
		want.Err(t, err, errs.Conflict)
		want.Equal(t, errs.KindOf(err), errs.Conflict)
		got.Err = nil
		if test.want.Name == "" {
			got.Name = "" // only some engines name keys
		}
		if fmt.Sprint(*got) != fmt.Sprint(test.want) {
			t.Errorf("%s: got %+v, want %+v", test.name, *got, test.want)
		}
	}
	// A text over its size breaks a check whose name is the dialect's affair.
	long := film("long")
	long.Title = strings.Repeat("é", 200)
	want.NoErr(t, f.Insert(ctx, long))
	long.ID, long.Slug, long.Title = 0, "longer", long.Title+"x"
	var broken *db.ConstraintError
	if err := f.Insert(ctx, long); !errors.As(err, &broken) || broken.Kind != engine.Check {
		t.Errorf("got %v, want a check", err)
	}

	_, err := reel.Orders.Where(reel.Orders.ID.Eq(order.ID)).Delete(ctx)
	want.NoErr(t, err) // and its lines with it
	n, err := reel.OrderLines.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 0)
}
