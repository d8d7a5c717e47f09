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
	sql     string
	args    []engine.Value
	write   bool
	part    bool   // of a call that sends several
	control bool   // begins or ends a transaction
	t       *table // the table that it is about, where that is known
}

// exec runs a statement that gives no rows.
func (d *DB) exec(ctx context.Context, st statement) (int64, error) {
	return d.use(ctx, st, func(s engine.Session) (int64, error) { return s.Exec(ctx, st.sql, st.args) })
}

// query runs a statement and calls each for its rows. What each is given is
// good until it returns; it must not run queries itself. Nothing is reported
// as read unless all rows were.
func (d *DB) query(ctx context.Context, st statement, each func([]engine.Value) error) error {
	_, err := d.use(ctx, st, func(s engine.Session) (int64, error) {
		cursor, err := s.Query(ctx, st.sql, st.args)
		if err != nil {
			return 0, err
		}
		return walk(ctx, cursor, each)
	})
	return err
}

// walk calls each for the rows of a cursor, closes it and returns how many
// there were.
func walk(ctx context.Context, cursor engine.Cursor, each func([]engine.Value) error) (n int64, err error) {
	defer cursor.Close()
	row := make([]engine.Value, cursor.Columns())
	for {
		switch err := cursor.Next(ctx, row); {
		case errors.Is(err, io.EOF):
			return n, cursor.Close()
		case err != nil:
			return n, err
		}
		n++
		if err := each(row); err != nil {
			return n, err
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
	all := statement{t: list[0].t, part: list[0].part}
	statements := make([]engine.Statement, len(list))
	watched := d.watched()
	for i, st := range list {
		if watched {
			all.join(st)
		}
		statements[i] = engine.Statement{SQL: st.sql, Args: st.args, Rows: true}
		if err := d.checkArgs(st); err != nil {
			return true, err
		}
	}
	var n int64
	run := func(s engine.Session) (int64, error) {
		b, ok := s.(engine.Batcher)
		if !ok {
			return 0, nil
		}
		done = true
		err := b.Batch(ctx, statements, func(i int, c engine.Cursor, _ int64) error {
			more, err := walk(ctx, c, func(values []engine.Value) error { return each(i, values) })
			n += more
			return err
		})
		return n, err
	}
	began := d.begin()
	defer func() {
		if done {
			d.report(ctx, all, began, &n, &err)
		}
	}()
	_, err = d.session(ctx, all, run)
	return done, err
}

// join makes st one of several that are sent together.
func (all *statement) join(st statement) {
	if all.sql != "" {
		all.sql += ";\n"
	}
	all.sql += st.sql
	all.args = append(all.args, st.args...)
}

// use checks the statement's arguments, calls f with the session of ctx's
// transaction or else with one of the pool, and reports what happened. f
// returns how many rows it read or changed.
func (d *DB) use(ctx context.Context, st statement, f func(engine.Session) (int64, error)) (n int64, err error) {
	if err := d.checkArgs(st); err != nil {
		return 0, err
	}
	defer d.report(ctx, st, d.begin(), &n, &err)
	return d.session(ctx, st, f)
}

func (d *DB) checkArgs(st statement) error {
	for i := range st.args {
		if err := d.seal(&st.args[i]); err != nil {
			return err
		}
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
func (d *DB) session(ctx context.Context, st statement, f func(engine.Session) (int64, error)) (n int64, err error) {
	if t := d.transaction(ctx); t != nil {
		err = t.use(func(s engine.Session) (err error) {
			n, err = f(s)
			return err
		})
		return n, name(st, err)
	}
	d.guard.beside(ctx)
	n, err = d.on(ctx, st.write, f)
	return n, name(st, err)
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
	if broken.Kind == engine.ForeignKey && broken.Table == st.t.def.Name && len(broken.Columns) == 0 {
		broken.Columns = st.t.foreign(broken.Name)
	}
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
