package db_test

import (
	"context"
	"fmt"
	"path/filepath"
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
	return openURL(t, c)
}

// openFile is open for a database whose readers have connections of their own.
func openFile(t testing.TB, c db.Config) context.Context {
	t.Helper()
	c.URL = "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	return openURL(t, c)
}

func openURL(t testing.TB, c db.Config) context.Context {
	t.Helper()
	d, err := db.Open(c, sqlite.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	want.NoErr(t, makeTables(t.Context(), d))
	return db.NewContext(t.Context(), d)
}

// makeTables makes the tables of the models.
func makeTables(ctx context.Context, d *db.DB) error {
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	if err != nil {
		return err
	}
	plan, err := schema.SQLite{}.Plan(schema.Schema{}, ops)
	if err != nil {
		return err
	}
	return d.WithConn(ctx, func(c db.Conn) error {
		_, err := c.Exec(ctx, strings.Join(plan.Statements, ";\n"))
		return err
	})
}

// record returns a configuration that notes the SQL of each statement.
func record(b *strings.Builder) db.Config {
	return db.Config{
		Now: func() time.Time { return time.Time{} },
		OnQuery: func(_ context.Context, e db.QueryEvent) {
			fmt.Fprintf(b, "%s  -- %d values\n", e.SQL, len(e.Args))
		},
	}
}

// TestSelects shows the SQL of queries.
func TestSelects(t *testing.T) {
	t.Parallel()
	f := reel.Films
	var b strings.Builder
	for _, q := range []*db.Query[*reel.Film]{
		&f.Query,
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

// TestRelations shows the SQL of what goes over relations.
func TestRelations(t *testing.T) {
	t.Parallel()
	f, r, c := reel.Films, reel.Reviews, reel.Categories
	stars := db.As("stars", r.Where(r.Stars.GT(3)).Select(r.FilmID, db.Count()))
	often := db.As("often", stars.Where(db.From(stars, db.Count()).GT(1)).Select(db.From(stars, r.FilmID), db.From(stars, db.Count())))
	film, n := db.From(often, db.From(stars, r.FilmID)), db.From(often, db.From(stars, db.Count()))
	var b strings.Builder
	for _, q := range []interface{ SQL() (string, error) }{
		r.Where(r.Film().Slug.Eq("a"), r.Film().Price.GT(1), r.Critic().Name.Eq("b")).OrderBy(r.Film().Title.Asc()),
		r.Where(r.Film().Trailer().URL.Eq("/")),
		c.Where(c.Parent().Parent().Name.Eq("a")),
		f.Where(f.Reviews().Any(r.Stars.GTE(4), r.Critic().Name.Eq("a")), f.Reviews().None()),
		f.Where(f.Tags().Any(reel.Tags.Name.Eq("a")), f.Comments().Any()),
		f.Where(f.Reviews().Any(r.Comments().Any(db.Equal(reel.Comments.Text, f.Title)))),
		f.Where(f.Reviews().Count(r.Stars.GT(1)).GT(2)).OrderBy(r.Stars.Avg().Of(f.Reviews()).Desc()),
		r.Where(r.Film().Tags().Count().Eq(0)),
		r.Where(r.FilmID.InQuery(f.Where(f.Price.GT(1)).Select(f.ID))),
		r.Where(r.FilmID.InQuery(f.OrderBy(f.Price.Asc()).Limit(3).Select(f.ID))),
		c.Where(c.ID.Eq(1)).Recursive(c.Children()).Where(c.Name.Eq("a")),
		db.Union(c.Where(c.ID.Eq(1)), c.Where(c.Parent().Name.Eq("a"))).OrderBy(c.ID.Asc()),
		db.Into(r.Where(r.Stars.GT(1)).OrderBy(r.Film().Slug.Asc()), func(d *reel.Film) []db.Dest {
			return []db.Dest{r.Film().Slug.To(&d.Slug), r.Stars.Sum().To(&d.Stock), r.Stars.Avg().To(&d.Rating)}
		}).Having(db.Count().GT(2)).OrderBy(db.Count().Desc()).Limit(3),
		db.Into(&r.Query, func(d *reel.Film) []db.Dest {
			return []db.Dest{db.Over(r.FilmID).OrderBy(r.Stars.Desc()).Rank().To(&d.ID), r.Stars.Times(2).Plus(r.Stars).To(&d.Stock)}
		}).Distinct(),
		db.Into(often.Where(n.GT(1)), func(d *reel.Film) []db.Dest { return []db.Dest{n.Max().Or(0).To(&d.ID)} }),
		f.Where(f.ID.InQuery(often.Select(film)), db.From(often.Join(db.On(film, f.ID)), db.From(stars, db.Count())).GT(2), often.Any(db.Equal(n, f.ID))),
	} {
		sql, err := q.SQL()
		want.NoErr(t, err)
		fmt.Fprintln(&b, sql)
	}
	golden.Equal(t, "relations.sql", b.String())
}

// TestLoading: each relation is one statement, however many rows there are.
func TestLoading(t *testing.T) {
	t.Parallel()
	f, r := reel.Films, reel.Reviews
	var b strings.Builder
	ctx := open(t, record(&b))
	for i := range 5 {
		film := &reel.Film{Slug: fmt.Sprint(i)}
		want.NoErr(t, f.Insert(ctx, film))
		want.NoErr(t, r.Insert(ctx, &reel.Review{FilmID: film.ID}, &reel.Review{FilmID: film.ID}))
	}
	for _, q := range []*db.Query[*reel.Film]{
		f.With(f.Reviews()),
		f.With(f.Reviews().Where(r.Stars.GTE(0)).OrderBy(r.Critic().Name.Asc()).With(r.Critic(), r.Comments())),
		f.With(f.Reviews().OrderBy(r.Stars.Desc()).Limit(3)),
		f.With(f.Tags(), f.Trailer(), f.Comments()),
		f.With(f.Tags().Limit(2), f.Reviews()),
	} {
		b.WriteString("--\n")
		before := b.Len()
		_, err := q.All(ctx)
		want.NoErr(t, err)
		if n := strings.Count(b.String()[before:], "\n"); n > 4 {
			t.Errorf("got %d statements, want 4 at most", n)
		}
	}
	_, said, _ := strings.Cut(b.String(), "--\n")
	golden.Equal(t, "loading.sql", strings.ReplaceAll(said, allColumns, "…"))
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
	f, o, r := reel.Films, reel.Orders, reel.Reviews
	stars, shadow := db.As("stars", r.Select(r.FilmID, db.Count())), db.As("films", f.Select(f.ID))
	film := db.From(stars, r.FilmID)
	read := func(s *db.Source, c db.Num[int64]) *db.Grouped[reel.Film] {
		return db.Into(s, func(d *reel.Film) []db.Dest { return []db.Dest{c.To(&d.ID)} })
	}
	only := db.NewTable(db.Model[*pair]{ // a key and nothing beside it
		Schema: schema.Table{Name: "pairs", Columns: []schema.Column{{Name: "a", Type: schema.Int}}, PrimaryKey: []string{"a"}},
		New:    func() *pair { return new(pair) }, Decode: func(*pair, int, *db.Row) {}, Encode: func(*pair, int) engine.Value { return engine.Int(1) },
	})
	notes, mallory := reel.Notes, db.WithActor(ctx, "mallory")
	want.NoErr(t, f.Insert(ctx, &reel.Film{})) // relations are looked at when there is a row
	sent.Reset()
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
		f.Delete(ctx),
		last(f.Where().Delete(ctx)),
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
		last(r.Where(f.Price.Eq(1)).All(ctx)),
		last(f.Where(r.Stars.Eq(1)).All(ctx)),
		last(f.Where(r.Film().Slug.Eq("a")).All(ctx)),
		last(f.Where(r.Comments().Any()).All(ctx)),
		last(f.Where(f.Reviews().Any(o.Total.Eq(1))).All(ctx)),
		last(f.Where(f.Reviews().Limit(1).Any()).All(ctx)),
		last(f.With(r.Film()).All(ctx)),
		last(f.With(f.Reviews().With(f.Tags())).All(ctx)),
		last(f.With(f).All(ctx)),
		db.Load(ctx, []*reel.Order{{}}, f.Reviews()),
		last(db.Related[*reel.Order](ctx, []*reel.Film{{}}, f.Reviews())),
		last(f.Where(f.ID.InQuery(r.Where().Select(r.Words))).All(ctx)),
		last(f.Where(f.ID.InQuery(r.Where().Select(r.ID, r.FilmID))).All(ctx)),
		last(f.Recursive(f.Reviews()).All(ctx)),
		last(r.Where(r.ID.Eq(1)).Update(ctx, r.Film().Title.Set("a"))),
		last(r.Where(r.ID.Eq(1)).Update(ctx, r.Words.SetTo(r.Film().Title))),
		last(db.Into(&f.Query, func(*reel.Film) []db.Dest { return nil }).All(ctx)),
		last(r.OrderBy(r.Film().Title.Asc()).After(nil, "x").All(ctx)),
		last(f.ForUpdate().All(ctx)),
		last2(f.Where().Page(ctx, 1, 2)),
		func() error { _, err := (&reel.Film{}).LoadedReviews(); return err }(),
		db.Load(ctx, []*reel.Film{{ID: 1}, nil}, f.Reviews()),
		last(db.Related[*reel.Review](ctx, []*reel.Film{nil}, f.Reviews())),
		f.Insert(ctx, &reel.Film{}, nil),
		f.Save(ctx, nil),
		f.Delete(ctx, nil),
		f.Upsert(ctx, db.OnConflict(f.ID), nil),
		last(f.FindOrCreate(ctx, nil, f.ID)),
		only.Save(ctx, &pair{}),
		last(notes.Where(notes.ID.Eq(1)).Update(ctx, notes.Stars.Set(1))),
		last(notes.Where(notes.ID.Eq(1)).Delete(ctx)),
		last(notes.OnlyDeleted().Purge(ctx)),
		last(notes.OnlyDeleted().Restore(ctx)),
		last(f.OnlyDeleted().All(ctx)),
		last(notes.Where(notes.ID.Eq(1)).WithoutHooks().Update(mallory, notes.Stars.Set(1))),
		last(db.Into(r.OrderBy(r.ID.Asc()), func(d *reel.Review) []db.Dest { return []db.Dest{r.Words.To(&d.Words)} }).Distinct().All(ctx)),
		last(f.Where(db.From(stars, db.Count()).GT(1)).All(ctx)),
		last(f.Where(db.From(stars, r.Words).Eq("a")).All(ctx)),
		last(read(stars.Where(f.Price.GT(1)), film).All(ctx)),
		last(read(stars, r.FilmID).All(ctx)),
		last(read(stars, db.From(stars.Join(db.On(f.ID, film)), r.FilmID)).All(ctx)),
		last(f.Where(db.From(stars.Where(film.GT(1)).Join(db.On(film, f.ID)), r.FilmID).GT(1)).All(ctx)),
		last(f.Where(f.ID.InQuery(shadow.Select(db.From(shadow, f.ID)))).All(ctx)),
		last(f.Where(stars.Any(), db.As("stars", f.Select(f.ID)).Any()).All(ctx)),
		last(f.Where(db.As("x; DROP TABLE films", f.Select(f.ID)).Any()).All(ctx)),
		last(f.Where(f.ID.Eq(1)).Update(ctx, film.Set(1))),
		last(db.SQL[*db.Row](ctx, "SELECT ?", 1, complex(1, 2))),
		last(db.Exec(ctx, "DELETE FROM films WHERE id = ?", uint64(1<<63))),
	} {
		fmt.Fprintf(&b, "%v\n\n", err)
	}
	// The lines of this file are not what is tested.
	golden.Equal(t, "misuse.txt", lineNumber.ReplaceAllString(b.String(), "query_test.go:LINE"))
	want.Equal(t, sent.String(), "")
}

// pair has columns of its key alone.
type pair struct{}

func last[T any](_ T, err error) error { return err }

func last2[T, U any](_ T, _ U, err error) error { return err }

// TestBind: a table that was made by hand, wrongly.
func TestBind(t *testing.T) {
	t.Parallel()
	defer func() {
		want.Equal(t, recover(), any("db: bind 1 columns of table settings, which has 7"))
	}()
	var c db.Num[int64]
	db.Bind(db.Start(&reel.Settings.Table), &c.Column)
}
