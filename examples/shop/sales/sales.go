package sales

import (
	"context"
	"iter"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/examples/shop/money"
	"github.com/ashlar-go/ashlar/examples/shop/order"
)

// A Filter says which sales are wanted, in words that a visitor may choose
// from: nothing that is not in these lists reaches a query.
type Filter struct {
	Period string `query:"period" default:"90d" validate:"oneof=30d 90d 1y"`
	Per    string `query:"per" default:"week" validate:"oneof=day week month"`
	Genre  string `query:"genre" validate:"max=40"` // of the films; "" is all
}

// A Point is what was sold in a day, a week or a month. An order counts in the
// time in which it was placed.
type Point struct {
	From    time.Time   `json:"from"`
	Orders  int64       `json:"orders"`
	Copies  int64       `json:"copies"`
	Revenue money.Cents `json:"revenue_cents"` // without delivery
}

// A Genre is what was sold of one.
type Genre struct {
	Name    string
	Copies  int64
	Revenue money.Cents
	Share   *float64 // of all revenue, 0 to 1
}

// A Film is what was sold of one.
type Film struct {
	ID      int64
	Genre   string
	Slug    string
	Title   string
	Copies  int64
	Revenue money.Cents
}

// Totals are of all orders of a report. The median and the 90th percentile are
// of what an order costs; nil when there is none.
type Totals struct {
	Orders  int64
	Copies  int64
	Revenue money.Cents
	Median  *float64
	High    *float64
}

// A Report is the sales of a period.
type Report struct {
	From, To time.Time // To is not included
	Totals   Totals
	Points   []Point // in the order of time, without a gap
	Genres   []Genre // those that sold most first
	Films    []Film  // the three that sold most of each genre, or the ten of the only one
}

// selection is a filter as queries need it.
type selection struct {
	Filter
	from, to time.Time
	lines    *db.Query[*order.OrderLine]
}

// What is counted of the lines.
var (
	revenue = order.OrderLines.Price.Mul(order.OrderLines.Quantity).Sum()
	copies  = order.OrderLines.Quantity.Sum()
)

// top is how many films of each genre a report has, and of a single one.
const (
	topOfEach = 3
	topOfOne  = 10
)

// choose turns the words of f into a selection that ends with today.
func (f Filter) choose(ctx context.Context) (selection, error) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return selection{}, err
	}
	y, m, d := ashlar.Now(ctx).In(zone).Date()
	s := selection{Filter: f, to: time.Date(y, m, d+1, 0, 0, 0, 0, zone)}
	s.from = s.to.AddDate(0, 0, map[string]int{"30d": -30, "90d": -90, "1y": -365}[f.Period])
	lines := order.OrderLines
	placed := lines.Order().PlacedAt
	s.lines = lines.Where(placed.GTE(s.from), placed.LT(s.to)).If(f.Genre != "", lines.Film().Genre.Eq(f.Genre))
	return s, nil
}

// series is the query of the points.
func (s selection) series() *db.Grouped[Point] {
	lines := order.OrderLines
	span := lines.Order().PlacedAt.Span(s.from, s.to)
	from := map[string]db.Bucket{"day": span.Day(), "week": span.Week(), "month": span.Month()}[s.Per]
	return db.Into(s.lines, func(p *Point) []db.Dest {
		return []db.Dest{from.To(&p.From), lines.OrderID.CountDistinct().To(&p.Orders), copies.To(&p.Copies), revenue.To(&p.Revenue)}
	}).OrderBy(from.Asc()).Fill()
}

func (s selection) genres() *db.Grouped[Genre] {
	film := order.OrderLines.Film()
	return db.Into(s.lines, func(g *Genre) []db.Dest {
		return []db.Dest{film.Genre.To(&g.Name), copies.To(&g.Copies), revenue.To(&g.Revenue), revenue.ShareOver(db.Over()).To(&g.Share)}
	}).OrderBy(revenue.Desc(), film.Genre.Asc())
}

func (s selection) films() *db.Grouped[Film] {
	n := topOfEach
	if s.Genre != "" {
		n = topOfOne
	}
	lines, film := order.OrderLines, order.OrderLines.Film()
	return db.Into(s.lines, func(f *Film) []db.Dest {
		return []db.Dest{lines.FilmID.To(&f.ID), film.Genre.To(&f.Genre), film.Slug.To(&f.Slug), film.Title.To(&f.Title),
			copies.To(&f.Copies), revenue.To(&f.Revenue)}
	}).Top(n, db.Over(film.Genre).OrderBy(revenue.Desc(), lines.FilmID.Asc())).OrderBy(film.Genre.Asc(), revenue.Desc(), lines.FilmID.Asc())
}

// totals are of the orders that hold a film of the genre, whole; what was sold
// is of these films alone.
func (s selection) totals(ctx context.Context) (Totals, error) {
	t, err := db.Into(s.lines, func(t *Totals) []db.Dest { return []db.Dest{copies.To(&t.Copies), revenue.To(&t.Revenue)} }).First(ctx)
	if err != nil {
		return t, err
	}
	o := order.Orders
	placed := o.Where(o.PlacedAt.GTE(s.from), o.PlacedAt.LT(s.to)).If(s.Genre != "", o.Lines().Any(order.OrderLines.Film().Genre.Eq(s.Genre)))
	orders, err := db.Into(placed, func(t *Totals) []db.Dest {
		return []db.Dest{db.Count().To(&t.Orders), o.Films.Median().To(&t.Median), o.Films.Percentile(0.9).To(&t.High)}
	}).First(ctx)
	orders.Copies, orders.Revenue = t.Copies, t.Revenue
	return orders, err
}

// Of returns the report for a filter, whose words were checked.
func Of(ctx context.Context, f Filter) (Report, error) {
	s, err := f.choose(ctx)
	if err != nil {
		return Report{}, err
	}
	r := Report{From: s.from, To: s.to}
	if r.Totals, err = s.totals(ctx); err != nil {
		return r, err
	}
	if r.Points, err = s.series().All(ctx); err != nil {
		return r, err
	}
	if r.Genres, err = s.genres().All(ctx); err != nil {
		return r, err
	}
	r.Films, err = s.films().All(ctx)
	return r, err
}

// Points returns the points of a report alone, to be written while they are
// read.
func Points(ctx context.Context, f Filter) (iter.Seq2[Point, error], error) {
	s, err := f.choose(ctx)
	if err != nil {
		return nil, err
	}
	return s.series().Each(ctx), nil
}
