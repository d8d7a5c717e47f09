package db

import "fmt"

// Top keeps, of all rows with the same values of what w is over, the first n in
// w's order:
//
//	Films.Top(3, db.Over(Films.GenreID).OrderBy(Films.Price.Desc(), Films.ID.Asc())).All(ctx)
//
// Which of several rows that are the same in that order is kept is not defined:
// end it with a key. Conditions that are added afterwards choose among the rows
// that were kept.
//
//go:noinline
func (q *Query[P]) Top(n int, w Window) *Query[P] { return on(q, q.q.topOf(n, w)) }

func (q *query) topOf(n int, w Window) *query {
	c := *q
	if q.limited || q.offset > 0 {
		c.err = misuse("A1506", "db: Top of "+q.t.def.Name+" with Limit or Offset", "limit what Top has kept: put Limit behind it")
	}
	c.where = []Cond{inTop(q, n, w)}
	return &c
}

// inTop is the condition that a row is among the first n of its window.
func inTop(q *query, n int, w Window) Cond {
	t := q.t
	return Cond{kind: holds, x: &expr{name: "the top", write: func(b *builder) {
		b.again = true
		b.checkTop(n, w)
		ranked, rank := b.alias(), quote("place")
		b.tuple(b.scope.name, t.key)
		b.write(" IN (SELECT ")
		for i, k := range t.key {
			if i > 0 {
				b.write(", ")
			}
			b.write(ranked, ".", t.quoted[k])
		}
		b.write(" FROM (")
		s := b.open(t)
		b.write("SELECT ")
		b.columns(s.name, t.key)
		b.write(", ")
		b.column(w.RowNumber().Column)
		b.write(" AS ", rank)
		b.from(s)
		b.where(q.conds())
		b.close(s)
		b.write(") AS ", ranked, " WHERE ", ranked, ".", rank, " <= ")
		b.int(int64(n))
		b.write(")")
	}}}
}

func (b *builder) checkTop(n int, w Window) {
	if n < 1 || len(w.order) == 0 {
		b.fail(misuse("A1506", fmt.Sprintf("db: top %d of %s in a window with %d orders", n, b.t.def.Name, len(w.order)),
			"keep 1 row or more, and say with OrderBy of the window which come first"))
	}
}

// Top keeps, of all rows of the result with the same values of what w is over,
// the first n in w's order; see [Query.Top]:
//
//	revenue := Lines.Price.Mul(Lines.Quantity).Sum()
//	db.Into(&Lines.Query, func(d *Seller) []db.Dest {
//		return []db.Dest{Lines.Film().Genre.To(&d.Genre), Lines.Film().Title.To(&d.Title), revenue.To(&d.Revenue)}
//	}).Top(3, db.Over(Lines.Film().Genre).OrderBy(revenue.Desc()))
//
// Then the result is sorted by what it reads alone.
func (g *Grouped[D]) Top(n int, w Window) *Grouped[D] {
	c := *g.g
	c.top, c.by = n, w
	if n < 1 {
		c.top = -1 // is refused
	}
	return &Grouped[D]{&c, g.bind}
}

// topColumn is what the i-th value of a result is called while it is ranked.
func topColumn(i int) string { return quote(fmt.Sprintf("v%d", i+1)) }

// ranked writes around a result, which write writes, that only the first rows
// of each window are kept.
func (b *builder) ranked(g *grouping, dests []Dest, write func()) {
	b.checkTop(g.top, g.by)
	result := b.alias()
	b.write("SELECT ")
	for i := range dests {
		if i > 0 {
			b.write(", ")
		}
		b.write(result, ".", topColumn(i))
	}
	b.write(" FROM (")
	write()
	b.write(") AS ", result, " WHERE ", result, ".", quote("place"), " <= ")
	b.int(int64(g.top))
	for _, o := range g.q.order {
		if placeOf(o.col, dests) < 0 {
			b.fail(misuse("A1506", fmt.Sprintf("db: a result with Top in the order of %s, which it does not read", o.col), "read it as well"))
		}
	}
	b.orderBy(g, dests, nil)
	b.window(g.q)
}
