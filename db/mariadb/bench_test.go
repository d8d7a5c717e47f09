package mariadb_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/dbtest"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"

	"github.com/go-sql-driver/mysql"
)

// bench is one server with the tables of the models, as package db sees it and
// as a careful user of database/sql does: statements are prepared once.
type bench struct {
	*testing.B
	ctx context.Context
	raw *sql.DB
}

func newBench(b *testing.B) *bench {
	address := realdb.MariaDB(b)
	d, err := db.Open(db.Config{URL: address, MaxReaders: 4}, mariadb.Driver)
	want.NoErr(b, err)
	b.Cleanup(func() { want.NoErr(b, d.Close()) })
	ctx := db.NewContext(b.Context(), d)
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	want.NoErr(b, err)
	plan, err := schema.MariaDB{}.Plan(schema.Schema{}, ops)
	want.NoErr(b, err)
	for _, s := range plan.Statements {
		_, err := db.Exec(ctx, s)
		want.NoErr(b, err)
	}
	u, err := url.Parse(address)
	want.NoErr(b, err)
	config := mysql.NewConfig()
	config.User, config.Net, config.Addr, config.DBName = u.User.Username(), "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	config.ParseTime = true
	connector, err := mysql.NewConnector(config)
	want.NoErr(b, err)
	raw := sql.OpenDB(connector)
	b.Cleanup(func() { want.NoErr(b, raw.Close()) })
	raw.SetMaxIdleConns(4)
	var films []*reel.Film
	for range 100 {
		films = append(films, benchFilm())
	}
	want.NoErr(b, reel.Films.Insert(ctx, films...))
	return &bench{b, ctx, raw}
}

var slug int // of the next film: slugs are unique

func benchFilm() *reel.Film {
	slug++
	return &reel.Film{
		Title: "Tokyo Story", Genre: new("Drama"), Price: 499, Stock: 12, Slug: fmt.Sprint("tokyo-story-", slug), Rating: new(8.1),
		Released: new(time.Date(1953, 11, 3, 0, 0, 0, 0, time.UTC)), InShop: true, Poster: []byte("poster"), CreatedAt: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
	}
}

// prepare is database/sql's Prepare.
func (b *bench) prepare(query string) *sql.Stmt {
	s, err := b.raw.PrepareContext(b.ctx, query)
	want.NoErr(b, err)
	b.Cleanup(func() { _ = s.Close() })
	return s
}

const selectFilms = "SELECT id, title, genre, price, stock, slug, rating, released, in_shop, poster, created_at FROM films"

func scanFilm(scan func(...any) error) (*reel.Film, error) {
	f := new(reel.Film)
	return f, scan(&f.ID, &f.Title, &f.Genre, &f.Price, &f.Stock, &f.Slug, &f.Rating, &f.Released, &f.InShop, &f.Poster, &f.CreatedAt)
}

const insertFilm = "INSERT INTO films (title, genre, price, stock, slug, rating, released, in_shop, poster, created_at) VALUES "

func filmArgs(args []any, f *reel.Film) []any {
	return append(args, f.Title, f.Genre, int64(f.Price), f.Stock, f.Slug, f.Rating, f.Released, f.InShop, f.Poster, f.CreatedAt)
}

// run measures ours and the hand-written one in turns, since a server is busy
// with other things at times, and reports the medians and their ratio.
func (b *bench) run(ours, hand func() error) {
	sides := []func() error{ours, hand}
	var took [2][]time.Duration
	for b.Loop() {
		for i, f := range sides {
			start := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			took[i] = append(took[i], time.Since(start))
		}
	}
	var median [2]float64
	for i := range took {
		slices.Sort(took[i])
		median[i] = float64(took[i][len(took[i])/2])
	}
	b.ReportMetric(0, "ns/op") // of both together says nothing
	b.ReportMetric(median[0], "ashlar-ns")
	b.ReportMetric(median[1], "hand-ns")
	b.ReportMetric(median[0]/median[1], "ratio")
	for i, name := range []string{"ashlar-allocs", "hand-allocs"} {
		b.ReportMetric(testing.AllocsPerRun(20, func() {
			if err := sides[i](); err != nil {
				b.Fatal(err)
			}
		}), name)
	}
}

func BenchmarkGet(b *testing.B) {
	s := newBench(b)
	get := s.prepare(selectFilms + " WHERE id = ?")
	s.run(func() error {
		_, err := reel.Films.Get(s.ctx, 7)
		return err
	}, func() error {
		_, err := scanFilm(get.QueryRowContext(s.ctx, 7).Scan)
		return err
	})
}

func BenchmarkList100(b *testing.B) {
	s := newBench(b)
	list := s.prepare(selectFilms + " WHERE price > ? ORDER BY id LIMIT 100")
	q := reel.Films.Where(reel.Films.Price.GT(1)).OrderBy(reel.Films.ID.Asc()).Limit(100)
	s.run(func() error {
		films, err := q.All(s.ctx)
		if len(films) != 100 {
			return fmt.Errorf("%d films: %w", len(films), err)
		}
		return err
	}, func() error {
		rows, err := list.QueryContext(s.ctx, 1)
		if err != nil {
			return err
		}
		defer rows.Close()
		var films []*reel.Film
		for rows.Next() {
			f, err := scanFilm(rows.Scan)
			if err != nil {
				return err
			}
			films = append(films, f)
		}
		if len(films) != 100 {
			return fmt.Errorf("%d films", len(films))
		}
		return rows.Err()
	})
}

func BenchmarkInsert1(b *testing.B) {
	s := newBench(b)
	insert := s.prepare(insertFilm + "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")
	s.run(func() error { return reel.Films.Insert(s.ctx, benchFilm()) }, func() error {
		f := benchFilm()
		return insert.QueryRowContext(s.ctx, filmArgs(nil, f)...).Scan(&f.ID)
	})
}

func BenchmarkInsert1000(b *testing.B) {
	s := newBench(b)
	insert := s.prepare(insertFilm + strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?), ", 99) + "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")
	s.run(func() error {
		var films []*reel.Film
		for range 1000 {
			films = append(films, benchFilm())
		}
		return reel.Films.Insert(s.ctx, films...)
	}, func() error {
		tx, err := s.raw.BeginTx(s.ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		stmt := tx.StmtContext(s.ctx, insert)
		for range 10 {
			if err := insert100(s.ctx, stmt); err != nil {
				return err
			}
		}
		return tx.Commit()
	})
}

// insert100 inserts films and reads their keys.
func insert100(ctx context.Context, stmt *sql.Stmt) error {
	var args []any
	var films []*reel.Film
	for range 100 {
		f := benchFilm()
		films = append(films, f)
		args = filmArgs(args, f)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		if err := rows.Scan(&films[i].ID); err != nil {
			return err
		}
	}
	return rows.Err()
}

// BenchmarkImport compares package db's Import with its Insert.
func BenchmarkImport(b *testing.B) {
	dbtest.BenchImport(b, schema.MariaDB{}, open(b, db.Config{URL: realdb.MariaDB(b)}))
}
