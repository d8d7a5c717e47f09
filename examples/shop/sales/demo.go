package sales

import (
	"context"
	"flag"
	"fmt"
	"sort"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/order"
	"github.com/ashlar-go/ashlar/keys"
)

// Module joins the command demo to the app.
func Module() ashlar.Module {
	return ashlar.Module{
		Name: "sales",
		Doc:  "what was sold",
		Setup: func(s *ashlar.Setup) error {
			s.Command(ashlar.Command{
				Name: "demo", Usage: "[--orders N]", Doc: "writes orders of the past year, to look at on the page of sales",
				Run: func(ctx context.Context, call *ashlar.Call) error {
					n := demoOrders
					if _, err := call.Flags(func(f *flag.FlagSet) { f.IntVar(&n, "orders", n, "how many") }); err != nil {
						return err
					}
					if err := Demo(ctx, n, ashlar.Now(ctx)); err != nil {
						return err
					}
					_, err := fmt.Fprintf(call.Out, "%d orders written; see /sales\n", n)
					return err
				},
			})
			return nil
		},
	}
}

// demoOrders is how many orders the command writes when not told otherwise, and
// demoMost how many it writes at most.
const (
	demoOrders = 4000
	demoMost   = 100_000
)

// Demo writes n orders of the year before now, in one transaction, without
// taking from the stock. It refuses a shop that has orders. The same films, n
// and time give the same orders, but for their tokens: more on weekends and in
// the evening, more from month to month and before Christmas, of films that
// many people know.
func Demo(ctx context.Context, n int, now time.Time) error {
	if n < 1 || n > demoMost {
		return errs.Invalid.Errorf("Between 1 and %d orders can be written.", demoMost)
	}
	there, err := order.Orders.Exists(ctx)
	if err != nil {
		return err
	}
	if there {
		return errs.Conflict.New("There are orders already; take an empty database for the demo.")
	}
	films, err := catalog.Featured(ctx, 800)
	if err != nil {
		return err
	}
	if len(films) == 0 {
		return errs.Conflict.New("There are no films yet; start the shop once, it imports them.")
	}
	d := newDemo(films, now)
	return db.Tx(ctx, func(ctx context.Context) error {
		for n > 0 {
			batch := min(n, 500)
			if err := d.write(ctx, batch); err != nil {
				return fmt.Errorf("write demo orders: %w", err)
			}
			n -= batch
		}
		return nil
	})
}

// A demo deals out orders.
type demo struct {
	films []*catalog.Film
	upTo  []int64 // the votes of the films up to each
	now   time.Time
	state uint64
	made  int
}

func newDemo(films []*catalog.Film, now time.Time) *demo {
	d := &demo{films: films, now: now}
	votes := int64(0)
	for _, f := range films {
		votes += f.Votes + 1000
		d.upTo = append(d.upTo, votes)
	}
	return d
}

// below returns a number from 0 to n-1 (SplitMix64, Steele, Lea and Flood 2014).
func (d *demo) below(n int64) int64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int64((z ^ z>>31) % uint64(n))
}

func (d *demo) write(ctx context.Context, n int) error {
	orders := make([]*order.Order, n)
	carts := make([][]catalog.Line, n)
	for i := range orders {
		d.made++
		carts[i] = d.cart()
		sums, err := order.SumsOf(carts[i])
		if err != nil {
			return err
		}
		countries := []string{"United States", "United States", "United States", "Canada", "United Kingdom", "Austria"}
		orders[i] = &order.Order{
			Token: keys.Token(24), Name: fmt.Sprintf("Demo order %d", d.made), Email: "demo@example.com", Street: "1 Demo Street",
			Postcode: "00000", City: "Demo", Country: countries[d.below(int64(len(countries)))],
			Films: sums.Films, Delivery: sums.Delivery, Total: sums.Total, PlacedAt: d.moment(),
		}
	}
	if err := order.Orders.Insert(ctx, orders...); err != nil {
		return err
	}
	var rows []*order.OrderLine
	for i, cart := range carts {
		for _, l := range cart {
			rows = append(rows, &order.OrderLine{OrderID: orders[i].ID, FilmID: l.Film.ID, Quantity: l.Quantity, Price: l.Film.Price})
		}
	}
	return order.OrderLines.Insert(ctx, rows...)
}

// cart returns one to four films, most often one copy of each.
func (d *demo) cart() []catalog.Line {
	var list []catalog.Line
	has := map[int64]bool{}
	for range 1 + d.below(3) + d.below(2) {
		f := d.film()
		if has[f.ID] {
			continue
		}
		has[f.ID] = true
		quantity := max(1, d.below(12)-8) // 1, and of twelve two are 2 and 3
		if line, err := catalog.NewLine(f, quantity); err == nil {
			list = append(list, line)
		}
	}
	return list
}

// film returns one of those that many have voted on more often.
func (d *demo) film() *catalog.Film {
	at := d.below(d.upTo[len(d.upTo)-1])
	return d.films[sort.Search(len(d.upTo), func(i int) bool { return d.upTo[i] > at })]
}

// moment returns when an order was placed: days and hours are drawn until one
// is taken, and those with a greater weight are taken more often.
func (d *demo) moment() time.Time {
	for {
		back := d.below(365)
		at := d.now.AddDate(0, 0, -int(back)).Truncate(24 * time.Hour).Add(time.Duration(d.below(86_400)) * time.Second)
		weight := 500 + (365 - back) // of 1000 and more: sales grow over the year
		switch at.Weekday() {
		case time.Friday, time.Saturday, time.Sunday:
			weight = weight * 3 / 2
		}
		if _, m, day := at.Date(); m == time.December && day < 22 {
			weight = weight * 2
		}
		if h := at.Hour(); h > 5 && h < 14 { // in UTC: night and morning in the shop's town
			weight /= 4
		}
		if d.below(2600) < weight && !at.After(d.now) {
			return at
		}
	}
}
