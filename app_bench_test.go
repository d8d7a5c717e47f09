package ashlar_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/httpd"
)

// loop is a listener with one connection, which sends the same request n times
// and swallows the answers: what is left is what engine and app cost, without
// sockets.
type loop struct {
	request []byte
	n       int
	given   bool
	over    chan struct{}
}

func (l *loop) Accept() (net.Conn, error) {
	if !l.given {
		l.given = true
		return l, nil
	}
	<-l.over
	return nil, net.ErrClosed
}

func (l *loop) Read(p []byte) (int, error) {
	if l.n == 0 {
		return 0, io.EOF
	}
	l.n--
	return copy(p, l.request), nil
}

func (l *loop) Close() error {
	select {
	case <-l.over:
	default:
		close(l.over)
	}
	return nil
}

func (l *loop) Write(p []byte) (int, error)      { return len(p), nil }
func (l *loop) Addr() net.Addr                   { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
func (l *loop) LocalAddr() net.Addr              { return l.Addr() }
func (l *loop) RemoteAddr() net.Addr             { return l.Addr() }
func (l *loop) SetDeadline(time.Time) error      { return nil }
func (l *loop) SetReadDeadline(time.Time) error  { return nil }
func (l *loop) SetWriteDeadline(time.Time) error { return nil }

// all but what no app can do without.
var leaveOut = []string{"request-id", "log", "headers", "compress", "conditional", "host", "static", "limit", "timeout", "csrf"}

func BenchmarkApp(b *testing.B) {
	register := func(a *ashlar.App) {
		a.Get("/ctx", func(c *ashlar.Ctx) error { return c.Text("Hello, World!") })
		ashlar.Get(a.Router, "/action", func(context.Context, struct{}) (string, error) { return "Hello, World!", nil })
		a.Handle("GET /mounted", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, "Hello, World!")
		}))
	}
	for _, road := range []struct {
		name string
		cfg  ashlar.Config
	}{
		{"bare", ashlar.Config{InsecureOmitStages: leaveOut}},
		{"default", ashlar.Config{}},
		{"log", ashlar.Config{Log: slog.New(slog.NewJSONHandler(io.Discard, nil))}},
	} {
		if road.cfg.Log == nil {
			road.cfg.Log = slog.New(slog.DiscardHandler)
		}
		for _, kind := range []string{"ctx", "action", "mounted"} {
			b.Run(road.name+"/"+kind, func(b *testing.B) {
				road.cfg.LookupEnv = environment("ASHLAR_ENV=production", "ASHLAR_HOSTS=localhost")
				app := ashlar.New(road.cfg)
				register(app)
				if err := app.Start(context.Background()); err != nil {
					b.Fatal(err)
				}
				request := "GET /" + kind + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain,*/*;q=0.8\r\nUser-Agent: bench\r\n\r\n"
				srv := &httpd.Server{Handler: app}
				l := &loop{request: []byte(request), n: b.N, over: make(chan struct{})}
				b.ReportAllocs()
				b.ResetTimer()
				_ = srv.Serve(l)
				b.StopTimer()
				_ = srv.Close()
			})
		}
	}
}
