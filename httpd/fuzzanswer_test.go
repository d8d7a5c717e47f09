package httpd_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
)

// FuzzAnswer: whatever fields and bodies a handler sets, in whatever way,
// http.ReadResponse reads back that status and body, and one answer alone.
func FuzzAnswer(f *testing.F) {
	f.Add(byte(0), uint16(200), "Content-Type", "text/plain", "hello", uint16(3), false)
	f.Add(byte(1), uint16(204), "X", "a\r\nY: b", "hello", uint16(0), false)
	f.Add(byte(2), uint16(304), "Content-Length", "7", "hello", uint16(1), true)
	f.Add(byte(3), uint16(404), "Transfer-Encoding", "identity", strings.Repeat("x", 5000), uint16(900), false)
	f.Add(byte(3), uint16(200), "Trailer", "X-Sum", "hello", uint16(2), false)
	f.Add(byte(2), uint16(200), "Trailer:X-Sum", "a\nb", "hello", uint16(2), true)
	f.Add(byte(4), uint16(500), "Connection", "close, x", "\r\n\r\nHTTP/1.1 200 OK", uint16(1), false)
	f.Add(byte(5), uint16(200), "Set-Cookie", "a\x00b", "\xff", uint16(1), false)
	f.Add(byte(6), uint16(304), "Content-Type", "text/plain", "hello", uint16(1), false)
	f.Add(byte(7), uint16(200), "Connection", "a\nb", "hello", uint16(1), false)
	f.Fuzz(func(t *testing.T, way byte, status uint16, name, value, body string, cut uint16, head bool) {
		code := 200 + int(status)%400
		method := "GET"
		if head {
			method = "HEAD"
		}
		expected, code := body, code
		srv := &httpd.Server{Handler: native(func(x *httpd.Exchange) {
			if err := answerBy(x, way%8, code, name, value, body, int(cut)); err != nil {
				code, expected = 500, ""
			}
		})}
		conn := newMemConn([]byte(method+" / HTTP/1.1\r\nHost: a\r\n\r\n"), 1<<16)
		httpd.ServeConn(srv, conn)

		in := bufio.NewReaderSize(&conn.out, 1<<20) // net/http wants a trailer to fit
		res, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("read answer: %v", err)
		}
		if res.StatusCode != code {
			t.Fatalf("got status %d, want %d", res.StatusCode, code)
		}
		got, err := io.ReadAll(res.Body)
		if head || code == 204 || code == 304 {
			expected = ""
		}
		if string(got) != expected && !shorter(res, err) {
			t.Fatalf("got body %q (%v), want %q", got, err, expected)
		}
		if rest, _ := io.ReadAll(in); len(rest) > 0 {
			t.Fatalf("got %q behind the answer", rest)
		}
		for key, values := range res.Header {
			for _, v := range values {
				if strings.ContainsAny(key+v, "\r\n\x00") {
					t.Fatalf("got field %q: %q", key, v)
				}
			}
		}
	})
}

// shorter reports whether the handler itself had said another length, or asked
// for an answer that ends with the connection.
func shorter(res *http.Response, err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || res.ContentLength >= 0 || res.Close
}

// answerBy answers in one of eight ways. An error means that it is 500.
func answerBy(x *httpd.Exchange, way byte, status int, name, value, body string, cut int) error {
	cut = min(cut, len(body))
	switch way {
	case 0, 1:
		x.SetField(name, value)
		if way == 1 {
			x.AddField(name, value)
		}
		return x.Send(status, []byte(body))
	case 2:
		x.Header()[name] = []string{value, ""}
		return x.Send(status, []byte(body))
	case 6, 7:
		p, err := httpd.NewPreset(httpd.Field{Name: name, Value: value})
		if err != nil || way == 7 {
			p = nil
		}
		x.SetFields(p, []httpd.Field{{"X-One", "1"}, {name, value}})
		return x.Send(status, []byte(body))
	}
	w := x.Writer()
	w.Header()[name] = []string{value}
	if way > 3 {
		w.WriteHeader(status)
	} else {
		defer func() { w.Header()[http.TrailerPrefix+name] = []string{value} }()
		w.WriteHeader(status)
	}
	_, _ = io.Copy(struct{ io.Writer }{w}, bytes.NewReader([]byte(body[:cut])))
	if way == 5 {
		w.(http.Flusher).Flush()
	}
	_, _ = io.WriteString(w, body[cut:])
	return nil
}
