package db

import (
	"context"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
)

// column is what the query builder knows of a column.
type column struct {
	table *table
	def   *schema.Column
}

func (c *column) String() string {
	if c == nil {
		return "of no table"
	}
	return c.table.def.Name + "." + c.def.Name
}

// A Column is what columns of all types have in common. Its zero value belongs
// to no table; [Table.Bind] gives it one.
type Column struct{ c *column }

// String returns table.column.
func (c Column) String() string { return c.c.String() }

// Asc sorts by this column, smallest first.
func (c Column) Asc() Order { return Order{col: c.c} }

// Desc sorts by this column, largest first.
func (c Column) Desc() Order { return Order{col: c.c, desc: true} }

func (c *Column) bind(to *column) { c.c = to }

func (c Column) compare(op string, v engine.Value) Cond {
	return Cond{kind: compare, col: c.c, op: op, args: []engine.Value{v}}
}

func (c Column) between(lo, hi engine.Value) Cond {
	return Cond{kind: between, col: c.c, args: []engine.Value{lo, hi}}
}

func (c Column) like(before, s, after string) Cond {
	return Cond{kind: like, col: c.c, args: []engine.Value{engine.Text(before + escapeLike(s) + after)}}
}

func (c Column) set(v engine.Value) Assign { return Assign{col: c.c, val: v} }

func (c Column) isNull() Cond  { return Cond{kind: isNull, col: c.c} }
func (c Column) notNull() Cond { return Not(c.isNull()) }

// inList is the condition that c is one of list.
func inList[T any](c Column, list []T, value func(T) engine.Value) Cond {
	args := make([]engine.Value, len(list))
	for i, v := range list {
		args[i] = value(v)
	}
	return Cond{kind: in, col: c.c, args: args}
}

// distinct reads the different values of c in the rows where conds hold.
func distinct[T any](ctx context.Context, c Column, conds []Cond, read func(*Row) T) ([]T, error) {
	d, err := FromContext(ctx)
	if err != nil {
		return nil, err
	}
	st, err := buildDistinct(&d.dialect, c.c, conds)
	if err != nil {
		return nil, err
	}
	var list []T
	var row Row
	err = d.query(ctx, st, func(values []engine.Value) error {
		row = Row{values: values}
		list = append(list, read(&row))
		return row.failure(c.c)
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
