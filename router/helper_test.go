package router_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

// newTree returns a tree of patterns whose values are the patterns themselves.
func newTree(t testing.TB, slash router.TrailingSlash, patterns ...string) *router.Tree[string] {
	t.Helper()
	tree := router.New[string](router.Config{TrailingSlash: slash})
	for _, p := range patterns {
		want.NoErr(t, tree.Add(router.Route[string]{Pattern: p, Name: p, Value: p}))
	}
	return tree
}

// ask matches a request written as "METHOD host/path" and tells the result in
// one line, such as "GET /films/{id} id=7", "redirect /films" or "allow GET HEAD".
func ask(tree *router.Tree[string], request string) string {
	method, target, _ := strings.Cut(request, " ")
	host, path, _ := strings.Cut(target, "/")
	var params router.Params
	return tell(tree.Match(method, host, "/"+path, &params), &params)
}

func tell(r router.Result[string], params *router.Params) string {
	switch r.Status {
	case router.Found:
		line := r.Route.Value
		for name, value := range params.All() {
			line += fmt.Sprintf(" %s=%s", name, value)
		}
		return line
	case router.Redirect:
		return "redirect " + r.Location
	case router.MethodNotAllowed:
		return "allow " + strings.Join(r.Allow, " ")
	}
	return r.Status.String()
}

func paramMap(p *router.Params) map[string]string { return maps.Collect(p.All()) }
