package httpd_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// echo answers with what it was asked, in a line.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", r.Method, r.RequestURI, r.Host)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if name != "Content-Length" && name != "Expect" && name != "Connection" {
			fmt.Fprintf(&b, " %s=%q", name, strings.Join(r.Header[name], ";"))
		}
	}
	if len(body) > 0 {
		fmt.Fprintf(&b, " %q", body)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Trailer)) {
		fmt.Fprintf(&b, " trailer %s=%q", name, strings.Join(r.Trailer[name], ";"))
	}
	if err != nil {
		b.WriteString(" broken body")
	}
	_, _ = io.WriteString(w, b.String())
}

// answers sums up what came back: the statuses, and the bodies of 200.
func answers(got string) string {
	var out []string
	in := bufio.NewReader(strings.NewReader(got))
	for {
		if _, err := in.Peek(1); errors.Is(err, io.EOF) {
			break
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			out = append(out, "no HTTP")
			break
		}
		body, err := io.ReadAll(res.Body)
		line := fmt.Sprint(res.StatusCode)
		switch {
		case err != nil:
			line += " cut off"
		case res.StatusCode == 200 && len(body) > 0:
			line += " " + string(body)
		case res.StatusCode >= 400 && !res.Close:
			line += " and the connection stays open"
		}
		out = append(out, line)
	}
	if out == nil {
		return "closed without an answer"
	}
	return strings.Join(out, " | ")
}

// TestRawRequests holds the engine to RFC 9110 and 9112, byte by byte, and
// net/http beside it. Where net/http answers otherwise, the case says why the
// engine does not; all these differences are in testdata/differences.txt.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	_, engine := serve(t, http.HandlerFunc(echo), httpd.Config{})
	std := serveStd(t, http.HandlerFunc(echo))

	cases := rawCases()
	if len(cases) < 120 {
		t.Errorf("got %d raw requests, want 120 or more", len(cases))
	}
	var differences strings.Builder
	seen := map[string]bool{}
	for _, c := range cases {
		if seen[c.name] {
			t.Errorf("two cases are named %q", c.name)
		}
		seen[c.name] = true
		got := answers(talk(t, engine, c.raw))
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		other := answers(talk(t, std, c.raw))
		if other == got {
			if c.why != "" {
				t.Errorf("%s: net/http answers the same, %s; remove the reason", c.name, other)
			}
			continue
		}
		if c.why == "" {
			t.Errorf("%s: net/http answers %s, the engine %s; say why", c.name, other, got)
		}
		fmt.Fprintf(&differences, "%s\n  engine    %s\n  net/http  %s\n  because   %s\n", c.name, got, other, c.why)
	}
	golden.Equal(t, "differences.txt", differences.String())
}

// serveStd runs net/http's server until the test ends.
func serveStd(t testing.TB, h http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	srv := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0), MaxHeaderBytes: 32 << 10}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	t.Cleanup(func() {
		want.NoErr(t, srv.Close())
		want.Err(t, <-ended, http.ErrServerClosed)
	})
	return l.Addr().String()
}

// Where the target has no limit of its own, a target that is too long is a head
// that is too long, in whatever pieces it comes.
func TestLongTargetIsALongHead(t *testing.T) {
	t.Parallel()
	srv := &httpd.Server{Handler: helloNative(), Config: httpd.Config{HeaderLimit: 4096, TargetLimit: 4096}}
	in := []byte("GET /" + strings.Repeat("a", 20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n")
	for _, step := range []int{1000, 4000, 4096, 4200, 30_000} {
		c := newMemConn(in, step)
		httpd.ServeConn(srv, c)
		if got, _, _ := strings.Cut(c.out.String(), "\r\n"); !strings.HasPrefix(got, "HTTP/1.1 431 ") {
			t.Errorf("in pieces of %d bytes: got %q, want 431", step, got)
		}
	}
}
