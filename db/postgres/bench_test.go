package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/dbtest"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"

	"github.com/jackc/pgx/v5"
)

// The benchmarks compare three ways in one run: pgx by hand, a session of this
// package, and package db on it.
//
//	go test -run xxx -bench . -benchtime 1000x ./db/postgres

const filmColumns = `id, title, genre, price, stock, slug, rating, released, in_shop, poster, created_at`

const (
	sqlGet    = `SELECT ` + filmColumns + ` FROM films WHERE id = `
	sqlList   = `SELECT ` + filmColumns + ` FROM films ORDER BY id LIMIT 100`
	sqlInsert = `INSERT INTO films (title, genre, price, stock, slug, rating, released, in_shop, poster, created_at) VALUES `
)

// A bench has the same database open in three ways.
type bench struct {
	ctx     context.Context
	raw     *pgx.Conn
	session engine.Session
	films   int // how many slugs were given out
}

func newBench(b *testing.B) *bench {
	s := session(b, "")
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	want.NoErr(b, err)
	plan, err := schema.Postgres{}.Plan(schema.Schema{}, ops)
	want.NoErr(b, err)
	for _, sql := range plan.Statements {
		do(b, s, sql)
	}
	at := ask(b, s, "SELECT current_database(), inet_server_port()")[0]
	var name, port string
	_, err = fmt.Sscanf(at, "[%q %s", &name, &port)
	want.NoErr(b, err)
	url := fmt.Sprintf("postgres://ashlar@127.0.0.1:%s/%s", port[:len(port)-1], name)
	raw, err := pgx.Connect(b.Context(), url)
	want.NoErr(b, err)
	b.Cleanup(func() { want.NoErr(b, raw.Close(context.Background())) })
	d := open(b, url)
	b.Cleanup(func() { want.NoErr(b, d.Close()) })
	x := &bench{ctx: db.NewContext(b.Context(), d), raw: raw, session: s}
	want.NoErr(b, reel.Films.Insert(x.ctx, x.make(200)...))
	do(b, s, "ANALYZE")
	return x
}

func (x *bench) make(n int) []*reel.Film {
	films := make([]*reel.Film, n)
	for i := range films {
		x.films++
		films[i] = &reel.Film{
			Title: fmt.Sprint("Film number ", x.films), Genre: new("Drama"), Price: 500, Stock: 3, Slug: fmt.Sprint("film-", x.films), Rating: new(7.5),
			Released: new(time.Date(1953, 11, 3, 0, 0, 0, 0, time.UTC)), InShop: true, Poster: []byte("poster"), CreatedAt: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		}
	}
	return films
}

// each runs the ways in turns, so that all of them meet the same machine, and
// reports the median time of each, against pgx, and its allocations.
func each(b *testing.B, ways map[string]func(*testing.B)) {
	names := []string{"pgx", "session", "db", "copy", "unnest"}
	names = slices.DeleteFunc(names, func(name string) bool { return ways[name] == nil })
	took, allocs := map[string][]time.Duration{}, map[string]float64{}
	for _, name := range names {
		for range 3 {
			ways[name](b) // what is made once
		}
		allocs[name] = testing.AllocsPerRun(10, func() { ways[name](b) })
	}
	for b.Loop() {
		for _, name := range names {
			start := time.Now()
			ways[name](b)
			took[name] = append(took[name], time.Since(start))
		}
	}
	median := func(name string) float64 {
		slices.Sort(took[name])
		return float64(took[name][len(took[name])/2])
	}
	for _, name := range names {
		b.ReportMetric(median(name)/1000, name+"-µs")
		b.ReportMetric(allocs[name], name+"-allocs")
		if name != "pgx" {
			b.ReportMetric(median(name)/median("pgx"), name+"/pgx")
		}
	}
	b.ReportMetric(0, "ns/op")
}

func scan(rows pgx.Rows) (list []*reel.Film, err error) {
	defer rows.Close()
	for rows.Next() {
		f := new(reel.Film)
		if err := rows.Scan(&f.ID, &f.Title, &f.Genre, &f.Price, &f.Stock, &f.Slug, &f.Rating, &f.Released, &f.InShop, &f.Poster, &f.CreatedAt); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// film is what generated code makes of a row.
func film(row []engine.Value) *reel.Film {
	f := &reel.Film{ID: row[0].Int(), Title: row[1].Text(), Price: reel.Cents(row[3].Int()), Stock: int32(row[4].Int()), Slug: row[5].Text(),
		InShop: row[8].Int() == 1, Poster: row[9].Bytes(), CreatedAt: time.UnixMicro(row[10].Int()).UTC()}
	if row[2].Kind() != engine.KindNull {
		f.Genre = new(row[2].Text())
	}
	if row[6].Kind() != engine.KindNull {
		f.Rating = new(row[6].Float())
	}
	if row[7].Kind() != engine.KindNull {
		f.Released = new(time.UnixMicro(row[7].Int()).UTC())
	}
	return f
}

func (x *bench) query(b *testing.B, sql string, args ...engine.Value) (list []*reel.Film) {
	c, err := x.session.Query(b.Context(), sql, args)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	row := make([]engine.Value, c.Columns())
	for c.Next(b.Context(), row) == nil {
		list = append(list, film(row))
	}
	return list
}

func BenchmarkGet(b *testing.B) {
	x := newBench(b)
	each(b, map[string]func(*testing.B){
		"pgx": func(b *testing.B) {
			rows, err := x.raw.Query(b.Context(), sqlGet+"$1", int64(7))
			if err == nil {
				_, err = scan(rows)
			}
			if err != nil {
				b.Fatal(err)
			}
		},
		"session": func(b *testing.B) { x.query(b, sqlGet+"?", engine.Int(7)) },
		"db": func(b *testing.B) {
			if _, err := reel.Films.Get(x.ctx, 7); err != nil {
				b.Fatal(err)
			}
		},
	})
}

func BenchmarkList100(b *testing.B) {
	x := newBench(b)
	each(b, map[string]func(*testing.B){
		"pgx": func(b *testing.B) {
			rows, err := x.raw.Query(b.Context(), sqlList)
			if err == nil {
				_, err = scan(rows)
			}
			if err != nil {
				b.Fatal(err)
			}
		},
		"session": func(b *testing.B) { x.query(b, sqlList) },
		"db": func(b *testing.B) {
			if _, err := reel.Films.OrderBy(reel.Films.ID.Asc()).Limit(100).All(x.ctx); err != nil {
				b.Fatal(err)
			}
		},
	})
}

func (x *bench) args(f *reel.Film) []any {
	return []any{f.Title, f.Genre, int64(f.Price), f.Stock, f.Slug, f.Rating, f.Released, f.InShop, f.Poster, f.CreatedAt}
}

func (x *bench) values(f *reel.Film) []engine.Value {
	return []engine.Value{engine.Text(f.Title), engine.Text(*f.Genre), engine.Int(int64(f.Price)), engine.Int(int64(f.Stock)), engine.Text(f.Slug),
		engine.Float(*f.Rating), engine.Time(*f.Released), engine.Bool(f.InShop), engine.Bytes(f.Poster), engine.Time(f.CreatedAt)}
}

func BenchmarkInsert1(b *testing.B) {
	x := newBench(b)
	each(b, map[string]func(*testing.B){
		"pgx": func(b *testing.B) {
			f := x.make(1)[0]
			row := x.raw.QueryRow(b.Context(), sqlInsert+"($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id", x.args(f)...)
			if err := row.Scan(&f.ID); err != nil {
				b.Fatal(err)
			}
		},
		"session": func(b *testing.B) {
			f := x.make(1)[0]
			c, err := x.session.Query(b.Context(), sqlInsert+"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id", x.values(f))
			if err != nil {
				b.Fatal(err)
			}
			row := make([]engine.Value, 1)
			_ = c.Next(b.Context(), row)
			f.ID = row[0].Int()
			_ = c.Close()
		},
		"db": func(b *testing.B) {
			if err := reel.Films.Insert(x.ctx, x.make(1)...); err != nil {
				b.Fatal(err)
			}
		},
	})
}

func BenchmarkInsert1000(b *testing.B) {
	x := newBench(b)
	each(b, map[string]func(*testing.B){
		"pgx": func(b *testing.B) { // ten statements of a hundred rows, in a transaction
			x.inTx(b, func() {
				for range 10 {
					var args []any
					for _, f := range x.make(100) {
						args = append(args, x.args(f)...)
					}
					rows, err := x.raw.Query(b.Context(), sqlInsert+tuples("$", 100)+" RETURNING id", args...)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
						b.Fatal(err)
					}
				}
			})
		},
		"unnest": func(b *testing.B) { // by hand, too
			x.inTx(b, func() {
				films := x.make(1000)
				rows, err := x.raw.Query(b.Context(), sqlUnnest, columnsOf(films)...)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
					b.Fatal(err)
				}
			})
		},
		"session": func(b *testing.B) {
			do(b, x.session, "BEGIN")
			for range 10 {
				var args []engine.Value
				for _, f := range x.make(100) {
					args = append(args, x.values(f)...)
				}
				c, err := x.session.Query(b.Context(), sqlInsert+tuples("?", 100)+" RETURNING id", args)
				if err != nil {
					b.Fatal(err)
				}
				row := make([]engine.Value, 1)
				for c.Next(b.Context(), row) == nil {
				}
				_ = c.Close()
			}
			do(b, x.session, "COMMIT")
		},
		"db": func(b *testing.B) {
			if err := reel.Films.Insert(x.ctx, x.make(1000)...); err != nil {
				b.Fatal(err)
			}
		},
		"copy": func(b *testing.B) {
			films, i := x.make(1000), 0
			_, err := x.session.(engine.Loader).Load(b.Context(), "films",
				[]string{"title", "genre", "price", "stock", "slug", "rating", "released", "in_shop", "poster", "created_at"},
				func(row []engine.Value) (bool, error) {
					if i == len(films) {
						return false, nil
					}
					copy(row, x.values(films[i]))
					i++
					return true, nil
				})
			if err != nil {
				b.Fatal(err)
			}
		},
	})
}

func (x *bench) inTx(b *testing.B, f func()) {
	tx, err := x.raw.Begin(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	f()
	if err := tx.Commit(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func tuples(place string, n int) string {
	var sql []byte
	for i := range n {
		if i > 0 {
			sql = append(sql, ", "...)
		}
		sql = append(sql, '(')
		for c := range 10 {
			if c > 0 {
				sql = append(sql, ", "...)
			}
			sql = append(sql, place...)
			if place == "$" {
				sql = fmt.Append(sql, i*10+c+1)
			}
		}
		sql = append(sql, ')')
	}
	return string(sql)
}

const sqlUnnest = `INSERT INTO films (title, genre, price, stock, slug, rating, released, in_shop, poster, created_at)
	SELECT * FROM unnest($1::text[], $2::text[], $3::int8[], $4::int8[], $5::text[], $6::float8[], $7::timestamptz[], $8::bool[], $9::bytea[], $10::timestamptz[]) RETURNING id`

func columnsOf(films []*reel.Film) []any {
	n := len(films)
	title, genre, price, stock, slug := make([]string, n), make([]*string, n), make([]int64, n), make([]int64, n), make([]string, n)
	rating, released, shop, poster, created := make([]*float64, n), make([]*time.Time, n), make([]bool, n), make([][]byte, n), make([]time.Time, n)
	for i, f := range films {
		title[i], genre[i], price[i], stock[i], slug[i] = f.Title, f.Genre, int64(f.Price), int64(f.Stock), f.Slug
		rating[i], released[i], shop[i], poster[i], created[i] = f.Rating, f.Released, f.InShop, f.Poster, f.CreatedAt
	}
	return []any{title, genre, price, stock, slug, rating, released, shop, poster, created}
}

// BenchmarkUpdatesInTx has twenty updates in a transaction: what the savepoint
// of each costs.
func BenchmarkUpdatesInTx(b *testing.B) {
	x := newBench(b)
	each(b, map[string]func(*testing.B){
		"pgx": func(b *testing.B) {
			x.inTx(b, func() {
				for id := range 20 {
					if _, err := x.raw.Exec(b.Context(), "UPDATE films SET stock = stock + 1 WHERE id = $1", id+1); err != nil {
						b.Fatal(err)
					}
				}
			})
		},
		"session": func(b *testing.B) {
			do(b, x.session, "BEGIN")
			for id := range 20 {
				do(b, x.session, "UPDATE films SET stock = stock + 1 WHERE id = ?", id+1)
			}
			do(b, x.session, "COMMIT")
		},
	})
}

// BenchmarkBatch has twenty queries in one round trip, against one by one.
func BenchmarkBatch(b *testing.B) {
	x := newBench(b)
	var batch []engine.Statement
	for id := range 20 {
		batch = append(batch, engine.Statement{SQL: sqlGet + "?", Args: []engine.Value{engine.Int(int64(id + 1))}, Rows: true})
	}
	each(b, map[string]func(*testing.B){
		"pgx": func(b *testing.B) {
			for id := range 20 {
				rows, err := x.raw.Query(b.Context(), sqlGet+"$1", int64(id+1))
				if err == nil {
					_, err = scan(rows)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		},
		"session": func(b *testing.B) {
			row := make([]engine.Value, 11)
			err := x.session.(engine.Batcher).Batch(b.Context(), batch, func(_ int, c engine.Cursor, _ int64) error {
				err := c.Next(b.Context(), row)
				film(row)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		},
	})
}

// BenchmarkImport compares package db's Import with its Insert.
func BenchmarkImport(b *testing.B) {
	dbtest.BenchImport(b, schema.Postgres{}, open(b, realdb.Postgres(b)))
}
