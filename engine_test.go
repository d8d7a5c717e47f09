package ashlar_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// everything registers a handler of each kind.
func everything(a *ashlar.App) {
	type in struct {
		ID   int    `path:"id"`
		Page int    `query:"page" default:"1"`
		Tag  string `header:"X-Tag"`
	}
	type body struct {
		Name string `json:"name" form:"name" validate:"required"`
	}
	long := strings.Repeat("all work and no play ", 200)
	a.Get("/text", func(c *ashlar.Ctx) error { return c.Text("hello") })
	a.Get("/long", func(c *ashlar.Ctx) error { return c.Text(long) })
	ashlar.Get(a.Router, "/films/{id:int}", func(_ context.Context, in in) (in, error) { return in, nil })
	ashlar.Post(a.Router, "/names", func(_ context.Context, in body) (string, error) { return "Hello, " + in.Name, nil })
	a.Post("/echo", func(c *ashlar.Ctx) error {
		b, err := io.ReadAll(c.Body())
		if err != nil {
			return err
		}
		return c.Bytes("application/octet-stream", b)
	}, ashlar.InsecureNoCSRF(), ashlar.BodyLimit(50_000))
	a.Get("/panic", func(*ashlar.Ctx) error { panic("boom") })
	a.Get("/gone", func(*ashlar.Ctx) error { return errs.Gone.New("It was sold.") })
	a.Get("/away", func(c *ashlar.Ctx) error { return c.Redirect("/text") })
	a.Get("/cookie", func(c *ashlar.Ctx) error {
		c.SetCookie(&http.Cookie{Name: "a", Value: "b"})
		v, _ := c.Cookie("seen")
		return c.Text(v)
	})
	a.Get("/none", func(c *ashlar.Ctx) error { return c.NoContent() })
	a.Get("/stream", func(c *ashlar.Ctx) error {
		return c.Stream("text/plain", func(w io.Writer) error {
			for i := range 3 {
				fmt.Fprintln(w, i)
				w.(http.Flusher).Flush()
			}
			return nil
		})
	})
	a.Handle("/std/{rest...}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Seen", r.PathValue("rest")+"?"+r.URL.RawQuery+" "+r.Host)
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, r.Method)
	}), ashlar.InsecureNoCSRF())
	a.Static("/static/", fstest.MapFS{"a.css": {Data: []byte(strings.Repeat("a{}", 1000))}})
}

var engines = []string{"own", "std"}

// A way is one of the ways to reach an app.
type way struct {
	name, url string
	client    *http.Client
}

// ways serves an app of its own for each of the six ways: HTTP/2 comes with TLS
// alone. The ids of requests count up, so apps that are asked alike have ids of
// the same length.
func ways(t *testing.T, register func(*ashlar.App)) []way {
	t.Helper()
	certFile, keyFile, pool := certificate(t)
	var all []way
	for _, engine := range engines {
		for _, name := range []string{"plain", "TLS", "HTTP/2"} {
			cfg := ashlar.Config{Engine: engine}
			if name != "plain" {
				cfg.TLSCert, cfg.TLSKey = certFile, keyFile
			}
			url, _, _ := serving(t, cfg, register)
			all = append(all, way{engine + ", " + name, url, client(t, pool, name == "HTTP/2")})
		}
	}
	return all
}

// client returns a client that takes answers as they come.
func client(t *testing.T, pool *x509.CertPool, h2 bool) *http.Client {
	transport := &http.Transport{DisableCompression: true, ForceAttemptHTTP2: h2, TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// shown is an answer without what differs by its nature: when it was given and
// what TLS adds to cookies. How HTTP/1.1 frames it is told beside it.
func shown(t *testing.T, res *http.Response) (answer, framing string) {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	want.NoErr(t, err)
	var s strings.Builder
	fmt.Fprintln(&s, res.StatusCode, res.ContentLength)
	if res.ProtoMajor == 1 {
		framing = fmt.Sprint(res.Proto, res.TransferEncoding, res.Close)
	}
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		if name != "Date" && name != "X-Request-Id" && name != "Last-Modified" { // when each app was started
			fmt.Fprintln(&s, name, res.Header[name])
		}
	}
	s.WriteString(strings.ReplaceAll(string(b), res.Header.Get("X-Request-Id"), "ID"))
	return strings.ReplaceAll(s.String(), "; Secure", ""), framing
}

// asked sends one request, "METHOD path body" with a field "Name: value", and
// returns what shown tells of the answer.
func (w way) asked(t *testing.T, line, header string) (answer, framing string) {
	t.Helper()
	parts := append(strings.SplitN(line, " ", 3), "")
	r, err := http.NewRequestWithContext(t.Context(), parts[0], w.url+parts[1], strings.NewReader(parts[2]))
	want.NoErr(t, err)
	r.Host = "localhost"
	if parts[2] != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if name, value, _ := strings.Cut(header, ": "); name == "Host" {
		r.Host = value
	} else if name != "" {
		r.Header.Set(name, value)
	}
	res, err := w.client.Do(r)
	want.NoErr(t, err)
	defer res.Body.Close()
	want.Equal(t, res.ProtoMajor == 2, strings.HasSuffix(w.name, "HTTP/2"))
	return shown(t, res)
}

// Both engines carry the same requests to the same answers, plain and by TLS.
func TestEnginesAnswerAlike(t *testing.T) {
	t.Parallel()
	all := ways(t, everything)
	for _, line := range []string{
		"GET /text", "HEAD /text", "OPTIONS /text", "DELETE /text", "GET /long", "HEAD /long", "GET /films/7?page=2", "GET /films/x",
		"GET /films/7?page=x", "GET /panic", "GET /gone", "GET /away", "GET /cookie", "GET /none", "HEAD /none", "GET /stream",
		"GET /std/a/b?c=d", "PUT /std/x", "GET /static/a.css", "GET /nowhere", "GET /text/", "GET //text", "GET /%2e%2e/x",
		"GET /text?q=" + strings.Repeat("x", 20_000),
		`POST /names {"name":"Ada"}`, `POST /names {"name":1}`, `POST /names {"nam":"x"}`, `POST /names {`, "POST /names name=Ada",
		"POST /echo " + strings.Repeat("x", 50_000), "POST /echo",
		// Over the limit, but little enough for both to read it to its end: of
		// more, the client may learn by a broken connection.
		"POST /echo " + strings.Repeat("x", 60_000),
	} {
		for _, header := range []string{"", "Accept: text/html", "Accept-Encoding: gzip", "Cookie: seen=yes", "X-Tag: t",
			"Host: evil.test", "Range: bytes=0-9", "Sec-Fetch-Site: cross-site", "Content-Type: application/x-www-form-urlencoded"} {
			if line == "GET /panic" && header == "Accept: text/html" {
				continue // the page for developers shows what differs
			}
			answer, framing := all[0].asked(t, line, header)
			for _, w := range all[1:] {
				got, gotFraming := w.asked(t, line, header)
				if got != answer || gotFraming != framing && gotFraming != "" {
					t.Errorf("%.60s with %q:\n--- %s %s\n%.1500s\n--- %s %s\n%.1500s",
						line, header, w.name, gotFraming, got, all[0].name, framing, answer)
				}
			}
		}
	}
}

// An app keeps its promises on the engine of its own, which is the default.
func TestOwnEngine(t *testing.T) {
	t.Parallel()
	entered, left := make(chan struct{}), make(chan error, 1)
	url, stop, ended := serving(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/wait", func(c *ashlar.Ctx) error {
			close(entered)
			<-c.Done()
			left <- c.Err()
			return c.Err()
		})
		a.Handle("GET /hijack", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, rw, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
			_ = rw.Flush()
			line, _ := rw.ReadString('\n')
			_, _ = rw.WriteString("echo " + line)
			_ = rw.Flush()
		}))
	})

	ctx, cancel := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, "GET", url+"/wait", nil)
	go func() { _, _ = http.DefaultTransport.RoundTrip(r) }() //nolint:bodyclose // there is none
	<-entered
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v after the client left, want that it was cancelled", err)
	}

	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	want.NoErr(t, err)
	defer conn.Close()
	want.NoErr(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, _ = io.WriteString(conn, "GET /hijack HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nping\n")
	br := bufio.NewReader(conn)
	res, err := http.ReadResponse(br, nil)
	want.NoErr(t, err)
	want.Equal(t, res.StatusCode, 101)
	line, err := br.ReadString('\n')
	want.NoErr(t, err)
	want.Equal(t, line, "echo ping\n")

	stop()
	want.NoErr(t, <-ended)
	if _, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
		t.Error("got a connection after the stop")
	}
}
