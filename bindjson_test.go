package ashlar_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

type order struct {
	Status string         `json:"status" validate:"max=9"`
	Total  float64        `json:"total"`
	Count  uint8          `json:"count"`
	Lines  []line         `json:"lines"`
	Note   *string        `json:"note"`
	Due    time.Time      `json:"due"`
	Meta   map[string]any `json:"meta"`
	Pay    payment        `json:"pay"`
	Loose
}

type line struct {
	Film     int `json:"film" validate:"min=1"`
	Quantity int // without a tag
}

type payment struct {
	Method string `json:"method"`
	Amount int    `json:"amount"`
}

func (p *payment) Validate(context.Context) error {
	if p.Method == "card" && p.Amount == 0 {
		return validate.Fail("amount", "nothing", "There is nothing to pay.")
	}
	return nil
}

// Loose has a field that only encoding/json names.
type Loose struct{ GiftWrap bool }

func TestBindJSON(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in order) (string, error) {
			note := "none"
			if in.Note != nil {
				note = *in.Note
			}
			return spaced(in.Status, in.Total, in.Count, in.Lines, note, in.GiftWrap), nil
		})
	})
	deep := func(n int) string {
		return `{"meta":` + strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) + "}"
	}
	for _, c := range []struct{ body, want string }{
		{`{"status":"open","total":1.5,"count":2,"lines":[{"film":1,"Quantity":2}],"note":"x","GiftWrap":true}`,
			"open 1.5 2 [{1 2}] x true"},
		{`{"Status":"open","giftwrap":true,"lines":[{"quantity":3,"film":1}]}`, "open 0 0 [{1 3}] none true"},
		{`{}`, "0 0 [] none false"},
		{``, "0 0 [] none false"},
		{`null`, "0 0 [] none false"},
		{`{"note":null,"lines":null,"meta":{}}`, "0 0 [] none false"},
		{"{\"status\":\"open\"}\n", "open 0 0 [] none false"},

		// Wrong types, by field.
		{`{"status":7}`, "422 status:type"},
		{`{"total":"7"}`, "422 total:type"},
		{`{"total":1e400}`, "422 total:type"},
		{`{"count":256}`, "422 count:type"},
		{`{"count":-1}`, "422 count:type"},
		{`{"count":1.5}`, "422 count:type"},
		{`{"count":1e1}`, "422 count:type"},
		{`{"count":` + strings.Repeat("9", 100_000) + `}`, "422 count:type"},
		{`{"lines":{}}`, "422 lines:type"},
		{`{"lines":[{"film":"x","Quantity":1}]}`, "422 lines.film:type"},
		{`{"lines":[1]}`, "422 lines:type"},
		{`{"due":"yesterday"}`, "422 due:type"},
		{`{"due":7}`, "422 due:type"},
		{`{"meta":{"a":1e400}}`, "422 meta:type"},
		{`{"status":7,"count":-1,"due":"x"}`, "422 status:type count:type due:type"}, // all at once
		{`{"status":"much too long","count":-1}`, "422 count:type status:max"},
		{`{"lines":[{"film":0}]}`, "422 lines[0].film:min"},
		{`{"lines":[{"film":1},{"film":"x"}]}`, "422 lines.film:type"},
		{`{"pay":{"method":"card"}}`, "422 pay.amount:nothing"},
		{`{"pay":{"method":"card","amount":"x"}}`, "422 pay.amount:type"}, // Validate's own word would confuse

		// Unknown keys.
		{`{"role":1}`, "422 role:unknown"},
		{`{"lines":[{"film":1,"price":0}]}`, "422 price:unknown"},
		{`{"Loose":{}}`, "422 Loose:unknown"},
		{"{\"a\\u0000b\\u001b[31m\":1}", "422 a?b?[31m:unknown"},
		{`{"` + strings.Repeat("k", 500) + `":1}`, "422 " + strings.Repeat("k", 60) + "…:unknown"},

		// Keys that two parsers would read differently.
		{`{"status":"a","status":"b"}`, "400"},
		{`{"status":"a","STATUS":"b"}`, "400"},
		{`{"status":"a","statu\u0073":"b"}`, "400"},
		{`{"status":"a","ſtatus":"b"}`, "400"},        // U+017F folds to s
		{`{"lines":[],"\u006cines":[],"x":1}`, "400"}, // written with an escape
		{`{"status":"a","stat` + "u\u017f" + `":"b"}`, "400"},
		{`{"meta":{"k":1,"\u212a":2}}`, "400"}, // the Kelvin sign folds to k
		{`{"meta":{"a":{"b":1,"B":2}}}`, "400"},
		{`{"lines":[{"film":1,"film":2}]}`, "400"},
		{`{"meta":{"a":1},"lines":[{"film":1},{"film":1}]}`, "0 0 [{1 0} {1 0}] none false"},

		// What is no JSON, or not all of it.
		{`{"status":"a"}{"status":"b"}`, "400"},
		{`{"status":"a"}]`, "400"},
		{`{"status":"a"} x`, "400"},
		{`{"status":"a"`, "400"},
		{`{"status":"a",}`, "400"},
		{`{'status':'a'}`, "400"},
		{`{"status":NaN}`, "400"}, {`{"total":Infinity}`, "400"}, {`{"total":01}`, "400"}, {`{"total":.5}`, "400"},
		{`{"status":"a"/* b */}`, "400"},
		{"{\"status\":\"a\tb\"}", "400"},
		{` `, "400"},
		{`[]`, "400"}, {`"text"`, "400"}, {`7`, "400"}, {`true`, "400"}, {`[{"status":"a"}]`, "400"},
		{"\xef\xbb\xbf{}", "400"},
		{"{\"status\":\"\xff\"}", "400"},
		{"\xff\xfe{\x00}\x00", "400"}, // UTF-16
		{"{\"status\":\"a\x00b\"}", "400"},
		{`{"status":"a\u0000b"}`, "422 status:utf8"},
		{deep(62), "0 0 [] none false"},
		{deep(63), "0 0 [] none false"},
		{deep(64), "400"},
		{deep(100_000), "400"},
		{strings.Repeat("[", 500_000), "400"},
	} {
		if got := outcome(t, ask(app, "POST", "/", c.body, asJSON)); got != c.want {
			t.Errorf("%.80s: got %q, want %q", c.body, got, c.want)
		}
	}
}

func TestBodyTypes(t *testing.T) {
	t.Parallel()
	type in struct {
		Name string `json:"name"`
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/json", func(_ context.Context, in in) (string, error) { return in.Name, nil }, ashlar.InsecureNoCSRF())
		ashlar.Post(a.Router, "/form", func(_ context.Context, in struct {
			Name string `form:"name"`
		}) (string, error) {
			return in.Name, nil
		}, ashlar.InsecureNoCSRF())
		ashlar.Delete(a.Router, "/form", func(_ context.Context, in struct {
			Name string `form:"name"`
		}) (string, error) {
			return in.Name, nil
		})
	})
	const body = `{"name":"ann"}`
	for _, c := range []struct{ method, path, contentType, body, want string }{
		{"POST", "/json", "application/json", body, "ann"},
		{"POST", "/json", "application/json; charset=utf-8", body, "ann"},
		{"POST", "/json", "Application/JSON", body, "ann"},
		{"POST", "/json", "application/merge-patch+json", body, "ann"},
		{"POST", "/json", "text/plain", body, "415"},
		{"POST", "/json", "text/json", body, "415"},
		{"POST", "/json", "application/x-www-form-urlencoded", body, "415"},
		{"POST", "/json", "application/jsonx", body, "415"},
		{"POST", "/json", "application/json, text/plain", body, "415"},
		{"POST", "/json", "", body, "415"},
		{"POST", "/json", "", "", ""},
		{"POST", "/form", "application/x-www-form-urlencoded", "name=ann", "ann"},
		{"POST", "/form", "application/json", body, "415"},
		{"POST", "/form", "", "name=ann", "415"},
		{"POST", "/form", "application/x-www-form-urlencoded", "name=a;b=c", "400"},
		{"POST", "/form", "application/x-www-form-urlencoded", "name=%zz", "400"},
		{"POST", "/form", "application/x-www-form-urlencoded", "na%ffme=a", "400"},
		{"POST", "/form", "application/x-www-form-urlencoded", "name=%ff", "422 name:type"},
		{"POST", "/form", "application/x-www-form-urlencoded", "name=a&name=b", "422 name:repeated"},
		{"POST", "/form", "application/x-www-form-urlencoded", "Name=a", "422 Name:unknown"},
		{"POST", "/form", "application/x-www-form-urlencoded", "name=a&name[]=b", "422 name[]:unknown"},
		{"POST", "/form", "application/x-www-form-urlencoded", strings.Repeat("a=1&", 100_000), "400"},
		{"POST", "/form", "application/x-www-form-urlencoded", "a" + strings.Repeat("[b]", 1000) + "=1", "422 a" + strings.Repeat("[b]", 19) + "[b…:unknown"},
		{"DELETE", "/form", "application/x-www-form-urlencoded", "name=ann", "400"},
	} {
		got := outcome(t, ask(app, c.method, c.path, c.body, "Content-Type: "+c.contentType))
		if got != c.want {
			t.Errorf("%s %q as %q: got %q, want %q", c.path, c.body[:min(len(c.body), 40)], c.contentType, got, c.want)
		}
	}
	w := ask(app, "POST", "/json", `{"name":`, asJSON)
	want.Contains(t, w.Body.String(), "no valid JSON", "at byte 8")
}

func TestHostileJSONIsRefusedSoon(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{BodyLimit: 16 << 20}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in order) (string, error) { return "ok", nil })
	})
	for name, body := range map[string]string{
		"number":      `{"total":` + strings.Repeat("9", 1<<20) + `}`,
		"exponent":    `{"total":1e` + strings.Repeat("9", 1<<20) + `}`,
		"depth":       strings.Repeat(`{"meta":`, 1<<20),
		"keys":        `{"meta":{` + manyKeys(30_000) + `"z":`,
		"wrong lines": `{"lines":[` + strings.Repeat(`"x",`, 1<<16) + `1]}`,
	} {
		begin := time.Now()
		if got := outcome(t, ask(app, "POST", "/", body, asJSON)); !strings.HasPrefix(got, "4") {
			t.Errorf("%s: got %q, want a refusal", name, got)
		}
		if took := time.Since(begin); took > 20*time.Second { // quadratic would be minutes
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":0,`, i)
	}
	return b.String()
}
