package db_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// two is an app with a database and one named reports.
func two(t *testing.T, environment map[string]string) *ashlar.App {
	t.Helper()
	var all []*db.DB
	dir := t.TempDir()
	app := ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler), LookupEnv: func(name string) (string, bool) {
		v, ok := environment[name]
		return v, ok
	}},
		db.Module(db.Config{URL: "sqlite:" + filepath.Join(dir, "main.db")}, sqlite.Driver),
		db.Module(db.Config{Name: "reports", URL: "sqlite:" + filepath.Join(dir, "reports.db")}, sqlite.Driver),
		migrate.Module(migrate.Options{Apply: true}),
		migrate.Module(migrate.Options{Apply: true, Database: "reports"}),
		ashlar.Module{Name: "own", Setup: func(s *ashlar.Setup) error {
			s.Need(&all)
			note := func(table string) func(ctx context.Context) error {
				return func(ctx context.Context) error {
					_, err := db.Exec(ctx, "CREATE TABLE "+table+" (n INTEGER) STRICT")
					return err
				}
			}
			s.Add(migrate.Go{ID: "20261122120000_notes", Up: note("notes")})
			s.Add(migrate.Go{ID: "20261122120001_sales", Up: note("sales"), Database: "reports"})
			return nil
		}})
	want.NoErr(t, app.Start(t.Context()))
	t.Cleanup(func() { want.NoErr(t, app.Stop(context.Background())) })
	want.Equal(t, len(all), 2)
	want.Equal(t, all[0].Name()+"/"+all[1].Name(), "/reports")
	return app
}

func TestNamedDatabases(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "elsewhere.db")
	app := two(t, map[string]string{"DATABASE_REPORTS_URL": "sqlite:" + file})
	ctx := app.Context(t.Context())
	reports := db.Using(ctx, "reports")
	_, err := db.Exec(ctx, "INSERT INTO notes VALUES (1)")
	want.NoErr(t, err)
	_, err = db.Exec(reports, "INSERT INTO sales VALUES (1)")
	want.NoErr(t, err)
	if _, err = db.Exec(reports, "INSERT INTO notes VALUES (1)"); err == nil {
		t.Error("got no error for a table of the other database")
	}
	d, err := db.FromContext(reports)
	want.NoErr(t, err)
	rows, err := db.SQL[*db.Row](reports, "SELECT file FROM pragma_database_list")
	want.NoErr(t, err)
	var at string
	want.NoErr(t, rows[0].Scan(&at))
	want.Equal(t, at, file)
	want.Equal(t, d.Name(), "reports")

	_, err = db.Exec(db.Using(ctx, "repots"), "SELECT 1")
	want.Contains(t, fmt.Sprint(err), "A1503", `no database "repots"`)
}

// A write to a database whose transaction is not open would stay when the one
// that is open is rolled back.
func TestTransactionsOfTwoDatabases(t *testing.T) {
	t.Parallel()
	app := two(t, nil)
	ctx := app.Context(t.Context())
	stop := errors.New("stop")
	err := db.Tx(ctx, func(ctx context.Context) error {
		_, err := db.SQL[*db.Row](db.Using(ctx, "reports"), "SELECT n FROM sales")
		want.NoErr(t, err)
		_, err = db.Exec(db.Using(ctx, "reports"), "INSERT INTO sales VALUES (1)")
		want.Contains(t, fmt.Sprint(err), "A1507", `a write to the database "reports" in a transaction of ""`)
		return db.Tx(db.Using(ctx, "reports"), func(ctx context.Context) error {
			_, err := db.Exec(ctx, "INSERT INTO sales VALUES (2)")
			want.NoErr(t, err)
			return stop
		})
	})
	want.Err(t, err, stop)
	rows, err := db.SQL[*db.Row](db.Using(ctx, "reports"), "SELECT n FROM sales")
	want.NoErr(t, err)
	want.Equal(t, len(rows), 0)

	app = ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler), LookupEnv: func(string) (string, bool) { return "", false }},
		db.Module(db.Config{URL: "sqlite::memory:"}, sqlite.Driver), migrate.Module(migrate.Options{Database: "reports"}))
	if err := app.Start(t.Context()); err == nil || !strings.Contains(err.Error(), `there is no database "reports"`) {
		t.Errorf("got %v, want the name that is not there", err)
	}
}
