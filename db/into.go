package db

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Dest joins a column or an expression to the field that its value goes to;
// see [Into].
type Dest struct {
	col  Column
	read func(*Row)
}

func toNull[T any](c Column, d **T, read func(*Row) T) Dest {
	return c.to(func(r *Row) {
		if r.Null() {
			*d = nil
			return
		}
		v := read(r)
		*d = &v
	})
}

// Grouped is a query whose rows are of type D. Its methods return a new one.
type Grouped[D any] struct {
	g    *grouping
	bind func(d *D) []Dest
}

// grouping is the part of a Grouped that does not depend on its type.
type grouping struct {
	q        *query
	having   []Cond
	distinct bool
}

// Into reads columns and expressions of the rows of q into values of type D.
// bind says which goes where:
//
//	type Stat struct {
//		Genre string
//		Films int64
//		Mean  *float64
//	}
//	stats, err := db.Into(Films.Where(Films.Stock.GT(0)), func(d *Stat) []db.Dest {
//		return []db.Dest{Films.Genre().Name.To(&d.Genre), db.Count().To(&d.Films), Films.Price.Avg().To(&d.Mean)}
//	}).Having(db.Count().GT(1)).All(ctx)
//
// Where one of them is an aggregate, such as [Count], the rows are grouped by
// all those that are not. The order and the window of q are those of the
// result; With has no meaning here.
func Into[D any](q interface{ query() *query }, bind func(d *D) []Dest) *Grouped[D] {
	return &Grouped[D]{&grouping{q: q.query()}, bind}
}

// Having keeps the groups for which all of conds are true.
func (g *Grouped[D]) Having(conds ...Cond) *Grouped[D] {
	c := *g.g
	c.having = append(c.having[:len(c.having):len(c.having)], conds...)
	return &Grouped[D]{&c, g.bind}
}

// OrderBy sorts the result, after the orders that were given before.
func (g *Grouped[D]) OrderBy(orders ...Order) *Grouped[D] {
	c, q := *g.g, *g.g.q
	q.order = append(q.order[:len(q.order):len(q.order)], orders...)
	c.q = &q
	return &Grouped[D]{&c, g.bind}
}

// Limit reads n rows of the result at most.
func (g *Grouped[D]) Limit(n int) *Grouped[D] {
	c, q := *g.g, *g.g.q
	q.limit, q.limited = int64(n), true
	c.q = &q
	return &Grouped[D]{&c, g.bind}
}

// Distinct leaves out rows that are the same as another.
func (g *Grouped[D]) Distinct() *Grouped[D] {
	c := *g.g
	c.distinct = true
	return &Grouped[D]{&c, g.bind}
}

// All returns the rows.
func (g *Grouped[D]) All(ctx context.Context) ([]D, error) {
	var d D
	var list []D
	err := g.g.run(ctx, g.bind(&d), func() { list = append(list, d) })
	if err != nil {
		return nil, err
	}
	return list, nil
}

// First returns the first row, [ErrNotFound] if there is none.
func (g *Grouped[D]) First(ctx context.Context) (D, error) {
	var d D
	list, err := g.Limit(1).All(ctx)
	switch {
	case err != nil:
		return d, err
	case len(list) == 0:
		return d, fmt.Errorf("db: %s: %w", g.g.q.t.def.Name, ErrNotFound)
	}
	return list[0], nil
}

// SQL returns the SELECT that All would run, as it is spelled for SQLite.
func (g *Grouped[D]) SQL() (string, error) {
	var d D
	st, err := g.g.statement(nil, g.bind(&d))
	return st.sql, err
}

func (g *grouping) run(ctx context.Context, dests []Dest, each func()) error {
	db, err := FromContext(ctx)
	if err != nil {
		return err
	}
	st, err := g.statement(&db.dialect, dests)
	if err != nil {
		return err
	}
	row := Row{computed: true}
	return db.query(ctx, st, func(values []engine.Value) error {
		row.values = values
		for i, d := range dests {
			row.at = i
			d.read(&row)
			if row.err != nil {
				return row.failure(d.col)
			}
		}
		each()
		return nil
	})
}

// grouped reports whether a Dest or a condition is made of many rows.
func (g *grouping) grouped(dests []Dest) bool {
	for _, d := range dests {
		if d.col.aggregate() {
			return true
		}
	}
	return len(g.having) > 0
}

func (g *grouping) statement(d *engine.Dialect, dests []Dest) (statement, error) {
	if len(dests) == 0 {
		return statement{}, misuse("A1506", "db: Into without a column", "return what to read, such as Films.Price.To(&d.Price)")
	}
	return build(g.q.t, d, func(b *builder) {
		b.fail(g.q.err)
		s := b.open(g.q.t)
		b.write("SELECT ")
		if g.distinct {
			b.write("DISTINCT ")
		}
		for i, d := range dests {
			if i > 0 {
				b.write(", ")
			}
			b.column(d.col)
		}
		b.from(s)
		b.where(g.q.conds())
		if g.grouped(dests) {
			b.groupBy(dests)
		}
		b.conds(" HAVING ", g.having)
		b.orderBy(g.q.order, dests)
		b.window(g.q)
		b.close(s)
	})
}

// groupBy groups by what is no aggregate, named by its place: an expression
// with an argument, written again, would be another to PostgreSQL.
func (b *builder) groupBy(dests []Dest) {
	word := " GROUP BY "
	for i, d := range dests {
		if !d.col.aggregate() {
			b.write(word)
			b.int(int64(i + 1))
			word = ", "
		}
	}
}

// orderBy is order for a result of dests, named by their places too.
func (b *builder) orderBy(orders []Order, dests []Dest) {
	word := " ORDER BY "
	for _, o := range orders {
		b.write(word)
		word = ", "
		at := -1
		for i, d := range dests {
			if d.col == o.col || d.col.x == nil && o.col.x == nil && d.col.i == o.col.i && d.col.at.same(o.col.at) {
				at = i
				break
			}
		}
		if at < 0 {
			b.orderTerm(o)
			continue
		}
		b.int(int64(at + 1))
		b.direction(o)
	}
}
