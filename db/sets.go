package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Union is the rows that any of several queries finds, each once. It is a
// query like every other: it may be sorted, counted, and built upon.
func Union[P any](first *Query[P], more ...*Query[P]) *Query[P] {
	all := []*query{first.q}
	for _, m := range more {
		all = append(all, m.q)
	}
	t := first.q.t
	return on(first, &query{t: t, deleted: withDeleted, where: []Cond{inUnion(t, all)}})
}

// inUnion is the condition that a row's key is one of those that queries find.
func inUnion(t *table, all []*query) Cond {
	return Cond{kind: holds, x: &expr{name: "a union", write: func(b *builder) {
		b.again = true
		b.tuple(b.scope.name, t.key)
		word := " IN ("
		for _, q := range all {
			b.write(word)
			b.selection(&Selection{q: q, cols: t.columnsOf(t.key)})
			word = " UNION "
		}
		b.write(")")
	}}}
}

func (t *table) columnsOf(indexes []int) []Column {
	list := make([]Column, len(indexes))
	for i, c := range indexes {
		list[i] = t.column(c)
	}
	return list
}

// Recursive is the rows of q and all that a relation of the table with itself
// leads to from there, over any number of steps: a tree's branch with
// Children, a row's ancestors with Parent.
//
//	Categories.Where(Categories.ID.Eq(id)).Recursive(Categories.Children()).All(ctx)
//
// Conditions that are added afterwards choose among all these rows. A row that
// is reached twice, as in a circle, is there once.
//
//go:noinline
func (q *Query[P]) Recursive(rel Rel) *Query[P] {
	return on(q, q.q.recursive(rel))
}

func (q *query) recursive(rel Rel) *query {
	c := &query{t: q.t, deleted: q.deleted, with: q.with}
	p, _ := rel.relation()
	if p == nil || p.from == nil || p.from.from != nil || p.end() != q.t || p.root() != q.t || p.step().through != nil {
		c.err = misuse("A1506", fmt.Sprintf("db: Recursive on %s over %s", q.t.def.Name, p), "name a relation of the table with itself, such as Categories.Children()")
		return c
	}
	c.where = []Cond{inTree(q, p.step())}
	return c
}

// inTree is the condition that a row is reached from the rows of q over l.
func inTree(q *query, l *link) Cond {
	t := q.t
	return Cond{kind: holds, x: &expr{name: "a tree", write: func(b *builder) {
		b.again = true
		tree := b.alias()
		b.tuple(b.scope.name, t.key)
		b.write(" IN (WITH RECURSIVE ", tree, " (")
		for i := range len(t.key) + len(l.from) {
			if i > 0 {
				b.write(", ")
			}
			b.write(quote(treeColumn(i)))
		}
		b.write(") AS (")
		b.selection(&Selection{q: q, cols: t.columnsOf(append(t.key[:len(t.key):len(t.key)], l.from...))})
		b.write(" UNION ")
		s := b.open(t)
		b.write("SELECT ")
		b.columns(s.name, append(t.key[:len(t.key):len(t.key)], l.from...))
		b.from(s)
		b.write(" JOIN ", tree, " ON ")
		for i, c := range l.key {
			if i > 0 {
				b.write(" AND ")
			}
			b.write(s.name, ".", t.quoted[c], " = ", tree, ".", quote(treeColumn(len(t.key)+i)))
		}
		b.close(s)
		b.write(") SELECT ")
		for i := range t.key {
			if i > 0 {
				b.write(", ")
			}
			b.write(quote(treeColumn(i)))
		}
		b.write(" FROM ", tree, ")")
	}}}
}

// treeColumn is what the i-th column of a tree is called: the same column may
// be there twice.
func treeColumn(i int) string { return fmt.Sprintf("c%d", i) }

// Explain returns how the database would run the query of All, in its own
// words.
//
//go:noinline
func (q *Query[P]) Explain(ctx context.Context) (string, error) { return q.q.explain(ctx) }

func (q *query) explain(ctx context.Context) (string, error) {
	d, err := FromContext(ctx)
	if err != nil {
		return "", err
	}
	st, err := q.all(&d.dialect)
	if err != nil {
		return "", err
	}
	st.sql = "EXPLAIN " + st.sql
	if d.dialect.Name == "sqlite" { // whose EXPLAIN alone lists the steps of its machine
		st.sql = strings.Replace(st.sql, "EXPLAIN", "EXPLAIN QUERY PLAN", 1)
	}
	var lines []string
	err = d.query(ctx, st, func(values []engine.Value) error {
		var parts []string
		for _, v := range values {
			switch v.Kind() {
			case engine.KindText:
				parts = append(parts, v.Text())
			case engine.KindNull:
			default:
				parts = append(parts, v.String())
			}
		}
		if d.dialect.Name == "sqlite" {
			parts = parts[len(parts)-1:] // the others are numbers of its own
		}
		lines = append(lines, strings.Join(parts, " "))
		return nil
	})
	return strings.Join(lines, "\n"), err
}
