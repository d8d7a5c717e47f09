package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/internal/want"
)

// total returns how many films a list says that it has.
func total(t *testing.T, page string) string {
	t.Helper()
	found := texts(page, `<h2 id="results-title">`)
	if len(found) != 1 {
		t.Fatalf("got a page without a number of films:\n%s", page)
	}
	return found[0]
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := opened(t)
	for _, tt := range []struct{ query, where string }{
		{"", "true"},
		{"genre=Western", "genre = 'Western'"},
		{"genre=Romantic+Comedy", "genre = 'Romantic Comedy'"},
		{"decade=1990", "year BETWEEN 1990 AND 1999"},
		{"decade=1880", "false"},
		{"rating=8", "score >= 80"},
		{"rating=10", "score >= 100"},
		{"genre=Drama&decade=1970&rating=8", "genre = 'Drama' AND year BETWEEN 1970 AND 1979 AND score >= 80"},
		{"q=godfather", "title LIKE '%godfather%'"},
		{"q=GODFATHER", "title LIKE '%godfather%'"},
		{"q=++spielberg+++war++", "(title LIKE '%spielberg%' OR director LIKE '%spielberg%') AND (title LIKE '%war%' OR director LIKE '%war%')"},
		{"q=nolan&genre=Drama", "director LIKE '%nolan%' AND genre = 'Drama'"},
		{"q=%25", "instr(title, '%') > 0 OR instr(director, '%') > 0"}, // no wildcard
		{"q=_", "false"}, // nor this
		{"q=%25%25%25", "false"},
		{`q=\`, "false"},
		{"q=%27", "instr(title, '''') > 0 OR instr(director, '''') > 0"},
		{"q=%22", `instr(title, '"') > 0 OR instr(director, '"') > 0`},
		{"q=*", "instr(title, '*') > 0"},
		{"q=%27+OR+1%3D1+--", "false"},
		{"q=zzzzzz", "false"},
	} {
		res := s.Get("/?" + tt.query)
		n := web.Count(number(t, s.data, "SELECT count(*) FROM films WHERE "+tt.where))
		text := fmt.Sprintf("%s films", n)
		if n == 1 {
			text = "1 film"
		}
		if got := total(t, res.Body); res.Status != 200 || got != text {
			t.Errorf("%s: got %d %s, want %s", tt.query, res.Status, got, text)
		}
		if got := len(titles(res.Body)); got != int(min(n, 24)) {
			t.Errorf("%s: got %d films on the page, want %d", tt.query, got, min(n, 24))
		}
		wellFormed(t, res.Body)
	}
}

// pageThrough returns the addresses of the films on all pages of a list, found
// by the links to the next page.
func pageThrough(t *testing.T, s *store, first string) []string {
	t.Helper()
	next := regexp.MustCompile(`<a class="pages-step" href="([^"]*)" rel="next">`)
	film := regexp.MustCompile(`<h3 class="card-title"><a href="([^"]*)">`)
	var slugs []string
	for path := first; path != ""; {
		res := s.Get(path)
		if res.Status != 200 {
			t.Fatalf("%s: got status %d", path, res.Status)
		}
		for _, m := range film.FindAllStringSubmatch(res.Body, -1) {
			slugs = append(slugs, m[1])
		}
		path = ""
		if m := next.FindStringSubmatch(res.Body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	return slugs
}

// TestPages reads every page of the list in each order: each film is there
// exactly once.
func TestPages(t *testing.T) {
	t.Parallel()
	s := opened(t)
	const n = 400 // TestOrders has all films
	keep(t, s.data, n)
	for _, o := range web.SortOptions("") {
		slugs := pageThrough(t, s, "/?sort="+url.QueryEscape(o.Value))
		slices.Sort(slugs)
		if once := len(slices.Compact(slices.Clone(slugs))); len(slugs) != n || once != n {
			t.Errorf("%s: got %d films, %d of them once, want %d", o.Value, len(slugs), once, n)
		}
	}
}

// TestOrders holds that each order, on all its pages, is the order that it says.
func TestOrders(t *testing.T) {
	t.Parallel()
	s := opened(t)
	for order, before := range map[string]func(a, b *catalog.Film) bool{
		"":       func(a, b *catalog.Film) bool { return a.Score >= b.Score },
		"rating": func(a, b *catalog.Film) bool { return a.Score >= b.Score },
		"newest": func(a, b *catalog.Film) bool { return a.Year >= b.Year },
		"oldest": func(a, b *catalog.Film) bool { return a.Year <= b.Year },
		"title":  func(a, b *catalog.Film) bool { return a.Title <= b.Title },
		"-title": func(a, b *catalog.Film) bool { return a.Title >= b.Title },
		"price":  func(a, b *catalog.Film) bool { return a.Price <= b.Price },
		"-price": func(a, b *catalog.Film) bool { return a.Price >= b.Price },
	} {
		var all []*catalog.Film
		for page := 1; ; page++ {
			list, n, err := catalog.Find(s.data, catalog.Search{Order: order}, page, 1600)
			want.NoErr(t, err)
			want.Equal(t, n, films)
			if len(list) == 0 {
				break
			}
			all = append(all, list...)
		}
		want.Equal(t, len(all), films)
		seen := map[int64]bool{}
		for i, f := range all {
			if seen[f.ID] = true; i > 0 && !before(all[i-1], f) {
				t.Errorf("%q: got %q in front of %q", order, all[i-1].Title, f.Title)
			}
		}
		want.Equal(t, len(seen), films)
		if page := s.Get("/?sort=" + url.QueryEscape(order)); titles(page.Body)[0] != all[0].Title {
			t.Errorf("%q: got %q first on the page, want %q", order, titles(page.Body)[0], all[0].Title)
		}
	}
}

func TestBeyondTheEnd(t *testing.T) {
	t.Parallel()
	s := opened(t)
	for query, status := range map[string]int{
		"page=134": 200, "page=135": 404, "page=10000": 404, "genre=Western&page=3": 404, "q=zzzzzz": 200, "q=zzzzzz&page=2": 404,
	} {
		res := s.Get("/?" + query)
		if res.Status != status {
			t.Errorf("%s: got status %d, want %d", query, res.Status, status)
		}
		wellFormed(t, res.Body)
	}
	want.Equal(t, len(titles(s.Get("/?page=134").Body)), films-133*24)
}

func TestFilmPage(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(3)
	res := s.Get("/films/" + f.Slug)
	want.Equal(t, res.Status, 200)
	wellFormed(t, res.Body)
	want.Equal(t, texts(res.Body, "<h1>"), []string{f.Title})
	want.Equal(t, texts(res.Body, `<p class="price">`)[0], f.Price.String())
	want.Contains(t, res.Body, `max="3"`, "Only 3 left")

	s.stock(f, 0)
	sold := s.Get("/films/" + f.Slug)
	wellFormed(t, sold.Body)
	want.Contains(t, sold.Body, "Sold out", "Somebody was faster.")
	want.Equal(t, sold.Field("quantity"), "1") // of a film below; this one has no form
	want.Equal(t, strings.Contains(sold.Body, `class="buy-form"`), false)
}

// TestEveryKindOfFilm opens the pages of films from all over the file, whatever
// their data lacks.
func TestEveryKindOfFilm(t *testing.T) {
	t.Parallel()
	s := opened(t)
	all, err := catalog.Films.OrderBy(catalog.Films.ID.Asc()).All(s.data)
	want.NoErr(t, err)
	for i := 0; i < len(all); i += 53 {
		res := s.Get("/films/" + all[i].Slug)
		if res.Status != 200 {
			t.Errorf("%s: got status %d", all[i].Slug, res.Status)
		}
		wellFormed(t, res.Body)
	}
}
