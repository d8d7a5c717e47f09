package httpd_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// handlers are ways to answer that net/http gives a meaning to.
func handlers(t *testing.T) map[string]http.HandlerFunc {
	dir := t.TempDir()
	want.NoErr(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte(strings.Repeat("film\n", 30<<10)), 0o600))
	want.NoErr(t, os.WriteFile(filepath.Join(dir, "empty.html"), nil, 0o600))
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.Copy(w, r.Body)
		_, _ = io.WriteString(w, " from behind "+r.Header.Get("X-Forwarded-For"))
		w.Header().Set("X-Sum", "7")
	}))
	t.Cleanup(backend.Close)
	target, err := url.Parse(backend.URL)
	want.NoErr(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.SetXForwarded() }}

	long := strings.Repeat("0123456789", 1000)
	write := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	status := func(code int, s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); _, _ = io.WriteString(w, s) }
	}
	set := func(name, value, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(name, value)
			_, _ = io.WriteString(w, body)
		}
	}
	return map[string]http.HandlerFunc{
		"nothing":              func(http.ResponseWriter, *http.Request) {},
		"echo":                 echo,
		"short":                write("hello"),
		"2048 bytes":           write(long[:2048]),
		"2049 bytes":           write(long[:2049]),
		"long":                 write(long),
		"html":                 write("<!DOCTYPE html><p>"),
		"201":                  status(201, "made"),
		"204":                  status(204, "dropped"),
		"304":                  status(304, "dropped"),
		"404":                  status(404, "gone"),
		"599":                  status(599, "own"),
		"777":                  status(777, "beyond"),
		"http.Error":           func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) },
		"redirect":             func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusFound) },
		"not found":            http.NotFound,
		"content type":         set("Content-Type", "text/x", "hello"),
		"content encoding":     set("Content-Encoding", "br", "hello"),
		"length right":         set("Content-Length", "5", "hello"),
		"length too small":     set("Content-Length", "3", "hello"),
		"connection close":     set("Connection", "close", "hello"),
		"coding identity":      set("Transfer-Encoding", "identity", "hello"),
		"own date":             set("Date", "Mon, 02 Jan 2006 15:04:05 GMT", "hello"),
		"value with line ends": set("X-A", "a\r\nX-B: b", "hello"),
		"name that is none":    set("X A", "a", "hello"),
		"no date":              func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil },
		"no content type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			_, _ = io.WriteString(w, "hello")
		},
		"field after WriteHeader": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-A", "1")
			w.WriteHeader(200)
			w.Header().Set("X-A", "2")
			w.Header().Set("X-B", "2")
		},
		"second WriteHeader": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.WriteHeader(404) },
		"flushed": func(w http.ResponseWriter, _ *http.Request) {
			for i := range 3 {
				_, _ = fmt.Fprintf(w, "part %d\n", i)
				w.(http.Flusher).Flush()
			}
		},
		"flushed at once": func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() },
		"flushed, length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "2")
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, "ab")
		},
		"early hints": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</a>")
			w.WriteHeader(103)
			_, _ = io.WriteString(w, "x")
		},
		"trailers": trailers,
		"trailers, prefix": func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			w.Header().Set(http.TrailerPrefix+"X-Sum", "9")
		},
		"two cookies": func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
		},
		"write errors": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1")
			_, err := io.WriteString(w, "hello")
			w.Header().Del("Content-Length")
			_, _ = fmt.Fprint(w, errors.Is(err, http.ErrContentLength))
		},
		"ReadFrom": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.(io.ReaderFrom).ReadFrom(strings.NewReader(long))
		},
		"file":       func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, filepath.Join(dir, "a.txt")) },
		"empty file": func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, filepath.Join(dir, "empty.html")) },
		"file server": func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = "/a.txt"
			http.FileServer(http.Dir(dir)).ServeHTTP(w, r)
		},
		"proxy":     proxy.ServeHTTP,
		"timeout":   http.TimeoutHandler(http.HandlerFunc(echo), time.Minute, "late").ServeHTTP,
		"max bytes": http.MaxBytesHandler(http.HandlerFunc(echo), 100).ServeHTTP,
	}
}

func trailers(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Trailer", "X-Sum, X-Unset")
	_, _ = io.WriteString(w, "hello")
	w.Header().Set("X-Sum", "5")
}

// TestConformance: handlers written for net/http answer the same on both
// engines: status, fields, body, trailers, and whether the connection stays.
func TestConformance(t *testing.T) {
	t.Parallel()
	requests := []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=3-9\r\nIf-Modified-Since: Mon, 02 Jan 2006 15:04:05 GMT\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
	}
	for name, h := range handlers(t) {
		_, engine := serve(t, h, httpd.Config{})
		std := serveStd(t, h)
		for _, raw := range requests {
			if name == "early hints" && strings.Contains(raw, "HTTP/1.0") {
				continue // RFC 9110 section 15.2: not to HTTP/1.0; net/http sends them
			}
			got, expected := understood(t, engine, raw), understood(t, std, raw)
			if got != expected {
				t.Errorf("%s, %q:\n got %s\nwant %s", name, raw, got, expected)
			}
		}
	}
}

// understood sends raw twice on one connection, and tells what a client
// understands of what comes back.
func understood(t *testing.T, addr, raw string) string {
	c := dial(t, addr)
	defer c.Close()
	method, _, _ := strings.Cut(raw, " ")
	in := bufio.NewReader(c)
	var out strings.Builder
	for range 2 {
		if _, err := io.WriteString(c, raw); err != nil {
			break
		}
		for {
			res, err := http.ReadResponse(in, &http.Request{Method: method})
			if err != nil {
				return out.String() + "closed"
			}
			digest(&out, res)
			if res.StatusCode >= 200 {
				break
			}
		}
	}
	return out.String()
}

func digest(out *strings.Builder, res *http.Response) {
	body, err := io.ReadAll(res.Body)
	fmt.Fprintf(out, "%d %q %v close=%v length=%d", res.StatusCode, body, err, res.Close, res.ContentLength)
	if d := res.Header.Get("Date"); len(d) == len(http.TimeFormat) && !strings.Contains(d, "2006") {
		res.Header.Set("Date", "now")
	}
	delete(res.Header, "Connection") // res.Close is what it means
	for _, h := range []http.Header{res.Header, res.Trailer} {
		for _, name := range slices.Sorted(maps.Keys(h)) {
			fmt.Fprintf(out, " %s=%q", name, h[name])
		}
		out.WriteString(" |")
	}
	out.WriteString("\n")
}
