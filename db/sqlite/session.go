package sqlite

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A session is one connection. The driver of database/sql is used without
// database/sql, whose pool knows no single writer and whose rows are slower.
type session struct {
	conn    driver.Conn
	options engine.Options
	release func()
	write   bool // for a database in memory: what mayWrite said last

	// Prepared statements by their SQL, the least recently used at the back.
	cache map[string]*list.Element // of *prepared
	used  *list.List
	args  []driver.NamedValue
	open  map[*cursor]bool
}

var _ engine.Session = (*session)(nil)

// maxPrepared is how many statements a connection keeps prepared.
const maxPrepared = 128

type prepared struct {
	sql  string
	stmt statement
	busy bool // rows of it are being read
}

// statement is what the driver's statements can do.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func newSession(c driver.Conn, o engine.Options, write bool) *session {
	return &session{conn: c, options: o, write: write, cache: map[string]*list.Element{}, used: list.New(), open: map[*cursor]bool{}}
}

func (s *session) Release() { s.release() }

func (s *session) Reset() error {
	ctx := context.Background()
	for c := range s.open { // rows that were left open would hold their lock
		_ = c.Close()
	}
	if _, err := s.script(ctx, "ROLLBACK"); err != nil && !strings.Contains(err.Error(), "no transaction is active") {
		return translate(err)
	}
	_, err := s.script(ctx, "PRAGMA query_only(0); PRAGMA "+strings.Join(settings(s.options), "; PRAGMA "))
	return translate(err)
}

// mayWrite makes a connection that serves readers too refuse writes, as those
// of a file do.
func (s *session) mayWrite(ctx context.Context, write bool) error {
	if s.write == write {
		return nil
	}
	sql := "PRAGMA query_only(1)"
	if write {
		sql = "PRAGMA query_only(0)"
	}
	if _, err := s.script(ctx, sql); err != nil {
		return translate(err)
	}
	s.write = write
	return nil
}

func (s *session) Exec(ctx context.Context, sql string, args []engine.Value) (n int64, err error) {
	err = retry(ctx, s.options.BusyTimeout, func() error {
		n, err = s.exec(ctx, sql, args)
		return err
	})
	return n, translate(err)
}

func (s *session) exec(ctx context.Context, sql string, args []engine.Value) (int64, error) {
	if len(args) == 0 && !cacheable(sql) {
		return s.script(ctx, sql)
	}
	p, err := s.prepare(ctx, sql)
	if err != nil {
		return 0, err
	}
	defer s.done(p)
	r, err := p.stmt.ExecContext(ctx, s.bind(args))
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// script runs statements that are not kept.
func (s *session) script(ctx context.Context, sql string) (int64, error) {
	r, err := s.conn.(driver.ExecerContext).ExecContext(ctx, sql, nil)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (s *session) Query(ctx context.Context, sql string, args []engine.Value) (engine.Cursor, error) {
	var c *cursor
	err := retry(ctx, s.options.BusyTimeout, func() error {
		p, err := s.prepare(ctx, sql)
		if err != nil {
			return err
		}
		rows, err := p.stmt.QueryContext(ctx, s.bind(args))
		if err != nil {
			s.done(p)
			return err
		}
		p.busy = true
		c = &cursor{session: s, prepared: p, rows: rows, row: make([]driver.Value, len(rows.Columns()))}
		s.open[c] = true
		return nil
	})
	if err != nil {
		return nil, translate(err)
	}
	return c, nil
}

// prepare returns the statement for sql, from the cache where it may come from
// there.
func (s *session) prepare(ctx context.Context, sql string) (*prepared, error) {
	if e := s.cache[sql]; e != nil && !e.Value.(*prepared).busy {
		s.used.MoveToFront(e)
		return e.Value.(*prepared), nil
	}
	stmt, err := s.conn.(driver.ConnPrepareContext).PrepareContext(ctx, sql)
	if err != nil {
		return nil, err
	}
	p := &prepared{sql: sql, stmt: stmt.(statement)}
	if s.cache[sql] != nil || !cacheable(sql) {
		return p, nil // done closes it
	}
	s.cache[sql] = s.used.PushFront(p)
	for e := s.used.Back(); e != nil && s.used.Len() > maxPrepared; {
		before := e.Prev()
		if old := e.Value.(*prepared); !old.busy && old != p {
			s.used.Remove(e)
			delete(s.cache, old.sql)
			_ = old.stmt.Close() // its last error was returned when it happened
		}
		e = before
	}
	return p, nil
}

// done ends a use of p and closes it if it is not a cached one.
func (s *session) done(p *prepared) {
	p.busy = false
	if e := s.cache[p.sql]; e == nil || e.Value != p {
		_ = p.stmt.Close() // its last error was returned when it happened
	}
}

// cacheable reports whether sql is worth keeping prepared. Changes of the
// schema come once, and SQLite prepares a PRAGMA anew for each run anyway.
func cacheable(sql string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	switch strings.ToUpper(word) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE":
		return true
	}
	return false
}

// bind turns args into what the driver takes, in a slice that is used again.
func (s *session) bind(args []engine.Value) []driver.NamedValue {
	s.args = s.args[:0]
	for i := range args {
		var v driver.Value
		switch a := &args[i]; a.Kind() {
		case engine.KindInt, engine.KindBool, engine.KindTime:
			v = a.Int()
		case engine.KindFloat:
			v = a.Float()
		case engine.KindText:
			v = a.Text()
		case engine.KindBytes:
			v = a.Bytes()
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return s.args
}

func (s *session) close() (err error) {
	for e := s.used.Front(); e != nil; e = e.Next() {
		err = errors.Join(err, e.Value.(*prepared).stmt.Close())
	}
	return errors.Join(err, s.conn.Close())
}

// A cursor reads the rows of one statement.
type cursor struct {
	session  *session
	prepared *prepared
	rows     driver.Rows
	row      []driver.Value
	closed   bool
}

var _ engine.Cursor = (*cursor)(nil)

func (c *cursor) Columns() int { return len(c.row) }

func (c *cursor) Next(ctx context.Context, row []engine.Value) error {
	if c.closed {
		return io.EOF
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := c.rows.Next(c.row); err != nil {
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		return translate(err)
	}
	for i, v := range c.row {
		switch v := v.(type) {
		case int64:
			row[i] = engine.Int(v)
		case float64:
			row[i] = engine.Float(v)
		case string:
			row[i] = engine.Text(v)
		case []byte:
			row[i] = engine.Bytes(v)
		default:
			row[i] = engine.Value{}
		}
	}
	return nil
}

func (c *cursor) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	delete(c.session.open, c)
	err := c.rows.Close()
	c.session.done(c.prepared)
	return translate(err)
}
