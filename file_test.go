package ashlar_test

import (
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// outside returns a folder to serve, next to a file that must never be seen.
func outside(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "root")
	want.NoErr(t, os.MkdirAll(filepath.Join(root, "sub"), 0o755))
	for name, text := range map[string]string{"secret.txt": canary, "root-secret.txt": canary, "root/a.txt": "inside", "root/sub/b.txt": "below"} {
		want.NoErr(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return root
}

const canary = "canary-7f3a"

// traversals are spellings that some server has taken for a way out.
func traversals() []string {
	var list []string
	ups := []string{"../", "..\\", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", "%2e%2e%5c", ".%2e/", "%2e./", "%252e%252e/", "%252e%252e%252f",
		"..%252f", "..%255c", "....//", "....\\/", "..././", ".../", "..;/", "..%3b/", "..%00/", "..%0d/", "..%0a/", "..%09/", "%2e%2e%00/",
		"%c0%ae%c0%ae/", "%c0%ae%c0%ae%c0%af", "..%c0%af", "..%c1%9c", "%e0%80%ae%e0%80%ae/", "..%e0%80%af", "%uff0e%uff0e/", "..%u2215",
		"%ef%bc%8e%ef%bc%8e/", "..%ef%bc%8f", "..%e2%88%95", "%%32%65%%32%65/", "..%25%32%66", "./../", "sub/../../", "sub/%2e%2e/%2e%2e/",
		"sub/..%2f..%2f", "//../", "/./../", "..//", "../\\", "%2f..%2f", "%5c..%5c", "..%20/", "..+/", "..#/", "..?/", "~/../", "*/../", "C:/../"}
	for _, up := range ups {
		list = append(list, up+"secret.txt", up+up+up+"secret.txt")
	}
	return append(list, "/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd", "file:///etc/passwd", "..", ".", "", "...", "../root-secret.txt",
		"../root/a.txt/../../secret.txt", "a.txt%00.png", "a.txt/", "a.txt/b", "a.txt%2fb", "sub", "sub/", "%00", "%ff", "sub%00/b.txt",
		"secret.txt", strings.Repeat("x", 4000), strings.Repeat("../", 500)+"secret.txt", "a.txt::$DATA", "CON", "\\\\host\\share\\x")
}

func TestNoSpellingLeavesTheRoot(t *testing.T) {
	t.Parallel()
	root := outside(t)
	app, log := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Static("/static/", os.DirFS(root))
		a.Get("/files/{path...}", func(c *ashlar.Ctx) error { return c.File(os.DirFS(root), c.Param("path")) })
		a.Get("/query", func(c *ashlar.Ctx) error { return c.File(os.DirFS(root), c.Query("name")) })
	})
	list := traversals()
	if len(list) < 60 {
		t.Fatalf("got %d spellings, want 60 or more", len(list))
	}
	for _, spelling := range list {
		for _, prefix := range []string{"/static/", "/files/", "/static", "/query?name="} {
			w, ok := raw(app, prefix+spelling)
			if !ok {
				continue
			}
			if strings.Contains(w.Body.String(), canary) || strings.Contains(w.Body.String(), "root:") || w.Code >= 500 {
				t.Errorf("%s%.60s: got %d %.80q", prefix, spelling, w.Code, w.Body)
			}
			if to := w.Header().Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`)) {
				t.Errorf("%s%.60s: got a redirect to %q", prefix, spelling, to)
			}
		}
	}
	want.Equal(t, ask(app, "GET", "/files/sub/b.txt", "").Body.String(), "below")
	want.Equal(t, ask(app, "GET", "/static/sub/b.txt", "").Body.String(), "below")
	want.Equal(t, strings.Contains(log.String(), "level=ERROR"), false)
}

func TestFile(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(outside(t))
	want.NoErr(t, err)
	t.Cleanup(func() { _ = root.Close() })
	want.NoErr(t, root.Symlink("../secret.txt", "link.txt"))
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Get("/f/{path...}", func(c *ashlar.Ctx) error { return c.File(root.FS(), c.Param("path")) })
		a.Get("/closed", func(c *ashlar.Ctx) error { return c.File(closedFS{}, "x") })
	})
	w := ask(app, "GET", "/f/a.txt", "")
	want.Equal(t, w.Body.String(), "inside")
	want.Equal(t, w.Header().Get("Content-Type"), "text/plain; charset=utf-8")
	modified := w.Header().Get("Last-Modified")
	want.Equal(t, ask(app, "GET", "/f/a.txt", "", "If-Modified-Since: "+modified).Code, 304)
	w = ask(app, "GET", "/f/a.txt", "", "Range: bytes=1-2")
	want.Equal(t, w.Code, 206)
	want.Equal(t, w.Body.String(), "ns")
	w = ask(app, "HEAD", "/f/a.txt", "")
	want.Equal(t, w.Header().Get("Content-Length"), "6")
	want.Equal(t, w.Body.Len(), 0)
	want.Equal(t, ask(app, "GET", "/f/sub", "").Code, 404)
	want.Equal(t, ask(app, "GET", "/f/none", "").Code, 404)
	w = ask(app, "GET", "/f/link.txt", "") // os.Root does not follow it
	want.Equal(t, strings.Contains(w.Body.String(), canary), false)
	if w.Code < 400 {
		t.Errorf("got %d, want a refusal", w.Code)
	}
	want.Equal(t, ask(app, "GET", "/closed", "").Code, 500)
}

type closedFS struct{}

func (closedFS) Open(string) (fs.File, error) { return nil, fs.ErrClosed }

func TestAttachment(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		a.Post("/", func(c *ashlar.Ctx) error {
			form, err := c.Form()
			if err != nil {
				return err
			}
			return c.Attachment(form.Get("name")).Text("x")
		}, ashlar.InsecureNoCSRF())
	})
	for _, c := range []struct{ name, ascii, full string }{
		{"a.txt", "a.txt", "a.txt"},
		{"annual report 2026.pdf", "annual report 2026.pdf", "annual report 2026.pdf"},
		{`"; filename=evil.sh;x="`, "__ filename=evil.sh_x=_", `"; filename=evil.sh;x="`},
		{"übung €.txt", "_bung _.txt", "übung €.txt"},
		{"日本.txt", "__.txt", "日本.txt"},
		{"a\r\nSet-Cookie: x=1", "a__Set-Cookie: x=1", "a__Set-Cookie: x=1"},
		{"a\x00b\x7f\u0085c", "a_b__c", "a_b__c"},
		{"../../etc/passwd", "passwd", "passwd"},
		{`..\..\windows\win.ini`, "win.ini", "win.ini"},
		{"/", "download", "download"}, {"", "download", "download"}, {"..", "download", "download"}, {".", "download", "download"},
		{"50%.txt", "50_.txt", "50%.txt"}, {"50%41.txt", "50_41.txt", "50%41.txt"},
		{"a=b@c:d,e;f(g)'h'*~!.txt", "a=b@c:d,e_f(g)'h'*~!.txt", "a=b@c:d,e;f(g)'h'*~!.txt"},
		{"a\xffb.txt", "a_b.txt", "a_b.txt"},
		{"txt.\u202exe", "txt._xe", "txt._xe"}, // turns the reading direction round
		{strings.Repeat("x", 500) + ".txt", strings.Repeat("x", 500) + ".txt", strings.Repeat("x", 500) + ".txt"},
	} {
		w := ask(app, "POST", "/", formOf("name", c.name), urlencoded)
		want.Equal(t, w.Code, 200)
		field := w.Header().Get("Content-Disposition")
		quoted, extended, ok := strings.Cut(field, "; filename*=")
		if !ok || quoted != `attachment; filename="`+c.ascii+`"` {
			t.Errorf("%q: got %q, want filename %q", c.name, field, c.ascii)
		}
		kind, params, err := mime.ParseMediaType("attachment; filename*=" + extended)
		if err != nil || kind != "attachment" || params["filename"] != c.full {
			t.Errorf("%q: got %q from %q (%v), want %q", c.name, params["filename"], extended, err, c.full)
		}
		want.Equal(t, w.Header().Get("Set-Cookie"), "")
	}
}
