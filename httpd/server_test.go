package httpd_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// native is a handler of the engine's own kind.
type native func(x *httpd.Exchange)

func (n native) ServeExchange(x *httpd.Exchange) { n(x) }

func (native) ServeHTTP(http.ResponseWriter, *http.Request) {
	panic("the engine prefers ServeExchange")
}

// serve runs a server on loopback until the test ends, and returns its address.
func serve(t testing.TB, h http.Handler, cfg httpd.Config) (*httpd.Server, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	srv := &httpd.Server{Handler: h, Config: cfg}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	t.Cleanup(func() {
		want.NoErr(t, srv.Close())
		want.Err(t, <-ended, http.ErrServerClosed)
	})
	return srv, l.Addr().String()
}

// dial connects to a server until the test ends.
func dial(t testing.TB, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	want.NoErr(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// talk sends raw, closes the sending side, and returns all that comes back.
func talk(t testing.TB, addr, raw string) string {
	t.Helper()
	c := dial(t, addr)
	_, _ = io.WriteString(c, raw) // a server may refuse before it has read all
	_ = c.(*net.TCPConn).CloseWrite()
	got, _ := io.ReadAll(c)
	return string(got)
}

func TestServe(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		x.SetField("Content-Type", "text/plain")
		want.NoErr(t, x.Send(200, []byte("Hello, "+x.Query())))
	}), httpd.Config{})
	res, err := http.Get("http://" + addr + "/?World")
	want.NoErr(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	want.NoErr(t, err)
	want.Equal(t, string(body), "Hello, World")
	want.Equal(t, res.Header.Get("Content-Type"), "text/plain")
	want.Equal(t, res.ContentLength, 12)
	want.Equal(t, len(res.Header.Get("Date")), len(http.TimeFormat))
}

func TestServeStandardHandler(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		want.NoErr(t, err)
		w.Header().Set("X-Got", r.Header.Get("X-Sent"))
		_, _ = io.WriteString(w, strings.ToUpper(string(b)))
	}), httpd.Config{})
	req, _ := http.NewRequestWithContext(context.Background(), "POST", "http://"+addr, strings.NewReader("shout"))
	req.Header.Set("X-Sent", "it")
	res, err := http.DefaultClient.Do(req)
	want.NoErr(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	want.NoErr(t, err)
	want.Equal(t, string(body), "SHOUT")
	want.Equal(t, res.Header.Get("X-Got"), "it")
	want.Equal(t, res.Header.Get("Content-Type"), "text/plain; charset=utf-8")
}

// closings counts how often a listener is closed.
type closings struct {
	net.Listener
	n atomic.Int32
}

func (c *closings) Close() error {
	c.n.Add(1)
	return c.Listener.Close()
}

func TestListenersAreClosedOnce(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*httpd.Server) error{
		"Shutdown": func(s *httpd.Server) error { return s.Shutdown(context.Background()) },
		"Close":    (*httpd.Server).Close,
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		want.NoErr(t, err)
		counted := &closings{Listener: l}
		srv := &httpd.Server{Handler: helloNative()}
		ended := make(chan error, 1)
		go func() { ended <- srv.Serve(counted) }()
		_ = talk(t, l.Addr().String(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") // it serves
		want.NoErr(t, stop(srv))
		want.Err(t, <-ended, http.ErrServerClosed)
		if got := counted.n.Load(); got != 1 {
			t.Errorf("%s: got %d calls of the listener's Close, want 1", name, got)
		}
	}
}
