package ashlar_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// chunked sends a body whose length is not known beforehand.
func chunked(app http.Handler, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, io.MultiReader(strings.NewReader(body)))
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

func withValue(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, "ann")))
	})
}

// buffering holds the whole answer and changes it, as an edge-side-include
// middleware would.
func buffering(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := &buffer{header: w.Header().Clone(), status: 200}
		h.ServeHTTP(b, r)
		for name, values := range b.header {
			w.Header()[name] = values
		}
		w.WriteHeader(b.status)
		_, _ = w.Write(bytes.ReplaceAll(b.body.Bytes(), []byte("<user>"), []byte("<esi:user>")))
	})
}

type buffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffer) Header() http.Header         { return b.header }
func (b *buffer) Write(p []byte) (int, error) { return b.body.Write(p) }
func (b *buffer) WriteHeader(status int)      { b.status = status }

// gzipped compresses in the style of the well-known libraries: a writer that
// hides the one below it, but for Unwrap.
func gzipped(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.ServeHTTP(w, r)
			return
		}
		z := gzip.NewWriter(w)
		defer z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		h.ServeHTTP(gzipWriter{w, z}, r)
	})
}

type gzipWriter struct {
	http.ResponseWriter
	z *gzip.Writer
}

func (g gzipWriter) Write(b []byte) (int, error) { return g.z.Write(b) }
func (g gzipWriter) Unwrap() http.ResponseWriter { return g.ResponseWriter }

func elsewhere(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		done := make(chan any)
		go func() {
			defer func() { done <- recover() }()
			h.ServeHTTP(w, r)
		}()
		if p := <-done; p != nil {
			panic(p)
		}
	})
}

var middlewares = map[string]func(http.Handler) http.Handler{
	"value":     withValue,
	"buffer":    buffering,
	"gzip":      gzipped,
	"goroutine": elsewhere,
	"timeout":   func(h http.Handler) http.Handler { return http.TimeoutHandler(h, time.Minute, "late") },
	"strip":     func(h http.Handler) http.Handler { return http.StripPrefix("", h) },
	"max bytes": func(h http.Handler) http.Handler { return http.MaxBytesHandler(h, 1<<20) },
	"nested":    func(h http.Handler) http.Handler { return buffering(withValue(elsewhere(h))) },
}

func homeApp(t *testing.T, stages ...ashlar.Stage) (*ashlar.App, *lockedBuffer) {
	t.Helper()
	return started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/film/{id}", func(c *ashlar.Ctx) error {
			if c.Err() != nil {
				return c.Err()
			}
			if in, ok := ashlar.FromContext(context.WithValue(c, anyKey{}, 1)); !ok || in.RequestID() != c.RequestID() {
				return errors.New("the request is not in its context")
			}
			return c.HTML(fmt.Sprintf("<user> %s %s %s %v %s", c.Param("id"), c.Route().Pattern, c.RequestID(), c.Value(appValue{}),
				strings.Repeat("and more ", 200)))
		})
		a.Get("/form", func(c *ashlar.Ctx) error { return c.Text(c.CSRFToken()) })
		a.Post("/form", func(c *ashlar.Ctx) error { return c.Text("done") })
		a.Get("/error", func(c *ashlar.Ctx) error { return errs.Conflict.New("It was sold.") })
		a.Get("/panic", func(c *ashlar.Ctx) error { panic("boom") })
		a.Get("/stream", func(c *ashlar.Ctx) error {
			return c.Stream("text/plain", func(w io.Writer) error { _, err := io.WriteString(w, "streamed"); return err })
		})
	}, using(stages...), ashlar.Module{Name: "value", Setup: func(s *ashlar.Setup) error {
		s.Add(ashlar.ContextValue{Key: appValue{}, Value: "from the app"})
		return nil
	}})
}

type appValue struct{}

// Any middleware, anywhere on the road: the promises of the road hold.
func TestMiddlewareAnywhere(t *testing.T) {
	t.Parallel()
	for name, wrap := range middlewares {
		for _, before := range builtInStages {
			t.Run(name+" before "+before, func(t *testing.T) {
				t.Parallel()
				app, log := homeApp(t, ashlar.Stage{Name: "mine", Wrap: wrap, Before: before})
				codes := map[string]int{"/film/7": 200, "/error": 409, "/panic": 500, "/none": 404, "/stream": 200, "/form": 200}
				for path, code := range codes {
					w := ask(app, "GET", path, "", "Accept-Encoding: gzip")
					want.Equal(t, w.Code, code)
					body := plainText(t, w)
					id := w.Header().Get("X-Request-Id")
					if id == "" || w.Header().Get("X-Frame-Options") != "DENY" || w.Header().Get("Content-Security-Policy") == "" {
						t.Errorf("%s: got headers %v", path, w.Header())
					}
					want.Contains(t, log.String(), fmt.Sprintf("id=%s method=GET path=%s ", id, path))
					if !strings.Contains(lineWith(log.String(), "msg=request id="+id), fmt.Sprintf("status=%d", code)) {
						t.Errorf("%s: got log line %s", path, lineWith(log.String(), "id="+id))
					}
					switch path {
					case "/film/7":
						want.Contains(t, body, "user> 7 GET /film/{id} "+id+" from the app and more")
						want.Contains(t, lineWith(log.String(), "msg=request id="+id), `route="GET /film/{id}"`)
					case "/error", "/panic":
						want.Contains(t, body, `"id":"`+id+`"`)
						want.Contains(t, w.Header().Get("Content-Type"), "application/problem+json")
					case "/stream":
						want.Equal(t, body, "streamed")
					case "/form":
						cookie := w.Result().Cookies()[0]
						got := ask(app, "POST", "/form", "", "Cookie: csrf="+cookie.Value, "X-Csrf-Token: "+body)
						want.Equal(t, got.Code, 200)
						want.Equal(t, ask(app, "POST", "/form", "", "Cookie: csrf="+cookie.Value).Code, 403)
						want.Equal(t, w.Header().Get("Cache-Control"), "private, no-cache")
					}
				}
				want.Equal(t, strings.Count(log.String(), "panic: boom"), 1)
			})
		}
	}
}

// plainText takes as many layers of gzip off as the answer says it has.
func plainText(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = w.Body
	for range w.Header().Values("Content-Encoding") {
		z, err := gzip.NewReader(r)
		want.NoErr(t, err)
		r = z
	}
	return read(t, r)
}

func lineWith(log, part string) string {
	for line := range strings.Lines(log) {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}

func TestMiddlewareChangesTheRequest(t *testing.T) {
	t.Parallel()
	app, _ := homeApp(t, ashlar.Stage{Name: "prefix", Before: "route", Wrap: func(h http.Handler) http.Handler {
		return http.StripPrefix("/site", h)
	}}, ashlar.Stage{Name: "esi", Wrap: buffering}, ashlar.Stage{Name: "user", Wrap: withValue})
	w := ask(app, "GET", "/site/film/7", "")
	want.Contains(t, w.Body.String(), "<esi:user> 7 GET /film/{id}")
	want.Equal(t, ask(app, "GET", "/film/7", "").Code, 404)

	// A middleware that gives the request a context of its own loses what the
	// road needs; it is told so rather than served half.
	app, _ = homeApp(t, ashlar.Stage{Name: "rootless", Wrap: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r.WithContext(context.Background())) })
	}})
	w = ask(app, "GET", "/film/7", "")
	want.Equal(t, w.Code, 500)
	want.Contains(t, w.Body.String(), "context")
}

// The handler may go on after http.TimeoutHandler has answered: it writes into
// the void, and shares nothing with the answer. For the race detector.
func TestTimeoutHandler(t *testing.T) {
	t.Parallel()
	never := func(*ashlar.Ctx) <-chan struct{} { return nil }
	for i, before := range []string{"request-id", "log", "errors", "route", "handler", "request-id", "log", "errors", "route", "handler"} {
		early := (*ashlar.Ctx).Done
		if i < 5 {
			early = never
		}
		release, ended := make(chan struct{}), make(chan struct{})
		app, log := started(t, ashlar.Config{}, func(a *ashlar.App) {
			a.Get("/slow", func(c *ashlar.Ctx) error {
				defer close(ended)
				select {
				case <-release: // long after the answer
				case <-early(c): // while it is written
				}
				c.Personal()
				c.Set(userKey{}, "late")
				c.SetHeader("X-Late", c.CSRFToken()+c.Nonce())
				ashlar.Record(c, ashlar.Event{Text: "late"})
				return c.Text("too late " + c.RequestID())
			})
		}, using(ashlar.Stage{Name: "bounded", Before: before, Wrap: func(h http.Handler) http.Handler {
			return http.TimeoutHandler(h, 5*time.Millisecond, "took too long")
		}}))
		w := ask(app, "GET", "/slow", "")
		want.Equal(t, w.Code, 503)
		want.Equal(t, w.Body.String(), "took too long")
		close(release)
		<-ended
		if before != "request-id" && before != "log" { // these would have to wait for the handler
			want.Contains(t, log.String(), "status=503")
		}
	}
}

type anyKey struct{}
