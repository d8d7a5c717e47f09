package interop_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// The ways to reach an app. Taking connections over is for HTTP/1.1 alone.
var (
	http1    = []string{"own, plain", "own, TLS", "std, plain", "std, TLS"}
	http2    = []string{"own, HTTP/2", "std, HTTP/2"}
	anyProto = append(http1[:4:4], http2...)
)

// A site is an app that serves, and a client that reaches it in one way.
type site struct {
	ctx       context.Context // bounds what a test waits for
	url, addr string
	client    *http.Client
	tls       *tls.Config // of clients; nil: plain
	log       *diary
	stop      func() // begins to stop the app
	ended     <-chan error
}

// on runs a test for each of the ways, against an app that register has filled.
func on(t *testing.T, ways []string, register func(*ashlar.App), test func(*testing.T, *site)) {
	t.Helper()
	t.Parallel()
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			engine, proto, _ := strings.Cut(way, ", ")
			s := serve(t, engine, proto, register)
			test(t, s)
			s.end(t)
		})
	}
}

func serve(t *testing.T, engine, proto string, register func(*ashlar.App)) *site {
	t.Helper()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	t.Cleanup(cancel)
	s := &site{ctx: bounded, log: &diary{url: make(chan string, 1)}}
	cfg := ashlar.Config{Engine: engine, Addr: "127.0.0.1:0", DrainTimeout: 10 * time.Second,
		LookupEnv: func(string) (string, bool) { return "", false },
		Log:       slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if proto != "plain" {
		cfg.TLS, s.tls = secured()
	}
	transport := &http.Transport{TLSClientConfig: s.tls, ForceAttemptHTTP2: proto == "HTTP/2", ExpectContinueTimeout: time.Minute}
	s.client = &http.Client{Transport: transport}
	app := ashlar.New(cfg)
	register(app)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() {
		defer close(ended) // for those who look twice
		ended <- app.Run(ctx, []string{"serve"}, io.Discard)
	}()
	select {
	case s.url = <-s.log.url:
	case err := <-ended:
		t.Fatalf("got an end instead of a server: %v", err)
	}
	s.url = strings.Replace(s.url, "localhost", "127.0.0.1", 1)
	_, s.addr, _ = strings.Cut(s.url, "://")
	s.stop, s.ended = stop, ended
	t.Cleanup(stop)
	return s
}

// end stops the app, which is to go well, with nothing wrong in its log.
func (s *site) end(t *testing.T) {
	t.Helper()
	s.client.CloseIdleConnections()
	s.stop()
	want.NoErr(t, <-s.ended)
	if log := s.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("got a log of\n%s\nwant one without errors and warnings", log)
	}
}

// secured returns TLS configurations for a server and its clients.
func secured() (server, client *tls.Config) {
	like := httptest.NewTLSServer(http.NotFoundHandler()) // which brings a certificate
	defer like.Close()
	pool := x509.NewCertPool()
	pool.AddCert(like.Certificate())
	return &tls.Config{Certificates: like.TLS.Certificates}, &tls.Config{RootCAs: pool}
}

// dial opens a connection for those who write requests by hand.
func (s *site) dial(t *testing.T) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	want.NoErr(t, err)
	if s.tls != nil {
		cfg := s.tls.Clone()
		cfg.ServerName = "127.0.0.1"
		conn = tls.Client(conn, cfg)
	}
	t.Cleanup(func() { conn.Close() })
	want.NoErr(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return conn, bufio.NewReader(conn)
}

// get asks for a path and returns the answer and its whole body. Fields are
// "Name: value".
func (s *site) get(t *testing.T, path string, fields ...string) (*http.Response, string) {
	t.Helper()
	return s.send(t, "GET", path, nil, fields...)
}

func (s *site) send(t *testing.T, method, path string, body io.Reader, fields ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(s.ctx, method, s.url+path, body)
	want.NoErr(t, err)
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Set(name, value)
	}
	res, err := s.client.Do(r)
	want.NoErr(t, err)
	return res, read(t, res)
}

func read(t *testing.T, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	want.NoErr(t, err)
	return string(b)
}

// A diary is a log that hands on the URL at which the app listens.
type diary struct {
	mu  sync.Mutex
	b   bytes.Buffer
	url chan string
}

var urlInLog = regexp.MustCompile(`msg=listening .*url=(\S+)`)

func (d *diary) Write(p []byte) (int, error) {
	if m := urlInLog.FindSubmatch(p); m != nil {
		d.url <- string(m[1])
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.String()
}
