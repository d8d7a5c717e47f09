package ashlar_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

type spoken string

// A teapot answers by itself, and so does a pointer to one.
type teapot struct{ Size int }

func (p teapot) Respond(c *ashlar.Ctx) error {
	return c.Status(418).Text(fmt.Sprint("teapot ", p.Size))
}

// A kettle does so only by its address.
type kettle struct {
	Size int `json:"size"`
}

func (k *kettle) Respond(c *ashlar.Ctx) error { return c.Status(418).Text("kettle") }

// An output is the same whether its type is known beforehand or each value
// shows its own.
func TestOutputsBehindInterfaces(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		r := a.Router
		both(r, "text", "hello")
		both(r, "spoken", spoken("hello"))
		both(r, "table", []film{{Title: "Solaris", Year: 1972}})
		both(r, "value", film{Title: "Solaris", Year: 1972})
		both(r, "list", []int{1, 2})
		both(r, "array", [1]film{{Title: "Solaris"}})
		both(r, "nothing", struct{}{})
		both(r, "named", none{})
		both(r, "teapot", teapot{1})
		both(r, "teapots", &teapot{2})
		both(r, "kettle", kettle{3})
		both(r, "kettles", &kettle{4})
		both(r, "nil", (*film)(nil))
	})
	paths := strings.Fields("text spoken table value list array nothing named teapot teapots kettle kettles nil")
	for _, path := range paths {
		for _, accept := range []string{"", "*/*", "application/json", "application/xml", "text/csv", "text/plain", "text/*", browser, "image/png"} {
			known := told(ask(app, "GET", "/known/"+path, "", "Accept: "+accept))
			seen := told(ask(app, "GET", "/seen/"+path, "", "Accept: "+accept))
			if known != seen {
				t.Errorf("%s as %q: got %q when the type is known, %q else", path, accept, known, seen)
			}
		}
	}
	for _, c := range []struct{ path, want string }{
		{"text", "200 text/plain; charset=utf-8 hello"},
		{"spoken", "200 text/plain; charset=utf-8 hello"},
		{"list", "200 application/json [1,2]\n"},
		{"nothing", "204  "},
		{"named", "200 application/json {}\n"},
		{"teapot", "418 text/plain; charset=utf-8 teapot 1"},
		{"teapots", "418 text/plain; charset=utf-8 teapot 2"},
		{"kettle", "200 application/json {\"size\":3}\n"},
		{"kettles", "418 text/plain; charset=utf-8 kettle"},
		{"nil", "200 application/json null\n"},
	} {
		want.Equal(t, told(ask(app, "GET", "/known/"+c.path, "")), c.want)
	}
	// A text has no element to stand in, though the route has XML.
	want.Equal(t, told(ask(app, "GET", "/known/text", "", "Accept: application/xml")), "406")
}

// both registers an action of the type of v, and one of any.
func both[T any](r *ashlar.Router, name string, v T) {
	ashlar.Get(r, "/known/"+name, give(v), ashlar.XML())
	ashlar.Get(r, "/seen/"+name, give[any](v), ashlar.XML())
}

func told(w *httptest.ResponseRecorder) string {
	if w.Code >= 400 && w.Code != 418 {
		return fmt.Sprint(w.Code)
	}
	return fmt.Sprint(w.Code, " ", w.Header().Get("Content-Type"), " ", w.Body)
}

// A route's own representation goes before a built-in one of the same type.
func TestOwnJSON(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/", give(film{}), ashlar.XML(), ashlar.Represent(ashlar.Representation{MediaType: "Application/JSON",
			Render: func(_ context.Context, w io.Writer, _ any) error {
				_, err := io.WriteString(w, "own")
				return err
			}}))
	})
	want.Equal(t, told(ask(app, "GET", "/", "")), "200 Application/JSON own")
	want.Equal(t, told(ask(app, "GET", "/", "", "Accept: application/json")), "200 Application/JSON own")
	want.Contains(t, told(ask(app, "GET", "/", "", "Accept: application/xml")), xml.Header)
}

// The room for an answer is guessed after the ones before. Guesses do not show.
func TestAnswersOfManySizes(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/", func(_ context.Context, in struct {
			N int `query:"n"`
		}) ([]string, error) {
			return []string{strings.Repeat("x", in.N)}, nil
		})
	})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, n := range []int{0, 1, 100, 99, 100_000, 3, 20_000, 17_000, 0, 1 << 20, 7} {
				got := ask(app, "GET", fmt.Sprint("/?n=", n), "").Body.String()
				if got != `["`+strings.Repeat("x", n)+"\"]\n" {
					t.Errorf("%d characters: got %d bytes: %.80q", n, len(got), got)
				}
			}
		})
	}
	all.Wait()
}

// An action allocates two things more than a handler that does the same by
// hand: its input, and its output as an interface.
//
// Not parallel: AllocsPerRun counts those of the whole process.
func TestActionAllocations(t *testing.T) {
	app, _ := started(t, ashlar.Config{Log: slog.New(slog.DiscardHandler)}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/action/{film}/{review}", func(_ context.Context, in struct {
			Film   int    `path:"film"`
			Review string `path:"review" validate:"required,max=20,slug"`
			Page   int    `query:"page" validate:"min=1,max=50"`
			Order  string `query:"order" default:"title" validate:"oneof=title year"`
		}) (reviewAnswer, error) {
			return reviewAnswer{in.Film, in.Review, in.Page}, nil
		})
		a.Get("/handler/{film}/{review}", func(c *ashlar.Ctx) error {
			c.SetHeader("Vary", "Accept")
			body := fmt.Appendf(make([]byte, 0, 64), `{"film":7,"review":"first","page":2}`)
			return c.Bytes("application/json", body)
		})
	})
	allocs := func(path string) float64 {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept", "application/json, text/plain;q=0.5")
		w := &bare{header: http.Header{}}
		return testing.AllocsPerRun(500, func() {
			clear(w.header)
			app.ServeHTTP(w, r)
		})
	}
	action, handler := allocs("/action/7/first?page=2&utm_source=mail"), allocs("/handler/7/first")
	if action > handler+2 {
		t.Errorf("got %v allocations for an action, %v for a handler, want at most 2 more", action, handler)
	}
}
