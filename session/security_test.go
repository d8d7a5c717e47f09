package session_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/session"
)

// An id that the app did not make, or that has ended, never becomes a session:
// whoever planted it has nothing.
func TestFixation(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	ended := s.visitor(t)
	ended.get("/set/1")
	deleted := ended.cookie()
	ended.get("/destroy")
	for what, id := range map[string]string{
		"planted": strings.Repeat("A", 43), "deleted": deleted, "word": "admin", "long": strings.Repeat("x", 5000),
	} {
		v := s.visitor(t)
		v.hold(id)
		v.sees("/cart", "none")
		want.Equal(t, v.cookie(), id) // left alone
		v.get("/set/7")
		if v.cookie() == id || len(v.cookie()) != 43 {
			t.Errorf("%s id: got cookie %q, want a new one", what, v.cookie())
		}
		attacker := s.visitor(t)
		attacker.hold(id)
		attacker.sees("/cart", "none")
	}
}

func TestTwoCookiesAreNotBelieved(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		a, b := s.visitor(t), s.visitor(t)
		a.get("/set/1")
		b.get("/set/2")
		got := s.visitor(t).send("GET", "/cart", "", "Cookie: session="+a.cookie()+"; session="+b.cookie())
		want.Equal(t, got.body, "none")
		got = s.visitor(t).send("GET", "/cart", "", "Cookie: session="+a.cookie()+"; session="+a.cookie())
		want.Equal(t, got.body, "1")
	})
}

func TestTampering(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		v := s.visitor(t)
		v.get("/set/7")
		cookie := v.cookie()
		for i := range len(cookie) {
			b := byte('A')
			if cookie[i] == b {
				b = 'B'
			}
			got := s.visitor(t).send("GET", "/cart", "", "Cookie: session="+cookie[:i]+string(b)+cookie[i+1:])
			if got.status != 200 || got.body != "none" || got.cookie != nil {
				t.Errorf("byte %d: got status %d, %q, cookie %v; want 200, none, no cookie", i, got.status, got.body, got.cookie)
			}
		}
		v.sees("/cart", "7")
	})
}

func TestRotate(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		v, old := s.visitor(t), s.visitor(t)
		v.get("/set/7")
		old.hold(v.cookie())
		v.get("/rotate")
		if v.cookie() == "" || v.cookie() == old.cookie() {
			t.Errorf("got cookie %q, want a new one", v.cookie())
		}
		v.sees("/cart", "7")
		if s.rows {
			old.sees("/cart", "none")
			want.Equal(t, s.count(t), 1)
		}
		// Without a session it begins one.
		w := s.visitor(t)
		w.get("/rotate")
		want.Equal(t, len(w.get("/ref")), 22)
	})
}

func TestDestroy(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		o.routes = func(app *ashlar.App) {
			app.Get("/out", func(c *ashlar.Ctx) error {
				if err := session.Destroy(c); err != nil {
					return err
				}
				if _, ok := cart.Get(c); ok {
					t.Error("got a value after Destroy, want none")
				}
				return session.AddFlash(c, "info", "Bye")
			})
		}
		s := start(t, o)
		v, copied := s.visitor(t), s.visitor(t)
		v.get("/set/7")
		copied.hold(v.cookie())
		a := v.send("GET", "/destroy", "")
		if a.cookie == nil || a.cookie.MaxAge >= 0 || a.cookie.Value != "" {
			t.Errorf("got cookie %v, want it removed", a.cookie)
		}
		v.sees("/cart", "none")
		if s.rows {
			copied.sees("/cart", "none")
			want.Equal(t, s.count(t), 0)
		}

		v.get("/set/8")
		before := v.cookie()
		v.get("/out") // what follows is another session
		if v.cookie() == "" || v.cookie() == before {
			t.Errorf("got cookie %q, want another one", v.cookie())
		}
		v.sees("/cart", "none")
		v.sees("/flashes", "[{info Bye}]")
	})
}

// What a request sets while another one ends or renews the session is not kept,
// the visitor learns it, and the new cookie stays.
func TestEndedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"/rotate", "/destroy"} {
		enter, leave := make(chan bool), make(chan bool)
		wait := func() { enter <- true; <-leave }
		s := start(t, options{routes: func(app *ashlar.App) {
			app.Get("/slow", func(c *ashlar.Ctx) error { wait(); return cart.Set(c, 9) })
			app.Get("/slowly", func(c *ashlar.Ctx) error { wait(); return cart.Delete(c) })
		}})
		for path, status := range map[string]int{"/slow": 409, "/slowly": 200} {
			v := s.visitor(t)
			v.get("/set/7")
			slow := make(chan answer)
			go func() { slow <- v.send("GET", path, "") }()
			<-enter
			v.get(how)
			cookie := v.cookie()
			leave <- true
			a := <-slow
			if a.status != status || a.cookie != nil {
				t.Errorf("%s during %s: got status %d and cookie %v, want %d and none", path, how, a.status, a.cookie, status)
			}
			want.Equal(t, v.cookie(), cookie)
		}
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		for _, o.tls = range []bool{false, true} {
			s := start(t, o)
			v := s.visitor(t)
			got := *v.send("GET", "/set/7", "").cookie
			got.Value, got.Raw, got.RawExpires, got.Expires = "", "", "", time.Time{}
			wanted := http.Cookie{Name: "session", Path: "/", MaxAge: 604800, HttpOnly: true, SameSite: http.SameSiteLaxMode}
			if o.tls {
				wanted.Name, wanted.Secure = "__Host-session", true
			}
			want.Equal(t, got, wanted)
			v.sees("/cart", "7")
			if o.tls { // a plain one, which another host may have planted, is nothing
				a := s.visitor(t).send("GET", "/cart", "", "Cookie: session="+v.cookie())
				want.Equal(t, a.body, "none")
			}
		}
	})
}

// Answers that depend on the session are for this visitor alone, those for
// visitors without one, too.
func TestCaches(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	v := s.visitor(t)
	v.get("/set/7")
	for _, test := range []struct {
		who       *visitor
		path      string
		cacheable bool
	}{
		{v, "/cart", false}, {v, "/plain", false}, {s.visitor(t), "/cart", false}, {s.visitor(t), "/ref", false},
		{s.visitor(t), "/flashes", false}, {s.visitor(t), "/then/stream", false}, {s.visitor(t), "/plain", true},
	} {
		h := test.who.send("GET", test.path, "").header
		private := h.Get("Cache-Control") == "private, no-cache" && strings.Contains(h.Get("Vary"), "Cookie")
		if private == test.cacheable {
			t.Errorf("%s: got Cache-Control %q, Vary %q", test.path, h.Get("Cache-Control"), h.Get("Vary"))
		}
	}
}
