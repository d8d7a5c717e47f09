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
	bare    bool   // gives no rows, for a batch
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
