package db

import (
	"context"
	"fmt"
	"iter"
	"slices"

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
	fill     bool
	top      int // of each window by, if not 0
	by       Window
	parts    []member // of a union, which is then nothing else
	word     string   // between them
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

// Having keeps the groups for which all of conds are true. A condition that
// holds no aggregate is one on what the rows are grouped by.
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
	row := Row{computed: true, db: db}
	read := func(values []engine.Value) error {
		row.values = values
		if err := row.readInto(dests); err != nil {
			return err
		}
		each()
		return nil
	}
	if !g.fill {
		return db.query(ctx, st, read)
	}
	rows, err := g.whole(ctx, db, st, dests)
	if err != nil {
		return err
	}
	for _, values := range rows {
		if err := read(values); err != nil {
			return err
		}
	}
	return nil
}

// readInto gives the row's values to dests.
func (r *Row) readInto(dests []Dest) error {
	for i, d := range dests {
		r.at = i
		d.read(r)
		if r.err != nil {
			return r.failure(d.col)
		}
	}
	return nil
}

// whole returns all rows of the result, with those that Fill adds.
func (g *grouping) whole(ctx context.Context, db *DB, st statement, dests []Dest) ([][]engine.Value, error) {
	var rows [][]engine.Value
	err := db.query(ctx, st, func(values []engine.Value) error {
		rows = append(rows, slices.Clone(values))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return g.filled(rows, dests)
}

// Each returns the rows one after the other while they are read; see
// [Query.Each]. With Fill all of them are read first.
func (g *Grouped[D]) Each(ctx context.Context) iter.Seq2[D, error] {
	return func(yield func(D, error) bool) {
		var d D
		stopped := false
		err := g.g.each(ctx, g.bind(&d), func() bool {
			stopped = !yield(d, nil)
			return !stopped
		})
		if err != nil && !stopped {
			var none D
			yield(none, err)
		}
	}
}

// each is run for a reader that may use the database itself, and may want no
// more.
func (g *grouping) each(ctx context.Context, dests []Dest, more func() bool) error {
	db, err := FromContext(ctx)
	if err != nil {
		return err
	}
	st, err := g.statement(&db.dialect, dests)
	if err != nil {
		return err
	}
	row := Row{computed: true, db: db}
	read := func(_ context.Context, values []engine.Value) error {
		row.values = values
		if err := row.readInto(dests); err != nil {
			return err
		}
		if !more() {
			return errStopped
		}
		return nil
	}
	if !g.fill {
		return db.stream(ctx, st, read)
	}
	rows, err := g.whole(ctx, db, st, dests)
	if err != nil {
		return err
	}
	for _, values := range rows {
		if err := read(ctx, values); err != nil {
			return err
		}
	}
	return nil
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

// grouping writes the SELECT of g: all of it, or with Top what is then ranked.
// Where it stands in another, its values are named.
func (b *builder) grouping(g *grouping, dests []Dest, named bool) {
	s := b.open(g.q.t)
	before, having := g.conds(dests), g.having
	if g.grouped(dests) {
		before, having = sorted(before, having)
	}
	s.groups = &groups{conds: before, dests: dests}
	b.unwritten(func() { // what it needs of the rows must be known before FROM
		b.conds(" HAVING ", having)
		b.order(g.q.order)
	})
	b.write("SELECT ")
	if g.distinct {
		b.write("DISTINCT ")
	}
	list := make([]rendered, len(dests))
	for i, d := range dests {
		if i > 0 {
			b.write(", ")
		}
		list[i] = b.rendered(d.col, b.aliases)
		if named {
			b.write(" AS ", topColumn(i))
		}
	}
	if g.top != 0 {
		b.write(", ")
		b.column(g.by.RowNumber().Column)
		b.write(" AS ", quote("place"))
	}
	b.fromKeys(s)
	if g.grouped(dests) {
		b.groupBy(dests)
	}
	b.conds(" HAVING ", having)
	if g.top == 0 {
		b.orderBy(g, dests, list)
		b.window(g.q)
	}
	b.close(s)
}

// conds are those of the query, and that moments are in the spans of dests.
func (g *grouping) conds(dests []Dest) []Cond {
	list := g.q.conds()
	var seen []*Span
	for _, d := range dests {
		if d.col.x == nil || d.col.x.span == nil {
			continue
		}
		s := d.col.x.span
		if !slices.ContainsFunc(seen, func(o *Span) bool {
			return sameColumn(o.c, s.c) && o.from.Equal(s.from) && o.to.Equal(s.to)
		}) {
			seen = append(seen, s)
			list = append(list[:len(list):len(list)], s.holds())
		}
	}
	return list
}

// unwritten runs write for what it finds out, and takes back what it wrote.
func (b *builder) unwritten(write func()) {
	n, args := len(b.sql), len(b.args)
	write()
	b.sql, b.args = b.sql[:n], b.args[:args]
}

// groupBy groups by what is no aggregate, named by its place: an expression
// with an argument, written again, would be another to PostgreSQL.
func (b *builder) groupBy(dests []Dest) {
	word := " GROUP BY "
	for i, d := range dests {
		if !d.col.aggregate() && !d.col.window() {
			b.write(word)
			b.int(int64(i + 1))
			word = ", "
		}
	}
}

// orderBy is order for a result of dests, named by their places too.
func (b *builder) orderBy(g *grouping, dests []Dest, list []rendered) {
	word := " ORDER BY "
	for _, o := range g.q.order {
		b.write(word)
		word = ", "
		at := placeOf(o.col, dests)
		if at < 0 {
			at = b.placeAmong(o.col, list)
		}
		switch {
		case at >= 0:
			b.int(int64(at + 1))
			b.direction(o)
		case g.distinct:
			b.fail(misuse("A1506", fmt.Sprintf("db: distinct rows of %s, sorted by %s, which is not read", g.q.t.def.Name, o.col),
				"read it as well: rows that are the same may differ in it, so they have no place in that order"))
		default:
			b.orderTerm(o)
		}
	}
}

// sorted returns the conditions for WHERE and for HAVING: one on what rows are
// grouped by leaves out the same groups in either, and all engines know the
// expression in the first.
func sorted(conds, having []Cond) (before, after []Cond) {
	before = conds
	for _, c := range having {
		if c.aggregate() {
			after = append(after, c)
		} else {
			before = append(before[:len(before):len(before)], c)
		}
	}
	return before, after
}

// rendered is an expression as it stands in a statement.
type rendered struct {
	sql     string
	args    []engine.Value
	aliases int // the builder's, before it was written
}

// rendered writes c, naming what it needs from aliases on.
func (b *builder) rendered(c Column, aliases int) rendered {
	text, args := len(b.sql), len(b.args)
	last := b.aliases
	b.aliases = aliases
	b.column(c)
	b.aliases = max(last, b.aliases)
	return rendered{string(b.sql[text:]), slices.Clone(b.args[args:]), aliases}
}

func (r rendered) same(o rendered) bool {
	return r.sql == o.sql && slices.EqualFunc(r.args, o.args, func(v, w engine.Value) bool {
		return v.Kind() == w.Kind() && v.String() == w.String()
	})
}

// placeAmong returns which of list c is written as, with the same values, -1 if
// none is: an expression may have been built twice.
func (b *builder) placeAmong(c Column, list []rendered) (at int) {
	return slices.IndexFunc(list, func(r rendered) (same bool) {
		b.unwritten(func() { same = r.same(b.rendered(c, r.aliases)) })
		return same
	})
}

// placeOf returns which of dests reads c, -1 if none does.
func placeOf(c Column, dests []Dest) int {
	return slices.IndexFunc(dests, func(d Dest) bool { return sameColumn(c, d.col) })
}

// sameColumn reports whether two columns are the same, or the same value of an
// expression.
func sameColumn(a, z Column) bool {
	return a == z || a.x == nil && z.x == nil && a.i == z.i && a.at.same(z.at) ||
		a.x != nil && z.x != nil && a.x.id != nil && a.x.id == z.x.id
}
