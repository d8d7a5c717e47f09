package ashlartest_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/ashlartest/internal/cinema"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// house is an app with a database whose page asks for reviews film by film.
func house(cfg ashlar.Config) *ashlar.App {
	drivers := []db.Driver{sqlite.Driver, postgres.Driver, mariadb.Driver}
	app := ashlar.New(cfg, db.Module(db.Config{}, drivers...), ashlar.Module{Name: "tables", Setup: func(s *ashlar.Setup) error {
		var d *db.DB
		s.Need(&d)
		s.Run(ashlar.Service{Start: func(ctx context.Context) error { return makeTables(ctx, d) }})
		return nil
	}})
	app.Get("/reviews", func(c *ashlar.Ctx) error { return readReviews(c) })
	app.Get("/nothing", func(c *ashlar.Ctx) error { return c.Text(c.Header("Ashlartest-Limits")) })
	return app
}

// readReviews makes a query for the films and one for the reviews of each.
func readReviews(ctx context.Context) error {
	films, err := cinema.Films.OrderBy(cinema.Films.ID.Asc()).All(ctx)
	if err != nil {
		return err
	}
	for _, f := range films {
		if _, err := cinema.Reviews.Where(cinema.Reviews.FilmID.Eq(f.ID)).All(ctx); err != nil {
			return err
		}
	}
	return nil
}

// makeTables makes what tables are not there.
func makeTables(ctx context.Context, d *db.DB) error {
	if _, err := cinema.Films.Count(db.NewContext(ctx, d)); err == nil {
		return nil
	}
	dialect := map[string]schema.Dialect{"sqlite": schema.SQLite{}, "postgres": schema.Postgres{}, "mariadb": schema.MariaDB{}}[d.Scheme()]
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: cinema.Models()})
	if err != nil {
		return err
	}
	plan, err := dialect.Plan(schema.Schema{}, ops)
	if err != nil {
		return err
	}
	return d.WithConn(ctx, func(c db.Conn) error {
		for _, sql := range plan.Statements {
			if _, err := c.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}

// threeFilms adds films with a review each.
func threeFilms(ctx context.Context) error {
	for i := range 3 {
		f := &cinema.Film{Slug: fmt.Sprint("film", i)}
		if err := cinema.Films.Insert(ctx, f); err != nil {
			return err
		}
		if err := cinema.Reviews.Insert(ctx, &cinema.Review{FilmID: f.ID, Stars: 5}); err != nil {
			return err
		}
	}
	return nil
}

var cinemas = ashlartest.Databases{App: house, Drivers: []db.Driver{sqlite.Driver}, Fill: threeFilms}

// line hides the numbers of lines and the durations.
func line(s string) string {
	s = regexp.MustCompile(`_test\.go:\d+`).ReplaceAllString(s, "_test.go:LINE")
	return regexp.MustCompile(`, [\d.]+(µs|ms|s)\n`).ReplaceAllString(s, ", TIME\n")
}

const repeatedReviews = `the same query 3 times, at ashlartest/queries_test.go:LINE, in the loop at ashlartest/queries_test.go:LINE:
      SELECT "id", "film_id", "stars" FROM "reviews" WHERE "film_id" = ?
      mend: add With(Films.Reviews()) to the query of films`

const allReviews = `
   1  ashlartest/queries_test.go:LINE  3 rows, TIME
      SELECT "id", "slug" FROM "films" ORDER BY "id"
   2  ashlartest/queries_test.go:LINE  1 row, TIME
      SELECT "id", "film_id", "stars" FROM "reviews" WHERE "film_id" = ?
      with int
   3  ashlartest/queries_test.go:LINE  1 row, TIME
      SELECT "id", "film_id", "stars" FROM "reviews" WHERE "film_id" = ?
      with int
   4  ashlartest/queries_test.go:LINE  1 row, TIME
      SELECT "id", "film_id", "stars" FROM "reviews" WHERE "film_id" = ?
      with int
`

func TestMaxQueriesOfARequest(t *testing.T) {
	t.Parallel()
	r := &recorder{TB: t}
	c := ashlartest.Start(r, house(ashlartest.Config("DATABASE_URL="+cinemas.New(t))))
	c.Get("/reviews", ashlartest.MaxQueries(4), ashlartest.MaxRepeats(3))
	want.Equal(t, c.Get("/nothing", ashlartest.MaxQueries(0)).Body, "")
	want.Equal(t, len(r.errors), 0)
	c.Get("/reviews", ashlartest.MaxRepeats(2))
	want.Equal(t, line(strings.Join(r.errors, "\n")), "GET /reviews: "+repeatedReviews)
	r.errors = nil
	c.Visitor().Get("/reviews", ashlartest.MaxQueries(3))
	c.Restart(house(ashlartest.Config("DATABASE_URL=" + cinemas.New(t))))
	c.Get("/reviews", ashlartest.MaxQueries(2))
	want.Equal(t, len(r.errors), 2)
	want.Equal(t, line(r.errors[0]), "GET /reviews: got 4 queries, want 3 at most:"+allReviews)
	want.Equal(t, line(r.errors[1]), "GET /reviews: got 4 queries, want 2 at most:"+allReviews+repeatedReviews+"\n")
}

// TestAlways: an option of Start holds for each request.
func TestAlways(t *testing.T) {
	t.Parallel()
	r := &recorder{TB: t}
	c := ashlartest.Start(r, house(ashlartest.Config("DATABASE_URL="+cinemas.New(t))), ashlartest.MaxRepeats(1))
	c.Get("/nothing")
	want.Equal(t, len(r.errors), 0)
	c.Visitor().Get("/reviews")
	want.Equal(t, len(r.errors), 1)
}

// ending is a test whose end is the caller's to call.
type ending struct {
	*recorder
	cleanups []func()
}

func (e *ending) Cleanup(f func()) { e.cleanups = append(e.cleanups, f) }

func (e *ending) end() {
	for i := range e.cleanups {
		e.cleanups[len(e.cleanups)-1-i]()
	}
}

func TestMaxQueriesWithin(t *testing.T) {
	t.Parallel()
	ctx := cinemas.Context(t)
	e := &ending{recorder: &recorder{TB: t}}
	few, many := ashlartest.MaxQueries(3).Within(e, ctx), ashlartest.MaxQueries(8).Within(e, ctx)
	both := ashlartest.MaxRepeats(2).Within(e, many)
	want.NoErr(t, readReviews(few))
	want.NoErr(t, readReviews(both))
	want.NoErr(t, readReviews(many))
	want.NoErr(t, readReviews(ctx))
	want.NoErr(t, db.Tx(few, func(context.Context) error { return nil })) // is no query
	e.end()
	want.Equal(t, len(e.errors), 2)
	want.Equal(t, line(e.errors[0]), t.Name()+": "+repeatedReviews)
	want.Contains(t, line(e.errors[1]), t.Name()+": got 4 queries, want 3 at most:\n   1  ashlartest/", "      with 3\n")
	want.NoErr(t, readReviews(few)) // the test is over: nothing is counted
	want.Equal(t, len(e.errors), 2)
}

func TestRollback(t *testing.T) {
	t.Parallel()
	ctx := cinemas.Context(t)
	e := &ending{recorder: &recorder{TB: t}}
	in := ashlartest.Rollback(e, ctx)
	want.NoErr(t, threeMore(in))
	want.NoErr(t, db.Tx(in, threeMore))
	n, err := cinema.Films.Count(in)
	want.NoErr(t, err)
	want.Equal(t, n, int64(9))
	e.end()
	n, err = cinema.Films.Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, int64(3))
	want.Equal(t, len(e.errors), 0)
	if err := threeMore(in); err == nil {
		t.Error("got no error for a transaction that has ended")
	}
}

func threeMore(ctx context.Context) error {
	n, err := cinema.Films.Count(ctx)
	if err != nil {
		return err
	}
	films := []*cinema.Film{{Slug: fmt.Sprint("more", n)}, {Slug: fmt.Sprint("more", n+1)}, {Slug: fmt.Sprint("more", n+2)}}
	return cinema.Films.Insert(ctx, films...)
}
