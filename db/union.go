package db

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A member is one of the results of a union.
type member struct {
	g     *grouping
	dests []Dest
}

// Union is the rows of g and of more, each once; [Grouped.UnionAll] keeps those
// that are the same. They may be of different tables, and read as many columns
// in the same order:
//
//	db.Into(Films.Where(), func(d *Hit) []db.Dest { return []db.Dest{Films.Title.To(&d.Name), Films.ID.To(&d.ID)} }).
//		Union(db.Into(Critics.Where(), func(d *Hit) []db.Dest { return []db.Dest{Critics.Name.To(&d.Name), Critics.ID.To(&d.ID)} })).
//		OrderBy(Films.Title.Asc()).All(ctx)
//
// Orders and limits that were given before are those of one part. Behind it,
// OrderBy takes what g reads.
func (g *Grouped[D]) Union(more ...*Grouped[D]) *Grouped[D] { return g.union(" UNION ", more) }

// UnionAll is the rows of g and of more; see [Grouped.Union].
func (g *Grouped[D]) UnionAll(more ...*Grouped[D]) *Grouped[D] { return g.union(" UNION ALL ", more) }

func (g *Grouped[D]) union(word string, more []*Grouped[D]) *Grouped[D] {
	var d D // what the parts read goes where g reads it to
	c := &grouping{q: &query{t: g.g.q.t}, word: word}
	for _, part := range append([]*Grouped[D]{g}, more...) {
		c.parts = append(c.parts, member{part.g, part.bind(&d)})
	}
	return &Grouped[D]{c, g.bind}
}

// Count returns how many rows All would return.
func (g *Grouped[D]) Count(ctx context.Context) (int64, error) {
	var d D
	dests := g.bind(&d)
	if g.g.fill {
		list, err := g.All(ctx)
		return int64(len(list)), err
	}
	if err := g.g.check(dests); err != nil {
		return 0, err
	}
	st, err := build(g.g.q.t, dialect(ctx), func(b *builder) {
		b.write("SELECT count(*) FROM (")
		b.result(g.g, dests, true)
		b.write(") AS counted")
	})
	if err != nil {
		return 0, err
	}
	return g.g.q.number(ctx, st)
}

// result writes the SELECT of g. Where it stands in another, its values must
// have different names.
func (b *builder) result(g *grouping, dests []Dest, inner bool) {
	b.fail(g.q.err)
	switch {
	case len(g.parts) > 0:
		b.union(g, dests)
	case g.top != 0:
		b.again = true // names are those of the result within
		b.ranked(g, dests, func() { b.grouping(g, dests, true) })
	default:
		b.grouping(g, dests, inner)
	}
}

func (b *builder) union(g *grouping, dests []Dest) {
	if len(g.having) > 0 || g.distinct || g.top != 0 || g.fill {
		b.fail(misuse("A1506", fmt.Sprintf("db: a union of %s with Having, Distinct, Top or Fill behind it", g.q.t.def.Name), "say these of its parts"))
	}
	for i, part := range g.parts {
		if i > 0 {
			b.write(g.word)
		}
		if len(part.dests) != len(dests) {
			b.fail(misuse("A1506", fmt.Sprintf("db: a union of %d and %d columns", len(dests), len(part.dests)), "read as many in each part, in the same order"))
		}
		if part.g.fill {
			b.fail(misuse("A1506", "db: a union with a Fill in it", "fill the results after they were read"))
		}
		b.write("SELECT * FROM (") // no engine but SQLite takes an ORDER BY or a LIMIT in a part
		b.result(part.g, part.dests, true)
		b.write(") AS ", b.alias())
	}
	word := " ORDER BY "
	for _, o := range g.q.order {
		at := placeOf(o.col, dests)
		if at < 0 {
			b.fail(misuse("A1506", fmt.Sprintf("db: a union in the order of %s, which its first part does not read", o.col), "read it in each part"))
		}
		b.write(word)
		b.int(int64(at + 1))
		b.direction(o)
		word = ", "
	}
	b.window(g.q)
}

// check reports a result that cannot be written.
func (g *grouping) check(dests []Dest) error {
	if len(dests) == 0 {
		return misuse("A1506", "db: Into without a column", "return what to read, such as Films.Price.To(&d.Price)")
	}
	if g.fill && len(g.parts) == 0 {
		_, err := g.seriesOf(dests)
		return err
	}
	return nil
}

func (g *grouping) statement(d *engine.Dialect, dests []Dest) (statement, error) {
	if err := g.check(dests); err != nil {
		return statement{}, err
	}
	return build(g.q.t, d, func(b *builder) { b.result(g, dests, false) })
}
