package session

import (
	"context"
	"log/slog"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
)

// manager is the module in an app.
type manager struct {
	config *Config
	driver Driver
	log    *slog.Logger
}

// Module joins sessions to an app, kept by a store such as dbstore.Store. It
// puts stage "session" in front of "csrf" and sweeps once an hour.
func Module(cfg Config, store Store) ashlar.Module {
	return ashlar.Module{
		Name:   "session",
		Doc:    "what the app remembers of a visitor",
		Config: &cfg,
		Setup: func(s *ashlar.Setup) error {
			if store == nil {
				return &errs.Setup{Code: "A1702", What: "session.Module has no store",
					Mend: "name one: session.Module(session.Config{}, dbstore.Store)"}
			}
			m := &manager{config: &cfg}
			store(s)
			s.Need(&m.driver, &m.log)
			s.Use(ashlar.Stage{Name: "session", Doc: "loads the visitor's session, and stores it before the answer leaves",
				Before: "csrf", Run: m.run})
			s.Run(ashlar.Service{Name: "session sweep", Run: m.sweep})
			return nil
		},
	}.At(errs.Caller(0))
}

// The first sweep is soon after a start, for apps that are started often, but
// not in the way of it.
const (
	firstSweep = time.Minute
	sweepEvery = time.Hour
)

// sweep removes what has expired until ctx ends. Nothing depends on it: drivers
// do not return what has expired. So an error is logged, and the app goes on.
func (m *manager) sweep(ctx context.Context) error {
	timer := time.NewTimer(firstSweep)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		n, err := m.driver.Sweep(ctx, ashlar.Now(ctx).UTC())
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			m.log.Error("session sweep", "error", err)
		case n > 0:
			m.log.Debug("session sweep", "removed", n)
		}
		timer.Reset(sweepEvery)
	}
}
