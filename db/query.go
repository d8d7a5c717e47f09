package db

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Query is a set of rows of one table, to be read, changed or deleted. Its
// methods return a new Query and leave theirs as it is, so a Query may be kept,
// shared and built upon. A mistake in how it was built, such as a column of
// another table, is returned before anything is sent to the database.
type Query[P any] struct {
	q *query
	m *Model[P]
}

// query is the part of a Query that does not depend on the model's type. It
// does not change.
type query struct {
	t             *table
	where         []Cond
	order         []Order
	limit, offset int64
	limited       bool
	everywhere    bool
}

// Where keeps the rows for which all of conds are true.
func (q Query[P]) Where(conds ...Cond) Query[P] {
	c := *q.q
	c.where = append(c.where[:len(c.where):len(c.where)], conds...)
	return Query[P]{&c, q.m}
}

// OrderBy sorts the rows, after the orders that were given before.
func (q Query[P]) OrderBy(orders ...Order) Query[P] {
	c := *q.q
	c.order = append(c.order[:len(c.order):len(c.order)], orders...)
	return Query[P]{&c, q.m}
}

// Limit reads n rows at most.
func (q Query[P]) Limit(n int) Query[P] {
	c := *q.q
	c.limit, c.limited = int64(n), true
	return Query[P]{&c, q.m}
}

// Offset leaves out the first n rows.
func (q Query[P]) Offset(n int) Query[P] {
	c := *q.q
	c.offset = int64(n)
	return Query[P]{&c, q.m}
}

// Everywhere lets Update and Delete touch every row of the table, which they
// refuse without a condition.
func (q Query[P]) Everywhere() Query[P] {
	c := *q.q
	c.everywhere = true
	return Query[P]{&c, q.m}
}

// SQL returns the SELECT that All would run, as it is spelled for SQLite.
func (q Query[P]) SQL() (string, error) {
	st, err := q.q.all(nil)
	return st.sql, err
}

// All returns the rows. Without an OrderBy their order is not defined.
func (q Query[P]) All(ctx context.Context) ([]P, error) {
	st, err := q.q.all(dialect(ctx))
	if err != nil {
		return nil, err
	}
	return q.read(ctx, st)
}

// First returns the first row, [ErrNotFound] if there is none. Without an
// OrderBy it is the one with the smallest primary key.
func (q Query[P]) First(ctx context.Context) (P, error) {
	st, err := q.q.first(dialect(ctx))
	if err != nil {
		var none P
		return none, err
	}
	return q.one(ctx, st)
}

// Count returns how many rows All would return.
func (q Query[P]) Count(ctx context.Context) (int64, error) {
	st, err := q.q.count(dialect(ctx))
	if err != nil {
		return 0, err
	}
	return q.q.number(ctx, st)
}

// Exists reports whether All would return any rows.
func (q Query[P]) Exists(ctx context.Context) (bool, error) {
	st, err := q.q.exists(dialect(ctx))
	if err != nil {
		return false, err
	}
	n, err := q.q.number(ctx, st)
	return n != 0, err
}

// Update makes the changes in all rows, in one statement, and returns in how
// many. Without a condition it is refused unless [Query.Everywhere] was asked
// for; with an OrderBy, a Limit or an Offset, always.
func (q Query[P]) Update(ctx context.Context, changes ...Assign) (int64, error) {
	st, err := q.q.update(dialect(ctx), changes)
	if err != nil {
		return 0, err
	}
	return q.q.exec(ctx, st)
}

// Delete deletes all rows, in one statement, and returns how many. It is
// refused where [Query.Update] is.
func (q Query[P]) Delete(ctx context.Context) (int64, error) {
	st, err := q.q.delete(dialect(ctx))
	if err != nil {
		return 0, err
	}
	return q.q.exec(ctx, st)
}

// read runs st, which selects all columns, and decodes its rows.
func (q Query[P]) read(ctx context.Context, st statement) ([]P, error) {
	var list []P
	var row Row
	err := q.q.run(ctx, st, &row, func() {
		p := q.m.New()
		for row.at = range row.values {
			q.m.Decode(p, row.at, &row)
			if row.err != nil {
				return
			}
		}
		list = append(list, p)
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// one is read for a statement that gives one row at most.
func (q Query[P]) one(ctx context.Context, st statement) (P, error) {
	list, err := q.read(ctx, st)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("db: %s: %w", q.q.t.def.Name, ErrNotFound)
	}
	if err != nil {
		var none P
		return none, err
	}
	return list[0], nil
}

// run runs st, which selects all columns of q's table, and calls decode for
// each row after it was put into row.
func (q *query) run(ctx context.Context, st statement, row *Row, decode func()) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	return d.query(ctx, st, func(values []engine.Value) error {
		row.values = values
		decode()
		return row.failure(&q.t.columns[min(row.at, len(q.t.columns)-1)])
	})
}

// number runs st, which gives one integer.
func (q *query) number(ctx context.Context, st statement) (n int64, err error) {
	d, err := FromContext(ctx)
	if err != nil {
		return 0, err
	}
	err = d.query(ctx, st, func(values []engine.Value) error {
		n = values[0].Int()
		return nil
	})
	return n, err
}

func (q *query) exec(ctx context.Context, st statement) (int64, error) {
	d, err := FromContext(ctx)
	if err != nil {
		return 0, err
	}
	return d.exec(ctx, st)
}
