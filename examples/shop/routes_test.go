package main

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/internal/want"
)

// A param is one parameter of a route.
type param struct {
	in   string   // path, query or form
	name string   // as it is sent, and as a mistake names it
	fine []string // the samples that the shop takes, and why
	why  string
}

// A route of the shop with its parameters, and a request in which all is well.
type route struct {
	pattern string
	params  []param
	path    url.Values
	query   url.Values
	form    url.Values
}

// everyText are the samples that are text like any other.
var everyText = []string{"a word", "a number with a word", "negative", "zero", "plus", "fraction", "comma", "hexadecimal", "1e30",
	"2^31", "2^63", "2^64+1", "not a number", "null", "digits of another script", "SQL", "HTML", "template", "path",
	"right to left", "nothing to see", "accents", "emoji", "not a character"}

// routes are all of the shop's; TestBadInput fails when there is another one.
func routes(f *catalog.Film) []route {
	id := number10(f.ID)
	none := []string{"missing", "empty"}
	saleParams := []param{
		{"query", "period", none, "ninety days"},
		{"query", "per", none, "weeks"},
		{"query", "genre", none, "every genre"},
	}
	return []route{
		{pattern: "GET /{$}", params: []param{
			{"query", "q", slices.Concat(none, everyText, []string{"a space", "escape", "two lines"}), "words to look for, which no film may have"},
			{"query", "genre", none, "every genre"},
			{"query", "decade", append(none, "zero"), "every decade"},
			{"query", "rating", append(none, "zero"), "every score"},
			{"query", "sort", none, "the usual order"},
			{"query", "page", none, "the first page"},
		}},
		{pattern: "GET /films/{slug:slug}", path: url.Values{"slug": {f.Slug}}, params: []param{{in: "path", name: "slug"}}},
		{pattern: "GET /cart"},
		{pattern: "POST /cart/lines", form: url.Values{"film": {id}, "quantity": {"1"}}, params: []param{
			{in: "form", name: "film"},
			{in: "form", name: "quantity"},
		}},
		{pattern: "POST /cart/lines/{film:int}", path: url.Values{"film": {id}}, form: url.Values{"quantity": {"1"}}, params: []param{
			{"path", "film", none, "another address, which leads to /cart/lines"},
			{"form", "quantity", []string{"zero"}, "takes the film out"},
		}},
		{pattern: "GET /checkout"},
		{pattern: "POST /checkout", form: address(), params: []param{
			{"form", "name", everyText, "people are called what they are called"},
			{in: "form", name: "email"},
			{"form", "street", everyText, "and live where they live"},
			{"form", "postcode", slices.DeleteFunc(slices.Clone(everyText), func(s string) bool {
				return slices.Contains([]string{"2^63", "2^64+1", "SQL", "HTML", "template", "path", "accents"}, s) // too long
			}), "there are all kinds"},
			{"form", "city", everyText, "as with streets"},
			{in: "form", name: "country"},
		}},
		{pattern: "GET /sales", params: saleParams},
		{pattern: "GET /sales.csv", params: saleParams},
		{pattern: "GET /sales.json", params: saleParams},
		{pattern: "GET /orders/{token}", path: url.Values{"token": {"A"}}, params: []param{{in: "path", name: "token"}}},
	}
}

// send sends the route's request with one parameter filled in otherwise.
func (r route) send(c *ashlartest.Client, p param, values []string) *ashlartest.Response {
	method, path, _ := strings.Cut(strings.ReplaceAll(r.pattern, "{$}", ""), " ")
	in := map[string]url.Values{"path": clone(r.path), "query": clone(r.query), "form": clone(r.form)}
	if p.name != "" {
		in[p.in][p.name] = values
	}
	for name := range in["path"] {
		start := strings.Index(path, "{"+name)
		end := start + strings.Index(path[start:], "}") + 1
		path = path[:start] + url.PathEscape(strings.Join(in["path"][name], "/")) + path[end:]
	}
	if len(in["query"]) > 0 {
		path += "?" + in["query"].Encode()
	}
	if method == "GET" {
		return c.Get(path, ashlartest.Header("Accept", "application/json"))
	}
	return c.Post(path, in["form"], ashlartest.Header("Accept", "application/json"))
}

func clone(v url.Values) url.Values {
	c := url.Values{}
	for name, values := range v {
		c[name] = slices.Clone(values)
	}
	return c
}

// watch returns the routes that the app's requests reach, by pattern.
func watch(app *ashlar.App) map[string]*ashlar.Route {
	seen := map[string]*ashlar.Route{}
	app.Use(ashlar.Stage{Name: "watch", Run: func(c *ashlar.Ctx) error {
		seen[c.Route().Pattern] = c.Route() // one request at a time
		return c.Next()
	}})
	return seen
}

// everyRoute holds that the table has every route of the app, each with every
// parameter that its input reads.
func everyRoute(t *testing.T, app *ashlar.App, seen map[string]*ashlar.Route, table []route) {
	t.Helper()
	var listed, tested []string
	var out strings.Builder
	want.NoErr(t, app.Run(t.Context(), []string{"routes"}, &out))
	for line := range strings.Lines(out.String()) {
		if method, rest, _ := strings.Cut(line, " "); !strings.HasSuffix(strings.TrimSpace(line), "static files") {
			listed = append(listed, method+" "+strings.Fields(rest)[0])
		}
	}
	for _, r := range table {
		tested = append(tested, r.pattern)
		route := seen[r.pattern]
		if route == nil {
			t.Errorf("%s: no request reached it", r.pattern)
			continue
		}
		var params []string
		for _, p := range r.params {
			params = append(params, p.in+" "+p.name)
		}
		want.Equal(t, params, paramsOf(route.In))
	}
	slices.Sort(listed)
	slices.Sort(tested)
	want.Equal(t, tested, listed)
}

// paramsOf returns the parameters that an input reads, in the order of its
// fields.
func paramsOf(in reflect.Type) []string {
	if f, ok := in.FieldByName("Value"); ok && strings.HasPrefix(in.Name(), "Form[") {
		in = f.Type
	}
	var params []string
	for i := range in.NumField() {
		f := in.Field(i)
		if f.Anonymous {
			params = append(params, paramsOf(f.Type)...)
		}
		for _, source := range []string{"path", "query", "form", "header", "cookie", "file", "json"} {
			if name, ok := f.Tag.Lookup(source); ok {
				params = append(params, source+" "+name)
			}
		}
	}
	return params
}
