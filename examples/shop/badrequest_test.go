package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestBadRequests sends requests that are wrong as a whole.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(9)
	add(s.Client, f, 1)
	s.Get("/cart")
	line := "/cart/lines/" + number10(f.ID)
	form := ashlartest.Header("Content-Type", "application/x-www-form-urlencoded")
	token := "_csrf=" + s.Token()
	before := s.rows()
	for _, tt := range []struct {
		status             int
		method, path, body string
		opts               []ashlartest.Option
	}{
		// The method.
		{405, "GET", "/cart/lines", "", nil},
		{405, "GET", line, "", nil},
		{405, "POST", "/", token, []ashlartest.Option{form}},
		{405, "POST", "/cart", token, []ashlartest.Option{form}},
		{405, "DELETE", line, "", nil},
		{405, "PUT", "/checkout", token, []ashlartest.Option{form}},
		{405, "PATCH", "/films/" + f.Slug, token, []ashlartest.Option{form}},
		{405, "DELETE", "/orders/A", "", nil},
		{405, "BREW", "/", "", nil},

		// The type of the body. Without a token that fits, a type that forms can
		// have is refused before anybody looks at it.
		{415, "POST", "/cart/lines", `{"film":1,"quantity":1}`, []ashlartest.Option{ashlartest.Header("Content-Type", "application/json")}},
		{415, "POST", line, "<quantity>1</quantity>", []ashlartest.Option{ashlartest.Header("Content-Type", "application/xml")}},
		{415, "POST", "/checkout", "{}", []ashlartest.Option{ashlartest.Header("Content-Type", "application/json")}},
		{415, "POST", "/checkout", "x", []ashlartest.Option{ashlartest.Header("Content-Type", "image/png")}},
		{415, "POST", "/checkout", token, []ashlartest.Option{ashlartest.Header("Content-Type", "text/plain"), ashlartest.Header("X-CSRF-Token", s.Token())}},
		{415, "POST", "/checkout", token, []ashlartest.Option{ashlartest.Header("X-CSRF-Token", s.Token())}},
		{403, "POST", "/checkout", token, []ashlartest.Option{ashlartest.Header("Content-Type", "text/plain")}},
		{400, "POST", "/checkout", "--x\r\nbroken", []ashlartest.Option{ashlartest.Header("Content-Type", "multipart/form-data; boundary=x")}},
		{400, "POST", "/checkout", "x", []ashlartest.Option{ashlartest.Header("Content-Type", "multipart/form-data")}},

		// Escapes and separators.
		{400, "POST", line, token + "&quantity=%zz", []ashlartest.Option{form}},
		{400, "POST", line, token + "&quantity=%2", []ashlartest.Option{form}},
		{400, "POST", line, token + "&a=1;quantity=2", []ashlartest.Option{form}},
		{422, "POST", line, token + "&quantity=1&quantity=1", []ashlartest.Option{form}},
		{422, "POST", line, token + "&quantity=1&admin=1", []ashlartest.Option{form}},
		{422, "POST", "/cart/lines", token + "&film=" + number10(f.ID) + "&quantity=1&price=1", []ashlartest.Option{form}},
		{422, "POST", "/checkout", token + "&" + address().Encode() + "&total=1", []ashlartest.Option{form}},
		{422, "POST", line + "?quantity=1", token, []ashlartest.Option{form}}, // a form's fields do not come from the address
		{400, "POST", line, token + "&\xff\xfe=1", []ashlartest.Option{form}},
		{400, "GET", "/?q=%25%zz", "", nil},
		{400, "GET", "/?q=a;genre=Drama", "", nil},
		{422, "GET", "/?utm_source=x", "", nil},
		{422, "GET", "/?genre%00=x", "", nil},
		{404, "GET", "/films/%2e%2e%2fcart", "", nil},
		{400, "GET", "/films/a%00b", "", nil},
		{404, "GET", "/films/%ff", "", nil},
		{404, "GET", "/orders/a%2fb", "", nil},
		{404, "GET", "/nowhere", "", nil},
		{405, "POST", "/static/shop.css", token, []ashlartest.Option{form}},
		{404, "GET", "/static/../main.go", "", nil},
		{404, "GET", "/static/%2e%2e/main.go", "", nil},

		// Many parameters.
		{400, "GET", "/?" + strings.Repeat("q=1&", 10_000), "", nil},
		{400, "POST", "/checkout", token + strings.Repeat("&a=1", 10_000), []ashlartest.Option{form}},
		{413, "POST", "/checkout", token + "&name=" + strings.Repeat("x", 1<<20), []ashlartest.Option{form}},

		// The host.
		{421, "GET", "/", "", []ashlartest.Option{ashlartest.Header("Host", "evil.example")}},
	} {
		opts := append([]ashlartest.Option{ashlartest.Header("Accept", "application/json")}, tt.opts...)
		res := s.Do(tt.method, tt.path, strings.NewReader(tt.body), opts...)
		name := fmt.Sprintf("%s %.60s %.60s", tt.method, tt.path, tt.body)
		if res.Status != tt.status {
			t.Errorf("%s: got status %d, want %d: %s", name, res.Status, tt.status, res.Body)
		}
		if res.Status == 422 && !strings.Contains(res.Body, `"errors":[{"field":"`) {
			t.Errorf("%s: got no message for a field: %s", name, res.Body)
		}
		if res.Status == 405 && res.Header.Get("Allow") == "" {
			t.Errorf("%s: got no word on what is allowed", name)
		}
		if got := s.rows(); got != before {
			t.Errorf("%s: got %+v in the database, want %+v", name, got, before)
		}
	}
}

// TestForged sends every form of the shop as another site would.
func TestForged(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(9)
	add(s.Client, f, 1)
	s.Get("/cart")
	stranger := s.Visitor()
	stranger.Get("/films/" + f.Slug)
	before := s.rows()
	for path, form := range map[string]url.Values{
		"/cart/lines":                   {"film": {number10(f.ID)}, "quantity": {"1"}},
		"/cart/lines/" + number10(f.ID): {"quantity": {"0"}},
		"/checkout":                     address(),
	} {
		for name, opts := range map[string][]ashlartest.Option{
			"no token":           {ashlartest.CSRF("")},
			"a wrong token":      {ashlartest.CSRF("AAAA")},
			"a changed token":    {ashlartest.CSRF("A" + s.Token()[1:] + "A")},
			"a stranger's token": {ashlartest.CSRF(stranger.Token())},
			"another site":       {ashlartest.Header("Sec-Fetch-Site", "cross-site")},
			"another host of it": {ashlartest.Header("Sec-Fetch-Site", "same-site")},
			"another origin":     {ashlartest.Header("Sec-Fetch-Site", ""), ashlartest.Header("Origin", "https://evil.example")},
			"no origin":          {ashlartest.Header("Sec-Fetch-Site", ""), ashlartest.Header("Origin", "null")},
		} {
			if res := s.Post(path, form, opts...); res.Status != http.StatusForbidden {
				t.Errorf("%s with %s: got status %d, want 403", path, name, res.Status)
			}
			want.Equal(t, s.rows(), before)
		}
		twice := clone(form)
		twice["_csrf"] = []string{s.Token(), "wrong"}
		want.Equal(t, s.Post(path, twice).Status, 403)
		want.Equal(t, s.rows(), before)
	}
}

// TestLongHead sends more than the server reads of a request's head.
func TestLongHead(t *testing.T) {
	t.Parallel()
	p := run(t, "DATABASE_URL=sqlite:"+copied(t))
	host := strings.TrimPrefix(p.url(), "http://")
	for name, head := range map[string]string{
		"a long field":   "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + strings.Repeat("x", 200<<10) + "\r\n\r\n",
		"many fields":    "GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("X-Field: x\r\n", 20_000) + "\r\n",
		"a long address": "GET /?q=" + strings.Repeat("x", 200<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"a long cookie":  "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: session=" + strings.Repeat("x", 200<<10) + "\r\n\r\n",
	} {
		if got := talk(t, host, head); got != 431 {
			t.Errorf("%s: got status %d, want 431", name, got)
		}
	}
	for name, head := range map[string]string{
		"no host":          "GET / HTTP/1.1\r\n\r\n",
		"two hosts":        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
		"a broken escape":  "GET /films/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"two lengths":      "POST /checkout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
		"a negative one":   "POST /checkout HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
		"a space in names": "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
		"no HTTP":          "hello\r\n\r\n",
	} {
		if got := talk(t, host, head); got != 400 {
			t.Errorf("%s: got status %d, want 400", name, got)
		}
	}
	want.Equal(t, talk(t, host, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), 200)
}

// talk sends bytes to a server and returns the status of its answer.
func talk(t *testing.T, host, text string) int {
	t.Helper()
	c, err := net.Dial("tcp", host)
	want.NoErr(t, err)
	defer c.Close()
	sent := make(chan struct{})
	go func() { // the server may answer and hang up before it has read all
		defer close(sent)
		_, _ = c.Write([]byte(text))
	}()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	c.Close()
	<-sent
	if err != nil {
		t.Errorf("%.40q: got no answer: %v", text, err)
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}
