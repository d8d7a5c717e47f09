package ashlartest

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// Logs is the log of an app, kept for the test. It is safe for concurrent use.
type Logs struct {
	// Logger is for ashlar.Config.Log. It writes all levels, as text.
	Logger *slog.Logger

	mu  sync.Mutex
	buf bytes.Buffer
}

// Log returns an empty log. When the test has failed, its end prints what was
// logged.
//
//	log := ashlartest.Log(t)
//	cfg.Log = log.Logger
func Log(t testing.TB) *Logs {
	l := &Logs{}
	l.Logger = slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the app's log:\n%s", l.String())
		}
	})
	return l
}

// Write adds to the log.
func (l *Logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String returns all that was logged, a line for each entry.
func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Lines returns the lines that hold text.
func (l *Logs) Lines(text string) []string {
	var found []string
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, text) {
			found = append(found, strings.TrimSuffix(line, "\n"))
		}
	}
	return found
}
