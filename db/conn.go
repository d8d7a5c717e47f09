package db

import (
	"context"
	"errors"
	"io"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Conn is one connection to the database, for work that is written in SQL
// and must stay on one connection, such as a migration. It is handed out by
// [DB.WithConn] and is good until that call returns.
//
// SQL holds a ? for each argument, on every engine; see [SQL] for what may be
// one. A Conn is used by one goroutine at a time.
type Conn interface {
	// Exec runs one or, without arguments, several statements and returns how
	// many rows the last INSERT, UPDATE or DELETE changed.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)

	// Query runs one statement that gives rows. The caller closes them.
	Query(ctx context.Context, sql string, args ...any) (Rows, error)

	// Within calls f with a context whose queries run on this connection, in
	// the transaction that the caller has opened on it and will end. A [Tx] in
	// f is a savepoint, and an [AfterCommit] an error.
	Within(ctx context.Context, f func(ctx context.Context) error) error
}

// Rows are the rows of [Conn.Query], one at a time:
//
//	defer rows.Close()
//	for rows.Next() {
//		if err := rows.Scan(&name, &n); err != nil {
//			return err
//		}
//	}
//	return rows.Err()
type Rows interface {
	Next() bool             // goes to the next row; false at the end or on an error
	Scan(dest ...any) error // copies the row's columns, left to right; see [Row.Scan]
	Err() error             // what ended the rows early, if anything did
	Close() error           // may be called more than once
}

// WithConn calls f with the connection that writes, which nobody else has
// until f returns. f may open and close transactions and change settings of
// the connection: what it leaves open is rolled back, and the settings are
// restored. Config.StatementTimeout does not hold there. Within a [Tx] of ctx
// it is refused.
func (d *DB) WithConn(ctx context.Context, f func(Conn) error) (err error) {
	if d.transaction(ctx) != nil {
		return misuse("A1507", "db: WithConn within a transaction",
			"call it outside of db.Tx, or use db.SQL and db.Exec, which take part in the transaction")
	}
	s, _, err := d.acquire(ctx, true)
	if err != nil {
		return err
	}
	defer s.Release()
	defer func() { err = errors.Join(err, s.Reset()) }()
	if limited, ok := s.(engine.Limited); ok && d.config.StatementTimeout > 0 {
		if err := limited.Unlimit(ctx); err != nil {
			return err
		}
	}
	return f(&conn{d: d, session: s})
}

// conn is the Conn of a session.
type conn struct {
	d       *DB
	session engine.Session
}

func (c *conn) Exec(ctx context.Context, sql string, args ...any) (n int64, err error) {
	values, err := checkedValuesOf(args)
	if err != nil {
		return 0, err
	}
	defer c.d.report(ctx, statement{sql: sql, args: values}, c.d.begin(), &n, &err)
	return c.session.Exec(ctx, sql, values)
}

func (c *conn) Query(ctx context.Context, sql string, args ...any) (_ Rows, err error) {
	values, err := checkedValuesOf(args)
	if err != nil {
		return nil, err
	}
	var unread int64 // the caller reads the rows when the statement was reported
	defer c.d.report(ctx, statement{sql: sql, args: values}, c.d.begin(), &unread, &err)
	cursor, err := c.session.Query(ctx, sql, values)
	if err != nil {
		return nil, err
	}
	return &rows{ctx: ctx, cursor: cursor, row: Row{values: make([]engine.Value, cursor.Columns())}}, nil
}

func (c *conn) Within(ctx context.Context, f func(context.Context) error) error {
	t := &transaction{session: c.session}
	defer t.end()
	if err := f(context.WithValue(context.WithValue(ctx, contextKey{}, c.d), txKey{c.d}, t)); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over == nil && len(t.after) > 0 {
		return errors.New("db: AfterCommit in Conn.Within: whoever opened the transaction ends it, and knows nothing of the function")
	}
	return t.over
}

func checkedValuesOf(args []any) ([]engine.Value, error) {
	values, err := valuesOf(args)
	for i := range values {
		err = errors.Join(err, values[i].Check())
	}
	return values, err
}

// rows are the Rows of a cursor.
type rows struct {
	ctx    context.Context
	cursor engine.Cursor
	row    Row
	err    error
}

func (r *rows) Next() bool {
	if r.err != nil {
		return false
	}
	r.err = r.cursor.Next(r.ctx, r.row.values)
	return r.err == nil
}

func (r *rows) Scan(dest ...any) error { return r.row.Scan(dest...) }

func (r *rows) Err() error {
	if errors.Is(r.err, io.EOF) {
		return nil
	}
	return r.err
}

func (r *rows) Close() error {
	if r.err == nil {
		r.err = io.EOF
	}
	return r.cursor.Close()
}
