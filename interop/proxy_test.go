package interop_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/coder/websocket"
)

// proxied is what lies on the other side of a proxy.
func proxied() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/socket", func(w http.ResponseWriter, r *http.Request) { _ = echoes(w, r) })
	mux.HandleFunc("/sum", summed)
	return mux
}

// summed echoes the body and tells about it in trailers: one announced, one not.
func summed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Trailer", "X-Length")
	b, err := io.ReadAll(r.Body)
	_, _ = w.Write(b)
	_ = http.NewResponseController(w).Flush() // a length beside it would leave a proxy no room for trailers
	w.Header().Set("X-Length", fmt.Sprint(len(b), err))
	w.Header().Set(http.TrailerPrefix+"X-Asked", r.Trailer.Get("X-Asked"))
}

// sums sends a body with a trailer and looks at the trailers of the answer. A
// ReverseProxy does not pass on those of a request.
func sums(t *testing.T, client *http.Client, url, asked string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", url+"/sum", io.MultiReader(strings.NewReader("hello")))
	want.NoErr(t, err)
	r.Trailer = http.Header{"X-Asked": {"politely"}}
	res, err := client.Do(r)
	want.NoErr(t, err)
	want.Equal(t, read(t, res), "hello")
	want.Equal(t, res.Trailer.Get("X-Length"), "5 <nil>")
	want.Equal(t, res.Trailer.Get("X-Asked"), asked)
}

func talks(t *testing.T, client *http.Client, url string) {
	t.Helper()
	c, _, err := websocket.Dial(t.Context(), url+"/socket", &websocket.DialOptions{HTTPClient: client})
	want.NoErr(t, err)
	want.NoErr(t, c.Write(t.Context(), websocket.MessageText, []byte("through")))
	_, got, err := c.Read(t.Context())
	want.NoErr(t, err)
	want.Equal(t, string(got), "through")
	want.NoErr(t, c.Close(websocket.StatusNormalClosure, ""))
}

func TestTrailersGoBothWays(t *testing.T) {
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("POST /sum", http.HandlerFunc(summed), ashlar.InsecureNoCSRF())
	}, func(t *testing.T, s *site) { sums(t, s.client, s.url, "politely") })
}

func TestReverseProxyInAnApp(t *testing.T) {
	behind := httptest.NewServer(proxied())
	t.Cleanup(behind.Close)
	target, err := url.Parse(behind.URL)
	want.NoErr(t, err)
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("/", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }},
			ashlar.InsecureNoCSRF(), ashlar.Timeout(0))
	}, func(t *testing.T, s *site) {
		sums(t, s.client, s.url, "")
		if transport := s.client.Transport.(*http.Transport); !transport.ForceAttemptHTTP2 {
			talks(t, s.client, s.url)
		}
	})
}

func TestReverseProxyInFrontOfAnApp(t *testing.T) {
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("/", proxied(), ashlar.InsecureNoCSRF(), ashlar.Timeout(0))
	}, func(t *testing.T, s *site) {
		target, err := url.Parse(s.url)
		want.NoErr(t, err)
		front := httptest.NewServer(&httputil.ReverseProxy{Transport: s.client.Transport,
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
		defer front.Close()
		sums(t, front.Client(), front.URL, "")
		if transport := s.client.Transport.(*http.Transport); !transport.ForceAttemptHTTP2 {
			talks(t, front.Client(), front.URL)
		}
	})
}

// A proxy cuts an answer off when the other side did, so that nobody takes
// half of it for the whole.
func TestReverseProxyPassesOnThatAnAnswerWasCut(t *testing.T) {
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(behind.Close)
	target, err := url.Parse(behind.URL)
	want.NoErr(t, err)
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("/", &httputil.ReverseProxy{ErrorLog: log.New(io.Discard, "", 0),
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	}, func(t *testing.T, s *site) {
		res, err := s.client.Get(s.url)
		if err != nil {
			return // cut before the head had left
		}
		defer res.Body.Close()
		if b, err := io.ReadAll(res.Body); err == nil {
			t.Errorf("got %q as a whole answer", b)
		}
	})
}
