package main

import (
	"context"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/internal/want"
)

// films is how many films the shop sells.
const films = 3200

// TestMain lets the test binary also be the shop: the processes that tests
// start, stop and kill are it again, see process.
func TestMain(m *testing.M) {
	switch os.Getenv("SHOP_PROCESS") {
	case "":
		os.Exit(m.Run())
	case "broken migration":
		brokenShop().Main()
	default:
		main()
	}
}

// databases gives each test a database with all films: importing them takes
// longer than most tests.
var databases = ashlartest.Databases{
	App:     func(cfg ashlar.Config) *ashlar.App { return shop(cfg, catalog.Console{Out: io.Discard}) },
	Drivers: []db.Driver{sqlite.Driver},
}

// copied returns a file of the test's own with all films.
func copied(t testing.TB) string {
	t.Helper()
	return strings.TrimPrefix(databases.New(t), "sqlite:")
}

// A store is a shop under test: its first visitor, and a look at its database.
type store struct {
	*ashlartest.Client
	t    testing.TB
	cfg  ashlar.Config
	data context.Context // with the database, on connections of its own
}

// opened returns a shop with all films that serves.
func opened(t testing.TB) *store {
	t.Helper()
	file := copied(t)
	s := &store{t: t, cfg: ashlartest.Config("DATABASE_URL=sqlite:" + file), data: looked(t, file)}
	s.cfg.Log = ashlartest.Log(t).Logger
	s.Client = ashlartest.Start(t, s.app())
	return s
}

func (s *store) app() *ashlar.App { return shop(s.cfg, catalog.Console{Out: io.Discard}) }

// looked returns a context for queries on a database file.
func looked(t testing.TB, file string) context.Context {
	t.Helper()
	d, err := db.Open(db.Config{URL: "sqlite:" + file}, sqlite.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	return db.NewContext(context.WithoutCancel(t.Context()), d)
}

// film returns the film that was sold most often of those with at least so
// many copies, and gives it exactly that many.
func (s *store) film(stock int64) *catalog.Film {
	s.t.Helper()
	f, err := catalog.Films.Where(catalog.Films.Stock.GTE(min(stock, 10))).
		OrderBy(catalog.Films.Votes.Desc(), catalog.Films.ID.Asc()).First(s.data)
	want.NoErr(s.t, err)
	s.stock(f, stock)
	return f
}

// stock puts so many copies of a film on the shelf.
func (s *store) stock(f *catalog.Film, n int64) {
	s.t.Helper()
	_, err := catalog.Films.Where(catalog.Films.ID.Eq(f.ID)).Update(s.data, catalog.Films.Stock.Set(n))
	want.NoErr(s.t, err)
	f.Stock = n
}

// keep leaves the shop only the n films that most people know, for tests that
// need no more: SQLite is slow under the race detector.
func keep(t testing.TB, data context.Context, n int) {
	t.Helper()
	_, err := db.Exec(data, "DELETE FROM films WHERE id NOT IN (SELECT id FROM films ORDER BY votes DESC, id LIMIT ?)", n)
	want.NoErr(t, err)
}

// number runs a query for one number.
func number(t testing.TB, data context.Context, sql string, args ...any) int64 {
	t.Helper()
	rows, err := db.SQL[*db.Row](data, sql, args...)
	want.NoErr(t, err)
	var n int64
	want.NoErr(t, rows[0].Scan(&n))
	return n
}

// rows is what the tables of the shop hold, in short: two that are equal hold
// the same.
type rows struct{ Stock, Carts, CartLines, Orders, OrderLines, Sessions int64 }

// rows looks at all tables. The weights make a change in one row show even when
// another row makes up for it.
func (s *store) rows() rows {
	s.t.Helper()
	got, err := db.SQL[*db.Row](s.data, `SELECT (SELECT sum(stock * (id + 10007)) FROM films), (SELECT count(*) FROM carts),
		(SELECT coalesce(sum(10000019 + quantity * (cart_id * 10007 + film_id)), 0) FROM cart_lines), (SELECT count(*) FROM orders),
		(SELECT coalesce(sum(10000019 + quantity * (order_id * 10007 + film_id)), 0) FROM order_lines), (SELECT count(*) FROM ashlar_sessions)`)
	want.NoErr(s.t, err)
	var r rows
	want.NoErr(s.t, got[0].Scan(&r.Stock, &r.Carts, &r.CartLines, &r.Orders, &r.OrderLines, &r.Sessions))
	return r
}

// add puts copies of a film into a visitor's cart.
func add(c *ashlartest.Client, f *catalog.Film, copies int64) *ashlartest.Response {
	if c.Token() == "" {
		c.Get("/films/" + f.Slug)
	}
	return c.Post("/cart/lines", url.Values{"film": {number10(f.ID)}, "quantity": {number10(copies)}})
}

// set changes how many copies of a film a visitor's cart holds.
func set(c *ashlartest.Client, f *catalog.Film, copies int64) *ashlartest.Response {
	return c.Post("/cart/lines/"+number10(f.ID), url.Values{"quantity": {number10(copies)}})
}

func number10(n int64) string { return strconv.FormatInt(n, 10) }

// address is a checkout form in which all is well.
func address() url.Values {
	return url.Values{"name": {"Ada Lovelace"}, "email": {"ada@example.com"}, "street": {"12 St James's Square"},
		"postcode": {"SW1Y 4JH"}, "city": {"London"}, "country": {"United Kingdom"}}
}
