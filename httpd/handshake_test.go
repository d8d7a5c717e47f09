package httpd_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// servingTLS serves by TLS and returns the address and the log.
func servingTLS(t *testing.T) (*httpd.Server, string, func() string) {
	t.Helper()
	like := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	defer like.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	var mu sync.Mutex
	var log bytes.Buffer
	srv := &httpd.Server{Handler: http.NotFoundHandler(), Config: httpd.Config{
		Log: slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))}}
	go func() { _ = srv.Serve(tls.NewListener(l, &tls.Config{Certificates: like.TLS.Certificates})) }()
	t.Cleanup(func() { srv.Close() })
	return srv, l.Addr().String(), func() string {
		mu.Lock()
		defer mu.Unlock()
		return log.String()
	}
}

type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// Who speaks HTTP where TLS is spoken is told so; who speaks anything else is
// not answered. Both are in the log.
func TestHandshakeFails(t *testing.T) {
	t.Parallel()
	for sent, told := range map[string][2]string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n": {"HTTP/1.1 400 Bad Request\r\n", "without TLS"},
		"SSH-2.0-OpenSSH_9.9\r\n":           {"", "first record does not look like a TLS handshake"},
	} {
		srv, addr, log := servingTLS(t)
		conn, err := net.Dial("tcp", addr)
		want.NoErr(t, err)
		_, err = io.WriteString(conn, sent)
		want.NoErr(t, err)
		got, _ := io.ReadAll(conn)
		if told[0] == "" && strings.Contains(string(got), "HTTP") || !strings.HasPrefix(string(got), told[0]) {
			t.Errorf("%q: got %q, want it to begin with %q", sent, got, told[0])
		}
		conn.Close()
		want.NoErr(t, srv.Shutdown(t.Context()))
		want.Contains(t, log(), "level=DEBUG", "TLS handshake", told[1], conn.LocalAddr().String())
	}
}

// A client that connects and says nothing does not hold up Shutdown for all of
// HeaderTimeout.
func TestShutdownDoesNotWaitForSilentHandshakes(t *testing.T) {
	t.Parallel()
	srv, addr, _ := servingTLS(t)
	conn, err := net.Dial("tcp", addr)
	want.NoErr(t, err)
	defer conn.Close()
	second, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true}) // accepted behind the first
	want.NoErr(t, err)
	second.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // HeaderTimeout is 10 s
	defer cancel()
	want.NoErr(t, srv.Shutdown(ctx))
}
