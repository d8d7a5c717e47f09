package ashlar_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
)

// served returns an app for a fuzz target, which has no end to stop it at.
func served(f *testing.F, register func(*ashlar.App)) *ashlar.App {
	f.Helper()
	app := ashlar.New(ashlar.Config{LookupEnv: environment(), Log: slog.New(slog.DiscardHandler), Hosts: []string{"*"}})
	register(app)
	if err := app.Start(context.Background()); err != nil {
		f.Fatal(err)
	}
	return app
}

// What is accepted as a JSON body is JSON to encoding/json, too, and means the
// same to a parser that takes the first of two equal keys and to one that
// takes the last.
func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1,"b":[1,2,{"c":null}]}`, `{"a":1,"a":2}`, `{"a":1,"A":2}`, `{"s":1,"ſ":2}`, `{"k":1,"\u212a":2}`, `[]`,
		`{"a":1}x`, "\xef\xbb\xbf{}", `{"a":"\ud800"}`, `{"\ud800":1,"\ud801":2}`, `{"a":1e400}`, `{"a":{"b":{"c":[[[]]]}}}`, `null`, ` {"a" : -0.0e+1 } `} {
		f.Add(seed)
	}
	app := served(f, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in struct {
			Whole json.RawMessage `json:"whole"`
		}) (string, error) {
			return string(in.Whole), nil
		})
	})
	f.Fuzz(func(t *testing.T, text string) {
		w := ask(app, "POST", "/", `{"whole":`+text+`}`, asJSON)
		if w.Code >= 500 {
			t.Fatalf("%q: got %d", text, w.Code)
		}
		if w.Code != 200 {
			return
		}
		if !json.Valid([]byte(text)) {
			t.Fatalf("%q: got 200 for what is no JSON", text)
		}
		var last any
		if err := json.Unmarshal([]byte(text), &last); err != nil && !strings.Contains(err.Error(), "number") {
			t.Fatalf("%q: got 200, but %v", text, err)
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		first := firstOfEqualKeys(t, d)
		d = json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&last); err != nil || !reflect.DeepEqual(first, last) {
			t.Fatalf("%q: the first keys say %v, the last say %v", text, first, last)
		}
	})
}

// firstOfEqualKeys decodes as parsers do that keep the first of equal keys, be
// they equal in another letter case.
func firstOfEqualKeys(t *testing.T, d *json.Decoder) any {
	t.Helper()
	tok, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch tok {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			list = append(list, firstOfEqualKeys(t, d))
		}
		_, _ = d.Token()
		return list
	case json.Delim('{'):
		object := map[string]any{}
	next:
		for d.More() {
			key, _ := d.Token()
			value := firstOfEqualKeys(t, d)
			for known := range object {
				if strings.EqualFold(known, key.(string)) {
					continue next
				}
			}
			object[key.(string)] = value
		}
		_, _ = d.Token()
		return object
	}
	return tok
}

// Whatever Redirect takes keeps a browser on the site.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "/films?page=2#top", "//evil.test", `/\evil.test`, "/\t/evil.test", "\t//evil.test", "/%2f/evil.test", "/.//evil.test",
		"/..//evil.test", "/@evil.test", "/:80", "https:evil.test", "/a b", "/é", "/\x00", "/%", "/?//evil.test", "/;//evil.test", "/a/..//..//evil.test",
		"/\u3000/evil.test", "/／evil.test", "/\u2028/x"} {
		f.Add(seed)
	}
	app := served(f, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error { return c.Redirect(c.Query("to")) })
	})
	f.Fuzz(func(t *testing.T, to string) {
		w := ask(app, "GET", "/?"+formOf("to", to), "")
		location, sent := w.Header()["Location"]
		if !sent {
			if w.Code < 400 {
				t.Fatalf("%q: got %d without a target", to, w.Code)
			}
			return
		}
		if host := browserHost("https://site.example/deep/page", location[0]); host != "site.example" {
			t.Fatalf("%q: got a browser on %q", location[0], host)
		}
		base, _ := url.Parse("https://site.example/deep/page")
		u, err := base.Parse(location[0])
		if err != nil || u.Host != "site.example" || u.Scheme != "https" || u.User != nil {
			t.Fatalf("%q: got net/url on %v (%v)", location[0], u, err)
		}
	})
}

// browserHost returns the host that a browser goes to (WHATWG URL, section
// 4.4, as far as a host can come of it): C0 controls and spaces are trimmed,
// tabs and line breaks dropped, backslashes are slashes.
func browserHost(base, location string) string {
	s := strings.TrimFunc(location, func(r rune) bool { return r <= ' ' })
	s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	cut := len(s)
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		cut = i
	}
	s = strings.ReplaceAll(s[:cut], `\`, "/") + s[cut:]
	if i := strings.IndexAny(s, ":/?#"); i > 0 && s[i] == ':' {
		rest := strings.TrimLeft(s[i+1:], "/") // of a special scheme; others are no better
		return "scheme " + s[:i] + " " + rest
	}
	if strings.HasPrefix(s, "//") {
		host, _, _ := strings.Cut(strings.TrimLeft(s, "/"), "/")
		return host
	}
	u, _ := url.Parse(base)
	return u.Host
}

// An Accept field never makes an error of ours, and the answer is of a type
// that the field names.
func FuzzAccept(f *testing.F) {
	for _, seed := range []string{"", "*/*", browser, "application/json;q=0, */*", "text/*;q=0.3, text/html;q=0.7, text/html;level=1, */*;q=0.5",
		";;;,,,", "application/json;q=1e1", "*", "a/b;q=\"1,2\"", "application/*;q=0.001,application/xml;q=0"} {
		f.Add(seed)
	}
	app := served(f, func(a *ashlar.App) { ashlar.Get(a.Router, "/", give(film{Title: "Solaris"})) })
	f.Fuzz(func(t *testing.T, accept string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Accept"] = []string{accept}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		switch w.Code {
		case 200:
			kind := w.Header().Get("Content-Type")
			lower := strings.ToLower(accept)
			if strings.TrimSpace(accept) != "" && !strings.Contains(lower, "*") && !strings.Contains(lower, kind) {
				t.Fatalf("%q: got %s", accept, kind)
			}
		case 406:
			if accept == "" || accept == "*/*" {
				t.Fatalf("%q: got 406", accept)
			}
		default:
			t.Fatalf("%q: got %d", accept, w.Code)
		}
	})
}

// A request's input never makes an error of ours.
func FuzzBind(f *testing.F) {
	f.Add("n=1&s=x&l=1&l=2", "application/json", `{"n":1,"s":"x","when":"2026-01-01T00:00:00Z","list":[{"a":1}]}`)
	f.Add("n=%ff&t=99999-01-01", "application/x-www-form-urlencoded", "n=1&s=x&on=true")
	f.Add("d=1h&f=1e400;", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n--b--\r\n")
	f.Add("", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"up\"; filename=\"x\"\r\n\r\n1\r\n--b--\r\n")
	f.Add("", "", "")
	type body struct {
		N    int8           `json:"n" form:"n" validate:"max=9"`
		S    string         `json:"s" form:"s" validate:"required,max=9"`
		When time.Time      `json:"when" form:"when"`
		On   *bool          `json:"on" form:"on"`
		List []line         `json:"list"`
		Any  map[string]any `json:"any"`
	}
	app := served(f, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/q", func(_ context.Context, in struct {
			N int8          `query:"n"`
			S string        `query:"s"`
			L []uint16      `query:"l"`
			T time.Time     `query:"t"`
			D time.Duration `query:"d"`
			F float32       `query:"f" default:"1.5"`
			C color         `query:"c"`
		}) (any, error) {
			return in, nil
		}, ashlar.StrictQuery())
		ashlar.Post(a.Router, "/b", func(_ context.Context, in body) (any, error) { return in, nil }, ashlar.InsecureNoCSRF())
		ashlar.Post(a.Router, "/up", func(_ context.Context, in upload) (any, error) { return in, nil }, ashlar.InsecureNoCSRF())
		ashlar.Post(a.Router, "/form", func(_ context.Context, in ashlar.Form[upload]) (string, error) {
			_, err := in.Field("title")
			return "ok", err
		}, ashlar.InsecureNoCSRF())
	})
	f.Fuzz(func(t *testing.T, query, contentType, body string) {
		for _, path := range []string{"/q", "/b", "/up", "/form"} {
			method := "POST"
			if path == "/q" {
				method = "GET"
			}
			r := httptest.NewRequest(method, path, io.MultiReader(strings.NewReader(body)))
			r.URL.RawQuery = query
			r.Header["Content-Type"] = []string{contentType}
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Fatalf("%s?%q as %q, %q: got %d %s", path, query, contentType, body, w.Code, w.Body)
			}
		}
	})
}
