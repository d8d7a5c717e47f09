package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
)

// A tab is a page in a Chromium without a window, driven by the DevTools
// protocol (chromedevtools.github.io/devtools-protocol) over two pipes.
type tab struct {
	t       *testing.T
	in      io.Writer
	session string

	mu       sync.Mutex
	next     int
	waiting  map[int]chan message
	loaded   chan struct{} // one token for each page that was loaded
	problems []string      // of scripts, of the content security policy, of loading
}

type message struct {
	ID        int             `json:"id"`
	Method    string          `json:"method"`
	SessionID string          `json:"sessionId"`
	Params    json.RawMessage `json:"params"`
	Result    json.RawMessage `json:"result"`
	Error     *struct{ Message string }
}

// patience is how long a test waits for the browser.
const patience = 30 * time.Second

// browse starts Chromium with an empty profile and returns its tab.
func browse(t *testing.T) *tab {
	t.Helper()
	if os.Getenv("ASHLAR_BROWSER") == "" {
		t.Skip("needs Chromium: set ASHLAR_BROWSER=1 to run it, or make browser")
	}
	path := ""
	for _, name := range []string{"google-chrome", "chromium-browser", "chromium"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
		}
	}
	if path == "" {
		t.Fatal("got ASHLAR_BROWSER, but no chromium, chromium-browser or google-chrome in PATH")
	}
	in, write, err := os.Pipe()
	want.NoErr(t, err)
	read, out, err := os.Pipe()
	want.NoErr(t, err)
	profile := t.TempDir()
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{in, out} // 3 and 4 in the browser
	cmd.Env = append(os.Environ(), "HOME="+profile)
	want.NoErr(t, cmd.Start())
	in.Close()
	out.Close()
	tab := &tab{t: t, in: write, waiting: map[int]chan message{}, loaded: make(chan struct{}, 100)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tab.listen(read)
	}()
	t.Cleanup(func() {
		write.Close() // the browser ends with its pipe
		killed := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // how it ends does not matter
		killed.Stop()
		<-ended
		read.Close()
	})
	tab.attach()
	return tab
}

func (b *tab) attach() {
	b.t.Helper()
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	b.session = session.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
}

// listen reads what the browser says, messages that end with NUL.
func (b *tab) listen(r io.Reader) {
	in := bufio.NewReader(r)
	for {
		text, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m); err != nil {
			b.note("protocol: " + err.Error())
			continue
		}
		b.mu.Lock()
		waiting := b.waiting[m.ID]
		delete(b.waiting, m.ID)
		b.mu.Unlock()
		switch {
		case waiting != nil:
			waiting <- m
		case m.Method == "Page.loadEventFired":
			b.loaded <- struct{}{}
		case m.Method == "Runtime.exceptionThrown", m.Method == "Network.loadingFailed":
			b.note(m.Method + ": " + string(m.Params))
		case m.Method == "Runtime.consoleAPICalled", m.Method == "Log.entryAdded":
			var p struct {
				Type  string
				Entry struct{ Level, Source, Text, URL string }
			}
			_ = json.Unmarshal(m.Params, &p) // an event of another form is no problem of the page
			if p.Type == "error" || p.Type == "warning" || p.Entry.Level == "error" || p.Entry.Level == "warning" {
				b.note(m.Method + ": " + string(m.Params))
			}
		}
	}
}

func (b *tab) note(problem string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, problem)
}

// clean fails the test if a script, the content security policy or a file of
// the pages so far had a problem other than an answer with one of the statuses
// that are expected.
func (b *tab) clean(expected ...int) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
problems:
	for _, p := range b.problems {
		for _, status := range expected {
			if strings.Contains(p, fmt.Sprintf("the server responded with a status of %d ", status)) {
				continue problems
			}
		}
		b.t.Errorf("got a problem in the browser: %s", p)
	}
	b.problems = nil
}

// call sends a command and waits for its result.
func (b *tab) call(method string, params any, result any) {
	b.t.Helper()
	answer := make(chan message, 1)
	b.mu.Lock()
	b.next++
	id := b.next
	b.waiting[id] = answer
	command := map[string]any{"id": id, "method": method}
	if params != nil {
		command["params"] = params
	}
	if b.session != "" {
		command["sessionId"] = b.session
	}
	text, err := json.Marshal(command)
	if err == nil {
		_, err = b.in.Write(append(text, 0))
	}
	b.mu.Unlock()
	want.NoErr(b.t, err)
	select {
	case m := <-answer:
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			want.NoErr(b.t, json.Unmarshal(m.Result, result))
		}
	case <-time.After(patience):
		b.t.Fatalf("%s: got no answer within %v", method, patience)
	}
}

// open goes to an address and waits until the page is there.
func (b *tab) open(url string) {
	b.t.Helper()
	b.leave(func() {
		var nav struct{ ErrorText string }
		b.call("Page.navigate", map[string]any{"url": url}, &nav)
		want.Equal(b.t, nav.ErrorText, "")
	})
}

// leave does what leads to another page, and waits until that is there.
func (b *tab) leave(do func()) {
	b.t.Helper()
	for len(b.loaded) > 0 {
		<-b.loaded
	}
	do()
	select {
	case <-b.loaded:
	case <-time.After(patience):
		b.t.Fatalf("got no page within %v", patience)
	}
}

// eval runs a script and returns its result, a JSON value, as text.
func (b *tab) eval(script string, args ...any) string {
	b.t.Helper()
	for i := range args {
		text, err := json.Marshal(args[i])
		want.NoErr(b.t, err)
		args[i] = string(text)
	}
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	b.call("Runtime.evaluate", map[string]any{"expression": fmt.Sprintf(script, args...), "returnByValue": true, "awaitPromise": true}, &out)
	if out.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", script, out.ExceptionDetails.Exception.Description)
	}
	return fmt.Sprint(out.Result.Value)
}

// text returns what a person reads in the element that a CSS selector finds.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return b.eval(`(document.querySelector(%s) || {innerText: "nothing found"}).innerText`, selector)
}

// click presses the mouse on the middle of the element that selector finds.
func (b *tab) click(selector string) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	place := b.eval(`(() => {
		const e = document.querySelector(%s);
		if (!e) return "{}";
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
		const top = document.elementFromPoint(x, y);
		return top && (e.contains(top) || top.contains(e)) ? JSON.stringify({x, y}) : "{}";
	})()`, selector)
	want.NoErr(b.t, json.Unmarshal([]byte(place), &at))
	if at.X == 0 {
		b.t.Fatalf("got nothing to click on at %s", selector)
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// fill replaces what is in a field by typing.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.eval(`(() => { const e = document.querySelector(%s); e.focus(); e.select(); })()`, selector)
	b.call("Input.insertText", map[string]any{"text": text}, nil)
}

// screen sets the size of the tab, in pixels of CSS, and the colours that the
// person prefers, "light" or "dark".
func (b *tab) screen(width, height int, colours string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": colours}}}, nil)
}

// picture takes a picture of the screen into ASHLAR_SCREENSHOTS, or into a
// folder that ends with the test.
func (b *tab) picture(name string) {
	b.t.Helper()
	var shot struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	image, err := base64.StdEncoding.DecodeString(shot.Data)
	want.NoErr(b.t, err)
	dir := os.Getenv("ASHLAR_SCREENSHOTS")
	if dir == "" {
		dir = b.t.TempDir()
	}
	want.NoErr(b.t, os.MkdirAll(dir, 0o755))
	want.NoErr(b.t, os.WriteFile(filepath.Join(dir, name+".png"), image, 0o644))
}
