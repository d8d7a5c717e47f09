package ashlar_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
)

// article is a body of about 1 KiB in ten fields.
type article struct {
	Title   string   `json:"title" validate:"required,max=200,line"`
	Author  string   `json:"author" validate:"required,max=80"`
	Email   string   `json:"email" validate:"required,email"`
	Section string   `json:"section" validate:"oneof=film music books"`
	Summary string   `json:"summary" validate:"max=400"`
	Text    string   `json:"text" validate:"required,max=5000"`
	Year    int      `json:"year" validate:"between=1880 2100"`
	Price   float64  `json:"price" validate:"gt=0"`
	Public  bool     `json:"public"`
	Tags    []string `json:"tags" validate:"max=5,each(slug)"`
}

func articleBody() []byte {
	return fmt.Appendf(nil, `{"title":"Solaris","author":"Andrei Tarkovsky","email":"andrei@example.org","section":"film",`+
		`"summary":%q,"text":%q,"year":1972,"price":9.5,"public":true,"tags":["science-fiction","space","ocean"]}`,
		strings.Repeat("A short word on it. ", 12), strings.Repeat("And a longer one, in which more is told. ", 14))
}

// replay is a request body that is read again for every request.
type replay struct{ bytes.Reader }

func (*replay) Close() error { return nil }

// benchmarkRequest serves one request over and over.
func benchmarkRequest(b *testing.B, r *http.Request, body []byte, register func(*ashlar.App)) {
	app := ashlar.New(ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler)})
	register(app)
	if err := app.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = app.Stop(context.Background()) })
	probe := httptest.NewRecorder()
	if body != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	app.ServeHTTP(probe, r)
	if probe.Code != http.StatusOK {
		b.Fatalf("got %d: %s", probe.Code, probe.Body)
	}
	w := &bare{header: http.Header{}}
	again := &replay{}
	if body != nil {
		r.Body = again
	}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		again.Reset(body)
		app.ServeHTTP(w, r)
	}
}

func newArticleRequest() (*http.Request, []byte) {
	body := articleBody()
	r := httptest.NewRequest("POST", "/articles", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r, body
}

func BenchmarkPostJSON(b *testing.B) {
	r, body := newArticleRequest()
	benchmarkRequest(b, r, body, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/articles", func(_ context.Context, in article) (article, error) { return in, nil })
	})
}

// What the road costs without an action.
func BenchmarkPostCtx(b *testing.B) {
	r, body := newArticleRequest()
	benchmarkRequest(b, r, body, func(a *ashlar.App) {
		a.Post("/articles", func(c *ashlar.Ctx) error {
			_, err := io.Copy(io.Discard, c.Body())
			if err != nil {
				return err
			}
			return c.Text("ok")
		})
	})
}

type reviewQuery struct {
	Film   int    `path:"film"`
	Review string `path:"review"`
	Page   int    `query:"page" default:"1" validate:"min=1,max=50"`
}

type reviewAnswer struct {
	Film   int    `json:"film"`
	Review string `json:"review"`
	Page   int    `json:"page"`
}

func BenchmarkGetParams(b *testing.B) {
	r := httptest.NewRequest("GET", "/films/7/reviews/first?page=2", nil)
	benchmarkRequest(b, r, nil, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/films/{film}/reviews/{review}", func(_ context.Context, in reviewQuery) (reviewAnswer, error) {
			return reviewAnswer(in), nil
		})
	})
}

func BenchmarkGetParamsAccept(b *testing.B) {
	r := httptest.NewRequest("GET", "/films/7/reviews/first?page=2", nil)
	r.Header.Set("Accept", "text/html;q=0.9, application/json, */*;q=0.1")
	benchmarkRequest(b, r, nil, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/films/{film}/reviews/{review}", func(_ context.Context, in reviewQuery) (reviewAnswer, error) {
			return reviewAnswer(in), nil
		})
	})
}

// What the same costs by hand.
func BenchmarkGetParamsCtx(b *testing.B) {
	r := httptest.NewRequest("GET", "/films/7/reviews/first?page=2", nil)
	benchmarkRequest(b, r, nil, func(a *ashlar.App) {
		a.Get("/films/{film}/reviews/{review}", func(c *ashlar.Ctx) error {
			return c.JSON(reviewAnswer{7, c.Param("review"), 2})
		})
	})
}

func BenchmarkGetText(b *testing.B) {
	r := httptest.NewRequest("GET", "/hello/ann", nil)
	benchmarkRequest(b, r, nil, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/hello/{name}", func(_ context.Context, in struct {
			Name string `path:"name"`
		}) (string, error) {
			return in.Name, nil
		})
	})
}
