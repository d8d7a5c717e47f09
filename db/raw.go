package db

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/db/engine"
)

// SQL runs a SELECT of your own with ctx's database, in ctx's transaction if
// there is one, and returns its rows, which [Row.Scan] copies out:
//
//	rows, err := db.SQL(ctx, `SELECT genre, count(*) FROM films WHERE price > ? GROUP BY genre`, 400)
//	if err != nil {
//		return err
//	}
//	for _, row := range rows {
//		if err := row.Scan(&stat.Genre, &stat.Films); err != nil { … }
//	}
//
// Each ? in the SQL, on every engine, is one of args and never becomes part of
// the SQL: that is how values of visitors stay values. Write nothing but
// constants into the SQL itself. Arguments are of the basic Go types and types
// made of them, []byte, time.Time, or pointers to these (nil is NULL).
//
// Outside of a transaction SQL reads on a connection that cannot write; use
// [Exec] to write. All rows are read before SQL returns: put a LIMIT on what
// may be large.
func SQL(ctx context.Context, sql string, args ...any) ([]*Row, error) {
	d, err := FromContext(ctx)
	if err != nil {
		return nil, err
	}
	values, err := valuesOf(args)
	if err != nil {
		return nil, err
	}
	var rows []*Row
	err = d.query(ctx, statement{sql: sql, args: values}, func(v []engine.Value) error {
		rows = append(rows, &Row{values: append([]engine.Value(nil), v...)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// Exec runs a statement of your own that gives no rows with ctx's database, in
// ctx's transaction if there is one, and returns how many rows an INSERT,
// UPDATE or DELETE changed. See [SQL] for the arguments.
func Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	d, err := FromContext(ctx)
	if err != nil {
		return 0, err
	}
	values, err := valuesOf(args)
	if err != nil {
		return 0, err
	}
	return d.exec(ctx, statement{sql: sql, args: values, write: true})
}

func valuesOf(args []any) ([]engine.Value, error) {
	if len(args) == 0 {
		return nil, nil
	}
	values := make([]engine.Value, len(args))
	for i, arg := range args {
		v, err := engine.Of(arg)
		if err != nil {
			return nil, fmt.Errorf("db: argument %d: %w", i+1, err)
		}
		values[i] = v
	}
	return values, nil
}
