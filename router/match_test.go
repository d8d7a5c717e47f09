package router_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

const uuid = "123e4567-e89b-42d3-a456-426614174000"

func TestMatch(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash,
		"GET /{$}", "GET /films", "POST /films", "GET /films/new", "GET /films/{id:int}", "GET /films/{id:uuid}",
		"GET /films/{day:date}", "GET /films/{slug:slug}", "GET /films/{any}", "DELETE /films/{id:int}",
		"GET /films/{id:int}/posters/{size}", "/hooks/{from}", "HEAD /probe", "GET /probe",
		"PURGE /cache", "GET /files/{path...}", "GET /docs/", "GET /docs/{$}", "GET /docs/api/",
		"GET /count/{n:uint}", "GET /count/{n:int}/sign", "GET /café", "GET /a%2Fb", "GET /100%25",
		"GET /p/{a}/{b}/{c}/{d}/{e}/{f}", "GET /back/a/z", "GET /back/{x}/c",
		"api.example.com/", "GET api.example.com/films", "GET [::1]/films",
	)
	for _, c := range []struct{ request, want string }{
		{"GET /", "GET /{$}"},
		{"HEAD /", "GET /{$}"},
		{"GET /films", "GET /films"},
		{"GET /nothing", "not found"},
		// Types, narrow to wide.
		{"GET /films/new", "GET /films/new"},
		{"GET /films/7", "GET /films/{id:int} id=7"},
		{"GET /films/-7", "GET /films/{id:int} id=-7"},
		{"GET /films/007", "GET /films/{id:int} id=007"},
		{"GET /films/+7", "GET /films/{any} any=+7"},
		{"GET /films/9223372036854775807", "GET /films/{id:int} id=9223372036854775807"},
		{"GET /films/9223372036854775808", "GET /films/{slug:slug} slug=9223372036854775808"},
		{"GET /films/-9223372036854775808", "GET /films/{id:int} id=-9223372036854775808"},
		{"GET /films/-9223372036854775809", "GET /films/{slug:slug} slug=-9223372036854775809"},
		{"GET /films/" + uuid, "GET /films/{id:uuid} id=" + uuid},
		{"GET /films/" + strings.ToUpper(uuid), "GET /films/{id:uuid} id=" + strings.ToUpper(uuid)},
		{"GET /films/" + uuid[:35] + "g", "GET /films/{slug:slug} slug=" + uuid[:35] + "g"},
		{"GET /films/2024-02-29", "GET /films/{day:date} day=2024-02-29"},
		{"GET /films/2023-02-29", "GET /films/{slug:slug} slug=2023-02-29"},
		{"GET /films/the-kid", "GET /films/{slug:slug} slug=the-kid"},
		{"GET /films/The_Kid", "GET /films/{any} any=The_Kid"},
		{"GET /films/7/posters/xl", "GET /films/{id:int}/posters/{size} id=7 size=xl"},
		{"GET /films/x/posters/xl", "not found"},
		{"GET /count/18446744073709551615", "GET /count/{n:uint} n=18446744073709551615"},
		{"GET /count/18446744073709551616", "not found"},
		{"GET /count/-1", "not found"},
		{"GET /count/-1/sign", "GET /count/{n:int}/sign n=-1"},
		// Methods.
		{"POST /films", "POST /films"},
		{"PUT /films", "allow GET HEAD OPTIONS POST"},
		{"OPTIONS /films", "allow GET HEAD OPTIONS POST"},
		{"POST /films/7", "allow DELETE GET HEAD OPTIONS"},
		{"POST /films/x", "allow GET HEAD OPTIONS"},
		{"HEAD /probe", "HEAD /probe"},
		{"ANYTHING /hooks/pay", "/hooks/{from} from=pay"},
		{"PURGE /cache", "PURGE /cache"},
		{"GET /cache", "allow OPTIONS PURGE"},
		{"get /films", "allow GET HEAD OPTIONS POST"},
		// The rest of the path.
		{"GET /files/", "GET /files/{path...} path="},
		{"GET /files/a/b/", "GET /files/{path...} path=a/b/"},
		{"GET /files/a%2Fb/c", "GET /files/{path...} path=a/b/c"},
		{"GET /docs/", "GET /docs/{$}"},
		{"GET /docs/x/y", "GET /docs/"},
		// Turning back.
		{"GET /back/a/c", "GET /back/{x}/c x=a"},
		{"GET /p/1/2/3/4/5/6", "GET /p/{a}/{b}/{c}/{d}/{e}/{f} a=1 b=2 c=3 d=4 e=5 f=6"},
		// Escapes.
		{"GET /caf%C3%A9", "GET /café"},
		{"GET /café", "GET /café"},
		{"GET /%66ilms", "GET /films"},
		{"GET /a%2fb", "GET /a%2Fb"},
		{"GET /a/b", "not found"},
		{"GET /100%25", "GET /100%25"},
		{"GET /100%", "malformed"},
		{"GET /films/a%2Fb", "GET /films/{any} any=a/b"},
		{"GET /films/%37", "GET /films/{id:int} id=7"},
		{"GET /films/a+b%20c", "GET /films/{any} any=a+b c"},
		{"GET /films/%252F", "GET /films/{any} any=%2F"},
		{"GET /films/%00", "malformed"},
		{"GET /films/\x00", "malformed"},
		{"GET /films/%zz", "malformed"},
		{"GET /films/%4", "malformed"},
		{"GET /nothing/%", "malformed"},
		{"GET /%00/films/%37", "malformed"},
		// Hosts.
		{"GET api.example.com/films", "GET api.example.com/films"},
		{"GET API.Example.com:8080/films", "GET api.example.com/films"},
		{"GET api.example.com/films/7", "api.example.com/"},
		{"GET www.example.com/films", "GET /films"},
		{"GET [::1]:8080/films", "GET [::1]/films"},
		{"GET [::1]/films", "GET [::1]/films"},
		{"GET [::1]/films/7", "GET /films/{id:int} id=7"},
		{"PUT [::1]/films", "allow GET HEAD OPTIONS POST"},
	} {
		if got := ask(tree, c.request); got != c.want {
			t.Errorf("%s: got %q, want %q", c.request, got, c.want)
		}
	}
}

func TestMatchOddPaths(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash, "/", "/{a}/{b}")
	var params router.Params
	long := "/" + strings.Repeat("a", router.MaxPath-1)
	for path, status := range map[string]router.Status{
		"":         router.NotFound,
		"*":        router.NotFound,
		"films":    router.NotFound,
		long:       router.Found,
		long + "a": router.NotFound,
	} {
		if got := tree.Match("GET", "", path, &params).Status; got != status {
			t.Errorf("path of %d bytes: got %v, want %v", len(path), got, status)
		}
	}
}

func TestMatchEmptyTree(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash)
	for _, path := range []string{"/", "/a", "/a/", "//", "/a%20b"} {
		want.Equal(t, ask(tree, "GET "+path), "not found")
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash, "/{a}/{b}/{c}/{d}/{e}/{f...}", "/{a}", "/{$}")
	var params router.Params
	tree.Match("GET", "", "/1/2/3/4/5/6/7", &params)
	want.Equal(t, paramMap(&params), map[string]string{"a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "6/7"})
	want.Equal(t, params.Value("f"), "6/7")
	want.Equal(t, params.Value("none"), "")
	var first []string
	for name := range params.All() {
		first = append(first, name)
		break
	}
	want.Equal(t, first, []string{"a"})

	// A Params forgets what it held, whatever comes next.
	tree.Match("GET", "", "/x", &params)
	want.Equal(t, paramMap(&params), map[string]string{"a": "x"})
	tree.Match("GET", "", "/x/", &params)
	want.Equal(t, params.Len(), 0)
}

// Turning back must not leave the values of the way that was given up.
func TestParamsAfterTurningBack(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash,
		"/{a:int}/{b:int}/{c:int}/{d:int}/{e:int}/{f:int}", "/{p}/{rest...}", "/{p}/exact/")
	want.Equal(t, ask(tree, "GET /1/2/3/4/5/6"), "/{a:int}/{b:int}/{c:int}/{d:int}/{e:int}/{f:int} a=1 b=2 c=3 d=4 e=5 f=6")
	want.Equal(t, ask(tree, "GET /1/2/3/4/5/x"), "/{p}/{rest...} p=1 rest=2/3/4/5/x")
}

func TestTrailingSlash(t *testing.T) {
	t.Parallel()
	patterns := []string{
		"GET /films", "POST /films", "GET /tree/", "GET /both", "GET /both/", "GET /end/{$}",
		"GET /in/{id}", "POST /post/", "GET /{a:int}/x/{$}", "GET /{a:int}/x/{b}/{rest...}",
	}
	for _, c := range []struct{ request, redirect, strict, ignore string }{
		{"GET /films", "GET /films", "GET /films", "GET /films"},
		{"GET /films/", "redirect /films", "not found", "GET /films"},
		{"POST /films/", "redirect /films", "not found", "POST /films"},
		{"PUT /films/", "allow GET HEAD OPTIONS POST", "not found", "allow GET HEAD OPTIONS POST"},
		{"GET /tree", "redirect /tree/", "not found", "GET /tree/"},
		{"GET /tree/a/", "GET /tree/", "GET /tree/", "GET /tree/"},
		{"GET /both", "GET /both", "GET /both", "GET /both"},
		{"GET /both/", "GET /both/", "GET /both/", "GET /both/"},
		{"GET /end", "redirect /end/", "not found", "GET /end/{$}"},
		{"GET /in/7/", "redirect /in/7", "not found", "GET /in/{id} id=7"},
		{"GET /in/a%2Fb/", "redirect /in/a%2Fb", "not found", "GET /in/{id} id=a/b"},
		{"GET /in/a%2F", "GET /in/{id} id=a/", "GET /in/{id} id=a/", "GET /in/{id} id=a/"},
		{"GET /in/", "not found", "not found", "not found"},
		{"GET /post", "allow OPTIONS POST", "not found", "allow OPTIONS POST"},
		{"GET /7/x", "redirect /7/x/", "not found", "GET /{a:int}/x/{$} a=7"},
		{"GET /7/x/y", "redirect /7/x/y/", "not found", "GET /{a:int}/x/{b}/{rest...} a=7 b=y rest="},
		{"GET //films/", "redirect /films", "not found", "redirect /films/"},
		{"GET //tree", "redirect /tree/", "not found", "redirect /tree"},
		{"GET //films", "redirect /films", "redirect /films", "redirect /films"},
	} {
		for policy, wanted := range []string{c.redirect, c.strict, c.ignore} {
			tree := newTree(t, router.TrailingSlash(policy), patterns...)
			if got := ask(tree, c.request); got != wanted {
				t.Errorf("%s, policy %d: got %q, want %q", c.request, policy, got, wanted)
			}
		}
	}
}

// As in net/http: a route for /films/ wins over a subtree further up, and a
// subtree keeps what nothing else serves.
func TestTrailingSlashUnderSubtree(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash, "/{path...}", "/shop/", "/films")
	want.Equal(t, ask(tree, "GET /shop"), "redirect /shop/")
	want.Equal(t, ask(tree, "GET /films/"), "/{path...} path=films/")
	want.Equal(t, ask(tree, "GET /other"), "/{path...} path=other")
	want.Equal(t, ask(tree, "GET /"), "/{path...} path=")
}

// Hostile route tables and paths: as many ways to turn back as patterns can
// make, and very deep paths. A search that tried ways anew would not end.
func TestHostile(t *testing.T) {
	t.Parallel()
	const depth = 9
	var patterns []string
	for bits := range 1 << depth {
		var b strings.Builder
		for i := range depth {
			if bits>>i&1 == 0 {
				b.WriteString("/a")
			} else {
				fmt.Fprintf(&b, "/{p%d}", i)
			}
		}
		fmt.Fprintf(&b, "/end%d", bits) // keeps them from being in conflict
		patterns = append(patterns, b.String())
	}
	deepest := strings.Repeat("/{x}/a", router.MaxParams)
	for i := range router.MaxParams {
		deepest = strings.Replace(deepest, "{x}", fmt.Sprintf("{x%d}", i), 1)
	}
	tree := newTree(t, router.StrictSlash, append(patterns, "/deep"+deepest, "/deep"+strings.Repeat("/a", 1000))...)
	prefix := strings.Repeat("/a", depth)
	for _, c := range []struct{ path, want string }{
		{prefix + "/end0", patterns[0]},
		{prefix + "/none", "not found"},
		{prefix + prefix, "not found"},
		{strings.Repeat("/a", router.MaxPath/2), "not found"},
		{"/deep" + strings.Repeat("/a", 999), "not found"},
		{"/deep" + strings.Repeat("/a", 1001), "not found"},
		{"/deep" + strings.Repeat("/a", 2*router.MaxParams-1), "not found"},
	} {
		if got := ask(tree, "GET "+c.path); got != c.want {
			t.Errorf("%.30s…: got %q, want %q", c.path, got, c.want)
		}
	}
	last := 1<<depth - 1
	want.Contains(t, ask(tree, fmt.Sprintf("GET %s/end%d", prefix, last)), patterns[last], "p8=a")
}

func TestMatchConcurrently(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash, githubRoutes...)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			var params router.Params
			for range 200 {
				name := fmt.Sprint("user", worker)
				r := tree.Match("GET", "", "/users/"+name+"/repos", &params)
				if r.Status != router.Found || params.Value("user") != name {
					t.Errorf("got %v with user %q, want found with %q", r.Status, params.Value("user"), name)
				}
			}
		})
	}
	wg.Wait()
}

func TestRoutesAreSorted(t *testing.T) {
	t.Parallel()
	tree := newTree(t, router.RedirectSlash, "POST /b", "a.example.com/", "GET /b", "/a/{x}", "/b")
	var got []string
	for r := range tree.Routes() {
		got = append(got, r.Pattern)
	}
	want.Equal(t, got, []string{"/a/{x}", "/b", "GET /b", "POST /b", "a.example.com/"})
	for r := range tree.Routes() {
		want.Equal(t, r.Value, got[0])
		break
	}
}

func TestStatusString(t *testing.T) {
	t.Parallel()
	var got []string
	for s := router.NotFound; s <= router.Malformed+1; s++ {
		got = append(got, s.String())
	}
	want.Equal(t, slices.Compact(got), []string{"not found", "found", "redirect", "method not allowed", "malformed", "unknown"})
}
