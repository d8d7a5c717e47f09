package ashlar_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/validate"
)

// An error page of the site's own is used when it can be; whatever becomes of
// it, the visitor gets the right status and the id of the request.
func TestErrorPages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page ashlar.ErrorPage
		want string
	}{
		"own":      {func(c *ashlar.Ctx, p ashlar.Problem) error { return c.HTML("<h1>Oh: " + p.Detail + "</h1>") }, "<h1>Oh: Sold &amp; gone.</h1>"},
		"declines": {func(*ashlar.Ctx, ashlar.Problem) error { return nil }, "<h1>410 Gone</h1>"},
		"status":   {func(c *ashlar.Ctx, p ashlar.Problem) error { return c.Status(200).HTML("own") }, "own"},
		"fails":    {func(*ashlar.Ctx, ashlar.Problem) error { return errors.New("template broke") }, "<h1>410 Gone</h1>"},
		"panics":   {func(*ashlar.Ctx, ashlar.Problem) error { panic("template broke") }, "<h1>410 Gone</h1>"},
	} {
		app, log := started(t, ashlar.Config{LookupEnv: inProduction}, func(a *ashlar.App) {
			a.Get("/", func(c *ashlar.Ctx) error {
				c.SetHeader("Content-Disposition", "attachment")
				return errs.Gone.New("Sold &amp; gone.")
			})
		}, ashlar.Module{Name: "look", Setup: func(s *ashlar.Setup) error { s.Add(c.page); return nil }})
		w := ask(app, "GET", "/", "", "Accept: "+browser)
		if w.Code != 410 || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: got %d %s, want 410 %s", name, w.Code, w.Body, c.want)
		}
		want.Equal(t, w.Header().Get("Content-Disposition"), "")
		want.Equal(t, w.Header().Get("Content-Type"), "text/html; charset=utf-8")
		if name == "fails" || name == "panics" {
			want.Contains(t, log.String(), "template broke")
			want.Contains(t, w.Body.String(), "Request "+w.Header().Get("X-Request-Id"), "Sold &amp;amp; gone.")
		}
		want.Equal(t, ask(app, "GET", "/", "").Header().Get("Content-Type"), "application/problem+json") // no page for programs
	}
}

func TestPlainPageNamesFields(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{LookupEnv: inProduction}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error {
			c.BeforeHeader(func(c *ashlar.Ctx) {
				if !errors.Is(c.Failure(), errs.Invalid) {
					t.Errorf("got failure %v", c.Failure())
				}
			})
			return fmt.Errorf("save: %w", validate.Fail("<b>", "x", "Is <i>not</i> right."))
		})
	})
	w := ask(app, "GET", "/", "", "Accept: text/html")
	want.Equal(t, w.Code, 422)
	want.Contains(t, w.Body.String(), "<li>&lt;b&gt;: Is &lt;i&gt;not&lt;/i&gt; right.</li>", "Some fields are not right.")
}

// Nobody reads the answer when the client has left, and nobody is to blame.
func TestClientThatLeft(t *testing.T) {
	t.Parallel()
	app, log := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error {
			<-c.Done()
			return fmt.Errorf("query: %w", c.Err())
		})
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "/", nil)
	want.NoErr(t, err)
	r.Host = "localhost"
	app.ServeHTTP(discard{http.Header{}}, r)
	want.Contains(t, log.String(), "status=499", "client left")
	want.Equal(t, strings.Contains(log.String(), "level=ERROR"), false)
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/off", func(c *ashlar.Ctx) error { return c.RedirectOffSite(c.Query("to")) })
		a.Get("/307", func(c *ashlar.Ctx) error { return c.Status(307).Redirect("/x") })
		a.Get("/200", func(c *ashlar.Ctx) error { return c.Status(200).Redirect("/x") })
	})
	for to, location := range map[string]string{
		"https://example.org/a?b=c": "https://example.org/a?b=c", "http://example.org": "http://example.org",
		"javascript:alert(1)": "", "//example.org": "", "/here": "", "ftp://example.org": "", "https:example.org": "", "https://%zz": "",
		"https://a\r\nX: y": "", "data:text/html,x": "",
	} {
		w := ask(app, "GET", "/off?"+formOf("to", to), "")
		if got := w.Header().Get("Location"); got != location || (w.Code == 303) != (location != "") {
			t.Errorf("%q: got %d to %q, want %q", to, w.Code, got, location)
		}
	}
	want.Equal(t, ask(app, "GET", "/307", "").Code, 307)
	want.Equal(t, ask(app, "GET", "/200", "").Code, 303)
}

// A value per request is one and the same within a request, and is released
// with it.
func TestValuesPerRequest(t *testing.T) {
	t.Parallel()
	var d diary
	app, _ := started(t, ashlar.Config{}, nil, ashlar.Module{Name: "scoped", Setup: func(s *ashlar.Setup) error {
		n := 0
		s.Add(ashlar.ContextValue{Key: tenantKey{}, Value: "acme"})
		s.Provide(func(ctx context.Context) (*counter, func() error, error) {
			if _, ok := ashlar.FromContext(ctx); !ok || ctx.Value(tenantKey{}) != "acme" || ctx.Err() != nil {
				return nil, nil, errors.New("got no request")
			}
			n++
			d.note("make %d", n)
			return &counter{n}, func() error { d.note("release"); return nil }, nil
		}, inject.PerRequest)
		s.Routes(func(r *ashlar.Router, get inject.Scoped[*counter]) {
			r.Get("/", func(c *ashlar.Ctx) error {
				one, err := get(c)
				if err != nil {
					return err
				}
				two, err := get(c)
				if err != nil || one != two {
					return fmt.Errorf("got two values in one request: %w", err)
				}
				d.note("use %d", one.n)
				return nil
			})
			r.Get("/free", func(c *ashlar.Ctx) error {
				_, err := get(c)
				return errors.Join(err, c.Err())
			}, ashlar.Timeout(0))
		})
		return nil
	}})
	for range 2 {
		want.Equal(t, ask(app, "GET", "/", "").Code, 200)
	}
	want.Equal(t, ask(app, "GET", "/free", "").Code, 200)
	want.Equal(t, d.String(), "make 1, use 1, release, make 2, use 2, release, make 3, release")
}

func TestKeysAndClientOfTheApp(t *testing.T) {
	t.Parallel()
	needs := ashlar.Module{Name: "seal", Setup: func(s *ashlar.Setup) error {
		var ring *keys.Ring
		var client *http.Client
		s.Need(&ring, &client)
		s.Check("them", func(context.Context) error {
			if ring == nil || client.Timeout == 0 {
				return errors.New("got no keys, or a client that waits for ever")
			}
			return nil
		})
		return nil
	}}
	want.Equal(t, checked(ashlar.Config{}, nil, needs), "")
	want.Contains(t, checked(ashlar.Config{LookupEnv: inProduction}, nil, needs), "no keys", "ASHLAR_KEYS", "A1007")
	strong := environment("ASHLAR_ENV=production", "ASHLAR_HOSTS=example.com", "ASHLAR_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
	want.Equal(t, checked(ashlar.Config{LookupEnv: strong}, nil, needs), "")
	got := checked(ashlar.Config{TrustedProxies: []string{"10.0.0.1"}, TLSCert: "cert.pem", CSP: "default-src 'self'\nx"}, nil)
	want.Contains(t, got, "10.0.0.1", "set both or none", "control character")
}
