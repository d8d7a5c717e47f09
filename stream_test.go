package ashlar_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

type reading struct {
	ID   int    `json:"id"`
	Note string `json:"note"`
}

// readings gives n rows, and then err unless it is nil.
func readings(n int, err error) iter.Seq2[*reading, error] {
	return func(yield func(*reading, error) bool) {
		for i := range n {
			if !yield(&reading{i + 1, "=x"}, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func streaming(n int, err error) func(context.Context, none) (iter.Seq2[*reading, error], error) {
	return func(context.Context, none) (iter.Seq2[*reading, error], error) { return readings(n, err), nil }
}

// TestStreams: rows that come one after the other are had in all forms.
func TestStreams(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/two", streaming(2, nil))
		ashlar.Get(a.Router, "/none", streaming(0, nil))
		ashlar.Get(a.Router, "/nil", give[iter.Seq2[*reading, error]](nil))
		ashlar.Get(a.Router, "/early", streaming(3, errors.New("lost")))
		ashlar.Get(a.Router, "/csv", give(ashlar.Download("ärger.csv", readings(1, nil))))
		ashlar.Get(a.Router, "/json", give(ashlar.Download("r.json", []reading{{7, "y"}})))
		ashlar.Get(a.Router, "/other", give(ashlar.Download("r.xls", []reading{})))
		ashlar.Get(a.Router, "/value", give(ashlar.Download("r.csv", 7)))
	})
	for _, c := range []struct{ path, accept, want string }{
		{"/two", "", "200 application/json [{\"id\":1,\"note\":\"=x\"},{\"id\":2,\"note\":\"=x\"}]\n"},
		{"/two", "application/x-ndjson", "200 application/x-ndjson {\"id\":1,\"note\":\"=x\"}\n{\"id\":2,\"note\":\"=x\"}\n"},
		{"/two", "text/csv", "200 text/csv; charset=utf-8 id,note\r\n1,\"'=x\"\r\n2,\"'=x\"\r\n"},
		{"/none", "", "200 application/json []\n"},
		{"/none", "text/csv", "200 text/csv; charset=utf-8 id,note\r\n"},
		{"/nil", "", "200 application/json []\n"},
		{"/csv", "image/png", "200 text/csv; charset=utf-8 id,note\r\n1,\"'=x\"\r\n"},
		{"/json", "", "200 application/json [{\"id\":7,\"note\":\"y\"}]\n"},
	} {
		var headers []string
		if c.accept != "" {
			headers = []string{"Accept: " + c.accept}
		}
		w := ask(app, "GET", c.path, "", headers...)
		want.Equal(t, fmt.Sprint(w.Code, " ", w.Header().Get("Content-Type"), " ", w.Body.String()), c.want)
	}
	want.Equal(t, ask(app, "GET", "/two", "", "Accept: image/png").Code, 406)
	want.Equal(t, ask(app, "GET", "/csv", "").Header().Get("Content-Disposition"), `attachment; filename="_rger.csv"; filename*=UTF-8''%C3%A4rger.csv`)
	for _, path := range []string{"/early", "/other", "/value"} { // nothing had been sent
		w := ask(app, "GET", path, "")
		want.Equal(t, w.Code, 500)
		want.Contains(t, w.Header().Get("Content-Type"), "problem+json")
	}
}

// TestStreamCut: an error behind much that was sent cuts the answer, so that no
// client takes a part for the whole.
func TestStreamCut(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Get(a.Router, "/late", streaming(20_000, errors.New("lost")))
	})
	server := httptest.NewServer(app)
	defer server.Close()
	answer, err := http.Get(server.URL + "/late")
	want.NoErr(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	want.Err(t, err, io.ErrUnexpectedEOF)
	want.Equal(t, strings.HasPrefix(string(body), `[{"id":1,`), true)
}
