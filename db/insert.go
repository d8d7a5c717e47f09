package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// maxBatch is the most rows in one INSERT: more gain nothing measurable, and
// each number of rows is a statement of its own to prepare.
const maxBatch = 100

// insert sends runs of rows that have a key already, or all have not, in
// statements of their own, in one transaction if there are several. c says
// what is done with rows that are there already, nil refuses them.
func (t *table) insert(ctx context.Context, d *DB, rows []any, c *collision) error {
	keys, top := make([]engine.Value, len(rows)), t.highest(rows)
	most := max(1, min(maxBatch, d.dialect.MaxArgs/len(t.all)))
	send := func(ctx context.Context) error {
		for from := 0; from < len(rows); {
			made := t.keyless(rows, from)
			to := from + 1
			for to < len(rows) && to-from < most && t.keyless(rows, to) == made {
				to++
			}
			var err error
			if c == nil {
				err = t.insertRun(ctx, d, rows[from:to], keys[from:to], made, from > 0)
			} else {
				err = c.insertRun(ctx, d, rows[from:to], made, from > 0)
			}
			if err != nil {
				return err
			}
			from = to
		}
		return t.keysAbove(ctx, d, top)
	}
	if err := whole(ctx, len(rows) > 1 || top > 0 && d.dialect.KeysAbove != "", send); err != nil {
		return t.blame(ctx, d, rows, err)
	}
	for i, key := range keys {
		if key.Kind() == engine.KindNull {
			continue
		}
		if err := t.put(rows[i], t.key[0], key); err != nil {
			return err
		}
	}
	return nil
}

// keyless reports whether the database is to make the key of row i.
func (t *table) keyless(rows []any, i int) bool {
	return t.auto && t.rows.encode(rows[i], t.key[0]).Int() == 0
}

// highest returns the highest key that rows have although the database makes
// them, 0 if there is none.
func (t *table) highest(rows []any) (top int64) {
	if t.auto {
		for _, p := range rows {
			top = max(top, t.rows.encode(p, t.key[0]).Int())
		}
	}
	return top
}

// insertOf writes an INSERT of rows, without their keys if the database makes
// these.
func (b *builder) insertOf(rows []any, made bool) {
	t, columns := b.t, b.t.all
	if made {
		columns = t.rest
	}
	b.args = make([]engine.Value, 0, len(rows)*len(columns))
	b.write("INSERT INTO ", t.ident, " (", t.names(columns, ""), ") VALUES ")
	for i, p := range rows {
		if i > 0 {
			b.write(", ")
		}
		b.write("(")
		for n, c := range columns {
			if n > 0 {
				b.write(", ")
			}
			b.arg(t.rows.encode(p, c))
		}
		b.write(")")
	}
}

// insertRun sends rows in one statement, which is a later part of the insert or
// its first. If made, the database makes their keys, which are put into keys.
func (t *table) insertRun(ctx context.Context, d *DB, rows []any, keys []engine.Value, made, part bool) error {
	b := &builder{t: t, d: &d.dialect, part: part}
	b.insertOf(rows, made)
	if !made {
		_, err := t.send(ctx, d, b)
		return err
	}
	b.write(" RETURNING ", t.quoted[t.key[0]])
	st, err := b.done()
	if err != nil {
		return err
	}
	st.write = true
	run := keys[:0]
	err = d.query(ctx, st, func(values []engine.Value) error {
		run = append(run, values[0])
		return nil
	})
	if err == nil && len(run) != len(rows) {
		err = fmt.Errorf("db: insert into %s: got %d keys for %d rows", t.def.Name, len(run), len(rows))
	}
	// Keys are made in the order of the rows, but RETURNING promises no order.
	slices.SortFunc(run, func(a, b engine.Value) int { return cmp.Compare(a.Int(), b.Int()) })
	return err
}
