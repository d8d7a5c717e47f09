package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/dbtest"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/want"

	_ "modernc.org/sqlite" // the same SQLite behind database/sql
)

// The benchmarks compare this driver with database/sql and prepared statements
// on the same SQLite, the same settings and the same kind of file:
//
//	go test -run '^$' -bench . -count 6 ./db/sqlite
//
// Both copy the rows into structs, and take a context that can be cancelled.

const (
	benchRows   = 1000
	benchCreate = `CREATE TABLE films (id INTEGER PRIMARY KEY, title TEXT NOT NULL, slug TEXT NOT NULL, genre TEXT,
		price INTEGER NOT NULL, stock INTEGER NOT NULL, in_shop INTEGER NOT NULL, stars REAL NOT NULL, created_at INTEGER NOT NULL) STRICT`
	benchColumns = "SELECT id, title, slug, genre, price, stock, in_shop, stars, created_at FROM films "
	benchInsert  = "INSERT INTO films (title, slug, genre, price, stock, in_shop, stars, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)

type benchFilm struct {
	ID           int64
	Title, Slug  string
	Genre        *string
	Price, Stock int64
	InShop       bool
	Stars        float64
	CreatedAt    time.Time
}

func benchArgs(i int) []any {
	return []any{fmt.Sprintf("The film with the number %d", i), fmt.Sprintf("film-%d", i), "Drama", 500 + i, 3, i % 2, 3.5, 1763821445000000 + i}
}

// benchPool returns a pool and database/sql's handle on files of their own
// with the same rows.
func benchPool(b *testing.B) (engine.Pool, *sql.DB) {
	b.Helper()
	dir := b.TempDir()
	pool, err := sqlite.Driver.Open(engine.Options{URL: "sqlite:" + filepath.Join(dir, "own.db"), BusyTimeout: time.Second, MaxReaders: 4})
	want.NoErr(b, err)
	b.Cleanup(func() { want.NoErr(b, pool.Close()) })
	std, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "std.db")+
		"?_defensive=1&_dqs=0&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)&_pragma=synchronous(NORMAL)&_pragma=journal_mode(WAL)")
	want.NoErr(b, err)
	b.Cleanup(func() { want.NoErr(b, std.Close()) })

	s := acquire(b, pool, true)
	defer s.Release()
	_, err = s.Exec(b.Context(), benchCreate+"; BEGIN", nil)
	want.NoErr(b, err)
	_, err = std.Exec(benchCreate)
	want.NoErr(b, err)
	tx, err := std.Begin()
	want.NoErr(b, err)
	for i := range benchRows {
		_, err = s.Exec(b.Context(), benchInsert, valuesOf(b, benchArgs(i)...))
		want.NoErr(b, err)
		_, err = tx.Exec(benchInsert, benchArgs(i)...)
		want.NoErr(b, err)
	}
	_, err = s.Exec(b.Context(), "COMMIT", nil)
	want.NoErr(b, err)
	want.NoErr(b, tx.Commit())
	return pool, std
}

func acquire(t testing.TB, pool engine.Pool, write bool) engine.Session {
	t.Helper()
	s, err := pool.Acquire(t.Context(), write)
	want.NoErr(t, err)
	return s
}

func valuesOf(t testing.TB, list ...any) []engine.Value {
	t.Helper()
	values := make([]engine.Value, len(list))
	for i, x := range list {
		v, err := engine.Of(x)
		want.NoErr(t, err)
		values[i] = v
	}
	return values
}

// readOwn reads as package db does: it takes a session of the pool.
func readOwn(ctx context.Context, pool engine.Pool, films []benchFilm, query string, args ...engine.Value) (int, error) {
	s, err := pool.Acquire(ctx, false)
	if err != nil {
		return 0, err
	}
	defer s.Release()
	c, err := s.Query(ctx, query, args)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	row := make([]engine.Value, c.Columns())
	for n := 0; ; n++ {
		if err := c.Next(ctx, row); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return n, err
		}
		f := &films[n]
		f.ID, f.Title, f.Slug = row[0].Int(), row[1].Text(), row[2].Text()
		if f.Genre = nil; row[3].Kind() != engine.KindNull {
			genre := row[3].Text()
			f.Genre = &genre
		}
		f.Price, f.Stock, f.InShop, f.Stars = row[4].Int(), row[5].Int(), row[6].Int() != 0, row[7].Float()
		f.CreatedAt = time.UnixMicro(row[8].Int()).UTC()
	}
}

func readStd(ctx context.Context, st *sql.Stmt, films []benchFilm, args ...any) (int, error) {
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		f := &films[n]
		var at int64
		if err := rows.Scan(&f.ID, &f.Title, &f.Slug, &f.Genre, &f.Price, &f.Stock, &f.InShop, &f.Stars, &at); err != nil {
			return n, err
		}
		f.CreatedAt = time.UnixMicro(at).UTC()
	}
	return n, rows.Err()
}

func BenchmarkRead(b *testing.B) {
	pool, std := benchPool(b)
	for _, test := range []struct {
		name, query string
		rows        int
	}{
		{"get", benchColumns + "WHERE id = ?", 1},
		{"list20", benchColumns + "WHERE price >= ? ORDER BY id LIMIT 20", 20},
		{"list100", benchColumns + "WHERE price >= ? ORDER BY id LIMIT 100", 100},
	} {
		films := make([]benchFilm, test.rows)
		b.Run(test.name+"/own", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n, err := readOwn(b.Context(), pool, films, test.query, engine.Int(500)); n != test.rows || err != nil {
					b.Fatal(n, err)
				}
			}
		})
		b.Run(test.name+"/database_sql", func(b *testing.B) {
			st, err := std.Prepare(test.query)
			want.NoErr(b, err)
			defer st.Close()
			b.ReportAllocs()
			for b.Loop() {
				if n, err := readStd(b.Context(), st, films, 500); n != test.rows || err != nil {
					b.Fatal(n, err)
				}
			}
		})
	}
}

func BenchmarkInsert(b *testing.B) {
	pool, std := benchPool(b)
	args := benchArgs(1)
	values := valuesOf(b, args...)
	st, err := std.Prepare(benchInsert)
	want.NoErr(b, err)
	defer st.Close()
	b.Run("autocommit/own", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s, err := pool.Acquire(b.Context(), true)
			want.NoErr(b, err)
			if _, err := s.Exec(b.Context(), benchInsert, values); err != nil {
				b.Fatal(err)
			}
			s.Release()
		}
	})
	b.Run("autocommit/database_sql", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := st.ExecContext(b.Context(), args...); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("tx/own", func(b *testing.B) {
		s := acquire(b, pool, true)
		defer s.Release()
		_, err := s.Exec(b.Context(), "BEGIN IMMEDIATE", nil)
		want.NoErr(b, err)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Exec(b.Context(), benchInsert, values); err != nil {
				b.Fatal(err)
			}
		}
		_, err = s.Exec(b.Context(), "COMMIT", nil)
		want.NoErr(b, err)
	})
	b.Run("tx/database_sql", func(b *testing.B) {
		tx, err := std.Begin()
		want.NoErr(b, err)
		in := tx.Stmt(st)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := in.ExecContext(b.Context(), args...); err != nil {
				b.Fatal(err)
			}
		}
		want.NoErr(b, tx.Commit())
	})
}

// BenchmarkImport compares package db's Import with its Insert.
func BenchmarkImport(b *testing.B) {
	d, err := db.Open(db.Config{URL: "sqlite:" + filepath.Join(b.TempDir(), "import.db"), BusyTimeout: time.Minute}, sqlite.Driver)
	want.NoErr(b, err)
	dbtest.BenchImport(b, schema.SQLite{}, d)
}
