package ashlar_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestEveryAnswerHasSecurityHeaders(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/ok", func(c *ashlar.Ctx) error { return c.Text("ok") })
		a.Get("/panic", func(*ashlar.Ctx) error { panic("boom") })
		a.Get("/away", func(c *ashlar.Ctx) error { return c.Redirect("/ok") })
		a.Get("/stream", func(c *ashlar.Ctx) error { _, err := io.WriteString(c.Writer(), "x"); return err })
		a.Handle("/std", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }))
		a.Static("/static/", fstest.MapFS{"a.css": {Data: []byte("a{}")}})
	})
	for path, status := range map[string]int{"/ok": 200, "/panic": 500, "/away": 303, "/stream": 200, "/std": 418,
		"/static/a.css": 200, "/static/b.css": 404, "/none": 404, "/ok/": 308, "/%zz": 400} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.URL.RawPath = path, path
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		if path != "/%zz" { // httptest cannot carry it as a raw path; the router's tests do
			want.Equal(t, w.Code, status)
		}
		for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "strict-origin-when-cross-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := w.Header().Get(name); got != value {
				t.Errorf("%s: got %s %q, want %q", path, name, got, value)
			}
		}
		want.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'self'", "frame-ancestors 'none'")
		if w.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: got no request id", path)
		}
	}
}

func TestPanicIsOneLogEntryWithStack(t *testing.T) {
	t.Parallel()
	app, log := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/panic", func(*ashlar.Ctx) error { panic("boom") })
		a.Get("/nil", func(*ashlar.Ctx) error { var c *ashlar.Ctx; return c.Text("of nothing") })
	})
	for _, path := range []string{"/panic", "/nil"} {
		want.Equal(t, ask(app, "GET", path, "").Code, 500)
	}
	want.Equal(t, strings.Count(log.String(), "level=ERROR"), 2)
	want.Contains(t, log.String(), "panic: boom", "pipeline_test.go")
}

func TestProductionNeverShowsTheInside(t *testing.T) {
	t.Parallel()
	const secret = "pq: relation users does not exist at 10.1.2.3"
	register := func(a *ashlar.App) {
		a.Get("/error", func(c *ashlar.Ctx) error {
			ashlar.Record(c, ashlar.Event{Kind: "sql", Text: "select secret_column"})
			return fmt.Errorf("load: %w", errors.New(secret))
		})
		a.Get("/panic", func(*ashlar.Ctx) error { panic(secret) })
		a.Get("/wrapped", func(*ashlar.Ctx) error { return errs.NotFound.Wrap(errors.New(secret), "No such film.") })
	}
	env := environment("ASHLAR_ENV=production", "ASHLAR_HOSTS=example.com")
	app, log := started(t, ashlar.Config{LookupEnv: env}, register)
	for _, path := range []string{"/error", "/panic", "/wrapped"} {
		for _, accept := range []string{"text/html", "application/json", ""} {
			w := ask(app, "GET", path, "", "Accept: "+accept)
			for _, leak := range []string{secret, "secret_column", ".go:", "goroutine", "load:", "10.1.2.3"} {
				if strings.Contains(w.Body.String(), leak) {
					t.Errorf("%s as %q: got %q in the answer", path, accept, leak)
				}
			}
			id := w.Header().Get("X-Request-Id")
			want.Contains(t, w.Body.String(), id)
			want.Contains(t, log.String(), id)
		}
	}
	want.Contains(t, log.String(), secret)

	// The same in development, from this machine, shows all of it …
	app, _ = started(t, ashlar.Config{}, register)
	r := httptest.NewRequest("GET", "/error", nil)
	r.Header.Set("Accept", "text/html")
	r.RemoteAddr = "127.0.0.1:5000"
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	want.Contains(t, w.Body.String(), secret, "select secret_column", "pipeline_test.go", "GET /error", "*fmt.wrapError")
	// … but not to another machine, nor through a proxy on this one.
	r.RemoteAddr = "192.0.2.1:5000"
	w = httptest.NewRecorder()
	app.ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), secret) {
		t.Error("got the detail page from another machine")
	}
	r.RemoteAddr = "127.0.0.1:5000"
	r.Header.Set("X-Forwarded-For", "192.0.2.1")
	w = httptest.NewRecorder()
	app.ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), secret) {
		t.Error("got the detail page through a proxy")
	}
}

func TestDetailPageEscapes(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/x/{p}", func(c *ashlar.Ctx) error { return errors.New("bad: " + c.Param("p")) })
	})
	r := httptest.NewRequest("GET", "/x/%3Cscript%3Ealert(1)%3C%2Fscript%3E?q=<img>", nil)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("X-Evil", "<script>alert(2)</script>")
	r.RemoteAddr = "[::1]:5000"
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	want.Contains(t, w.Body.String(), "&lt;script&gt;alert(1)")
	if strings.Contains(w.Body.String(), "<script>") || strings.Contains(w.Body.String(), "<img>") {
		t.Errorf("got unescaped input: %s", w.Body.String())
	}
}

func TestProblemDocument(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/gone", func(*ashlar.Ctx) error { return errs.Gone.New("It was sold.") })
		a.Get("/late", func(*ashlar.Ctx) error { return context.DeadlineExceeded })
	})
	w := ask(app, "GET", "/gone", "")
	want.Equal(t, w.Code, 410)
	want.Equal(t, w.Header().Get("Content-Type"), "application/problem+json")
	want.Contains(t, w.Body.String(), `"title":"Gone"`, `"status":410`, `"detail":"It was sold."`, `"type":"about:blank"`)
	w = ask(app, "GET", "/late", "")
	want.Equal(t, w.Code, 503)
	want.Equal(t, w.Header().Get("Retry-After"), "5")
}

func TestHosts(t *testing.T) {
	t.Parallel()
	hello := func(a *ashlar.App) { a.Get("/", func(c *ashlar.Ctx) error { return c.Text("hi") }) }
	app, _ := started(t, ashlar.Config{}, hello)
	for host, status := range map[string]int{"localhost": 200, "localhost:8080": 200, "a.localhost": 200, "127.0.0.1:1": 200,
		"[::1]:80": 200, "LOCALHOST": 200, "evil.test": 421, "localhost.evil.test": 421, "": 421} {
		if got := ask(app, "GET", "/", "", "Host: "+host).Code; got != status {
			t.Errorf("%q: got %d, want %d", host, got, status)
		}
	}
	got := checked(ashlar.Config{LookupEnv: environment("ASHLAR_ENV=production")}, hello)
	want.Contains(t, got, "no host names", "ASHLAR_HOSTS", "A1006")
}

func TestProxyFieldsAreBelievedFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	show := func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error {
			return c.Text(fmt.Sprint(c.RemoteIP(), " ", c.Host(), " ", c.IsSecure()))
		})
	}
	forged := []string{"X-Forwarded-For: 1.2.3.4, 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: example.com", "Host: localhost"}
	app, _ := started(t, ashlar.Config{}, show)
	want.Equal(t, ask(app, "GET", "/", "", forged...).Body.String(), "192.0.2.1 localhost false")
	app, _ = started(t, ashlar.Config{TrustedProxies: []string{"192.0.2.0/24"}}, show)
	want.Equal(t, ask(app, "GET", "/", "", forged...).Body.String(), "203.0.113.9 example.com true")
	// A hop that is no address ends what can be believed.
	want.Equal(t, ask(app, "GET", "/", "", "X-Forwarded-For: 1.2.3.4, evil").Body.String(), "192.0.2.1 example.com false")
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	type in struct {
		Text string `json:"text"`
	}
	app, _ := started(t, ashlar.Config{BodyLimit: 100}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/json", func(_ context.Context, in in) (string, error) { return "ok", nil })
		ashlar.Post(a.Router, "/wide", func(_ context.Context, in in) (string, error) { return "ok", nil }, ashlar.BodyLimit(1000))
		a.Post("/raw", func(c *ashlar.Ctx) error { _, err := io.Copy(io.Discard, c.Body()); return err })
	})
	big := `{"text":"` + strings.Repeat("x", 200) + `"}`
	for path, status := range map[string]int{"/json": 413, "/wide": 200, "/raw": 413} {
		want.Equal(t, ask(app, "POST", path, big, "Content-Type: application/json").Code, status)
		// Without Content-Length the limit is found while reading.
		r := httptest.NewRequest("POST", path, io.MultiReader(strings.NewReader(big)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		want.Equal(t, w.Code, status)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{Timeout: 20 * time.Millisecond}, func(a *ashlar.App) {
		a.Get("/slow", func(c *ashlar.Ctx) error {
			if _, ok := c.Deadline(); !ok {
				t.Error("got no deadline")
			}
			<-c.Done()
			return c.Err()
		})
		a.Get("/free", func(c *ashlar.Ctx) error {
			_, ok := c.Deadline()
			return c.Text(fmt.Sprint(ok))
		}, ashlar.Timeout(0))
	})
	want.Equal(t, ask(app, "GET", "/slow", "").Code, 503)
	want.Equal(t, ask(app, "GET", "/free", "").Body.String(), "false")
}

func TestCompression(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("all work and no play ", 200)
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/long", func(c *ashlar.Ctx) error { return c.Text(long) })
		a.Get("/short", func(c *ashlar.Ctx) error { return c.Text("x") })
		a.Get("/png", func(c *ashlar.Ctx) error { return c.Bytes("image/png", []byte(long)) })
		a.Get("/stream", func(c *ashlar.Ctx) error {
			return c.Stream("text/plain", func(w io.Writer) error {
				for range 200 {
					if _, err := io.WriteString(w, "all work and no play "); err != nil {
						return err
					}
				}
				return nil
			})
		})
	})
	for path, zipped := range map[string]bool{"/long": true, "/short": false, "/png": false, "/stream": true} {
		w := ask(app, "GET", path, "", "Accept-Encoding: br, gzip;q=0.5")
		want.Equal(t, w.Header().Get("Content-Encoding") == "gzip", zipped)
		if zipped {
			z, err := gzip.NewReader(w.Body)
			want.NoErr(t, err)
			want.Equal(t, read(t, z), long)
			want.Equal(t, w.Header().Get("Vary"), "Accept-Encoding")
		}
		w = ask(app, "GET", path, "", "Accept-Encoding: gzip;q=0")
		want.Equal(t, w.Header().Get("Content-Encoding"), "")
	}
}

func TestConditionalGet(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/a", func(c *ashlar.Ctx) error { return c.Text("content") })
		a.Get("/token", func(c *ashlar.Ctx) error { return c.Text(c.CSRFToken()) })
	})
	tag := ask(app, "GET", "/a", "").Header().Get("Etag")
	if tag == "" {
		t.Fatal("got no entity tag")
	}
	for _, match := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		w := ask(app, "GET", "/a", "", "If-None-Match: "+match)
		want.Equal(t, w.Code, 304)
		want.Equal(t, w.Body.Len(), 0)
		want.Equal(t, w.Header().Get("Etag"), tag)
	}
	want.Equal(t, ask(app, "GET", "/a", "", `If-None-Match: "other"`).Code, 200)
	w := ask(app, "GET", "/token", "")
	want.Equal(t, w.Header().Get("Etag"), "")
	want.Equal(t, w.Header().Get("Cache-Control"), "private, no-cache")
}

func TestHeadOptionsAndMethods(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/a", func(c *ashlar.Ctx) error { return c.Text("content") })
	})
	w := ask(app, "HEAD", "/a", "")
	want.Equal(t, w.Code, 200)
	want.Equal(t, w.Body.Len(), 0)
	want.Equal(t, w.Header().Get("Content-Length"), "7")
	w = ask(app, "OPTIONS", "/a", "")
	want.Equal(t, w.Code, 204)
	want.Equal(t, w.Header().Get("Allow"), "GET, HEAD, OPTIONS")
	w = ask(app, "DELETE", "/a", "")
	want.Equal(t, w.Code, 405)
	want.Equal(t, w.Header().Get("Allow"), "GET, HEAD, OPTIONS")
}

// What net/http promises to a handler still holds under Ashlar.
func TestNetHTTPPromises(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Handle("GET /hijack", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, rw, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
			_ = rw.Flush()
			line, _ := rw.ReadString('\n')
			_, _ = rw.WriteString("echo " + line)
			_ = rw.Flush()
		}))
		a.Handle("GET /flush", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rc := http.NewResponseController(w)
			if err := rc.SetWriteDeadline(time.Time{}); err != nil {
				t.Error(err)
			}
			_, _ = io.WriteString(w, "one\n")
			if err := rc.Flush(); err != nil {
				t.Error(err)
			}
			<-r.Context().Done()
		}))
		a.Handle("GET /path/{id}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, r.PathValue("id"), " ", r.Pattern)
		}))
	})
	srv := httptest.NewServer(app)
	t.Cleanup(srv.Close)

	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	want.NoErr(t, err)
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /hijack HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	br := bufio.NewReader(conn)
	res, err := http.ReadResponse(br, nil)
	want.NoErr(t, err)
	want.Equal(t, res.StatusCode, 101)
	_, _ = io.WriteString(conn, "ping\n")
	line, err := br.ReadString('\n')
	want.NoErr(t, err)
	want.Equal(t, line, "echo ping\n")

	ctx, cancel := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL+"/flush", nil)
	res, err = srv.Client().Do(req)
	want.NoErr(t, err)
	line, err = bufio.NewReader(res.Body).ReadString('\n') // before the handler ended
	want.NoErr(t, err)
	want.Equal(t, line, "one\n")
	cancel() // the handler's context ends, or srv.Close would hang
	res.Body.Close()

	res, err = srv.Client().Get(srv.URL + "/path/7")
	want.NoErr(t, err)
	defer res.Body.Close()
	want.Equal(t, read(t, res.Body), "7 GET /path/{id}")
}

func TestHTTP2(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error { return c.Text(c.Request().Proto + fmt.Sprint(c.IsSecure())) })
	})
	srv := httptest.NewUnstartedServer(app)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	res, err := srv.Client().Get(srv.URL)
	want.NoErr(t, err)
	defer res.Body.Close()
	want.Equal(t, read(t, res.Body), "HTTP/2.0true")
}

func TestBrokenStreamIsCutOff(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error {
			return c.Stream("text/plain", func(w io.Writer) error {
				_, _ = io.WriteString(w, "half")
				c.Writer().(http.Flusher).Flush()
				return errors.New("the source broke")
			})
		})
	})
	srv := httptest.NewServer(app)
	t.Cleanup(srv.Close)
	res, err := srv.Client().Get(srv.URL)
	want.NoErr(t, err)
	defer res.Body.Close()
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("got a complete answer, want one that is cut off")
	}
}

func TestAnswersAreNotSplit(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/field", func(c *ashlar.Ctx) error {
			c.SetHeader("X-Note", c.Query("v"))
			return c.Text("ok")
		})
		a.Get("/to", func(c *ashlar.Ctx) error { return c.Redirect(c.Query("v")) })
	})
	for _, v := range []string{"a%0d%0aSet-Cookie:x=1", "a%0ab", "a%00b"} {
		w := ask(app, "GET", "/field?v="+v, "")
		want.Equal(t, w.Code, 500)
		want.Equal(t, w.Header().Get("X-Note"), "")
	}
	for _, v := range []string{"//evil.test", `/\evil.test`, "https:evil.test", "https://evil.test", "/%09/evil.test",
		"javascript:alert(1)", "", "evil.test", "/%0d%0aX:y", `\\evil.test`} {
		w := ask(app, "GET", "/to?v="+v, "")
		if w.Code != 500 || w.Header().Get("Location") != "" {
			t.Errorf("%q: got %d to %q, want it refused", v, w.Code, w.Header().Get("Location"))
		}
	}
	want.Equal(t, ask(app, "GET", "/to?v=/films?page=2", "").Header().Get("Location"), "/films?page=2")
}
