package db

// A Many is a relation from one row to any number of rows, such as
// Films.Reviews(). With loads it; its other uses are conditions and numbers,
// each in a subquery of its own, so that several in one query do not multiply
// each other:
//
//	Films.Where(Films.Reviews().Any(Reviews.Stars.GTE(4)))
//	Films.OrderBy(Films.Reviews().Count().Desc())
//	Reviews.Stars.Avg().Of(Films.Reviews())
//
// Its methods leave it as it is and return another.
type Many struct {
	p *path
	q *query // nil: all rows
}

// Collection, for generated code, returns the relation of v's table with this
// index.
func Collection(v Via, link int) Many { return Many{p: &path{from: v.p, link: link}} }

func (m Many) relation() (*path, *query) { return m.p, m.q }

// Where keeps the related rows for which all of conds are true.
func (m Many) Where(conds ...Cond) Many {
	c := m.query()
	c.where = append(c.where[:len(c.where):len(c.where)], conds...)
	return Many{m.p, &c}
}

// OrderBy sorts the related rows of each row that they are loaded for. Without
// it they come by their primary key.
func (m Many) OrderBy(orders ...Order) Many {
	c := m.query()
	c.order = append(c.order[:len(c.order):len(c.order)], orders...)
	return Many{m.p, &c}
}

// Limit loads n related rows at most for each row.
func (m Many) Limit(n int) Many {
	c := m.query()
	c.limit, c.limited = int64(n), true
	return Many{m.p, &c}
}

// With loads relations of the related rows too.
func (m Many) With(rels ...Rel) Many {
	c := m.query()
	c.with = append(c.with[:len(c.with):len(c.with)], rels...)
	return Many{m.p, &c}
}

// query returns a copy of what m chooses. Its table is known only when all
// tables are, which is not so while packages are initialised.
func (m Many) query() query {
	var c query
	if m.q != nil {
		c = *m.q
	}
	c.t = nil
	return c
}

// Any is true for rows with a related row for which all of conds are true.
func (m Many) Any(conds ...Cond) Cond { return m.exists("", conds) }

// None is true for rows without such a related row.
func (m Many) None(conds ...Cond) Cond { return m.exists("NOT ", conds) }

func (m Many) exists(word string, conds []Cond) Cond {
	m = m.Where(conds...)
	return Cond{kind: holds, x: &expr{write: func(b *builder) {
		b.write(word, "EXISTS (")
		b.related(m, func(*scope) { b.write("1") })
		b.write(")")
	}}}
}

// Count is the number of related rows for which all of conds are true.
func (m Many) Count(conds ...Cond) Num[int64] {
	return Count().Of(m.Where(conds...))
}

// of is the aggregate c of the rows that are related by m.
func (c Column) of(m Many) Column {
	return Column{x: &expr{name: c.String() + " of " + m.p.String(), null: c.nullable(), write: func(b *builder) {
		b.write("(")
		b.related(m, func(*scope) { b.column(c) })
		b.write(")")
	}}}
}

// Of is the aggregate c, such as Stars.Max(), of the rows that m relates to
// each row of the query.
func (c Num[T]) Of(m Many) Num[T] { return Num[T]{c.Column.of(m)} }

// Of is the aggregate c of the rows that m relates to each row of the query.
func (c NullNum[T]) Of(m Many) NullNum[T] { return NullNum[T]{Num[T]{c.Column.of(m)}} }

// Of is the aggregate c of the rows that m relates to each row of the query.
func (c NullText[T]) Of(m Many) NullText[T] { return NullText[T]{Text[T]{c.Column.of(m)}} }

// Of is the aggregate c of the rows that m relates to each row of the query.
func (c NullTime) Of(m Many) NullTime { return NullTime{Time{c.Column.of(m)}} }

// related writes a SELECT of what list writes from the rows that m relates to
// the row of the scope around it.
func (b *builder) related(m Many, list func(*scope)) {
	outer := b.lookup(m.p)
	if outer == nil {
		b.fail(misuse("A1504", "db: relation "+m.p.String()+" used in a query on "+b.about(),
			"use a relation of "+b.about()+", or query the table that the relation belongs to"))
		return
	}
	b.again = true
	from := ""
	if b.named {
		from = b.join(outer, m.p.from)
	}
	l, q := m.p.step(), m.query()
	q.t = l.target
	if q.limited {
		b.fail(misuse("A1506", "db: a condition or a number of "+m.p.String()+" with a limit", "limit what With loads; a condition takes all related rows"))
	}
	s := b.open(q.t)
	b.write("SELECT ")
	list(s)
	b.from(s)
	pair := ""
	if l.through != nil {
		pair = b.pair(l, s.name)
		s.from = len(b.sql)
	}
	b.write(" WHERE ")
	b.linkTo(l, from, s.name, pair)
	b.conds(" AND ", q.restricting())
	b.close(s)
}

// pair joins l's table of pairs to its target and returns its name.
func (b *builder) pair(l *link, to string) string {
	pair := b.alias()
	b.tables = append(b.tables, l.through)
	b.write(" JOIN ", l.through.ident, " AS ", pair)
	word := " ON "
	for i, c := range l.far {
		b.write(word, pair, ".", l.through.quoted[c], " = ", to, ".", l.target.quoted[l.key[i]])
		word = " AND "
	}
	return pair
}

// restricting returns q's conditions as ones that are put behind others.
func (q *query) restricting() []Cond {
	conds := q.conds()
	if len(conds) == 0 {
		return nil
	}
	// One condition alone is written without parentheses, which an Or needs
	// here.
	return append(conds[:len(conds):len(conds)], Cond{})
}
