package httpd_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

func preset(t testing.TB, fields ...httpd.Field) *httpd.Preset {
	t.Helper()
	p, err := httpd.NewPreset(fields...)
	want.NoErr(t, err)
	return p
}

func TestPresetRefuses(t *testing.T) {
	t.Parallel()
	fine := httpd.Field{Name: "X-Fine", Value: "a"}
	for _, c := range []struct {
		fields []httpd.Field
		says   string
	}{
		{[]httpd.Field{{"X-A", "a\r\nb"}}, `field "X-A": "a\r\nb" is no valid`},
		{[]httpd.Field{{"X B", "a"}}, `field "X B": "a" is no valid`},
		{[]httpd.Field{{"", "a"}}, `field "": "a" is no valid`},
		{[]httpd.Field{{"X-A", "a"}, fine, {"x-a", "b"}}, `field "x-a" is there twice`},
		{[]httpd.Field{{"content-length", "1"}}, `"content-length" is decided on answer by answer`},
		{[]httpd.Field{{"Transfer-Encoding", "x"}}, `"Transfer-Encoding" is decided`},
		{[]httpd.Field{{"Connection", "close"}}, `"Connection" is decided`},
		{[]httpd.Field{{"Trailer", "X"}}, `"Trailer" is decided`},
		{[]httpd.Field{{"Date", "x"}}, `"Date" is decided`},
	} {
		p, err := httpd.NewPreset(append(c.fields, fine)...)
		if p != nil || err == nil {
			t.Errorf("%v: got preset %v and error %v, want an error", c.fields, p, err)
			continue
		}
		want.Contains(t, err.Error(), c.says)
	}
	_, err := httpd.NewPreset(httpd.Field{Name: "X A"}, httpd.Field{Name: "Date"})
	want.Contains(t, err.Error(), `"X A"`, `"Date"`)
}

func TestPresetFields(t *testing.T) {
	t.Parallel()
	given := []httpd.Field{{"X-A", "1"}, {"X-B", "2"}}
	p := preset(t, given...)
	given[0].Value = "changed"
	got := ""
	for name, value := range p.Fields() {
		got += name + "=" + value + " "
	}
	want.Equal(t, got, "X-A=1 X-B=2 ")
	for range (*httpd.Preset)(nil).Fields() {
		t.Error("a nil Preset has a field")
	}
}

// fieldsOf returns the field lines of the last answer that a handler gives, but
// for Date.
func fieldsOf(t *testing.T, do func(x *httpd.Exchange)) string {
	t.Helper()
	_, addr := serve(t, native(do), httpd.Config{})
	got := talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	for strings.HasPrefix(got, "HTTP/1.1 1") {
		_, got, _ = strings.Cut(got, "\r\n\r\n")
	}
	head, _, _ := strings.Cut(got, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	kept := []string{lines[0][len("HTTP/1.1 "):][:3]}
	for _, line := range lines[1:] {
		if !strings.HasPrefix(line, "Date: ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "|")
}

func TestSetFields(t *testing.T) {
	t.Parallel()
	p := preset(t, httpd.Field{Name: "Content-Type", Value: "text/plain"}, httpd.Field{Name: "X-P", Value: "p"})
	list := func() []httpd.Field { return []httpd.Field{{"X-A", "1"}, {"X-B", "2"}, {"X-A", "3"}} }
	for _, c := range []struct {
		name   string
		do     func(x *httpd.Exchange)
		answer string
	}{
		{"both", func(x *httpd.Exchange) {
			x.SetField("X-Old", "1")
			x.SetFields(p, list())
			want.Equal(t, x.GetField("x-p")+x.GetField("x-a")+x.GetField("X-Old"), "p1")
			_ = x.Send(200, []byte("hi"))
		}, "200|Content-Type: text/plain|X-P: p|X-A: 1|X-B: 2|X-A: 3|Content-Length: 2"},
		{"the last call counts", func(x *httpd.Exchange) {
			x.SetFields(p, []httpd.Field{{"X Y", "\n"}})
			x.SetFields(nil, list()[:1])
			_ = x.Send(204, nil)
		}, "204|X-A: 1"},
		{"none", func(x *httpd.Exchange) {
			x.SetField("X-Old", "\n")
			x.SetFields(nil, nil)
			_ = x.Send(200, nil)
		}, "200|Content-Length: 0"},
		{"changed afterwards", func(x *httpd.Exchange) {
			x.SetFields(p, list())
			x.SetField("x-a", "4")
			x.AddField("X-C", "5")
			x.DelField("X-B")
			x.SetField("X-P", "q")
			_ = x.Send(200, nil)
		}, "200|Content-Type: text/plain|X-P: q|x-a: 4|X-C: 5|Content-Length: 0"},
		{"as a map", func(x *httpd.Exchange) {
			x.SetFields(p, list())
			want.Equal(t, x.Header(), http.Header{"Content-Type": {"text/plain"}, "X-P": {"p"}, "X-A": {"1", "3"}, "X-B": {"2"}})
			x.Header().Del("X-B")
			_ = x.Send(200, nil)
		}, "200|Content-Type: text/plain|X-A: 1|X-A: 3|X-P: p|Content-Length: 0"},
		{"into the map", func(x *httpd.Exchange) {
			h := x.Header()
			h.Set("X-Old", "1")
			x.SetFields(p, list())
			want.Equal(t, h, http.Header{"Content-Type": {"text/plain"}, "X-P": {"p"}, "X-A": {"1", "3"}, "X-B": {"2"}})
			_ = x.Send(200, nil)
		}, "200|Content-Type: text/plain|X-A: 1|X-A: 3|X-B: 2|X-P: p|Content-Length: 0"},
		{"through the Writer", func(x *httpd.Exchange) {
			x.SetFields(p, list())
			x.Writer().WriteHeader(201)
			_, _ = x.Writer().Write([]byte("<html>"))
		}, "201|Content-Type: text/plain|X-P: p|X-A: 1|X-B: 2|X-A: 3|Content-Length: 6"},
		{"not modified", func(x *httpd.Exchange) {
			x.SetFields(p, []httpd.Field{{"Content-Type", "text/html"}, {"Etag", `"1"`}})
			_ = x.Send(304, nil)
		}, `304|X-P: p|Etag: "1"`},
		{"behind a 1xx", func(x *httpd.Exchange) {
			x.SetFields(p, list())
			x.Writer().WriteHeader(103)
			x.AddField("X-C", "5")
			_ = x.Send(200, nil)
		}, "200|Content-Type: text/plain|X-P: p|X-A: 1|X-B: 2|X-A: 3|X-C: 5|Content-Length: 0"},
		{"framing in the list", func(x *httpd.Exchange) {
			x.SetFields(nil, []httpd.Field{{"Content-Length", "9"}, {"Connection", "close"}, {"Date", "today"}, {"Transfer-Encoding", "x"}})
			_ = x.Send(200, nil)
		}, "200|Content-Length: 0|Connection: close"},
		{"refused, in a map", func(x *httpd.Exchange) {
			x.SetFields(p, []httpd.Field{{"X-A", "a\nb"}})
			want.Equal(t, x.Header().Get("X-A"), "")
			if x.Send(200, nil) == nil {
				t.Error("got no error from Send")
			}
		}, "500|Content-Length: 0"},
		{"forgotten when sent", func(x *httpd.Exchange) {
			own := list()
			x.SetFields(p, own)
			_ = x.Send(200, nil)
			own[0].Value = "late"
			want.Equal(t, x.GetField("X-A"), "")
		}, "200|Content-Type: text/plain|X-P: p|X-A: 1|X-B: 2|X-A: 3|Content-Length: 0"},
	} {
		t.Run(c.name, func(t *testing.T) { want.Equal(t, fieldsOf(t, c.do), c.answer) })
	}
}

// The caller's list stays as it is, whatever is done with the answer's fields.
func TestSetFieldsLeavesTheListAlone(t *testing.T) {
	t.Parallel()
	list := make([]httpd.Field, 2, 10)
	list[0], list[1] = httpd.Field{Name: "X-A", Value: "1"}, httpd.Field{Name: "X-B", Value: "2"}
	before := fmt.Sprint(list[:cap(list)])
	_ = fieldsOf(t, func(x *httpd.Exchange) {
		x.SetFields(nil, list)
		x.AddField("X-C", "3")
		x.DelField("X-A")
		x.SetFields(nil, list)
		x.Header().Set("X-B", "4")
		_ = x.Send(200, nil)
	})
	want.Equal(t, fmt.Sprint(list[:cap(list)]), before)
}

func TestSetFieldsRefused(t *testing.T) {
	t.Parallel()
	p := preset(t, httpd.Field{Name: "X-P", Value: "p"})
	for _, bad := range []httpd.Field{
		{"X", "a\r\nSet-Cookie: b"}, {"X\r\nY", "z"}, {"", "x"}, {"X Y", "z"}, {"Z", "a\x00"}, {"W", "a\nb"}, {"V", strings.Repeat("x", 40) + "\x7f"},
	} {
		var failed error
		got := fieldsOf(t, func(x *httpd.Exchange) {
			x.SetFields(p, []httpd.Field{{"X-A", "1"}, bad, {"X-B", "2"}})
			failed = x.Send(200, []byte("secret"))
		})
		want.Equal(t, got, "500|Content-Length: 0")
		if failed == nil || !strings.Contains(failed.Error(), fmt.Sprintf("%q", bad.Name)) {
			t.Errorf("%v: got error %v, want one that names the field", bad, failed)
		}
	}
	var lines logLines
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		x.SetFields(p, []httpd.Field{{"X-A", "a\nb"}})
		_, _ = x.Writer().Write([]byte("secret"))
	}), httpd.Config{Log: slog.New(slog.NewTextHandler(&lines, nil))})
	want.Equal(t, answers(talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")), "500 and the connection stays open")
	want.Contains(t, lines.String(), "answer refused", "X-A")
}
