package sqlite

import (
	"context"
	"io"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/connpool"
)

// A session is one connection.
type session struct {
	connpool.Life
	handle  *handle
	options engine.Options
	home    *pool
	write   bool
	broken  bool // it is not to be used again
	met     bool // another process wrote since the last yield
	turns   int  // that this process has had since
	cache   cache
	open    []*cursor
}

var (
	_ engine.Session = (*session)(nil)
	_ engine.Limited = (*session)(nil)
)

func (s *session) Exec(ctx context.Context, sql string, args []engine.Value) (int64, error) {
	before := s.handle.totalChanges()
	var err error
	if len(args) > 0 {
		var p *prepared
		if p, err = s.prepareOne(ctx, sql, args); p != nil {
			err = s.run(ctx, p)
		}
	} else {
		err = s.script(ctx, sql)
	}
	switch {
	case err != nil:
		return 0, s.translate(ctx, err)
	case s.handle.totalChanges() == before: // SQLite tells of an earlier statement then
		return 0, nil
	}
	return s.handle.changes(), nil
}

// script runs the statements of sql, which take no arguments.
func (s *session) script(ctx context.Context, sql string) error {
	for sql != "" {
		p, rest, err := s.prepare(ctx, sql)
		if err != nil {
			return err
		}
		if p != nil {
			if err := s.run(ctx, p); err != nil {
				return err
			}
		}
		sql = rest
	}
	return nil
}

// run runs p to its end and gives it back.
func (s *session) run(ctx context.Context, p *prepared) error {
	defer s.done(p)
	code, err := s.first(ctx, p)
	for code == codeRow {
		code = p.step(ctx)
	}
	if err == nil && code != codeDone {
		err = s.handle.failure(int32(code))
	}
	return err
}

// first takes the first step of p, in which all that may wait for another
// process happens.
func (s *session) first(ctx context.Context, p *prepared) (code Code, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if code = p.step(ctx); code == codeRow || code == codeDone {
		return code, nil
	}
	err = s.handle.failure(int32(code))
	if !locked(err) {
		return code, err
	}
	err = s.retry(ctx, func() error {
		p.reset()
		if code = p.step(ctx); code == codeRow || code == codeDone {
			return nil
		}
		return s.handle.failure(int32(code))
	})
	return code, err
}

func (s *session) Query(ctx context.Context, sql string, args []engine.Value) (engine.Cursor, error) {
	p, err := s.prepareOne(ctx, sql, args)
	if err != nil {
		return nil, s.translate(ctx, err)
	}
	if p == nil {
		return &cursor{closed: true}, nil
	}
	code, err := s.first(ctx, p)
	if err != nil {
		s.done(p)
		return nil, s.translate(ctx, err)
	}
	// Counted after the first step, which prepares p anew if the schema changed.
	c := &cursor{session: s, prepared: p, columns: p.columns(), code: code, fresh: true}
	s.open = append(s.open, c)
	return c, nil
}

// settle ends what was left open and reports whether nothing is.
func (s *session) settle() bool {
	for len(s.open) > 0 { // rows would hold their lock
		_ = s.open[len(s.open)-1].Close()
	}
	if s.handle.inTransaction() {
		_, _ = s.Exec(context.Background(), "ROLLBACK", nil)
	}
	return !s.handle.inTransaction()
}

func (s *session) Reset() error {
	s.broken = s.broken || !s.settle()
	return s.translate(context.Background(), s.configure(context.Background()))
}

func (s *session) Release() {
	s.broken = s.broken || !s.settle()
	s.home.release(s)
}

// Unlimit lets steps take as long as they need.
func (s *session) Unlimit(context.Context) error {
	s.handle.limitTo(0)
	return nil
}

// Alive is true: SQLite tells what happened to its file when it is used.
func (s *session) Alive(context.Context) bool { return true }

// Close frees the connection.
func (s *session) Close() error {
	s.settle()
	s.cache.close()
	return s.translate(context.Background(), s.handle.close())
}

// A cursor reads the rows of one statement.
type cursor struct {
	session  *session
	prepared *prepared
	columns  int
	code     Code // what the last step said
	fresh    bool // its row was not read yet
	closed   bool
}

var _ engine.Cursor = (*cursor)(nil)

func (c *cursor) Columns() int { return c.columns }

func (c *cursor) Next(ctx context.Context, row []engine.Value) error {
	if c.closed {
		return io.EOF
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if !c.fresh {
		c.code = c.prepared.step(ctx)
	}
	c.fresh = false
	switch c.code {
	case codeRow:
		if err := c.prepared.row(row[:c.columns]); err != nil {
			return c.session.translate(ctx, err)
		}
		return nil
	case codeDone:
		_ = c.Close() // frees the lock before the caller does
		return io.EOF
	}
	err := c.session.translate(ctx, c.session.handle.failure(int32(c.code)))
	_ = c.Close()
	return err
}

func (c *cursor) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	s := c.session
	if i := slices.Index(s.open, c); i >= 0 {
		s.open = slices.Delete(s.open, i, i+1)
	}
	s.done(c.prepared)
	return nil
}
