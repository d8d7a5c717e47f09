package httpd_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestExchangeTellsTheRequest(t *testing.T) {
	t.Parallel()
	const raw = "PUT /a%20b?x=1 HTTP/1.1\r\nHost: example.com\r\ncontent-type: text/plain\r\nX-Two: 1\r\nX-Two: 2\r\nContent-Length: 2\r\n\r\nhi"
	var kept *httpd.Exchange
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		if x.Method() != "PUT" {
			return // the second request, which must not change the first
		}
		kept = x
		body, err := io.ReadAll(x.Body())
		want.NoErr(t, err)
		want.Equal(t, string(body), "hi")
	}), httpd.Config{})
	_ = talk(t, addr, raw+"GET /zzzzzzzzzzzzzzzzz HTTP/1.1\r\nHost: zzzzzzzzzzz\r\nZzzzzzz-zzzz: zzzzzzzzzz\r\n\r\n")

	want.Equal(t, kept.Method(), "PUT")
	want.Equal(t, kept.Target(), "/a%20b?x=1")
	want.Equal(t, kept.Path(), "/a%20b")
	want.Equal(t, kept.Query(), "x=1")
	want.Equal(t, kept.Host(), "example.com")
	want.Equal(t, kept.Proto(), "HTTP/1.1")
	want.Equal(t, kept.ContentLength(), 2)
	want.Equal(t, kept.Field("Content-Type"), "text/plain")
	want.Equal(t, kept.Field("X-None"), "")
	want.Equal(t, slices.Collect(kept.FieldValues("X-Two")), []string{"1", "2"})
	var all []string
	for name, value := range kept.Fields() {
		all = append(all, name+"="+value)
	}
	want.Equal(t, all, []string{"Content-Type=text/plain", "X-Two=1", "X-Two=2", "Content-Length=2"})
	want.Equal(t, kept.Request().URL.Path, "/a b")
	host, _, err := net.SplitHostPort(kept.RemoteAddr())
	want.NoErr(t, err)
	want.Equal(t, host, "127.0.0.1")

	// Late answers are refused, a late read too, and the context has ended.
	if kept.Send(200, nil) == nil {
		t.Error("Send after the handler: got no error")
	}
	if _, err := kept.Writer().Write([]byte("x")); err == nil {
		t.Error("Write after the handler: got no error")
	}
	_, err = kept.Body().Read(make([]byte, 1))
	want.Err(t, err, http.ErrBodyReadAfterClose)
	want.Err(t, kept.Context().Err(), context.Canceled)
	<-kept.Context().Done()
}

func TestMoreFieldsThanFitInline(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		for name, value := range x.Fields() {
			x.AddField(name, value)
		}
		x.SetField("X-7", "seven")
		x.DelField("X-8")
		x.AddField("X-9", "again")
		want.Equal(t, x.GetField("X-39"), "39")
		want.NoErr(t, x.Send(204, nil))
	}), httpd.Config{})
	var lines strings.Builder
	for i := range 40 {
		fmt.Fprintf(&lines, "X-%d: %d\r\n", i, i)
	}
	got := talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n"+lines.String()+"\r\n")
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), nil)
	want.NoErr(t, err)
	want.Equal(t, res.Header.Get("X-7"), "seven")
	want.Equal(t, res.Header.Values("X-8"), nil)
	want.Equal(t, res.Header.Values("X-9"), []string{"9", "again"})
	want.Equal(t, res.Header.Get("X-39"), "39")
	want.Equal(t, len(res.Header), 40) // 39 and Date
}

func TestHeaderIsTheTruthOnceAskedFor(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		want.Equal(t, x.TLS(), nil)
		x.SetField("X-A", "1")
		x.AddField("x-a", "2")
		x.SetField("X-B", "1")
		want.Equal(t, x.GetField("X-B")+x.GetField("X-C"), "1")
		h := x.Header()
		want.Equal(t, h, http.Header{"X-A": {"1", "2"}, "X-B": {"1"}})
		x.SetField("X-C", "1")
		x.AddField("X-C", "2")
		x.DelField("X-B")
		h.Add("X-D", "1")
		want.Equal(t, x.GetField("X-C")+x.GetField("X-B")+x.GetField("X-D"), "11")
		h["Connection"] = []string{"x", "y"}
		want.NoErr(t, x.Send(200, nil))
	}), httpd.Config{})
	got := talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	want.Contains(t, got, "\r\nX-A: 1\r\nX-A: 2\r\nX-C: 1\r\nX-C: 2\r\nX-D: 1\r\n", "\r\nConnection: x, y\r\n")
}

// The Writer has no error to give for a field that was refused, so the log has.
func TestRefusedFieldBeforeTheWriter(t *testing.T) {
	t.Parallel()
	var lines logLines
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		x.SetField("X-A", "a\r\nb")
		_, _ = x.Writer().Write([]byte("secret"))
		x.Writer().WriteHeader(201)
	}), httpd.Config{Log: slog.New(slog.NewTextHandler(&lines, nil))})
	want.Equal(t, answers(talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")), "500 and the connection stays open")
	want.Contains(t, lines.String(), "answer refused", "X-A", "superfluous WriteHeader")
}

func TestAnswersAreNotSplit(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"X": "a\r\nSet-Cookie: b", "X\r\nY": "z", "": "x", "X Y": "z", "Z": "a\x00", "W": "a\nb"} {
		var failed error
		_, addr := serve(t, native(func(x *httpd.Exchange) {
			x.SetField("Kept", "no")
			x.AddField(name, value)
			failed = x.Send(200, []byte("secret"))
		}), httpd.Config{})
		got := talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		want.Contains(t, got, "HTTP/1.1 500 ", "Content-Length: 0\r\n")
		if failed == nil || strings.Contains(got, "Cookie") || strings.Contains(got, "secret") || strings.Contains(got, "Kept") {
			t.Errorf("field %q %q: got error %v and answer %q", name, value, failed, got)
		}
	}
}

func TestSendOnce(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		want.NoErr(t, x.Send(200, []byte("first")))
		if x.Send(200, []byte("second")) == nil {
			t.Error("a second Send: got no error")
		}
		if _, err := x.Writer().Write([]byte("third")); err == nil {
			t.Error("Write behind Send: got no error")
		}
	}), httpd.Config{})
	want.Equal(t, answers(talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")), "200 first")
}

func TestSendStatusOutOfRange(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		if x.Send(101, nil) == nil {
			t.Error("Send(101): got no error")
		}
	}), httpd.Config{})
	want.Equal(t, answers(talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")), "500 and the connection stays open")
}

func TestPipeliningKeepsOrder(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) { _ = x.Send(200, []byte(x.Path())) }), httpd.Config{})
	var in strings.Builder
	var expected []string
	for i := range 16 * 20 {
		fmt.Fprintf(&in, "POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody", i)
		expected = append(expected, fmt.Sprintf("200 /%d", i))
	}
	want.Equal(t, answers(talk(t, addr, in.String())), strings.Join(expected, " | "))
}

// A buffer that grows while many are served must not show through.
func TestLargeAnswersInAPipeline(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		_ = x.Send(200, bytes.Repeat([]byte(x.Path()[1:]), 30<<10))
	}), httpd.Config{})
	got := talk(t, addr, strings.Repeat("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", 8))
	want.Equal(t, answers(got), strings.TrimSuffix(strings.Repeat(
		"200 "+strings.Repeat("a", 30<<10)+" | 200 "+strings.Repeat("b", 30<<10)+" | ", 8), " | "))
}

// logLines collects a server's log.
type logLines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestPanics(t *testing.T) {
	t.Parallel()
	const next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"
	for _, c := range []struct {
		name, answer string
		logged       int
		do           func(x *httpd.Exchange)
	}{
		{"before the answer", "500", 1, func(*httpd.Exchange) { panic("oops") }},
		{"after a little of it", "500", 1, func(x *httpd.Exchange) { _, _ = x.Writer().Write([]byte("hello")); panic("oops") }},
		{"after Send", "200 hello", 1, func(x *httpd.Exchange) { _ = x.Send(200, []byte("hello")); panic("oops") }},
		{"in the middle", "200 cut off", 1, func(x *httpd.Exchange) {
			_, _ = x.Writer().Write([]byte("hello"))
			x.Writer().(http.Flusher).Flush()
			panic("oops")
		}},
		{"on purpose", "closed without an answer", 0, func(*httpd.Exchange) { panic(http.ErrAbortHandler) }},
	} {
		var lines logLines
		_, addr := serve(t, native(c.do), httpd.Config{Log: slog.New(slog.NewTextHandler(&lines, nil))})
		got := answers(talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"+next))
		if before, _, _ := strings.Cut(got, " hello"); c.answer == "200 cut off" {
			got = before
		}
		if got != c.answer {
			t.Errorf("%s: got %s, want %s", c.name, got, c.answer)
		}
		if n := strings.Count(lines.String(), "handler panicked"); n != c.logged {
			t.Errorf("%s: got %d log lines, want %d: %s", c.name, n, c.logged, lines.String())
		}
	}
}

func TestContextEndsWhenTheClientLeaves(t *testing.T) {
	t.Parallel()
	for _, request := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
	} {
		ended := make(chan error, 1)
		begun := make(chan struct{})
		_, addr := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), time.Minute) // a child, as real code has
			defer cancel()
			done := ctx.Done() // before the body has been read
			_, _ = io.ReadAll(r.Body)
			close(begun)
			<-done
			ended <- ctx.Err()
		}), httpd.Config{})
		c := dial(t, addr)
		_, _ = io.WriteString(c, request)
		<-begun
		want.NoErr(t, c.Close())
		want.Err(t, <-ended, context.Canceled)
	}
}

// Code that polls Err does not see the channel; the watch begins when the
// request has lasted for a while.
func TestContextErrAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		begun, ended := make(chan struct{}), make(chan struct{})
		_, l := start(native(func(x *httpd.Exchange) {
			close(begun)
			for x.Context().Err() == nil {
				time.Sleep(100 * time.Millisecond)
			}
			close(ended)
		}), httpd.Config{})
		c := l.dial()
		send(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		<-begun
		want.NoErr(t, c.Close())
		<-ended
	})
}

// What the watch reads is the beginning of the next request.
func TestWatchLosesNoByte(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		_ = x.Context().Done()
		if x.Path() == "/0" {
			<-arrived
		}
		_ = x.Send(200, []byte(x.Path()))
	}), httpd.Config{})
	c := dial(t, addr)
	in := bufio.NewReader(c)
	for i := range 20 {
		_, _ = fmt.Fprintf(c, "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n", 2*i)
		_, _ = fmt.Fprintf(c, "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n", 2*i+1)
		if i == 0 {
			close(arrived)
		}
		for j := range 2 {
			res, err := http.ReadResponse(in, nil)
			want.NoErr(t, err)
			body, err := io.ReadAll(res.Body)
			want.NoErr(t, err)
			want.Equal(t, string(body), fmt.Sprintf("/%d", 2*i+j))
		}
	}
}

func TestAfterFunc(t *testing.T) {
	t.Parallel()
	after := make(chan struct{})
	var stopped bool
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		context.AfterFunc(x.Context(), func() { close(after) })
		stopped = context.AfterFunc(x.Context(), func() { t.Error("a stopped function ran") })()
		want.Equal(t, x.Context().Value(http.LocalAddrContextKey).(net.Addr).Network(), "tcp")
	}), httpd.Config{})
	_ = talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	<-after
	want.Equal(t, stopped, true)
}

func TestContinue(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		_, l := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/no" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			_, _ = io.Copy(w, r.Body)
		}), httpd.Config{})
		const head = " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"

		c := l.dial()
		send(c, "POST /yes"+head)
		in := bufio.NewReader(c)
		line, err := in.ReadString('\n')
		want.NoErr(t, err)
		want.Equal(t, line, "HTTP/1.1 100 Continue\r\n")
		_, _ = in.ReadString('\n')
		send(c, "body")
		res, err := http.ReadResponse(in, nil)
		want.NoErr(t, err)
		body, err := io.ReadAll(res.Body)
		want.NoErr(t, err)
		want.Equal(t, string(body), "body")

		// A client that gets its answer at once may never send the body, so the
		// connection is of no further use.
		c = l.dial()
		send(c, "POST /no"+head)
		res, err = http.ReadResponse(bufio.NewReader(c), nil)
		want.NoErr(t, err)
		want.Equal(t, res.StatusCode, 403)
		want.Equal(t, res.Close, true)
	})
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		x.SetBodyLimit(4)
		b, err := io.ReadAll(x.Body())
		var tooLarge *http.MaxBytesError
		_ = x.Send(200, fmt.Appendf(nil, "%s %v", b, errors.As(err, &tooLarge)))
	}), httpd.Config{})
	for _, c := range []struct{ name, head, body, answer string }{
		{"within", "Content-Length: 4", "body", "200 body false"},
		{"beyond", "Content-Length: 5", "body!", "200  true"},
		{"chunks within", "Transfer-Encoding: chunked", "4\r\nbody\r\n0\r\n\r\n", "200 body false"},
		{"chunks beyond", "Transfer-Encoding: chunked", "5\r\nbody!\r\n0\r\n\r\n", "200 body true"},
	} {
		raw := "POST / HTTP/1.1\r\nHost: a\r\n" + c.head + "\r\n\r\n" + c.body
		if got := answers(talk(t, addr, raw+raw)); got != c.answer+" | "+c.answer {
			t.Errorf("%s: got %s, want %s twice", c.name, got, c.answer)
		}
	}
}

func TestUnreadBodies(t *testing.T) {
	t.Parallel()
	_, addr := serve(t, native(func(x *httpd.Exchange) { _ = x.Send(200, []byte("ok")) }), httpd.Config{})
	const next = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	small, large := strings.Repeat("x", 100<<10), strings.Repeat("x", 1<<20)
	with := func(body string) string {
		return fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	want.Equal(t, answers(talk(t, addr, with(small)+next)), "200 ok | 200 ok")
	want.Equal(t, answers(talk(t, addr, with(large)+next)), "200 ok")
	const chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	want.Equal(t, answers(talk(t, addr, chunked+fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(small), small)+next)), "200 ok | 200 ok")
	want.Equal(t, answers(talk(t, addr, chunked+"x\r\n\r\n"+next)), "200 ok")
}

// A goroutine of the handler's that goes on reading is stopped, and the
// connection with it.
func TestReadingBeyondTheHandler(t *testing.T) {
	inBubble(t, func(t *testing.T, start starter) {
		ended := make(chan error, 1)
		_, l := start(native(func(x *httpd.Exchange) {
			go func() {
				_, err := io.ReadAll(x.Body())
				ended <- err
			}()
			synctest.Wait()
			_ = x.Send(200, nil)
		}), httpd.Config{})
		c := l.dial()
		defer c.Close()
		send(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody")
		status, _, took := statusOf(t, c)
		want.Equal(t, status, 200)
		about(t, "the answer", took, 0)
		if err := <-ended; err == nil {
			t.Error("got no error from the late reader")
		}
		_, err := c.Read(make([]byte, 1))
		want.Err(t, err, io.EOF)
	})
}

func TestUploadIsStreamed(t *testing.T) {
	t.Parallel()
	const size = 64 << 20
	var got int64
	_, addr := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, _ = io.Copy(io.Discard, r.Body)
	}), httpd.Config{})
	before := heap()
	for _, length := range []int64{size, -1} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+addr, io.LimitReader(zeros{}, size))
		want.NoErr(t, err)
		req.ContentLength = length
		res, err := http.DefaultClient.Do(req)
		want.NoErr(t, err)
		want.NoErr(t, res.Body.Close())
		want.Equal(t, got, size)
	}
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("the heap grew by %d bytes for uploads of %d", grown, size)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
