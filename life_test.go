package ashlar_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// diary notes what happened in which order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.lines, ", ")
}

// noting returns a module whose every step is in the diary.
func noting(d *diary, name string, change func(*ashlar.Service)) ashlar.Module {
	return ashlar.Module{Name: name, Setup: func(s *ashlar.Setup) error {
		d.note("setup %s", name)
		s.Check("all", func(context.Context) error { d.note("check %s", name); return nil })
		svc := ashlar.Service{
			Start: func(context.Context) error { d.note("start %s", name); return nil },
			Stop:  func(context.Context) error { d.note("stop %s", name); return nil },
		}
		if change != nil {
			change(&svc)
		}
		s.Run(svc)
		return nil
	}}
}

func TestPhases(t *testing.T) {
	t.Parallel()
	var d diary
	app := ashlar.New(ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler)}, noting(&d, "a", nil), noting(&d, "b", nil), noting(&d, "c", nil))
	want.Equal(t, ask(app, "GET", "/", "").Code, 503)
	want.Equal(t, d.String(), "")
	want.NoErr(t, app.Check(t.Context()))
	const checkedAll = "setup a, setup b, setup c, check a, check b, check c"
	want.Equal(t, d.String(), checkedAll)
	want.NoErr(t, app.Check(t.Context())) // once is enough
	want.NoErr(t, app.Start(t.Context()))
	want.Equal(t, ask(app, "GET", "/", "").Code, 404)
	want.NoErr(t, app.Stop(t.Context()))
	want.Equal(t, d.String(), checkedAll+", start a, start b, start c, stop c, stop b, stop a")
	want.Equal(t, ask(app, "GET", "/", "").Code, 503)
	want.NoErr(t, app.Stop(t.Context())) // there is nothing left
	want.Equal(t, d.String(), checkedAll+", start a, start b, start c, stop c, stop b, stop a")
}

func TestStartRollsBack(t *testing.T) {
	t.Parallel()
	var d diary
	broken := errors.New("port taken")
	app := ashlar.New(ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler)},
		noting(&d, "a", func(s *ashlar.Service) {
			s.Run = func(ctx context.Context) error { <-ctx.Done(); d.note("end a"); return ctx.Err() }
		}),
		noting(&d, "b", func(s *ashlar.Service) {
			s.Stop = func(context.Context) error { d.note("stop b"); return errors.New("b is stuck") }
		}),
		noting(&d, "c", func(s *ashlar.Service) { s.Start = func(context.Context) error { return broken } }),
		noting(&d, "d", nil))
	err := app.Start(t.Context())
	want.Err(t, err, broken)
	want.Contains(t, err.Error(), "start c: port taken", "stop b: b is stuck")
	_, run, _ := strings.Cut(d.String(), "check d, ")
	want.Equal(t, run, "start a, start b, end a, stop b, stop a")
	want.Equal(t, ask(app, "GET", "/", "").Code, 503)
}

func TestServiceThatEnds(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(context.Context) error{
		"returned although nobody stopped it": func(context.Context) error { return nil },
		"lost the connection":                 func(context.Context) error { return errors.New("lost the connection") },
		"panic: nil map":                      func(context.Context) error { panic("nil map") },
	} {
		var d diary
		app := ashlar.New(ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler), Addr: "localhost:0"},
			noting(&d, "a", nil), noting(&d, "b", func(s *ashlar.Service) { s.Name, s.Run = "worker", run }))
		err := app.Run(t.Context(), []string{"serve"}, io.Discard)
		if err == nil {
			t.Fatal("got no error though a service ended")
		}
		want.Contains(t, err.Error(), "service worker: ", name)
		want.Contains(t, d.String(), "stop b, stop a")
	}
}

func TestStopIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var d diary
		release := make(chan struct{})
		app := ashlar.New(ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler), DrainTimeout: 5 * time.Second},
			noting(&d, "a", nil),
			noting(&d, "deaf", func(s *ashlar.Service) { s.Run = func(context.Context) error { <-release; return nil } }),
			noting(&d, "slow", func(s *ashlar.Service) {
				s.Stop = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
			}))
		want.NoErr(t, app.Start(t.Context()))
		begin := time.Now()
		err := app.Stop(t.Context())
		if took := time.Since(begin); took < 5*time.Second || took > 7*time.Second {
			t.Errorf("got a stop after %v, want about 5s", took)
		}
		want.Err(t, err, context.DeadlineExceeded)
		want.Contains(t, err.Error(), "does not end", "stop slow:")
		want.Contains(t, d.String(), "stop a") // what can be stopped is
		close(release)
	})
}

type settings struct {
	Workers int `default:"2" min:"1" doc:"how many"`
}

type mailer interface{ Send() error }

func TestCheckReportsAllAtOnce(t *testing.T) {
	t.Parallel()
	boot := errors.New("no such folder")
	golden.Equal(t, "all_mistakes.txt", unplaced(checked(ashlar.Config{LookupEnv: environment("JOBS_WORKERS=0", "ASHLAR_TIMEOUT=soon"),
		TrustedProxies: []string{"10.0.0.1"}, TLSCert: "cert.pem"},
		func(a *ashlar.App) {
			a.Get("/films/{id:number}", say())
			ashlar.Get(a.Router, "/input", give(""), ashlar.Name("input"))
			ashlar.Get(a.Router, "/films", nothing[int])
		},
		ashlar.Module{Setup: func(*ashlar.Setup) error { return nil }},
		ashlar.Module{Name: "jobs", Config: &settings{}, Setup: func(s *ashlar.Setup) error {
			var m mailer
			s.Need(&m)
			s.Use(ashlar.Stage{Name: "session", Before: "sesion", Run: mark("x").Run})
			s.Command(ashlar.Command{Name: "serve", Run: func(context.Context, *ashlar.Call) error { return nil }})
			s.Command(ashlar.Command{Name: "two words"})
			s.Check("folder", func(context.Context) error { return boot })
			s.Routes(func(r *ashlar.Router, m mailer) {})
			return nil
		}},
		ashlar.Module{Name: "jobs"},
		ashlar.Module{Name: "broken", Setup: func(*ashlar.Setup) error { return boot }}.At("reel/main.go:12"),
	)))
	// A check of a module's runs when the rest is well, and stops the start.
	app := ashlar.New(ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler)}, ashlar.Module{Name: "files", Setup: func(s *ashlar.Setup) error {
		s.Check("folder", func(context.Context) error { return boot })
		return nil
	}})
	err := app.Start(t.Context())
	want.Err(t, err, boot)
	want.Contains(t, err.Error(), "files: folder: no such folder")
}

type counter struct{ n int }

type tenantKey struct{}

func TestTwoAppsInOneProcess(t *testing.T) {
	t.Parallel()
	build := func(name string) *ashlar.App {
		app, _ := started(t, ashlar.Config{Name: name}, nil, ashlar.Module{Name: "count", Setup: func(s *ashlar.Setup) error {
			s.Provide(func() *counter { return &counter{} })
			s.Add(ashlar.ContextValue{Key: tenantKey{}, Value: name})
			s.Routes(func(r *ashlar.Router, c *counter) {
				r.Get("/", func(ctx *ashlar.Ctx) error { c.n++; return ctx.Text(spaced(ctx.Value(tenantKey{}), c.n)) })
			})
			return nil
		}})
		return app
	}
	one, two := build("one"), build("two")
	want.Equal(t, ask(one, "GET", "/", "").Body.String(), "one 1")
	want.Equal(t, ask(one, "GET", "/", "").Body.String(), "one 2")
	want.Equal(t, ask(two, "GET", "/", "").Body.String(), "two 1")
}

type greeter interface{ greet() string }

type plain struct{ word string }

func (p plain) greet() string { return p.word }

func TestContainerThroughSetup(t *testing.T) {
	t.Parallel()
	type panel string
	var got []panel
	var late greeter
	app, _ := started(t, ashlar.Config{Name: "reel"}, nil,
		ashlar.Module{Name: "base", Setup: func(s *ashlar.Setup) error {
			s.Provide(func() greeter { return plain{"hello"} }, inject.Default)
			s.Provide(plain{"off"}, inject.As[greeter](), inject.When(inject.ConfigIs("name", "other")))
			s.Add(panel("first"))
			return nil
		}},
		ashlar.Module{Name: "louder", Setup: func(s *ashlar.Setup) error {
			s.Provide(ashlar.Decorate(func(g greeter) greeter { return plain{g.greet() + "!"} }))
			s.Add(panel("second"))
			s.Need(&got, &late)
			want.Equal(t, s.Env(), "development")
			return nil
		}})
	want.Equal(t, got, []panel{"first", "second"})
	want.Equal(t, late.greet(), "hello!")
	want.NoErr(t, app.Stop(t.Context()))
}

// Commands, services, checks and requests see the same values and clock.
func TestContextsOfAnApp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC)
	var d diary
	see := func(who string, ctx context.Context) error {
		d.note("%s %v %s", who, ctx.Value(tenantKey{}), ashlar.Now(ctx).Format(time.TimeOnly))
		return nil
	}
	ran := make(chan struct{})
	module := ashlar.Module{Name: "see", Setup: func(s *ashlar.Setup) error {
		s.Add(ashlar.ContextValue{Key: tenantKey{}, Value: "acme"})
		s.Check("it", func(ctx context.Context) error { return see("check", ctx) })
		s.Command(ashlar.Command{Name: "look", Run: func(ctx context.Context, _ *ashlar.Call) error { return see("command", ctx) }})
		s.Run(ashlar.Service{Start: func(ctx context.Context) error { return see("start", ctx) },
			Run: func(ctx context.Context) error {
				_ = see("run", ctx)
				close(ran)
				<-ctx.Done()
				return nil
			},
			Stop: func(ctx context.Context) error { return see("stop", ctx) }})
		return nil
	}}
	cfg := ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return now }}
	app, _ := started(t, cfg, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error { return see("request", c) })
	}, module)
	<-ran
	ask(app, "GET", "/", "")
	want.NoErr(t, ashlar.New(cfg, module).Run(t.Context(), []string{"look"}, io.Discard))
	if err := app.Run(t.Context(), []string{"look"}, io.Discard); err == nil {
		t.Error("got an app that took other arguments after its start")
	}
	if err := app.Start(t.Context()); err == nil {
		t.Error("got an app that started twice")
	}
	want.NoErr(t, app.Stop(t.Context()))
	for _, who := range []string{"check", "start", "run", "request", "command", "stop"} {
		want.Contains(t, d.String(), who+" acme 12:00:00")
	}
	want.Equal(t, ashlar.Now(context.Background()), time.Time{})
	_, ok := ashlar.FromContext(app.Context(t.Context()))
	want.Equal(t, ok, false)
	want.Equal(t, errs.KindOf(app.Context(t.Context()).Err()), errs.Internal)
}
