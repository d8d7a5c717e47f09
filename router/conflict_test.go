package router_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

func route(pattern, name, where string) router.Route[int] {
	return router.Route[int]{Pattern: pattern, Name: name, Where: where}
}

func TestConflictMessages(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range [][2]string{
		{"GET /films/{slug}", "GET /films/{id}"},
		{"GET /films/{id:int}", "GET /films/{n:int}"},
		{"/files/", "/files/{path...}"},
		{"GET Example.com/a", "GET example.com/a"},
		{"/caf%C3%A9", "/café"},
		{"GET /films/{id}", "GET /{kind}/new"},
		{"/films/{id:int}/{x}", "/films/{any}/y"},
		{"/n/{a:int}", "POST /n/{b:uint}"},
		{"/n/{a:int}", "/n/{b:uint}"},
		{"GET /a/{x...}", "GET /{y}/b/c"},
		{"GET /", "/films"},
		{"GET /films", "HEAD /{x}"},
		{"/{a:uuid}/{b}", "/{a}/{b:date}"},
		{"/a%2Fb/{x}/{$}", "/{y}/c%20d/{$}"},
		{"/{x}/{$}", "/a/"},
		{"/{y}/b/{$}", "/a/"},
	} {
		tree := router.New[int](router.Config{})
		want.NoErr(t, tree.Add(route(c[0], "", "blog/module.go:30")))
		err := tree.Add(route(c[1], "", "catalog/module.go:12"))
		if err == nil {
			t.Errorf("%q: got no error, want a conflict", c)
		}
		fmt.Fprintf(&b, "%v\n\n", err)
	}
	golden.Equal(t, "conflicts.txt", b.String())
}

func TestNoConflict(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"GET /films/{id}", "POST /films/{slug}"},
		{"GET /films/{id}", "/films/{slug}"},
		{"HEAD /films", "GET /films"},
		{"GET /films", "GET /films/"},
		{"GET /films/", "GET /films/{$}"},
		{"GET /films/{id}", "GET /films/{$}"},
		{"GET a.example/films", "GET /films"},
		{"GET a.example/films", "GET b.example/films"},
		{"/{a:int}/{b}", "/{a:uuid}/c"},
		{"/{a:uuid}/{b}", "/{a:slug}/{b}"},
		{"/{a:int}/x", "/y/{b}"},
		{"/{a:uint}/x", "/{a:int}/y"},
		{"/a%2Fb", "/a/b"},
		{"/Films", "/films"},
	} {
		tree := router.New[int](router.Config{})
		want.NoErr(t, tree.Add(route(c[0], "", "")))
		want.NoErr(t, tree.Add(route(c[1], "", "")))
	}
}

// A caller adds all it has and shows all that is wrong at once.
func TestProblemsOfManyAdds(t *testing.T) {
	t.Parallel()
	tree := router.New[int](router.Config{})
	var problems errs.List
	for _, r := range []router.Route[int]{
		route("GET /films/{id:int}", "film", "catalog/module.go:12"),
		route("GET /films/{id:int", "film.poster", "catalog/module.go:13"),
		route("GET /books/{id:isbn}", "book", "books/module.go:9"),
		route("GET /films/{n:int}", "film", "blog/module.go:30"),
		route("POST /films", "film", "blog/module.go:31"),
		route("POST /films", "", ""),
		route("POST /films", "", ""),
	} {
		problems.Add(tree.Add(r))
	}
	golden.Equal(t, "problems.txt", problems.Error()+"\n")

	var setup *errs.Setup
	if !errors.As(problems[0], &setup) || setup.Code != "A1201" || setup.Where != "catalog/module.go:13" {
		t.Errorf("got %#v, want A1201 at catalog/module.go:13", setup)
	}
	// What was refused left nothing behind.
	var params router.Params
	want.Equal(t, tree.Match("GET", "", "/films/7", &params).Route.Where, "catalog/module.go:12")
	want.Equal(t, tree.Match("GET", "", "/books/7", &params).Status, router.NotFound)
	_, err := tree.URL("book", "id", "7")
	want.Contains(t, fmt.Sprint(err), `no route has the name "book"`)
	count := 0
	for range tree.Routes() {
		count++
	}
	want.Equal(t, count, 2)
}
