package session_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/session/dbstore"
)

// A visitor is a browser: it keeps cookies.
type visitor struct {
	t    *testing.T
	http *http.Client
	url  *url.URL
}

func (s *site) visitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	want.NoErr(t, err)
	u, err := url.Parse(s.server.URL)
	want.NoErr(t, err)
	return &visitor{t, &http.Client{Transport: s.server.Client().Transport, Jar: jar}, u}
}

type answer struct {
	status int
	body   string
	header http.Header
	cookie *http.Cookie // the session's, nil if none was set
}

func (v *visitor) send(method, path, body string, headers ...string) answer {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url.String()+path, strings.NewReader(body))
	want.NoErr(v.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	resp, err := v.http.Do(r)
	want.NoErr(v.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	want.NoErr(v.t, err)
	a := answer{status: resp.StatusCode, body: string(b), header: resp.Header}
	for _, c := range resp.Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			if a.cookie != nil {
				v.t.Errorf("got two session cookies in one answer: %q", resp.Header["Set-Cookie"])
			}
			a.cookie = c
		}
	}
	return a
}

// get visits a page that must answer 200, and returns what it says.
func (v *visitor) get(path string) string {
	v.t.Helper()
	a := v.send("GET", path, "")
	if a.status != 200 {
		v.t.Fatalf("GET %s: got status %d: %s", path, a.status, a.body)
	}
	return a.body
}

// sees fails unless the page says so.
func (v *visitor) sees(path, text string) {
	v.t.Helper()
	if got := v.get(path); got != text {
		v.t.Errorf("GET %s: got %q, want %q", path, got, text)
	}
}

// post sends the form with a token and returns the status.
func (v *visitor) post(token string) int {
	v.t.Helper()
	return v.send("POST", "/form", "_csrf="+url.QueryEscape(token)).status
}

// cookie returns the value of the session cookie that the visitor holds.
func (v *visitor) cookie() string {
	for _, c := range v.http.Jar.Cookies(v.url) {
		if strings.HasSuffix(c.Name, "session") {
			return c.Value
		}
	}
	return ""
}

// hold gives the visitor a session cookie.
func (v *visitor) hold(value string) {
	v.http.Jar.SetCookies(v.url, []*http.Cookie{{Name: "session", Value: value, Path: "/"}})
}

// count returns how many sessions are stored.
func (s *site) count(t *testing.T) int64 {
	t.Helper()
	n, err := dbstore.Sessions.Count(s.Context(t.Context()))
	want.NoErr(t, err)
	return n
}

// A clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// lockedBuffer is a log that a test reads while the app writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
