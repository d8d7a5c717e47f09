package httpd_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/internal/want"
)

// visits is a Maker: it gives out what next returns.
type visits struct {
	native
	next func() *visit
}

func (v *visits) NewExchange() httpd.Carrier { return v.next() }

// visit is an Exchange and what its handler needs beside it.
type visit struct {
	x    httpd.Exchange
	note string
}

func (v *visit) Exchange() *httpd.Exchange { return &v.x }

func (v *visit) Serve() {
	if v.x.Path() == "/panic" {
		panic("as asked")
	}
	v.note += v.x.Path()
	v.x.SetFields(nil, append(v.x.Room(), httpd.Field{Name: "X-Note", Value: v.note}))
	_ = v.x.Send(http.StatusOK, nil)
}

func TestMaker(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var made []*visit
	_, addr := serve(t, &visits{next: func() *visit {
		mu.Lock()
		defer mu.Unlock()
		v := &visit{note: "new"}
		made = append(made, v)
		return v
	}}, httpd.Config{})
	got := talk(t, addr, strings.Repeat("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", 2)+"GET /panic HTTP/1.1\r\nHost: a\r\n\r\n")
	want.Equal(t, strings.Count(got, "X-Note: new/a\r\n"), 2)
	want.Equal(t, strings.Count(got, "HTTP/1.1 500 "), 1)

	mu.Lock()
	defer mu.Unlock()
	want.Equal(t, len(made), 3)
	want.Equal(t, made[0].x.Path(), "/a") // kept, and still its own
	want.Equal(t, made[2].x.Path(), "/panic")
}

// An Exchange given out twice would be two requests at once.
func TestMakerGivesOutTwice(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	one := &visit{}
	srv, addr := serve(t, &visits{next: func() *visit { return one }},
		httpd.Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	first := talk(t, addr, "GET /first HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	second := talk(t, addr, "GET /second HTTP/1.1\r\nHost: a\r\n\r\n")
	want.NoErr(t, srv.Close()) // and with it the writing of the log

	want.Equal(t, strings.HasPrefix(first, "HTTP/1.1 200 "), true)
	want.Equal(t, strings.HasPrefix(second, "HTTP/1.1 500 "), true)
	want.Equal(t, one.x.Path(), "/first")
	want.Equal(t, strings.Contains(log.String(), "gave out an Exchange for the second time"), true)
}

// Fields that an Exchange has room for go the way of all others when a map is
// asked for in between.
func TestRoom(t *testing.T) {
	t.Parallel()
	preset, err := httpd.NewPreset(httpd.Field{Name: "X-Preset", Value: "1"})
	want.NoErr(t, err)
	_, addr := serve(t, native(func(x *httpd.Exchange) {
		x.SetField("X-Before", "dropped") // as SetFields is in place of it
		list := append(x.Room(), httpd.Field{Name: "X-A", Value: "a"}, httpd.Field{Name: "X-B", Value: "b"})
		x.SetFields(preset, list)
		x.AddField("X-C", "c")
		x.Header().Set("X-D", "d")
		_ = x.Send(200, nil)
	}), httpd.Config{})
	got := talk(t, addr, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	for _, line := range []string{"X-Preset: 1\r\n", "X-A: a\r\n", "X-B: b\r\n", "X-C: c\r\n", "X-D: d\r\n"} {
		want.Equal(t, strings.Count(got, line), 1)
	}
	want.Equal(t, strings.Contains(got, "X-Before"), false)
}
