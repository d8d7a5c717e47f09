package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/want"
)

type weekly struct {
	Week    time.Time
	Orders  int64
	Copies  int
	Revenue reel.Cents
}

// BenchmarkSales compares the aggregate of a page of sales, 90 days of 20,000
// orders with two lines each by week, with SQL that was written by hand for
// database/sql on the same file:
//
//	go test -run '^$' -bench Sales -count 6 ./db/sqlite
//
// The SQL by hand knows one zone, whose clocks are changed once in that time.
func BenchmarkSales(b *testing.B) {
	file := filepath.Join(b.TempDir(), "sales.db")
	d := open(b, "sqlite:"+file)
	defer d.Close()
	ctx := db.NewContext(b.Context(), d)
	zone, err := time.LoadLocation("America/New_York")
	want.NoErr(b, err)
	to := time.Date(2026, 11, 23, 0, 0, 0, 0, zone)
	from := to.AddDate(0, 0, -90)
	benchOrders(b, ctx, d, from.AddDate(0, 0, -30), to)

	l := reel.OrderLines
	own := func() ([]weekly, error) {
		span := l.Order().Placed.Span(from, to)
		return db.Into(&l.Query, func(w *weekly) []db.Dest {
			return []db.Dest{span.Week().To(&w.Week), l.OrderID.CountDistinct().To(&w.Orders), l.Quantity.Sum().To(&w.Copies),
				l.Film().Price.Mul(l.Quantity).Sum().To(&w.Revenue)}
		}).OrderBy(span.Week().Asc()).All(ctx)
	}
	std, err := sql.Open("sqlite", "file:"+file)
	want.NoErr(b, err)
	defer std.Close()
	byHand := func(week string) func() ([]weekly, error) {
		statement, err := std.Prepare(fmt.Sprintf(salesByHand, week))
		want.NoErr(b, err)
		return func() ([]weekly, error) { return readWeeks(ctx, statement, zone, from, to) }
	}
	got, err := own()
	want.NoErr(b, err)
	for _, run := range []struct {
		name  string
		query func() ([]weekly, error)
	}{{"db", own}, {"by hand with strftime", byHand(weekByDate)}, {"by hand with divisions", byHand(weekByDivision)}} {
		list, err := run.query()
		want.NoErr(b, err)
		want.Equal(b, fmt.Sprint(list), fmt.Sprint(got))
		b.Run(run.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := run.query(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

const (
	weekWall       = `(o.placed + CASE WHEN o.placed < 1793512800000000 THEN -14400000000 ELSE -18000000000 END)`
	weekByDate     = `unixepoch(` + weekWall + ` / 1000000, 'unixepoch', 'start of day', '-6 days', 'weekday 1') * 1000000`
	weekByDivision = `(` + weekWall + ` - 345600000000) / 604800000000 * 604800000000 + 345600000000`
)

const salesByHand = `SELECT %s AS week, count(DISTINCT l.order_id), sum(l.quantity), sum(f.price * l.quantity)
FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN films f ON f.id = l.film_id
WHERE o.placed >= ? AND o.placed < ? GROUP BY week ORDER BY week`

func readWeeks(ctx context.Context, st *sql.Stmt, zone *time.Location, from, to time.Time) ([]weekly, error) {
	rows, err := st.QueryContext(ctx, from.UnixMicro(), to.UnixMicro())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []weekly
	for rows.Next() {
		var w weekly
		var week int64
		if err := rows.Scan(&week, &w.Orders, &w.Copies, &w.Revenue); err != nil {
			return nil, err
		}
		y, m, d := time.UnixMicro(week).UTC().Date()
		w.Week = time.Date(y, m, d, 0, 0, 0, 0, zone)
		list = append(list, w)
	}
	return list, rows.Err()
}

// benchOrders stores 20,000 orders of two films each.
func benchOrders(b *testing.B, ctx context.Context, d *db.DB, from, to time.Time) {
	b.Helper()
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	want.NoErr(b, err)
	plan, err := schema.SQLite{}.Plan(schema.Schema{}, ops)
	want.NoErr(b, err)
	want.NoErr(b, d.WithConn(ctx, func(c db.Conn) error {
		for _, sql := range plan.Statements {
			if _, err := c.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	}))
	var films []*reel.Film
	for i := range 500 {
		films = append(films, &reel.Film{Slug: fmt.Sprint(i), Title: fmt.Sprint(i), Price: reel.Cents(500 + i), Poster: []byte{}})
	}
	want.NoErr(b, reel.Films.Insert(ctx, films...))
	var orders []*reel.Order
	for i := range 20_000 {
		orders = append(orders, &reel.Order{Placed: from.Add(to.Sub(from) / 20_000 * time.Duration(i)), Total: 1})
	}
	want.NoErr(b, reel.Orders.Insert(ctx, orders...))
	var lines []*reel.OrderLine
	for i, o := range orders {
		lines = append(lines, &reel.OrderLine{OrderID: o.ID, FilmID: films[i%500].ID, Quantity: 1},
			&reel.OrderLine{OrderID: o.ID, FilmID: films[(i*7+1)%500].ID, Quantity: 1 + i%3})
	}
	want.NoErr(b, reel.OrderLines.Insert(ctx, lines...))
}
