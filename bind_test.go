package ashlar_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

// bound sends one value through query, header, cookie and form, each with a
// field of type T, and returns what the action saw, or the status and the
// broken rule. The sources must agree.
func bound[T any](t *testing.T, raw string) string {
	t.Helper()
	type query struct {
		V T `query:"v"`
	}
	type header struct {
		V T `header:"x-v"`
	}
	type form struct {
		V T `form:"v"`
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/query", func(_ context.Context, in query) (string, error) { return show(in.V), nil })
		ashlar.Get(a.Router, "/header", func(_ context.Context, in header) (string, error) { return show(in.V), nil })
		ashlar.Post(a.Router, "/form", func(_ context.Context, in form) (string, error) { return show(in.V), nil },
			ashlar.InsecureNoCSRF())
	})
	body := url.Values{"v": {raw}}.Encode()
	got := outcome(t, ask(app, "GET", "/query?"+body, ""))
	want.Equal(t, outcome(t, ask(app, "POST", "/form", body, urlencoded)), got)
	if utf8.ValidString(raw) && !strings.Contains(raw, "\x00") { // net/http lets no such field pass
		want.Equal(t, strings.Replace(outcome(t, ask(app, "GET", "/header", "", "X-V: "+raw)), "x-v:", "v:", 1), got)
	}
	return got
}

const (
	urlencoded = "Content-Type: application/x-www-form-urlencoded"
	asJSON     = "Content-Type: application/json"
)

// show prints pointers by what they point to.
func show(v any) string {
	switch v := v.(type) {
	case *int:
		if v == nil {
			return "none"
		}
		return "*" + strconv.Itoa(*v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case []string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}

// outcome returns the body of an answer that is well, else the status and the
// rules that fields broke: "422 page:type".
func outcome(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code < 300 {
		return w.Body.String()
	}
	var p ashlar.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d: got %q: %v", w.Code, w.Body, err)
	}
	want.Equal(t, p.Status, w.Code)
	parts := []string{strconv.Itoa(p.Status)}
	for _, e := range p.Errors {
		if e.Message == "" {
			t.Errorf("%s:%s: got no message", e.Field, e.Rule)
		}
		parts = append(parts, e.Field+":"+e.Rule)
	}
	return strings.Join(parts, " ")
}

func formOf(name, value string) string { return url.Values{name: {value}}.Encode() }

func spaced(v ...any) string { return strings.TrimSpace(fmt.Sprintln(v...)) }

type color struct{ name string }

func (c *color) UnmarshalText(b []byte) error {
	if c.name = string(b); c.name != "red" {
		return fmt.Errorf("no color: %q", b)
	}
	return nil
}

func (c color) String() string { return "color " + c.name }

func TestBindTypes(t *testing.T) {
	t.Parallel()
	const wrong = "422 v:type"
	for _, c := range []struct {
		bind      func(*testing.T, string) string
		raw, want string
	}{
		{bound[string], "café & co", "café & co"},
		{bound[string], "", ""},
		{bound[string], "a\x00b", wrong},
		{bound[string], "\xff\xfe", wrong},
		{bound[bool], "on", "true"}, {bound[bool], "true", "true"}, {bound[bool], "1", "true"},
		{bound[bool], "off", "false"}, {bound[bool], "0", "false"}, {bound[bool], "", "false"},
		{bound[bool], "TRUE", wrong}, {bound[bool], "2", wrong},
		{bound[int], "-7", "-7"}, {bound[int], "007", "7"}, {bound[int], "", "0"},
		{bound[int], "+7", wrong}, {bound[int], "0x7", wrong}, {bound[int], "1_000", wrong}, {bound[int], " 7 x", wrong},
		{bound[int], "7.0", wrong}, {bound[int], "1e3", wrong}, {bound[int], "٣", wrong},
		{bound[int64], "9223372036854775807", "9223372036854775807"}, {bound[int64], "9223372036854775808", wrong},
		{bound[int8], "127", "127"}, {bound[int8], "-128", "-128"}, {bound[int8], "128", wrong},
		{bound[uint], "7", "7"}, {bound[uint], "-1", wrong}, {bound[uint], "+1", wrong}, {bound[uint], "-0", wrong},
		{bound[uint8], "255", "255"}, {bound[uint8], "256", wrong},
		{bound[uint64], "18446744073709551615", "18446744073709551615"}, {bound[uint64], "18446744073709551616", wrong},
		{bound[float64], "-1.5e3", "-1500"}, {bound[float64], "1e400", wrong}, {bound[float64], "NaN", wrong},
		{bound[float64], "Inf", wrong}, {bound[float64], "0x1p-2", wrong}, {bound[float64], "1_0", wrong},
		{bound[float64], "1,5", wrong}, {bound[float64], ".", wrong},
		{bound[float32], "1e38", "1e+38"}, {bound[float32], "1e39", wrong},
		{bound[time.Time], "2026-02-28", "2026-02-28T00:00:00Z"},
		{bound[time.Time], "2026-02-28T23:59", "2026-02-28T23:59:00Z"},
		{bound[time.Time], "2026-02-28T23:59:01.5+02:00", "2026-02-28T23:59:01.5+02:00"},
		{bound[time.Time], "2026-02-30", wrong}, {bound[time.Time], "yesterday", wrong},
		{bound[time.Duration], "1h30m", "1h30m0s"}, {bound[time.Duration], "90", wrong},
		{bound[color], "red", "color red"}, {bound[color], "blue", wrong},
		{bound[netip.Addr], "::1", "::1"}, {bound[netip.Addr], "localhost", wrong},
		{bound[*int], "7", "*7"}, {bound[*int], "0", "*0"}, {bound[*int], "", "none"}, {bound[*int], "x", wrong},
		{bound[[]string], "a", `["a"]`}, {bound[[]string], "a,b", `["a,b"]`}, {bound[[]string], "\xff", wrong},
		{bound[[]int], "7", "[7]"}, {bound[[]int], "x", wrong}, {bound[[]color], "red", "[color red]"},
	} {
		if got := c.bind(t, c.raw); got != c.want {
			t.Errorf("%T of %q: got %q, want %q", c.bind, c.raw, got, c.want)
		}
	}
}

type listing struct {
	paging
	ID     int       `path:"id"`
	Tags   []string  `query:"tag" validate:"max=3"`
	Order  string    `query:"order" default:"title" validate:"oneof=title year"`
	Since  time.Time `query:"since" default:"2020-01-01"`
	Theme  string    `cookie:"theme" default:"light"`
	Match  *string   `header:"if-match"`
	Ranges []int     `header:"X-Range"`
}

type paging struct {
	Page int  `query:"page" default:"1" validate:"min=1,max=50"`
	All  bool `query:"all"`
}

func TestBindSources(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/films/{id}", func(_ context.Context, in listing) (string, error) {
			match := "none"
			if in.Match != nil {
				match = *in.Match
			}
			return spaced(in.ID, in.Page, in.All, in.Tags, in.Order, in.Since.Year(), in.Theme, match, in.Ranges), nil
		})
		ashlar.Get(a.Router, "/strict", func(_ context.Context, in paging) (string, error) { return "ok", nil }, ashlar.StrictQuery())
	})
	for _, c := range []struct{ target, headers, want string }{
		{"/films/7", "", "7 1 false [] title 2020 light none []"},
		{"/films/7?page=2&all=on&tag=a&tag=b&order=year&since=1999-12-31", "Cookie: theme=dark\nIf-Match: x\nX-Range: 1\nX-Range: 2",
			"7 2 true [a b] year 1999 dark x [1 2]"},
		{"/films/7?page=&order=&since=", "Cookie: theme=", "7 1 false [] title 2020 light none []"}, // empty is absent
		{"/films/7?utm_source=mail", "", "7 1 false [] title 2020 light none []"},
		{"/films/x", "", "404"},
		{"/films/99999999999999999999", "", "404"},
		{"/films/7?page=1&page=2", "", "422 page:repeated"},
		{"/films/7?page=0", "", "422 page:min"},
		{"/films/7?page=x&order=y&tag=a&tag=b&tag=c&tag=d", "", "422 page:type tag:max order:oneof"},
		{"/films/7", "If-Match: a\nIf-Match: b", "422 if-match:repeated"},
		{"/films/7", "Cookie: theme=a; theme=b", "7 1 false [] title 2020 light none []"}, // not believed
		{"/films/7?page=1;all=on", "", "400"},
		{"/films/7?page=%zz", "", "400"},
		{"/films/7?" + strings.Repeat("x&", 100_000), "", "400"},
		{"/films/7?page[0]=2&page[a][b]=3", "", "7 1 false [] title 2020 light none []"},
		{"/strict?page=1&all=1", "", "ok"},
		{"/strict?page=1&utm_source=x&b=", "", "422 b:unknown utm_source:unknown"},
	} {
		var headers []string
		if c.headers != "" {
			headers = strings.Split(c.headers, "\n")
		}
		got := outcome(t, ask(app, "GET", c.target, "", headers...))
		if gotParts, wantParts := strings.Fields(got), strings.Fields(c.want); strings.HasPrefix(got, "422") {
			slices.Sort(gotParts)
			slices.Sort(wantParts)
			got, c.want = strings.Join(gotParts, " "), strings.Join(wantParts, " ")
		}
		if got != c.want {
			t.Errorf("%.60s %s: got %q, want %q", c.target, c.headers, got, c.want)
		}
	}
}

// account is what the attack would like to fill: no source may write to the
// field of another one.
type account struct {
	ID    int    `path:"id" json:"id"`
	Owner string `header:"X-Owner" json:"owner"`
	Role  string `cookie:"role" json:"role"`
	Page  int    `query:"page" json:"page"`
	Admin bool   `json:"-"`
	Name  string `json:"name"`
	_     string // not exported, in whatever name
}

func TestBodyFillsOnlyItsOwnFields(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/accounts/{id}", func(_ context.Context, in account) (string, error) { return fmt.Sprint(in), nil })
		ashlar.Post(a.Router, "/form/{id}", func(_ context.Context, in struct {
			ID   int    `path:"id"`
			Name string `form:"name" json:"name"`
		}) (string, error) {
			return spaced(in.ID, in.Name), nil
		}, ashlar.InsecureNoCSRF())
	})
	want.Equal(t, outcome(t, ask(app, "POST", "/accounts/7", `{"name":"ann"}`, asJSON)), "{7   0 false ann }")
	for _, key := range []string{"id", "ID", "owner", "X-Owner", "role", "page", "Admin", "admin", "-", "inner", "__proto__", "user_id"} {
		got := outcome(t, ask(app, "POST", "/accounts/7", fmt.Sprintf(`{"name":"ann",%q:1}`, key), asJSON))
		want.Equal(t, got, "422 "+key+":unknown")
	}
	// Neither does the query fill the form, nor a form what is not on it.
	want.Equal(t, outcome(t, ask(app, "POST", "/form/7?name=eve&id=8", "name=ann", urlencoded)), "7 ann")
	want.Equal(t, outcome(t, ask(app, "POST", "/form/7?name=eve", "", urlencoded)), "7")
	want.Equal(t, outcome(t, ask(app, "POST", "/form/7", "name=ann&id=8&role=admin", urlencoded)), "422 id:unknown role:unknown")
	want.Equal(t, outcome(t, ask(app, "POST", "/form/7", `{"name":"bob"}`, asJSON)), "7 bob")
	want.Equal(t, outcome(t, ask(app, "POST", "/form/7", `{"name":"bob","id":8}`, asJSON)), "422 id:unknown")
}

type signup struct {
	paging
	Name  string  `form:"name" validate:"required,max=5"`
	Age   int     `form:"age" validate:"min=18"`
	Zip   int     `form:"zip"`
	Again string  `form:"again" validate:"eqfield=Name"`
	Home  address `json:"-"`
}

type address struct{ Street string }

// Validate would report nonsense if it saw an input that was read in part.
func (s *signup) Validate(context.Context) error {
	switch s.Name {
	case "plain":
		return fmt.Errorf("the database is away")
	case "taken":
		return validate.Fail("name", "taken", "This name is taken.")
	}
	if s.Age == 0 {
		return validate.Fail("age", "nonsense", "You have no age.")
	}
	return nil
}

func TestRulesOfAnInputThatWasReadInPart(t *testing.T) {
	t.Parallel()
	app, log := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in signup) (string, error) { return "ok", nil }, ashlar.InsecureNoCSRF())
	})
	for _, c := range []struct{ target, body, want string }{
		{"/", "name=ann&age=20&again=ann", "ok"},
		{"/", "name=taken&age=20&again=taken", "422 name:taken"},
		{"/", "name=toolong&age=2&again=", "422 name:max age:min again:eqfield"},
		{"/", "name=taken&age=x&again=taken", "422 age:type"}, // the method has not run
		{"/", "name=taken&age=20&zip=x&again=taken", "422 zip:type"},
		{"/", "name=plain&age=20&zip=x&again=plain", "422 zip:type"},
		{"/", "name=toolong&age=x&again=", "422 age:type name:max again:eqfield"}, // the rules have
		{"/?page=99", "name=toolong&age=x&again=toolong", "422 age:type page:max name:max"},
		{"/", "age=20&again=&extra=1", "422 extra:unknown name:required"},
		{"/", "name=plain&age=20&again=plain", "500"},
	} {
		if got := outcome(t, ask(app, "POST", c.target, c.body, urlencoded)); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.target, c.body, got, c.want)
		}
	}
	want.Contains(t, log.String(), "the database is away")
}
