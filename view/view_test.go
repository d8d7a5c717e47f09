package view_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/view"
)

const layout = `<!doctype html><title>{{block "title" .}}Site{{end}}</title>{{block "content" .}}nothing{{end}}`

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func config() ashlar.Config {
	return ashlar.Config{Log: slog.New(slog.DiscardHandler), LookupEnv: func(string) (string, bool) { return "", false }}
}

// serving returns a started app with the module and routes.
func serving(t *testing.T, cfg view.Config, routes func(*ashlar.Router)) *ashlar.App {
	t.Helper()
	app := ashlar.New(config(), view.Module(cfg))
	routes(app.Router)
	want.NoErr(t, app.Start(t.Context()))
	t.Cleanup(func() { _ = app.Stop(context.Background()) })
	return app
}

func get(app *ashlar.App, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

type film struct {
	ID    int
	Title string
}

func page(name string, data film) func(*ashlar.Ctx) error {
	return func(c *ashlar.Ctx) error { return view.Page[film](name).With(data).Respond(c) }
}

func TestPagesHaveLayoutAndPartials(t *testing.T) {
	t.Parallel()
	app := serving(t, view.Config{FS: fstest.MapFS{
		"layout.html":            file(layout),
		"films/show.html":        file(`{{define "title"}}{{.Title}}{{end}}{{define "content"}}{{template "card" .}}{{end}}`),
		"alone.html":             file(`<p>{{.Title}}</p>`),
		"partials/_card.html":    file(`<b>{{.Title}}</b>`),
		"partials/_defined.html": file(`{{/* two of them */}}{{define "one"}}1{{end}}{{define "two"}}2{{end}}`),
		"notes.txt":              file(`{{not a template`),
	}}, func(r *ashlar.Router) {
		r.Get("/show", page("films/show.html", film{1, "<Ran>"}))
		r.Get("/alone", page("alone.html", film{1, "Ran"}))
		r.Get("/none", page("none.html", film{}))
	})
	w := get(app, "/show")
	want.Equal(t, w.Body.String(), `<!doctype html><title>&lt;Ran&gt;</title><b>&lt;Ran&gt;</b>`)
	want.Equal(t, w.Header().Get("Content-Type"), "text/html; charset=utf-8")
	want.Equal(t, get(app, "/alone").Body.String(), "<p>Ran</p>")
	want.Equal(t, get(app, "/none").Code, 500)
}

func TestHelpers(t *testing.T) {
	t.Parallel()
	app := serving(t, view.Config{Funcs: map[string]any{"shout": strings.ToUpper}, FS: fstest.MapFS{
		"a.html": file(`{{url "film" "id" .ID "page" 2}}|{{asset "a.css"}}|{{csrf}}|<script nonce="{{nonce}}"></script>|` +
			`{{with dict "x" 1}}{{.x}}{{end}}|{{shout .Title}}`),
	}}, func(r *ashlar.Router) {
		r.Get("/films/{id:int}", page("a.html", film{7, "ran"}), ashlar.Name("film"))
		r.Static("/static/", fstest.MapFS{"a.css": file("a{}")})
	})
	w := get(app, "/films/1")
	parts := strings.Split(w.Body.String(), "|")
	want.Equal(t, parts[0], "/films/7?page=2")
	want.Contains(t, parts[1], "/static/a.", ".css")
	want.Contains(t, parts[2], `<input type="hidden" name="_csrf" value="`)
	want.Contains(t, w.Header().Get("Content-Security-Policy"),
		"'nonce-"+strings.TrimSuffix(strings.TrimPrefix(parts[3], `<script nonce="`), `"></script>`)+"'")
	want.Equal(t, parts[4], "1")
	want.Equal(t, parts[5], "RAN")
	want.Equal(t, len(w.Result().Cookies()), 1)
}

type in struct {
	Email string `form:"email" validate:"required,email"`
}

func TestFieldHelper(t *testing.T) {
	t.Parallel()
	form := view.Page[ashlar.Form[in]]("form.html")
	app := serving(t, view.Config{FS: fstest.MapFS{
		"form.html": file(`{{with field . "email"}}<input id="{{.ID}}" name="{{.Name}}" value="{{.Value}}">{{.Error}}{{end}}`),
		"bad.html":  file(`{{field . "mail"}}`),
	}}, func(r *ashlar.Router) {
		ashlar.Get(r, "/new", func(context.Context, struct{}) (ashlar.Response, error) { return form.With(ashlar.Form[in]{}), nil })
		ashlar.Get(r, "/bad", func(context.Context, struct{}) (ashlar.Response, error) {
			return view.Page[ashlar.Form[in]]("bad.html").With(ashlar.Form[in]{}), nil
		})
		ashlar.Post(r, "/new", func(_ context.Context, in ashlar.Form[in]) (ashlar.Response, error) {
			return form.With(in).Status(422), nil
		}, ashlar.InsecureNoCSRF())
	})
	want.Equal(t, get(app, "/new").Body.String(), `<input id="field-email" name="email" value="">`)
	want.Equal(t, get(app, "/bad").Code, 500)
	r := httptest.NewRequest("POST", "/new", strings.NewReader("email=%22%3E%3Cscript%3E"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	want.Equal(t, w.Code, 422)
	want.Contains(t, w.Body.String(), `value="&#34;&gt;&lt;script&gt;">`, "email address")
}

func TestRepresentationByAccept(t *testing.T) {
	t.Parallel()
	app := serving(t, view.Config{FS: fstest.MapFS{"a.html": file("<b>{{.Title}}</b>")}}, func(r *ashlar.Router) {
		ashlar.Get(r, "/a", func(context.Context, struct{}) (film, error) { return film{1, "Ran"}, nil }, view.Page[film]("a.html").HTML())
	})
	want.Equal(t, get(app, "/a", "Accept: text/html,application/xhtml+xml,*/*;q=0.8").Body.String(), "<b>Ran</b>")
	want.Equal(t, get(app, "/a", "Accept: application/json").Body.String(), `{"ID":1,"Title":"Ran"}`+"\n")
}

func TestMistakesAreFoundAtStart(t *testing.T) {
	t.Parallel()
	app := ashlar.New(config(), view.Module(view.Config{FS: fstest.MapFS{
		"layout.html":  file(layout),
		"syntax.html":  file("line one\n{{if}}"),
		"func.html":    file("{{nosuch 1}}"),
		"missing.html": file(`{{template "nowhere"}}`),
	}}))
	err := app.Check(t.Context())
	if err == nil {
		t.Fatal("got no error")
	}
	want.Contains(t, err.Error(), "syntax.html:2", "func.html:1", `"nosuch"`, "nowhere", "A1602")

	app = ashlar.New(config(), view.Module(view.Config{FS: fstest.MapFS{
		"names.html": file(`{{url "films"}} {{if true}}{{asset "gone.css" | print}}{{end}}`),
	}}))
	err = app.Check(t.Context())
	if err == nil {
		t.Fatal("got no error")
	}
	want.Contains(t, err.Error(), `no route is named "films"`, "gone.css", "names.html:1", "A1603")

	app = ashlar.New(config(), view.Module(view.Config{}))
	want.Contains(t, fmt.Sprint(app.Check(t.Context())), "view.Config.FS is not set", "A1601")
}

func TestErrorPage(t *testing.T) {
	t.Parallel()
	app := serving(t, view.Config{Errors: "error.html", FS: fstest.MapFS{
		"error.html": file(`<h1>{{.Status}}</h1><p>{{.Detail}}</p>`),
	}}, func(*ashlar.Router) {})
	w := get(app, "/nowhere", "Accept: text/html")
	want.Equal(t, w.Code, 404)
	want.Equal(t, w.Body.String(), "<h1>404</h1><p>There is no such page.</p>")

	// A page for errors that fails itself still leaves an answer.
	app = serving(t, view.Config{Errors: "error.html", FS: fstest.MapFS{"error.html": file(`{{.NoSuchField}}`)}}, func(*ashlar.Router) {})
	w = get(app, "/nowhere", "Accept: text/html")
	want.Equal(t, w.Code, 404)
	want.Contains(t, w.Body.String(), "<h1>404 Not Found</h1>")
}

// A page that fails half-way leaves nothing of itself.
func TestNoHalfPages(t *testing.T) {
	t.Parallel()
	app := serving(t, view.Config{FS: fstest.MapFS{
		"half.html": file(`begins {{.Title}} {{.NoSuchField}}`),
	}}, func(r *ashlar.Router) { r.Get("/", page("half.html", film{})) })
	w := get(app, "/", "Accept: text/html")
	want.Equal(t, w.Code, 500)
	if strings.Contains(w.Body.String(), "begins") {
		t.Error("got the half page")
	}
}

func TestLiveFilesAreReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(text string) { want.NoErr(t, os.WriteFile(filepath.Join(dir, "a.html"), []byte(text), 0o644)) }
	write("first")
	app := serving(t, view.Config{Live: dir, FS: fstest.MapFS{"a.html": file("embedded")}},
		func(r *ashlar.Router) { r.Get("/", page("a.html", film{})) })
	want.Equal(t, get(app, "/").Body.String(), "first")
	write("the second one")
	want.Equal(t, get(app, "/").Body.String(), "the second one")
	write("{{broken")
	want.Equal(t, get(app, "/").Code, 500)
	write("mended again")
	want.Equal(t, get(app, "/").Body.String(), "mended again")
}

type component struct{ err error }

func (c component) Render(_ context.Context, w io.Writer) error {
	_, _ = io.WriteString(w, "<i>other engine</i>")
	return c.err
}

func TestOtherEngines(t *testing.T) {
	t.Parallel()
	app := serving(t, view.Config{FS: fstest.MapFS{}}, func(r *ashlar.Router) {
		r.Get("/", view.Answer(component{}).Respond)
		r.Get("/bad", view.Answer(component{io.ErrUnexpectedEOF}).Respond)
	})
	want.Equal(t, get(app, "/").Body.String(), "<i>other engine</i>")
	want.Equal(t, get(app, "/bad").Code, 500)
}

func TestRenderOutsideOfAnApp(t *testing.T) {
	t.Parallel()
	err := view.Page[film]("a.html").With(film{}).Render(context.Background(), io.Discard)
	want.Contains(t, fmt.Sprint(err), "view.Module")
}

// Each request's helpers belong to it alone, however many run at once.
func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	app := serving(t, view.Config{FS: fstest.MapFS{"a.html": file(`{{nonce}} {{.Title}}`)}}, func(r *ashlar.Router) {
		r.Get("/{name}", func(c *ashlar.Ctx) error {
			return view.Page[film]("a.html").With(film{Title: c.Param("name")}).Respond(c)
		})
	})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			w := get(app, fmt.Sprintf("/n%d", i))
			nonce, name, _ := strings.Cut(w.Body.String(), " ")
			if name != fmt.Sprintf("n%d", i) || !strings.Contains(w.Header().Get("Content-Security-Policy"), nonce) {
				t.Errorf("got %q with policy %q", w.Body.String(), w.Header().Get("Content-Security-Policy"))
			}
		})
	}
	all.Wait()
}
