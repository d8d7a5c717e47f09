package ashlar_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/aspect"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

type film struct {
	Title string  `json:"title" xml:"title"`
	Year  int     `json:"year" xml:"year"`
	Note  *string `json:"note,omitempty" xml:"note,omitempty"`
	_     int     // not exported, in whatever name
}

type none struct{}

// give returns an action without input that returns v.
func give[O any](v O) func(context.Context, none) (O, error) {
	return func(context.Context, none) (O, error) { return v, nil }
}

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

func TestNegotiation(t *testing.T) {
	t.Parallel()
	page := ashlar.Represent(ashlar.Representation{MediaType: "text/html", Render: func(_ context.Context, w io.Writer, out any) error {
		_, err := fmt.Fprintf(w, "<h1>%s</h1>", out.(film).Title)
		return err
	}})
	solaris := film{Title: "Solaris", Year: 1972}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/film", give(solaris), ashlar.XML())
		ashlar.Get(a.Router, "/page", give(solaris), page)
		ashlar.Get(a.Router, "/list", give([]film{solaris, {Title: "=Stalker", Year: 1979}}))
		ashlar.Get(a.Router, "/text", give("hello"))
		ashlar.Get(a.Router, "/map", give(map[string]int{"a": 1}), ashlar.XML())
		ashlar.Get(a.Router, "/names", give([]string{"a", "b"}), ashlar.XML())
	})
	const (
		asJSON  = `application/json {"title":"Solaris","year":1972}`
		asXML   = "application/xml " + xml.Header + "<film><title>Solaris</title><year>1972</year></film>"
		asPage  = "text/html; charset=utf-8 <h1>Solaris</h1>"
		refused = "406"
	)
	for _, c := range []struct{ path, accept, want string }{
		{"/film", "", asJSON},
		{"/film", "*/*", asJSON},
		{"/film", "application/json", asJSON},
		{"/film", "APPLICATION/JSON", asJSON},
		{"/film", "application/*", asJSON},
		{"/film", "application/*;q=0.1", asJSON},
		{"/film", "application/xml", asXML},
		{"/film", "application/xml, application/json;q=0.9", asXML},
		{"/film", "application/xml;q=0.5, application/json;q=0.6", asJSON},
		{"/film", "application/json;q=0, */*", asXML},
		{"/film", "*/*;q=0.9, application/json;q=0.1", asXML},
		{"/film", "application/json; charset=utf-8; q=0.2 , application/xml ; q = 0.3", asXML},
		{"/film", "text/plain;q=0.9, */*;q=0.1", asJSON},
		{"/film", "text/csv", refused}, // not a list
		{"/film", "image/png", refused},
		{"/film", "*/*;q=0", refused},
		{"/film", "application/json;q=2", refused},
		{"/film", "application/json;q=NaN", refused},
		{"/film", "application/json;q=", refused},
		{"/film", "app*", refused},
		{"/film", "garbage;;;,,,", refused},
		{"/page", browser, asPage},
		{"/page", "", asPage},
		{"/page", "application/json", asJSON},
		{"/page", "application/xml", refused}, // not asked for
		{"/page", "text/html;level=1", asPage},
		{"/list", "", `application/json [{"title":"Solaris","year":1972},{"title":"=Stalker","year":1979}]`},
		{"/list", "text/csv", "text/csv; charset=utf-8 title,year,note\r\nSolaris,1972,\r\n\"'=Stalker\",1979,\r"},
		{"/list", "application/x-ndjson", "application/x-ndjson {\"title\":\"Solaris\",\"year\":1972}\n{\"title\":\"=Stalker\",\"year\":1979}"},
		{"/text", "", "text/plain; charset=utf-8 hello"},
		{"/text", "application/json", `application/json "hello"`},
		{"/text", "application/xml", refused},
		// What XML cannot say is not offered in it, least of all to browsers.
		{"/map", browser, `application/json {"a":1}`},
		{"/map", "application/xml", refused},
		{"/names", "application/xml", "application/xml " + xml.Header + "<list><Item>a</Item><Item>b</Item></list>"},
	} {
		var headers []string
		if c.accept != "" {
			headers = []string{"Accept: " + c.accept}
		}
		w := ask(app, "GET", c.path, "", headers...)
		got := fmt.Sprint(w.Code)
		if w.Code == 200 {
			got = w.Header().Get("Content-Type") + " " + strings.TrimSuffix(w.Body.String(), "\n")
			want.Contains(t, strings.Join(w.Header().Values("Vary"), ","), "Accept")
		}
		if got != c.want {
			t.Errorf("%s as %q: got %q, want %q", c.path, c.accept, got, c.want)
		}
	}
	w := ask(app, "GET", "/film", "", "Accept: image/png")
	want.Contains(t, w.Body.String(), "application/json, application/xml")
	// One field may come in several lines (RFC 9110, section 5.3).
	w = ask(app, "GET", "/film", "", "Accept: image/png", "Accept: application/json")
	want.Equal(t, w.Code, 200)
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	app, log := started(t, ashlar.Config{}, func(a *ashlar.App) {
		r := a.Router
		ashlar.Get(r, "/nothing", give(struct{}{}))
		ashlar.Get(r, "/pointer", give((*film)(nil)))
		ashlar.Get(r, "/slice", give([]film(nil)))
		ashlar.Get(r, "/map", give(map[string]int(nil)))
		ashlar.Get(r, "/any", give[any](nil))
		ashlar.Get(r, "/response", give[ashlar.Response](nil))
		ashlar.Get(r, "/redirect", give(ashlar.Redirect("/film")))
		ashlar.Get(r, "/off", give(ashlar.Redirect("//evil.test")))
		ashlar.Get(r, "/func", give(ashlar.ResponseFunc(func(c *ashlar.Ctx) error { return c.Status(201).Text("made") })))
		ashlar.Get(r, "/number", give(7))
		ashlar.Get(r, "/time", give(time.Second))
		ashlar.Get(r, "/nan", give(math.NaN()))
		ashlar.Get(r, "/chan", give(make(chan int)))
		ashlar.Get(r, "/rep", give(film{}), ashlar.Represent(ashlar.Representation{MediaType: "text/html",
			Render: func(_ context.Context, w io.Writer, _ any) error {
				_, _ = io.WriteString(w, "half a page")
				return errors.New("template broke")
			}}))
	})
	for path, answer := range map[string]string{
		"/nothing":  "204 ",
		"/pointer":  "200 null",
		"/slice":    "200 null", // as encoding/json has it
		"/map":      "200 null",
		"/any":      "204 ",
		"/response": "204 ",
		"/redirect": "303 ",
		"/func":     "201 made",
		"/number":   "200 7",
		"/time":     "200 1000000000",
	} {
		w := ask(app, "GET", path, "")
		if got := fmt.Sprint(w.Code, " ", strings.TrimSpace(w.Body.String())); got != answer {
			t.Errorf("%s: got %q, want %q", path, got, answer)
		}
	}
	for _, path := range []string{"/off", "/nan", "/chan", "/rep"} {
		w := ask(app, "GET", path, "")
		want.Equal(t, w.Code, 500)
		want.Contains(t, w.Header().Get("Content-Type"), "application/problem+json")
		want.Equal(t, w.Header().Get("Location"), "")
		want.Equal(t, strings.Contains(w.Body.String(), "half a page"), false)
	}
	want.Contains(t, log.String(), "template broke")
	// XML has no way to say "nothing": a document without an element is none.
	for _, path := range []string{"/pointer", "/map"} {
		want.Equal(t, ask(app, "GET", path, "", "Accept: application/xml").Code, 406)
	}
}

func TestActionErrors(t *testing.T) {
	t.Parallel()
	fail := func(err error) func(context.Context, none) (film, error) {
		return func(context.Context, none) (film, error) { return film{Title: "not to be seen"}, err }
	}
	slow := func(ctx context.Context, _ none) (film, error) {
		<-ctx.Done()
		return film{}, ctx.Err()
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		r := a.Router
		ashlar.Get(r, "/404", fail(errs.NotFound.New("There is no such film.")))
		ashlar.Get(r, "/409", fail(fmt.Errorf("catalog: save: %w", errs.Conflict)))
		ashlar.Get(r, "/500", fail(errors.New("db: connection lost")))
		ashlar.Get(r, "/503", aspect.Timeout(time.Millisecond, slow))
	})
	for _, status := range []int{404, 409, 500, 503} {
		w := ask(app, "GET", fmt.Sprint("/", status), "")
		want.Equal(t, w.Code, status)
		if strings.Contains(w.Body.String(), "not to be seen") || strings.Contains(w.Body.String(), "connection lost") {
			t.Errorf("%d: got the inside in the answer: %s", status, w.Body)
		}
	}
}

// An action is a function: a test, a command or another action calls it.
func TestActionIsAFunction(t *testing.T) {
	t.Parallel()
	find := func(ctx context.Context, in listing) (film, error) {
		if _, ok := ashlar.FromContext(ctx); ok {
			return film{}, errors.New("got a request")
		}
		return film{Title: fmt.Sprint("film ", in.ID)}, nil
	}
	out, err := find(t.Context(), listing{ID: 7})
	want.NoErr(t, err)
	want.Equal(t, out, film{Title: "film 7"})
}

func TestCSVCells(t *testing.T) {
	t.Parallel()
	type row struct {
		Text string
		N    int       `json:"n"`
		F    float64   `json:"f"`
		When time.Time `json:"when"`
		Sub  *int      `json:"sub"`
		Skip string    `json:"-"`
		_    int
	}
	one := 1
	var rows []*row
	for _, s := range []string{"plain", "=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", "＝1", "＋1", "－1", "＠x", `say "hi", you`, " =1"} {
		rows = append(rows, &row{Text: s, N: -1, F: -1.5, Sub: &one})
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/", give(append(rows, nil)))
	})
	got := ask(app, "GET", "/", "", "Accept: text/csv").Body.String()
	const rest = ",-1,-1.5,0001-01-01T00:00:00Z,1\r\n"
	lines := "Text,n,f,when,sub\r\nplain" + rest
	for _, s := range []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", "＝1", "＋1", "－1", "＠x"} {
		lines += `"'` + s + `"` + rest
	}
	want.Equal(t, got, lines+`"say ""hi"", you"`+rest+"\" =1\""+rest+",,,,\r\n")
}
