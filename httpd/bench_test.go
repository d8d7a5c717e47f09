package httpd_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

const (
	plainRequest   = "GET /plaintext HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: keep-alive\r\n\r\n"
	browserRequest = "GET /films?page=2 HTTP/1.1\r\nHost: example.com\r\nConnection: keep-alive\r\nCache-Control: max-age=0\r\n" +
		"sec-ch-ua: \"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"\r\nsec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Linux\"\r\n" +
		"Upgrade-Insecure-Requests: 1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n" +
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\nSec-Fetch-Site: same-origin\r\n" +
		"Sec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\nReferer: https://example.com/films\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9\r\nCookie: session=abcdefghijklmnopqrstuvwxyz0123456789\r\n\r\n"
)

var hello = []byte("Hello, World!")

func helloNative() native {
	return func(x *httpd.Exchange) {
		x.SetField("Content-Type", "text/plain")
		_ = x.Send(200, hello)
	}
}

// helloFields is helloNative for an answer with fields that are always the same.
func helloFields(t testing.TB) native {
	p, err := httpd.NewPreset(httpd.Field{Name: "X-Content-Type-Options", Value: "nosniff"}, httpd.Field{Name: "X-Frame-Options", Value: "DENY"})
	want.NoErr(t, err)
	list := []httpd.Field{{Name: "Content-Type", Value: "text/plain"}, {Name: "X-Request-Id", Value: "0123456789abcdef"}}
	return func(x *httpd.Exchange) {
		x.SetDeadlines(time.Minute, time.Minute)
		x.SetFields(p, list)
		_ = x.Send(200, hello)
	}
}

func helloStd() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(hello)
	})
}

// loopConn gives the same request n times, in batches, and swallows answers.
type loopConn struct {
	memConn
	request []byte
	n       int
}

func (c *loopConn) Read(p []byte) (int, error) {
	if c.n == 0 {
		return 0, io.EOF
	}
	c.n--
	return copy(p, c.request), nil
}

func (c *loopConn) Write(p []byte) (int, error) { return len(p), nil }

// benchEngine measures the engine alone, without sockets.
func benchEngine(b *testing.B, h http.Handler, request string, depth int) {
	srv := &httpd.Server{Handler: h}
	b.ReportAllocs()
	httpd.ServeConn(srv, &loopConn{request: []byte(strings.Repeat(request, depth)), n: b.N/depth + 1})
}

func BenchmarkEngine(b *testing.B) {
	b.Run("native", func(b *testing.B) { benchEngine(b, helloNative(), plainRequest, 1) })
	b.Run("native pipelined", func(b *testing.B) { benchEngine(b, helloNative(), plainRequest, 16) })
	b.Run("native browser", func(b *testing.B) { benchEngine(b, helloNative(), browserRequest, 1) })
	b.Run("native changing browser", func(b *testing.B) {
		other := strings.Replace(browserRequest, "session=abc", "session=xyz", 1)
		benchEngine(b, helloNative(), browserRequest+other, 1)
		b.ReportMetric(2, "requests/op")
	})
	b.Run("native fields pipelined", func(b *testing.B) { benchEngine(b, helloFields(b), plainRequest, 16) })
	b.Run("std", func(b *testing.B) { benchEngine(b, helloStd(), plainRequest, 1) })
	b.Run("std pipelined", func(b *testing.B) { benchEngine(b, helloStd(), plainRequest, 16) })
	b.Run("std browser", func(b *testing.B) { benchEngine(b, helloStd(), browserRequest, 1) })
}

func BenchmarkParse(b *testing.B) {
	for name, request := range map[string]string{"plain": plainRequest, "browser": browserRequest} {
		b.Run(name, func(b *testing.B) {
			raw := []byte(request)
			var p httpd.Parser
			b.ReportAllocs()
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, status := p.Parse(raw); status != 0 {
					b.Fatal(status)
				}
			}
		})
	}
}

// BenchmarkLoopback measures requests over a socket, client included.
func BenchmarkLoopback(b *testing.B) {
	run := func(b *testing.B, addr string, depth int) {
		c, err := net.Dial("tcp", addr)
		want.NoErr(b, err)
		defer c.Close()
		batch := []byte(strings.Repeat(plainRequest, depth))
		buf := make([]byte, 64<<10)
		end := []byte("World!")
		b.ReportAllocs()
		b.ResetTimer()
		for n := 0; n < b.N; n += depth {
			if _, err := c.Write(batch); err != nil {
				b.Fatal(err)
			}
			for got := 0; got < depth; {
				k, err := c.Read(buf)
				if err != nil {
					b.Fatal(err)
				}
				got += bytes.Count(buf[:k], end)
			}
		}
	}
	for _, depth := range []int{1, 16} {
		suffix := map[int]string{1: "", 16: " pipelined"}[depth]
		b.Run("native"+suffix, func(b *testing.B) {
			_, addr := serve(b, helloNative(), httpd.Config{})
			run(b, addr, depth)
		})
		b.Run("std"+suffix, func(b *testing.B) {
			_, addr := serve(b, helloStd(), httpd.Config{})
			run(b, addr, depth)
		})
		b.Run("nethttp"+suffix, func(b *testing.B) { run(b, serveStd(b, helloStd()), depth) })
	}
}

// TestAllocations is the gate for what a request allocates.
func TestAllocations(t *testing.T) {
	if testing.CoverMode() != "" || raceEnabled {
		t.Skip("the race detector and coverage allocate themselves")
	}
	const requests = 2000
	per := func(h http.Handler, request string) float64 {
		srv := &httpd.Server{Handler: h}
		run := func(n int) float64 {
			return testing.AllocsPerRun(5, func() { httpd.ServeConn(srv, &loopConn{request: []byte(request), n: n}) })
		}
		return (run(requests) - run(0)) / requests
	}
	for _, c := range []struct {
		name    string
		handler http.Handler
		request string
		most    float64
	}{
		{"native: head, Exchange", helloNative(), plainRequest, 2},
		{"native, all fields at once", helloFields(t), plainRequest, 2},
		{"native, browser's fields", helloNative(), browserRequest, 2},
		{"standard", helloStd(), plainRequest, 8},
		{"standard, browser's fields", helloStd(), browserRequest, 11},
	} {
		if got := per(c.handler, c.request); got > c.most+0.01 {
			t.Errorf("%s: got %.2f allocations a request, want at most %v", c.name, got, c.most)
		} else {
			t.Logf("%s: %.2f allocations a request", c.name, got)
		}
	}
}
