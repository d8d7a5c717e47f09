package pages

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/chart"
	"github.com/ashlar-go/ashlar/examples/shop/money"
	"github.com/ashlar-go/ashlar/examples/shop/sales"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/validate"
	"github.com/ashlar-go/ashlar/view"
)

const salesPage = view.Page[web.SalesPage]("sales/show.html")

// SalesIn is which sales are asked for.
type SalesIn struct{ sales.Filter }

// Validate checks what the rules in tags cannot say.
func (in SalesIn) Validate(context.Context) error {
	var wrong validate.Errors
	if in.Genre != "" && !slices.Contains(catalog.Genres(), in.Genre) {
		wrong.Add("genre", "oneof", "There is no such genre.")
	}
	return wrong.Err()
}

func showSales(ctx context.Context, in SalesIn) (ashlar.Response, error) {
	report, err := sales.Of(ctx, in.Filter)
	if err != nil {
		return nil, err
	}
	query := "?" + url.Values{"period": {in.Period}, "per": {in.Per}, "genre": {in.Genre}}.Encode()
	data := web.SalesPage{
		Periods: choices(in.Period, "30d", "30 days", "90d", "90 days", "1y", "One year"),
		Pers:    choices(in.Per, "day", "Day", "week", "Week", "month", "Month"),
		Genres:  web.GenreOptions(in.Genre, catalog.Genres(), nil),
		Period:  report.From.Format("January 2, 2006") + " to " + report.To.AddDate(0, 0, -1).Format("January 2, 2006"),
		Per:     in.Per,
		CSV:     "/sales.csv" + query,
		JSON:    "/sales.json" + query,
		Figures: figures(report.Totals),
		Total: web.SalesRow{Label: "Total", Orders: web.Count(report.Totals.Orders), Copies: web.Count(report.Totals.Copies),
			Revenue: report.Totals.Revenue},
	}
	for _, g := range report.Genres {
		row := web.SalesRow{Label: g.Name, Copies: web.Count(g.Copies), Revenue: g.Revenue}
		if g.Share != nil {
			row.Share = strconv.FormatFloat(*g.Share*100, 'f', 1, 64) + " %"
		}
		data.Parts = append(data.Parts, row)
	}
	for _, f := range report.Films {
		data.Films = append(data.Films, web.SalesFilm{Slug: f.Slug, Title: f.Title, Genre: f.Genre, Copies: web.Count(f.Copies), Revenue: f.Revenue})
	}
	if report.Totals.Orders > 0 {
		data.Points, data.Over = over(report.Points, in.Per)
		data.BestOf, data.Best = best(report, in.Genre)
	}
	if data.Shell, err = shell(ctx); err != nil {
		return nil, err
	}
	return salesPage.With(data), nil
}

// salesFile offers the numbers of the page as a file of that name.
func salesFile(name string) func(context.Context, SalesIn) (ashlar.Response, error) {
	return func(ctx context.Context, in SalesIn) (ashlar.Response, error) {
		points, err := sales.Points(ctx, in.Filter)
		if err != nil {
			return nil, err
		}
		return ashlar.Download(name, points), nil
	}
}

// choices returns options from values and labels in turn.
func choices(selected string, list ...string) []web.Option {
	var options []web.Option
	for pair := range slices.Chunk(list, 2) {
		options = append(options, web.Option{Value: pair[0], Label: pair[1], Selected: pair[0] == selected})
	}
	return options
}

func figures(t sales.Totals) []web.Figure {
	list := []web.Figure{
		{Label: "Revenue", Value: t.Revenue.String()},
		{Label: "Orders", Value: web.Count(t.Orders).String()},
		{Label: "Copies", Value: web.Count(t.Copies).String()},
	}
	if t.Median != nil && t.High != nil {
		list = append(list,
			web.Figure{Label: "Median order", Value: cents(*t.Median).String()},
			web.Figure{Label: "9 of 10 orders up to", Value: cents(*t.High).String()})
	}
	return list
}

// cents rounds what was interpolated between two amounts.
func cents(f float64) money.Cents { return money.Cents(f + 0.5) }

// over returns the rows and the chart of sales over time.
func over(points []sales.Point, per string) ([]web.SalesRow, template.HTML) {
	rows := make([]web.SalesRow, len(points))
	bars := make([]chart.Point, len(points))
	for i, p := range points {
		rows[i] = web.SalesRow{Label: timeOf(p.From, per, true), Orders: web.Count(p.Orders), Copies: web.Count(p.Copies), Revenue: p.Revenue}
		bars[i] = chart.Point{Label: timeOf(p.From, per, false), Value: float64(p.Revenue),
			Title: fmt.Sprintf("%s: %s, %d orders", rows[i].Label, p.Revenue, p.Orders)}
	}
	most := slices.MaxFunc(rows, func(a, b web.SalesRow) int { return cmp.Compare(a.Revenue, b.Revenue) })
	c := chart.Chart{
		Title: "Revenue per " + per, Points: bars, Format: short,
		Description: fmt.Sprintf("%d bars, one for each %s. The highest is %s, %s. All numbers are in the table below.", len(rows), per, most.Label, most.Revenue),
	}
	return rows, c.Both("over-time")
}

// timeOf names a day, a week or a month, in full or as short as a chart needs.
func timeOf(t time.Time, per string, full bool) string {
	switch {
	case per == "month" && full:
		return t.Format("January 2006")
	case per == "month":
		return t.Format("Jan 06")
	case full && per == "week":
		return "Week of " + t.Format("January 2, 2006")
	case full:
		return t.Format("Monday, January 2, 2006")
	}
	return t.Format("Jan 2")
}

// best returns the chart of the genres, or of the films of the only one.
func best(r sales.Report, genre string) (of string, svg template.HTML) {
	const most = 10
	c := chart.Chart{Title: "Revenue by genre", Format: short, Lying: true}
	of = "genres"
	if genre != "" {
		of, c.Title = "films", genre+": the films that sold most"
		for _, f := range r.Films {
			c.Points = append(c.Points, chart.Point{Label: clip(f.Title, 34), Value: float64(f.Revenue), Title: f.Title + ": " + f.Revenue.String()})
		}
	} else {
		for _, g := range r.Genres {
			c.Points = append(c.Points, chart.Point{Label: g.Name, Value: float64(g.Revenue), Title: g.Name + ": " + g.Revenue.String()})
		}
	}
	c.Points = c.Points[:min(len(c.Points), most)]
	var names []string
	for _, p := range c.Points {
		names = append(names, p.Title)
	}
	c.Description = "From most to least: " + strings.Join(names, "; ") + "."
	return of, c.Both("best")
}

// clip shortens a title that has no room beside its bar.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

// short writes an amount beside a scale: $850, $1.2k, $30k.
func short(v float64) string {
	dollars := v / 100
	switch {
	case dollars >= 1e6:
		return "$" + strconv.FormatFloat(dollars/1e6, 'g', 3, 64) + "M"
	case dollars >= 1e3:
		return "$" + strconv.FormatFloat(dollars/1e3, 'g', 3, 64) + "k"
	}
	return "$" + strconv.FormatFloat(dollars, 'f', 0, 64)
}
