package postgres

import (
	"container/list"
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/connpool"

	"github.com/jackc/pgx/v5/pgconn"
)

// A session is one connection.
type session struct {
	connpool.Life
	conn     *pgconn.PgConn
	settings *settings
	home     *connpool.Lane[*session]
	write    bool
	fresh    bool // it was idle, and nothing was run on it since

	// Prepared statements by their SQL, the least recently used at the back.
	cache map[string]*list.Element // of *prepared
	used  *list.List
	made  int // how many were prepared: their names

	args   binding
	texts  []byte    // of the row that is being read
	active *cursor   // whose rows are still coming in
	open   []*cursor // not closed yet, active among them

	unused *time.Timer // makes it idle
	idle   atomic.Bool // not used for a while
}

var (
	_ engine.Session = (*session)(nil)
	_ engine.Batcher = (*session)(nil)
	_ engine.Loader  = (*session)(nil)
	_ engine.Limited = (*session)(nil)
)

func newSession(c *pgconn.PgConn, settings *settings, home *connpool.Lane[*session], write bool) *session {
	s := &session{settings: settings, home: home, write: write}
	s.use(c)
	s.unused = time.AfterFunc(time.Hour, func() { s.idle.Store(true) })
	s.unused.Stop()
	return s
}

// use makes c the session's connection.
func (s *session) use(c *pgconn.PgConn) {
	s.conn, s.cache, s.used, s.fresh = c, map[string]*list.Element{}, list.New(), false
}

// Alive reports whether an idle session can be used.
func (s *session) Alive(ctx context.Context) bool {
	s.unused.Stop()
	s.fresh = true
	if s.conn.IsClosed() {
		return false
	}
	if !s.idle.Load() {
		return true
	}
	s.idle.Store(false)
	ctx, cancel := context.WithTimeout(ctx, s.settings.BusyTimeout)
	defer cancel()
	return s.conn.Ping(ctx) == nil
}

// Release gives the session back, or up: what is in doubt is not used again.
func (s *session) Release() {
	if s.conn.IsClosed() || s.conn.TxStatus() != 'I' || s.active != nil {
		s.home.Release(s, true)
		return
	}
	s.shut()
	s.unused.Reset(idleCheck)
	s.home.Release(s, false)
}

// shut closes the cursors.
func (s *session) shut() {
	for len(s.open) > 0 {
		_ = s.open[len(s.open)-1].Close() // its error was returned when it happened
	}
}

// Close ends the connection.
func (s *session) Close() error {
	s.unused.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), cancelPatience)
	defer cancel()
	_ = s.conn.Close(ctx) // it is of no more use either way
	return nil
}

// resetting is DISCARD ALL without the prepared statements, which stay.
const resetting = "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; " +
	"SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"

func (s *session) Reset() error {
	s.shut()
	ctx, cancel := context.WithTimeout(context.Background(), s.settings.BusyTimeout)
	defer cancel()
	if s.conn.IsClosed() {
		return nil // Release gives it up
	}
	if s.conn.TxStatus() != 'I' {
		if _, err := s.script(ctx, "ROLLBACK"); err != nil {
			return translate(ctx, err)
		}
	}
	if s.settings.simple {
		return nil // the next transaction may have another connection
	}
	_, err := s.script(ctx, resetting)
	return translate(ctx, err)
}

// Unlimit lifts statement_timeout. Behind a PgBouncer it is not ours to set.
func (s *session) Unlimit(ctx context.Context) error {
	if s.settings.simple || s.settings.StatementTimeout == 0 {
		return nil
	}
	_, err := s.script(ctx, "SET statement_timeout = 0")
	return translate(ctx, err)
}

func (s *session) Exec(ctx context.Context, sql string, args []engine.Value) (n int64, err error) {
	if err := s.park(); err != nil {
		return 0, translate(ctx, err)
	}
	word := verb(sql)
	if word == "ROLLBACK" && ctx.Done() == nil {
		short, cancel := context.WithTimeout(ctx, rollbackPatience)
		defer cancel()
		ctx = short
	}
	again, open := s.again(), !s.conn.IsClosed()
	alone := open && s.conn.TxStatus() == 'I'
	for {
		n, err = s.exec(ctx, word, sql, args)
		if err == nil || !again(ctx, sql, err) {
			break
		}
	}
	return n, s.outcome(ctx, word, sql, open, alone, err)
}

func (s *session) exec(ctx context.Context, word, sql string, args []engine.Value) (int64, error) {
	if len(args) == 0 && (!cacheable(word) || strings.IndexByte(sql, ';') >= 0) {
		return s.script(ctx, numbered(sql, false))
	}
	c, err := s.start(ctx, word, sql, args)
	if err != nil {
		return 0, err
	}
	for c.forward() {
	}
	tag, err := c.finish()
	return affected(tag), err
}

// script runs statements by the simple protocol, which takes several at once
// and prepares none.
func (s *session) script(ctx context.Context, sql string) (n int64, err error) {
	results := s.conn.Exec(ctx, sql)
	for results.NextResult() {
		tag, err := results.ResultReader().Close()
		if err == nil && (tag.Insert() || tag.Update() || tag.Delete()) {
			n = tag.RowsAffected()
		}
		if sql == "COMMIT" && tag.String() == "ROLLBACK" {
			_ = results.Close()
			return 0, errRolledBack
		}
	}
	return n, results.Close()
}

var errRolledBack = &rolledBack{}

// rolledBack is what the server's answer to COMMIT means when it is ROLLBACK.
type rolledBack struct{}

func (*rolledBack) Error() string {
	return "postgres: commit: an earlier error had ended the transaction; it was rolled back"
}

// affected returns how many rows a statement wrote.
func affected(tag pgconn.CommandTag) int64 {
	if tag.Select() {
		return 0
	}
	return tag.RowsAffected()
}

func (s *session) Query(ctx context.Context, sql string, args []engine.Value) (engine.Cursor, error) {
	if err := s.park(); err != nil {
		return nil, translate(ctx, err)
	}
	word := verb(sql)
	again, open := s.again(), !s.conn.IsClosed()
	alone := open && s.conn.TxStatus() == 'I'
	for {
		c, err := s.start(ctx, word, sql, args)
		if err == nil {
			// The first row, or the error in its place, is waited for here.
			c.ahead = c.forward()
			if !c.ahead {
				_, err = c.finish()
			}
		}
		switch {
		case err == nil:
			s.open = append(s.open, c)
			return c, nil
		case !again(ctx, sql, err):
			return nil, s.outcome(ctx, word, sql, open, alone, err)
		}
	}
}

// park reads the rest of the rows that are still coming in into memory, so
// that the connection can be used for something else.
func (s *session) park() error {
	if s.active == nil {
		return nil
	}
	return s.active.park()
}
