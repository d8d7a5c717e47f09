package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// The test binary runs itself as another process: childEnv then holds the
// database that it counts in.
const childEnv = "ASHLAR_SQLITE_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(moverEnv); path != "" {
		fmt.Println(moveMoney(context.Background(), path))
		os.Exit(1)
	}
	if path := os.Getenv(childEnv); path != "" {
		if err := countIn(context.Background(), path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const counters, rounds = 64, 5

// countIn adds to the one number in the database: 64 goroutines, each by
// reading it in a transaction, and by one statement.
func countIn(ctx context.Context, path string) (err error) {
	d, err := db.Open(db.Config{URL: "sqlite:" + path, Synchronous: "normal"}, sqlite.Driver)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	ctx = db.NewContext(ctx, d)
	var all sync.WaitGroup
	problems := make([]error, counters)
	for i := range problems {
		all.Go(func() {
			for range rounds {
				problems[i] = errors.Join(problems[i], db.Tx(ctx, func(ctx context.Context) error {
					rows, err := db.SQL[*db.Row](ctx, "SELECT n FROM counter")
					if err != nil {
						return err
					}
					var n int
					if err := rows[0].Scan(&n); err != nil {
						return err
					}
					_, err = db.Exec(ctx, "UPDATE counter SET n = ?", n+1)
					return err
				}))
				_, err := db.Exec(ctx, "UPDATE counter SET n = n + 1")
				problems[i] = errors.Join(problems[i], err)
			}
		})
	}
	all.Wait()
	return errors.Join(problems...)
}

// TestProcesses has 64 writers in each of two processes on one file: none is
// told that the database is locked, and no change is lost.
func TestProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "reel.db")
	d := open(t, "sqlite:"+path)
	defer d.Close()
	ctx := db.NewContext(t.Context(), d)
	_, err := db.Exec(ctx, "CREATE TABLE counter (n INTEGER NOT NULL) STRICT; INSERT INTO counter VALUES (0)")
	want.NoErr(t, err)
	self, err := os.Executable()
	want.NoErr(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		child := exec.CommandContext(t.Context(), self)
		child.Env = append(os.Environ(), childEnv+"="+path)
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("child: %v: %s", err, out)
		}
	})
	want.NoErr(t, countIn(t.Context(), path))
	all.Wait()
	rows, err := db.SQL[*db.Row](ctx, "SELECT n FROM counter")
	want.NoErr(t, err)
	var n int
	want.NoErr(t, rows[0].Scan(&n))
	want.Equal(t, n, 2*counters*rounds*2)
}

// TestSnapshot: a transaction that read before another one wrote cannot write
// any more, and says that it is worth another try.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "reel.db")
	mine, other := acquire(t, openPool(t, path), true), acquire(t, openPool(t, path), true)
	defer mine.Release()
	defer other.Release()
	_, err := other.Exec(t.Context(), "CREATE TABLE notes (a)", nil)
	want.NoErr(t, err)
	_, err = mine.Exec(t.Context(), "BEGIN", nil)
	want.NoErr(t, err)
	want.Equal(t, query(t, mine, "SELECT a FROM notes"), []string{})
	_, err = other.Exec(t.Context(), "INSERT INTO notes VALUES (1)", nil)
	want.NoErr(t, err)
	_, err = mine.Exec(t.Context(), "INSERT INTO notes VALUES (2)", nil)
	want.Err(t, err, engine.ErrRetry)
	want.Err(t, err, sqlite.Busy)
	_, err = mine.Exec(t.Context(), "ROLLBACK; BEGIN; INSERT INTO notes VALUES (2); COMMIT", nil)
	want.NoErr(t, err)
	want.Equal(t, query(t, other, "SELECT a FROM notes"), []string{"1", "2"})
}

func TestFull(t *testing.T) {
	t.Parallel()
	s := writer(t, "CREATE TABLE notes (a); PRAGMA max_page_count = 3")
	_, err := s.Exec(t.Context(), "INSERT INTO notes VALUES (?)", valuesOf(t, strings.Repeat("x", 1<<16)))
	want.Err(t, err, sqlite.Full)
	want.Err(t, err, errs.Unavailable)
	want.Contains(t, err.Error(), "sqlite: the disk is full")
	want.Equal(t, query(t, s, "SELECT a FROM notes"), []string{})
}

func TestTooBig(t *testing.T) {
	t.Parallel()
	s := writer(t, "")
	_, err := s.Query(t.Context(), "SELECT length(zeroblob(1000000001))", nil)
	want.Err(t, err, sqlite.TooBig)
	want.Err(t, err, errs.TooLarge)
}

// TestLocked: a table in use by rows of the same connection.
func TestLocked(t *testing.T) {
	t.Parallel()
	s := writer(t, "CREATE TABLE notes (a); INSERT INTO notes VALUES (1), (2)")
	c, err := s.Query(t.Context(), "SELECT a FROM notes", nil)
	want.NoErr(t, err)
	_, err = s.Exec(t.Context(), "DROP TABLE notes", nil)
	if err == nil || !strings.Contains(err.Error(), "rows that are not closed") {
		t.Errorf("got %v, want an error about the open rows", err)
	}
	want.NoErr(t, c.Close())
	_, err = s.Exec(t.Context(), "DROP TABLE notes", nil)
	want.NoErr(t, err)
}

// TestDamaged damages a table behind the back of an open database, and mends
// it: the connection that saw the damage is not used again.
func TestDamaged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "reel.db")
	pool := openPool(t, path)
	s := acquire(t, pool, true)
	_, err := s.Exec(t.Context(), "CREATE TABLE notes (a); INSERT INTO notes VALUES ('whole'); PRAGMA wal_checkpoint(TRUNCATE)", nil)
	want.NoErr(t, err)
	s.Release()
	whole := readPage(t, path)
	writePage(t, path, make([]byte, len(whole)))
	s = acquire(t, pool, false)
	_, err = s.Query(t.Context(), "SELECT a FROM notes", nil)
	want.Err(t, err, sqlite.Corrupt)
	want.Err(t, err, errs.Unavailable)
	want.Contains(t, err.Error(), "put a copy from your backup in its place")
	s.Release()
	writePage(t, path, whole)
	s = acquire(t, pool, false)
	defer s.Release()
	want.Equal(t, query(t, s, "SELECT a FROM notes"), []string{`"whole"`})
}

const pageSize = 4096

// readPage returns the second page of the file, which holds the first table.
// The file stays open: closing it would give up SQLite's locks on it, as
// POSIX has it.
func readPage(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	want.NoErr(t, err)
	t.Cleanup(func() { f.Close() })
	page := make([]byte, pageSize)
	_, err = f.ReadAt(page, pageSize)
	want.NoErr(t, err)
	return page
}

func writePage(t *testing.T, path string, page []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	want.NoErr(t, err)
	t.Cleanup(func() { f.Close() })
	_, err = f.WriteAt(page, pageSize)
	want.NoErr(t, err)
}

// TestReader: those who read are told where to write, and SQL cannot give them
// the right.
func TestReader(t *testing.T) {
	t.Parallel()
	for _, path := range []string{":memory:", filepath.Join(t.TempDir(), "reel.db")} {
		pool := openPool(t, path)
		s := acquire(t, pool, true)
		_, err := s.Exec(t.Context(), "CREATE TABLE notes (a); INSERT INTO notes VALUES (1)", nil)
		want.NoErr(t, err)
		_, err = s.Exec(t.Context(), "DELETE FROM notes WHERE a = 9", nil) // is kept prepared
		want.NoErr(t, err)
		s.Release()
		s = acquire(t, pool, false)
		for _, sql := range []string{"DELETE FROM notes", "DELETE FROM notes WHERE a = 9", "PRAGMA query_only = 0; DELETE FROM notes", "DROP TABLE notes", "BEGIN IMMEDIATE"} {
			_, err := s.Exec(t.Context(), sql, nil)
			if err == nil || !strings.Contains(err.Error(), "this connection only reads") {
				t.Errorf("%s: got %v, want an error about the reader", sql, err)
			}
		}
		want.Equal(t, query(t, s, "SELECT a FROM notes"), []string{"1"})
		s.Release()
	}
}

func TestOpenCodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.db")
	want.NoErr(t, os.WriteFile(text, []byte(strings.Repeat("This is no database. ", 100)), 0o644))
	for path, code := range map[string]sqlite.Code{text: sqlite.NotDatabase, dir: sqlite.CantOpen} {
		d := open(t, "sqlite:"+path)
		err := d.Ping(t.Context())
		want.Err(t, err, code)
		var e *sqlite.Error
		if !errors.As(err, &e) || e.Message == "" {
			t.Errorf("got %v, want SQLite's own error in it", err)
		}
		want.NoErr(t, d.Close())
	}
}
