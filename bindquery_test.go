package ashlar_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
)

// few and many take the same parameters. An input like few is read by the
// binder's own scanner, one with a list by net/url.
type few struct {
	A     string `query:"a"`
	Again string `query:"a"` // two fields may show one parameter
	B     string `query:"b" default:"none"`
	Odd   string `query:"ä+ &=%;"`
}

type many struct {
	few
	List []string `query:"list"`
}

// FuzzQuery holds that the binder's own scanner reads a query as
// url.ParseQuery does.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"", "a=1", "a=1&b=2", "a=1&a=2", "a", "a=", "=", "&", "a=1&&b=2&", "a=b=c", "%61=1", "a=%41%20+x", "a=%zz", "a=%", "a=%4", "%=1",
		"%zz=1", "x=%zz", "x=1;b=2", "a;b", "%3b=;", "a=%3B", "%C3%A4%2b+%26%3D%25%3B=1", "ä%2B+%26%3D%25%3B=2", "a=%ff", "a=%00", "A=1", "b=&b=", "list=1&a=2&list=3",
		strings.Repeat("x&", 998) + "a=1", strings.Repeat("x&", 999) + "a=1", strings.Repeat("&", 1000) + "a=1"} {
		f.Add(seed)
	}
	app := served(f, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/few", func(_ context.Context, in few) (string, error) { return fmt.Sprintf("%q", in), nil })
		ashlar.Get(a.Router, "/many", func(_ context.Context, in many) (string, error) { return fmt.Sprintf("%q", in.few), nil })
		ashlar.Get(a.Router, "/strict/few", func(_ context.Context, in few) (string, error) { return fmt.Sprintf("%q", in), nil }, ashlar.StrictQuery())
		ashlar.Get(a.Router, "/strict/many", func(_ context.Context, in many) (string, error) { return fmt.Sprintf("%q", in.few), nil }, ashlar.StrictQuery())
	})
	f.Fuzz(func(t *testing.T, query string) {
		tell := func(path string) string {
			r := httptest.NewRequest("GET", path, nil)
			r.URL.RawQuery = query
			r.Header.Set("X-Request-Id", "same")
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			if w.Code == 200 {
				return w.Body.String()
			}
			return outcome(t, w)
		}
		values, err := url.ParseQuery(query)
		if got, want := tell("/few"), tell("/many"); got != want {
			t.Errorf("%q: got %s, want %s", query, got, want)
		}
		if (err != nil || strings.Count(query, "&") > 999) != (tell("/few") == "400") {
			t.Errorf("%q: got %s, while net/url says %v", query, tell("/few"), err)
		}
		if _, list := values["list"]; list {
			return // few does not have it
		}
		if got, want := tell("/strict/few"), tell("/strict/many"); got != want {
			t.Errorf("%q, strictly: got %s, want %s", query, got, want)
		}
	})
}

// FuzzTime holds that a time is what any of three layouts reads, though only
// one is tried.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{"2026-02-28", "2026-2-28", "2026-02-30", "2026-02-28T23:59", "2026-02-28T3:59", "2026-02-28T23:59:01Z", "2026-02-28T3:59:01Z",
		"2026-02-28T23:59:01.5+02:00", "2026-02-28T23:59:01,5Z", "2026-02-28 23:59", "2026-02-28T23:59Z", "0000-01-01", "12026-01-01", "2026-02-28t23:59:01z"} {
		f.Add(seed)
	}
	app := served(f, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/", func(_ context.Context, in struct {
			T time.Time `query:"t"`
		}) (string, error) {
			return in.T.Format(time.RFC3339Nano), nil
		})
	})
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			return // absent
		}
		want := "422 t:type"
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04", time.DateOnly} {
			if v, err := time.Parse(layout, text); err == nil {
				want = v.Format(time.RFC3339Nano)
				break
			}
		}
		if got := outcome(t, ask(app, "GET", "/?"+formOf("t", text), "")); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	})
}
