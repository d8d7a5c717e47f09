package mariadb

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// driverRows is what the driver's rows can do.
type driverRows interface {
	driver.Rows
	ColumnTypeDatabaseTypeName(int) string
	ColumnTypePrecisionScale(int) (precision, scale int64, ok bool)
}

// A cursor reads the rows of one statement: from the wire, or, once the
// session was used for another statement, from memory.
type cursor struct {
	session *session
	rows    driverRows // nil when they have been read
	columns int
	ctx     context.Context // of the query
	stop    func() bool
	sql     string
	use     int // session.uses when it was made
	kept    [][]engine.Value
	err     error // of reading the rows that were kept
	closed  bool
}

var _ engine.Cursor = (*cursor)(nil)

func newCursor(s *session, rows driverRows) *cursor {
	c := &cursor{session: s, rows: rows, columns: len(rows.Columns()), use: s.uses}
	s.wireRow = slices.Grow(s.wireRow[:0], c.columns)[:c.columns]
	s.forms = s.forms[:0]
	for i := range c.columns {
		s.forms = append(s.forms, formOf(rows, i))
	}
	return c
}

func (c *cursor) Columns() int { return c.columns }

func (c *cursor) Next(ctx context.Context, row []engine.Value) error {
	if c.closed || c.use != c.session.uses {
		return io.EOF
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.rows != nil {
		return c.read(row)
	}
	if len(c.kept) == 0 {
		if c.err != nil {
			return c.err
		}
		return io.EOF
	}
	copy(row, c.kept[0])
	c.kept = c.kept[1:]
	return nil
}

// read reads a row from the wire.
func (c *cursor) read(row []engine.Value) error {
	err := c.rows.Next(c.session.wireRow)
	if err == nil {
		return c.session.decode(row)
	}
	if errors.Is(err, io.EOF) {
		if err := c.end(nil); err != nil {
			return err
		}
		return io.EOF
	}
	return c.end(err)
}

// maxShared is the most bytes of a row's texts that share one string: it stays
// in memory as long as any of them does.
const maxShared = 1024

// decode turns what the driver read into row. The texts of a row are parts of
// one string, which is one allocation instead of one for each.
func (s *session) decode(row []engine.Value) (err error) {
	s.text = s.text[:0]
	for i, v := range s.wireRow {
		if b, ok := v.([]byte); ok && s.forms[i] == formText && len(s.text)+len(b) <= maxShared {
			s.text = append(s.text, b...)
		}
	}
	shared := string(s.text)
	used := 0
	for i, v := range s.wireRow {
		if b, ok := v.([]byte); ok && s.forms[i] == formText && used+len(b) <= len(shared) {
			row[i] = engine.Text(shared[used : used+len(b)])
			used += len(b)
			continue
		}
		if row[i], err = s.forms[i].value(v); err != nil {
			return err
		}
	}
	return nil
}

// end frees the wire after the last row, or after the error of reading one.
func (c *cursor) end(err error) error {
	if c.rows == nil {
		return nil
	}
	if err == nil {
		err = c.rows.Close() // reads what is left
	}
	c.rows = nil
	c.session.active = nil
	return c.session.unwatch(c.ctx, c.stop, c.sql, err)
}

// buffer keeps the rows that are left, for another statement to have the wire.
// An error of theirs is the cursor's; one is returned if the wire is lost.
func (c *cursor) buffer() error {
	for c.rows != nil {
		row := make([]engine.Value, c.columns)
		switch err := c.read(row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			c.err = errors.Join(err, c.end(nil))
			if c.session.gone {
				return c.err
			}
			return nil
		}
		c.kept = append(c.kept, row)
	}
	return nil
}

// Close reads what is left of the rows, which costs less than a new connection
// unless they are many.
func (c *cursor) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	c.kept = nil
	return c.end(nil)
}
