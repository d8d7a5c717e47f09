package sqlite

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/internal/want"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can be seen from within alone.

func connectTo(t testing.TB, path string) *session {
	t.Helper()
	s, err := connect(t.Context(), path, engine.Options{BusyTimeout: time.Second}, true)
	want.NoErr(t, err)
	return s
}

// TestPreparedOnce: neither new values nor a LIMIT, a LIKE or an analysed
// column make SQLite prepare a statement again.
func TestPreparedOnce(t *testing.T) {
	t.Parallel()
	s := connectTo(t, inMemory)
	defer s.Close()
	want.NoErr(t, s.script(t.Context(), `CREATE TABLE notes (a TEXT COLLATE NOCASE, b INTEGER); CREATE INDEX notes_a ON notes (a);
		CREATE INDEX notes_b ON notes (b);`+"INSERT INTO notes VALUES ('x', 1), ('y', 1), ('z', 2); ANALYZE"))
	const sql = "SELECT a FROM notes WHERE b = ? AND a LIKE ? LIMIT ?"
	for i := range 10 {
		c, err := s.Query(t.Context(), sql, []engine.Value{engine.Int(int64(i)), engine.Text(fmt.Sprint("x", i)), engine.Int(int64(i))})
		want.NoErr(t, err)
		want.NoErr(t, c.Close())
	}
	p := s.cache.get(sql)
	want.Equal(t, sqlite3.Xsqlite3_stmt_status(s.handle.tls, p.p, sqlite3.SQLITE_STMTSTATUS_REPREPARE, 0), 0)
	want.Equal(t, sqlite3.Xsqlite3_stmt_status(s.handle.tls, p.p, sqlite3.SQLITE_STMTSTATUS_RUN, 0), 10)
}

// TestStatementsAreFreed: SQLite has no statements but those that the cache
// keeps, which are few, and not of large SQL.
func TestStatementsAreFreed(t *testing.T) {
	t.Parallel()
	s := connectTo(t, inMemory)
	exec := func(sql string, args ...engine.Value) {
		_, _ = s.Exec(t.Context(), sql, args)
	}
	for i := range 3 * maxPrepared {
		exec(fmt.Sprintf("SELECT %d", i))
		exec(fmt.Sprintf("SELECT %d; SELECT 1", i))
		exec("SELEC")
		exec("SELECT ?")
		exec("SELECT ?; SELECT 2", engine.Int(1))
		exec("PRAGMA user_version")
		exec("SELECT 1 " + strings.Repeat(" ", maxKept))
		exec(fmt.Sprintf("SELECT %d, ?", i), engine.Text(strings.Repeat("x", 2*maxRoom)))
	}
	n := 0
	for p := uintptr(0); ; n++ {
		if p = sqlite3.Xsqlite3_next_stmt(s.handle.tls, s.handle.db, p); p == 0 {
			break
		}
	}
	want.Equal(t, n, maxPrepared)
	want.Equal(t, s.cache.used.Len(), maxPrepared)
	for e := s.cache.used.Front(); e != nil; e = e.Next() {
		if p := e.Value.(*prepared); p.room > maxRoom {
			t.Errorf("%q keeps %d bytes for its arguments", p.sql, p.room)
		}
	}
	want.NoErr(t, s.Close()) // SQLite refuses while there are statements
}

// TestDiskError has the memory that the journal is mapped to fail. It is not
// parallel: the fault hits whoever comes next.
func TestDiskError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reel.db")
	p := newPool(path, engine.Options{BusyTimeout: time.Second, MaxReaders: 1})
	defer p.Close()
	for range 2 {
		s, err := p.Acquire(t.Context(), true)
		want.NoErr(t, err)
		_, err = s.Exec(t.Context(), "CREATE TABLE IF NOT EXISTS notes (a)", nil)
		want.NoErr(t, err)
		sqlite3.SehInject(1)
		_, err = s.Exec(t.Context(), "INSERT INTO notes VALUES (1)", nil)
		want.Err(t, err, IOErr)
		want.Contains(t, err.Error(), "the disk or its file system reports an error")
		s.Release()
		if n := p.Stats().Writers.Idle; n != 0 {
			t.Errorf("got %d connections kept after an error of the disk, want none", n)
		}
	}
}

// TestLeaks opens and closes 1,000 connections, in all their ways of ending:
// nothing of them may stay. It is not parallel: it counts what the whole
// process has.
func TestLeaks(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "reel.db")
	text := filepath.Join(dir, "text.db")
	want.NoErr(t, os.WriteFile(text, []byte(strings.Repeat("This is no database. ", 100)), 0o600))
	round := func() {
		s := connectTo(t, path)
		_, err := s.Exec(t.Context(), "CREATE TABLE IF NOT EXISTS notes (a); BEGIN; INSERT INTO notes VALUES (1)", nil)
		want.NoErr(t, err)
		_, err = s.Exec(t.Context(), "INSERT INTO notes VALUES (?)", []engine.Value{engine.Bytes(make([]byte, 2*maxRoom))})
		want.NoErr(t, err)
		c, err := s.Query(t.Context(), "SELECT a FROM notes WHERE a <> ?", []engine.Value{engine.Text("x")})
		want.NoErr(t, err)
		want.NoErr(t, c.Next(t.Context(), make([]engine.Value, 1)))
		want.NoErr(t, s.Close()) // with rows and a transaction open
		for _, bad := range []string{text, dir, filepath.Join(dir, "none", "reel.db")} {
			if _, err := connect(t.Context(), bad, engine.Options{}, true); err == nil {
				t.Fatalf("%s: got no error", bad)
			}
		}
	}
	for range 50 {
		round()
	}
	before := used(t)
	for range 1000 {
		round()
	}
	after := used(t)
	t.Logf("before: %+v, after: %+v", before, after)
	if after.files > before.files || after.goroutines > before.goroutines {
		t.Errorf("got %+v before and %+v after", before, after)
	}
	if after.allocs != before.allocs || after.bytes != before.bytes { // counted with -tags memory.counters alone
		t.Errorf("got %+v before and %+v after", before, after)
	}
	// One page kept of each of 4,000 connections would be 16 MB.
	if grown := after.resident - before.resident; grown > 4<<20 {
		t.Errorf("got %d more bytes of memory after 4,000 connections", grown)
	}
}

type usage struct{ files, goroutines, allocs, bytes, resident int }

func used(t *testing.T) (u usage) {
	t.Helper()
	debug.FreeOSMemory()
	stat := libc.MemStat()
	u = usage{goroutines: runtime.NumGoroutine(), allocs: stat.Allocs, bytes: stat.Bytes}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil { // on Linux
		u.files = len(files)
	}
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		var size, resident int
		_, err := fmt.Sscan(string(statm), &size, &resident)
		want.NoErr(t, err)
		u.resident = resident * os.Getpagesize()
	}
	return u
}

// TestAllocations: a row costs its values, and its query a cursor.
func TestAllocations(t *testing.T) {
	s := connectTo(t, inMemory)
	defer s.Close()
	want.NoErr(t, s.script(t.Context(), "CREATE TABLE notes (id INTEGER PRIMARY KEY, a TEXT, b BLOB, c REAL); INSERT INTO notes VALUES (1, 'a text', x'0102', 2.5)"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	row, args := make([]engine.Value, 4), []engine.Value{engine.Int(1)}
	n := testing.AllocsPerRun(100, func() {
		c, err := s.Query(ctx, "SELECT id, a, b, c FROM notes WHERE id = ?", args)
		want.NoErr(t, err)
		want.NoErr(t, c.Next(ctx, row))
		want.Err(t, c.Next(ctx, row), io.EOF)
		want.NoErr(t, c.Close())
	})
	want.Equal(t, n, 3) // the text, the bytes, the cursor
	n = testing.AllocsPerRun(100, func() {
		_, err := s.Exec(ctx, "UPDATE notes SET c = c + 1 WHERE id = ?", args)
		want.NoErr(t, err)
	})
	want.Equal(t, n, 0)
}

func FuzzConstraint(f *testing.F) {
	for _, message := range []string{
		"constraint failed: UNIQUE constraint failed: films.slug", "constraint failed: UNIQUE constraint failed: a.x, a.y",
		"constraint failed: UNIQUE constraint failed: index 'films_lower'", "constraint failed: CHECK constraint failed: price >= 0",
		"constraint failed: NOT NULL constraint failed: films.title", "constraint failed: FOREIGN KEY constraint failed", "",
	} {
		f.Add(message, int32(codeUnique))
	}
	f.Fuzz(func(t *testing.T, message string, code int32) {
		err := constraint(&Error{Code: Code(code), Message: message})
		broken, ok := err.(*engine.ConstraintError)
		if !ok {
			return
		}
		for _, part := range append([]string{broken.Table, broken.Name}, broken.Columns...) {
			if !strings.Contains(message, part) {
				t.Errorf("%q: got %q, which it does not say", message, part)
			}
		}
		if broken.Error() == "" || broken.Unwrap() == nil {
			t.Errorf("%q: got %#v, want a text and a cause", message, broken)
		}
	})
}
