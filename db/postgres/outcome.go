package postgres

import (
	"context"
	"errors"
)

// outcome translates the error of a statement that began with word. When the
// answer to one that commits was lost, or not waited for, it says so. open is
// that there was a connection before, alone that there was one without a
// transaction: the statement commits by itself.
func (s *session) outcome(ctx context.Context, word, sql string, open, alone bool, err error) error {
	if err == nil || errors.Is(err, errRolledBack) {
		return err
	}
	lost := s.conn.IsClosed() && state(err) == ""
	err = translate(ctx, err)
	switch {
	case !lost:
		return err
	case word == "COMMIT" && open:
		return doubt{"postgres: no answer to COMMIT: it is unknown whether the transaction was committed, so look before doing it again", err}
	case alone && s.write && writes(word, sql):
		return doubt{"postgres: no answer to " + word + ": it is unknown whether it was done, so look before doing it again", err}
	}
	return err
}

// A doubt is an error after which it is not known what was done.
type doubt struct {
	what string
	err  error
}

func (d doubt) Error() string { return d.what + ": " + d.err.Error() }
func (d doubt) Unwrap() error { return d.err }

// again returns a function that reports whether to try a statement once more:
// when it must be prepared anew, and when the connection was idle before, is
// lost now, and is one for reading.
func (s *session) again() func(ctx context.Context, sql string, err error) bool {
	idle, fresh := s.conn.TxStatus() == 'I', s.fresh
	s.fresh = false
	tried := false
	return func(ctx context.Context, sql string, err error) bool {
		if tried || !idle || ctx.Err() != nil {
			if stale(err) {
				s.forget(ctx, sql)
			}
			return false
		}
		tried = true
		if stale(err) {
			s.forget(ctx, sql)
			return true
		}
		// A write may have been done. pgconn.SafeToRetry is not to be asked: it
		// says yes after an answer to the simple protocol was lost.
		if !fresh || s.write || !s.conn.IsClosed() {
			return false
		}
		c, err := s.settings.connect(ctx, s.write)
		if err != nil {
			return false
		}
		s.use(c)
		return true
	}
}
