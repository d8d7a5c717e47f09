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
	if d.transaction(ctx) == nil {
		d.guard.beside(ctx)
		_, err := d.on(ctx, st.write, func(s engine.Session) (int64, error) {
			return d.streamOn(context.WithValue(ctx, txKey{d}, &transaction{session: s}), st, each)
		})
		return err
	}
	_, err = d.streamOn(ctx, st, each)
	return err
}

// streamOn is stream in the transaction of ctx, or what stands for one. It
// returns how many rows were read.
func (d *DB) streamOn(ctx context.Context, st statement, each func(context.Context, []engine.Value) error) (n int64, err error) {
	t := d.transaction(ctx)
	defer d.report(ctx, st, d.begin(), &n, &err)
	var cursor engine.Cursor
	err = t.use(func(s engine.Session) (err error) {
		cursor, err = s.Query(ctx, st.sql, st.args)
		return err
	})
	if err != nil {
		return 0, name(st, err)
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
			return n, err
		}
		n++
		if err := each(ctx, row); err != nil {
			return n, err
		}
	}
}
