package ashlar_test

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// Fields of an answer may be set through the Ctx and through net/http's map,
// in any order: there is one set of them.
func TestFieldsBothWays(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"std", "own"} {
		url, _, _ := serving(t, ashlar.Config{Engine: engine}, func(a *ashlar.App) {
			a.Get("/", func(c *ashlar.Ctx) error {
				c.SetHeader("x-one", "1")
				c.SetHeader("X-One", "one")
				c.AddHeader("X-Many", "1")
				c.AddHeader("X-Many", "2")
				c.SetHeader("X-Gone", "1")
				h := c.Writer().Header()
				want.Equal(t, h.Get("X-One"), "one")
				want.Equal(t, h["X-Many"], []string{"1", "2"})
				h.Del("X-Gone")
				h.Add("X-Many", "3")
				c.AddHeader("X-Many", "4")
				h["X-Frame-Options"] = nil // not wanted
				h.Set("Referrer-Policy", "no-referrer")
				c.SetCookie(&http.Cookie{Name: "a", Value: "b"})
				c.SetCookie(&http.Cookie{Name: "a b", Value: "none"})
				return c.Text("hello")
			})
			a.Get("/own-policy", func(c *ashlar.Ctx) error {
				c.SetHeader("Content-Security-Policy", "default-src 'none'")
				c.SetHeader("X-One", "1")
				c.SetHeader("X-Two", "2")
				c.AddHeader("X-One", "3")
				c.SetHeader("X-One", "4")
				return c.Text("hello")
			})
			a.Get("/hints", func(c *ashlar.Ctx) error {
				c.AddHeader("Link", "</a.css>; rel=preload; as=style")
				c.Writer().WriteHeader(http.StatusEarlyHints)
				return c.Text("hello")
			})
			a.Get("/trailer", func(c *ashlar.Ctx) error {
				c.SetHeader("Trailer", "X-Sum")
				_, _ = io.WriteString(c.Writer(), strings.Repeat("x", 5000))
				c.Writer().Header().Set("X-Sum", "7")
				return nil
			})
			a.Get("/split", func(c *ashlar.Ctx) error {
				c.SetHeader("X-Bad", "a\r\nSet-Cookie: evil=1")
				return c.Text("hello")
			})
			a.Get("/split-map", func(c *ashlar.Ctx) error {
				c.Writer().Header()["X-Bad"] = []string{"a\nSet-Cookie: evil=1"}
				return c.Text("hello")
			})
		})
		fetch := func(path string) *http.Response {
			t.Helper()
			res, err := http.Get(url + path)
			want.NoErr(t, err)
			defer res.Body.Close()
			_, err = io.ReadAll(res.Body)
			want.NoErr(t, err)
			return res
		}
		h := fetch("/").Header
		want.Equal(t, h["X-One"], []string{"one"})
		want.Equal(t, h["X-Many"], []string{"1", "2", "3", "4"})
		want.Equal(t, h["X-Gone"], nil)
		want.Equal(t, h["X-Frame-Options"], nil)
		want.Equal(t, h["Referrer-Policy"], []string{"no-referrer"})
		want.Equal(t, h["X-Content-Type-Options"], []string{"nosniff"})
		want.Equal(t, h["Set-Cookie"], []string{"a=b; Path=/; HttpOnly; SameSite=Lax"})
		want.Equal(t, h.Get("Cache-Control"), "private, no-cache")

		h = fetch("/own-policy").Header
		want.Equal(t, h["Content-Security-Policy"], []string{"default-src 'none'"})
		want.Equal(t, h["X-Frame-Options"], []string{"DENY"})
		want.Equal(t, h["X-One"], []string{"4"})
		want.Equal(t, h["X-Two"], []string{"2"})

		var hinted textproto.MIMEHeader
		r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			Got1xxResponse: func(_ int, h textproto.MIMEHeader) error { hinted = h; return nil },
		}), "GET", url+"/hints", nil)
		want.NoErr(t, err)
		res, err := http.DefaultClient.Do(r)
		want.NoErr(t, err)
		_ = res.Body.Close()
		want.Equal(t, hinted.Get("Link"), "</a.css>; rel=preload; as=style")
		want.Equal(t, res.Header.Get("Link"), "</a.css>; rel=preload; as=style")

		want.Equal(t, fetch("/trailer").Trailer.Get("X-Sum"), "7")

		for _, path := range []string{"/split", "/split-map"} {
			res := fetch(path)
			want.Equal(t, res.StatusCode, 500)
			want.Equal(t, res.Header["Set-Cookie"], nil)
			want.Equal(t, res.Header["X-Bad"], nil)
		}
	}
}
