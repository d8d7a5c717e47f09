package mariadb

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/connpool"
)

// connection and statement are what the driver's types can do below
// database/sql. Their methods without a context are used: the driver hands
// each statement to a goroutine that watches its context, which costs more
// than [session.watch].
type (
	connection interface {
		Close() error
		Prepare(sql string) (driver.Stmt, error)
		Exec(sql string, args []driver.Value) (driver.Result, error)
		Query(sql string, args []driver.Value) (driver.Rows, error)
		ResetSession(context.Context) error
	}
	statement interface {
		Close() error
		Exec(args []driver.Value) (driver.Result, error)
		Query(args []driver.Value) (driver.Rows, error)
	}
)

// A session is one connection.
type session struct {
	connpool.Life
	pool *pool
	home *connpool.Lane[*session]
	conn connection
	wire net.Conn
	id   int64 // the server's number of the connection
	step int64 // from one key that the server makes to the next

	// Prepared statements by their SQL, the least recently used at the back.
	cache map[string]*list.Element // of *prepared
	used  *list.List
	args  []driver.Value

	// Of the one cursor that reads from the wire, to be used again.
	wireRow []driver.Value
	forms   []form
	text    []byte

	active    *cursor // whose rows are still on the wire
	uses      int     // how often the session was handed out: cursors of an earlier use are closed
	gone      bool    // the connection is of no use any more
	interrupt func()
}

var (
	_ engine.Session = (*session)(nil)
	_ engine.Limited = (*session)(nil)
)

// maxPrepared is how many statements a connection keeps prepared.
const maxPrepared = 128

type prepared struct {
	sql  string
	stmt statement
}

func newSession(p *pool) *session {
	s := &session{pool: p, cache: map[string]*list.Element{}, used: list.New(), step: 1}
	s.interrupt = func() { _ = s.wire.Close() }
	return s
}

// Alive reports whether an idle connection is still good. It asks the system,
// not the server.
func (s *session) Alive(ctx context.Context) bool { return s.conn.ResetSession(ctx) == nil }

// Close ends the connection.
func (s *session) Close() error {
	if s.conn != nil {
		_ = s.conn.Close() // whoever used it had its errors
	}
	return nil
}

func (s *session) Release() {
	if s.active != nil {
		_ = s.active.Close() // an error makes the session gone
	}
	s.uses++
	s.home.Release(s, s.gone)
}

// Unlimit lifts the limit that a session begins with.
func (s *session) Unlimit(ctx context.Context) error {
	if s.pool.options.StatementTimeout == 0 {
		return nil
	}
	_, err := s.Exec(ctx, "SET SESSION "+s.pool.flavour.limit+" = 0", nil)
	return err
}

// Reset gives the connection up: nothing else is sure to undo temporary
// tables, locks by name, variables, and another database chosen.
func (s *session) Reset() (err error) {
	s.uses++
	if s.active != nil {
		err = s.active.Close()
	}
	if s.gone {
		return nil // the server rolls back
	}
	// Else the server rolls back, too, but some time after the connection ended.
	if _, e := s.conn.Exec("ROLLBACK", nil); e != nil {
		err = errors.Join(err, s.translate(context.Background(), "ROLLBACK", e))
	}
	s.gone = true
	return err
}

// ready makes the wire free for a statement.
func (s *session) ready(ctx context.Context) error {
	if s.gone {
		return fmt.Errorf("mariadb: %w by an earlier statement", engine.ErrGone)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.active != nil {
		return s.active.buffer()
	}
	return nil
}

// watch cuts the connection when ctx ends. The function that it returns ends
// that, and says so in the session if it came too late.
func (s *session) watch(ctx context.Context) (stop func() bool) {
	if ctx.Done() == nil {
		return func() bool { return true }
	}
	return context.AfterFunc(ctx, s.interrupt)
}

// unwatch ends the watching of a statement whose error was err, and returns
// the error to report.
func (s *session) unwatch(ctx context.Context, stop func() bool, sql string, err error) error {
	cut := !stop()
	if cut {
		s.gone = true // though its answer may have been read whole
	}
	if err == nil {
		return nil
	}
	if cut && connectionLost(err) {
		s.pool.kill(s.id)
		return ctx.Err()
	}
	return s.translate(ctx, sql, err)
}

func (s *session) Exec(ctx context.Context, sql string, args []engine.Value) (int64, error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	stop := s.watch(ctx)
	r, err := s.exec(sql, args)
	if err := s.unwatch(ctx, stop, sql, err); err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// exec sends a statement without arguments, or several, as they are.
func (s *session) exec(sql string, args []engine.Value) (driver.Result, error) {
	if len(args) == 0 {
		return s.conn.Exec(sql, nil)
	}
	return withPrepared(s, sql, func(p statement) (driver.Result, error) { return p.Exec(s.bind(args)) })
}

func (s *session) Query(ctx context.Context, sql string, args []engine.Value) (engine.Cursor, error) {
	if !s.pool.flavour.returning {
		if bare, ok := cutReturning(sql); ok {
			return s.insertKeys(ctx, bare, args)
		}
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	stop := s.watch(ctx)
	rows, err := s.query(sql, args)
	if err != nil {
		return nil, s.unwatch(ctx, stop, sql, err)
	}
	c := newCursor(s, rows.(driverRows))
	c.ctx, c.stop, c.sql = ctx, stop, sql
	s.active = c
	return c, nil
}

// query sends what cannot be prepared, such as SHOW, as it is.
func (s *session) query(sql string, args []engine.Value) (driver.Rows, error) {
	if len(args) == 0 && !cacheable(sql) {
		return s.conn.Query(sql, nil)
	}
	return withPrepared(s, sql, func(p statement) (driver.Rows, error) { return p.Query(s.bind(args)) })
}

// withPrepared calls run with the statement for sql. The server may have
// forgotten a statement, or ask for it to be prepared anew after its tables
// changed: then nothing was done yet.
func withPrepared[T any](s *session, sql string, run func(statement) (T, error)) (T, error) {
	p, err := s.prepare(sql)
	if err != nil {
		var none T
		return none, err
	}
	r, err := run(p.stmt)
	if n := number(err); n != codePrepareAgain && n != codeUnknownStatement {
		return r, err
	}
	s.used.Remove(s.cache[sql])
	delete(s.cache, sql)
	_ = p.stmt.Close() // the server does not answer
	if p, err = s.prepare(sql); err != nil {
		return r, err
	}
	return run(p.stmt)
}

// prepare returns the statement for sql, from the cache where it is there.
func (s *session) prepare(sql string) (*prepared, error) {
	if e := s.cache[sql]; e != nil {
		s.used.MoveToFront(e)
		return e.Value.(*prepared), nil
	}
	stmt, err := s.conn.Prepare(sql)
	if err != nil {
		return nil, err
	}
	p := &prepared{sql: sql, stmt: stmt.(statement)}
	s.cache[sql] = s.used.PushFront(p)
	if s.used.Len() > maxPrepared {
		old := s.used.Remove(s.used.Back()).(*prepared)
		delete(s.cache, old.sql)
		_ = old.stmt.Close() // the server does not answer
	}
	return p, nil
}

// cacheable reports whether sql is worth keeping prepared.
func cacheable(sql string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	switch strings.ToUpper(word) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES":
		return true
	}
	return false
}
