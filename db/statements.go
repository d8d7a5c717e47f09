package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// all is the statement of All.
func (q *query) all(d *engine.Dialect) (statement, error) {
	b := &builder{t: q.t, d: d}
	b.write("SELECT ", q.t.list, " FROM ", q.t.ident)
	b.where(q.where)
	b.order(q.order)
	b.window(q)
	return b.done()
}

func (q *query) first(d *engine.Dialect) (statement, error) {
	c := *q
	if len(c.order) == 0 {
		for _, i := range q.t.key {
			c.order = append(c.order, Order{col: &q.t.columns[i]})
		}
	}
	if !c.limited || c.limit > 1 {
		c.limit, c.limited = 1, true
	}
	return c.all(d)
}

func (q *query) count(d *engine.Dialect) (statement, error) {
	b := &builder{t: q.t, d: d}
	if q.limited || q.offset != 0 {
		b.write("SELECT count(*) FROM (SELECT 1 FROM ", q.t.ident)
		b.where(q.where)
		b.window(q)
		b.write(") AS counted")
	} else {
		b.write("SELECT count(*) FROM ", q.t.ident)
		b.where(q.where)
	}
	b.check(q.order)
	return b.done()
}

func (q *query) exists(d *engine.Dialect) (statement, error) {
	b := &builder{t: q.t, d: d}
	b.write("SELECT EXISTS (SELECT 1 FROM ", q.t.ident)
	b.where(q.where)
	b.window(q)
	b.write(")")
	b.check(q.order)
	return b.done()
}

// check reports the mistakes of orders that are not needed.
func (b *builder) check(orders []Order) {
	n := len(b.sql)
	b.order(orders)
	b.sql = b.sql[:n]
}

func buildDistinct(d *engine.Dialect, c *column, conds []Cond) (statement, error) {
	if c == nil {
		return statement{}, misuse("A1504", "db: distinct values of a column of no table",
			"use a column of a generated table, such as Films.Genre")
	}
	b := &builder{t: c.table, d: d}
	b.write("SELECT DISTINCT ")
	b.column(c)
	b.write(" FROM ", c.table.ident)
	if c.def.Null {
		conds = append(conds[:len(conds):len(conds)], Column{c}.notNull())
	}
	b.where(conds)
	b.order([]Order{{col: c}})
	return b.done()
}

func (q *query) update(d *engine.Dialect, changes []Assign) (statement, error) {
	b := &builder{t: q.t, d: d}
	b.touch(q, "update")
	b.write("UPDATE ", q.t.ident, " SET ")
	b.assign(changes)
	b.where(q.where)
	return b.writing()
}

func (q *query) delete(d *engine.Dialect) (statement, error) {
	b := &builder{t: q.t, d: d}
	b.touch(q, "delete from")
	b.write("DELETE FROM ", q.t.ident)
	b.where(q.where)
	return b.writing()
}

func (b *builder) writing() (statement, error) {
	st, err := b.done()
	st.write = true
	return st, err
}

// get is the statement that reads the row with this key.
func (t *table) get(key []engine.Value) (statement, error) {
	if len(key) != len(t.key) {
		return statement{}, misuse("A1506", fmt.Sprintf("db: get a row of %s by %d values, its key has %d", t.def.Name, len(key), len(t.key)),
			"pass the values of the primary key, in the order of the fields")
	}
	b := &builder{t: t}
	b.write("SELECT ", t.list, " FROM ", t.ident, " WHERE ")
	b.byKey(func(i int) engine.Value { return key[i] })
	return b.done()
}

// byKey writes the condition that the key is what value returns for its parts.
func (b *builder) byKey(value func(part int) engine.Value) {
	for i, c := range b.t.key {
		if i > 0 {
			b.write(" AND ")
		}
		b.column(&b.t.columns[c])
		b.write(" = ")
		b.arg(value(i))
	}
}

func (t *table) save(ctx context.Context, encode func(column int) engine.Value) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	b := &builder{t: t}
	b.write("UPDATE ", t.ident, " SET ")
	changes := make([]Assign, len(t.rest))
	for i, c := range t.rest {
		changes[i] = Assign{col: &t.columns[c], val: encode(c)}
	}
	b.assign(changes)
	b.write(" WHERE ")
	b.byKey(func(i int) engine.Value { return encode(t.key[i]) })
	st, err := b.writing()
	if err != nil {
		return err
	}
	switch n, err := d.exec(ctx, st); {
	case err != nil:
		return err
	case n == 0:
		return fmt.Errorf("db: save a row of %s: %w", t.def.Name, ErrNotFound)
	}
	return nil
}

// A batch is the rows of an Insert, behind functions that know their type.
type batch struct {
	n      int
	encode func(i, column int) engine.Value
	decode func(i, column int, r *Row)
}

// maxBatch is the most rows in one INSERT: more gain nothing measurable, and
// each number of rows is a statement of its own to prepare.
const maxBatch = 100

// insert sends runs of rows that have a key already, or all have not, in
// statements of their own, in one transaction if there are several.
func (t *table) insert(ctx context.Context, rows batch) error {
	if rows.n == 0 {
		return nil
	}
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	keys := make([]engine.Value, rows.n)
	most := max(1, min(maxBatch, d.dialect.MaxArgs/len(t.columns)))
	send := func(ctx context.Context) error {
		for from := 0; from < rows.n; {
			made := t.keyless(rows, from)
			to := from + 1
			for to < rows.n && to-from < most && t.keyless(rows, to) == made {
				to++
			}
			if err := t.insertRun(ctx, d, rows, from, to, keys, made); err != nil {
				return err
			}
			from = to
		}
		return nil
	}
	if rows.n == 1 {
		err = send(ctx)
	} else {
		err = Tx(ctx, send)
	}
	if err != nil {
		return err
	}
	for i, key := range keys {
		if key.Kind() != engine.KindNull {
			rows.decode(i, t.key[0], &Row{values: []engine.Value{key}})
		}
	}
	return nil
}

// keyless reports whether the database is to make the key of row i.
func (t *table) keyless(rows batch, i int) bool {
	return t.auto && rows.encode(i, t.key[0]).Int() == 0
}

// insertRun sends the rows from..to in one statement. If made, the database
// makes their keys, which are put into keys.
func (t *table) insertRun(ctx context.Context, d *DB, rows batch, from, to int, keys []engine.Value, made bool) error {
	columns := t.rest
	if !made {
		columns = slices.Sorted(slices.Values(append(slices.Clone(t.key), t.rest...)))
	}
	b := &builder{t: t, args: make([]engine.Value, 0, (to-from)*len(columns))}
	b.write("INSERT INTO ", t.ident, " (", t.names(columns), ") VALUES ")
	for i := from; i < to; i++ {
		if i > from {
			b.write(", ")
		}
		b.write("(")
		for n, c := range columns {
			if n > 0 {
				b.write(", ")
			}
			b.arg(rows.encode(i, c))
		}
		b.write(")")
	}
	if made {
		b.write(" RETURNING ")
		b.column(&t.columns[t.key[0]])
	}
	st, err := b.writing()
	if err != nil {
		return err
	}
	if !made {
		_, err = d.exec(ctx, st)
		return err
	}
	run := keys[from:from]
	err = d.query(ctx, st, func(values []engine.Value) error {
		run = append(run, values[0])
		return nil
	})
	if err == nil && len(run) != to-from {
		err = fmt.Errorf("db: insert into %s: got %d keys for %d rows", t.def.Name, len(run), to-from)
	}
	// Keys are made in the order of the rows, but RETURNING promises no order.
	slices.SortFunc(run, func(a, b engine.Value) int { return cmp.Compare(a.Int(), b.Int()) })
	return err
}
