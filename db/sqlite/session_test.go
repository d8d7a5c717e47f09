package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"
)

func openPool(t testing.TB, path string) engine.Pool {
	t.Helper()
	pool, err := sqlite.Driver.Open(engine.Options{URL: "sqlite:" + path, BusyTimeout: 5 * time.Second, MaxReaders: 2})
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, pool.Close()) })
	return pool
}

// writer returns the session that writes to a new database in memory.
func writer(t testing.TB, setup string) engine.Session {
	t.Helper()
	pool := openPool(t, ":memory:")
	s := acquire(t, pool, true)
	t.Cleanup(s.Release)
	_, err := s.Exec(t.Context(), setup, nil)
	want.NoErr(t, err)
	return s
}

// query returns the rows as text.
func query(t testing.TB, s engine.Session, sql string, args ...any) []string {
	t.Helper()
	c, err := s.Query(t.Context(), sql, valuesOf(t, args...))
	want.NoErr(t, err)
	defer c.Close()
	list := []string{}
	row := make([]engine.Value, c.Columns())
	for {
		err := c.Next(t.Context(), row)
		if errors.Is(err, io.EOF) {
			return list
		}
		want.NoErr(t, err)
		var cells []string
		for _, v := range row {
			cells = append(cells, v.String())
		}
		list = append(list, strings.Join(cells, " "))
	}
}

func TestValuesExact(t *testing.T) {
	t.Parallel()
	s := writer(t, "CREATE TABLE cells (id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB) STRICT")
	long := strings.Repeat("x", 1<<20)
	for _, test := range []struct {
		column string
		value  engine.Value
	}{
		{"i", engine.Int(math.MinInt64)}, {"i", engine.Int(math.MaxInt64)}, {"i", engine.Int(-1)}, {"i", engine.Value{}},
		{"r", engine.Float(1)}, {"r", engine.Float(math.MaxFloat64)}, {"r", engine.Float(math.SmallestNonzeroFloat64)},
		{"r", engine.Float(0.1)}, {"r", engine.Float(1 << 60)}, {"r", engine.Value{}},
		{"t", engine.Text("")}, {"t", engine.Text("ü 文 🎬")}, {"t", engine.Text(long)}, {"t", engine.Value{}},
		{"b", engine.Bytes([]byte{})}, {"b", engine.Bytes([]byte("a\x00\xff"))}, {"b", engine.Bytes([]byte(long))}, {"b", engine.Value{}},
	} {
		c, err := s.Query(t.Context(), "INSERT INTO cells ("+test.column+") VALUES (?) RETURNING "+test.column, []engine.Value{test.value})
		want.NoErr(t, err)
		var row [1]engine.Value
		want.NoErr(t, c.Next(t.Context(), row[:]))
		want.Equal(t, row[0], test.value)
		want.Err(t, c.Next(t.Context(), row[:]), io.EOF)
		want.NoErr(t, c.Close())
		c, err = s.Query(t.Context(), "SELECT "+test.column+" FROM cells ORDER BY id DESC LIMIT 1", nil)
		want.NoErr(t, err)
		want.NoErr(t, c.Next(t.Context(), row[:]))
		want.Equal(t, row[0], test.value)
		want.NoErr(t, c.Close())
	}
}

// TestArgumentsEndWithTheirCall: what one call binds is never seen by another.
func TestArgumentsEndWithTheirCall(t *testing.T) {
	t.Parallel()
	s := writer(t, "CREATE TABLE notes (a, b)")
	const sql = "INSERT INTO notes VALUES (?, ?) RETURNING a, b"
	long := strings.Repeat("long ", 1<<15)
	for range 3 {
		want.Equal(t, query(t, s, sql, long, "x"), []string{fmt.Sprintf("%q %q", long, "x")})
		want.Equal(t, query(t, s, sql, "y", nil), []string{`"y" NULL`})
		want.Equal(t, query(t, s, sql, nil, []byte{}), []string{"NULL x''"})
		want.Equal(t, query(t, s, sql, 1, strings.Repeat("z", 70)), []string{`1 "` + strings.Repeat("z", 70) + `"`})
	}
	// Two runs of one statement at the same time have their own arguments.
	first, err := s.Query(t.Context(), "SELECT ?1 UNION ALL SELECT ?1", valuesOf(t, "first"))
	want.NoErr(t, err)
	want.Equal(t, query(t, s, "SELECT ?1 UNION ALL SELECT ?1", "other"), []string{`"other"`, `"other"`})
	var row [1]engine.Value
	for range 2 {
		want.NoErr(t, first.Next(t.Context(), row[:]))
		want.Equal(t, row[0], engine.Text("first"))
	}
	want.NoErr(t, first.Close())
}

func TestStatements(t *testing.T) {
	t.Parallel()
	s := writer(t, "CREATE TABLE notes (text TEXT)")
	for _, test := range []struct {
		sql  string
		args []any
		rows int64
		err  string // of Exec
	}{
		{sql: "INSERT INTO notes VALUES ('a'), ('b')", rows: 2},
		{sql: "CREATE TABLE more (text TEXT)"}, // not the 2 of the statement before
		{sql: "SELECT * FROM notes"},
		{sql: "PRAGMA user_version = 7"},
		{sql: " -- nothing\n"},
		{sql: ";;"},
		{sql: ""},
		{sql: "UPDATE notes SET text = ?; -- all", args: []any{"c"}, rows: 2},
		{sql: "INSERT INTO more VALUES ('x'); UPDATE notes SET text = 'd' WHERE text = 'c'; SELECT 1;", rows: 2},
		{sql: "INSERT INTO more VALUES ('x'); DELETE FROM notes WHERE text = 'no'"},
		{sql: "INSERT INTO notes VALUES (?) RETURNING text", args: []any{"e"}, rows: 1},
		{sql: "DELETE FROM notes", rows: 3},
		{sql: "INSERT INTO notes VALUES (?); DELETE FROM more", args: []any{"f"}, err: "several statements"},
		{sql: "INSERT INTO notes VALUES (?, ?)", args: []any{"f"}, err: "2 values were supplied"},
		{sql: "INSERT INTO notes VALUES (?)", args: []any{"f", "g"}, err: "2 arguments for 1 parameters"},
		{sql: "INSERT INTO notes VALUES ('f')", args: []any{"f"}, err: "1 arguments for 0 parameters"},
		{sql: "DELETE FROM more\x00 WHERE text = 'no'", err: "NUL byte"},
		{sql: "DELETE FROM more; SELEC", err: "syntax error"},
	} {
		n, err := s.Exec(t.Context(), test.sql, valuesOf(t, test.args...))
		if test.err == "" {
			want.NoErr(t, err)
		} else if err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%q: got error %v, want one of %q", test.sql, err, test.err)
		}
		if n != test.rows {
			t.Errorf("%q: got %d rows, want %d", test.sql, n, test.rows)
		}
	}
	want.Equal(t, query(t, s, "SELECT count(*) FROM notes"), []string{"0"})
	want.Equal(t, query(t, s, "SELECT count(*) FROM more; -- none"), []string{"0"}) // what comes before a mistake in a script was done
	want.Equal(t, query(t, s, "/* nothing */"), []string{})
	for _, sql := range []string{"SELECT 1; DELETE FROM notes", "SELECT 1; SELEC", "SELECT ?"} {
		if _, err := s.Query(t.Context(), sql, nil); err == nil {
			t.Errorf("%q: got no error", sql)
		}
	}
}

// TestSchemaChange: a statement that is kept sees what became of its tables.
func TestSchemaChange(t *testing.T) {
	t.Parallel()
	s := writer(t, "CREATE TABLE notes (a INTEGER); INSERT INTO notes VALUES (1)")
	want.Equal(t, query(t, s, "SELECT * FROM notes"), []string{"1"})
	_, err := s.Exec(t.Context(), "ALTER TABLE notes ADD COLUMN b TEXT DEFAULT 'b'", nil)
	want.NoErr(t, err)
	want.Equal(t, query(t, s, "SELECT * FROM notes"), []string{`1 "b"`})
	_, err = s.Exec(t.Context(), "DROP TABLE notes", nil)
	want.NoErr(t, err)
	_, err = s.Query(t.Context(), "SELECT * FROM notes", nil)
	if err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("got %v, want an error about the table", err)
	}
}

// TestRelease: what a session was left with is not there for the next one.
func TestRelease(t *testing.T) {
	t.Parallel()
	pool := openPool(t, filepath.Join(t.TempDir(), "reel.db"))
	s := acquire(t, pool, true)
	_, err := s.Exec(t.Context(), "CREATE TABLE notes (a); INSERT INTO notes VALUES (1), (2); BEGIN; DELETE FROM notes", nil)
	want.NoErr(t, err)
	c, err := s.Query(t.Context(), "SELECT 1 UNION ALL SELECT 2", nil)
	want.NoErr(t, err)
	s.Release()
	var row [1]engine.Value
	want.Err(t, c.Next(t.Context(), row[:]), io.EOF)
	want.NoErr(t, c.Close())
	s = acquire(t, pool, true)
	defer s.Release()
	want.Equal(t, query(t, s, "SELECT a FROM notes"), []string{"1", "2"})
}

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "

// TestInterrupt ends contexts in the middle of long steps: of the first, of a
// later one, of a write, and of a sort.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	s := writer(t, "CREATE TABLE notes (a); INSERT INTO notes VALUES (1)")
	for _, sql := range []string{
		endless + "SELECT count(*) FROM n",
		endless + "SELECT i FROM n WHERE i = 1 OR i < 0",
		endless + "INSERT INTO notes SELECT i FROM n RETURNING a",
		endless + "SELECT i FROM n ORDER BY -i",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		c, err := s.Query(ctx, sql, nil)
		for row := make([]engine.Value, 1); err == nil; {
			err = c.Next(ctx, row)
		}
		cancel()
		if err != context.DeadlineExceeded {
			t.Errorf("%s: got %v, want the context's error", sql, err)
		}
		if c != nil {
			want.NoErr(t, c.Close())
		}
		_, err = s.Exec(ctx, "DELETE FROM notes", nil)
		want.Err(t, err, context.DeadlineExceeded)
		want.Equal(t, query(t, s, "SELECT a FROM notes"), []string{"1"})
	}
}
