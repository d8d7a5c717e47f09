package migrate_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// notes is a table as a module would bring it.
func notes() schema.Table {
	return schema.Table{Name: "notes", PrimaryKey: []string{"id"},
		Columns: []schema.Column{{Name: "id", Type: schema.Int, Auto: true}, {Name: "text", Type: schema.Text}}}
}

// site is an app on a database file, with what its modules bring.
func site(file string, o migrate.Options, schemas ...db.Schema) *ashlar.App {
	tables := ashlar.Module{Name: "tables", Setup: func(s *ashlar.Setup) error {
		for _, sc := range schemas {
			s.Add(sc)
		}
		return nil
	}}
	return ashlar.New(ashlar.Config{Name: "site", Log: slog.New(slog.DiscardHandler),
		LookupEnv: func(string) (string, bool) { return "", false }},
		db.Module(db.Config{URL: "sqlite:" + file}, sqlite.Driver), tables, migrate.Module(o))
}

// run runs a command line on a fresh app.
func run(t *testing.T, app *ashlar.App, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := app.Run(context.Background(), args, &out)
	return out.String(), err
}

func TestModuleFromMakeToStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, written := filepath.Join(dir, "a.db"), filepath.Join(dir, "migrations")
	empty := db.Schema{Migrations: fstest.MapFS{}} // a module whose folder is not there yet
	app := func() *ashlar.App {
		return site(file, migrate.Options{Dir: written}, empty, db.Schema{Models: []schema.Table{notes()}, Migrations: os.DirFS(dir)})
	}
	want.NoErr(t, os.Mkdir(written, 0o755))

	out, err := run(t, app(), "migrate", "make", "first")
	want.NoErr(t, err)
	want.Contains(t, out, "create_table notes", "_first.sql")

	// Behind its migrations the app does not start, and says what to do.
	err = app().Start(t.Context())
	want.Contains(t, fmt.Sprint(err), "A1552", "migrate up")

	out, err = run(t, app(), "migrate", "up")
	want.NoErr(t, err)
	want.Contains(t, out, "_first")
	out, err = run(t, app(), "migrate")
	want.NoErr(t, err)
	want.Contains(t, out, "applied")

	a := app()
	want.NoErr(t, a.Start(t.Context()))
	want.NoErr(t, a.Stop(t.Context()))

	out, err = run(t, app(), "migrate", "down")
	want.NoErr(t, err)
	want.Contains(t, out, "undone")
}

func TestModuleAppliesAtStartWhenAsked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want.NoErr(t, os.Mkdir(filepath.Join(dir, "migrations"), 0o755))
	brings := db.Schema{Models: []schema.Table{notes()}, Migrations: os.DirFS(dir)}
	_, err := run(t, site(filepath.Join(dir, "a.db"), migrate.Options{Dir: filepath.Join(dir, "migrations")}, brings), "migrate", "make")
	want.NoErr(t, err)
	a := site(filepath.Join(dir, "a.db"), migrate.Options{Apply: true}, brings)
	want.NoErr(t, a.Start(t.Context()))
	defer func() { want.NoErr(t, a.Stop(context.Background())) }()
	n, err := db.Exec(a.Context(t.Context()), "INSERT INTO notes (text) VALUES (?)", "hello")
	want.NoErr(t, err)
	want.Equal(t, n, int64(1))
}

func TestModuleChecksModels(t *testing.T) {
	t.Parallel()
	a := site(filepath.Join(t.TempDir(), "a.db"), migrate.Options{}, db.Schema{Models: []schema.Table{notes()}})
	want.Contains(t, fmt.Sprint(a.Check(t.Context())), "A1553", "create_table notes")
}

func TestModuleRefusesTwoFilesOfOneName(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"migrations/20260101000000_a.sql": {Data: []byte("-- ashlar:migration 20260101000000_a\n")}}
	a := site(filepath.Join(t.TempDir(), "a.db"), migrate.Options{}, db.Schema{Migrations: files}, db.Schema{Migrations: files})
	want.Contains(t, fmt.Sprint(a.Check(t.Context())), "two modules bring migrations/20260101000000_a.sql")
}

func TestModuleRefusesWrongCalls(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"sideways"}, {"up", "x"}, {"up", "1", "2"}, {"to"}, {"check", "x"}, {"plan", "--all"}, {"down", "x"}, {"down", "0"}, {"make", "a", "b"}, {"up", "--empty"}} {
		_, err := run(t, site(filepath.Join(t.TempDir(), "a.db"), migrate.Options{}), append([]string{"migrate"}, args...)...)
		var usage ashlar.UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%v: got %v, want a usage error", args, err)
		}
	}
}

// A module that joins later brings migrations that are older than what is
// applied; only the order within a module matters.
func TestModuleThatJoinsLater(t *testing.T) {
	t.Parallel()
	bring := func(id, name string) db.Schema {
		text := "-- ashlar:migration " + id + "_" + name + "\n-- ashlar:up\nCREATE TABLE " + name + " (id INTEGER) STRICT;\n-- ashlar:down\nDROP TABLE " + name + ";\n"
		return db.Schema{Migrations: fstest.MapFS{"migrations/" + id + "_" + name + ".sql": {Data: []byte(text)}}}
	}
	file := filepath.Join(t.TempDir(), "a.db")
	first, older := bring("20260601000000", "first"), bring("20260101000000", "older")
	_, err := run(t, site(file, migrate.Options{}, first), "migrate", "up")
	want.NoErr(t, err)
	out, err := run(t, site(file, migrate.Options{}, first, older), "migrate", "up")
	want.NoErr(t, err)
	want.Contains(t, out, "20260101000000_older")
}

// A start that fails says once what it is about.
func TestModuleStartFails(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"migrations/" + one + ".sql": {Data: []byte("-- ashlar:migration " + one + "\n-- ashlar:up\nCREATE TABLE a (x WRONG) STRICT;\n")}}
	a := site(filepath.Join(t.TempDir(), "a.db"), migrate.Options{Apply: true}, db.Schema{Migrations: files})
	err := a.Start(t.Context())
	want.Contains(t, fmt.Sprint(err), "start migrate: run migration "+one+": statement 1 of 1, CREATE TABLE a (x WRONG) STRICT: ",
		"at migrations/"+one+".sql:3", "A1548")
}

// What the commands say of a database that is not as the migrations made it.
func TestModulePlanToCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.db")
	more := notes()
	more.Columns = append(more.Columns, schema.Column{Name: "stars", Type: schema.Int, Null: true})
	models := notes()
	app := func() *ashlar.App {
		return site(file, migrate.Options{Dir: filepath.Join(dir, "migrations")}, db.Schema{Models: []schema.Table{models}, Migrations: os.DirFS(dir)})
	}
	for _, models = range []schema.Table{notes(), more} {
		_, err := run(t, app(), "migrate", "make")
		want.NoErr(t, err)
	}
	for _, step := range []struct {
		args string
		out  string
		err  string
	}{
		{"plan", "create_table notes", ""},
		{"plan --sql", "BEGIN IMMEDIATE;\nCREATE TABLE notes", ""},
		{"check", "", "A1552"},
		{"up 1", "1 migration ran", ""},
		{"to add_stars_to_notes", "1 migration ran", ""},
		{"to add_stars_to_notes", "nothing to do", ""},
		{"check", "are of one mind", ""},
		{"to create_notes", "1 migration undone", ""},
		{"to nowhere", "", "there is no migration"},
		{"up", "1 migration ran", ""},
		{"squash all in one", "", "usage"},
		{"squash all", "in place of 2 migrations", ""},
		{"check", "are of one mind", ""},
		{"status", "applied", ""},
		{"down", "1 migration undone", ""},
		{"up", "1 migration ran", ""},
	} {
		out, err := run(t, app(), append([]string{"migrate"}, strings.Fields(step.args)...)...)
		want.Contains(t, out, step.out)
		if step.err != "" {
			want.Contains(t, fmt.Sprint(err), step.err)
			continue
		}
		want.NoErr(t, err)
	}
	d := open(t, file)
	execute(t, d, "ALTER TABLE notes ADD COLUMN by_hand TEXT")
	_, err := run(t, app(), "migrate", "check")
	want.Contains(t, fmt.Sprint(err), "A1554", "drop_column notes.by_hand")
}
