package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/cookiestore"
	"github.com/ashlar-go/ashlar/session/dbstore"
)

// A site is an app with sessions, its database in a file, and a server.
type site struct {
	*ashlar.App
	server *httptest.Server
	clock  *clock
	log    *lockedBuffer
	rows   bool // sessions are in the database
}

type options struct {
	store  session.Store // nil: dbstore
	config session.Config
	file   string // "": a new one
	keys   string // "": a new one
	tls    bool
	routes func(*ashlar.App)
	stages []ashlar.Stage

	errorPage ashlar.ErrorPage
}

func start(t *testing.T, o options) *site {
	t.Helper()
	// Far from now: nothing may depend on the system's clock.
	s := &site{clock: &clock{now: time.Date(2100, 3, 1, 12, 0, 0, 0, time.UTC)}, log: &lockedBuffer{}, rows: o.store == nil}
	if o.store == nil {
		o.store = dbstore.Store
	}
	if o.file == "" {
		o.file = filepath.Join(t.TempDir(), "site.db")
	}
	if o.keys == "" {
		o.keys = keys.Generate()
	}
	s.App = ashlar.New(ashlar.Config{
		Clock: s.clock.Now, Keys: config.Secret(o.keys),
		Log:       slog.New(slog.NewTextHandler(s.log, nil)),
		LookupEnv: func(string) (string, bool) { return "", false },
	},
		db.Module(db.Config{URL: "sqlite:" + o.file, Synchronous: "normal", BusyTimeout: time.Minute}, sqlite.Driver),
		migrate.Module(migrate.Options{Apply: true}),
		session.Module(o.config, o.store),
		ashlar.Module{Name: "stages", Setup: func(s *ashlar.Setup) error {
			for _, stage := range o.stages {
				s.Use(stage)
			}
			if o.errorPage != nil {
				s.Add(o.errorPage)
			}
			return nil
		}},
	)
	register(s.App)
	if o.routes != nil {
		o.routes(s.App)
	}
	want.NoErr(t, s.Start(t.Context()))
	t.Cleanup(func() { want.NoErr(t, s.Stop(context.Background())) })
	if o.tls {
		s.server = httptest.NewTLSServer(s.App)
	} else {
		s.server = httptest.NewServer(s.App)
	}
	t.Cleanup(s.server.Close)
	return s
}

// both runs a test on both drivers.
func both(t *testing.T, test func(t *testing.T, o options)) {
	t.Run("dbstore", func(t *testing.T) { t.Parallel(); test(t, options{}) })
	t.Run("cookiestore", func(t *testing.T) { t.Parallel(); test(t, options{store: cookiestore.Store}) })
}

var (
	cart = session.NewKey[int64]("cart")
	note = session.NewKey[string]("note")
)

// register gives an app the routes that the tests visit.
func register(app *ashlar.App) {
	app.Get("/plain", func(c *ashlar.Ctx) error { return c.Text("plain") })
	app.Get("/cart", showCart)
	app.Get("/set/{n}", setCart)
	app.Get("/note/{text}", func(c *ashlar.Ctx) error { return note.Set(c, c.Param("text")) })
	app.Get("/notes", func(c *ashlar.Ctx) error { v, _ := note.Get(c); return c.Text(v) })
	app.Get("/delete", func(c *ashlar.Ctx) error { return cart.Delete(c) })
	app.Get("/rotate", func(c *ashlar.Ctx) error { return session.Rotate(c) })
	app.Get("/destroy", func(c *ashlar.Ctx) error { return session.Destroy(c) })
	app.Get("/ref", func(c *ashlar.Ctx) error { ref, _ := session.Ref(c); return c.Text(ref) })
	app.Get("/begin", func(c *ashlar.Ctx) error {
		ref, err := session.Begin(c)
		return errors.Join(err, c.Text(ref))
	})
	app.Get("/token", func(c *ashlar.Ctx) error { return c.Text(c.CSRFToken()) })
	app.Post("/form", func(c *ashlar.Ctx) error { return c.Text("taken") })
	app.Get("/flash/{text}", func(c *ashlar.Ctx) error { return session.AddFlash(c, "info", c.Param("text")) })
	app.Get("/flashes", func(c *ashlar.Ctx) error { return c.Text(fmt.Sprint(session.Flashes(c))) })
	app.Get("/then/{what}", setThen)
}

func showCart(c *ashlar.Ctx) error {
	if n, ok := cart.Get(c); ok {
		return c.Text(fmt.Sprint(n))
	}
	return c.Text("none")
}

func setCart(c *ashlar.Ctx) error {
	var n int64
	if _, err := fmt.Sscan(c.Param("n"), &n); err != nil {
		return err
	}
	return cart.Set(c, n)
}

// setThen sets the cart to 99 and ends in one of several ways.
func setThen(c *ashlar.Ctx) error {
	if err := cart.Set(c, 99); err != nil {
		return err
	}
	switch c.Param("what") {
	case "fail":
		return errors.New("broken")
	case "refuse":
		return errs.Invalid.New("Not like this.")
	case "panic":
		panic("broken")
	case "stream":
		return c.Stream("text/plain", func(w io.Writer) error {
			if _, err := io.WriteString(w, "streamed; "); err != nil {
				return err
			}
			w.(http.Flusher).Flush()
			_, err := fmt.Fprint(w, errors.Is(cart.Set(c, 100), session.ErrSent))
			return err
		})
	}
	return c.Text("done")
}
