package ashlar_test

import (
	"compress/gzip"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

var (
	inProduction = environment("ASHLAR_ENV=production", "ASHLAR_HOSTS=example.com")
	longScript   = strings.Repeat("console.log('all work and no play');\n", 100)
	siteFiles    = fstest.MapFS{
		"app.js":              {Data: []byte(longScript)},
		"css/site.css":        {Data: []byte("body{}")},
		"noise.bin":           {Data: []byte(strings.Repeat("\x00\x9d\xfe\x31", 600))},
		"LICENSE":             {Data: []byte("free")},
		"odd name (1).txt":    {Data: []byte("odd")},
		"it's & more.txt":     {Data: []byte("more")},
		"café/übung+1.txt":    {Data: []byte("umlaut")},
		"50%25.txt":           {Data: []byte("percent")},
		"a;b=c,d@e!.txt":      {Data: []byte("marks")},
		".env":                {Data: []byte("SECRET=1")},
		".git/config":         {Data: []byte("SECRET=2")},
		"css/.hidden.css":     {Data: []byte("SECRET=3")},
		"css/.sass-cache/x.c": {Data: []byte("SECRET=4")},
	}
)

func siteApp(t *testing.T, cfg ashlar.Config, files fs.FS) *ashlar.App {
	app, _ := started(t, cfg, func(a *ashlar.App) { a.Static("/static", files) })
	return app
}

// raw asks for a path as it was written, without a client that cleans it.
func raw(app http.Handler, path string) (w *httptest.ResponseRecorder, ok bool) {
	u, err := url.ParseRequestURI(path)
	if err != nil {
		return nil, false // net/http answers 400 to it
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.URL, r.RequestURI = u, path
	w = httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w, true
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"production", "development", "test"} {
		app := siteApp(t, ashlar.Config{LookupEnv: environment("ASHLAR_ENV="+env, "ASHLAR_HOSTS=example.com")}, siteFiles)
		for name, f := range siteFiles {
			u, err := app.Asset(name)
			if strings.Contains(name, "/.") || strings.HasPrefix(name, ".") {
				if err == nil {
					t.Errorf("%s: got URL %s of a hidden file", name, u)
				}
				continue
			}
			want.NoErr(t, err)
			w := ask(app, "GET", u, "")
			want.Equal(t, w.Code, 200)
			want.Equal(t, w.Body.String(), string(f.Data))
			immutable := "no-cache"
			if env == "production" {
				immutable = "public, max-age=31536000, immutable"
			}
			want.Equal(t, w.Header().Get("Cache-Control"), immutable)
			want.Equal(t, w.Header().Get("X-Content-Type-Options"), "nosniff")
			plain := (&url.URL{Path: "/static/" + name}).EscapedPath()
			w = ask(app, "GET", plain, "")
			want.Equal(t, w.Body.String(), string(f.Data))
			want.Equal(t, w.Header().Get("Cache-Control"), "no-cache")
		}
		if _, err := app.Asset("missing.css"); err == nil {
			t.Error("got a URL of a file that is not there")
		}
	}
}

// Clients spell one path in several ways (RFC 3986, section 6.2.2).
func TestStaticFilesUnderEverySpelling(t *testing.T) {
	t.Parallel()
	app := siteApp(t, ashlar.Config{}, siteFiles)
	for path, body := range map[string]string{
		"/static/odd%20name%20(1).txt":         "odd",
		"/static/odd%20name%20%281%29.txt":     "odd",
		"/static/it's%20&%20more.txt":          "more",
		"/static/it%27s%20%26%20more.txt":      "more",
		"/static/caf%C3%A9/%C3%BCbung+1.txt":   "umlaut",
		"/static/caf%c3%a9/%c3%bcbung%2B1.txt": "umlaut",
		"/static/50%2525.txt":                  "percent",
		"/static/a;b=c,d@e!.txt":               "marks",
		"/static/a%3Bb%3Dc%2Cd%40e%21.txt":     "marks",
		"/static/%61pp.js":                     longScript,
		"/static/LICENSE":                      "free",
	} {
		w, ok := raw(app, path)
		if !ok || w.Code != 200 || w.Body.String() != body {
			t.Errorf("%s: got %d, want 200", path, w.Code)
		}
	}
	for _, path := range []string{"/static/", "/static", "/static/css", "/static/css/", "/static/css%2Fsite.css", "/static//app.js",
		"/static/APP.JS", "/static/app.js/", "/Static/app.js", "/static/LICENSE.", "/static/app.js%20", "/static/app.js%00", "/static/50%.txt"} {
		if w, ok := raw(app, path); ok && w.Code == 200 {
			t.Errorf("%s: got 200 %q, want no file", path, w.Body)
		}
	}
}

func TestStaticAnswers(t *testing.T) {
	t.Parallel()
	app := siteApp(t, ashlar.Config{LookupEnv: inProduction}, siteFiles)
	u, err := app.Asset("app.js")
	want.NoErr(t, err)
	want.Equal(t, u[:len("/static/app.")], "/static/app.")

	w := ask(app, "GET", u, "")
	tag := w.Header().Get("Etag")
	want.Equal(t, w.Header().Get("Content-Type"), "text/javascript; charset=utf-8")
	want.Equal(t, w.Header().Get("Vary"), "Accept-Encoding")
	want.Equal(t, w.Header().Get("Content-Length"), fmt.Sprint(len(longScript)))

	w = ask(app, "GET", u, "", "Accept-Encoding: gzip")
	want.Equal(t, w.Header().Get("Content-Encoding"), "gzip")
	z, err := gzip.NewReader(w.Body)
	want.NoErr(t, err)
	want.Equal(t, read(t, z), longScript)
	// A strong tag stands for the very bytes, so these need another one: a
	// client that continues a download by ranges would mix the two.
	want.Equal(t, w.Header().Get("Etag"), "W/"+tag)
	w = ask(app, "GET", u, "", "Accept-Encoding: gzip", "Range: bytes=10-19", "If-Range: W/"+tag)
	want.Equal(t, w.Code, 200)

	for _, match := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		w = ask(app, "GET", u, "", "Accept-Encoding: gzip", "If-None-Match: "+match)
		want.Equal(t, w.Code, 304)
		want.Equal(t, w.Body.Len(), 0)
		want.Equal(t, w.Header().Get("Cache-Control"), "public, max-age=31536000, immutable")
	}
	want.Equal(t, ask(app, "GET", u, "", "If-None-Match: "+strings.Repeat(`"x",`, 10_000)).Code, 200)

	w = ask(app, "HEAD", u, "")
	want.Equal(t, w.Code, 200)
	want.Equal(t, w.Body.Len(), 0)
	want.Equal(t, w.Header().Get("Content-Length"), fmt.Sprint(len(longScript)))
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		if got := ask(app, method, u, "").Code; got < 400 {
			t.Errorf("%s: got %d", method, got)
		}
	}
	w = ask(app, "GET", "/static/noise.bin", "", "Accept-Encoding: gzip")
	want.Equal(t, w.Header().Get("Content-Encoding"), "")
}

func TestStaticRanges(t *testing.T) {
	t.Parallel()
	app := siteApp(t, ashlar.Config{}, siteFiles)
	size := len(longScript)
	for _, c := range []struct {
		field, contentRange string
		code, length        int
	}{
		{"bytes=0-9", fmt.Sprintf("bytes 0-9/%d", size), 206, 10},
		{"bytes=-5", fmt.Sprintf("bytes %d-%d/%d", size-5, size-1, size), 206, 5},
		{"bytes=10-", fmt.Sprintf("bytes 10-%d/%d", size-1, size), 206, size - 10},
		{"bytes=0-99999999", fmt.Sprintf("bytes 0-%d/%d", size-1, size), 206, size},
		{"bytes=99999999-", fmt.Sprintf("bytes */%d", size), 416, -1},
		{"bytes=5-2", "", 416, -1},
		{"bytes=-99999999999999999999", "", 416, -1},
		{"lines=1-2", "", 416, -1},
		{"bytes=0-1,5-6", fmt.Sprintf("bytes */%d", size), 416, 0},
		{"bytes=" + strings.Repeat("0-,", 1000) + "0-", fmt.Sprintf("bytes */%d", size), 416, 0},
	} {
		w := ask(app, "GET", "/static/app.js", "", "Range: "+c.field, "Accept-Encoding: gzip")
		if w.Code != c.code || w.Header().Get("Content-Range") != c.contentRange || c.length >= 0 && w.Body.Len() != c.length {
			t.Errorf("%.40s: got %d %s %d bytes, want %d %s %d bytes", c.field, w.Code, w.Header().Get("Content-Range"), w.Body.Len(),
				c.code, c.contentRange, c.length)
		}
		if w.Code == 206 {
			want.Equal(t, w.Header().Get("Content-Encoding"), "")
		}
		want.Equal(t, w.Header().Get("X-Frame-Options"), "DENY")
	}
}

func TestStaticMistakes(t *testing.T) {
	t.Parallel()
	got := checked(ashlar.Config{}, func(a *ashlar.App) {
		a.Static("/static/", fstest.MapFS{"a.css": {Data: []byte("a")}})
		a.Static("/vendor/", fstest.MapFS{"a.css": {Data: []byte("b")}})
		a.Static("/gone/", os.DirFS(filepath.Join(t.TempDir(), "none")))
		a.Static("/big/", fstest.MapFS{"film.mp4": {Data: make([]byte, 32<<20+1)}})
	})
	golden.Equal(t, "static_mistakes.txt", unplaced(strings.ReplaceAll(got, "stat .:", "")))

	app := ashlar.New(ashlar.Config{LookupEnv: environment()})
	if _, err := app.Asset("a.css"); err == nil {
		t.Error("got an asset before the app was checked")
	}
}

func TestStaticFilesAreReadAgainInDevelopment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		want.NoErr(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("a.css", "one")
	embedded := fstest.MapFS{"a.css": {Data: []byte("embedded")}}
	dev := siteApp(t, ashlar.Config{}, ashlar.Live(ashlar.Development, dir, embedded))
	prod := siteApp(t, ashlar.Config{LookupEnv: inProduction}, os.DirFS(dir))
	first, err := dev.Asset("a.css")
	want.NoErr(t, err)
	want.Equal(t, ask(dev, "GET", first, "").Body.String(), "one")

	write("a.css", "two, and longer")
	write("b.css", "new")
	second, err := dev.Asset("a.css")
	want.NoErr(t, err)
	if first == second {
		t.Errorf("got the same URL %s for another content", first)
	}
	want.Equal(t, ask(dev, "GET", second, "").Body.String(), "two, and longer")
	want.Equal(t, ask(dev, "GET", "/static/b.css", "").Body.String(), "new")
	want.Equal(t, ask(dev, "GET", first, "").Code, 404)
	want.Equal(t, ask(prod, "GET", "/static/a.css", "").Body.String(), "one")
	want.Equal(t, ask(prod, "GET", "/static/b.css", "").Code, 404)
	want.NoErr(t, os.Remove(filepath.Join(dir, "a.css")))
	want.Equal(t, ask(dev, "GET", "/static/a.css", "").Code, 404)
	want.Equal(t, ask(prod, "GET", "/static/a.css", "").Code, 200)

	for _, files := range []fs.FS{ashlar.Live(ashlar.Production, dir, embedded), ashlar.Live(ashlar.Development, dir+"/none", embedded),
		ashlar.Live(ashlar.Development, filepath.Join(dir, "b.css"), embedded)} {
		b, err := fs.ReadFile(files, "a.css")
		want.NoErr(t, err)
		want.Equal(t, string(b), "embedded")
	}
}

// What a file does not take may be a route's, and is 405 otherwise.
func TestStaticOtherMethods(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Static("/static", siteFiles)
		a.Post("/static/LICENSE", func(c *ashlar.Ctx) error { return c.Text("signed") }, ashlar.InsecureNoCSRF())
	})
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"POST", "/static/css/site.css", 405, "GET, HEAD, OPTIONS"},
		{"DELETE", "/static/app.js", 405, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/static/app.js", 204, "GET, HEAD, OPTIONS"},
		{"POST", "/static/LICENSE", 200, ""},
		{"PUT", "/static/LICENSE", 405, "GET, HEAD, OPTIONS, POST"},
		{"POST", "/static/none.js", 404, ""},
	} {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.status || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: got %d, Allow %q, want %d, %q", c.method, c.path, w.Code, w.Header().Get("Allow"), c.status, c.allow)
		}
	}
}

// RFC 8615 has one name that begins with a dot, at the root of a site.
func TestStaticWellKnown(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		".well-known/security.txt": {Data: []byte("Contact: mailto:a@example.com")},
		".well-known/.secret":      {Data: []byte("SECRET=5")},
		".env":                     {Data: []byte("SECRET=1")},
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Static("/", files)
		a.Static("/static", fstest.MapFS{".well-known/else.txt": {Data: []byte("elsewhere")}})
	})
	for path, status := range map[string]int{
		"/.well-known/security.txt":    200,
		"/.well-known/.secret":         404,
		"/.env":                        404,
		"/static/.well-known/else.txt": 404,
	} {
		w, ok := raw(app, path)
		want.Equal(t, ok, true)
		if w.Code != status {
			t.Errorf("%s: got %d, want %d", path, w.Code, status)
		}
	}
}
