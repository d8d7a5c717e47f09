package ashlar_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

// say answers with the pattern of the route, its parameters and what stages
// left in the header X-Trail.
func say(names ...string) func(*ashlar.Ctx) error {
	return func(c *ashlar.Ctx) error {
		parts := []string{c.Route().Pattern}
		for _, name := range names {
			parts = append(parts, name+"="+c.Param(name))
		}
		return c.Text(strings.Join(append(parts, c.Writer().Header()["X-Trail"]...), " "))
	}
}

// mark is a stage that leaves its name in X-Trail.
func mark(name string) ashlar.Stage {
	return ashlar.Stage{Name: name, Run: func(c *ashlar.Ctx) error {
		c.AddHeader("X-Trail", name)
		return c.Next()
	}}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{Hosts: []string{"*"}}, func(a *ashlar.App) {
		a.Get("/{$}", say())
		a.Group("/shop", func(r *ashlar.Router) {
			r.Get("/early", say())
			r.Use(mark("shop"))
			r.Get("/films/{id:int}", say("id"))
			r.Group("/{tenant}/admin/", func(r *ashlar.Router) {
				r.Use(mark("admin"))
				r.Get("/", say("tenant"))
				r.Get("/users/{user}", say("tenant", "user"))
			})
			r.Group("", func(r *ashlar.Router) {
				r.Use(mark("inner"))
				r.Get("/inner", say())
			})
			r.Get("/late", say())
		})
		a.Group("api.example.com/v1", func(r *ashlar.Router) {
			r.Get("/films", say())
			r.Group("/deep", func(r *ashlar.Router) { r.Post("/{x}", say("x"), ashlar.InsecureNoCSRF()) })
		})
		a.Get("www.example.com/films", say())
		a.Group("/other", func(r *ashlar.Router) { r.Get("m.example.com/films", say()) })
		a.Use(mark("late for all"))
		a.Get("/last", say())
	})
	for _, c := range []struct{ method, host, path, want string }{
		{"GET", "x", "/", "GET /{$}"},
		{"GET", "x", "/shop/early", "GET /shop/early"},
		{"GET", "x", "/shop/films/7", "GET /shop/films/{id:int} id=7 shop"},
		{"GET", "x", "/shop/films/x", ""},
		{"GET", "x", "/shop/a/admin/", "GET /shop/{tenant}/admin/ tenant=a shop admin"},
		{"GET", "x", "/shop/a/admin/users/b", "GET /shop/{tenant}/admin/users/{user} tenant=a user=b shop admin"},
		{"GET", "x", "/shop/a%2Fb/admin/users/%C3%A9", "GET /shop/{tenant}/admin/users/{user} tenant=a/b user=é shop admin"},
		{"GET", "x", "/shop/inner", "GET /shop/inner shop inner"},
		{"GET", "x", "/shop/late", "GET /shop/late shop"},
		{"GET", "api.example.com", "/v1/films", "GET api.example.com/v1/films"},
		{"GET", "API.example.com:443", "/v1/films", "GET api.example.com/v1/films"},
		{"GET", "x", "/v1/films", ""},
		{"POST", "api.example.com", "/v1/deep/1", "POST api.example.com/v1/deep/{x} x=1"},
		{"GET", "www.example.com", "/films", "GET www.example.com/films"},
		{"GET", "m.example.com", "/other/films", "GET m.example.com/other/films"},
		{"GET", "x", "/last", "GET /last late for all"},
	} {
		w := ask(app, c.method, c.path, "", "Host: "+c.host)
		if got := w.Body.String(); c.want != "" && got != c.want || c.want == "" && w.Code != 404 {
			t.Errorf("%s %s%s: got %d %q, want %q", c.method, c.host, c.path, w.Code, got, c.want)
		}
	}
}

func TestGroupOptions(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		read := func(c *ashlar.Ctx) error {
			b, err := io.ReadAll(c.Body())
			if err != nil {
				return err
			}
			return c.Text(fmt.Sprint(len(b)))
		}
		a.Group("/g", func(r *ashlar.Router) {
			r.Post("/a", read)
			r.Post("/b", read, ashlar.BodyLimit(20))
		}, ashlar.BodyLimit(5), ashlar.InsecureNoCSRF())
		a.Post("/c", read)
	})
	body := strings.Repeat("x", 10)
	want.Equal(t, ask(app, "POST", "/g/a", body).Code, 413)
	want.Equal(t, ask(app, "POST", "/g/b", body).Body.String(), "10")
	want.Equal(t, ask(app, "POST", "/c", body).Code, 403) // the group's options stay in it
}

func TestMounts(t *testing.T) {
	t.Parallel()
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s|%s|%s", r.Method, r.URL.Path, r.URL.RawPath, r.PathValue("tenant"))
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "user ", r.PathValue("id")) })
	app, _ := started(t, ashlar.Config{Hosts: []string{"*"}}, func(a *ashlar.App) {
		a.Mount("/old", inner, ashlar.InsecureNoCSRF())
		a.Mount("/mux/", mux)
		a.Group("/t/{tenant}", func(r *ashlar.Router) { r.Mount("/old", inner) })
		a.Mount("old.example.com/", inner)
		a.Mount("old.example.com/deep", inner)
		a.Handle("GET /metrics", inner)
		a.Handle("/any/{tenant}", inner)
	})
	for _, c := range []struct{ method, target, want string }{
		{"GET", "/old/a/b?c=d", "GET /a/b||"},
		{"POST", "/old/a", "POST /a||"},
		{"GET", "/old/", "GET /||"},
		{"GET", "/old/a%2Fb", "GET /a/b|/a%2Fb|"},
		{"GET", "/mux/users/7", "user 7"},
		{"GET", "/t/acme/old/a/b", "GET /a/b||acme"},
		{"GET", "/t/ac%2Fme/old/a%2Fb", "GET /a/b|/a%2Fb|ac/me"},
		{"GET", "http://old.example.com/a", "GET /a||"},
		{"GET", "http://old.example.com/deep/a", "GET /a||"},
		{"GET", "/metrics", "GET /metrics||"},
		{"DELETE", "/any/x", "DELETE /any/x||x"},
	} {
		w := ask(app, c.method, c.target, "")
		if got := w.Body.String(); w.Code != 200 || got != c.want {
			t.Errorf("%s %s: got %d %q, want %q", c.method, c.target, w.Code, got, c.want)
		}
	}
	want.Equal(t, ask(app, "GET", "/old", "").Header().Get("Location"), "/old/")
	want.Equal(t, ask(app, "POST", "/metrics", "").Code, 405)
}

func TestURLs(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Group("/shop", func(r *ashlar.Router) {
			r.Get("/films/{id:int}", say(), ashlar.Name("film"))
			r.Get("/files/{path...}", say(), ashlar.Name("files"))
		})
		a.Get("/", func(c *ashlar.Ctx) error {
			u, err := c.URL("film", "id", "7")
			if err != nil {
				return err
			}
			return c.Redirect(u)
		}, ashlar.Name("home"))
	})
	for _, c := range []struct {
		name  string
		pairs []string
		want  string
	}{
		{"home", nil, "/"},
		{"film", []string{"id", "7"}, "/shop/films/7"},
		{"film", []string{"sort", "year", "id", "7", "order", "a&b=c", "sort", "é"}, "/shop/films/7?sort=year&order=a%26b%3Dc&sort=%C3%A9"},
		{"files", []string{"path", "a b/ü"}, "/shop/files/a%20b/%C3%BC"},
		{"film", nil, "error"}, {"film", []string{"id"}, "error"}, {"film", []string{"id", "x"}, "error"},
		{"films", nil, "error"}, {"", nil, "error"},
	} {
		got, err := app.URL(c.name, c.pairs...)
		if err != nil {
			got = "error"
		}
		want.Equal(t, got, c.want)
	}
	want.Equal(t, ask(app, "GET", "/", "").Header().Get("Location"), "/shop/films/7")
	want.Equal(t, fmt.Sprint(app.HasRoute("film"), app.HasRoute("films"), app.HasRoute("")), "true false false")

	early := ashlar.New(ashlar.Config{})
	early.Get("/", say(), ashlar.Name("home"))
	if _, err := early.URL("home"); err == nil {
		t.Error("got a URL before the app was checked")
	}
}

func TestRedirectsToTheCleanPath(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/films", say())
		a.Get("/tree/{$}", say())
		a.Get("/{a}/{b}/", say())
	})
	for _, c := range []struct{ path, location string }{
		{"/films/", "/films"},
		{"/films/?page=2&q=a%20b", "/films?page=2&q=a%20b"},
		{"/films/?next=//evil.test", "/films?next=//evil.test"},
		{"/tree?x=1", "/tree/?x=1"},
		{"//films?x", "/films?x"},
		{"/./films", "/films"},
		{"/x/../films", "/films"},
		{"//evil.test/..", "/"},
		{"//evil.test/x", "/evil.test/x/"},
		{"/evil.test/%2e%2e/films", "/films"},
		{"/%5Cevil.test/x", "/%5Cevil.test/x/"},
		{"/%09/evil.test", "/%09/evil.test/"},
		{"/%2f%2fevil.test/x", "/%2f%2fevil.test/x/"},
	} {
		w, ok := raw(app, c.path)
		if !ok {
			t.Fatalf("%s: is no request", c.path)
		}
		if c.location == "/" { // there is no route for it
			want.Equal(t, w.Code, 404)
			continue
		}
		if got := w.Header().Get("Location"); w.Code != 308 || got != c.location {
			t.Errorf("%s: got %d to %q, want %q", c.path, w.Code, got, c.location)
		}
	}
	strict, _ := started(t, ashlar.Config{TrailingSlash: router.StrictSlash}, func(a *ashlar.App) { a.Get("/films", say()) })
	want.Equal(t, ask(strict, "GET", "/films/", "").Code, 404)
	ignore, _ := started(t, ashlar.Config{TrailingSlash: router.IgnoreSlash}, func(a *ashlar.App) { a.Get("/films", say()) })
	want.Equal(t, ask(ignore, "GET", "/films/", "").Code, 200)
}

func TestRouteMistakes(t *testing.T) {
	t.Parallel()
	golden.Equal(t, "route_mistakes.txt", unplaced(checked(ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/films/{id}", say(), ashlar.Name("film"))
		a.Get("/films/{title}", say())
		a.Get("/films/{id}/cast", say(), ashlar.Name("film"))
		a.Get("films", say())
		a.Get("/films/{id", say())
		a.Get("/nil", nil)
		a.Handle("GET /nothing", nil)
		a.Group("/g", func(r *ashlar.Router) {
			r.Get("", say())
			r.Use(ashlar.Stage{Name: "neither"})
		})
		a.Group("api.example.com", func(r *ashlar.Router) { r.Static("/static/", fstest.MapFS{}) })
	})))
}

func TestRoutesAreFrozenOnceChecked(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, nil)
	for name, register := range map[string]func(){
		"Get":    func() { app.Get("/late", say()) },
		"Handle": func() { app.Handle("/late", http.NotFoundHandler()) },
		"action": func() { ashlar.Get(app.Router, "/late", give("x")) },
		"Static": func() { app.Static("/late/", fstest.MapFS{}) },
	} {
		func() {
			defer func() {
				var setup *errs.Setup
				err, _ := recover().(error)
				if !errors.As(err, &setup) || setup.Code != "A1012" || !strings.Contains(setup.Where, "routes_test.go") {
					t.Errorf("%s: got %v, want a panic with A1012", name, err)
				}
			}()
			register()
		}()
	}
}

func TestGroupNeedsPathOrHost(t *testing.T) {
	t.Parallel()
	got := checked(ashlar.Config{}, func(a *ashlar.App) { a.Group("admin", func(*ashlar.Router) { t.Error("got routes registered") }) })
	want.Contains(t, got, "A1015", `write "/admin"`)
}
