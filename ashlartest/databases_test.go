package ashlartest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/ashlartest/internal/cinema"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

var allDrivers = []db.Driver{sqlite.Driver, postgres.Driver, mariadb.Driver}

// engines are the ways to a database on each engine.
var engines = map[string]func(testing.TB) string{
	"sqlite":   func(testing.TB) string { return "sqlite:" },
	"postgres": realdb.Postgres,
	"mariadb":  realdb.MariaDB,
}

// TestDatabases: each test has what the template has, and none sees another's.
func TestDatabases(t *testing.T) {
	t.Parallel()
	for name, server := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := 0
			d := &ashlartest.Databases{URL: server(t), Drivers: allDrivers, Fill: threeFilms,
				App: func(cfg ashlar.Config) *ashlar.App { made++; return house(cfg) }}
			t.Cleanup(func() { want.NoErr(t, d.Close()) })
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() { oneOf(t, d) })
			}
			all.Wait()
			want.Equal(t, made, 1)
		})
	}
}

// oneOf uses a database as a test does.
func oneOf(t *testing.T, d *ashlartest.Databases) {
	e := &ending{recorder: &recorder{TB: t}}
	defer e.end()
	ctx := d.Context(e)
	for i := range 3 { // rows, keys and the numbers of the next keys
		f, err := cinema.Films.Get(ctx, int64(i+1))
		if err != nil || f.Slug != fmt.Sprint("film", i) {
			t.Errorf("got %+v, %v, want the film of the template", f, err)
		}
	}
	f := &cinema.Film{Slug: "own"}
	if err := cinema.Films.Insert(ctx, f); err != nil || f.ID != 4 {
		t.Errorf("got key %d, %v, want 4", f.ID, err)
	}
	if err := cinema.Reviews.Insert(ctx, &cinema.Review{FilmID: 99}); err == nil {
		t.Error("got a review of no film, want the foreign keys of the template")
	}
	if n, err := cinema.Films.Count(ctx); err != nil || n != 4 {
		t.Errorf("got %d films, %v, want 4", n, err)
	}
}

// TestDatabasesFail: what is wrong with the template ends each test.
func TestDatabasesFail(t *testing.T) {
	t.Parallel()
	for text, d := range map[string]*ashlartest.Databases{
		`databases of kind "oracle" cannot be copied`: {URL: "oracle://x"},
		`no driver for "sqlite:"`:                     {App: func(cfg ashlar.Config) *ashlar.App { return ashlar.New(cfg, db.Module(db.Config{})) }},
		`unique constraint violated`: {App: house, Fill: func(ctx context.Context) error {
			return cinema.Films.Insert(ctx, &cinema.Film{}, &cinema.Film{})
		}},
		`no driver for "postgres:"`: {URL: "postgres://nobody@localhost/x"},
	} {
		for range 2 {
			r := &recorder{TB: t}
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				d.New(r)
			}()
			<-ended
			want.Equal(t, len(r.errors), 1)
			want.Contains(t, r.errors[0], "make the template of databases: ", text)
		}
		want.NoErr(t, d.Close())
	}
}

// BenchmarkDatabases measures a database for one test: made, connected to,
// asked, and dropped.
func BenchmarkDatabases(b *testing.B) {
	for name, server := range engines {
		b.Run(name, func(b *testing.B) {
			d := &ashlartest.Databases{URL: server(b), Drivers: allDrivers, Fill: threeFilms, App: house}
			b.Cleanup(func() { want.NoErr(b, d.Close()) })
			d.New(b)
			var waited time.Duration
			for b.Loop() {
				e := &ending{recorder: &recorder{TB: b}}
				start := time.Now()
				ctx := d.Context(e)
				waited += time.Since(start)
				if _, err := cinema.Films.Get(ctx, 1); err != nil {
					b.Fatal(err)
				}
				e.end()
			}
			b.ReportMetric(float64(waited.Microseconds())/float64(b.N)/1000, "ms-to-have")
		})
	}
}
