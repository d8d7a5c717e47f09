package sqlite

import (
	"context"
	"time"
)

const (
	// maxPause is short because the other process may hold the lock most of
	// the time, with gaps that a connection which sleeps long never finds.
	maxPause = 2 * time.Millisecond

	// maxTurns is how often a process writes before it lets others write.
	maxTurns = 16
)

// yield lets other processes write from time to time, if there were any. They
// ask every maxPause, and would rarely find the gap between two transactions
// of a process in which many wait for their turn.
func (s *session) yield(ctx context.Context) error {
	s.turns++
	if !s.met || s.turns <= maxTurns {
		return nil
	}
	s.met, s.turns = false, 0
	pause := time.NewTimer(2 * maxPause)
	defer pause.Stop()
	select {
	case <-pause.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retry calls f until it does not find the database locked by another process,
// ctx is done, or patience is over.
func (s *session) retry(ctx context.Context, f func() error) error {
	err := f()
	if !locked(err) {
		return err
	}
	s.met, s.turns = true, 0
	over := time.NewTimer(s.options.BusyTimeout)
	defer over.Stop()
	pause := maxPause / 16
	again := time.NewTimer(pause)
	defer again.Stop()
	for {
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-over.C:
			return err
		}
		if err = f(); !locked(err) {
			return err
		}
		pause = min(2*pause, maxPause)
		again.Reset(pause)
	}
}

// locked reports whether err says that another process has a lock that it will
// give back.
func locked(err error) bool {
	e, ok := err.(*Error)
	return ok && e.Code.primary() == Busy && e.Code != codeBusySnapshot
}
