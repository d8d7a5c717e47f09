package ashlar_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// pipes is a listener in memory, so that time can be the test's own.
type pipes struct {
	conns  chan net.Conn
	closed sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	c, ok := <-p.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p *pipes) Close() error {
	p.closed.Do(func() { close(p.conns) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// connected serves app on one connection, of which it returns the client's end.
func connected(t *testing.T, engine string, app http.Handler) (net.Conn, *bufio.Reader) {
	t.Helper()
	listener := &pipes{conns: make(chan net.Conn, 1)}
	var srv interface {
		Serve(net.Listener) error
		Close() error
	} = &httpd.Server{Handler: app}
	if engine == "std" {
		srv = &http.Server{Handler: app}
	}
	go func() { _ = srv.Serve(listener) }()
	client, server := net.Pipe()
	listener.conns <- server
	t.Cleanup(func() { _, _ = client.Close(), srv.Close() })
	return client, bufio.NewReader(client)
}

func get(t *testing.T, conn net.Conn, r *bufio.Reader, path string) *http.Response {
	t.Helper()
	_, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
	want.NoErr(t, err)
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("%s: got %v", path, err)
	}
	return res
}

// A connection is used again after the time for its earlier answers is over.
func TestTimeForAnAnswerIsItsOwn(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		synctest.Test(t, func(t *testing.T) {
			app, _ := started(t, ashlar.Config{Timeout: 10 * time.Second}, func(a *ashlar.App) {
				a.Get("/{$}", func(c *ashlar.Ctx) error { return c.Text("hello") })
				a.Get("/events", func(c *ashlar.Ctx) error {
					return c.Stream("text/event-stream", func(w io.Writer) error {
						for range 5 {
							time.Sleep(time.Minute)
							if _, err := io.WriteString(w, "data: x\n\n"); err != nil {
								return err
							}
							c.Writer().(http.Flusher).Flush()
						}
						return nil
					})
				}, ashlar.Timeout(0))
				a.Static("/static/", fstest.MapFS{"a.css": {Data: []byte("a{}")}})
			})
			conn, r := connected(t, engine, app)
			for range 2 {
				for path, status := range map[string]int{"/": 200, "/static/a.css": 200, "/none": 404} {
					res := get(t, conn, r, path)
					want.Equal(t, res.StatusCode, status)
					_ = read(t, res.Body)
					time.Sleep(time.Minute)
				}
				res := get(t, conn, r, "/events")
				want.Equal(t, strings.Count(read(t, res.Body), "data:"), 5)
			}
		})
	}
}

// A client that does not read its answer holds neither connection nor
// goroutine for longer than the answer's time.
func TestSlowReadersAreCutOff(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		for _, path := range []string{"/big", "/static/big.bin", "/stream"} {
			synctest.Test(t, func(t *testing.T) {
				big := []byte(strings.Repeat("x", 1<<20))
				app, log := started(t, ashlar.Config{Timeout: 10 * time.Second}, func(a *ashlar.App) {
					a.Get("/big", func(c *ashlar.Ctx) error { return c.Bytes("application/x-big", big) })
					a.Get("/stream", func(c *ashlar.Ctx) error {
						return c.Stream("application/x-big", func(w io.Writer) error { _, err := w.Write(big); return err })
					})
					a.Static("/static/", fstest.MapFS{"big.bin": {Data: big}})
				})
				conn, r := connected(t, engine, app)
				res := get(t, conn, r, path)
				time.Sleep(time.Minute)
				if _, err := io.ReadAll(res.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%s on %s: got %v, want the answer cut off", path, engine, err)
				}
				synctest.Wait()
				want.Contains(t, log.String(), "path="+path) // one that was cut off has its line, too
			})
		}
	}
}
