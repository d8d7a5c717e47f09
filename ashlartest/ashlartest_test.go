package ashlartest_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/internal/want"
)

// guestbook is an app with a form, an endpoint and a page that counts visits in
// a cookie.
func guestbook(cfg ashlar.Config, modules ...ashlar.Module) *ashlar.App {
	app := ashlar.New(cfg, modules...)
	app.Get("/sign", func(c *ashlar.Ctx) error {
		return c.Bytes("text/html; charset=utf-8", []byte(`<form method="post"><input type="hidden" name="_csrf" value="`+c.CSRFToken()+`">
<input name="name" value="Ada &amp; Co"><textarea name="text">
a &lt; b</textarea><select name="mood"><option>glad</option><option value="2" selected>calm</option></select>
<select name="colour"><option value="">any</option></select><input type="checkbox" name="news" value="yes" checked>
<input type="radio" name="size" value="s"><input type=radio name=size value=l checked><input type="checkbox" name="off" value="x"></form>`))
	})
	app.Post("/sign", func(c *ashlar.Ctx) error {
		form, err := c.Form()
		if err != nil {
			return err
		}
		c.SetCookie(&http.Cookie{Name: "name", Value: form.Get("name"), MaxAge: 60})
		return c.Redirect("/hello")
	})
	app.Get("/hello", func(c *ashlar.Ctx) error {
		name, _ := c.Cookie("name")
		return c.Text("hello " + name + " at " + c.Now().UTC().Format(time.RFC3339))
	})
	ashlar.Post(app.Router, "/double", func(_ context.Context, in struct{ N int }) (map[string]int, error) {
		return map[string]int{"n": 2 * in.N}, nil
	})
	app.Get("/echo", func(c *ashlar.Ctx) error {
		return c.Text(c.Header("Host") + " " + c.Header("Accept") + " " + c.Header("Sec-Fetch-Site"))
	})
	return app
}

func TestVisit(t *testing.T) {
	t.Parallel()
	clock := ashlartest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	cfg := ashlartest.Config()
	cfg.Clock = clock.Now
	c := ashlartest.Start(t, guestbook(cfg))

	form := url.Values{"name": {"Ada"}}
	want.Equal(t, c.Post("/sign", form).Status, 403) // has seen no page yet
	want.Equal(t, c.Token(), "")
	c.Get("/sign")
	res := c.Post("/sign", form)
	want.Equal(t, res.Status, 303)
	want.Equal(t, form.Has("_csrf"), false)
	want.Equal(t, res.Cookie("name").MaxAge, 60)
	want.Equal(t, res.Cookie("none") == nil, true)
	want.Equal(t, c.Follow(res).Body, "hello Ada at 2026-01-02T03:04:05Z")

	clock.Advance(time.Minute)
	want.Equal(t, c.Get("/hello").Body, "hello Ada at 2026-01-02T03:05:05Z")
	clock.Set(time.Unix(0, 0))
	want.Equal(t, c.Visitor().Get("/hello").Body, "hello  at 1970-01-01T00:00:00Z")
}

func TestCSRF(t *testing.T) {
	t.Parallel()
	c := ashlartest.Start(t, guestbook(ashlartest.Config()))
	c.Get("/sign")
	foreign := c.Visitor()
	foreign.Get("/sign")
	for name, opts := range map[string][]ashlartest.Option{
		"none":         {ashlartest.CSRF("")},
		"wrong":        {ashlartest.CSRF("wrong")},
		"of another":   {ashlartest.CSRF(foreign.Token())},
		"another site": {ashlartest.Header("Sec-Fetch-Site", "cross-site")},
	} {
		if got := c.Post("/sign", nil, opts...).Status; got != 403 {
			t.Errorf("%s: got status %d, want 403", name, got)
		}
	}
	want.Equal(t, c.Post("/sign", nil).Status, 303)
	want.Equal(t, c.Post("/sign", url.Values{"_csrf": {"own"}}).Status, 403)
}

func TestFields(t *testing.T) {
	t.Parallel()
	c := ashlartest.Start(t, guestbook(ashlartest.Config()))
	page := c.Get("/sign")
	for name, value := range map[string]string{
		"name": "Ada & Co", "text": "a < b", "mood": "2", "colour": "", "news": "yes", "size": "l", "off": "", "none": "", "": "",
	} {
		if got := page.Field(name); got != value {
			t.Errorf("field %q: got %q, want %q", name, got, value)
		}
	}
	want.Equal(t, page.Field("_csrf"), c.Token())
	want.Equal(t, c.Get("/hello").Field("name"), "")
}

func TestJSON(t *testing.T) {
	t.Parallel()
	c := ashlartest.Start(t, guestbook(ashlartest.Config()))
	var out struct{ N int }
	c.PostJSON("/double", map[string]int{"N": 21}).JSON(&out)
	want.Equal(t, out.N, 42)
	res := c.PostJSON("/double", map[string]int{"M": 21})
	want.Equal(t, res.Status, 422)
	want.Equal(t, res.Header.Get("Content-Type"), "application/problem+json")
}

func TestHeader(t *testing.T) {
	t.Parallel()
	c := ashlartest.Start(t, guestbook(ashlartest.Config()))
	want.Contains(t, c.Get("/echo").Body, "127.0.0.1:", " text/html,", " same-origin")
	want.Equal(t, c.Get("/echo", ashlartest.Header("Host", "localhost"), ashlartest.Header("Accept", ""),
		ashlartest.Header("sec-fetch-site", "none")).Body, "localhost  none")
	want.Equal(t, c.Get("/echo", ashlartest.Header("Host", "elsewhere.test")).Status, 421)
}

func TestRestart(t *testing.T) {
	t.Parallel()
	log := ashlartest.Log(t)
	app := func(name string) *ashlar.App {
		return guestbook(ashlartest.Config(), ashlar.Module{Name: name, Setup: func(s *ashlar.Setup) error {
			s.Run(ashlar.Service{
				Start: func(context.Context) error { log.Logger.Info(name + " starts"); return nil },
				Stop:  func(context.Context) error { log.Logger.Debug(name + " stops"); return nil },
			})
			return nil
		}})
	}
	c := ashlartest.Start(t, app("old"))
	c.Get("/sign")
	c.Post("/sign", url.Values{"name": {"Ada"}})
	c.Restart(app("new"))
	want.Contains(t, c.Get("/hello").Body, "hello Ada")
	want.Equal(t, len(log.Lines("s")), 3)
	want.Contains(t, strings.Join(log.Lines("msg="), "\n"), "old starts\"\n", "old stops\"\n", "new starts\"")
}

func TestConfig(t *testing.T) {
	t.Setenv("ASHLAR_NAME", "from outside")
	env := ""
	app := ashlar.New(ashlartest.Config("ASHLAR_ADDR=first", "ASHLAR_ADDR=last=one"), ashlar.Module{Name: "look",
		Setup: func(s *ashlar.Setup) error { env = s.Env(); return nil }})
	var out strings.Builder
	want.NoErr(t, app.Run(t.Context(), []string{"config"}, &out))
	want.Equal(t, env, ashlar.Test)
	want.Contains(t, out.String(), "last=one")
	want.Equal(t, strings.Contains(out.String(), "from outside"), false)
}

// TestComplaints looks at what fails the test of a user.
func TestComplaints(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		do   func(c *ashlartest.Client)
	}{
		"no such address": {`GET hello: not a path of the app`, func(c *ashlartest.Client) { c.Get("hello") }},
		"another site":    {`not a path of the app`, func(c *ashlartest.Client) { c.Get("http://elsewhere.test/") }},
		"not JSON":        {`got status 200 with a body that is not the JSON wanted`, func(c *ashlartest.Client) { c.Get("/hello").JSON(new(int)) }},
		"no JSON to send": {`POST /double: json: unsupported type`, func(c *ashlartest.Client) { c.PostJSON("/double", func() {}).JSON(new(int)) }},
		"leads nowhere":   {`got status 200 without a Location`, func(c *ashlartest.Client) { c.Follow(c.Get("/hello")) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{TB: t}
			tt.do(ashlartest.Start(r, guestbook(ashlartest.Config())))
			want.Equal(t, len(r.errors), 1)
			want.Contains(t, strings.Join(r.errors, "\n"), tt.text)
		})
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	r := &recorder{TB: t}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ashlartest.Start(r, guestbook(ashlartest.Config(), ashlar.Module{Name: "bad", Setup: func(s *ashlar.Setup) error {
			s.Run(ashlar.Service{Start: func(context.Context) error { return errors.New("no disk") }})
			return nil
		}}))
	}()
	<-ended
	want.Equal(t, r.errors, []string{"start the app: start bad: no disk"})
}
