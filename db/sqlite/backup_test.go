package sqlite_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestBackup takes backups while a writer keeps two tables equal.
func TestBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, url := range []string{"sqlite:" + filepath.Join(dir, "reel.db"), "sqlite::memory:"} {
		d := open(t, url)
		defer d.Close()
		ctx, stop := context.WithCancel(db.NewContext(t.Context(), d))
		_, err := db.Exec(ctx, "CREATE TABLE a (n INTEGER NOT NULL); CREATE TABLE b (n INTEGER NOT NULL)")
		want.NoErr(t, err)
		both := func(ctx context.Context) error {
			if _, err := db.Exec(ctx, "INSERT INTO a VALUES (1)"); err != nil {
				return err
			}
			_, err := db.Exec(ctx, "INSERT INTO b VALUES (1)")
			return err
		}
		want.NoErr(t, db.Tx(ctx, both))
		var all sync.WaitGroup
		all.Go(func() {
			for ctx.Err() == nil {
				if err := db.Tx(ctx, both); err != nil {
					if ctx.Err() == nil {
						t.Error(err)
					}
					return
				}
			}
		})
		for i := range 5 {
			path := filepath.Join(dir, fmt.Sprintf("it's a backup %d.db", i))
			want.NoErr(t, sqlite.Backup(t.Context(), d, path))
			want.Err(t, sqlite.Backup(t.Context(), d, path), fs.ErrExist)
			checkCopy(t, path)
			want.NoErr(t, os.Remove(path))
		}
		stop()
		all.Wait()
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	want.NoErr(t, err)
	for _, path := range left {
		if !strings.HasPrefix(filepath.Base(path), "reel.db") {
			t.Errorf("got %s left behind", path)
		}
	}
}

func checkCopy(t *testing.T, path string) {
	t.Helper()
	d := open(t, "sqlite:"+path)
	rows, err := db.SQL[*db.Row](db.NewContext(t.Context(), d), "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT integrity_check FROM pragma_integrity_check)")
	want.NoErr(t, err)
	var a, b int
	var verdict string
	want.NoErr(t, rows[0].Scan(&a, &b, &verdict))
	if a == 0 || a != b || verdict != "ok" {
		t.Errorf("got %d and %d rows and %q in the copy, want as many and ok", a, b, verdict)
	}
	want.NoErr(t, d.Close())
}

func TestBackupErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "reel.db")
	d := open(t, "sqlite:"+path)
	ctx := db.NewContext(t.Context(), d)
	_, err := db.Exec(ctx, "CREATE TABLE a (n)")
	want.NoErr(t, err)

	want.Err(t, sqlite.Backup(ctx, d, path), fs.ErrExist) // the database itself
	want.Err(t, sqlite.Backup(ctx, d, filepath.Join(dir, "none", "copy.db")), fs.ErrNotExist)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	want.Err(t, sqlite.Backup(gone, d, filepath.Join(dir, "copy.db")), context.Canceled)
	err = db.Tx(ctx, func(ctx context.Context) error { return sqlite.Backup(ctx, d, filepath.Join(dir, "copy.db")) })
	if err == nil || !strings.Contains(err.Error(), "within a transaction") {
		t.Errorf("got %v, want an error about the transaction", err)
	}

	err = sqlite.Clone(path, filepath.Join(dir, "copy.db"))
	if err == nil || !strings.Contains(err.Error(), "was not closed") {
		t.Errorf("got %v, want an error about the template", err)
	}
	want.NoErr(t, d.Close())
	want.Err(t, sqlite.Clone(filepath.Join(dir, "none.db"), filepath.Join(dir, "copy.db")), fs.ErrNotExist)
	want.NoErr(t, os.WriteFile(filepath.Join(dir, "copy.db-wal"), []byte("changes"), 0o600))
	want.Err(t, sqlite.Clone(path, filepath.Join(dir, "copy.db")), fs.ErrExist)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	want.NoErr(t, err)
	want.Equal(t, left, []string{filepath.Join(dir, "copy.db-wal"), path})
}

// ExampleClone gives each of two tests a database of its own.
func ExampleClone() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	run := func(path string, f func(ctx context.Context) error) {
		d, err := db.Open(db.Config{URL: "sqlite:" + filepath.Join(dir, path)}, sqlite.Driver)
		if err == nil {
			err = f(db.NewContext(context.Background(), d))
		}
		if err != nil {
			panic(err)
		}
		d.Close()
	}
	run("template.db", func(ctx context.Context) error {
		_, err := db.Exec(ctx, "CREATE TABLE films (title TEXT)") // or the migrations
		return err
	})
	for _, test := range []string{"one", "two"} {
		if err := sqlite.Clone(filepath.Join(dir, "template.db"), filepath.Join(dir, test+".db")); err != nil {
			panic(err)
		}
		run(test+".db", func(ctx context.Context) error {
			if _, err := db.Exec(ctx, "INSERT INTO films VALUES (?)", test); err != nil {
				return err
			}
			rows, err := db.SQL[*db.Row](ctx, "SELECT title FROM films")
			for _, row := range rows {
				var title string
				if err := row.Scan(&title); err != nil {
					return err
				}
				fmt.Println(title)
			}
			return err
		})
	}
	// Output:
	// one
	// two
}

// BenchmarkClone is what a test pays for a database of its own: the copy of a
// template with 30 tables, the first query, and the end.
func BenchmarkClone(b *testing.B) {
	dir := b.TempDir()
	template := filepath.Join(dir, "template.db")
	d := open(b, "sqlite:"+template)
	for i := range 30 {
		_, err := db.Exec(db.NewContext(b.Context(), d), fmt.Sprintf(
			"CREATE TABLE t%d (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INTEGER) STRICT; CREATE UNIQUE INDEX t%d_a ON t%d (a)", i, i, i))
		want.NoErr(b, err)
	}
	want.NoErr(b, d.Close())
	for i := 0; b.Loop(); i++ {
		path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
		want.NoErr(b, sqlite.Clone(template, path))
		pool, err := sqlite.Driver.Open(engine.Options{URL: "sqlite:" + path, MaxReaders: 1})
		want.NoErr(b, err)
		s := acquire(b, pool, true)
		_, err = s.Exec(b.Context(), "INSERT INTO t7 (a) VALUES ('x')", nil)
		want.NoErr(b, err)
		s.Release()
		want.NoErr(b, pool.Close())
	}
}
