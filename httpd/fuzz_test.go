package httpd_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
)

// A seen is a request as a handler saw it.
type seen struct {
	r    *http.Request
	body []byte
	err  error
}

// requestsOf runs the engine on in, which arrives in pieces of step bytes.
func requestsOf(in []byte, step int) []seen {
	var got []seen
	srv := &httpd.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		got = append(got, seen{r, body, err})
	})}
	httpd.ServeConn(srv, newMemConn(in, step))
	return got
}

// sameAsStd fails t unless net/http reads in as the same requests, as far as
// the engine accepts them.
func sameAsStd(t *testing.T, in []byte, step int) {
	std := bufio.NewReader(bytes.NewReader(in))
	for _, got := range requestsOf(in, step) {
		if b, err := std.Peek(2); err == nil && string(b) == "\r\n" {
			_, _ = std.Discard(2) // the engine lets one empty line stand before a request
		}
		r, err := http.ReadRequest(std)
		if err != nil {
			t.Fatalf("the engine accepts %s %s, net/http does not: %v", got.r.Method, got.r.RequestURI, err)
		}
		body, err := io.ReadAll(r.Body)
		if got.err != nil {
			return // refused; nothing behind is read
		}
		if err != nil {
			t.Fatalf("the engine accepts the body of %s %s, net/http does not: %v", r.Method, r.RequestURI, err)
		}
		if !bytes.Equal(got.body, body) {
			t.Fatalf("got body %q, want %q", got.body, body)
		}
		sameRequest(t, got.r, r)
	}
}

func sameRequest(t *testing.T, got, want *http.Request) {
	t.Helper()
	same := func(what string, got, want any) {
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: got %#v, want %#v", what, got, want)
		}
	}
	same("method", got.Method, want.Method)
	same("target", got.RequestURI, want.RequestURI)
	same("URL", *got.URL, *want.URL)
	same("host", got.Host, want.Host)
	same("version", got.Proto, want.Proto)
	same("minor", got.ProtoMinor, want.ProtoMinor)
	same("length", got.ContentLength, want.ContentLength)
	same("codings", got.TransferEncoding, want.TransferEncoding)
	same("close", got.Close, want.Close)
	same("header", got.Header, want.Header)
	for name, values := range got.Trailer {
		same("trailer "+name, values, want.Trailer[name])
	}
}

// FuzzHead: the engine never panics, and whatever it accepts, net/http accepts
// and reads in the same way, request after request. So nothing can be smuggled
// past the one to the other.
func FuzzHead(f *testing.F) {
	for _, c := range rawCases() {
		if len(c.raw) < 2<<10 {
			f.Add([]byte(c.raw), uint16(len(c.raw)))
			f.Add([]byte(c.raw), uint16(3))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte, step uint16) { sameAsStd(t, in, int(step)) })
}

// FuzzChunked is FuzzHead for what stands behind a good head.
func FuzzChunked(f *testing.F) {
	for _, c := range rawCases() {
		if _, body, ok := bytes.Cut([]byte(c.raw), []byte("Transfer-Encoding: chunked\r\n\r\n")); ok && len(body) < 2<<10 {
			f.Add(body, uint16(len(body)))
			f.Add(body, uint16(1))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, step uint16) {
		const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		sameAsStd(t, slices.Concat([]byte(head), body), int(step))
	})
}

// FuzzFieldsAgain checks that field lines which are kept from the request
// before say what they say by themselves.
func FuzzFieldsAgain(f *testing.F) {
	const block = "Host: a.example\r\nAccept: */*\r\n\r\n"
	f.Add("GET / HTTP/1.1\r\n", "GET /b?c HTTP/1.1\r\n", block, "")
	f.Add("GET / HTTP/1.1\r\n", "HEAD / HTTP/1.0\r\n", block, "")
	f.Add("GET / HTTP/1.1\r\n", "GET http://b.example/ HTTP/1.1\r\n", block, "")
	f.Add("GET http://b.example/ HTTP/1.1\r\n", "GET / HTTP/1.1\r\n", block, "GET / HTTP/1.1\r\n")
	f.Add("GET / HTTP/1.0\r\n", "GET / HTTP/1.1\r\n", "Accept: */*\r\n\r\n", "")
	f.Add("POST / HTTP/1.1\r\n", "POST / HTTP/1.0\r\n", "Host: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", "abc")
	f.Add("POST / HTTP/1.1\r\n", "TRACE / HTTP/1.1\r\n", "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n")
	f.Add("GET / HTTP/1.1\r\n", "GET /"+strings.Repeat("a", 200)+" HTTP/1.1\r\n", "Host: a\r\nA: "+strings.Repeat("b", 850)+"\r\n\r\n", "")
	f.Fuzz(func(t *testing.T, one, other, block, behind string) {
		got, want := httpd.ParseBehind([]byte(one+block), []byte(other+block+behind))
		if got != want {
			t.Errorf("behind a request with the same fields got %s, want %s", got, want)
		}
	})
}
