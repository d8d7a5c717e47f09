package router_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pattern, want string }{
		{"/", "/"},
		{"GET /films/{id:int}", "GET /films/{id:int}"},
		{"GET \t /films/{$}", "GET /films/{$}"},
		{"M-SEARCH API.Example.com/{path...}", "M-SEARCH api.example.com/{path...}"},
		{"[2001:DB8::1]/x", "[2001:db8::1]/x"},
		{"GET /café/a b/%7Bx%7D", "GET /caf%C3%A9/a%20b/%7Bx%7D"},
		{"/a%2fb/100%25/...", "/a%2Fb/100%25/..."},
		{"/{a:uint}/{b:uuid}/{c:date}/{d:slug}/{naïve_2}", "/{a:uint}/{b:uuid}/{c:date}/{d:slug}/{naïve_2}"},
	} {
		p, err := router.Parse(c.pattern)
		if err != nil || p.String() != c.want {
			t.Errorf("%q: got %q, %v, want %q", c.pattern, p, err, c.want)
		}
	}
}

func TestPatternParts(t *testing.T) {
	t.Parallel()
	p, err := router.Parse("GET api.example.com/films/{id:int}/{size}/{path...}")
	want.NoErr(t, err)
	want.Equal(t, p.Method(), "GET")
	want.Equal(t, p.Host(), "api.example.com")
	want.Equal(t, p.Path(), "/films/{id:int}/{size}/{path...}")
	want.Equal(t, p.Params(), []router.Param{
		{Name: "id", Type: router.Int}, {Name: "size"}, {Name: "path", Rest: true},
	})
}

// One golden file holds what each bad pattern is told.
func TestBadPatterns(t *testing.T) {
	t.Parallel()
	many := "/"
	for i := range router.MaxParams + 1 {
		many += fmt.Sprintf("{p%d}/", i)
	}
	var b strings.Builder
	for _, pattern := range []string{
		"", "films", "GET", "GET ", " /films", "GET films", "G(T /films", "films{id}/x", "example.com:80/", "bücher.example/",
		"/films/{id", "/films/id}", "/films/}id{", "/films/{a/b}", "/films/{{id}}", "/films/v{id}", "/films/{a}{b}", "/films/{a}-{b}",
		"/films/{}", "/films/{...}", "/films/{:int}", "/films/{1}", "/films/{a-b}", "/films/{a b}", "/films/{a}/{a}", "/films/{a}/{a...}",
		"/films/{id:integer}", "/films/{id:uid}", "/films/{id:Int}", "/films/{id:}", "/films/{id:[0-9]+}", "/films/{id:int...}",
		"/films/{path...}/x", "/films/{path...}/", "/films/{$}/x", "/films/{$}/",
		"//films", "/films//", "/films/./x", "/films/..", "/films/%2e%2E/x", "/100%", "/a%00b",
		many, "/" + strings.Repeat("a", router.MaxPath),
	} {
		_, err := router.Parse(pattern)
		if err == nil {
			t.Errorf("%q: got no error, want one", pattern)
			continue
		}
		fmt.Fprintf(&b, "%v\n\n", err)
	}
	golden.Equal(t, "bad_patterns.txt", b.String())
}

func TestTypes(t *testing.T) {
	t.Parallel()
	want.Equal(t, router.Text.String(), "text")
	want.Equal(t, router.Type(99).String(), "unknown")
	for _, c := range []struct {
		typ      router.Type
		yes, not []string
	}{
		{router.Text, []string{"x", " ", "é"}, nil},
		{router.Int, []string{"0", "-0", "00", "12"}, []string{"", "-", "+1", "1.0", "0x1", "1_0", "١", " 1", "--1", "99999999999999999999"}},
		{router.Uint, []string{"0", "00018446744073709551615"}, []string{"", "-0", "+1", "18446744073709551616", "1\n"}},
		{router.UUID, []string{uuid, "00000000-0000-0000-0000-000000000000"}, []string{"", uuid + "0", "123e4567e89b42d3a456426614174000", "{" + uuid + "}", uuid[:8] + "_" + uuid[9:]}},
		{router.Date, []string{"2006-01-02", "2000-02-29", "0000-01-01"}, []string{"", "1900-02-29", "2006-13-01", "2006-00-01", "2006-01-00", "2006-1-2", "2006/01/02", "+006-01-02", "2006-04-31", "2006-01-021"}},
		{router.Slug, []string{"a", "-", "a-1"}, []string{"", "A", "a_b", "a.b", "é"}},
	} {
		for _, v := range c.yes {
			if !c.typ.Accepts(v) {
				t.Errorf("%v: got %q refused, want it accepted", c.typ, v)
			}
		}
		for _, v := range c.not {
			if c.typ.Accepts(v) {
				t.Errorf("%v: got %q accepted, want it refused", c.typ, v)
			}
		}
	}
	want.Equal(t, router.Type(99).Accepts("x"), false)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"GET api.example.com/films/{id:int}/{path...}", "/{$}", "/a%2Fb/%7B", "POST /{a}/{b:uuid}/", "/{a", "//", "/..", "[::1]/é", "/{ñ:slug}", "/a;b,c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := router.Parse(s)
		if err != nil {
			if setup, ok := err.(*errs.Setup); !ok || setup.Code == "" || setup.Mend == "" {
				t.Errorf("%q: got error %#v, want a Setup with a code and a mend", s, err)
			}
			return
		}
		again, err := router.Parse(p.String())
		if len(p.String()) <= router.MaxPath { // escaping can make it longer
			want.NoErr(t, err)
			want.Equal(t, again, p)
		}
	})
}
