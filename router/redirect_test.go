package router_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

func TestRedirectToCleanPath(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash, "GET /{$}", "GET /films/{id}", "GET /tree/", "GET /deep/{a}/{b}")
	for _, c := range []struct{ path, want string }{
		{"//", "redirect /"},
		{"/.", "redirect /"},
		{"/..", "redirect /"},
		{"/../../..", "redirect /"},
		{"/%2e%2E", "redirect /"},
		{"//films//7", "redirect /films/7"},
		{"/films/./7", "redirect /films/7"},
		{"/films/x/../7", "redirect /films/7"},
		{"/films/x/%2e./7", "redirect /films/7"},
		{"/films/7/.", "redirect /films/7"},
		{"/films/7//", "redirect /films/7"},
		{"/x/../tree", "redirect /tree/"},
		{"/tree/a/../../films/7", "redirect /films/7"},
		{"/tree/a%2F../x", "GET /tree/"},
		{"/films//a%2F..%2Fb", "redirect /films/a%2F..%2Fb"},
		{"/deep//caf%c3%a9/é\"", "redirect /deep/caf%c3%a9/%C3%A9%22"},
		{"/films/...", "GET /films/{id} id=..."},
		{"/films/.a", "GET /films/{id} id=.a"},
		{"/films/..a", "GET /films/{id} id=..a"},
		// The clean path has no route: then there is nothing to redirect to.
		{"//nothing", "not found"},
		{"/films/7/..", "not found"},
		{"/films//%zz", "malformed"},
		{"//%00", "malformed"},
	} {
		if got := ask(tree, "GET "+c.path); got != c.want {
			t.Errorf("%s: got %q, want %q", c.path, got, c.want)
		}
	}
	want.Equal(t, ask(tree, "POST //films/7"), "allow GET HEAD OPTIONS")
}

// offSite are paths that lead off the site when somebody redirects to them with
// too little care: by two slashes at the front, or by what browsers take for
// them (WHATWG URL, section 4.4).
var offSite = []string{
	"//evil.example", "//evil.example/", "///evil.example", "////evil.example//", "//evil.example/..",
	"//evil.example/%2e%2e", "/.//evil.example", "/..//evil.example", "/%2e//evil.example/x",
	"/x/..//evil.example", "/x/../..//evil.example/", `/\evil.example`, `/\evil.example/`, `/\/evil.example`,
	`/\\evil.example/`, "/\t/evil.example", "/\t/evil.example/", "/\n/evil.example", "/\r//evil.example", "/%09/evil.example",
	"/%5Cevil.example/", "/%2Fevil.example/", "/%2F%2Fevil.example/", "/%2f/evil.example", "//user@evil.example",
	"//evil.example:80/x/", "/ /evil.example", "/\x01//evil.example", "/evil.example:80//", "/http://evil.example",
	"/javascript:alert(1)/", "//\u3000evil.example", "/?//evil.example", "/#//evil.example",
	"//evil.example\r\nSet-Cookie: a=b",
}

// redirectTrees returns a tree for each policy. Their routes match every path
// once it is clean, some with and some without a slash at the end.
func redirectTrees(t testing.TB) (trees []*router.Tree[string]) {
	for _, slash := range []router.TrailingSlash{router.RedirectSlash, router.StrictSlash, router.IgnoreSlash} {
		trees = append(trees, newTree(t, slash, "/{$}", "/{a}", "/{a}/{b}/{$}", "/{a}/{b}/{c}/{rest...}"))
	}
	return trees
}

func TestRedirectStaysOnHost(t *testing.T) {
	t.Parallel()
	redirects := 0
	for _, tree := range redirectTrees(t) {
		for _, path := range offSite {
			var params router.Params
			if r := tree.Match("GET", "shop.example", path, &params); r.Status == router.Redirect {
				checkLocation(t, tree, path, r)
				redirects++
			}
		}
	}
	if least := len(offSite); redirects < least {
		t.Errorf("got %d redirects, want at least %d", redirects, least)
	}
}

// FuzzRedirect sends raw paths: no panic, and every redirect is a safe one.
func FuzzRedirect(f *testing.F) {
	for _, path := range offSite {
		f.Add(path)
	}
	trees := redirectTrees(f)
	f.Fuzz(func(t *testing.T, path string) {
		for _, tree := range trees {
			var params router.Params
			if r := tree.Match("GET", "shop.example", path, &params); r.Status == router.Redirect {
				checkLocation(t, tree, path, r)
			}
		}
	})
}

// checkLocation fails t unless the location is a path on the same host that
// leads to the route that was promised, without a further redirect.
func checkLocation(t *testing.T, tree *router.Tree[string], path string, r router.Result[string]) {
	t.Helper()
	at := r.Location
	base := &url.URL{Scheme: "https", Host: "shop.example", Path: "/some/page"}
	u, err := base.Parse(at)
	if err != nil || u.Host != "shop.example" || u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		t.Errorf("%q: location %q leads to %v (%v)", path, at, u, err)
	}
	if !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "//") || strings.ContainsFunc(at, func(r rune) bool {
		return r <= ' ' || r == '\\' || r >= 0x7f
	}) {
		t.Errorf("%q: unsafe location %q", path, at)
	}
	var params router.Params
	if next := tree.Match("GET", "shop.example", at, &params); next.Status != router.Found || next.Route != r.Route {
		t.Errorf("%q: location %q is %v, want it found with %q", path, at, next.Status, r.Route.Pattern)
	}
}
