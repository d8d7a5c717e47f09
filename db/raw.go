package db

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// SQL runs a SELECT of your own with ctx's database, in ctx's transaction if
// there is one, and returns its rows as values of type T: a struct, whose
// exported fields take the columns from left to right; or what one column
// holds; or *[Row], whose Scan copies the columns out.
//
//	type Stat struct {
//		Genre *string
//		Films int
//	}
//	stats, err := db.SQL[Stat](ctx, `SELECT genre, count(*) FROM films WHERE price > ? GROUP BY genre`, 400)
//
// Each ? in the SQL, on every engine, is one of args and never becomes part of
// the SQL: that is how values of visitors stay values. Write nothing but
// constants into the SQL itself. Arguments are of the basic Go types and types
// made of them, []byte, time.Time, or pointers to these (nil is NULL).
//
// Outside of a transaction SQL reads on a connection that cannot write; use
// [Exec] to write. All rows are read before SQL returns: put a LIMIT on what
// may be large.
func SQL[T any](ctx context.Context, sql string, args ...any) ([]T, error) {
	var list []T
	err := rawRows(ctx, sql, args, func(row *Row) error {
		var v T
		if r, ok := any(&v).(**Row); ok {
			*r = &Row{values: slices.Clone(row.values), computed: true}
		} else if err := row.Scan(fields(&v)...); err != nil {
			return err
		}
		list = append(list, v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// fields returns pointers to the exported fields of what p points at, or p
// where that is no struct with fields of its own.
func fields(p any) []any {
	v := reflect.ValueOf(p).Elem()
	if _, ok := p.(*time.Time); ok || v.Kind() != reflect.Struct {
		return []any{p}
	}
	var list []any
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			list = append(list, v.Field(i).Addr().Interface())
		}
	}
	return list
}

func rawRows(ctx context.Context, sql string, args []any, each func(*Row) error) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	values, err := valuesOf(args)
	if err != nil {
		return err
	}
	row := Row{computed: true}
	return d.query(ctx, statement{sql: sql, args: values}, func(v []engine.Value) error {
		row.values = v
		return each(&row)
	})
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
