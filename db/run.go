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
		defer cursor.Close()
		row := make([]engine.Value, cursor.Columns())
		for {
			switch err := cursor.Next(ctx, row); {
			case errors.Is(err, io.EOF):
				return cursor.Close()
			case err != nil:
				return err
			}
			n++
			if err := each(row); err != nil {
				return err
			}
		}
	})
}

// use checks the statement's arguments, calls f with the session of ctx's
// transaction or else with one of the pool, and reports what happened.
func (d *DB) use(ctx context.Context, st statement, rows *int64, f func(engine.Session) error) (err error) {
	for i := range st.args {
		if err := st.args[i].Check(); err != nil {
			return err
		}
	}
	if len(st.args) > d.dialect.MaxArgs {
		return misuse("A1506", fmt.Sprintf("db: a statement with %d values, %d at most", len(st.args), d.dialect.MaxArgs),
			"split the list that In was given")
	}
	defer d.observe(ctx, st, rows, &err)()
	if t := d.transaction(ctx); t != nil {
		return name(st, t.use(f))
	}
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
