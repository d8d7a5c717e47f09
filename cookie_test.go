package ashlar_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// Cookies are read as net/http reads them, but that a name with two values is
// not believed.
func FuzzCookie(f *testing.F) {
	for _, s := range []string{"a=b", `a="b"; a=b`, "a=b;a=c", " a = b ;; b", `a="b`, `a=b\`, "a", "=a", "a=\x80", "a=b c", "a=\tb", "a=\"", "\x00a=b"} {
		f.Add(s, "a=d")
		f.Add("b=c", s)
	}
	app := served(f, func(a *ashlar.App) {
		a.Get("/", func(c *ashlar.Ctx) error {
			v, ok := c.Cookie("a")
			return c.Text(fmt.Sprintf("%q %v", v, ok))
		})
	})
	f.Fuzz(func(t *testing.T, one, two string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Cookie"] = []string{one, two}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		found, value := false, ""
		for _, k := range r.CookiesNamed("a") {
			if found && k.Value != value {
				found, value = false, ""
				break
			}
			found, value = true, k.Value
		}
		want.Equal(t, w.Body.String(), fmt.Sprintf("%q %v", value, found))
	})
}
