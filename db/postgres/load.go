package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Load sends the rows by COPY, in its binary form where all columns are of
// types that are known here, else as text.
func (s *session) Load(ctx context.Context, table string, columns []string, next func(row []engine.Value) (bool, error)) (int64, error) {
	if err := s.park(); err != nil {
		return 0, translate(ctx, err)
	}
	oids, err := s.columnTypes(ctx, table, columns)
	if err != nil {
		return 0, translate(ctx, err)
	}
	r := &loader{next: next, row: make([]engine.Value, len(columns)), oids: oids}
	form := "text"
	if !slices.ContainsFunc(oids, func(oid uint32) bool { return !loadable(oid) }) {
		r.binary, form = true, "binary"
		r.buf = append(r.buf, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	}
	guard := s.conn.TxStatus() == 'T'
	if guard {
		if _, err := s.script(ctx, savepoint); err != nil {
			return 0, translate(ctx, err)
		}
	}
	tag, err := s.conn.CopyFrom(ctx, r, fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT %s)", quoteTable(table), quoteAll(columns), form))
	if r.panicked != nil {
		panic(r.panicked)
	}
	switch {
	case err != nil && guard && s.conn.TxStatus() == 'E' && (r.err != nil || isConstraint(err)):
		if _, back := s.script(ctx, takeBack); back != nil {
			err = back
		}
	case err == nil && guard:
		_, err = s.script(ctx, release)
	}
	if r.err != nil {
		return 0, r.err
	}
	if err != nil {
		return 0, translate(ctx, err)
	}
	return tag.RowsAffected(), nil
}

func isConstraint(err error) bool { return strings.HasPrefix(state(err), constraintViolations) }

// columnTypes asks for the types of columns, without a row.
func (s *session) columnTypes(ctx context.Context, table string, columns []string) ([]uint32, error) {
	sql := "SELECT " + quoteAll(columns) + " FROM " + quoteTable(table) + " LIMIT 0"
	c, err := s.startOnce(ctx, "SELECT", sql, nil)
	if err != nil {
		return nil, err
	}
	for c.forward() {
	}
	if _, err := c.finish(); err != nil {
		return nil, err
	}
	oids := make([]uint32, len(c.fields))
	for i, f := range c.fields {
		oids[i] = f.oid
	}
	return oids, nil
}

// quoteTable quotes a name that may have a schema before it.
func quoteTable(name string) string {
	if schema, table, ok := strings.Cut(name, "."); ok {
		return quote(schema) + "." + quote(table)
	}
	return quote(name)
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}

// loadable reports whether a column takes values in their binary form.
func loadable(oid uint32) bool {
	switch oid {
	case oidBool, oidBytea, oidInt8, oidInt2, oidInt4, oidText, oidVarchar, oidBPChar, oidName, oidJSON, oidJSONB,
		oidFloat4, oidFloat8, oidTimestamp, oidTimestamptz:
		return true
	}
	return false
}

// A loader writes rows in the form of COPY.
type loader struct {
	next   func(row []engine.Value) (bool, error)
	row    []engine.Value
	oids   []uint32
	binary bool

	buf      []byte
	sent     int // of buf
	done     bool
	err      error // of next, or of a value
	panicked any
}

// chunk is how much is written at once, about.
const chunk = 60 << 10

// Read fills p with rows. It is called in another goroutine than Load.
func (l *loader) Read(p []byte) (n int, err error) {
	defer func() {
		if x := recover(); x != nil {
			l.panicked, err = x, io.ErrUnexpectedEOF
		}
	}()
	if l.sent == len(l.buf) {
		if l.done {
			return 0, io.EOF
		}
		l.buf, l.sent = l.buf[:0], 0
	}
	for !l.done && len(l.buf) < chunk {
		if err := l.add(); err != nil {
			l.err = err
			return 0, err
		}
	}
	n = copy(p, l.buf[l.sent:])
	l.sent += n
	return n, nil
}

// add appends one row, or the end.
func (l *loader) add() error {
	clear(l.row)
	more, err := l.next(l.row)
	if err != nil {
		return err
	}
	if !more {
		l.done = true
		if l.binary {
			l.buf = append(l.buf, 0xff, 0xff)
		}
		return nil
	}
	if l.binary {
		return l.addBinary()
	}
	l.addText()
	return nil
}

func (l *loader) addBinary() error {
	be := binary.BigEndian
	l.buf = be.AppendUint16(l.buf, uint16(len(l.row)))
	for i := range l.row {
		v := &l.row[i]
		at := len(l.buf)
		l.buf = be.AppendUint32(l.buf, 0xffffffff)
		if v.Kind() == engine.KindNull {
			continue
		}
		var ok bool
		if l.buf, ok = appendBinary(l.buf, l.oids[i], v); !ok {
			return fmt.Errorf("postgres: load: %s does not fit column %d", v, i+1)
		}
		be.PutUint32(l.buf[at:], uint32(len(l.buf)-at-4))
	}
	return nil
}

func (l *loader) addText() {
	for i := range l.row {
		if i > 0 {
			l.buf = append(l.buf, '\t')
		}
		v := &l.row[i]
		if v.Kind() == engine.KindNull {
			l.buf = append(l.buf, `\N`...)
			continue
		}
		text := appendText(nil, v)
		for len(text) > 0 {
			n := bytes.IndexAny(text, "\\\t\n\r")
			if n < 0 {
				n = len(text)
			}
			l.buf = append(l.buf, text[:n]...)
			if n == len(text) {
				break
			}
			l.buf = append(l.buf, '\\', escapes[text[n]])
			text = text[n+1:]
		}
	}
	l.buf = append(l.buf, '\n')
}

var escapes = map[byte]byte{'\\': '\\', '\t': 't', '\n': 'n', '\r': 'r'}
