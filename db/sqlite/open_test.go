package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestOpenErrors shows what somebody reads whose database cannot be opened.
func TestOpenErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.db")
	want.NoErr(t, os.WriteFile(text, []byte(strings.Repeat("This is no database. ", 100)), 0o644))
	readOnly := filepath.Join(dir, "readonly.db")
	d := open(t, "sqlite:"+readOnly)
	_, err := db.Exec(db.NewContext(t.Context(), d), "CREATE TABLE notes (text TEXT)")
	want.NoErr(t, err)
	want.NoErr(t, d.Close())
	whole, err := os.ReadFile(readOnly)
	want.NoErr(t, err)
	cut := filepath.Join(dir, "cut.db")
	want.NoErr(t, os.WriteFile(cut, whole[:len(whole)/2], 0o644))
	want.NoErr(t, os.Chmod(readOnly, 0o444))
	closed := filepath.Join(dir, "closed")
	want.NoErr(t, os.Mkdir(closed, 0o555))

	for _, test := range []struct {
		name, path string
		rootCan    bool
	}{
		{"missing_folder", filepath.Join(dir, "no", "such", "reel.db"), false},
		{"folder", dir, false},
		{"other_file", text, false},
		{"damaged", cut, false},
		{"read_only_file", readOnly, true},
		{"read_only_folder", filepath.Join(closed, "reel.db"), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.rootCan && os.Geteuid() == 0 {
				t.Skip("root may write everywhere")
			}
			d := open(t, "sqlite:"+test.path)
			defer d.Close()
			err := d.Ping(t.Context())
			want.Err(t, err, errs.Unavailable)
			golden.Equal(t, "open_"+test.name+".txt", strings.ReplaceAll(fmt.Sprintln(err), dir, "/srv"))
		})
	}
}

func TestURLErrors(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, url := range []string{"", "reel.db", "sqlite:", "sqlite://host/reel.db", "sqlite:reel.db?mode=ro", "postgres://reel"} {
		_, err := db.Open(db.Config{URL: url}, sqlite.Driver)
		fmt.Fprintln(&b, err)
	}
	_, err := db.Open(db.Config{URL: "sqlite::memory:"})
	fmt.Fprintln(&b, err)
	_, err = db.Open(db.Config{URL: "sqlite::memory:", Synchronous: "off", BusyTimeout: -1, MaxReaders: -2, SlowQuery: -3,
		OnQuery: func(context.Context, db.QueryEvent) {}}, sqlite.Driver)
	fmt.Fprintln(&b, err)
	golden.Equal(t, "url_errors.txt", b.String())
}

// TestPaths opens files whose names mean something in a URI.
func TestPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a b.db", "50%.db", "a%20b.db", "#1.db", "a&_pragma=foreign_keys(0).db", "ü 文.db", "a'b;c.db"} {
		path := filepath.Join(dir, name)
		d := open(t, "sqlite:"+path)
		want.NoErr(t, d.Ping(t.Context()))
		rows, err := db.SQL[*db.Row](db.NewContext(t.Context(), d), "PRAGMA foreign_keys")
		want.NoErr(t, err)
		var on bool
		want.NoErr(t, rows[0].Scan(&on))
		want.Equal(t, on, true)
		want.NoErr(t, d.Close())
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	d := open(t, "sqlite://"+filepath.Join(dir, "slashes.db"))
	want.NoErr(t, d.Ping(t.Context()))
	want.NoErr(t, d.Close())
	if _, err := os.Stat(filepath.Join(dir, "slashes.db")); err != nil {
		t.Error(err)
	}
}

// TestOpenTouchesNothing: only the first use makes the file.
func TestOpenTouchesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "reel.db")
	d := open(t, "sqlite:"+path)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v after Open, want no file", err)
	}
	_, err := db.SQL[*db.Row](db.NewContext(t.Context(), d), "SELECT 1") // a reader, which alone makes no file
	want.NoErr(t, err)
	want.NoErr(t, d.Close())
}

// TestSettings: every connection has them, also after free use of it.
func TestSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "reel.db")
	for _, test := range []struct{ url, synchronous, want string }{
		{"sqlite:" + path, "", "foreign_keys=1 trusted_schema=0 synchronous=2 journal_mode=wal"},
		{"sqlite:" + path, "normal", "foreign_keys=1 trusted_schema=0 synchronous=1 journal_mode=wal"},
		{"sqlite::memory:", "", "foreign_keys=1 trusted_schema=0 synchronous=2 journal_mode=memory"},
	} {
		d, err := db.Open(db.Config{URL: test.url, Synchronous: test.synchronous}, sqlite.Driver)
		want.NoErr(t, err)
		ctx := db.NewContext(t.Context(), d)
		read := func() string {
			var list []string
			for _, name := range []string{"foreign_keys", "trusted_schema", "synchronous", "journal_mode"} {
				rows, err := db.SQL[*db.Row](ctx, "PRAGMA "+name)
				want.NoErr(t, err)
				var v any
				want.NoErr(t, rows[0].Scan(&v))
				list = append(list, fmt.Sprintf("%s=%v", name, v))
			}
			return strings.Join(list, " ")
		}
		want.Equal(t, read(), test.want) // a reader
		want.NoErr(t, d.WithConn(ctx, func(c db.Conn) error {
			_, err := c.Exec(ctx, "PRAGMA foreign_keys=0; PRAGMA synchronous=0; PRAGMA trusted_schema=1")
			return err
		}))
		want.NoErr(t, db.Tx(ctx, func(tx context.Context) error { // the writer
			ctx = tx
			want.Equal(t, read(), test.want)
			return nil
		}))
		want.NoErr(t, d.Close())
	}
}

// TestQuotes: a name in double quotes that is no column is an error, never a
// string.
func TestQuotes(t *testing.T) {
	t.Parallel()
	d := open(t, "sqlite::memory:")
	defer d.Close()
	_, err := db.SQL[*db.Row](db.NewContext(t.Context(), d), `SELECT "nonsense"`)
	if err == nil || !strings.Contains(err.Error(), "no such column") {
		t.Errorf("got %v, want an error about the column", err)
	}
}

// TestOtherProcess has a second handle on the file stand for another process.
func TestOtherProcess(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "reel.db")
	other := open(t, url)
	defer other.Close()
	d, err := db.Open(db.Config{URL: url, BusyTimeout: 100 * time.Millisecond}, sqlite.Driver)
	want.NoErr(t, err)
	defer d.Close()
	ctx := db.NewContext(t.Context(), d)
	_, err = db.Exec(ctx, "CREATE TABLE notes (text TEXT NOT NULL) STRICT")
	want.NoErr(t, err)

	locked := db.NewContext(t.Context(), other)
	want.NoErr(t, db.Tx(locked, func(locked context.Context) error {
		_, err := db.Exec(locked, "INSERT INTO notes VALUES ('other')")
		want.NoErr(t, err)
		_, err = db.Exec(ctx, "INSERT INTO notes VALUES ('mine')")
		want.Err(t, err, errs.Unavailable)
		want.Contains(t, err.Error(), "another process holds the database")
		want.Err(t, db.Tx(ctx, func(context.Context) error { return nil }), errs.Unavailable)
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		_, err = db.Exec(short, "INSERT INTO notes VALUES ('mine')")
		want.Err(t, err, context.DeadlineExceeded)

		rows, err := db.SQL[*db.Row](ctx, "SELECT count(*) FROM notes") // readers wait for nobody
		want.NoErr(t, err)
		var n int
		want.NoErr(t, rows[0].Scan(&n))
		want.Equal(t, n, 0)
		return nil
	}))
	_, err = db.Exec(ctx, "INSERT INTO notes VALUES ('mine')")
	want.NoErr(t, err)
}

// TestQueue: who waits too long for the writing connection is told why.
func TestQueue(t *testing.T) {
	t.Parallel()
	d, err := db.Open(db.Config{URL: "sqlite::memory:", BusyTimeout: 20 * time.Millisecond}, sqlite.Driver)
	want.NoErr(t, err)
	defer d.Close()
	outer := db.NewContext(t.Context(), d)
	want.NoErr(t, db.Tx(outer, func(context.Context) error {
		_, err := db.Exec(outer, "SELECT 1") // the mistake: not the context of the transaction
		want.Err(t, err, errs.Unavailable)
		want.Equal(t, err.Error(), "sqlite: no connection for writing within 20ms: a long transaction holds it; "+
			"a query within db.Tx must use the context that Tx gives")
		return nil
	}))
}

// TestManyStatements needs more prepared statements than are kept, with rows
// of the first one still being read.
func TestManyStatements(t *testing.T) {
	t.Parallel()
	d := open(t, "sqlite::memory:")
	defer d.Close()
	ctx := t.Context()
	want.NoErr(t, d.WithConn(ctx, func(c db.Conn) error {
		first, err := c.Query(ctx, "SELECT 1 UNION SELECT 2")
		want.NoErr(t, err)
		want.Equal(t, first.Next(), true)
		for round := range 3 {
			for i := range 300 {
				rows, err := c.Query(ctx, fmt.Sprintf("SELECT %d + ?", i), round)
				want.NoErr(t, err)
				var n int
				want.Equal(t, rows.Next(), true)
				want.NoErr(t, rows.Scan(&n))
				want.Equal(t, n, i+round)
				want.NoErr(t, rows.Close())
			}
		}
		var n int
		want.Equal(t, first.Next(), true)
		want.NoErr(t, first.Scan(&n))
		want.Equal(t, n, 2)
		return first.Close()
	}))
}
