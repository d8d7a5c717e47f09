package interop_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"
)

// sockets mounts a net/http handler as it is, and calls the same one from a
// handler of the app.
func sockets(h http.HandlerFunc) func(*ashlar.App) {
	return func(a *ashlar.App) {
		a.Handle("GET /mounted", h, ashlar.Timeout(0))
		a.Get("/called", func(c *ashlar.Ctx) error {
			h(c.Writer(), c.Request())
			return nil
		}, ashlar.Timeout(0))
	}
}

// echoes answers each message with itself and returns how the socket ended.
func echoes(w http.ResponseWriter, r *http.Request) error {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		return err
	}
	defer c.CloseNow()
	c.SetReadLimit(2 << 20)
	for {
		kind, p, err := c.Read(r.Context())
		if err != nil {
			return err
		}
		if err := c.Write(r.Context(), kind, p); err != nil {
			return err
		}
	}
}

func (s *site) socket(t *testing.T, path string) *websocket.Conn {
	t.Helper()
	c, res, err := websocket.Dial(s.ctx, s.url+path, &websocket.DialOptions{
		HTTPClient: s.client, CompressionMode: websocket.CompressionContextTakeover})
	want.NoErr(t, err)
	want.Equal(t, res.StatusCode, http.StatusSwitchingProtocols)
	want.Contains(t, res.Header.Get("Sec-WebSocket-Extensions"), "permessage-deflate")
	t.Cleanup(func() { c.CloseNow() })
	c.SetReadLimit(2 << 20)
	return c
}

func TestWebSocketEchoesMessages(t *testing.T) {
	on(t, http1, sockets(func(w http.ResponseWriter, r *http.Request) { _ = echoes(w, r) }), func(t *testing.T, s *site) {
		for _, path := range []string{"/mounted", "/called"} {
			c := s.socket(t, path)
			for _, text := range []string{"", "hello", strings.Repeat("all work and no play ", 100), strings.Repeat("x", 1<<20)} {
				for _, kind := range []websocket.MessageType{websocket.MessageText, websocket.MessageBinary} {
					want.NoErr(t, c.Write(s.ctx, kind, []byte(text)))
					gotKind, got, err := c.Read(s.ctx)
					want.NoErr(t, err)
					if gotKind != kind || string(got) != text {
						t.Errorf("%s: got %v of %d bytes, want %v of %d", path, gotKind, len(got), kind, len(text))
					}
				}
			}
			want.NoErr(t, c.Close(websocket.StatusNormalClosure, ""))
		}
	})
}

func TestWebSocketPings(t *testing.T) {
	on(t, http1, sockets(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		ctx := c.CloseRead(r.Context())
		if err := c.Ping(ctx); err != nil { // the client's library answers
			return
		}
		_ = c.Write(ctx, websocket.MessageText, []byte("ponged"))
		<-ctx.Done()
	}), func(t *testing.T, s *site) {
		c, _, err := websocket.Dial(s.ctx, s.url+"/mounted", &websocket.DialOptions{HTTPClient: s.client})
		want.NoErr(t, err)
		_, got, err := c.Read(s.ctx)
		want.NoErr(t, err)
		want.Equal(t, string(got), "ponged")
		want.NoErr(t, c.Ping(c.CloseRead(s.ctx)))
		want.NoErr(t, c.CloseNow())
	})
}

func TestWebSocketClosesWithItsCode(t *testing.T) {
	ends := make(chan error, 2*len(http1))
	on(t, http1, sockets(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			ends <- echoes(w, r)
			return
		}
		if c, err := websocket.Accept(w, r, nil); err == nil {
			_ = c.Close(4321, "moved on")
		}
	}), func(t *testing.T, s *site) {
		for _, path := range []string{"/mounted", "/called"} {
			c := s.socket(t, path)
			want.NoErr(t, c.Close(websocket.StatusGoingAway, "bye"))
			want.Equal(t, websocket.CloseStatus(<-ends), websocket.StatusGoingAway)

			c, _, err := websocket.Dial(s.ctx, s.url+path+"?close", &websocket.DialOptions{HTTPClient: s.client})
			want.NoErr(t, err)
			_, _, err = c.Read(s.ctx)
			want.Equal(t, websocket.CloseStatus(err), 4321)
			want.Contains(t, err.Error(), "moved on")
		}
	})
}

func TestWebSocketHearsThatTheClientLeft(t *testing.T) {
	ends := make(chan error, 2*len(http1))
	on(t, http1, sockets(func(w http.ResponseWriter, r *http.Request) { ends <- echoes(w, r) }), func(t *testing.T, s *site) {
		for _, path := range []string{"/mounted", "/called"} {
			want.NoErr(t, s.socket(t, path).CloseNow())
			if err := <-ends; err == nil || websocket.CloseStatus(err) != -1 {
				t.Errorf("%s: got %v, want an end without a word", path, err)
			}
		}
	})
}

// A socket is its handler's, so a stop does not wait for it, and does not cut
// it either: the program's end does.
func TestWebSocketDoesNotHoldUpAStop(t *testing.T) {
	on(t, http1, sockets(func(w http.ResponseWriter, r *http.Request) { _ = echoes(w, r) }), func(t *testing.T, s *site) {
		c := s.socket(t, "/mounted")
		s.end(t)
		want.NoErr(t, c.Write(s.ctx, websocket.MessageText, []byte("still here")))
		_, got, err := c.Read(s.ctx)
		want.NoErr(t, err)
		want.Equal(t, string(got), "still here")
		want.NoErr(t, c.CloseNow())
	})
}

func TestGorillaWebSocketEchoesMessages(t *testing.T) {
	on(t, http1, sockets(func(w http.ResponseWriter, r *http.Request) {
		up := gorilla.Upgrader{EnableCompression: true}
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		for {
			kind, p, err := c.ReadMessage()
			if err != nil || c.WriteMessage(kind, p) != nil {
				return
			}
		}
	}), func(t *testing.T, s *site) {
		for _, path := range []string{"/mounted", "/called"} {
			dialer := gorilla.Dialer{TLSClientConfig: s.tls, EnableCompression: true}
			c, _, err := dialer.DialContext(s.ctx, "ws"+strings.TrimPrefix(s.url, "http")+path, nil)
			want.NoErr(t, err)
			for _, kind := range []int{gorilla.TextMessage, gorilla.BinaryMessage} {
				text := strings.Repeat("hello ", 20_000)
				want.NoErr(t, c.WriteMessage(kind, []byte(text)))
				gotKind, got, err := c.ReadMessage()
				want.NoErr(t, err)
				want.Equal(t, gotKind, kind)
				want.Equal(t, string(got) == text, true)
			}
			want.NoErr(t, c.WriteMessage(gorilla.CloseMessage, gorilla.FormatCloseMessage(gorilla.CloseNormalClosure, "")))
			if _, _, err = c.ReadMessage(); !gorilla.IsCloseError(err, gorilla.CloseNormalClosure) {
				t.Errorf("%s: got %v, want a normal end", path, err)
			}
			c.Close()
		}
	})
}
