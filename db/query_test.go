package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// open returns a context with a database in memory that has the models' tables.
func open(t testing.TB, c db.Config) context.Context {
	t.Helper()
	c.URL = "sqlite::memory:"
	d, err := db.Open(c, sqlite.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	want.NoErr(t, err)
	plan, err := schema.SQLite{}.Plan(schema.Schema{}, ops)
	want.NoErr(t, err)
	want.NoErr(t, d.WithConn(t.Context(), func(c db.Conn) error {
		_, err := c.Exec(t.Context(), strings.Join(plan.Statements, ";\n"))
		return err
	}))
	return db.NewContext(t.Context(), d)
}

// record returns a configuration that notes the SQL of each statement.
func record(b *strings.Builder) db.Config {
	return db.Config{
		Now: func() time.Time { return time.Time{} },
		OnQuery: func(_ context.Context, e db.QueryEvent) {
			fmt.Fprintf(b, "%s  -- %d values\n", e.SQL, e.Args)
		},
	}
}

// TestSelects shows the SQL of queries.
func TestSelects(t *testing.T) {
	t.Parallel()
	f := reel.Films
	var b strings.Builder
	for _, q := range []db.Query[*reel.Film]{
		f.Query,
		f.Where(),
		f.Where(f.Price.GT(400), f.Genre.Eq("Drama")).OrderBy(f.Title.Asc()).Limit(20).Offset(40),
		f.Where(f.Price.Between(1, 2)).Where(f.Stock.NE(3)),
		f.Where(db.Or(f.Genre.IsNull(), f.Genre.NotNull())),
		f.Where(f.InShop.Eq(true), db.Or(f.Price.LT(1), db.And(f.Price.GTE(2), f.Stock.LTE(3)))),
		f.Where(db.Not(f.Title.Contains("x")), db.Not(f.Genre.IsNull())),
		f.Where(db.Not(db.And(f.Price.Eq(1), f.Price.Eq(2)))),
		f.Where(f.ID.In(1, 2, 3), f.Title.In("a"), f.Price.In()),
		f.Where(db.And(), db.Or(), db.Cond{}, db.Or(f.Price.Eq(1))),
		f.Where(f.Title.HasPrefix("a"), f.Title.HasSuffix("b")),
		f.OrderBy(f.Price.Desc()).OrderBy(f.Title.Asc(), f.ID.Desc()),
		f.Offset(5),
		f.Limit(0),
		f.Where(f.Released.GT(time.Now()), f.Poster.NE(nil), f.Rating.LT(0.5)),
	} {
		sql, err := q.SQL()
		want.NoErr(t, err)
		fmt.Fprintln(&b, strings.Replace(sql, allColumns, "…", 1))
	}
	golden.Equal(t, "selects.sql", b.String())
}

const allColumns = `"id", "title", "genre", "price", "stock", "slug", "rating", "released", "in_shop", "poster", "created_at"`

// TestStatements shows the SQL of everything else.
func TestStatements(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	ctx := open(t, record(&b))
	b.Reset()
	f, o := reel.Films, reel.Orders
	film := &reel.Film{Slug: "a"}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"insert", func() error { return f.Insert(ctx, film) }},
		{"insert many", func() error { return o.Insert(ctx, &reel.Order{}, &reel.Order{}, &reel.Order{ID: 9}) }},
		{"insert with a key of two", func() error { return reel.OrderLines.Insert(ctx, &reel.OrderLine{OrderID: 9, FilmID: film.ID}) }},
		{"get", func() error { _, err := f.Get(ctx, film.ID); return err }},
		{"get by two", func() error { _, err := reel.OrderLines.Get(ctx, 9, film.ID); return err }},
		{"save", func() error { return f.Save(ctx, film) }},
		{"save by two", func() error { return reel.OrderLines.Save(ctx, &reel.OrderLine{OrderID: 9, FilmID: film.ID}) }},
		{"first", func() error { _, err := f.Where(f.Price.Eq(0)).First(ctx); return err }},
		{"first in order", func() error { _, err := f.OrderBy(f.Slug.Desc()).Limit(5).First(ctx); return err }},
		{"count", func() error { _, err := f.Where(f.Price.Eq(0)).OrderBy(f.Slug.Asc()).Count(ctx); return err }},
		{"count a window", func() error { _, err := f.Limit(3).Offset(1).Count(ctx); return err }},
		{"exists", func() error { _, err := f.Where(f.Price.Eq(0)).Exists(ctx); return err }},
		{"distinct", func() error { _, err := f.Genre.Distinct(ctx); return err }},
		{"distinct of some", func() error { _, err := f.Stock.Distinct(ctx, f.Price.Eq(1)); return err }},
		{"update", func() error {
			_, err := f.Where(f.ID.Eq(1), f.Stock.GTE(2)).Update(ctx, f.Stock.Add(-2), f.Genre.SetNull())
			return err
		}},
		{"update everywhere", func() error { _, err := f.Everywhere().Update(ctx, f.Price.Set(1)); return err }},
		{"transactions", func() error {
			return db.Tx(ctx, func(ctx context.Context) error {
				_ = db.Tx(ctx, func(context.Context) error { return fmt.Errorf("stop") })
				return db.Tx(ctx, func(context.Context) error { return nil })
			})
		}},
		{"rollback", func() error {
			_ = db.Tx(ctx, func(context.Context) error { return fmt.Errorf("stop") })
			return nil
		}},
		{"delete", func() error { _, err := o.Where(o.ID.LT(3)).Delete(ctx); return err }},
		{"delete everywhere", func() error { _, err := reel.OrderLines.Everywhere().Delete(ctx); return err }},
	} {
		fmt.Fprintf(&b, "-- %s\n", step.name)
		want.NoErr(t, step.do())
	}
	golden.Equal(t, "statements.sql", strings.ReplaceAll(b.String(), allColumns, "…"))
}

// TestImmutable builds many queries on one, in the order in which a shared
// slice would show.
func TestImmutable(t *testing.T) {
	t.Parallel()
	f := reel.Films
	base := f.Where(f.Price.GT(1)).Where(f.Price.GT(2)).Where(f.Price.GT(3)).OrderBy(f.ID.Asc()).OrderBy(f.ID.Desc()).OrderBy(f.Slug.Asc())
	before, err := base.SQL()
	want.NoErr(t, err)
	a := base.Where(f.Title.Eq("a")).OrderBy(f.Title.Asc())
	b := base.Where(f.Slug.Eq("b")).OrderBy(f.Genre.Asc()).Limit(1).Offset(2).Everywhere()
	aSQL, _ := a.SQL()
	bSQL, _ := b.SQL()
	after, _ := base.SQL()
	want.Equal(t, after, before)
	want.Equal(t, strings.TrimPrefix(aSQL, before[:strings.Index(before, " ORDER")]),
		` AND "title" = ? ORDER BY "id", "id" DESC, "slug", "title"`)
	want.Equal(t, strings.TrimPrefix(bSQL, before[:strings.Index(before, " ORDER")]),
		` AND "slug" = ? ORDER BY "id", "id" DESC, "slug", "genre" LIMIT 1 OFFSET 2`)
}

// TestMisuse shows what the author of a wrong query reads. Nothing of it
// reaches the database.
func TestMisuse(t *testing.T) {
	t.Parallel()
	var sent, b strings.Builder
	ctx := open(t, record(&sent))
	sent.Reset()
	f, o := reel.Films, reel.Orders
	for _, err := range []error{
		last(f.Where(o.Total.Eq(1)).All(ctx)),
		last(f.Where(db.Or(f.ID.Eq(1), db.Not(o.ID.In()))).Count(ctx)),
		last(f.OrderBy(o.Total.Asc()).First(ctx)),
		last(f.OrderBy(o.Total.Asc()).Count(ctx)),
		last(f.OrderBy(o.Total.Asc()).Exists(ctx)),
		last(f.Where(f.ID.Eq(1)).Update(ctx, o.Total.Set(1))),
		last(f.Where(o.ID.Eq(1)).Delete(ctx)),
		last(f.Genre.Distinct(ctx, o.ID.Eq(1))),
		last(f.Where(db.Num[int64]{}.Eq(1)).All(ctx)),
		last(db.Text[string]{}.Distinct(ctx)),
		last(f.Delete(ctx)),
		last(f.Where(db.And()).Update(ctx, f.Price.Set(1))),
		last(f.Where(f.ID.Eq(1)).Update(ctx)),
		last(f.Where(f.ID.Eq(1)).Update(ctx, f.Price.Set(1), f.Price.Add(1))),
		last(f.Where(f.ID.Eq(1)).Limit(1).Delete(ctx)),
		last(f.Where(f.ID.Eq(1)).OrderBy(f.ID.Asc()).Update(ctx, f.Price.Set(1))),
		last(f.Limit(-1).All(ctx)),
		last(f.Offset(-1).All(ctx)),
		last(f.Where(f.ID.In(make([]int64, 40_000)...)).All(ctx)),
		last(f.Table.Get(ctx, engine.Int(1), engine.Int(2))),
		last(f.All(context.Background())),
		f.Insert(context.Background(), &reel.Film{}),
		db.Tx(context.Background(), func(context.Context) error { return nil }),
		last(db.SQL(ctx, "SELECT ?", 1, complex(1, 2))),
		last(db.Exec(ctx, "DELETE FROM films WHERE id = ?", uint64(1<<63))),
	} {
		fmt.Fprintf(&b, "%v\n\n", err)
	}
	// The lines of this file are not what is tested.
	golden.Equal(t, "misuse.txt", lineNumber.ReplaceAllString(b.String(), "query_test.go:LINE"))
	want.Equal(t, sent.String(), "")
}

func last[T any](_ T, err error) error { return err }

// TestBind: a table that was made by hand, wrongly.
func TestBind(t *testing.T) {
	t.Parallel()
	defer func() {
		want.Equal(t, recover(), any("db: bind 1 columns of table settings, which has 7"))
	}()
	var c db.Num[int64]
	reel.Settings.Bind(&c)
}
