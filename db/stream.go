package db

import (
	"context"
	"errors"
	"io"

	"github.com/ashlar-go/ashlar/db/engine"
)

// errStopped ends a stream whose reader wants no more.
var errStopped = errors.New("the loop ended")

// stream is query for each that may itself use the database, with the context
// that it is given: that one's queries share the connection.
func (d *DB) stream(ctx context.Context, st statement, each func(context.Context, []engine.Value) error) (err error) {
	if err := d.checkArgs(st); err != nil {
		return err
	}
	t := d.transaction(ctx)
	if t == nil {
		d.guard.beside(ctx)
		s, err := d.pool.Acquire(ctx, st.write)
		if err != nil {
			return err
		}
		defer s.Release()
		t = &transaction{session: s}
		ctx = context.WithValue(ctx, txKey{d}, t)
	}
	var n int64
	defer d.report(ctx, st, d.begin(), &n, &err)
	var cursor engine.Cursor
	err = t.use(func(s engine.Session) (err error) {
		cursor, err = s.Query(ctx, st.sql, st.args)
		return err
	})
	if err != nil {
		return name(st, err)
	}
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		cursor.Close()
	}()
	row := make([]engine.Value, cursor.Columns())
	for {
		var end bool
		err := t.use(func(engine.Session) error {
			err := cursor.Next(ctx, row)
			if end = errors.Is(err, io.EOF); end {
				return nil
			}
			return err
		})
		if err != nil || end {
			return err
		}
		n++
		if err := each(ctx, row); err != nil {
			return err
		}
	}
}
