package interop_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// ticker sends an event whenever the test wants one. Each site has its own.
type ticker struct {
	tick chan string
	left chan error
}

func newTicker() *ticker { return &ticker{make(chan string), make(chan error, 1)} }

func (k *ticker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	k.left <- k.run(r.Context(), w)
}

func (k *ticker) run(ctx context.Context, w io.Writer) error {
	w.(http.Flusher).Flush() // the head, before there is an event
	for {
		select {
		case event := <-k.tick:
			if _, err := fmt.Fprintf(w, "data: %s\n\n", event); err != nil {
				return err
			}
			w.(http.Flusher).Flush()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestEventsArriveOneByOne(t *testing.T) {
	for _, way := range anyProto {
		for _, kind := range []string{"mounted", "streamed"} {
			k := newTicker()
			t.Run(kind, func(t *testing.T) {
				on(t, []string{way}, func(a *ashlar.App) {
					a.Handle("GET /mounted", k, ashlar.Timeout(0))
					a.Get("/streamed", func(c *ashlar.Ctx) error {
						return c.Stream("text/event-stream", func(w io.Writer) error {
							err := k.run(c, w)
							k.left <- err
							return err
						})
					}, ashlar.Timeout(0))
				}, func(t *testing.T, s *site) { k.watched(t, s, kind) })
			})
		}
	}
}

// watched reads three events, each sent after the one before was seen, and
// leaves.
func (k *ticker) watched(t *testing.T, s *site, kind string) {
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", s.url+"/"+kind, nil)
	want.NoErr(t, err)
	res, err := s.client.Do(r)
	want.NoErr(t, err)
	defer res.Body.Close()
	want.Equal(t, res.Header.Get("Content-Type"), "text/event-stream")
	want.Equal(t, res.Header.Get("Content-Encoding"), "")
	lines := bufio.NewReader(res.Body)
	for _, event := range []string{"one", "two", "three"} {
		k.tick <- event
		got, err := lines.ReadString('\n')
		want.NoErr(t, err)
		want.Equal(t, got, "data: "+event+"\n")
		_, err = lines.ReadString('\n')
		want.NoErr(t, err)
	}
	leave()
	want.Err(t, <-k.left, context.Canceled)
}

func TestWriteDeadlineEndsAWriteToASlowReader(t *testing.T) {
	ends := make(chan error, len(anyProto))
	on(t, anyProto, func(a *ashlar.App) {
		a.Handle("GET /", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rc := http.NewResponseController(w)
			w.Header().Set("Content-Type", "application/octet-stream") // not compressed
			_ = rc.Flush()
			err := rc.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
			block := []byte(strings.Repeat("x", 1<<20))
			for err == nil {
				_, err = w.Write(block)
			}
			if r.ProtoMajor == 1 && !errors.Is(err, os.ErrDeadlineExceeded) { // HTTP/2 tells that the stream was closed
				err = fmt.Errorf("not the deadline: %w", err)
			}
			ends <- err
		}))
	}, func(t *testing.T, s *site) {
		res, err := s.client.Get(s.url)
		want.NoErr(t, err)
		defer res.Body.Close()
		if err := <-ends; strings.HasPrefix(err.Error(), "not the deadline") {
			t.Error(err)
		}
		if _, err = io.Copy(io.Discard, res.Body); err == nil {
			t.Error("got an answer that looks complete")
		}
	})
}
