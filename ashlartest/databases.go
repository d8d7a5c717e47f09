package ashlartest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
)

// Databases gives each test a database of its own. The first test makes a
// template: an empty database on which the app is started, so that it makes
// its tables, and stopped. Each test then has a copy of the template, which is
// dropped when the test ends. It is a variable of a test package:
//
//	var databases = ashlartest.Databases{App: reel, Drivers: []db.Driver{sqlite.Driver}}
//
//	func TestAdd(t *testing.T) {
//		t.Parallel()
//		visitor := ashlartest.Start(t, reel(ashlartest.Config("DATABASE_URL="+databases.New(t))))
//		…
//	}
//
// It is safe for tests that run side by side. The fields are not changed once
// it is in use.
type Databases struct {
	// App makes the app under test. It is called with a Config that names the
	// database and lets a start apply migrations.
	App func(ashlar.Config) *ashlar.App

	// Drivers are those of the app.
	Drivers []db.Driver

	// URL is "sqlite:" or names a database on a server, as a user who may make
	// others beside it: "postgres://test@localhost/postgres". Defaults to
	// "sqlite:".
	URL string

	// Fill, if it is not nil, adds to the template what all tests begin with.
	Fill func(context.Context) error

	made   sync.Once
	failed error
	kind   copier
}

// A copier makes databases on one kind of engine.
type copier interface {
	// template makes an empty database and returns its URL.
	template(ctx context.Context) (string, error)

	// filled is called when the template is complete and closed.
	filled(ctx context.Context) error

	// copy makes a copy of the template and returns its URL and what drops it.
	copy(ctx context.Context, t testing.TB) (url string, drop func(context.Context) error, err error)

	// close drops the template.
	close(ctx context.Context) error
}

// New returns the URL of a database for one test. Call it before [Start], so
// that the app has ended when the database is dropped.
func (d *Databases) New(t testing.TB) string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	d.made.Do(func() { d.failed = d.make(ctx) })
	if d.failed != nil {
		t.Fatalf("make the template of databases: %v", d.failed)
	}
	at, drop, err := d.kind.copy(ctx, t)
	if err != nil {
		t.Fatalf("make a database: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(ctx); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return at
}

// Context returns a context with a database for one test, for functions that
// need no app.
func (d *Databases) Context(t testing.TB) context.Context {
	t.Helper()
	at := d.New(t)
	own, err := db.Open(db.Config{URL: at, ShowArgs: true}, d.Drivers...)
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	t.Cleanup(func() {
		if err := own.Close(); err != nil {
			t.Errorf("close the test's database: %v", err)
		}
	})
	return db.NewContext(t.Context(), own)
}

// Close drops the template, and the copy that is made ahead for the next test.
// Without it they stay on a server, as databases whose names begin with
// "ashlar_test_"; a SQLite template is in memory:
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		_ = databases.Close()
//		os.Exit(code)
//	}
func (d *Databases) Close() error {
	if d.kind == nil {
		return nil
	}
	return d.kind.close(context.Background())
}

// make makes the template.
func (d *Databases) make(ctx context.Context) error {
	kind, err := d.copier()
	if err != nil {
		return err
	}
	at, err := kind.template(ctx)
	if err != nil {
		return err
	}
	d.kind = kind
	if err := d.fill(ctx, at); err != nil {
		return errors.Join(err, kind.close(ctx))
	}
	return kind.filled(ctx)
}

func (d *Databases) copier() (copier, error) {
	scheme, _, _ := strings.Cut(d.URL, ":")
	switch scheme {
	case "", "sqlite":
		return &files{}, nil
	case "postgres", "postgresql", "mariadb":
		u, err := url.Parse(d.URL)
		if err != nil {
			return nil, fmt.Errorf("read ashlartest.Databases.URL: %w", errors.Unwrap(err)) // the whole text has a password
		}
		return &server{at: u, drivers: d.Drivers}, nil
	}
	return nil, fmt.Errorf("read ashlartest.Databases.URL: databases of kind %q cannot be copied", scheme)
}

// fill starts the app on the template and stops it.
func (d *Databases) fill(ctx context.Context, at string) (err error) {
	app := d.App(Config("DATABASE_URL="+at, "MIGRATE_APPLY=true"))
	if err := app.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Stop(ctx)) }()
	if d.Fill == nil {
		return nil
	}
	return d.Fill(app.Context(ctx))
}

// files are SQLite databases. The template is kept in memory, so that nothing
// is left on the disk whatever ends the process.
type files struct {
	dir  string
	data []byte
}

const fileName = "test.db"

func (f *files) template(context.Context) (string, error) {
	dir, err := os.MkdirTemp("", "ashlartest")
	f.dir = dir
	return "sqlite:" + filepath.Join(dir, fileName), err
}

func (f *files) filled(context.Context) error {
	path := filepath.Join(f.dir, fileName)
	data, err := os.ReadFile(path)
	f.data = data
	if _, open := os.Stat(path + "-wal"); open == nil {
		err = errors.Join(err, errors.New("the app has stopped, but has not closed its database"))
	}
	return errors.Join(err, os.RemoveAll(f.dir))
}

func (f *files) copy(_ context.Context, t testing.TB) (string, func(context.Context) error, error) {
	path := filepath.Join(t.TempDir(), fileName)
	return "sqlite:" + path, func(context.Context) error { return nil }, os.WriteFile(path, f.data, 0o600)
}

func (f *files) close(context.Context) error { return os.RemoveAll(f.dir) }
