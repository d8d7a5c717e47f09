package ashlartest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/ashlar-go/ashlar"
)

// site is the server that all visitors of a test ask, and the app behind it.
type site struct {
	server *httptest.Server
	app    atomic.Pointer[ashlar.App]
	always []Option
	watches
}

// Start starts the app, serves it at an address of this machine, and returns
// its first visitor. When the test ends the server is closed, then the app is
// stopped. An app that does not start ends the test, and one that does not
// stop fails it. The options hold for every request of every visitor.
func Start(t testing.TB, app *ashlar.App, always ...Option) *Client {
	t.Helper()
	s := &site{always: always}
	s.start(t, app)
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.app.Load().ServeHTTP(w, s.limited(r))
	}))
	t.Cleanup(func() {
		s.server.Close()
		s.stop(t)
	})
	return newClient(t, s)
}

func (s *site) start(t testing.TB, app *ashlar.App) {
	t.Helper()
	// The test's own context ends before its clean-up, where the app stops.
	if err := app.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatalf("start the app: %v", err)
	}
	s.app.Store(app)
}

func (s *site) stop(t testing.TB) {
	t.Helper()
	if err := s.app.Load().Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Errorf("stop the app: %v", err)
	}
}
