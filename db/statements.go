package db

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/db/engine"
)

// all is the statement of All.
func (q *query) all(d *engine.Dialect) (statement, error) {
	st, err := build(q.t, d, func(b *builder) { b.selectRows(q) })
	st.write = q.lock != "" // a reader's connection takes no locks
	return st, err
}

// selectRows writes the SELECT of q's rows with all columns.
func (b *builder) selectRows(q *query) {
	if len(q.with) > 0 {
		_, err := q.branches()
		b.fail(err)
	}
	b.selectFrom(q, func(s *scope) {
		if !b.named {
			b.write(q.t.list)
			return
		}
		b.columns(s.name, q.t.all)
	})
}

// columns writes columns of the innermost scope's table, under name.
func (b *builder) columns(name string, columns []int) {
	for i, c := range columns {
		if i > 0 {
			b.write(", ")
		}
		b.write(name, ".", b.scope.t.quoted[c])
	}
}

// selectFrom writes a SELECT of what list writes, from the rows of q.
func (b *builder) selectFrom(q *query, list func(*scope)) {
	b.fail(q.err)
	s := b.open(q.t)
	b.write("SELECT ")
	list(s)
	b.from(s)
	b.where(q.conds())
	b.order(q.orders())
	b.window(q)
	b.close(s)
	if q.lock != "" && b.d != nil && b.d.ForUpdate {
		b.write(" FOR UPDATE")
		if b.named && b.d.Name == "postgres" { // it locks no row that an outer join may lack
			b.write(" OF ", s.name)
		}
		b.write(q.lock[len(lockWord):])
	}
}

// conds are the conditions of q, with those that its table always has.
func (q *query) conds() []Cond {
	if q.t.soft < 0 || q.deleted == withDeleted {
		return q.where
	}
	marked := q.t.column(q.t.soft).isNull()
	if q.deleted == onlyDeleted {
		marked = Not(marked)
	}
	return append(q.where[:len(q.where):len(q.where)], marked)
}

// orders is the order of q's statement: that of a page before a cursor is the
// other way round.
func (q *query) orders() []Order {
	if !q.backwards {
		return q.order
	}
	list := make([]Order, len(q.order))
	for i, o := range q.order {
		list[i] = Order{col: o.col, desc: !o.desc}
	}
	return list
}

func (q *query) first(d *engine.Dialect) (statement, error) {
	c := *q
	if len(c.order) == 0 {
		c.order = q.t.byKey()
	}
	if !c.limited || c.limit > 1 {
		c.limit, c.limited = 1, true
	}
	return c.all(d)
}

// byKey is the order of the primary key.
func (t *table) byKey() []Order {
	var list []Order
	for _, i := range t.key {
		list = append(list, Order{col: t.column(i)})
	}
	return list
}

func (q *query) count(d *engine.Dialect) (statement, error) {
	return build(q.t, d, func(b *builder) {
		if q.limited || q.offset != 0 {
			b.write("SELECT count(*) FROM (")
			b.selectFrom(q.unordered(), func(*scope) { b.write("1") })
			b.write(") AS counted")
		} else {
			b.selectFrom(q.unordered(), func(*scope) { b.write("count(*)") })
		}
		b.check(q)
	})
}

func (q *query) exists(d *engine.Dialect) (statement, error) {
	return build(q.t, d, func(b *builder) {
		b.write("SELECT EXISTS (")
		b.selectFrom(q.unordered(), func(*scope) { b.write("1") })
		b.write(")")
		b.check(q)
	})
}

// unordered is q without what only matters to who reads its rows.
func (q *query) unordered() *query {
	c := *q
	c.order, c.lock = nil, ""
	return &c
}

// check reports the mistakes of orders that are not needed.
func (b *builder) check(q *query) {
	n, args, again, aliases := len(b.sql), len(b.args), b.again, b.aliases
	s := b.open(q.t)
	b.order(q.order)
	b.scope = s.up
	b.sql, b.args, b.again, b.aliases = b.sql[:n], b.args[:args], again, aliases
}

func buildDistinct(d *engine.Dialect, c Column, conds []Cond) (statement, error) {
	if c.at == nil {
		return statement{}, misuse("A1504", fmt.Sprintf("db: distinct values of %s", c.noun()),
			"use a column of a generated table, such as Films.Genre")
	}
	q := &query{t: c.at.root(), where: conds, order: []Order{{col: c}}}
	if c.nullable() {
		q.where = append(q.where[:len(q.where):len(q.where)], c.notNull())
	}
	return build(q.t, d, func(b *builder) {
		b.selectFrom(q, func(*scope) {
			b.write("DISTINCT ")
			b.column(c)
		})
	})
}

// noun is c in the middle of a sentence.
func (c Column) noun() string {
	if c.at == nil && c.x == nil {
		return "a column of no table"
	}
	return c.String()
}

func (q *query) update(d *engine.Dialect, changes []Assign) (statement, error) {
	return q.writing(d, "update", func(b *builder) {
		b.write("UPDATE ", q.t.ident, " SET ")
		b.assign(changes)
	})
}

func (q *query) delete(d *engine.Dialect) (statement, error) {
	return q.writing(d, "delete from", func(b *builder) { b.write("DELETE FROM ", q.t.ident) })
}

// writing builds an UPDATE or a DELETE of q's rows. Where their conditions
// need other tables, which no such statement joins on all engines, the rows
// are chosen by their keys; MariaDB wants those in a table of their own.
func (q *query) writing(d *engine.Dialect, what string, head func(*builder)) (statement, error) {
	st, err := build(q.t, d, func(b *builder) {
		b.fail(q.err)
		b.inline = true
		b.touch(q, what)
		s := b.open(q.t)
		head(b)
		if len(s.joins) > 0 {
			b.fail(misuse("A1506", fmt.Sprintf("db: %s %s with a value over a relation", what, q.t.def.Name),
				"set values of the row's own columns; read the other first, or use db.Exec"))
		}
		start, args := len(b.sql), len(b.args)
		b.where(q.conds())
		if len(s.joins) > 0 {
			b.sql, b.args, s.joins = b.sql[:start], b.args[:args], nil
			b.write(" WHERE ")
			b.tuple("", q.t.key)
			b.write(" IN (SELECT * FROM (")
			b.selectFrom(q, func(s *scope) { b.columns(s.name, q.t.key) })
			b.write(") AS chosen)")
		}
		b.scope = s.up
	})
	st.write = true
	return st, err
}

// tuple writes columns of the statement's table, in parentheses if there are
// several.
func (b *builder) tuple(name string, columns []int) {
	if len(columns) > 1 {
		b.write("(")
	}
	for i, c := range columns {
		if i > 0 {
			b.write(", ")
		}
		if name != "" {
			b.write(name, ".")
		}
		b.write(b.scope.t.quoted[c])
	}
	if len(columns) > 1 {
		b.write(")")
	}
}

// get is the statement that reads the row with this key. Its text is the same
// on every engine.
func (t *table) get(key []engine.Value) (statement, error) {
	if len(key) != len(t.key) {
		return statement{}, misuse("A1506", fmt.Sprintf("db: get a row of %s by %d values, its key has %d", t.def.Name, len(key), len(t.key)),
			"pass the values of the primary key, in the order of the fields")
	}
	return statement{sql: t.one, args: key, t: t}, nil
}

// selectOne returns the text of get. A column of the table itself needs no
// join, and so no engine.
func (t *table) selectOne() string {
	q := query{t: t}
	for _, c := range t.key {
		q.where = append(q.where, t.column(c).compare("=", engine.Value{}))
	}
	st, _ := q.all(nil)
	return st.sql
}

// number runs st, which gives one integer.
func (q *query) number(ctx context.Context, st statement) (n int64, err error) {
	d, err := FromContext(ctx)
	if err != nil {
		return 0, err
	}
	err = d.query(ctx, st, func(values []engine.Value) error {
		row := Row{values: values, computed: true}
		if values[0].Kind() == engine.KindBool {
			n = values[0].Int()
			return nil
		}
		n = row.Int(64)
		return row.err
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

type deletedRows uint8

const (
	hideDeleted deletedRows = iota
	withDeleted
	onlyDeleted
)
