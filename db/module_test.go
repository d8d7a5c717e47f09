package db_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// site is an app on a database of its own whose only page asks it and fails.
func site(t *testing.T, environment ...string) *ashlar.App {
	t.Helper()
	app := ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler), LookupEnv: func(name string) (string, bool) {
		for _, e := range environment {
			if k, v, _ := strings.Cut(e, "="); k == name {
				return v, true
			}
		}
		return "", false
	}}, db.Module(db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "a.db")}, sqlite.Driver))
	app.Get("/", func(c *ashlar.Ctx) error {
		rows, err := db.SQL[*db.Row](c, "SELECT 6 * ? AS answer", 7)
		if err != nil {
			return err
		}
		var n int
		if err := rows[0].Scan(&n); err != nil {
			return err
		}
		return fmt.Errorf("the answer is %d: %w", n, errors.ErrUnsupported)
	})
	want.NoErr(t, app.Start(t.Context()))
	t.Cleanup(func() { want.NoErr(t, app.Stop(context.Background())) })
	return app
}

// fromHere asks as a browser on this machine does.
func fromHere(app *ashlar.App) string {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept", "text/html")
	r.RemoteAddr = "127.0.0.1:5000"
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w.Body.String()
}

// In development the error page shows the queries that ran, and where they
// stand in the code; in production it shows nothing of the kind.
func TestQueriesOnTheErrorPage(t *testing.T) {
	t.Parallel()
	want.Contains(t, fromHere(site(t)), "the answer is 42", "SELECT 6 * ? AS answer", "db/module_test.go:")
	page := fromHere(site(t, "ASHLAR_ENV=production", "ASHLAR_HOSTS=example.com"))
	for _, secret := range []string{"answer", "SELECT", ".go:"} {
		if strings.Contains(page, secret) {
			t.Errorf("got %q on a page in production", secret)
		}
	}
}

// What the environment says goes before what the code says.
func TestModuleTakesDatabaseURL(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "other.db")
	app := site(t, "DATABASE_URL=sqlite:"+file)
	ctx := app.Context(t.Context())
	_, err := db.Exec(ctx, "CREATE TABLE a (b INTEGER) STRICT")
	want.NoErr(t, err)

	d, err := db.Open(db.Config{URL: "sqlite:" + file}, sqlite.Driver)
	want.NoErr(t, err)
	defer d.Close()
	_, err = db.SQL[*db.Row](db.NewContext(t.Context(), d), "SELECT b FROM a")
	want.NoErr(t, err)
}
