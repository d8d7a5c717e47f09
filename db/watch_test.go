package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

func noTime() time.Time { return time.Time{} }

// watch collects the events of ctx's database from here on.
func watch(t testing.TB, ctx context.Context) *[]db.QueryEvent {
	t.Helper()
	d, err := db.FromContext(ctx)
	want.NoErr(t, err)
	var list []db.QueryEvent
	t.Cleanup(d.Watch(func(_ context.Context, e db.QueryEvent) { list = append(list, e) }))
	return &list
}

// TestShowArgs: values are shown where that was asked for, but those of secret
// columns, and long ones not whole.
func TestShowArgs(t *testing.T) {
	t.Parallel()
	ctx := open(t, db.Config{Now: noTime, ShowArgs: true})
	got := watch(t, ctx)
	long := strings.Repeat("ä", 100)
	for sql, want := range map[string]string{
		`SELECT 1 WHERE "title" = ? AND "stock" > ?`:                        `"x" 7`,
		`SELECT 1 WHERE "api_token" = ? AND "stock" > ?`:                    `[hidden] 7`,
		`SELECT 1 WHERE "Password" IN (?, ?)`:                               `[hidden] [hidden]`,
		`SELECT 1 WHERE ? = password_hash OR salt LIKE ?`:                   `[hidden] [hidden]`,
		`SELECT 1 WHERE otp BETWEEN ? AND ?`:                                `[hidden] [hidden]`,
		`INSERT INTO users (id, password, name) VALUES (1, ?, ?)`:           `[hidden] 7`,
		`INSERT INTO users (name, password) VALUES (upper(?), ?)`:           `"x" [hidden]`,
		`INSERT INTO users (secret, n) VALUES (?, ?), ('a', 1)`:             `[hidden] 7`,
		`INSERT INTO t (secret) VALUES ('a') ON CONFLICT DO UPDATE SET a=?`: `"x"`,
		`UPDATE "users" SET "crypt" = ?, "n" = "n" + ? WHERE 1`:             `[hidden] 7`,
		`SELECT 'broken = ? AND "n" = ?`:                                    `[hidden] [hidden]`,
	} {
		args := []any{"x", 7}[:strings.Count(sql, "?")]
		*got = nil
		_, _ = db.SQL[*db.Row](ctx, sql, args...) // there is no such table
		if shown := strings.Join((*got)[0].Args, " "); shown != want {
			t.Errorf("%s: got %s, want %s", sql, shown, want)
		}
	}
	*got = nil
	_, err := db.SQL[*db.Row](ctx, "SELECT ? AS a, ?, ?", long, []byte{1, 2}, nil)
	want.NoErr(t, err)
	want.Equal(t, (*got)[0].Args, []string{`"` + strings.Repeat("ä", 63) + "…", "x'0102'", "NULL"})

	*got = nil
	_, err = reel.Films.Where(reel.Films.Stock.In(make([]int32, 100)...)).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, (*got)[0].Args[18:], []string{"0", "0", "… 80 more"})

	ctx = open(t, db.Config{Now: noTime})
	got = watch(t, ctx)
	_, err = db.SQL[*db.Row](ctx, "SELECT ?, ?, ?, ?, ?, ?, ?", long, []byte{1, 2}, nil, 7, 1.5, true, time.Unix(0, 0))
	want.NoErr(t, err)
	want.Equal(t, (*got)[0].Args, []string{"text(100)", "bytes(2)", "NULL", "int", "float", "bool", "time"})
}

// TestWatchStops: a hook is called until it was stopped, and others still are.
func TestWatchStops(t *testing.T) {
	t.Parallel()
	ctx := open(t, db.Config{Now: noTime})
	d, err := db.FromContext(ctx)
	want.NoErr(t, err)
	var a, b int
	stopA := d.Watch(func(context.Context, db.QueryEvent) { a++ })
	stopB := d.Watch(func(context.Context, db.QueryEvent) { b++ })
	for _, stop := range []func(){stopA, stopA, stopB, func() {}} {
		_, err := reel.Films.Count(ctx)
		want.NoErr(t, err)
		stop()
	}
	want.Equal(t, []int{a, b}, []int{1, 3})
}

// TestOnSlow: it is told of slow statements alone, of those that open and close
// transactions too.
func TestOnSlow(t *testing.T) {
	t.Parallel()
	var told []string
	var now time.Time
	var step time.Duration
	ctx := open(t, db.Config{SlowQuery: time.Second, Now: func() time.Time { now = now.Add(step); return now },
		OnSlow: func(_ context.Context, e db.QueryEvent) {
			told = append(told, fmt.Sprint(e.SQL, " ", e.Args, e.Slow, strings.HasPrefix(e.Caller, "db/watch_test.go:")))
		}})
	ask := func() {
		_, err := db.SQL[*db.Row](ctx, "SELECT ?", "secret")
		want.NoErr(t, err)
	}
	step = time.Second - 1
	ask()
	want.Equal(t, len(told), 0)
	step = time.Second
	ask()
	want.NoErr(t, db.Tx(ctx, func(context.Context) error { step = 0; return nil }))
	want.Equal(t, told, []string{"SELECT ? [text(6)] true true", "BEGIN IMMEDIATE [] true true"})
	_, err := db.Open(db.Config{URL: "sqlite::memory:", OnSlow: func(context.Context, db.QueryEvent) {}}, sqlite.Driver)
	want.Contains(t, err.Error(), "db.Config.Now: is needed with OnSlow")
}

// TestWatchingIsFree: who asks for nothing, or for slow queries alone, pays no
// allocation.
func TestWatchingIsFree(t *testing.T) {
	measure := func(c db.Config) float64 {
		ctx := open(t, c)
		want.NoErr(t, reel.Orders.Insert(ctx, &reel.Order{}))
		return testing.AllocsPerRun(200, func() {
			if _, err := reel.Orders.Get(ctx, 1); err != nil {
				t.Error(err)
			}
		})
	}
	want.Equal(t, measure(db.Config{Now: noTime, OnSlow: func(context.Context, db.QueryEvent) {}}), measure(db.Config{}))
}

// shown runs a handler in development and returns its error page and its log.
func shown(t *testing.T, handler func(*ashlar.Ctx) error) (page, log string) {
	t.Helper()
	var b bytes.Buffer
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	app := ashlar.New(ashlar.Config{
		Log: slog.New(slog.NewTextHandler(&b, nil)), Clock: func() time.Time { return now },
		LookupEnv: func(string) (string, bool) { return "", false },
	}, db.Module(db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "a.db")}, sqlite.Driver))
	app.Get("/", handler)
	want.NoErr(t, app.Start(t.Context()))
	t.Cleanup(func() { want.NoErr(t, app.Stop(context.Background())) })
	ctx := app.Context(t.Context())
	d, err := db.FromContext(ctx)
	want.NoErr(t, err)
	want.NoErr(t, makeTables(ctx, d))
	for i := range 7 {
		film := &reel.Film{Slug: fmt.Sprint(i), Title: "Ran"}
		want.NoErr(t, reel.Films.Insert(ctx, film))
		want.NoErr(t, reel.Reviews.Insert(ctx, &reel.Review{FilmID: film.ID}))
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept", "text/html")
	r.RemoteAddr = "127.0.0.1:5000"
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w.Body.String(), b.String()
}

// reviewOf is a helper with a query that others call in loops.
func reviewOf(ctx context.Context, film *reel.Film) error {
	_, err := reel.Reviews.Where(reel.Reviews.FilmID.Eq(film.ID)).All(ctx)
	return err
}

// TestRepeated: what a place asks again and again is on the error page and in
// the log, with the loop and the mend.
func TestRepeated(t *testing.T) {
	t.Parallel()
	f, r := reel.Films, reel.Reviews
	page, log := shown(t, func(c *ashlar.Ctx) error {
		films, err := f.All(c)
		if err != nil {
			return err
		}
		for _, film := range films {
			if err := reviewOf(c, film); err != nil { // a relation to many
				return err
			}
		}
		reviews, err := r.All(c)
		if err != nil {
			return err
		}
		for _, review := range reviews {
			if _, err := f.Get(c, review.FilmID); err != nil { // a relation to one
				return err
			}
			n, err := r.Where(r.FilmID.Eq(review.FilmID)).Count(c)
			if err != nil || n != 1 {
				return err
			}
			if _, err := reel.Settings.Where(reel.Settings.Name.Eq("x")).Exists(c); err != nil {
				return err
			}
			if err := reel.Orders.Insert(c, &reel.Order{}); err != nil {
				return err
			}
			if _, err := reel.Orders.Everywhere().Update(c, reel.Orders.Total.Add(1)); err != nil {
				return err
			}
			if _, err := db.SQL[int](c, "SELECT 1"); err != nil {
				return err
			}
		}
		return errors.New("the end")
	})
	hint := regexp.MustCompile(`(?s)<pre class="hint">(.*?)</pre>`)
	var got strings.Builder
	for _, m := range hint.FindAllStringSubmatch(page, -1) {
		got.WriteString(m[1] + "\n")
	}
	golden.Equal(t, "repeated.txt", masked(got.String()))
	want.Equal(t, strings.Count(log, `level=WARN msg="repeated query"`), 7)
	want.Contains(t, log, "mend: add With(Films.Reviews()) to the query of films", "times=7",
		` msg=query sql="SELECT \"id\", \"title\"`, "args=[7] rows=1", "at=db/watch_test.go:", " sql.n=51 sql.took=0s")
	want.Contains(t, page, "<p>sql: 51 in 0s</p>", "<small>with 7</small>", "<td>db/watch_test.go:")
}

// masked replaces the numbers of lines.
func masked(s string) string {
	return regexp.MustCompile(`_test\.go:\d+`).ReplaceAllString(s, "_test.go:LINE")
}

// TestNotRepeated: what needs many statements by itself is no repetition, and
// neither is a place that asks five times, nor one that asks other things.
func TestNotRepeated(t *testing.T) {
	t.Parallel()
	f := reel.Films
	page, log := shown(t, func(c *ashlar.Ctx) error {
		films := make([]*reel.Film, 3000)
		for i := range films {
			films[i] = &reel.Film{Slug: fmt.Sprint("many", i)}
		}
		if err := f.Insert(c, films...); err != nil { // 30 statements
			return err
		}
		if _, err := f.With(f.Reviews(), f.Tags()).All(c); err != nil { // 4 for each
			return err
		}
		for _, err := range f.With(f.Reviews(), f.Trailer()).Each(c) { // 16 for each
			if err != nil {
				return err
			}
		}
		for i := range 5 {
			if _, err := f.Get(c, int64(i+1)); err != nil {
				return err
			}
		}
		for i := range 60 {
			if _, err := f.Limit(i).All(c); err != nil {
				return err
			}
			err := db.Tx(c, func(context.Context) error { return nil })
			if err != nil {
				return err
			}
		}
		return errors.New("the end")
	})
	want.Equal(t, len(page) < 200_000, true) // thousands of arguments are not shown
	if strings.Contains(page, `class="hint"`) || strings.Contains(log, "repeated") {
		t.Errorf("got a report of repeated queries:\n%s", log)
	}
	want.Contains(t, page, "the end", " more.</p>")
}

// TestRepeatedInAPanic: the page of a panic has the report too.
func TestRepeatedInAPanic(t *testing.T) {
	t.Parallel()
	page, _ := shown(t, func(c *ashlar.Ctx) error {
		for id := int64(1); ; id++ {
			if _, err := reel.Films.Get(c, id); err != nil {
				panic("no such film")
			}
		}
	})
	want.Contains(t, page, "db: the same query 8 times: SELECT ", "in the loop at db/watch_test.go:")
}
