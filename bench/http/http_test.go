package main

import (
	"context"
	"io"
	"net"
	"net/http"
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

// serving starts c's server for the task and returns its address.
func serving(t *testing.T, c contender, task task) string {
	t.Helper()
	srv, err := c.server(task)
	want.NoErr(t, err)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	want.NoErr(t, err)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			t.Errorf("got error %v from Shutdown, want none", err)
		}
		<-ended
	})
	return "http://" + l.Addr().String()
}

// ask sends what the task asks for, but for what change makes of it, on a
// connection of its own.
func ask(t *testing.T, addr string, task task, change func(*http.Request)) *http.Response {
	t.Helper()
	var body io.Reader
	if task.body != "" {
		body = strings.NewReader(task.body)
	}
	r, err := http.NewRequestWithContext(t.Context(), task.method, addr+task.path, body)
	want.NoErr(t, err)
	r.Host, r.Close = host, true
	for field := range strings.SplitSeq(task.fields, "\r\n") {
		if name, value, ok := strings.Cut(field, ": "); ok && name != "Connection" {
			r.Header.Set(name, value)
		}
	}
	if change != nil {
		change(r)
	}
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	want.NoErr(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// Every contender gives the same answer to each task.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, task := range tasks {
		for _, c := range task.among(contenders[:]) {
			t.Run(task.name+" "+c.name, func(t *testing.T) {
				t.Parallel()
				want.NoErr(t, task.verify(ask(t, serving(t, c, task), task, nil)))
			})
		}
	}
}

// A parameter that is no number is not found, a film that breaks a rule is
// refused, and so is a host that is not ours: none of it is for show.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for task, change := range map[string]func(*http.Request){
		"route":  func(r *http.Request) { r.URL.Path = "/films/42/reviews/seven" },
		"stages": func(r *http.Request) { r.Host = "other.example" },
		"post": func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(order(1200)))
		},
	} {
		for _, c := range contenders {
			t.Run(task+" "+c.name, func(t *testing.T) {
				t.Parallel()
				task, _ := findTask(task)
				res := ask(t, serving(t, c, task), task, change)
				if res.StatusCode < 400 || res.StatusCode > 499 {
					t.Errorf("got status %d, want one of 400 to 499", res.StatusCode)
				}
			})
		}
	}
}

// One short round, with real processes, writes a page and a picture.
func TestRound(t *testing.T) {
	t.Parallel()
	needLinux(t)
	folder := t.TempDir()
	var out strings.Builder
	err := run(t.Context(), []string{"-rounds", "1", "-slice", "10ms", "-idle", "20", "-settle", "10ms", "-out", folder}, strings.NewReader(""), &out)
	want.NoErr(t, err)
	page, err := os.ReadFile(filepath.Join(folder, "RESULTS.md"))
	want.NoErr(t, err)
	want.Equal(t, string(page), out.String())
	for _, c := range contenders {
		tables := 1 // of memory
		for _, task := range tasks {
			tables += len(task.among([]contender{c}))
		}
		want.Equal(t, strings.Count(out.String(), "\n| "+c.title+" |"), tables)
	}
	want.Contains(t, out.String(), "## Targets", "| Plaintext | ctx | ≥ 2.20 |", " targets are ")
	picture, err := os.ReadFile(filepath.Join(folder, "results.svg"))
	want.NoErr(t, err)
	want.Contains(t, string(picture), "<svg ", "Ashlar, action", "prefers-color-scheme", "</svg>")
}

func needLinux(t *testing.T) {
	t.Helper()
	p, err := newPoll()
	if err != nil {
		t.Skip(err)
	}
	want.NoErr(t, p.close())
}

// A wrong answer ends the run: it is not measured.
func TestCheck(t *testing.T) {
	t.Parallel()
	needLinux(t)
	wrong := tasks[0]
	wrong.answer = "Goodbye"
	_, err := measureTask(t.Context(), plan{rounds: 1, slice: time.Millisecond, connections: 1}, wrong, contenders[:1])
	if err == nil {
		t.Fatal("got no error, want one about the body")
	}
	want.Contains(t, err.Error(), `net/http at task hello`, `got body "Hello, world", want "Goodbye"`)
}

// The sizes that the tasks promise.
func TestSizes(t *testing.T) {
	t.Parallel()
	want.Equal(t, len(encode(reviewOf(42, 7))), 160)
	want.Equal(t, len(order(1953)), 1024)
	want.Equal(t, len(encode(films))/1024, 16)
	browser, _ := findTask("browser")
	want.Equal(t, strings.Count(string(browser.request()), "\r\n")-2, 16)
	pipelined, _ := findTask("pipelined")
	want.Equal(t, strings.Count(string(pipelined.request()), "GET "), 16)
}
