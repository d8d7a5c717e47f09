package session_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/dbstore"
)

// How a request ends decides what is stored.
func TestEnd(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) { testEnd(t, start(t, o)) })
}

// The same with a middleware of net/http in between, which sees answers and no
// errors.
func TestEndBehindMiddleware(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		o.stages = append(o.stages, ashlar.Stage{Name: "wrap", After: "csrf",
			Wrap: func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) })
			}})
		testEnd(t, start(t, o))
	})
}

func testEnd(t *testing.T, s *site) {
	t.Helper()
	for _, test := range []struct {
		how    string
		status int
		cart   string
	}{
		{"answer", 200, "99"},
		{"refuse", 422, "99"},
		{"fail", 500, "7"},
		{"panic", 500, "7"},
	} {
		v := s.visitor(t)
		v.get("/set/7")
		want.Equal(t, v.send("GET", "/then/"+test.how, "").status, test.status)
		v.sees("/cart", test.cart)

		first := s.visitor(t)
		a := first.send("GET", "/then/"+test.how, "")
		if stored := test.cart == "99"; (a.cookie != nil) != stored {
			t.Errorf("%s: got cookie %v, want one: %v", test.how, a.cookie, stored)
		}
	}
}

// A stream's session is stored before its head leaves; Set is refused then.
func TestStream(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		v := start(t, o).visitor(t)
		a := v.send("GET", "/then/stream", "")
		want.Equal(t, a.body, "streamed; true")
		if a.cookie == nil {
			t.Error("got no cookie, want one")
		}
		v.sees("/cart", "99")
	})
}

// Middleware of the net/http kind may stand on either side of the session.
func TestBesideMiddleware(t *testing.T) {
	t.Parallel()
	pass := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
	}
	for _, stage := range []ashlar.Stage{
		{Name: "outer", Wrap: pass, Before: "session"},
		{Name: "inner", Wrap: pass, After: "session"},
	} {
		both(t, func(t *testing.T, o options) {
			o.stages = []ashlar.Stage{stage}
			v := start(t, o).visitor(t)
			v.get("/set/7")
			v.get("/flash/x")
			v.sees("/flashes", "[{info x}]")
			v.sees("/then/stream", "streamed; true")
			v.get("/rotate")
			want.Equal(t, v.post(v.get("/token")), 200)
			v.sees("/cart", "99")
		})
	}
}

// What a request did is stored although its client has left.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	s := start(t, options{routes: func(app *ashlar.App) {
		app.Get("/slow/set", func(c *ashlar.Ctx) error { return errors.Join(leave(c), cart.Set(c, 9)) })
		app.Get("/slow/destroy", func(c *ashlar.Ctx) error { return errors.Join(leave(c), session.Destroy(c)) })
	}})
	for path, cart := range map[string]string{"/slow/set": "9", "/slow/destroy": "none"} {
		v := s.visitor(t)
		v.get("/set/7")
		ctx, cancel := context.WithCancel(t.Context())
		r := httptest.NewRequest("GET", path, nil).WithContext(context.WithValue(ctx, leaveKey{}, cancel))
		r.AddCookie(&http.Cookie{Name: "session", Value: v.cookie()})
		s.ServeHTTP(httptest.NewRecorder(), r)
		v.sees("/cart", cart)
	}
}

type leaveKey struct{}

// leave lets the client of a request leave.
func leave(ctx context.Context) error {
	ctx.Value(leaveKey{}).(context.CancelFunc)()
	<-ctx.Done()
	return nil
}

// brokenDriver fails on demand.
type brokenDriver struct {
	session.Driver
	load, save, remove error
}

func (d *brokenDriver) Load(ctx context.Context, cookie string, now time.Time) (*session.Record, error) {
	if d.load != nil {
		return nil, d.load
	}
	return d.Driver.Load(ctx, cookie, now)
}

func (d *brokenDriver) Save(ctx context.Context, cookie string, c session.Change, now time.Time) (string, error) {
	if d.save != nil {
		return "", d.save
	}
	return d.Driver.Save(ctx, cookie, c, now)
}

func (d *brokenDriver) Delete(ctx context.Context, cookie string) error {
	if d.remove != nil {
		return d.remove
	}
	return d.Driver.Delete(ctx, cookie)
}

// breakable returns a store whose driver fails as the returned one says.
func breakable() (*brokenDriver, session.Store) {
	broken := &brokenDriver{}
	return broken, func(s *ashlar.Setup) {
		dbstore.Store(s)
		s.Provide(ashlar.Decorate(func(d session.Driver) session.Driver {
			broken.Driver = d
			return broken
		}))
	}
}

var errDisk = errors.New("the disk is full")

func TestLoadFails(t *testing.T) {
	t.Parallel()
	broken, store := breakable()
	s := start(t, options{store: store})
	v := s.visitor(t)
	v.get("/set/7")
	broken.load = errDisk
	want.Equal(t, v.send("GET", "/plain", "").status, 500)
	want.Contains(t, s.log.String(), "session: load: the disk is full")
	want.Equal(t, s.visitor(t).get("/plain"), "plain") // no cookie, nothing to load
	broken.load = nil
	v.sees("/cart", "7")
}

func TestSaveFails(t *testing.T) {
	t.Parallel()
	broken, store := breakable()
	s := start(t, options{store: store})
	v, first := s.visitor(t), s.visitor(t)
	v.get("/set/7")
	token := v.get("/token")
	broken.save = errDisk
	for _, path := range []string{"/set/8", "/rotate"} {
		for _, who := range []*visitor{v, first} {
			if a := who.send("GET", path, ""); a.status != 500 || a.cookie != nil {
				t.Errorf("%s: got status %d and cookie %v, want 500 and none", path, a.status, a.cookie)
			}
		}
	}
	want.Contains(t, s.log.String(), "session: store: the disk is full")
	want.Equal(t, v.send("GET", "/then/refuse", "").status, 422) // its own error goes to the visitor
	if a := v.send("GET", "/then/stream", ""); a.status != 200 || a.cookie != nil {
		t.Errorf("stream: got status %d and cookie %v, want 200 and none", a.status, a.cookie)
	}
	want.Contains(t, s.log.String(), "session not stored")

	s.clock.pass(time.Hour)
	v.sees("/cart", "7") // that the session is in use is not worth a 500
	want.Contains(t, s.log.String(), "session in use, not noted")
	broken.save = nil
	v.sees("/cart", "7")
	want.Equal(t, v.post(token), 200)
}

func TestDestroyFails(t *testing.T) {
	t.Parallel()
	broken, store := breakable()
	v := start(t, options{store: store}).visitor(t)
	v.get("/set/7")
	broken.remove = errDisk
	if a := v.send("GET", "/destroy", ""); a.status != 500 || a.cookie != nil {
		t.Errorf("got status %d and cookie %v, want 500 and none", a.status, a.cookie)
	}
	v.sees("/cart", "7")
	broken.remove = nil
	v.get("/destroy")
	v.sees("/cart", "none")
}

// A sign-out is not taken back by what goes wrong after it.
func TestDestroyThenFail(t *testing.T) {
	t.Parallel()
	s := start(t, options{routes: func(app *ashlar.App) {
		app.Get("/out/{how}", func(c *ashlar.Ctx) error {
			return db.Tx(c, func(ctx context.Context) error {
				if err := session.Destroy(ctx); err != nil {
					return err
				}
				if c.Param("how") == "panic" {
					panic("broken")
				}
				return errors.New("broken")
			})
		})
	}})
	for _, how := range []string{"fail", "panic"} {
		v := s.visitor(t)
		v.get("/set/7")
		a := v.send("GET", "/out/"+how, "")
		if a.status != 500 || a.cookie == nil || a.cookie.MaxAge >= 0 {
			t.Errorf("got status %d and cookie %v, want 500 and the cookie removed", a.status, a.cookie)
		}
		want.Equal(t, s.count(t), 0)
	}
}
