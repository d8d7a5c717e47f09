package httpd_test

import (
	"bufio"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// A client that drips fast enough for the server is too slow for the deadline.
func TestReadDeadline(t *testing.T) {
	for _, c := range []struct {
		name     string
		read     time.Duration
		cfg      httpd.Config
		tooSlow  bool
		duration time.Duration
	}{
		{"the server's timeout alone", 0, httpd.Config{BodyTimeout: 5 * time.Second, BodyRate: 1}, false, 20 * time.Second},
		{"the deadline comes first", 10 * time.Second, httpd.Config{BodyTimeout: 5 * time.Second, BodyRate: 1}, true, 10 * time.Second},
		{"the server's timeout comes first", time.Hour, httpd.Config{BodyTimeout: 5 * time.Second, BodyRate: 1000}, true, 5 * time.Second},
		{"the server has none", 10 * time.Second, httpd.Config{BodyTimeout: -1}, true, 10 * time.Second},
		{"lifted", -1, httpd.Config{BodyTimeout: 5 * time.Second, BodyRate: 1000}, false, 20 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, start starter) {
				failed := make(chan error, 1)
				_, l := start(native(func(x *httpd.Exchange) {
					x.SetDeadlines(c.read, 0)
					_, err := io.ReadAll(x.Body())
					failed <- err
				}), c.cfg)
				conn := l.dial()
				defer conn.Close()
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n")
					for range 10 {
						time.Sleep(2 * time.Second)
						if _, err := conn.Write([]byte("four")); err != nil {
							return
						}
					}
				}()
				_, _, took := statusOf(t, conn)
				about(t, "the request", took, c.duration)
				if err := <-failed; c.tooSlow {
					want.Err(t, err, httpd.ErrTooSlow)
				} else {
					want.NoErr(t, err)
				}
				_ = conn.Close()
				<-ended
			})
		})
	}
}

// What has come can be read past the deadline, what has not cannot.
func TestReadPastTheDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		failed := make(chan error, 1)
		_, l := start(native(func(x *httpd.Exchange) {
			x.SetDeadlines(time.Second, 0)
			time.Sleep(5 * time.Second)
			b, err := io.ReadAll(x.Body())
			want.Equal(t, string(b), "half")
			failed <- err
		}), httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf")
		_, _, took := statusOf(t, c)
		about(t, "the request", took, 5*time.Second)
		want.Err(t, <-failed, httpd.ErrTooSlow)
	})
}

// A handler that lifts the timeouts and does not read leaves nobody waiting.
func TestUnreadBodyWithoutTimeouts(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(native(func(x *httpd.Exchange) { x.SetDeadlines(-1, -1) }), httpd.Config{BodyTimeout: 5 * time.Second})
		c := l.dial()
		defer c.Close()
		send(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf")
		in := bufio.NewReader(c)
		res, err := http.ReadResponse(in, nil)
		want.NoErr(t, err)
		want.Equal(t, res.StatusCode, 200)
		from := time.Now()
		_, err = in.ReadByte()
		want.Err(t, err, io.EOF)
		about(t, "waiting for the rest", time.Since(from), 5*time.Second)
	})
}

func TestWriteDeadline(t *testing.T) {
	const size = 1 << 20 // 16 pieces
	for _, c := range []struct {
		name     string
		write    time.Duration
		timeout  time.Duration
		tooSlow  bool
		duration time.Duration
	}{
		{"the server's timeout alone", 0, 3 * time.Second, false, 32 * time.Second},
		{"the deadline comes first", 10 * time.Second, 3 * time.Second, true, 10 * time.Second},
		{"the server's timeout comes first", time.Hour, time.Second, true, time.Second},
		{"the server has none", 10 * time.Second, -1, true, 10 * time.Second},
		{"lifted", -1, time.Second, false, 32 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, start starter) {
				failed := make(chan error, 1)
				took := make(chan time.Duration, 1)
				_, l := start(native(func(x *httpd.Exchange) {
					from := time.Now()
					x.SetDeadlines(0, c.write)
					failed <- x.Send(200, make([]byte, size))
					took <- time.Since(from)
				}), httpd.Config{WriteTimeout: c.timeout})
				conn := l.dial()
				defer conn.Close()
				send(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
				for n := 0; ; {
					if n += 1; n > 1 {
						time.Sleep(2 * time.Second)
					}
					if _, err := io.CopyN(io.Discard, conn, 64<<10); err != nil {
						break
					}
				}
				if err := <-failed; c.tooSlow {
					want.Err(t, err, httpd.ErrTooSlow)
				} else {
					want.NoErr(t, err)
				}
				about(t, "the answer", <-took, c.duration)
			})
		})
	}
}

// An answer that comes too late is not sent, and its context has ended.
func TestWritePastTheDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(native(func(x *httpd.Exchange) {
			x.SetDeadlines(0, time.Second)
			time.Sleep(5 * time.Second)
			w := x.Writer()
			_, _ = w.Write([]byte("late"))
			want.Err(t, http.NewResponseController(w).Flush(), httpd.ErrTooSlow)
			<-x.Context().Done()
		}), httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		status, _, took := statusOf(t, c)
		want.Equal(t, status, 0)
		about(t, "the end of the connection", took, 5*time.Second)
	})
}

// The deadline of an answer that waits for the next one's is not forgotten.
func TestWriteDeadlineInAPipeline(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		sent := make(chan time.Duration, 1)
		_, l := start(native(func(x *httpd.Exchange) {
			if x.Path() == "/first" {
				x.SetDeadlines(0, 3*time.Second)
				_ = x.Send(200, []byte("first"))
				return
			}
			from := time.Now()
			x.SetDeadlines(0, time.Minute)
			_ = x.Send(200, make([]byte, 1<<20))
			sent <- time.Since(from)
		}), httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n")
		about(t, "waiting for a client that reads nothing", <-sent, 3*time.Second)
	})
}

// An answer that has been sent leaves no deadline behind, even if more requests
// have come already.
func TestWriteDeadlineOfASentAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(native(func(x *httpd.Exchange) {
			if x.Path() == "/first" {
				x.SetDeadlines(0, time.Second)
				_ = x.Send(200, make([]byte, 100<<10)) // too long to wait for the next
				return
			}
			time.Sleep(5 * time.Second)
			want.NoErr(t, x.Send(200, make([]byte, 100<<10)))
		}), httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n")
		in := bufio.NewReader(c)
		for range 2 {
			res, err := http.ReadResponse(in, nil)
			want.NoErr(t, err)
			n, err := io.Copy(io.Discard, res.Body)
			want.NoErr(t, err)
			want.Equal(t, n, 100<<10)
		}
	})
}

// The answer to an earlier request goes out while the handler of this one, which
// has begun to answer, changes its deadlines.
func TestDeadlinesWhileEarlierAnswersAreSent(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(native(func(x *httpd.Exchange) {
			if x.Path() == "/second" {
				x.Writer().WriteHeader(200)
				for range 20 {
					x.SetDeadlines(time.Minute, time.Minute)
					time.Sleep(100 * time.Millisecond)
				}
			}
		}), httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n")
		in := bufio.NewReader(c)
		for _, least := range []time.Duration{0, time.Second} {
			from := time.Now()
			res, err := http.ReadResponse(in, nil)
			want.NoErr(t, err)
			want.Equal(t, res.StatusCode, 200)
			about(t, "an answer", time.Since(from), least)
		}
	})
}

// Each request begins with the server's timeouts.
func TestDeadlinesEndWithTheRequest(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(native(func(x *httpd.Exchange) {
			if x.Path() == "/first" {
				x.SetDeadlines(time.Second, time.Second)
			} else {
				time.Sleep(5 * time.Second)
			}
			_ = x.Send(200, nil)
		}), httpd.Config{})
		c := l.dial()
		defer c.Close()
		for _, path := range []string{"/first", "/second"} {
			send(c, "GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n")
			status, _, _ := statusOf(t, c)
			want.Equal(t, status, 200)
			synctest.Wait() // the connection waits for the next
		}
	})
}
