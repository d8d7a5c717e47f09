package httpd_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// A pipes is a listener whose connections are made in memory, so that a test
// can run on testing/synctest's clock.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes {
	return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) dial() net.Conn {
	near, far := net.Pipe()
	p.conns <- far
	return near
}

// inBubble runs test on a clock of its own. Servers that it starts are closed
// behind it.
func inBubble(t *testing.T, test func(t *testing.T, start starter)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		test(t, func(h http.Handler, cfg httpd.Config) (*httpd.Server, *pipes) {
			l := newPipes()
			srv := &httpd.Server{Handler: h, Config: cfg}
			ended := make(chan error, 1)
			go func() { ended <- srv.Serve(l) }()
			t.Cleanup(func() {
				want.NoErr(t, srv.Close())
				want.Err(t, <-ended, http.ErrServerClosed)
			})
			return srv, l
		})
	})
}

type starter func(http.Handler, httpd.Config) (*httpd.Server, *pipes)

// send writes to a connection whose other end may not read, and gives up then.
func send(c net.Conn, s string) { go func() { _, _ = io.WriteString(c, s) }() }

// statusOf reads an answer, and reports how long it took.
func statusOf(t *testing.T, c net.Conn) (status int, body string, took time.Duration) {
	t.Helper()
	from := time.Now()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, "", time.Since(from)
	}
	b, err := io.ReadAll(res.Body)
	want.NoErr(t, err)
	return res.StatusCode, string(b), time.Since(from)
}

func about(t *testing.T, what string, got, expected time.Duration) {
	t.Helper()
	if got < expected || got > expected+2*time.Second {
		t.Errorf("%s took %v, want %v and at most 2 s more", what, got, expected)
	}
}

func TestSlowHead(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(http.HandlerFunc(echo), httpd.Config{HeaderTimeout: 5 * time.Second})
		c := l.dial()
		defer c.Close()
		ended := make(chan struct{})
		go func() { // one byte a second
			defer close(ended)
			for _, b := range []byte("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n") {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}()
		status, _, took := statusOf(t, c)
		want.Equal(t, status, 408)
		about(t, "a slow head", took, 5*time.Second)
		_ = c.Close()
		<-ended
	})
}

func TestSilentConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(http.HandlerFunc(echo), httpd.Config{HeaderTimeout: 5 * time.Second})
		c := l.dial()
		defer c.Close()
		status, _, took := statusOf(t, c)
		want.Equal(t, status, 0)
		about(t, "a silent connection", took, 5*time.Second)
	})
}

func TestIdleConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(http.HandlerFunc(echo), httpd.Config{IdleTimeout: time.Minute})
		c := l.dial()
		defer c.Close()
		for range 3 { // each request begins the idle time anew
			send(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			status, _, _ := statusOf(t, c)
			want.Equal(t, status, 200)
			time.Sleep(50 * time.Second)
		}
		status, _, took := statusOf(t, c)
		want.Equal(t, status, 0)
		about(t, "the rest of the idle time", took, 10*time.Second)
	})
}

func TestSlowBody(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		errs := make(chan error, 3)
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(r.Body)
			errs <- err
		})
		cfg := httpd.Config{BodyTimeout: 10 * time.Second, BodyRate: 100}
		_, l := start(h, cfg)
		drip := func(pause time.Duration, size, count int) time.Duration {
			c := l.dial()
			defer c.Close()
			from := time.Now()
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
				for range count {
					time.Sleep(pause)
					if _, err := c.Write(make([]byte, size)); err != nil {
						return
					}
				}
			}()
			_, _, _ = statusOf(t, c)
			took := time.Since(from)
			_ = c.Close()
			<-ended
			return took
		}
		about(t, "a body that stops", drip(0, 1, 1), 10*time.Second)
		want.Err(t, <-errs, httpd.ErrTooSlow)
		about(t, "a dripping body", drip(time.Second, 1, 100), 10*time.Second)
		want.Err(t, <-errs, httpd.ErrTooSlow)
		about(t, "a body that is fast enough", drip(time.Second, 20, 5), 5*time.Second)
		want.NoErr(t, <-errs)
	})
}

func TestSlowReader(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		failed := make(chan error, 1)
		h := native(func(x *httpd.Exchange) {
			_, err := x.Writer().Write(make([]byte, 1<<20))
			failed <- err
		})
		_, l := start(h, httpd.Config{WriteTimeout: 10 * time.Second})
		c := l.dial()
		defer c.Close()
		send(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		from := time.Now()
		_, _ = io.CopyN(io.Discard, c, 100<<10) // and then no more
		want.Err(t, <-failed, httpd.ErrTooSlow)
		about(t, "a client that stops reading", time.Since(from), 10*time.Second)
	})
}

func TestSlowReaderThatGoesOn(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		h := native(func(x *httpd.Exchange) { _ = x.Send(200, make([]byte, 1<<20)) })
		_, l := start(h, httpd.Config{WriteTimeout: 10 * time.Second})
		c := l.dial()
		defer c.Close()
		send(c, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		total, buf := 0, make([]byte, 32<<10)
		for {
			n, err := c.Read(buf)
			total += n
			if err != nil {
				break
			}
			time.Sleep(2 * time.Second)
		}
		if total < 1<<20 {
			t.Errorf("got %d bytes, want all of the answer", total)
		}
	})
}

func TestDeadlinesOfTheHandler(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		errs := make(chan error, 1)
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rc := http.NewResponseController(w)
			want.NoErr(t, rc.SetReadDeadline(time.Now().Add(time.Second)))
			_, err := io.ReadAll(r.Body)
			errs <- err
			want.NoErr(t, rc.SetWriteDeadline(time.Now().Add(time.Second)))
			want.NoErr(t, rc.EnableFullDuplex())
		})
		_, l := start(h, httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
		status, _, took := statusOf(t, c)
		want.Equal(t, status, 200)
		about(t, "the handler's deadline", took, time.Second)
		if err := <-errs; err == nil || !strings.Contains(err.Error(), "timeout") {
			t.Errorf("got error %v, want a timeout", err)
		}
	})
}

// The answers to pipelined requests wait for each other to go out together,
// but not for a handler that takes its time.
func TestDeferredAnswersAreFlushed(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		release := make(chan struct{})
		h := native(func(x *httpd.Exchange) {
			if x.Path() == "/slow" {
				<-release
			}
			_ = x.Send(200, []byte(x.Path()))
		})
		_, l := start(h, httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "GET /fast HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
		status, body, took := statusOf(t, c)
		want.Equal(t, status, 200)
		want.Equal(t, body, "/fast")
		about(t, "an answer in front of a slow one", took, 0)
		close(release)
		_, body, _ = statusOf(t, c)
		want.Equal(t, body, "/slow")
	})
}

func TestShutdown(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		release := make(chan struct{})
		h := native(func(x *httpd.Exchange) {
			if x.Path() == "/slow" {
				<-release
			}
			_ = x.Send(200, []byte(x.Path()))
		})
		srv, l := start(h, httpd.Config{})
		idle, busy, fresh := l.dial(), l.dial(), l.dial()
		send(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		status, _, _ := statusOf(t, idle)
		want.Equal(t, status, 200)
		send(busy, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
		synctest.Wait()

		down := make(chan error, 1)
		go func() { down <- srv.Shutdown(t.Context()) }()
		status, _, took := statusOf(t, idle)
		want.Equal(t, status, 0)
		about(t, "closing an idle connection", took, 0)

		send(fresh, "GET /fresh HTTP/1.1\r\nHost: a\r\n\r\n")
		res, err := http.ReadResponse(bufio.NewReader(fresh), nil)
		want.NoErr(t, err)
		want.Equal(t, res.Close, true)

		select {
		case err := <-down:
			t.Errorf("Shutdown returned %v before the running request was answered", err)
		default:
		}
		close(release)
		res, err = http.ReadResponse(bufio.NewReader(busy), nil)
		want.NoErr(t, err)
		want.Equal(t, res.Close, true)
		_, _ = io.Copy(io.Discard, busy)
		want.NoErr(t, <-down)
	})
}

func TestShutdownGivesUp(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		release := make(chan struct{})
		h := native(func(x *httpd.Exchange) { <-release })
		srv, l := start(h, httpd.Config{Log: slog.New(slog.DiscardHandler)})
		c := l.dial()
		defer c.Close()
		send(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		from := time.Now()
		want.Err(t, srv.Shutdown(ctx), ctx.Err())
		about(t, "giving up", time.Since(from), 3*time.Second)
		want.NoErr(t, srv.Close()) // does not wait for the handler
		close(release)
	})
}

// shortOf is a listener that lacks descriptors at first.
type shortOf struct {
	*pipes
	left int
}

func (s *shortOf) Accept() (net.Conn, error) {
	if s.left > 0 {
		s.left--
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept", syscall.EMFILE)}
	}
	return s.pipes.Accept()
}

func TestAcceptGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &shortOf{newPipes(), 5}
		srv := &httpd.Server{Handler: helloNative()}
		ended := make(chan error, 1)
		go func() { ended <- srv.Serve(l) }()
		c := l.dial()
		send(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		status, _, _ := statusOf(t, c)
		want.Equal(t, status, 200)
		want.NoErr(t, srv.Close())
		want.Err(t, <-ended, http.ErrServerClosed)
	})
}

func TestServeNeedsAHandler(t *testing.T) {
	t.Parallel()
	err := new(httpd.Server).Serve(newPipes())
	want.Contains(t, err.Error(), "Server.Handler is nil")
}
