package ashlar_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

type note struct {
	Name string          `json:"name" validate:"max=200000"`
	Raw  json.RawMessage `json:"raw"`
	List []string        `json:"list"`
	Moody
	_ int
}

// Moody has a field whose own method may go wrong.
type Moody struct {
	Mood mood `json:"mood"`
}

type mood string

func (m *mood) UnmarshalJSON(b []byte) error {
	switch *m = mood(b); *m {
	case `"bad"`:
		return errors.New("no")
	case `"panic"`:
		panic("no")
	}
	return nil
}

// plainNote embeds nothing, so its pointer is decoded into as another type.
type plainNote struct {
	ID   string          `path:"id" json:"id"`
	Name string          `json:"name" validate:"max=200000"`
	Raw  json.RawMessage `json:"raw"`
	List []string        `json:"list"`
	Mood mood            `json:"mood"`
	_    int
}

func (n note) String() string { return spaced(len(n.Name), string(n.Raw), n.List, n.Mood) }

// Whatever a body was, nothing of it is in the way of the next one.
func TestBodiesInSequence(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/note", func(_ context.Context, in note) (string, error) { return in.String(), nil })
		ashlar.Post(a.Router, "/notes/{id}", func(_ context.Context, in plainNote) (string, error) {
			want.Equal(t, in.ID, "7")
			return note{Name: in.Name, Raw: in.Raw, List: in.List, Moody: Moody{in.Mood}}.String(), nil
		})
	})
	long := strings.Repeat("x", 200_000)
	bodies := []struct{ body, want string }{
		{`{"name":"ann","raw":{"a":[1]},"list":["a","b"]}`, `3 {"a":[1]} [a b]`},
		{`{}`, "0  []"},
		{`null`, "0  []"},
		{`{"name":"b"}` + strings.Repeat(" \r\n\t", 300), "1  []"},
		{``, "0  []"},
		{"\n\t null \n", "0  []"},
		{`{"name":1}`, "422 name:type"},
		{`{"name":"b","nobody":1}`, "422 nobody:unknown"},
		{`{"name":"b"`, "400"},
		{`7`, "400"},
		{`{"mood":"bad","name":"b"}`, "422 mood:type"},
		{`{"mood":"panic","name":"b"}`, "500"},
		{`{"name":"` + long + `"}`, "200000  []"},
		{`{"name":"b"}{"name":"c"}`, "400"},
		{`{"raw":"` + long[:3000] + `"}`, `0 "` + long[:3000] + `" []`},
	}
	for i := range bodies {
		for j := range bodies {
			for _, b := range []struct{ body, want string }{bodies[i], bodies[j]} {
				for _, path := range []string{"/note", "/notes/7"} {
					if got := outcome(t, ask(app, "POST", path, b.body, asJSON)); got != b.want {
						t.Fatalf("%s %.60q: got %.80q, want %.80q", path, b.body, got, b.want)
					}
				}
			}
		}
	}
}

// A body of any length, in any portions, is read to its end.
func TestBodiesInPortions(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in note) (string, error) { return in.String(), nil })
	})
	for _, n := range []int{0, 400, 511, 512, 513, 5000, 65_000, 66_000, 150_000} {
		body := fmt.Sprintf(`{"name":%q}`, strings.Repeat("x", n))
		for name, portions := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "halves": iotest.HalfReader, "early end": iotest.DataErrReader,
		} {
			r := httptest.NewRequest("POST", "/", io.MultiReader(portions(strings.NewReader(body)))) // of unknown length
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			if got, want := outcome(t, w), spaced(n, "", []string{}, ""); got != want {
				t.Errorf("%d characters, %s: got %q, want %q", n, name, got, want)
			}
		}
	}
	r := httptest.NewRequest("POST", "/", iotest.TimeoutReader(strings.NewReader(`{"name":"`+strings.Repeat("x", 5000)+`"}`)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	want.Equal(t, outcome(t, w), "400")
}

func TestBodiesAtOnce(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in plainBody) (plainBody, error) { return in, nil })
	})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				body := fmt.Sprintf(`{"name":"%s","raw":[%d,%d]}`, strings.Repeat("x", i*j*7), i, j)
				if got := strings.TrimSpace(ask(app, "POST", "/", body, asJSON).Body.String()); got != body {
					t.Errorf("got %.80q, want %.80q", got, body)
				}
			}
		})
	}
	all.Wait()
}

type plainBody struct {
	Name string          `json:"name"`
	Raw  json.RawMessage `json:"raw"`
}

// strange would decode itself, were it not for the rule that an input is its
// fields.
type strange struct {
	Name  string `json:"name"`
	other string
}

func (s *strange) UnmarshalJSON([]byte) error { s.other = "called"; return nil }

func TestInputDoesNotDecodeItself(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in strange) (string, error) { return in.Name + in.other, nil })
	})
	want.Equal(t, outcome(t, ask(app, "POST", "/", `{"name":"ann"}`, asJSON)), "ann")
	want.Equal(t, outcome(t, ask(app, "POST", "/", `{"other":"x"}`, asJSON)), "422 other:unknown")
}
