package postgres

import (
	"context"
	"io"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"

	"github.com/jackc/pgx/v5/pgconn"
)

// A cursor reads the rows of one statement as they come in. When the session
// is used for something else meanwhile, the rest of them waits in memory.
type cursor struct {
	session *session
	rows    *pgconn.ResultReader // nil when all rows were read
	fields  []field
	raw     [][]byte // of the current row
	ahead   bool     // forward was called for the row that Next is to return

	kept [][][]byte // rows in memory
	tag  pgconn.CommandTag
	err  error // what the statement ended with
	done bool
}

var _ engine.Cursor = (*cursor)(nil)

// forward goes to the next row, and reports false when there is none.
func (c *cursor) forward() bool {
	if len(c.kept) > 0 {
		c.raw, c.kept = c.kept[0], c.kept[1:]
		return true
	}
	if c.rows == nil {
		return false
	}
	more := c.rows.NextRow()
	if c.fields == nil {
		c.fields, _ = fieldsOf(c.rows.FieldDescriptions(), false)
	}
	if !more {
		_, _ = c.finish()
		return false
	}
	c.raw = c.rows.Values()
	return true
}

// finish ends the reading from the connection and returns what the statement
// ended with.
func (c *cursor) finish() (pgconn.CommandTag, error) {
	if c.rows != nil {
		c.tag, c.err = c.rows.Close()
		c.rows = nil
		if c.session.active == c {
			c.session.active = nil
		}
	}
	return c.tag, c.err
}

// park reads the rows that are left into memory. An error of theirs is for
// who reads them; only that the connection is lost concerns others too.
func (c *cursor) park() error {
	first := c.raw
	if c.ahead {
		c.raw = clone(first)
	}
	_ = c.drain()
	if c.session.conn.IsClosed() {
		return c.err
	}
	return nil
}

// drain reads all rows into memory and returns the statement's error.
func (c *cursor) drain() error {
	for c.rows.NextRow() {
		c.kept = append(c.kept, clone(c.rows.Values()))
	}
	if c.fields == nil {
		c.fields, _ = fieldsOf(c.rows.FieldDescriptions(), false)
	}
	_, err := c.finish()
	return err
}

// clone copies a row, whose bytes are good until the next one is read.
func clone(row [][]byte) [][]byte {
	size := 0
	for _, v := range row {
		size += len(v)
	}
	buf, out := make([]byte, 0, size), make([][]byte, len(row))
	for i, v := range row {
		if v != nil {
			from := len(buf)
			buf = append(buf, v...)
			out[i] = buf[from:len(buf):len(buf)]
		}
	}
	return out
}

func (c *cursor) Columns() int { return len(c.fields) }

func (c *cursor) Next(ctx context.Context, row []engine.Value) error {
	if c.done {
		return io.EOF
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.ahead {
		c.ahead = false
	} else if !c.forward() {
		if c.err != nil {
			return translate(ctx, c.err)
		}
		return io.EOF
	}
	short := c.shortTexts()
	for i := range c.fields {
		raw := c.raw[i]
		if isShort(raw) && c.fields[i].isText() {
			row[i] = engine.Text(short[:len(raw)])
			short = short[len(raw):]
			continue
		}
		v, err := c.fields[i].decode(raw)
		if err != nil {
			return err
		}
		row[i] = v
	}
	return nil
}

// shortTexts returns the short texts of the row as one, which costs one
// allocation for all of them. A long text that is kept by its reader shall not
// keep others, nor be kept by them.
func (c *cursor) shortTexts() string {
	buf := c.session.texts[:0]
	for i := range c.fields {
		if raw := c.raw[i]; isShort(raw) && c.fields[i].isText() {
			buf = append(buf, raw...)
		}
	}
	c.session.texts = buf
	return string(buf)
}

func isShort(raw []byte) bool { return raw != nil && len(raw) <= 64 }

// maxUnread is how many rows are read and thrown away when a cursor is closed
// early. With more to come the connection is given up instead.
const maxUnread = 10_000

func (c *cursor) Close() error {
	if c.done {
		return nil
	}
	c.done = true
	s := c.session
	s.open = slices.DeleteFunc(s.open, func(o *cursor) bool { return o == c })
	c.kept, c.raw = nil, nil
	if c.rows == nil {
		return nil // its error was returned by Next
	}
	for unread := 0; c.rows.NextRow(); unread++ {
		if unread == maxUnread && s.conn.TxStatus() == 'I' {
			s.active = nil
			return s.Close()
		}
	}
	_, err := c.finish()
	return translate(context.Background(), err)
}
