package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// routes are the addresses of the shop by route name.
var routes = map[string]string{
	"films": "/", "film": "/films/{slug}", "cart": "/cart", "cart.add": "/cart/lines", "cart.set": "/cart/lines/{film}",
	"checkout": "/checkout", "checkout.place": "/checkout", "order": "/orders/{token}", "sales": "/sales",
}

type field struct{ Name, ID, Value, Error string }

// helpers stand in for those of the framework.
func helpers() template.FuncMap {
	return template.FuncMap{
		"url": func(name string, pairs ...any) (string, error) {
			path, ok := routes[name]
			if !ok {
				return "", fmt.Errorf("no route %q", name)
			}
			for i := 0; i+1 < len(pairs); i += 2 {
				path = strings.Replace(path, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]), 1)
			}
			if strings.Contains(path, "{") {
				return "", fmt.Errorf("route %q: parameters missing: %s", name, path)
			}
			return path, nil
		},
		"asset": func(name string) (string, error) {
			_, err := fs.Stat(web.Static(), name)
			return "/static/" + name, err
		},
		"csrf":  func() template.HTML { return `<input type="hidden" name="_csrf" value="token">` },
		"nonce": func() string { return "nonce" },
		"field": func(form map[string]field, name string) (field, error) {
			f, ok := form[name]
			if !ok {
				return f, errors.New("no field " + name)
			}
			f.Name, f.ID = name, "field-"+name
			return f, nil
		},
	}
}

func render(t *testing.T, page string, data any) string {
	t.Helper()
	tmpl, err := template.New("").Funcs(helpers()).Option("missingkey=error").
		ParseFS(web.Templates(), "layout.html", "partials/*.html", page)
	want.NoErr(t, err)
	var out bytes.Buffer
	want.NoErr(t, tmpl.ExecuteTemplate(&out, "layout.html", data))
	return out.String()
}

func card(title string, stock int) web.Card {
	return web.Card{
		ID: 7, Slug: "some-film-1994", Title: title, Genre: "Drama", Year: 1994, Score: 86, Price: 1290, Stock: stock,
		Poster: web.NewPoster(title, "Drama", "A Director · 1994"),
	}
}

const hostile = `<script>alert("x")</script> & 'Co'`

func pages() map[string]struct {
	template string
	data     any
} {
	shell := web.Shell{CartCount: 3, Flashes: []web.Flash{{Kind: "good", Text: "“Heat” is in your cart."}}}
	searched := web.Shell{Query: hostile}
	filter := web.Filter{Q: hostile, Decade: 1990}
	lines := []web.Line{
		{Film: card("Heat", 5), Quantity: 1, Sum: 1290},
		{Film: card(hostile, 2), Quantity: 2, Sum: 2580, Note: "Only 2 left: your 5 became 2."},
	}
	sums := web.Sums{Films: 3870, Delivery: 490, Total: 4360}
	names := []string{"name", "email", "street", "postcode", "city", "country"}
	var labels []web.Label
	empty, wrong := map[string]field{}, map[string]field{}
	for _, name := range names {
		labels = append(labels, web.Label{Name: name, Text: "The " + name})
		empty[name] = field{}
		wrong[name] = field{Value: hostile, Error: "Please look at " + name + "."}
	}
	wrong["country"] = field{Value: "Canada"}
	link := func(page int) string { return filter.URL("/", page) }
	type page = struct {
		template string
		data     any
	}
	return map[string]page{
		"films": {"films/index.html", web.FilmsPage{
			Shell: shell, Total: 3, Cards: []web.Card{card("Heat", 0), card("Alien³", 1), card("Léon", 9)}, Sorts: web.SortOptions(""),
			Genres: web.GenreOptions("", []string{"Drama"}, map[string]int{"Drama": 3}), Decades: web.DecadeOptions(0, 1990, 2011),
			Ratings: web.RatingOptions(0), Pages: web.Paginate(1, 1, link), Featured: []web.Card{card("Heat", 1)},
		}},
		"films_filtered": {"films/index.html", web.FilmsPage{
			Shell: searched, Filter: filter, Active: filter.Active("/"), Total: 1, Cards: []web.Card{card(hostile, 3)},
			Decades: web.DecadeOptions(1990, 1990, 2011), Ratings: web.RatingOptions(7), Sorts: web.SortOptions("title"), Pages: web.Paginate(6, 20, link),
		}},
		"films_none": {"films/index.html", web.FilmsPage{Shell: searched, Filter: filter, Active: filter.Active("/")}},
		"film": {"films/show.html", web.FilmPage{Shell: shell, Related: []web.Card{card("Heat", 2)}, Film: web.Film{
			Card: card("Léon", 3), Released: time.Date(1994, 11, 18, 0, 0, 0, 0, time.UTC), Rating: "R", Minutes: 110, Director: hostile,
			Distributor: "Columbia", Source: "Original Screenplay", Votes: 199762, Critics: 71, Gross: 45284974, Budget: 16000000,
		}}},
		"film_bare": {"films/show.html", web.FilmPage{Film: web.Film{Card: web.Card{Slug: "x-undated", Title: "X", Price: 990}}}},
		"cart":      {"cart/show.html", web.CartPage{Shell: shell, Lines: lines, Sums: sums}},
		"cart_none": {"cart/show.html", web.CartPage{}},
		"checkout": {"checkout/new.html", web.CheckoutPage{
			Shell: shell, Form: empty, Fields: labels, Countries: []string{"Austria", "Canada"}, Lines: lines, Sums: web.Sums{Films: 5000, Total: 5000},
		}},
		"checkout_invalid": {"checkout/new.html", web.CheckoutPage{
			Shell: shell, Form: wrong, Fields: labels, Invalid: true, Countries: []string{"Austria", "Canada"}, Lines: lines, Sums: sums,
		}},
		"order": {"orders/show.html", web.OrderPage{
			Thanks: true, Number: "R-000123", Placed: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Lines: lines, Sums: sums,
			Email: "ada@example.com", Address: []string{"Ada Lovelace", hostile},
			Steps: []web.Step{{Label: "Received", State: "done"}, {Label: "Packed", State: "now"}, {Label: "Delivered", State: "next"}},
		}},
		"sales": {"sales/show.html", web.SalesPage{
			Shell: shell, Periods: []web.Option{{Value: "30d", Label: "30 days"}, {Value: "90d", Label: "90 days", Selected: true}},
			Pers: []web.Option{{Value: "week", Label: "Week"}}, Genres: web.GenreOptions("", []string{"Drama"}, nil),
			Period: "August 25 to November 22, 2026", Per: "week", CSV: "/sales.csv?per=week&period=90d", JSON: "/sales.json",
			Figures: []web.Figure{{Label: "Revenue", Value: "$1,290.00"}}, Over: `<svg class="chart"></svg>`, Best: `<svg class="chart"></svg>`, BestOf: "genres",
			Total:  web.SalesRow{Label: "Total", Orders: 1200, Copies: 1500, Revenue: 129000},
			Points: []web.SalesRow{{Label: "Week of November 16, 2026", Orders: 1200, Copies: 1500, Revenue: 129000}},
			Parts:  []web.SalesRow{{Label: "Drama", Copies: 1500, Revenue: 129000, Share: "100.0 %"}},
			Films:  []web.SalesFilm{{Slug: "x-1994", Title: hostile, Genre: "Drama", Copies: 3, Revenue: 3870}},
		}},
		"sales_none": {"sales/show.html", web.SalesPage{Period: "today", Per: "day"}},
		"error_404":  {"errors/error.html", web.ErrorPage{Shell: shell, Status: 404}},
		"error_409":  {"errors/error.html", web.ErrorPage{Status: 409, Message: "Somebody else bought the last copy."}},
		"error_422":  {"errors/error.html", web.ErrorPage{Status: 422}},
		"error_500":  {"errors/error.html", web.ErrorPage{Shell: web.Shell{CartCount: -1}, Status: 500, RequestID: "01JD3Q7T9Z"}},
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for name, page := range pages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html := render(t, page.template, page.data)
			golden.Equal(t, name+".html", html)
			checkPolicy(t, html)
			checkReferences(t, html)
			checkForms(t, html)
			checkNesting(t, html)
		})
	}
}

// TestEveryPage holds that no template is left untested.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, page := range pages() {
		tested[page.template] = true
	}
	found, err := fs.Glob(web.Templates(), "*/*.html")
	want.NoErr(t, err)
	for _, name := range found {
		if !strings.HasPrefix(name, "partials/") && !tested[name] {
			t.Errorf("%s: no test renders it", name)
		}
	}
}

var tag = regexp.MustCompile(`<(/?)([a-zA-Z0-9]+)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*(/?)>`)

// checkPolicy looks for what the content security policy of the shop blocks.
func checkPolicy(t *testing.T, html string) {
	t.Helper()
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		if regexp.MustCompile(`\s(style|on[a-z]+)=`).MatchString(m[3]) || m[2] == "style" {
			t.Errorf("got inline style or script in %s", m[0])
		}
		if m[2] == "script" && m[1] == "" && (!strings.Contains(m[3], "src=") || !strings.Contains(m[3], "nonce=")) {
			t.Errorf("got %s, want a script with src and nonce", m[0])
		}
	}
	for _, bad := range []string{"http://", "https://", "ZgotmplZ", "<no value>"} {
		if strings.Contains(html, bad) {
			t.Errorf("got a page with %q", bad)
		}
	}
}

// checkReferences holds that ids are there once, and where something points.
func checkReferences(t *testing.T, html string) {
	t.Helper()
	ids := map[string]int{}
	for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		ids[m[1]]++
		if ids[m[1]] > 1 {
			t.Errorf("got id %q twice", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\s(?:for|form|aria-describedby|aria-labelledby)="([^"]*)"|href="#([^"]*)"`).FindAllStringSubmatch(html, -1) {
		for _, id := range strings.Fields(m[1] + " " + m[2]) {
			if ids[id] == 0 {
				t.Errorf("%s: points nowhere", strings.TrimSpace(m[0]))
			}
		}
	}
	want.Equal(t, strings.Count(html, "<h1"), 1)
	want.Equal(t, strings.Count(html, "<main"), 1)
}

// checkForms holds that a form which changes something carries a token, and
// that what a person fills in has a label.
func checkForms(t *testing.T, html string) {
	t.Helper()
	for _, form := range strings.Split(html, "<form")[1:] {
		form, _, _ = strings.Cut(form, "</form>")
		if strings.Contains(form, `method="post"`) != strings.Contains(form, `name="_csrf"`) {
			t.Errorf("got a form whose method and token do not fit:%s", form)
		}
	}
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		id := regexp.MustCompile(`\sid="([^"]*)"`).FindStringSubmatch(m[3])
		byHand := m[2] == "select" || m[2] == "input" && !regexp.MustCompile(`type="(hidden|radio)"`).MatchString(m[3])
		if m[1] == "" && byHand && (id == nil || !strings.Contains(html, `for="`+id[1]+`"`)) {
			t.Errorf("got no label for %s", m[0])
		}
	}
}

// checkNesting holds that tags close in the order in which they open.
func checkNesting(t *testing.T, html string) {
	t.Helper()
	void := []string{"input", "link", "meta", "br", "use"}
	var open []string
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		switch {
		case slices.Contains(void, m[2]) || m[4] == "/":
		case m[1] == "":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			t.Fatalf("got %s while these are open: %v", m[0], open)
		default:
			open = open[:len(open)-1]
		}
	}
	want.Equal(t, len(open), 0)
}
