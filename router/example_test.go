package router_test

import (
	"fmt"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/router"
)

// A shop keeps what answers a request under the request's pattern. The most
// specific pattern wins, whatever the order.
func Example() {
	tree := router.New[string](router.Config{})
	var problems errs.List
	for _, r := range []router.Route[string]{
		{Pattern: "GET /films", Name: "films", Value: "list the films"},
		{Pattern: "POST /films", Value: "add a film"},
		{Pattern: "GET /films/{slug:slug}", Value: "show the film with a name"},
		{Pattern: "GET /films/{id:int}", Name: "film", Value: "show the film with a number"},
		{Pattern: "GET /films/new", Value: "show an empty form"},
	} {
		problems.Add(tree.Add(r))
	}
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}

	var params router.Params
	for _, path := range []string{"/films", "/films/new", "/films/7", "/films/the-kid", "/films/The Kid"} {
		switch r := tree.Match("GET", "reel.example", path, &params); r.Status {
		case router.Found:
			fmt.Printf("%s %q\n", r.Route.Value, params.Value("id"))
		default:
			fmt.Println(r.Status)
		}
	}
	// Output:
	// list the films ""
	// show an empty form ""
	// show the film with a number "7"
	// show the film with a name ""
	// not found
}

// A match without a route says what can be answered all the same.
func ExampleTree_Match() {
	tree := router.New[int](router.Config{})
	if err := tree.Add(router.Route[int]{Pattern: "GET /films/{id:int}"}); err != nil {
		fmt.Println(err)
	}
	var params router.Params
	for _, path := range []string{"/films/7", "/films/7/", "//films/./7", "/films/%zz", "/films/seven"} {
		r := tree.Match("GET", "", path, &params)
		fmt.Printf("%s: %v %q\n", path, r.Status, r.Location)
	}
	r := tree.Match("PUT", "", "/films/7", &params)
	fmt.Println(r.Status, r.Allow)
	// Output:
	// /films/7: found ""
	// /films/7/: redirect "/films/7"
	// //films/./7: redirect "/films/7"
	// /films/%zz: malformed ""
	// /films/seven: not found ""
	// method not allowed [GET HEAD OPTIONS]
}

func ExampleTree_Add_conflict() {
	tree := router.New[int](router.Config{})
	_ = tree.Add(router.Route[int]{Pattern: "GET /films/{slug}", Where: "blog/module.go:30"})
	err := tree.Add(router.Route[int]{Pattern: "GET /films/{id}", Where: "catalog/module.go:12"})
	fmt.Println(err)
	// Output:
	// route "GET /films/{id}" (catalog/module.go:12) matches the same requests as "GET /films/{slug}" (blog/module.go:30)
	// 	at catalog/module.go:12
	// 	mend: remove one, or give one another method, path or parameter type
	// 	see docs/errors.md#A1203
}

func ExampleTree_URL() {
	tree := router.New[int](router.Config{})
	_ = tree.Add(router.Route[int]{Name: "film", Pattern: "GET /films/{id:int}"})
	_ = tree.Add(router.Route[int]{Name: "file", Pattern: "GET /files/{path...}"})

	fmt.Println(tree.URL("film", "id", "7"))
	fmt.Println(tree.URL("file", "path", "posters/the kid.png"))
	fmt.Println(tree.URL("film", "id", "seven"))
	// Output:
	// /films/7 <nil>
	// /files/posters/the%20kid.png <nil>
	//  router: build URL of "film", "GET /films/{id:int}": parameter "id" is "seven", which is not of type int
}

func ExampleParse() {
	p, err := router.Parse("GET /films/{id:int}/posters/{size}")
	if err != nil {
		fmt.Println(err)
	}
	for _, param := range p.Params() {
		fmt.Println(param.Name, param.Type)
	}
	// Output:
	// id int
	// size text
}
