package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
)

// A process is the shop as a program of its own: this test binary, which
// TestMain turns into it.
type process struct {
	t      testing.TB
	cmd    *exec.Cmd
	stderr *watched
	ended  chan struct{}
}

// run starts the shop with these environment variables, NAME=value, in a folder
// of its own, and nothing else of the environment but PATH. It listens on a
// port of the system's choice.
func run(t testing.TB, env ...string) *process {
	t.Helper()
	return runIn(t, t.TempDir(), nil, env...)
}

// runIn is run in a folder, with a change to the command before it starts.
func runIn(t testing.TB, dir string, change func(*exec.Cmd), env ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	want.NoErr(t, err)
	p := &process{t: t, cmd: exec.Command(exe), stderr: newWatched(), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stderr = dir, p.stderr
	p.cmd.Env = append([]string{"SHOP_PROCESS=shop", "ASHLAR_ENV=test", "ASHLAR_ADDR=127.0.0.1:0", "PATH=" + os.Getenv("PATH")}, env...)
	if change != nil {
		change(p.cmd)
	}
	want.NoErr(t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait() // the exit code says it all
		p.stderr.close()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the process with SIGKILL: it gets no chance to do anything.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // may have ended
	<-p.ended
}

// exit waits for the end of the process and returns its code and what it said.
func (p *process) exit() (int, string) {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.t.Errorf("got a shop that still runs:\n%s", p.stderr)
		p.kill()
	}
	return p.cmd.ProcessState.ExitCode(), p.stderr.String()
}

// url waits until the shop listens and returns where.
func (p *process) url() string {
	p.t.Helper()
	if !p.stderr.wait("msg=listening", `"msg":"listening"`) {
		p.t.Fatalf("got a shop that ends before it listens:\n%s", p.stderr)
	}
	m := regexp.MustCompile(`http://localhost:(\d+)`).FindStringSubmatch(p.stderr.String())
	if m == nil {
		p.t.Fatalf("got no address in:\n%s", p.stderr)
	}
	return "http://127.0.0.1:" + m[1]
}

// watched is a buffer that a test waits for text in.
type watched struct {
	mu     sync.Mutex
	more   sync.Cond
	buf    bytes.Buffer
	closed bool
}

func newWatched() *watched {
	w := &watched{}
	w.more.L = &w.mu
	return w
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.more.Broadcast()
	return w.buf.Write(p)
}

func (w *watched) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.more.Broadcast()
}

// wait returns when one of the texts is there in a whole line, false when the
// writer has ended without it.
func (w *watched) wait(texts ...string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for _, text := range texts {
			if i := strings.Index(w.buf.String(), text); i >= 0 && strings.Contains(w.buf.String()[i:], "\n") {
				return true
			}
		}
		if w.closed {
			return false
		}
		w.more.Wait()
	}
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// A shopper visits a shop that may die at any moment, so that errors are
// expected and returned.
type shopper struct {
	http *http.Client
	url  string
}

func newShopper(url string) *shopper {
	jar, _ := cookiejar.New(nil) // fails for no input
	return &shopper{url: url, http: &http.Client{Jar: jar, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

var tokenPattern = regexp.MustCompile(`name="_csrf" value="([^"]*)"`)

// buy puts a copy of a film into the cart and orders it. It returns where the
// shop leads to.
func (s *shopper) buy(slug, id string) (string, error) {
	res, err := s.http.Get(s.url + "/films/" + slug)
	if err != nil {
		return "", err
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return "", err
	}
	token := ""
	if m := tokenPattern.FindSubmatch(page); m != nil {
		token = string(m[1])
	}
	if _, err := s.post("/cart/lines", url.Values{"film": {id}, "quantity": {"1"}}, token); err != nil {
		return "", err
	}
	return s.post("/checkout", address(), token)
}

func (s *shopper) post(path string, form url.Values, token string) (string, error) {
	form.Set("_csrf", token)
	res, err := s.http.PostForm(s.url+path, form)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.Header.Get("Location"), err
}
