package interop_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestContinueIsSentWhenTheBodyIsWanted(t *testing.T) {
	on(t, http1, func(a *ashlar.App) {
		a.Post("/", func(c *ashlar.Ctx) error {
			b, err := io.ReadAll(c.Body())
			if err != nil {
				return err
			}
			return c.Text("got " + string(b))
		}, ashlar.InsecureNoCSRF(), ashlar.BodyLimit(100))
	}, func(t *testing.T, s *site) {
		conn, r := s.dial(t)
		_, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
		want.NoErr(t, err)
		line, err := r.ReadString('\n')
		want.NoErr(t, err)
		want.Equal(t, line, "HTTP/1.1 100 Continue\r\n")
		_, err = r.ReadString('\n')
		want.NoErr(t, err)
		_, err = io.WriteString(conn, "hello")
		want.NoErr(t, err)
		res, err := http.ReadResponse(r, nil)
		want.NoErr(t, err)
		want.Equal(t, read(t, res), "got hello")
		conn.Close()

		// A body that is too long is refused before it is sent.
		conn, r = s.dial(t)
		_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n")
		want.NoErr(t, err)
		res, err = http.ReadResponse(r, nil)
		want.NoErr(t, err)
		want.Equal(t, res.StatusCode, 413)
		_ = read(t, res)
		conn.Close()

		// The same by net/http's client.
		_, body := s.send(t, "POST", "/", strings.NewReader("hello"), "Expect: 100-continue")
		want.Equal(t, body, "got hello")
	})
}

func TestOldClientsGetAnswersTheyCanRead(t *testing.T) {
	on(t, http1, func(a *ashlar.App) {
		a.Get("/whole", func(c *ashlar.Ctx) error { return c.Text("whole") })
		a.Get("/stream", func(c *ashlar.Ctx) error {
			return c.Stream("text/plain", func(w io.Writer) error {
				for i := range 3 {
					fmt.Fprint(w, i)
					w.(http.Flusher).Flush()
				}
				return nil
			})
		})
	}, func(t *testing.T, s *site) {
		for path, text := range map[string]string{"/whole": "whole", "/stream": "012"} {
			conn, r := s.dial(t)
			_, err := io.WriteString(conn, "GET "+path+" HTTP/1.0\r\nHost: localhost\r\n\r\n")
			want.NoErr(t, err)
			res, err := http.ReadResponse(r, nil)
			want.NoErr(t, err)
			want.Equal(t, len(res.TransferEncoding), 0)
			want.Equal(t, read(t, res), text)
			_, err = r.ReadByte()
			want.Err(t, err, io.EOF)
		}
		conn, r := s.dial(t)
		for range 2 { // the connection stays for those who ask for it
			_, err := io.WriteString(conn, "GET /whole HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
			want.NoErr(t, err)
			res, err := http.ReadResponse(r, nil)
			want.NoErr(t, err)
			want.Equal(t, strings.ToLower(res.Header.Get("Connection")), "keep-alive")
			want.Equal(t, read(t, res), "whole")
		}
	})
}

func TestHijackGivesTheConnection(t *testing.T) {
	h := func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer conn.Close()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: lines\r\n\r\n")
		_ = rw.Flush()
		for {
			line, err := rw.ReadString('\n')
			if err != nil {
				return
			}
			_, _ = rw.WriteString(strings.ToUpper(line))
			_ = rw.Flush()
		}
	}
	on(t, http1, sockets(h), func(t *testing.T, s *site) {
		for _, path := range []string{"/mounted", "/called"} {
			conn, r := s.dial(t)
			// The first line comes with the head: it must not be lost.
			_, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: lines\r\n\r\nearly\n")
			want.NoErr(t, err)
			res, err := http.ReadResponse(r, nil)
			want.NoErr(t, err)
			want.Equal(t, res.StatusCode, 101)
			want.Equal(t, line(t, r), "EARLY\n")
			_, err = io.WriteString(conn, "late\n")
			want.NoErr(t, err)
			want.Equal(t, line(t, r), "LATE\n")
			conn.Close()
		}
	})
}

func line(t *testing.T, r interface{ ReadString(byte) (string, error) }) string {
	t.Helper()
	s, err := r.ReadString('\n')
	want.NoErr(t, err)
	return s
}
