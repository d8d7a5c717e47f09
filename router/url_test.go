package router_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

func urlTree(t testing.TB) *router.Tree[string] {
	t.Helper()
	tree := router.New[string](router.Config{})
	for _, r := range []router.Route[string]{
		{Name: "home", Pattern: "GET /{$}"},
		{Name: "film", Pattern: "GET /films/{id:int}", Where: "catalog/module.go:12"},
		{Name: "film.slug", Pattern: "GET /films/{slug}"},
		{Name: "poster", Pattern: "GET /films/{id:int}/posters/{size}"},
		{Name: "file", Pattern: "GET /files/{path...}"},
		{Name: "file.index", Pattern: "GET /files/index/{$}", Where: "files/module.go:8"},
		{Name: "docs", Pattern: "/docs/"},
		{Name: "café", Pattern: "/café/a%2Fb/{x}"},
		{Name: "api", Pattern: "api.example.com/v1/{n:uint}"},
		{Name: "hook", Pattern: "/hooks/{from}"},
		{Name: "echo", Pattern: "/echo/{x}"},
		{Name: "echo.get", Pattern: "GET /echo/{x}"},
		{Name: "hook.pay", Pattern: "/hooks/pay"},
	} {
		r.Value = r.Name
		want.NoErr(t, tree.Add(r))
	}
	return tree
}

func TestURL(t *testing.T) {
	t.Parallel()
	tree := urlTree(t)
	for _, c := range []struct {
		want, name string
		pairs      []string
	}{
		{"/", "home", nil},
		{"/films/7", "film", []string{"id", "7"}},
		{"/films/7/posters/x%2Fl%3F", "poster", []string{"size", "x/l?", "id", "7"}},
		{"/films/..%2F..", "film.slug", []string{"slug", "../.."}},
		{"/films/%5Cevil%25", "film.slug", []string{"slug", `\evil%`}},
		{"/files/a%20b/c/", "file", []string{"path", "a b/c/"}},
		{"/files/", "file", []string{"path", ""}},
		{"/docs/", "docs", nil},
		{"/caf%C3%A9/a%2Fb/%C3%A9", "café", []string{"x", "é"}},
		{"//api.example.com/v1/7", "api", []string{"n", "7"}},
		{"/hooks/shop", "hook", []string{"from", "shop"}},
		{"/echo/a", "echo", []string{"x", "a"}},
	} {
		got, err := tree.URL(c.name, c.pairs...)
		if err != nil || got != c.want {
			t.Errorf("%s %q: got %q, %v, want %q", c.name, c.pairs, got, err, c.want)
		}
	}
}

func TestURLErrors(t *testing.T) {
	t.Parallel()
	tree := urlTree(t)
	var b strings.Builder
	for _, call := range [][]string{
		{"flim", "id", "7"}, {"nothing-like-it"}, {""},
		{"film"}, {"film", "id"}, {"film", "ID", "7"}, {"film", "id", "7", "page", "2"}, {"film", "id", "7", "id", "8"},
		{"film", "id", "seven"}, {"film", "id", ""}, {"film", "id", "+7"}, {"film", "id", "9223372036854775808"},
		{"film.slug", "slug", ".."}, {"film.slug", "slug", "a\x00b"}, {"film.slug", "slug", "7"},
		{"file", "path", "/etc"}, {"file", "path", "a//b"}, {"file", "path", "a/../b"}, {"file", "path", "a/."}, {"file", "path", "index/"},
		{"file", "path", "index"}, {"hook", "from", "pay"}, {"film.slug", "slug", strings.Repeat("é", router.MaxPath/4)},
	} {
		got, err := tree.URL(call[0], call[1:]...)
		if err == nil {
			t.Errorf("%.60q: got %q, want an error", call, got)
			continue
		}
		fmt.Fprintln(&b, err)
	}
	golden.Equal(t, "url_errors.txt", b.String())
}

// Whatever URL builds leads back to the same route with the same values, and
// to nowhere else on the way.
func FuzzURL(f *testing.F) {
	tree := urlTree(f)
	var routes []router.Route[string]
	for r := range tree.Routes() {
		routes = append(routes, r)
	}
	for i := range routes {
		f.Add(uint8(i), "7", "x/l", "GET")
		f.Add(uint8(i), "é", "..", "POST")
		f.Add(uint8(i), "index", "%2F", "HEAD")
	}
	f.Fuzz(func(t *testing.T, n uint8, first, second, method string) {
		r := routes[int(n)%len(routes)]
		p, err := router.Parse(r.Pattern)
		want.NoErr(t, err)
		given := map[string]string{}
		var pairs []string
		for i, param := range p.Params() {
			given[param.Name] = [2]string{first, second}[i]
			pairs = append(pairs, param.Name, given[param.Name])
		}
		url, err := tree.URL(r.Name, pairs...)
		if err != nil {
			return
		}
		if p.Method() != "" {
			method = p.Method()
		} else if method == "" || method == "GET" || method == "HEAD" {
			method = "POST" // GET may have a route of its own
		}
		url = strings.TrimPrefix(url, "//"+p.Host())
		var params router.Params
		got := tree.Match(method, p.Host(), url, &params)
		if got.Status != router.Found || got.Route.Name != r.Name || !maps.Equal(paramMap(&params), given) {
			t.Errorf("%s %q: got %s, want %q with %q", method, url, tell(got, &params), r.Name, given)
		}
	})
}
