package mariadb

import (
	"context"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

var _ engine.Loader = (*session)(nil)

// A Load sends so many rows in one INSERT: more gain nothing measurable. It
// sends fewer where their texts are long: the server refuses what is larger
// than its max_allowed_packet.
const (
	maxRows  = 100
	maxBytes = 1 << 20
)

// Load sends the rows in large INSERTs. LOAD DATA LOCAL would be faster, but
// leaves out rows that violate a constraint, and cuts values that do not fit,
// with a warning alone.
func (s *session) Load(ctx context.Context, table string, columns []string, next func(row []engine.Value) (bool, error)) (n int64, err error) {
	if _, err := s.Exec(ctx, "SAVEPOINT ashlar_load", nil); err != nil {
		return 0, err
	}
	l := &loader{session: s, table: table, columns: columns, next: next, full: max(1, min(maxRows, 65535/len(columns)))}
	l.whole = l.sql(l.full)
	done := false
	defer func() { // after a panic of next, too
		if !done && !s.gone {
			_, _ = s.Exec(context.WithoutCancel(ctx), "ROLLBACK TO SAVEPOINT ashlar_load", nil) // it may be gone with its transaction
		}
	}()
	for more := true; more; {
		if more, err = l.read(); err != nil {
			return 0, err
		}
		if err := l.send(ctx); err != nil {
			return 0, err
		}
		n += int64(l.rows)
	}
	done = true
	_, err = s.Exec(ctx, "RELEASE SAVEPOINT ashlar_load", nil)
	return n, err
}

// A loader is one Load.
type loader struct {
	session *session
	table   string
	columns []string
	next    func(row []engine.Value) (bool, error)

	full  int    // as many rows are sent at once,
	whole string // by this statement
	args  []engine.Value
	rows  int
}

// read takes the rows of the next INSERT and reports whether there may be more.
func (l *loader) read() (more bool, err error) {
	width := len(l.columns)
	l.args, l.rows = l.args[:0], 0
	for size := 0; l.rows < l.full && size < maxBytes; {
		for range width {
			l.args = append(l.args, engine.Value{})
		}
		row := l.args[len(l.args)-width:]
		if more, err = l.next(row); err != nil || !more {
			l.args = l.args[:len(l.args)-width]
			return false, err
		}
		for i := range row {
			size += len(row[i].Text()) + len(row[i].Bytes())
		}
		l.rows++
	}
	return true, nil
}

// send inserts the rows that were read.
func (l *loader) send(ctx context.Context) error {
	if l.rows == 0 {
		return nil
	}
	s := l.session
	sql := l.whole
	if l.rows != l.full {
		sql = l.sql(l.rows)
	}
	if err := s.ready(ctx); err != nil {
		return err
	}
	stop := s.watch(ctx)
	err := l.exec(sql)
	return s.unwatch(ctx, stop, sql, err)
}

// exec runs the statement for as many rows as there are. Only the one for a
// whole INSERT is worth keeping.
func (l *loader) exec(sql string) error {
	s := l.session
	if l.rows == l.full {
		_, err := s.exec(sql, l.args)
		return err
	}
	made, err := s.conn.Prepare(sql)
	if err != nil {
		return err
	}
	defer made.Close() // the server does not answer
	_, err = made.(statement).Exec(s.bind(l.args))
	return err
}

// sql is the INSERT for so many rows.
func (l *loader) sql(rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + quote(l.table) + " (")
	for i, c := range l.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(c))
	}
	b.WriteString(") VALUES ")
	one := "(?" + strings.Repeat(", ?", len(l.columns)-1) + ")"
	b.WriteString(one)
	for range rows - 1 {
		b.WriteString(", ")
		b.WriteString(one)
	}
	return b.String()
}

// quote returns an SQL name that is taken for nothing else.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
