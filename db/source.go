package db

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
)

// A Source is a result with a name, a common table expression of SQL, which
// other queries read, join or compare with as if it were a table:
//
//	revenue := Lines.Price.Mul(Lines.Quantity).Sum()
//	sales := db.As("sales", Lines.Select(Lines.FilmID, revenue))
//	film, total := db.From(sales, Lines.FilmID), db.From(sales, revenue)
//
//	db.Into(sales.Where(total.GT(1000)), …)                                // read it
//	Films.Where(Films.ID.InQuery(sales.Where(total.GT(1000)).Select(film))) // compare with it
//	mine := sales.Join(db.On(film, Films.ID))                              // db.From(mine, revenue) is a film's
//
// Its columns are those that [From] returns. Its methods leave it as it is and
// return another. A Source may be made once and be used at the same time.
type Source struct {
	q *query
	p *path // that leads to it: its own, or that of a join
}

// maxSource is how long the name of a source may be: PostgreSQL cuts longer
// ones off.
const maxSource = 63

// result is what a Source is made of.
type result struct {
	g     *grouping
	dests []Dest
}

func (g *Grouped[D]) result() result {
	var d D
	return result{g.g, g.bind(&d)}
}

func (s Selection) result() result {
	r := result{g: &grouping{q: s.q}}
	for _, c := range s.cols {
		r.dests = append(r.dests, Dest{col: c})
	}
	return r
}

// As gives a name to a result: that of [Into], or what a query selects. As with
// Into, a selection that holds an aggregate is grouped by all columns that are
// none. The result may itself read other sources.
//
// The name is one to 63 letters a to z, digits and _, and begins with a letter;
// in one statement it is that of no other source and of no table. Queries with
// a wrong one are refused.
func As(name string, of interface{ result() result }) *Source {
	r := of.result()
	t := &table{result: &r, soft: -1}
	t.def.Name = name
	for i, d := range r.dests {
		c := schema.Column{Name: fmt.Sprintf("c%d", i+1), Null: d.col.nullable()}
		if def := d.col.def(); def != nil {
			c.Type = def.Type
			if t.index(def.Name) < 0 {
				c.Name = def.Name
			}
		}
		t.def.Columns = append(t.def.Columns, c)
		t.quoted, t.all = append(t.quoted, quote(c.Name)), append(t.all, i)
	}
	t.roles(Roles{})
	t.list, t.ident, t.root = t.names(t.all, ""), quote(name), &path{table: t}
	q := &query{t: t}
	if !validSource(name) {
		q.err = misuse("A1506", fmt.Sprintf("db: a source with the name %q", name), "take a name of letters a to z, digits and _, such as \"sales\"")
		r.g = &grouping{q: &query{t: r.g.q.t, err: q.err}} // what only joins it is refused as well
	}
	return &Source{q, t.root}
}

func validSource(name string) bool {
	if name == "" || len(name) > maxSource || name[0] < 'a' || name[0] > 'z' {
		return false
	}
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// From returns the column of s that c was selected as, with the type of c. For
// a column that s does not select it returns one that every query refuses.
func From[C Columnar, P interface {
	*C
	become(Column)
}](s *Source, c C) C {
	P(&c).become(s.column(c.col()))
	return c
}

// become makes c, which is part of a column with a type, another one.
func (c *Column) become(z Column) { *c = z }

func (s *Source) column(c Column) Column {
	if s.q.err != nil {
		return s.wrong(c, s.q.err)
	}
	r := s.q.t.result
	at := placeOf(c, r.dests)
	if at < 0 && c.x != nil {
		at = r.placeOf(c)
	}
	if at >= 0 {
		return Column{at: s.p, i: at}
	}
	var has []string
	for _, d := range r.dests {
		has = append(has, d.col.String())
	}
	return s.wrong(c, misuse("A1504", fmt.Sprintf("db: column %s of source %s, which does not select it", c, s.q.t.def.Name),
		"select it as well, or use one of "+strings.Join(has, ", ")))
}

// wrong is a column that every query refuses.
func (s *Source) wrong(c Column, err error) Column {
	return Column{x: &expr{name: s.q.t.def.Name + "." + c.String(), write: func(b *builder) { b.fail(err) }}}
}

// placeOf returns which of r's expressions is written as c, -1 if none is.
func (r *result) placeOf(c Column) int {
	b := newBuilder(r.g.q.t, nil, true)
	b.open(r.g.q.t)
	var list []rendered
	for _, d := range r.dests {
		list = append(list, b.rendered(d.col, 0))
	}
	b.err = nil // what is wrong with them is told when they are used
	at := b.placeAmong(c, list)
	if b.err != nil {
		return -1
	}
	return at
}

func (s *Source) query() *query { return s.q }

// Where keeps the rows for which all of conds are true.
func (s *Source) Where(conds ...Cond) *Source { return &Source{s.q.filter(conds), s.p} }

// OrderBy sorts the rows, after the orders that were given before.
func (s *Source) OrderBy(orders ...Order) *Source { return &Source{s.q.sort(orders), s.p} }

// Limit reads n rows at most.
func (s *Source) Limit(n int) *Source { return &Source{s.q.take(n), s.p} }

// Select returns the values of columns in the rows of s, for InQuery and [As].
func (s *Source) Select(columns ...Columnar) Selection {
	list := Selection{q: s.q}
	for _, c := range columns {
		list.cols = append(list.cols, c.col())
	}
	return list
}

// Any is true where s has a row for which all of conds are true. Those may
// compare its columns with those of the query around it:
//
//	Films.Where(sales.Any(db.Equal(film, Films.ID), total.GT(1000)))
func (s *Source) Any(conds ...Cond) Cond { return s.exists("", conds) }

// None is true where s has no such row.
func (s *Source) None(conds ...Cond) Cond { return s.exists("NOT ", conds) }

func (s *Source) exists(word string, conds []Cond) Cond {
	q := s.q.filter(conds)
	return Cond{kind: holds, x: &expr{name: "a row of " + s.q.t.def.Name, write: func(b *builder) {
		if q.limited {
			b.fail(misuse("A1506", fmt.Sprintf("db: a condition on source %s with a limit", q.t.def.Name), "limit what the source was made of"))
		}
		b.write(word, "EXISTS (")
		b.selectFrom(q.unordered(), func(*scope) { b.write("1") })
		b.write(")")
	}}}
}

// A Pair is two columns that have the same value in rows that are joined.
type Pair struct{ theirs, ours Column }

// On joins rows of a source whose column theirs has the value of ours.
func On[T any](theirs, ours Expr[T]) Pair { return Pair{theirs.col(), ours.col()} }

// Join returns s as it stands beside the rows of the query that it is used in:
// [From] with it gives columns of the row that all of pairs find. Like a
// relation it is joined when one of its columns is used, and as often as there
// are such rows; what has none is left out then. Conditions, orders and limits
// are those of the result that s was made of.
func (s *Source) Join(pairs ...Pair) *Source { return s.join(false, pairs) }

// LeftJoin is Join that keeps what has no such row; all of its columns are NULL
// then, and are read by the types that know of it:
//
//	db.NullNum[int64]{Num: db.From(sales.LeftJoin(db.On(film, Films.ID)), revenue)}.Or(0)
func (s *Source) LeftJoin(pairs ...Pair) *Source { return s.join(true, pairs) }

func (s *Source) join(outer bool, pairs []Pair) *Source {
	t := s.q.t
	l := &link{name: t.def.Name, target: t, outer: outer, kind: -1}
	joined := &Source{s.q, &path{from: t.root, own: l}}
	if len(s.q.where) > 0 || len(s.q.order) > 0 || s.q.limited || s.p != t.root || len(pairs) == 0 {
		return s.refused(fmt.Sprintf("db: join source %s with Where, OrderBy, Limit, another Join, or without a pair", t.def.Name),
			"name the rows that are meant with db.As, and join that by db.On")
	}
	ours := pairs[0].ours.at
	for _, p := range pairs {
		if p.theirs.at != t.root || p.ours.at == nil || !p.ours.at.same(ours) {
			return s.refused(fmt.Sprintf("db: join source %s on %s and %s", t.def.Name, p.theirs, p.ours),
				"pair a column of "+t.def.Name+" with a column of the query, and the others with columns of the same table")
		}
		l.key, l.from = append(l.key, p.theirs.i), append(l.from, p.ours.i)
	}
	l.source = ours.end()
	joined.p.from = ours
	return joined
}

// refused is s with a mistake, which all that it is used in returns.
func (s *Source) refused(what, mend string) *Source {
	return &Source{&query{t: s.q.t, err: misuse("A1506", what, mend)}, s.q.t.root}
}

// source is a common table expression as a statement begins with it.
type source struct {
	t    *table
	sql  string
	args []engine.Value
}

// table writes what stands for t behind FROM or JOIN. MariaDB takes no WITH in
// front of an UPDATE or a DELETE, where a source is put into parentheses.
func (b *builder) table(t *table) {
	switch {
	case t.result == nil:
		b.write(t.ident)
	case b.inline:
		st, err := build(t, b.d, func(in *builder) {
			in.write("SELECT * FROM ")
			in.table(t)
		})
		b.fail(err)
		b.write("(", st.sql, ")")
		b.args = append(b.args, st.args...)
	default:
		b.source(t)
		b.write(t.ident)
	}
}

// source has t's result, and those that it reads, put in front of the statement.
func (b *builder) source(t *table) {
	if slices.ContainsFunc(b.sources, func(s source) bool { return s.t == t }) {
		return
	}
	r := t.result
	b.fail(r.g.q.err)
	b.fail(r.g.check(r.dests))
	if r.g.fill {
		b.fail(misuse("A1506", fmt.Sprintf("db: source %s of a result with Fill", t.def.Name), "fill the result that is read at last"))
	}
	if b.err != nil {
		return
	}
	in := newBuilder(r.g.q.t, b.d, false)
	in.sources, in.tables = b.sources, b.tables
	in.result(r.g, r.dests, true)
	if in.again && in.err == nil {
		again := newBuilder(r.g.q.t, b.d, true)
		again.sources, again.tables = in.sources, in.tables
		again.result(r.g, r.dests, true)
		in = again
	}
	b.fail(in.err)
	b.sources, b.tables = append(in.sources, source{t, string(in.sql), in.args}), in.tables
}

// with puts WITH and the sources in front of the statement.
func (b *builder) with() {
	var sql []byte
	var args []engine.Value
	word := "WITH "
	for i, s := range b.sources {
		for _, o := range b.sources[:i] {
			if o.t.def.Name == s.t.def.Name {
				b.fail(misuse("A1506", fmt.Sprintf("db: two sources with the name %q in one statement", s.t.def.Name),
					"make the source once and keep it in a variable, or give the other another name"))
			}
		}
		if slices.ContainsFunc(b.tables, func(t *table) bool { return t.result == nil && strings.EqualFold(t.def.Name, s.t.def.Name) }) {
			b.fail(misuse("A1506", fmt.Sprintf("db: source %q in a statement that reads the table of this name", s.t.def.Name), "give the source another name"))
		}
		sql = append(sql, word...)
		sql = append(sql, s.t.ident+" ("+s.t.list+") AS ("+s.sql+")"...)
		args = append(args, s.args...)
		word = ", "
	}
	b.sql, b.args = append(append(sql, ' '), b.sql...), append(args, b.args...)
}

func (t *table) isSource() bool { return t != nil && t.result != nil }
