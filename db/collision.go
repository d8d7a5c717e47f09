package db

import (
	"context"
	"errors"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A collision is what an upsert does with rows that are there already. They
// are those with the same values in key: one that is met by another unique key
// is a *[ConstraintError], and is not changed.
type collision struct {
	t           *table
	key, update []int
}

// collision checks c.
func (t *table) collision(c Conflict) (*collision, error) {
	key, err := t.own("upsert into", c.key)
	if err != nil {
		return nil, err
	}
	update, err := t.own("upsert into", c.update)
	if err != nil {
		return nil, err
	}
	if !t.unique(key) {
		return nil, misuse("A1506", "db: upsert into "+t.def.Name+" by columns that are no key", "name the columns of the primary key or of a unique index")
	}
	if c.all {
		update = t.replaceable(key)
	}
	if len(update) > 0 {
		for _, c := range []int{t.updated, t.updatedBy} {
			if c >= 0 && !slices.Contains(update, c) {
				update = append(update[:len(update):len(update)], c)
			}
		}
	}
	return &collision{t: t, key: key, update: update}, nil
}

// ambiguous reports whether a row may meet one by another unique key.
func (c *collision) ambiguous(made bool) bool {
	if !made && !c.t.covers(c.t.def.PrimaryKey, c.key) {
		return true
	}
	for _, i := range c.t.def.Indexes {
		if i.Unique && !c.t.covers(i.Columns, c.key) {
			return true
		}
	}
	return false
}

// insertRun sends rows that have a key. Engines that name the key in ON
// CONFLICT keep the promise by themselves. ON DUPLICATE KEY is about every
// unique key, and the engine picks the row: so it changes none but one with the
// same key, and rows that it met elsewhere are seen to one by one.
func (c *collision) insertRun(ctx context.Context, d *DB, rows []any, made, part bool) error {
	t := c.t
	onKey := d.dialect.Upsert == engine.OnDuplicateKey
	counted := t.version >= 0 && len(c.update) == 0 // it must be known which were left alone
	careful := onKey && c.ambiguous(made)
	if onKey && len(c.update) == 0 && (careful || counted) {
		return each(rows, func(p any) error { return c.insertOrLeave(ctx, d, p, made) })
	}
	b := &builder{t: t, d: &d.dialect, part: part}
	b.insertOf(rows, made)
	c.write(b, careful)
	if !counted && !careful {
		_, err := t.send(ctx, d, b)
		return err
	}
	if d.dialect.Returning {
		b.write(" RETURNING ", t.names(c.key, ""))
	} else {
		if _, err := t.send(ctx, d, b); err != nil {
			return err
		}
		b = newBuilder(t, &d.dialect, false)
		c.there(b, rows)
	}
	seen, err := c.seen(ctx, d, b)
	if err != nil {
		return err
	}
	return each(rows, func(p any) error {
		switch {
		case seen[keyOf(t.values(p, c.key))]:
			return nil
		case counted:
			return c.left(p)
		}
		return c.updateOrInsert(ctx, d, p, made)
	})
}

// there writes a SELECT of the keys of rows that are in the database.
func (c *collision) there(b *builder, rows []any) {
	b.write("SELECT ", c.t.names(c.key, ""), " FROM ", c.t.ident, " WHERE ")
	var keys [][]engine.Value
	for _, p := range rows {
		keys = append(keys, c.t.values(p, c.key))
	}
	b.among("", c.t, c.key, keys)
}

// seen returns the keys that b's statement gives.
func (c *collision) seen(ctx context.Context, d *DB, b *builder) (map[rowKey]bool, error) {
	st, err := b.done()
	if err != nil {
		return nil, err
	}
	st.write = true
	seen := map[rowKey]bool{}
	err = d.query(ctx, st, func(values []engine.Value) error {
		seen[keyOf(values)] = true
		return nil
	})
	return seen, err
}

// write writes what an INSERT does with a row that is there; if careful, only
// with one that has the same key.
func (c *collision) write(b *builder, careful bool) {
	t := c.t
	onKey := b.d.Upsert == engine.OnDuplicateKey
	switch {
	case onKey && len(c.update) == 0:
		first := t.quoted[t.key[0]]
		b.write(" ON DUPLICATE KEY UPDATE ", first, " = ", t.ident, ".", first)
		return
	case onKey:
		b.write(" ON DUPLICATE KEY UPDATE ")
	case len(c.update) == 0:
		b.write(" ON CONFLICT (", t.names(c.key, ""), ") DO NOTHING")
		return
	default:
		b.write(" ON CONFLICT (", t.names(c.key, ""), ") DO UPDATE SET ")
	}
	same := ""
	for _, k := range c.key {
		same += " AND " + t.ident + "." + t.quoted[k] + " = VALUES(" + t.quoted[k] + ")"
	}
	word := ""
	set := func(column int, value string) {
		name := t.quoted[column]
		if careful {
			value = "IF(" + same[len(" AND "):] + ", " + value + ", " + t.ident + "." + name + ")"
		}
		b.write(word, name, " = ", value)
		word = ", "
	}
	for _, i := range c.update {
		if onKey {
			set(i, "VALUES("+t.quoted[i]+")")
		} else {
			set(i, "excluded."+t.quoted[i])
		}
	}
	if t.version >= 0 && !slices.Contains(c.update, t.version) {
		set(t.version, t.ident+"."+t.quoted[t.version]+" + 1")
	}
}

// left notes that the row with p's key was left alone. No row has the version
// 0, so a Save of p says that it never read that row.
func (c *collision) left(p any) error {
	if c.t.version < 0 {
		return nil
	}
	return c.t.put(p, c.t.version, engine.Int(0))
}

// insertOrLeave inserts p if there is no row with its key.
func (c *collision) insertOrLeave(ctx context.Context, d *DB, p any, made bool) error {
	b := &builder{t: c.t, d: &d.dialect, part: true}
	b.insertOf([]any{p}, made)
	_, err := c.t.send(ctx, d, b)
	var broken *ConstraintError
	if !errors.As(err, &broken) || broken.Kind != engine.Unique {
		return err
	}
	b = newBuilder(c.t, &d.dialect, false)
	b.write("SELECT 1 FROM ", c.t.ident)
	c.byKey(b, p)
	b.write(" LOCK IN SHARE MODE") // what is there now, not when the transaction began
	st, wrong := b.done()
	if wrong != nil {
		return wrong
	}
	st.write, st.t = true, c.t
	found := false
	if wrong := d.query(ctx, st, func([]engine.Value) error { found = true; return nil }); wrong != nil {
		return wrong
	}
	if found {
		return c.left(p)
	}
	return err
}

// updateOrInsert is for a row that met one by another unique key: if there is
// one with p's key too, that is changed. Else p is inserted as it is, for the
// error that the engine has for it.
func (c *collision) updateOrInsert(ctx context.Context, d *DB, p any, made bool) error {
	t := c.t
	b := newBuilder(t, &d.dialect, false)
	b.write("UPDATE ", t.ident, " SET ")
	for i, column := range c.update {
		if i > 0 {
			b.write(", ")
		}
		b.write(t.quoted[column], " = ")
		b.arg(t.rows.encode(p, column))
	}
	if v := t.version; v >= 0 && !slices.Contains(c.update, v) {
		b.write(", ", t.quoted[v], " = ", t.quoted[v], " + 1")
	}
	c.byKey(b, p)
	n, err := t.send(ctx, d, b)
	if err != nil || n > 0 {
		return err
	}
	b = &builder{t: t, d: &d.dialect}
	b.insertOf([]any{p}, made)
	_, err = t.send(ctx, d, b)
	return err
}

// byKey writes the condition that a row has p's key.
func (c *collision) byKey(b *builder, p any) {
	word := " WHERE "
	for _, k := range c.key {
		b.write(word, c.t.quoted[k], " = ")
		b.arg(c.t.rows.encode(p, k))
		word = " AND "
	}
}
