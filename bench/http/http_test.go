package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
)

// TestMain is the server process when the benchmark starts this program again.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == serveCommand {
		main()
		return
	}
	os.Exit(m.Run())
}

// Every contender gives the same answer, with and without middlewares.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range contenders {
		for _, task := range tasks {
			for name, middlewares := range map[string]bool{"bare": false, "middlewares": true} {
				t.Run(c.name+" "+task.name+" "+name, func(t *testing.T) {
					t.Parallel()
					h, err := c.handler(middlewares)
					want.NoErr(t, err)
					r := httptest.NewRequest("GET", task.path, nil)
					r.Host = host
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					want.Equal(t, w.Code, http.StatusOK)
					want.Equal(t, w.Body.String(), task.body)
					want.Contains(t, w.Header().Get("Content-Type"), task.media)
					if middlewares && w.Header().Get("X-Request-Id") == "" {
						t.Errorf("got no X-Request-Id, want one")
					}
				})
			}
		}
	}
}

// A parameter that is no number is not found, and a handler that panics is
// answered: the middlewares and the parameter are not for show.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range contenders {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, err := c.handler(true)
			want.NoErr(t, err)
			r := httptest.NewRequest("GET", "/films/one", nil)
			r.Host = host
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			want.Equal(t, w.Code, http.StatusNotFound)
		})
	}
	w := httptest.NewRecorder()
	wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("no film") })).
		ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	want.Equal(t, w.Code, http.StatusInternalServerError)
}

// One short round, with real processes, writes a page and a picture.
func TestRound(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var out strings.Builder
	err := run(t.Context(), []string{"-rounds", "1", "-slice", "20ms", "-out", folder}, strings.NewReader(""), &out)
	want.NoErr(t, err)
	page, err := os.ReadFile(filepath.Join(folder, "RESULTS.md"))
	want.NoErr(t, err)
	want.Equal(t, string(page), out.String())
	for _, c := range contenders {
		want.Equal(t, strings.Count(out.String(), "| "+c.title+" |"), len(tasks))
	}
	picture, err := os.ReadFile(filepath.Join(folder, "results.svg"))
	want.NoErr(t, err)
	want.Contains(t, string(picture), "<svg ", "Ashlar, action", "prefers-color-scheme", "</svg>")
}

// A wrong answer ends the run: it is not measured.
func TestCheck(t *testing.T) {
	t.Parallel()
	wrong := tasks[0]
	wrong.body = "Goodbye"
	_, err := measureTask(t.Context(), plan{rounds: 1, slice: time.Millisecond, connections: 1}, wrong, contenders[:1])
	if err == nil {
		t.Fatal("got no error, want one about the body")
	}
	want.Contains(t, err.Error(), `net/http at task hello`, `got body "Hello, world", want "Goodbye"`)
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for only, test := range map[string][2]string{
		"":                {"net/http chi echo ashlar-action ashlar-ctx ashlar-mount ashlar-action-own ashlar-ctx-own ashlar-mount-own", "hello json route"},
		"json":            {"net/http chi echo ashlar-action ashlar-ctx ashlar-mount ashlar-action-own ashlar-ctx-own ashlar-mount-own", "json"},
		"chi,net/http":    {"net/http chi", "hello json route"},
		"ashlar-ctx,json": {"net/http ashlar-ctx", "json"},
	} {
		cs, ts, err := choose(only)
		want.NoErr(t, err)
		var got [2][]string
		for _, c := range cs {
			got[0] = append(got[0], c.name)
		}
		for _, t := range ts {
			got[1] = append(got[1], t.name)
		}
		want.Equal(t, strings.Join(got[0], " "), test[0])
		want.Equal(t, strings.Join(got[1], " "), test[1])
	}
	if _, _, err := choose("gorilla"); err == nil {
		t.Error("got no error for an unknown name, want one")
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-rounds 0", "-rounds 101", "-slice 11s", "-slice 0s", "more", "-only gorilla", "-unknown"} {
		if err := run(context.Background(), strings.Fields(args), strings.NewReader(""), &strings.Builder{}); err == nil {
			t.Errorf("got no error for the arguments %q, want one", args)
		}
	}
}

func TestAnswerSize(t *testing.T) {
	t.Parallel()
	for in, test := range map[string]struct {
		size int
		ok   bool
	}{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n":            {0, true},
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n":        {40, true},
		"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n":        {0, false},
		"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n":        {0, false},
		"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n": {0, false},
	} {
		size, err := answerSize([]byte(in))
		if size != test.size || (err == nil) != test.ok {
			t.Errorf("got size %d and error %v of %q, want size %d and success %v", size, err, in, test.size, test.ok)
		}
	}
}
