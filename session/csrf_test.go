package session_test

import (
	"errors"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/session"
)

func TestCSRF(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		v, other := s.visitor(t), s.visitor(t)
		early := v.get("/token")
		v.get("/set/7")
		want.Equal(t, v.post(early), 200) // a form in another tab, from before the session
		within := v.get("/token")
		want.Equal(t, v.post(within), 200)

		other.get("/set/8")
		want.Equal(t, other.post(within), 403) // another session's
		want.Equal(t, other.post(early), 403)

		v.get("/rotate")
		for _, old := range []string{early, within} {
			want.Equal(t, v.post(old), 403)
		}
		after := v.get("/token")
		want.Equal(t, v.post(after), 200)

		v.get("/destroy")
		want.Equal(t, v.post(after), 403)
		want.Equal(t, v.post(v.get("/token")), 200)
	})
}

// The tokens on a page fit the session that the page leaves behind.
func TestCSRFOfTheSamePage(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		o.routes = func(app *ashlar.App) {
			app.Get("/page/{what}", func(c *ashlar.Ctx) error {
				var err error
				switch c.Param("what") {
				case "set":
					err = cart.Set(c, 1)
				case "rotate":
					err = session.Rotate(c)
				case "destroy":
					err = session.Destroy(c)
				}
				if err != nil {
					return err
				}
				return c.Text(c.CSRFToken())
			})
		}
		s := start(t, o)
		for _, what := range []string{"set", "rotate", "destroy"} {
			v := s.visitor(t)
			want.Equal(t, v.post(v.get("/page/"+what)), 200)
			w := s.visitor(t)
			w.get("/set/7")
			want.Equal(t, w.post(w.get("/page/"+what)), 200)
		}
	})
}

// A session that begins keeps the CSRF secret: a cookie for it is not needed.
func TestOneCookie(t *testing.T) {
	t.Parallel()
	v := start(t, options{routes: func(app *ashlar.App) {
		app.Get("/both", func(c *ashlar.Ctx) error {
			return errors.Join(cart.Set(c, 1), c.Text(c.CSRFToken()))
		})
	}}).visitor(t)
	want.Equal(t, len(v.send("GET", "/both", "").header["Set-Cookie"]), 1)
}

// The tokens on an error page fit what is stored, which is what was there
// before the error.
func TestCSRFOfAnErrorPage(t *testing.T) {
	t.Parallel()
	broken, store := breakable()
	s := start(t, options{store: store, errorPage: func(c *ashlar.Ctx, _ ashlar.Problem) error {
		return c.HTML(c.CSRFToken())
	}, routes: func(app *ashlar.App) {
		app.Get("/rotate/fail", func(c *ashlar.Ctx) error {
			return errors.Join(session.Rotate(c), errors.New("broken"))
		})
		app.Get("/destroy/fail", func(c *ashlar.Ctx) error {
			return errors.Join(session.Destroy(c), errors.New("broken"))
		})
	}})
	for _, test := range []struct {
		path string
		save error
	}{{"/rotate/fail", nil}, {"/destroy/fail", nil}, {"/rotate", errDisk}, {"/set/8", errDisk}} {
		known := s.visitor(t)
		known.get("/set/7")
		for _, v := range []*visitor{known, s.visitor(t)} {
			broken.save = test.save
			page := v.send("GET", test.path, "", "Accept: text/html", "X-Forwarded-For: 192.0.2.1")
			broken.save = nil
			if page.status != 500 || v.post(page.body) != 200 {
				t.Errorf("%s: got status %d and a token that is refused, want 500 and one that is good", test.path, page.status)
			}
		}
	}
}
