package ashlar_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// part is one part of a multipart form; a file when it has a filename.
type part struct{ name, filename, text string }

func multipartBody(t *testing.T, parts ...part) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var pw io.Writer
		var err error
		if p.filename == "" {
			pw, err = w.CreateFormField(p.name)
		} else {
			pw, err = w.CreateFormFile(p.name, p.filename)
		}
		want.NoErr(t, err)
		_, err = io.WriteString(pw, p.text)
		want.NoErr(t, err)
	}
	want.NoErr(t, w.Close())
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

type upload struct {
	Title  string                  `form:"title" validate:"max=10"`
	Photo  *multipart.FileHeader   `file:"photo"`
	Extras []*multipart.FileHeader `file:"extras"`
}

func uploadApp(t *testing.T) *ashlar.App {
	app, _ := started(t, ashlar.Config{BodyLimit: 8 << 20}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/up", func(_ context.Context, in upload) (string, error) {
			text := "none"
			if in.Photo != nil {
				f, err := in.Photo.Open()
				if err != nil {
					return "", err
				}
				defer f.Close()
				b, err := io.ReadAll(f)
				if err != nil {
					return "", err
				}
				text = fmt.Sprint(in.Photo.Filename, " ", len(b), " ", string(b[:min(len(b), 5)]))
			}
			return spaced(in.Title, text, len(in.Extras)), nil
		}, ashlar.InsecureNoCSRF())
		a.Handle("POST /std", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseMultipartForm(1000); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			fmt.Fprint(w, r.MultipartForm.File["photo"][0].Size)
		}), ashlar.InsecureNoCSRF())
	})
	return app
}

func TestBindFiles(t *testing.T) {
	t.Parallel()
	app := uploadApp(t)
	for _, c := range []struct {
		parts []part
		want  string
	}{
		{[]part{{"title", "", "x"}, {"photo", "a.png", "hello world"}}, "x a.png 11 hello"},
		{[]part{{"photo", "../../etc/passwd", "x"}}, "passwd 1 x 0"},
		{[]part{{"extras", "a", "1"}, {"extras", "b", "2"}}, "none 2"},
		{nil, "none 0"},
		{[]part{{"photo", "a", "1"}, {"photo", "b", "2"}}, "422 photo:repeated"},
		{[]part{{"photo", "", "text instead of a file"}}, "none 0"},
		{[]part{{"title", "a.txt", "a file instead of text"}}, "0"},
		{[]part{{"z", "a", "1"}, {"b", "a", "1"}, {"c", "", "1"}}, "422 c:unknown b:unknown z:unknown"},
		{[]part{{"title", "", "much too long"}}, "422 title:max"},
		{[]part{{"title", "", "\xff"}}, "422 title:type"},
		{[]part{{"\xff", "", "x"}}, "400"},
	} {
		body, contentType := multipartBody(t, c.parts...)
		got := outcome(t, ask(app, "POST", "/up", body, contentType))
		if !strings.HasPrefix(got, c.want) && !(c.want == "0" && strings.HasPrefix(got, "none 0")) {
			t.Errorf("%v: got %q, want %q", c.parts, got, c.want)
		}
	}
}

func TestBrokenMultipart(t *testing.T) {
	t.Parallel()
	app := uploadApp(t)
	body, contentType := multipartBody(t, part{"photo", "a.png", "hello"})
	many := make([]part, 3000)
	for i := range many {
		many[i] = part{fmt.Sprint("f", i), "", "x"}
	}
	manyBody, manyType := multipartBody(t, many...)
	for _, c := range []struct{ name, body, contentType, want string }{
		{"no final boundary", body[:len(body)-10], contentType, "400"},
		{"no boundary named", body, "Content-Type: multipart/form-data", "400"},
		{"other boundary", body, "Content-Type: multipart/form-data; boundary=x", "400"},
		{"long boundary", body, "Content-Type: multipart/form-data; boundary=" + strings.Repeat("x", 71), "400"},
		{"empty", "", contentType, "400"},
		{"mixed", body, strings.Replace(contentType, "form-data", "mixed", 1), "415"},
		{"many parts", manyBody, manyType, "4"},
	} {
		if got := outcome(t, ask(app, "POST", "/up", c.body, c.contentType)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// Big files go to temporary ones, which must be gone with the request however
// it ended and whoever parsed the form. Not parallel: it sets TMPDIR.
func TestTemporaryFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	app := uploadApp(t)
	body, contentType := multipartBody(t, part{"photo", "big", strings.Repeat("x", 4<<20)})
	for target, status := range map[string]int{
		"/up":     200,
		"/up?a=;": 400, // net/http has read the body before it reports the query
		"/std":    200,
	} {
		want.Equal(t, ask(app, "POST", target, body, contentType).Code, status)
		left, err := os.ReadDir(dir)
		want.NoErr(t, err)
		if len(left) > 0 {
			t.Errorf("%s: got %d temporary files left", target, len(left))
		}
	}
	// A client that goes away in the middle of its upload.
	srv := httptest.NewServer(app)
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), "POST", srv.URL+"/up", io.MultiReader(strings.NewReader(body[:3<<20]), brokenReader{}))
	want.NoErr(t, err)
	r.Header.Set("Content-Type", strings.TrimPrefix(contentType, "Content-Type: "))
	if _, err := srv.Client().Do(r); err == nil {
		t.Error("got an answer to half a request")
	}
	srv.Close() // waits for the handler
	left, err := os.ReadDir(dir)
	want.NoErr(t, err)
	want.Equal(t, len(left), 0)
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
