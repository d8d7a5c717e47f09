package ashlar_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
)

// helloAllocs bounds the allocations of the smallest answer, that of the app in
// README.md, between the engine's request and the engine's writer.
const helloAllocs = 4

// bare is a writer that does nothing, as cheaply as it can.
type bare struct{ header http.Header }

func (b *bare) Header() http.Header              { return b.header }
func (b *bare) Write(p []byte) (int, error)      { return len(p), nil }
func (b *bare) WriteHeader(int)                  {}
func (b *bare) SetReadDeadline(time.Time) error  { return nil }
func (b *bare) SetWriteDeadline(time.Time) error { return nil }

// Not parallel: AllocsPerRun counts those of the whole process.
func TestHelloAllocations(t *testing.T) {
	app, _ := started(t, ashlar.Config{Log: slog.New(slog.DiscardHandler)}, func(a *ashlar.App) {
		a.Get("/hello/{name}", func(c *ashlar.Ctx) error { return c.Text("Hello, " + c.Param("name")) })
	})
	r := httptest.NewRequest("GET", "/hello/ann", nil)
	w := &bare{header: http.Header{}}
	got := testing.AllocsPerRun(1000, func() {
		clear(w.header)
		app.ServeHTTP(w, r)
	})
	if got > helloAllocs {
		t.Errorf("got %v allocations for a hello, want at most %d", got, helloAllocs)
	}
}
