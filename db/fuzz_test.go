package db_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// FuzzShape builds random conditions twice, once with values from the fuzzer
// and once with harmless ones: the statement must be the same, so no value can
// become part of it. The database must take it, and it must still have its
// tables.
func FuzzShape(f *testing.F) {
	f.Add([]byte{0, 1, 2}, "'; DROP TABLE films; --", int64(-1), 0.5)
	f.Add([]byte{14, 15, 16, 3, 4, 11, 12, 13}, "%_!\\", int64(1<<62), -1e300)
	f.Add([]byte{14, 14, 16, 16, 15, 0, 15, 1, 9}, "a\x00b\xff", int64(0), 0.0)
	ctx := open(f, db.Config{})
	f.Fuzz(func(t *testing.T, program []byte, s string, n int64, x float64) {
		wild := build(program, s, n, x)
		tame := build(program, "a", 1, 1)
		got, err := wild.SQL()
		if errs.KindOf(err) == errs.Invalid { // a text that is too long to search for
			return
		}
		want, _ := tame.SQL()
		if err != nil || got != want {
			t.Fatalf("got %s, %v, want %s", got, err, want)
		}
		if strings.Count(got, "'")%2 != 0 {
			t.Fatalf("got an odd number of quotes in %s", got)
		}
		if _, err := wild.Limit(1).All(ctx); err != nil && errs.KindOf(err) != errs.Invalid {
			t.Fatalf("%s: %v", got, err)
		}
		if _, err := reel.Films.Count(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzGroups is FuzzShape for groups, windows and unions.
func FuzzGroups(f *testing.F) {
	f.Add([]byte{0, 25, 17}, "'; DROP TABLE films; --", int64(-1), 0.5)
	f.Add([]byte{30, 29, 28, 26, 24}, "%_!?\\", int64(1<<62), -1e300)
	ctx := open(f, db.Config{})
	f.Fuzz(func(t *testing.T, program []byte, s string, n int64, x float64) {
		wild, tame := groups(program, s, n, x), groups(program, "a", 1, 1)
		got, err := wild.SQL()
		if errs.KindOf(err) == errs.Invalid {
			return
		}
		want, _ := tame.SQL()
		if err != nil || got != want {
			t.Fatalf("got %s, %v, want %s", got, err, want)
		}
		if _, err := wild.All(ctx); err != nil && errs.KindOf(err) != errs.Invalid {
			t.Fatalf("%s: %v", got, err)
		}
		if _, err := reel.Films.Count(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

// groups makes a result of the query of a program.
func groups(program []byte, s string, n int64, x float64) *db.Grouped[group] {
	f := reel.Films
	q := build(program, s, n, x)
	genre := func() db.Text[string] { return f.Genre.Or(s) }
	one := db.Into(q, func(d *group) []db.Dest {
		return []db.Dest{genre().To(&d.Genre), db.Count().To(&d.N), f.Price.When(f.Title.Contains(s)).Count().To(&d.Some)}
	}).Having(genre().NE(s), f.Rating.Max().Or(x).GTE(x), db.Count().GT(n))
	places := db.Into(f.Where(f.Slug.Eq(s)), func(d *group) []db.Dest {
		by := db.Over(genre()).OrderBy(f.Title.Asc())
		return []db.Dest{f.Title.Lead(1, by).Or(s).To(&d.Genre), by.Rank().To(&d.N), by.RowNumber().To(&d.Some)}
	})
	kept := db.As("kept", one.UnionAll(places, one.Union(places)).Limit(5))
	count := db.From(kept, db.Count())
	return db.Into(kept.Where(count.GTE(n), kept.Any(count.NE(n))), func(d *group) []db.Dest { return []db.Dest{count.To(&d.N)} })
}

type group struct {
	Genre   string
	N, Some int64
}

// FuzzPath: a path into JSON is keys, or is refused.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"size.width", "a'b", "a') = 1 --", "a..b", "é", ""} {
		f.Add(path)
	}
	ctx := open(f, db.Config{})
	f.Fuzz(func(t *testing.T, path string) {
		q := reel.Tickets.Where(reel.Tickets.Attrs.Text(path).Eq("x"))
		got, err := q.SQL()
		if err != nil {
			return // refused, which misuse.txt shows
		}
		want := strings.Replace(shapeOfPath, "PATH", path, 1)
		if !strings.HasSuffix(got, want) || strings.ContainsAny(path, "'\"\\ ()?$[]*%;-\x00") {
			t.Fatalf("got %s, want %s", got, want)
		}
		if _, err := q.All(ctx); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
	})
}

const shapeOfPath = ` WHERE json_extract("attrs", '$.PATH') = ?`

// build makes a query of a program for a stack of conditions.
func build(program []byte, s string, n int64, x float64) *db.Query[*reel.Film] {
	f := reel.Films
	var stack []db.Cond
	pop := func() db.Cond {
		if len(stack) == 0 {
			return db.Cond{}
		}
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		return c
	}
	q := &f.Query
	for _, op := range program[:min(len(program), 60)] {
		var c db.Cond
		switch op % 31 {
		case 0:
			c = f.Title.Eq(s)
		case 1:
			c = f.Title.NE(s)
		case 2:
			c = f.Slug.Between(s, s)
		case 3:
			c = f.Genre.In(s, s+s)
		case 4:
			c = f.Genre.GT(s)
		case 5:
			c = f.ID.LTE(n)
		case 6:
			c = f.Price.In(reel.Cents(n))
		case 7:
			c = f.Rating.LT(x)
		case 8:
			c = f.Poster.Eq([]byte(s))
		case 9:
			c = f.Released.GTE(time.UnixMicro(n))
		case 10:
			c = f.InShop.Eq(n > 0)
		case 11:
			c = f.Title.Contains(s)
		case 12:
			c = f.Title.HasPrefix(s)
		case 13:
			c = f.Title.HasSuffix(s)
		case 14:
			c = db.And(pop(), pop())
		case 15:
			c = db.Or(pop(), pop())
		case 16:
			c = db.Not(pop())
		case 17:
			q = q.OrderBy(f.Title.Desc(), f.Genre.Asc())
		case 18:
			c = f.Genre.IsNull()
		case 19:
			c = f.Rating.NotNull()
		case 20:
			c = f.Reviews().Any(reel.Reviews.Words.Eq(s), reel.Reviews.Critic().Name.Contains(s))
		case 21:
			c = f.Trailer().URL.HasPrefix(s)
		case 22:
			c = f.Tags().Count(reel.Tags.Name.In(s, s)).GT(n)
		case 23:
			c = reel.Reviews.Words.Max().Of(f.Reviews()).Or(s).Eq(s)
		case 24:
			c = f.ID.InQuery(reel.Reviews.Where(reel.Reviews.Words.In(s, s)).OrderBy(reel.Reviews.ID.Asc()).Limit(3).Select(reel.Reviews.FilmID))
		case 25:
			c = f.Genre.Or(s).Contains(s)
		case 26:
			c = f.Price.Times(reel.Cents(n)).Between(reel.Cents(n), 5)
		case 27:
			c = db.Less(f.Title, f.Slug)
		case 28:
			c = reel.Reviews.Stars.When(reel.Reviews.Words.Eq(s)).Sum().Of(f.Reviews()).GTE(int32(n))
		case 29:
			q = q.Top(2, db.Over(f.Genre.Or(s)).OrderBy(f.ID.Asc()))
		case 30:
			q = db.Union(q, f.Where(f.Title.HasPrefix(s)))
		}
		stack = append(stack, c)
	}
	return q.Where(stack...)
}

// FuzzShownArgs: whatever the SQL is, each argument is shown or hidden, and one
// that stands beside a secret column is hidden.
func FuzzShownArgs(f *testing.F) {
	for _, sql := range []string{`"a" = ?`, `INSERT INTO t (a, b) VALUES (?, upper(?)), (?, 1) ON CONFLICT DO UPDATE SET a = ?`,
		`? = b`, "); VALUES (?", "INSERT (", "'", `"a" IN (?, ?) AND`, "/*", "INSERT INTO t (?, a) VALUES ?"} {
		f.Add(sql)
	}
	ctx := open(f, db.Config{Now: noTime, ShowArgs: true})
	d, err := db.FromContext(ctx)
	want.NoErr(f, err)
	want.NoErr(f, d.Close()) // statements are told of, and not run
	var got []string
	f.Cleanup(d.Watch(func(_ context.Context, e db.QueryEvent) { got = e.Args }))
	f.Fuzz(func(t *testing.T, sql string) {
		_, _ = db.SQL[*db.Row](ctx, sql, "left", "right")
		want.Equal(t, len(got), 2)
		for i, value := range []string{`"left"`, `"right"`} {
			if got[i] != value && got[i] != "[hidden]" {
				t.Errorf("got %s for %s", got[i], value)
			}
		}
		_, _ = db.SQL[*db.Row](ctx, `SELECT 1 WHERE "password" = ?; `+sql, "secret")
		want.Equal(t, got, []string{"[hidden]"})
	})
}
