package ashlar_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar"
)

// started returns an app that serves, its log in the buffer.
func started(t *testing.T, cfg ashlar.Config, register func(*ashlar.App), modules ...ashlar.Module) (*ashlar.App, *lockedBuffer) {
	t.Helper()
	log := &lockedBuffer{}
	if cfg.LookupEnv == nil {
		cfg.LookupEnv = environment()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	app := ashlar.New(cfg, modules...)
	if register != nil {
		register(app)
	}
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return app, log
}

// environment is a LookupEnv of the given NAME=value pairs.
func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, p := range pairs {
			if k, v, _ := strings.Cut(p, "="); k == name {
				return v, true
			}
		}
		return "", false
	}
}

// ask sends one request to the app. Headers are "Name: value" lines.
func ask(app http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// checked returns the text of what is wrong with an app, "" when nothing is.
func checked(cfg ashlar.Config, register func(*ashlar.App), modules ...ashlar.Module) string {
	if cfg.LookupEnv == nil {
		cfg.LookupEnv = environment()
	}
	cfg.Log = slog.New(slog.DiscardHandler)
	app := ashlar.New(cfg, modules...)
	if register != nil {
		register(app)
	}
	if err := app.Check(context.Background()); err != nil {
		return err.Error()
	}
	return ""
}

// lockedBuffer is a log that a test reads while the app writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
