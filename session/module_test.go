package session_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/cookiestore"
	"github.com/ashlar-go/ashlar/session/dbstore"
)

// problems returns what is wrong with an app of these modules.
func problems(env map[string]string, modules ...ashlar.Module) string {
	app := ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler), LookupEnv: func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}}, modules...)
	if err := app.Check(context.Background()); err != nil {
		return err.Error()
	}
	return ""
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	golden.Equal(t, "no_store.txt", problems(nil, session.Module(session.Config{}, nil).At("shop/main.go:12")))
	golden.Equal(t, "config.txt", problems(map[string]string{"SESSION_IDLE": "1h", "SESSION_ABSOLUTE": "30m", "SESSION_TOUCH": "2h"},
		session.Module(session.Config{}, cookiestore.Store).At("shop/main.go:12")))
	want.Contains(t, problems(nil, session.Module(session.Config{}, dbstore.Store)), "A11", "*db.DB")
	want.Equal(t, problems(nil, session.Module(session.Config{}, cookiestore.Store)), "")
}

// Outside of a request with a session, reading finds nothing and writing says
// what is missing.
func TestOutside(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	if v, ok := cart.Get(ctx); ok || v != 0 {
		t.Errorf("get: got %d, %v; want 0, false", v, ok)
	}
	if ref, ok := session.Ref(ctx); ok || ref != "" {
		t.Errorf("ref: got %q, %v; want none", ref, ok)
	}
	want.Equal(t, len(session.Flashes(ctx)), 0)
	_, begin := session.Begin(ctx)
	for what, err := range map[string]error{
		"set": cart.Set(ctx, 1), "delete": cart.Delete(ctx), "flash": session.AddFlash(ctx, "info", "x"),
		"begin": begin, "rotate": session.Rotate(ctx), "destroy": session.Destroy(ctx),
	} {
		var setup *errs.Setup
		if !errors.As(err, &setup) || setup.Code != "A1701" {
			t.Fatalf("%s: got error %v, want A1701", what, err)
		}
		want.Contains(t, setup.Where, "session/module_test.go:")
		setup.Where = "shop/cart.go:12"
		golden.Equal(t, "outside.txt", err.Error())
	}
}

// sweeps is a driver of which only Sweep is called.
type sweeps struct {
	session.Driver
	at  chan time.Time
	err error
}

func (s *sweeps) Sweep(ctx context.Context, now time.Time) (int64, error) {
	s.at <- now
	return 1, s.err
}

func TestSweep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &sweeps{at: make(chan time.Time, 100), err: errors.New("the disk is full")}
		log := &lockedBuffer{}
		app := ashlar.New(ashlar.Config{Log: slog.New(slog.NewTextHandler(log, nil)),
			LookupEnv: func(string) (string, bool) { return "", false }},
			session.Module(session.Config{}, func(s *ashlar.Setup) { s.Provide(func() session.Driver { return d }) }))
		want.NoErr(t, app.Start(t.Context()))
		began := time.Now()
		time.Sleep(3*time.Hour + 2*time.Minute)
		want.NoErr(t, app.Stop(context.Background())) // at once, though a sweep is an hour away
		want.Equal(t, time.Since(began), 3*time.Hour+2*time.Minute)
		close(d.at)
		var got []time.Duration
		for at := range d.at {
			got = append(got, at.Sub(began))
		}
		want.Equal(t, got, []time.Duration{time.Minute, time.Hour + time.Minute, 2*time.Hour + time.Minute, 3*time.Hour + time.Minute})
		want.Contains(t, log.String(), "session sweep", "the disk is full")
	})
}

// A stop does not wait for a sweep that takes its time.
func TestStopDuringSweep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := make(chan bool)
		app := ashlar.New(ashlar.Config{Log: slog.New(slog.DiscardHandler),
			LookupEnv: func(string) (string, bool) { return "", false }},
			session.Module(session.Config{}, func(s *ashlar.Setup) {
				s.Provide(func() session.Driver { return slowSweep{began: began} })
			}))
		want.NoErr(t, app.Start(t.Context()))
		<-began
		want.NoErr(t, app.Stop(context.Background()))
	})
}

type slowSweep struct {
	session.Driver
	began chan bool
}

func (s slowSweep) Sweep(ctx context.Context, _ time.Time) (int64, error) {
	s.began <- true
	<-ctx.Done()
	return 0, ctx.Err()
}

// Two apps in one process do not meet.
func TestTwoApps(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		a, b := start(t, o), start(t, options{store: o.store, file: filepath.Join(t.TempDir(), "other.db")})
		v, w := a.visitor(t), b.visitor(t)
		v.get("/set/7")
		w.hold(v.cookie())
		w.sees("/cart", "none")
	})
}
