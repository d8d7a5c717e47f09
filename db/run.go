package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A statement is SQL on its way to the database.
type statement struct {
	sql   string
	args  []engine.Value
	write bool
	t     *table // the table that it is about, where that is known
}

// exec runs a statement that gives no rows.
func (d *DB) exec(ctx context.Context, st statement) (n int64, err error) {
	err = d.use(ctx, st, &n, func(s engine.Session) error {
		n, err = s.Exec(ctx, st.sql, st.args)
		return err
	})
	return n, err
}

// query runs a statement and calls each for its rows. What each is given is
// good until it returns; it must not run queries itself. Nothing is reported
// as read unless all rows were.
func (d *DB) query(ctx context.Context, st statement, each func([]engine.Value) error) error {
	var n int64
	return d.use(ctx, st, &n, func(s engine.Session) error {
		cursor, err := s.Query(ctx, st.sql, st.args)
		if err != nil {
			return err
		}
		return walk(ctx, cursor, &n, each)
	})
}

// walk calls each for the rows of a cursor, counts them and closes it.
func walk(ctx context.Context, cursor engine.Cursor, n *int64, each func([]engine.Value) error) error {
	defer cursor.Close()
	row := make([]engine.Value, cursor.Columns())
	for {
		switch err := cursor.Next(ctx, row); {
		case errors.Is(err, io.EOF):
			return cursor.Close()
		case err != nil:
			return err
		}
		*n++
		if err := each(row); err != nil {
			return err
		}
	}
}

// queries runs several statements that give rows, in one round trip where the
// engine can, and calls each for the rows of the i-th.
func (d *DB) queries(ctx context.Context, list []statement, each func(i int, values []engine.Value) error) error {
	if len(list) > 1 {
		if done, err := d.batch(ctx, list, each); done {
			return err
		}
	}
	for i, st := range list {
		if err := d.query(ctx, st, func(values []engine.Value) error { return each(i, values) }); err != nil {
			return err
		}
	}
	return nil
}

// batch is queries for a session that is an [engine.Batcher]; it reports false
// if this one is none.
func (d *DB) batch(ctx context.Context, list []statement, each func(i int, values []engine.Value) error) (done bool, err error) {
	all := statement{t: list[0].t}
	statements := make([]engine.Statement, len(list))
	for i, st := range list {
		if i > 0 {
			all.sql += ";\n"
		}
		all.sql += st.sql
		statements[i] = engine.Statement{SQL: st.sql, Args: st.args, Rows: true}
		if err := d.checkArgs(st); err != nil {
			return true, err
		}
	}
	var n int64
	run := func(s engine.Session) error {
		b, ok := s.(engine.Batcher)
		if !ok {
			return nil
		}
		done = true
		return b.Batch(ctx, statements, func(i int, c engine.Cursor, _ int64) error {
			return walk(ctx, c, &n, func(values []engine.Value) error { return each(i, values) })
		})
	}
	defer d.observeIf(ctx, &done, all, &n, &err)()
	return done, d.session(ctx, all, run)
}

// use checks the statement's arguments, calls f with the session of ctx's
// transaction or else with one of the pool, and reports what happened.
func (d *DB) use(ctx context.Context, st statement, rows *int64, f func(engine.Session) error) (err error) {
	if err := d.checkArgs(st); err != nil {
		return err
	}
	defer d.observe(ctx, st, rows, &err)()
	return d.session(ctx, st, f)
}

func (d *DB) checkArgs(st statement) error {
	for i := range st.args {
		if err := st.args[i].Check(); err != nil {
			return err
		}
	}
	if len(st.args) > d.dialect.MaxArgs {
		return misuse("A1506", fmt.Sprintf("db: a statement with %d values, %d at most", len(st.args), d.dialect.MaxArgs),
			"split the list that In was given")
	}
	return nil
}

// session calls f with the session of ctx's transaction or else with one of
// the pool.
func (d *DB) session(ctx context.Context, st statement, f func(engine.Session) error) error {
	if t := d.transaction(ctx); t != nil {
		return name(st, t.use(f))
	}
	d.guard.beside(ctx)
	s, err := d.pool.Acquire(ctx, st.write)
	if err != nil {
		return err
	}
	defer s.Release()
	return name(st, f(s))
}

// name fills in what the engine did not say of a violated constraint: the
// table that was written to, and the index with the columns that it named.
func name(st statement, err error) error {
	if err == nil || st.t == nil {
		return err
	}
	var broken *ConstraintError
	if !errors.As(err, &broken) {
		return err
	}
	if broken.Table == "" {
		broken.Table = st.t.def.Name
	}
	err = brokenBy{err, st.t}
	if broken.Kind != engine.Unique || broken.Name != "" || broken.Table != st.t.def.Name {
		return err
	}
	for _, index := range st.t.def.Indexes {
		if index.Unique && slices.Equal(index.Columns, broken.Columns) {
			broken.Name = st.t.def.IndexName(index)
		}
	}
	return err
}

func nothing() {}

// observeIf is observe for what may turn out not to have been sent.
func (d *DB) observeIf(ctx context.Context, sent *bool, st statement, rows *int64, err *error) func() {
	report := d.observe(ctx, st, rows, err)
	return func() {
		if *sent {
			report()
		}
	}
}

// observe starts the measuring of a statement and returns what ends it.
func (d *DB) observe(ctx context.Context, st statement, rows *int64, err *error) func() {
	hook := d.config.OnQuery
	if hook == nil {
		return nothing
	}
	start := d.config.Now()
	return func() {
		took := d.config.Now().Sub(start)
		hook(ctx, QueryEvent{
			SQL: st.sql, Args: len(st.args), Rows: *rows, Duration: took,
			Slow: took >= d.config.SlowQuery, Err: *err, Caller: caller(),
		})
	}
}
