package session_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
)

func TestValues(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		a, b := s.visitor(t), s.visitor(t)
		a.sees("/cart", "none")
		a.get("/set/7")
		a.sees("/cart", "7")
		b.sees("/cart", "none")
		a.get("/set/8")
		a.get("/note/hello")
		a.sees("/cart", "8")
		a.get("/delete")
		a.sees("/cart", "none")
		a.sees("/notes", "hello")
		a.get("/note/%FF%C3(") // no UTF-8
		a.sees("/notes", "\uFFFD\uFFFD(")
	})
}

// Nothing is stored about visitors of whom nothing has to be remembered, and
// they get no cookie.
func TestNothingBeforeTheFirstSet(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	v := s.visitor(t)
	for _, path := range []string{"/plain", "/cart", "/notes", "/delete", "/ref", "/flashes", "/destroy"} {
		for range 50 {
			a := s.visitor(t).send("GET", path, "", "Cookie: other=1")
			if a.status != 200 || a.header["Set-Cookie"] != nil {
				t.Fatalf("GET %s: got status %d and cookies %q, want 200 and none", path, a.status, a.header["Set-Cookie"])
			}
		}
	}
	v.get("/token") // sets the CSRF cookie only
	want.Equal(t, v.cookie(), "")
	want.Equal(t, s.count(t), 0)
	v.get("/begin")
	want.Equal(t, s.count(t), 1)
}

func TestRestart(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		o.file, o.keys = filepath.Join(t.TempDir(), "site.db"), keys.Generate()
		first := start(t, o)
		v := first.visitor(t)
		v.get("/set/7")
		token := v.get("/token")
		cookie := v.cookie()
		first.server.Close()

		again := start(t, o).visitor(t)
		again.hold(cookie)
		again.sees("/cart", "7")
		want.Equal(t, again.post(token), 200)
	})
}

func TestRef(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		v := start(t, o).visitor(t)
		v.sees("/ref", "")
		ref := v.get("/begin")
		want.Equal(t, len(ref), 22)
		v.sees("/begin", ref)
		v.get("/set/7")
		v.get("/rotate")
		v.sees("/ref", ref)
		if strings.Contains(v.cookie(), ref) {
			t.Errorf("the cookie %q shows the reference %q", v.cookie(), ref)
		}
		v.get("/destroy")
		v.sees("/ref", "")
		if again := v.get("/begin"); again == ref {
			t.Error("another session got the same reference")
		}
	})
}

// Requests of one visitor at the same time set different keys; dbstore loses
// none of them.
func TestParallelRequests(t *testing.T) {
	t.Parallel()
	const n = 8
	var ready sync.WaitGroup
	ready.Add(n)
	s := start(t, options{routes: func(app *ashlar.App) {
		app.Get("/all/{key}", func(c *ashlar.Ctx) error {
			ready.Done()
			ready.Wait() // all have loaded the session
			return session.NewKey[bool]("key."+c.Param("key")).Set(c, true)
		})
		app.Get("/has/{key}", func(c *ashlar.Ctx) error {
			_, ok := session.NewKey[bool]("key." + c.Param("key")).Get(c)
			return c.JSON(ok)
		})
	}})
	v := s.visitor(t)
	v.get("/begin")
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() {
			if a := v.send("GET", "/all/"+string(rune('a'+i)), ""); a.status != 200 {
				t.Errorf("got status %d: %s", a.status, a.body)
			}
		})
	}
	done.Wait()
	for i := range n {
		v.sees("/has/"+string(rune('a'+i)), "true\n")
	}
	want.Equal(t, s.count(t), 1)
}

// Goroutines of one request share its session.
func TestGoroutines(t *testing.T) {
	t.Parallel()
	v := start(t, options{routes: func(app *ashlar.App) {
		app.Get("/fan", func(c *ashlar.Ctx) error {
			var all sync.WaitGroup
			for i := range 20 {
				key := session.NewKey[int](string(rune('a' + i)))
				all.Go(func() {
					if err := key.Set(c, i); err != nil {
						t.Error(err)
					}
					if got, ok := key.Get(c); !ok || got != i {
						t.Errorf("got %d %v, want %d", got, ok, i)
					}
					_, _ = session.Ref(c)
					_ = session.AddFlash(c, "info", "x")
				})
			}
			all.Wait()
			return nil
		})
		app.Get("/t", func(c *ashlar.Ctx) error { n, _ := session.NewKey[int]("t").Get(c); return c.JSON(n) })
	}}).visitor(t)
	v.get("/fan")
	v.sees("/t", "19\n")
}

// A Ctx that outlives its request reads on, and changes nothing any more.
func TestAfterTheRequest(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"/keep", "/keep?fail=1"} {
		kept := make(chan context.Context, 1)
		v := start(t, options{routes: func(app *ashlar.App) {
			app.Get("/keep", func(c *ashlar.Ctx) error {
				kept <- c
				if c.Query("fail") != "" {
					panic("broken")
				}
				return cart.Set(c, 2)
			})
		}}).visitor(t)
		v.get("/set/1")
		v.get("/flash/x")
		v.send("GET", how, "")
		ctx := <-kept
		if _, ok := cart.Get(ctx); !ok {
			t.Error("got no value, want the one from the request")
		}
		_, begin := session.Begin(ctx)
		for what, err := range map[string]error{
			"set": cart.Set(ctx, 3), "delete": cart.Delete(ctx), "begin": begin, "rotate": session.Rotate(ctx),
			"destroy": session.Destroy(ctx), "flash": session.AddFlash(ctx, "info", "x"),
		} {
			t.Run(what, func(t *testing.T) { want.Err(t, err, session.ErrSent) })
		}
		want.Equal(t, len(session.Flashes(ctx)), 0)
	}
}
