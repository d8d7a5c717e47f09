package ashlar_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// using returns a module that puts stages on the road.
func using(stages ...ashlar.Stage) ashlar.Module {
	return ashlar.Module{Name: "test", Setup: func(s *ashlar.Setup) error {
		for _, stage := range stages {
			s.Use(stage)
		}
		return nil
	}}
}

var builtInStages = []string{"request-id", "log", "headers", "compress", "conditional", "errors", "recover", "host", "static",
	"route", "limit", "timeout", "csrf", "handler"}

// A stage may stand on either side of every built-in one, and the request
// passes all the same.
func TestStagesBesideEveryBuiltInOne(t *testing.T) {
	t.Parallel()
	var stages []ashlar.Stage
	var order []string
	for _, name := range builtInStages {
		stages = append(stages, ashlar.Stage{Name: "before " + name, Run: mark("before " + name).Run, Before: name})
		order = append(order, "before "+name)
		if name != "handler" {
			stages = append(stages, ashlar.Stage{Name: "after " + name, Run: mark("after " + name).Run, After: name})
			order = append(order, "after "+name)
		}
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) { a.Get("/", say()) }, using(stages...))
	w := ask(app, "GET", "/", "")
	want.Equal(t, w.Code, 200)
	want.Equal(t, w.Header()["X-Trail"], order)
	want.Equal(t, w.Header().Get("X-Frame-Options"), "DENY")

	// Without a place: in front of the handler, in list order.
	app, _ = started(t, ashlar.Config{}, func(a *ashlar.App) { a.Get("/", say()) }, using(mark("one"), mark("two")))
	want.Equal(t, ask(app, "GET", "/", "").Header()["X-Trail"], []string{"one", "two"})
}

// What is left out does nothing, and the stages beside it keep their places.
func TestOmittedStages(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{InsecureOmitStages: []string{"headers", "conditional", "csrf", "limit", "timeout", "host", "log", "request-id", "compress", "static"}},
		func(a *ashlar.App) { a.Post("/", say()) }, using(ashlar.Stage{Name: "a", Run: mark("a").Run, Before: "csrf"},
			ashlar.Stage{Name: "b", Run: mark("b").Run, After: "headers"}))
	w := ask(app, "POST", "http://evil.test/", "x")
	want.Equal(t, w.Code, 200)
	want.Equal(t, w.Header()["X-Trail"], []string{"b", "a"})
	for _, name := range []string{"X-Frame-Options", "X-Request-Id", "Etag"} {
		want.Equal(t, w.Header().Get(name), "")
	}
	for _, name := range []string{"errors", "recover", "route", "handler", "csp", ""} {
		want.Contains(t, checked(ashlar.Config{InsecureOmitStages: []string{name}}, nil), fmt.Sprintf("stage %q cannot be left out", name))
	}
}

func TestStageMistakes(t *testing.T) {
	t.Parallel()
	run := mark("x").Run
	wrap := func(h http.Handler) http.Handler { return h }
	golden.Equal(t, "stage_mistakes.txt", unplaced(checked(ashlar.Config{}, nil, using(
		ashlar.Stage{Run: run},
		ashlar.Stage{Name: "neither"},
		ashlar.Stage{Name: "both", Run: run, Wrap: wrap},
		ashlar.Stage{Name: "nowhere", Run: run, Before: "sesion"},
		ashlar.Stage{Name: "torn", Run: run, Before: "csrf", After: "csrf"},
		ashlar.Stage{Name: "log", Run: run},
		ashlar.Stage{Name: "twice", Run: run},
		ashlar.Stage{Name: "twice", Run: run},
		ashlar.Stage{Name: "last", Run: run, After: "handler"},
	))))
}

// What a stage returns, where it stands and whether it goes on: the answer is
// always whole.
func TestStagesThatDoNotGoOn(t *testing.T) {
	t.Parallel()
	for _, name := range builtInStages {
		for what, c := range map[string]struct {
			stage ashlar.Stage
			code  int
		}{
			"error":           {ashlar.Stage{Run: func(*ashlar.Ctx) error { return fmt.Errorf("stage: broken") }}, 500},
			"nothing":         {ashlar.Stage{Run: func(*ashlar.Ctx) error { return nil }}, 200},
			"answer":          {ashlar.Stage{Run: func(c *ashlar.Ctx) error { return c.Status(418).Text("teapot") }}, 418},
			"wrap, nothing":   {ashlar.Stage{Wrap: func(http.Handler) http.Handler { return http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}) }}, 200},
			"wrap, head":      {ashlar.Stage{Wrap: func(http.Handler) http.Handler { return status(418) }}, 418},
			"wrap, not found": {ashlar.Stage{Wrap: func(http.Handler) http.Handler { return http.NotFoundHandler() }}, 404},
		} {
			c.stage.Name, c.stage.Before = "mine", name
			app, log := started(t, ashlar.Config{}, func(a *ashlar.App) { a.Get("/", say()) }, using(c.stage))
			w := ask(app, "GET", "/", "")
			if w.Code != c.code {
				t.Errorf("%s before %s: got %d, want %d", what, name, w.Code, c.code)
			}
			place := strings.Join(builtInStages, " ")
			behind := func(other string) bool { return strings.Index(place, other) < strings.Index(place, name) }
			if behind("request-id") && w.Header().Get("X-Request-Id") == "" {
				t.Errorf("%s before %s: got no request id", what, name)
			}
			if behind("headers") && w.Header().Get("X-Frame-Options") != "DENY" {
				t.Errorf("%s before %s: got no security headers", what, name)
			}
			if behind("log") && !strings.Contains(log.String(), fmt.Sprintf("status=%d", c.code)) {
				t.Errorf("%s before %s: got log %s", what, name, log)
			}
		}
	}
}

type status int

func (s status) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(s)) }

// A panic of a stage is one of the user's code wherever the stage stands.
func TestStagesThatPanic(t *testing.T) {
	t.Parallel()
	for _, name := range builtInStages {
		for _, stage := range []ashlar.Stage{
			{Run: func(*ashlar.Ctx) error { panic("stage") }},
			{Wrap: func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("stage") })
			}},
			{Wrap: func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					h.ServeHTTP(discard{http.Header{}}, r) // the answer is dropped
					panic("stage")
				})
			}},
		} {
			stage.Name, stage.Before = "mine", name
			app, log := started(t, ashlar.Config{}, func(a *ashlar.App) { a.Get("/", say()) }, using(stage))
			w := ask(app, "GET", "/", "")
			if w.Code != 500 || strings.Count(log.String(), "panic: stage") != 1 {
				t.Errorf("before %s: got %d, log %s", name, w.Code, log)
			}
		}
	}
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

type userKey struct{}

func TestSetIsSeenBehindTheStage(t *testing.T) {
	t.Parallel()
	set := func(name string) ashlar.Stage {
		return ashlar.Stage{Name: name, Run: func(c *ashlar.Ctx) error {
			c.Set(userKey{}, name)
			return c.Next()
		}}
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error {
			ctx, cancel := context.WithCancel(c)
			defer cancel()
			return c.Text(spaced(c.Value(userKey{}), ctx.Value(userKey{})))
		})
	}, using(set("first"), set("second")))
	want.Equal(t, ask(app, "GET", "/", "").Body.String(), "second second") // as context.WithValue would
}

// A stage that looks at the request early must not take anything from the
// handler behind it.
func TestEarlyRequestIsWholeLater(t *testing.T) {
	t.Parallel()
	look := func(c *ashlar.Ctx) error {
		_ = c.Request().UserAgent()
		return c.Next()
	}
	pass := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) })
	}
	for _, name := range builtInStages {
		for _, stage := range []ashlar.Stage{{Run: look}, {Wrap: pass}} {
			stage.Name, stage.Before = "mine", name
			app, _ := started(t, ashlar.Config{BodyLimit: 10}, func(a *ashlar.App) {
				a.Handle("POST /std/{id}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					fmt.Fprint(w, r.PathValue("id"), " ", r.Pattern)
				}), ashlar.InsecureNoCSRF())
				a.Post("/body", func(c *ashlar.Ctx) error {
					_, err := io.Copy(io.Discard, c.Body())
					return err
				}, ashlar.InsecureNoCSRF())
			}, using(stage))
			want.Equal(t, ask(app, "POST", "/std/7", "").Body.String(), "7 POST /std/{id}")
			if got := chunked(app, "/body", strings.Repeat("x", 100)).Code; got != 413 {
				t.Errorf("before %s: got %d for a body over the limit, want 413", name, got)
			}
			want.Equal(t, chunked(app, "/body", "short").Code, 200)
		}
	}
}
