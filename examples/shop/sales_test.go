package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/examples/shop/order"
	"github.com/ashlar-go/ashlar/examples/shop/sales"
	"github.com/ashlar-go/ashlar/internal/want"
)

// today is when the shops with sales are looked at: three weeks after clocks
// were changed.
var today = time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)

// sold returns a shop with the orders of the demo.
func sold(t *testing.T, orders int) *store {
	t.Helper()
	file := copied(t)
	s := &store{t: t, cfg: ashlartest.Config("DATABASE_URL=sqlite:" + file), data: looked(t, file)}
	s.cfg.Log, s.cfg.Clock = ashlartest.Log(t).Logger, ashlartest.NewClock(today).Now
	want.NoErr(t, sales.Demo(s.data, orders, today))
	s.Client = ashlartest.Start(t, s.app())
	return s
}

// TestSales adds the orders up by hand and compares with the files.
func TestSales(t *testing.T) {
	t.Parallel()
	s := sold(t, 600)
	zone, err := time.LoadLocation("America/New_York")
	want.NoErr(t, err)
	now := today.In(zone)
	to := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, zone)
	orders, err := order.Orders.Where(order.Orders.PlacedAt.GTE(to.AddDate(0, 0, -90)), order.Orders.PlacedAt.LT(to)).With(order.Orders.Lines()).All(s.data)
	want.NoErr(t, err)
	byDay := map[string]sales.Point{}
	for _, o := range orders {
		day := o.PlacedAt.In(zone).Format(time.DateOnly)
		p := byDay[day]
		p.Orders++
		p.Revenue += o.Films
		for _, l := range o.Lines {
			p.Copies += l.Quantity
		}
		byDay[day] = p
	}
	var points []sales.Point
	answer := s.Get("/sales.json?per=day")
	want.Equal(t, answer.Status, 200)
	want.NoErr(t, json.Unmarshal([]byte(answer.Body), &points))
	want.Equal(t, len(points), 90)
	for _, p := range points {
		want.Equal(t, fmt.Sprint(p.Orders, p.Copies, p.Revenue), fmt.Sprint(byDay[p.From.Format(time.DateOnly)].Orders,
			byDay[p.From.Format(time.DateOnly)].Copies, byDay[p.From.Format(time.DateOnly)].Revenue))
	}
	answer = s.Get("/sales.csv?per=day&genre=")
	lines, err := csv.NewReader(strings.NewReader(answer.Body)).ReadAll()
	want.NoErr(t, err)
	want.Equal(t, lines[0], []string{"from", "orders", "copies", "revenue_cents"})
	want.Equal(t, len(lines), 91)
	want.Equal(t, lines[1][3], fmt.Sprint(int64(points[0].Revenue)))

	page := s.Get("/sales?period=1y&per=month&genre=Drama").Body
	want.Contains(t, page, `<svg class="chart chart-wide"`, "Drama: the films that sold most", "Median order", "/sales.csv?genre=Drama&amp;per=month&amp;period=1y")
	want.Contains(t, s.Get("/sales?period=30d").Body, "Revenue by genre")
	for _, bad := range []string{"period=2y", "per=second", "genre=Nonsense", "sort=x", "period=30d&period=1y"} {
		want.Equal(t, s.Get("/sales?"+bad).Status, 422)
	}
	err = sales.Demo(s.data, 1, today)
	want.Contains(t, fmt.Sprint(err), "There are orders")
}

// TestBrowserSales looks at the sales on a desk and on a phone, by day and by
// night.
func TestBrowserSales(t *testing.T) {
	t.Parallel()
	b := browse(t)
	s := sold(t, 4000)
	for _, colours := range []string{"light", "dark"} {
		for _, screen := range []struct {
			name  string
			width int
		}{{"desk", 1280}, {"phone", 390}} {
			b.screen(screen.width, 2100, colours)
			for name, query := range map[string]string{"weeks": "", "days": "?period=90d&per=day", "months": "?period=1y&per=month&genre=Drama"} {
				b.open(s.URL + "/sales" + query)
				b.picture("sales-" + name + "-" + screen.name + "-" + colours)
				want.Equal(t, b.eval("document.documentElement.scrollWidth"), fmt.Sprint(screen.width))
				shown := b.eval(`[...document.querySelectorAll(".chart")].filter(e => e.getBoundingClientRect().width > 0).length`)
				want.Equal(t, shown, "2")
			}
		}
	}
	b.screen(1280, 900, "light")
	b.open(s.URL + "/sales")
	b.picture("sales")
	b.eval(`document.querySelector("#genre").value = %s`, "Comedy")
	b.leave(func() { b.click(".sales-filters button") })
	want.Contains(t, b.text("#best-heading"), "best ten")
	b.clean()
}
