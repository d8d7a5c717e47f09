package db

import (
	"context"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
)

// A Column is what columns, and expressions, of all types have in common. Its
// zero value belongs to no table; [Bind] gives it one.
type Column struct {
	at *path
	i  int   // of the columns of the table at the end of at
	x  *expr // what it is instead of a column
}

// Expr is a column, or an expression made of columns, with values of type T.
type Expr[T any] interface {
	col() Column
	of(T)
}

// Columnar is a column or an expression of any type.
type Columnar interface{ col() Column }

func (c Column) col() Column { return c }

// String returns table.column.
func (c Column) String() string {
	switch {
	case c.x != nil:
		return c.x.name
	case c.at == nil:
		return "of no table"
	}
	return c.at.String() + "." + c.def().Name
}

// def returns what the schema says of the column, nil for an expression.
func (c Column) def() *schema.Column {
	if c.at == nil {
		return nil
	}
	t := c.at.end()
	if c.i >= len(t.def.Columns) {
		return &schema.Column{Name: "?"}
	}
	return &t.def.Columns[c.i]
}

// nullable reports whether c may be NULL.
func (c Column) nullable() bool {
	if c.x != nil {
		return c.x.null
	}
	return c.at != nil && (c.at.outer() || c.def().Null)
}

// aggregate reports whether c is made of many rows.
func (c Column) aggregate() bool { return c.x != nil && c.x.aggregate }

// window reports whether c looks at other rows of the result.
func (c Column) window() bool { return c.x != nil && c.x.window }

// Asc sorts by this column, smallest first.
func (c Column) Asc() Order { return Order{col: c} }

// Desc sorts by this column, largest first.
func (c Column) Desc() Order { return Order{col: c, desc: true} }

// InQuery is true for rows whose value is among those that q selects:
//
//	Films.GenreID.InQuery(Genres.Where(Genres.Name.HasPrefix("D")).Select(Genres.ID))
func (c Column) InQuery(q Selection) Cond { return Cond{kind: inQuery, col: c, sub: &q} }

func (c Column) compare(op string, v engine.Value) Cond {
	return Cond{kind: compare, col: c, op: op, args: []engine.Value{v}}
}

func (c Column) between(lo, hi engine.Value) Cond {
	return Cond{kind: between, col: c, args: []engine.Value{lo, hi}}
}

func (c Column) like(before, s, after string) Cond {
	return Cond{kind: like, col: c, args: []engine.Value{engine.Text(before + escapeLike(s) + after)}}
}

func (c Column) set(v engine.Value) Assign { return Assign{col: c, val: v} }

func (c Column) isNull() Cond  { return Cond{kind: isNull, col: c} }
func (c Column) notNull() Cond { return Not(c.isNull()) }

// inList is the condition that c is one of list.
func inList[T any](c Column, list []T, value func(T) engine.Value) Cond {
	args := make([]engine.Value, len(list))
	for i, v := range list {
		args[i] = value(v)
	}
	return Cond{kind: in, col: c, args: args}
}

// to binds the column's value to what read fills in.
func (c Column) to(read func(*Row)) Dest { return Dest{col: c, read: read} }

// distinct reads the different values of c in the rows where conds hold.
func distinct[T any](ctx context.Context, c Column, conds []Cond, read func(*Row) T) ([]T, error) {
	d, err := FromContext(ctx)
	if err != nil {
		return nil, err
	}
	st, err := buildDistinct(&d.dialect, c, conds)
	if err != nil {
		return nil, err
	}
	var list []T
	var row Row
	err = d.query(ctx, st, func(values []engine.Value) error {
		row = Row{values: values}
		list = append(list, read(&row))
		return row.failure(c)
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
