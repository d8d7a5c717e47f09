package ashlar_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

func csrfApp(t *testing.T, cfg ashlar.Config) *ashlar.App {
	t.Helper()
	app, _ := started(t, cfg, func(a *ashlar.App) {
		a.Get("/form", func(c *ashlar.Ctx) error { return c.Text(c.CSRFToken()) })
		a.Get("/plain", func(c *ashlar.Ctx) error { return c.Text("no form here") })
		ok := func(c *ashlar.Ctx) error { return c.Text("done") }
		for _, register := range []func(string, func(*ashlar.Ctx) error, ...ashlar.Option){a.Get, a.Post, a.Put, a.Patch, a.Delete} {
			register("/act", ok)
		}
		a.Post("/hook", ok, ashlar.InsecureNoCSRF())
		ashlar.Post(a.Router, "/json", func(_ context.Context, in struct {
			Name string `json:"name"`
		}) (string, error) {
			return in.Name, nil
		})
	})
	return app
}

// visit opens the form and returns the token on it and the cookie.
func visit(t *testing.T, app http.Handler, headers ...string) (token string, cookie *http.Cookie) {
	t.Helper()
	w := ask(app, "GET", "/form", "", headers...)
	want.Equal(t, w.Code, 200)
	for _, c := range w.Result().Cookies() {
		cookie = c
	}
	return w.Body.String(), cookie
}

// The whole matrix: who may do what from where.
func TestCSRFMatrix(t *testing.T) {
	t.Parallel()
	app := csrfApp(t, ashlar.Config{})
	token, cookie := visit(t, app)
	type choice struct {
		header string
		good   bool
	}
	fetchSites := []choice{{"", true}, {"Sec-Fetch-Site: same-origin", true}, {"Sec-Fetch-Site: none", true},
		{"Sec-Fetch-Site: same-site", false}, {"Sec-Fetch-Site: cross-site", false}, {"Sec-Fetch-Site: SAME-ORIGIN", false},
		{"Sec-Fetch-Site: new-word", false}}
	origins := []choice{{"", true}, {"Origin: http://example.com", true}, {"Origin: http://EXAMPLE.com", true},
		{"Origin: null", false}, {"Origin: http://evil.test", false}, {"Origin: http://example.com.evil.test", false},
		{"Origin: http://sub.example.com", false}, {"Origin: http://example.com:8080", false}, {"Origin: http://example.com@evil.test", false},
		{"Origin: http://evil.test/http://example.com", false}, {"Origin: example.com", false}, {"Origin: %", false}}
	types := []choice{{"", false}, {"Content-Type: application/x-www-form-urlencoded", false}, {"Content-Type: text/plain", false},
		{"Content-Type: TEXT/PLAIN; charset=x", false}, {"Content-Type: multipart/form-data; boundary=b", false},
		{"Content-Type: broken/;;=", false}, {"Content-Type: application/json", true}, {"Content-Type: application/octet-stream", true}}
	tokens := []choice{{"", false}, {"X-CSRF-Token: " + token, true}, {"X-CSRF-Token: x", false}}
	cookies := []choice{{"", false}, {"Cookie: csrf=" + cookie.Value, true}, {"Cookie: csrf=" + cookie.Value + "; csrf=other", false}}
	checked := 0
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		for _, site := range fetchSites {
			for _, origin := range origins {
				for _, typ := range types {
					for _, tok := range tokens {
						for _, coo := range cookies {
							headers := []string{}
							for _, h := range []choice{site, origin, typ, tok, coo} {
								if h.header != "" {
									headers = append(headers, h.header)
								}
							}
							sameOrigin := site.good && (site.header != "" || origin.good)
							allowed := method == "GET" || method == "HEAD" ||
								sameOrigin && (method != "POST" || typ.good || tok.good && coo.good)
							status := 403
							switch {
							case allowed:
								status = 200
							case method == "POST" && sameOrigin && tok.header == "" && strings.Contains(typ.header, "boundary"):
								status = 400 // the form that should hold the token is none
							}
							if got := ask(app, method, "/act", "", headers...).Code; got != status {
								t.Fatalf("%s %q: got %d, want %d", method, headers, got, status)
							}
							checked++
						}
					}
				}
			}
		}
	}
	want.Equal(t, checked, 6*7*12*8*3*3)
}

func TestCSRFTokens(t *testing.T) {
	t.Parallel()
	app := csrfApp(t, ashlar.Config{})
	token, cookie := visit(t, app)
	mine := "Cookie: csrf=" + cookie.Value
	post := func(body string, headers ...string) int {
		return ask(app, "POST", "/act", body, append(headers, mine, urlencoded)...).Code
	}
	want.Equal(t, post("_csrf="+token), 200)
	want.Equal(t, post("a=b", "X-Csrf-Token: "+token), 200)
	want.Equal(t, post("_csrf="+token+"&_csrf="+token), 403)
	want.Equal(t, post("_csrf="), 403)
	want.Equal(t, post("a=b"), 403)
	want.Equal(t, ask(app, "POST", "/act?_csrf="+token, "", mine, urlencoded).Code, 403) // a query is seen by others

	// Each showing has a token of its own, all of them good.
	seen := map[string]bool{token: true}
	for range 50 {
		again, newCookie := visit(t, app, mine)
		if seen[again] {
			t.Fatalf("got token %s twice", again)
		}
		if newCookie != nil {
			t.Fatal("got a new cookie though there was a good one")
		}
		seen[again] = true
		want.Equal(t, post("_csrf="+again), 200)
	}
	other, _ := visit(t, app)
	bad := []string{other, token + token, token[:len(token)-1], token[1:], token[:len(token)/2], token + "=", " " + token, token + "\n",
		token[:20] + "\r\n" + token[20:], cookie.Value, strings.Repeat("A", len(token)), base64.StdEncoding.EncodeToString([]byte(token))}
	for i := range token {
		for _, bit := range []byte{1, 2, 32} {
			b := []byte(token)
			if b[i] ^= bit; strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", b[i]) >= 0 {
				bad = append(bad, string(b))
			}
		}
	}
	for _, b := range bad {
		r := httptest.NewRequest("POST", "/act", nil)
		r.Header = http.Header{"X-Csrf-Token": {b}, "Content-Type": {"text/plain"}, "Cookie": {"csrf=" + cookie.Value}}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		if w.Code != 403 {
			t.Errorf("%q: got %d, want 403", b, w.Code)
		}
	}
	// A secret that is none, as a neighbour host could plant it.
	for _, planted := range []string{"", "AAAA", "%00", strings.Repeat("A", 43), "!!!!!!!!!!!!!!!!!!!!!!"} {
		want.Equal(t, ask(app, "POST", "/act", "_csrf="+token, "Cookie: csrf="+planted, urlencoded).Code, 403)
	}
}

func TestCSRFCookie(t *testing.T) {
	t.Parallel()
	app := csrfApp(t, ashlar.Config{TrustedProxies: []string{"192.0.2.0/24"}})
	_, cookie := visit(t, app)
	want.Equal(t, cookie.Name, "csrf")
	want.Equal(t, fmt.Sprint(cookie.HttpOnly, cookie.Secure, cookie.SameSite == http.SameSiteLaxMode, cookie.Path, cookie.Domain, cookie.MaxAge),
		"true false true/0")
	token, cookie := visit(t, app, "X-Forwarded-Proto: https") // TLS ends at the proxy
	want.Equal(t, cookie.Name, "__Host-csrf")
	want.Equal(t, fmt.Sprint(cookie.HttpOnly, cookie.Secure, cookie.SameSite == http.SameSiteLaxMode, cookie.Path, cookie.Domain, cookie.MaxAge),
		"true true true/0")
	// Under TLS the name that any host of the domain may set counts for nothing.
	for name, status := range map[string]int{"__Host-csrf": 200, "csrf": 403} {
		got := ask(app, "POST", "/act", "", "X-Forwarded-Proto: https", "Cookie: "+name+"="+cookie.Value, "X-Csrf-Token: "+token).Code
		want.Equal(t, got, status)
	}
	// No cookie for those who saw no form, whatever they did.
	for _, w := range []*httptest.ResponseRecorder{
		ask(app, "GET", "/plain", ""), ask(app, "GET", "/none", ""), ask(app, "POST", "/act", ""), ask(app, "POST", "/hook", ""),
		ask(app, "POST", "/act", "_csrf=x", urlencoded), ask(app, "OPTIONS", "/act", ""),
	} {
		want.Equal(t, w.Header().Get("Set-Cookie"), "")
	}
	w := ask(app, "GET", "/form", "")
	want.Equal(t, w.Header().Get("Cache-Control"), "private, no-cache")
	want.Contains(t, strings.Join(w.Header().Values("Vary"), ","), "Cookie")
}

func TestCSRFOfScriptsAndHooks(t *testing.T) {
	t.Parallel()
	app := csrfApp(t, ashlar.Config{})
	const body = `{"name":"ann"}`
	for _, c := range []struct {
		path, body string
		headers    []string
		status     int
	}{
		{"/json", body, []string{asJSON, "Sec-Fetch-Site: same-origin"}, 200},
		{"/json", body, []string{asJSON, "Origin: http://example.com"}, 200},
		{"/json", body, []string{asJSON}, 200}, // curl
		{"/json", body, []string{asJSON, "Sec-Fetch-Site: cross-site"}, 403},
		{"/json", body, []string{asJSON, "Sec-Fetch-Site: same-site"}, 403},
		{"/json", body, []string{asJSON, "Origin: null"}, 403},
		{"/json", body, []string{"Content-Type: text/plain"}, 403}, // a form of another site can send this
		{"/json", body, []string{"Content-Type: text/plain;application/json"}, 403},
		{"/hook", "", []string{"Sec-Fetch-Site: cross-site", "Origin: null"}, 200},
		{"/act", "a=b", []string{urlencoded, "Authorization: Bearer x"}, 200},                // no browser adds it by itself
		{"/act", "a=b", []string{urlencoded, "Authorization: Bearer x", "Cookie: s=1"}, 403}, // but the cookie it does
		{"/act", "a=b", []string{urlencoded, "Authorization: Basic x", "Sec-Fetch-Site: cross-site"}, 403},
		// A browser adds Basic credentials by itself, once it has been given them.
		{"/act", "a=b", []string{urlencoded, "Authorization: Basic x"}, 403},
	} {
		if got := ask(app, "POST", c.path, c.body, c.headers...).Code; got != c.status {
			t.Errorf("%s %q: got %d, want %d", c.path, c.headers, got, c.status)
		}
	}
}

// A session keeps the secret; its tokens are good in it and nowhere else.
func TestCSRFOfSessions(t *testing.T) {
	t.Parallel()
	secrets := map[string][]byte{"ann": []byte("0123456789abcdef"), "bob": []byte("fedcba9876543210")}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/form", func(c *ashlar.Ctx) error { return c.Text(c.CSRFToken()) })
		a.Post("/act", func(c *ashlar.Ctx) error { return c.Text("done") })
	}, ashlar.Module{Name: "session", Setup: func(s *ashlar.Setup) error {
		s.Use(ashlar.Stage{Name: "session", Before: "csrf", Run: func(c *ashlar.Ctx) error {
			if who, ok := c.Cookie("session"); ok {
				c.SetCSRFSecret(secrets[who])
			}
			return c.Next()
		}})
		return nil
	}})
	token, cookie := visit(t, app, "Cookie: session=ann")
	want.Equal(t, cookie, nil)
	want.Equal(t, ask(app, "POST", "/act", "", "Cookie: session=ann", "X-Csrf-Token: "+token).Code, 200)
	want.Equal(t, ask(app, "POST", "/act", "", "Cookie: session=bob", "X-Csrf-Token: "+token).Code, 403)
	want.Equal(t, ask(app, "POST", "/act", "", "X-Csrf-Token: "+token).Code, 403)
	want.Equal(t, ask(app, "POST", "/act", "", "Cookie: session=mallory", "X-Csrf-Token: "+token).Code, 403)
}
