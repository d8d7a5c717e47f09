package ashlar_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestHostTricks(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{Hosts: []string{"Example.COM", "*.Shop.example"}}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error { return c.Text(c.Host()) })
	})
	for host, status := range map[string]int{
		"example.com": 200, "EXAMPLE.com:80": 200, "example.com.": 200, "a.shop.example": 200, "a.b.shop.example": 200,
		"shop.example": 421, ".shop.example": 421, "xshop.example": 421, "example.com.evil.test": 421, "evil.test:example.com": 421,
		"example.com@evil.test": 421, "evil.test/.shop.example": 421, "evil.test?.shop.example": 421, "evil.test#.shop.example": 421,
		`evil.test\.shop.example`: 421, "evil.test@.shop.example": 421, "evil.test:80/.shop.example": 421, "a b.shop.example": 421,
		"[evil.test].shop.example": 421, "evil.test%2f.shop.example": 421, "\"<script>.shop.example": 421,
	} {
		if got := ask(app, "GET", "/", "", "Host: "+host).Code; got != status {
			t.Errorf("%q: got %d, want %d", host, got, status)
		}
	}
}

// A proxy may add its word in a line of its own. What the client wrote stands
// before it and counts for nothing.
func TestForwardedInSeveralLines(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{TrustedProxies: []string{"192.0.2.0/24"}, Hosts: []string{"*"}}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error { return c.Text(spaced(c.RemoteIP(), c.Host(), c.IsSecure(), c.RequestID())) })
	})
	w := ask(app, "GET", "/", "", "X-Forwarded-Host: evil.test", "X-Forwarded-Host: example.com", "X-Forwarded-Proto: https", "X-Forwarded-Proto: http",
		"X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 203.0.113.9", "X-Request-Id: forged", "X-Request-Id: from-proxy",
		"X_forwarded_host: evil.test", "Forwarded: host=evil.test")
	want.Equal(t, w.Body.String(), "203.0.113.9 example.com false from-proxy")
	for _, id := range []string{"", "a b", strings.Repeat("x", 65), "a\"b", "a,b c", "é", "<b>"} {
		w := ask(app, "GET", "/", "", "X-Request-Id: "+id)
		if got := w.Header().Get("X-Request-Id"); got == id || strings.ContainsAny(got, " \"<é,") {
			t.Errorf("%q: got the request id %q", id, got)
		}
	}
}

func TestSetCookie(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{TrustedProxies: []string{"192.0.2.0/24"}}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error {
			c.SetCookie(&http.Cookie{Name: "plain", Value: "x"})
			c.SetCookie(&http.Cookie{Name: "strict", Value: "x", SameSite: http.SameSiteStrictMode, Path: "/sub", MaxAge: 60})
			return c.Text("ok")
		})
	})
	for _, proto := range []string{"http", "https"} {
		w := ask(app, "GET", "/", "", "X-Forwarded-Proto: "+proto)
		var got []string
		for _, k := range w.Result().Cookies() {
			got = append(got, fmt.Sprint(k.Name, " ", k.HttpOnly, " ", k.Secure, " ", k.SameSite, " ", k.Path))
		}
		secure := fmt.Sprint(proto == "https")
		want.Equal(t, got, []string{"plain true " + secure + " 2 /", "strict true " + secure + " 3 /sub"})
		want.Equal(t, w.Header().Get("Cache-Control"), "private, no-cache")
	}
}
