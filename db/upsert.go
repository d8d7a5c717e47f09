package db

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
)

// A Conflict says what [Table.Upsert] does with a row that is there already;
// see [OnConflict].
type Conflict struct {
	key, update []Column
	all         bool
}

// OnConflict is about rows that have the same values in key, which are the
// primary key or those of a unique index. Without Update or UpdateAll the row
// that is there is left alone.
func OnConflict(key ...Columnar) Conflict { return Conflict{key: columnsOf(key)} }

// Update writes the new values of these columns to the row that is there.
func (c Conflict) Update(columns ...Columnar) Conflict {
	c.update = columnsOf(columns)
	return c
}

// UpdateAll writes all new values to the row that is there, except its primary
// key and when and by whom it was created.
func (c Conflict) UpdateAll() Conflict {
	c.all = true
	return c
}

func columnsOf(list []Columnar) []Column {
	var columns []Column
	for _, c := range list {
		columns = append(columns, c.col())
	}
	return columns
}

// own returns the indexes of columns, which must be t's.
func (t *table) own(what string, columns []Column) ([]int, error) {
	var list []int
	for _, c := range columns {
		if c.at != t.root {
			return nil, misuse("A1504", fmt.Sprintf("db: %s %s with column %s", what, t.def.Name, c.noun()), "name columns of "+t.def.Name)
		}
		list = append(list, c.i)
	}
	return list, nil
}

// upsert is Upsert without the type.
func (t *table) upsert(ctx context.Context, c Conflict, rows []any) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	key, err := t.own("upsert into", c.key)
	if err != nil {
		return err
	}
	update, err := t.own("upsert into", c.update)
	if err != nil {
		return err
	}
	if !t.unique(key) {
		return misuse("A1506", fmt.Sprintf("db: upsert into %s by columns that are no key", t.def.Name), "name the columns of the primary key or of a unique index")
	}
	if c.all {
		update = t.replaceable(key)
	}
	if len(rows) == 0 {
		return nil
	}
	return whole(ctx, true, func(ctx context.Context) error {
		if err := t.before(ctx, d, Created, rows); err != nil {
			return err
		}
		if err := t.insert(ctx, d, rows, func(b *builder) { b.onConflict(key, update) }); err != nil {
			return err
		}
		if err := t.readKeys(ctx, d, key, rows); err != nil {
			return err
		}
		return t.after(ctx, Created, rows)
	})
}

// unique reports whether no two rows have the same values in columns.
func (t *table) unique(columns []int) bool {
	same := func(names []string) bool {
		if len(names) != len(columns) {
			return false
		}
		for _, c := range columns {
			if !slices.Contains(names, t.def.Columns[c].Name) {
				return false
			}
		}
		return true
	}
	if same(t.def.PrimaryKey) {
		return true
	}
	return slices.ContainsFunc(t.def.Indexes, func(i schema.Index) bool { return i.Unique && same(i.Columns) })
}

// replaceable is what UpdateAll writes.
func (t *table) replaceable(key []int) []int {
	var list []int
	for _, c := range t.rest {
		if !slices.Contains(key, c) && c != t.created && c != t.createdBy && c != t.version {
			list = append(list, c)
		}
	}
	return list
}

// onConflict writes what an INSERT does with a row that is there.
func (b *builder) onConflict(key, update []int) {
	t := b.t
	if len(update) > 0 {
		for _, c := range []int{t.updated, t.updatedBy} {
			if c >= 0 && !slices.Contains(update, c) {
				update = append(update[:len(update):len(update)], c)
			}
		}
	}
	before, after := `excluded.`, ""
	if b.d.Upsert == engine.OnDuplicateKey {
		before, after = "VALUES(", ")"
		b.write(" ON DUPLICATE KEY UPDATE ")
		if len(update) == 0 {
			b.write(t.quoted[t.key[0]], " = ", t.ident, ".", t.quoted[t.key[0]])
		}
	} else {
		b.write(" ON CONFLICT (", t.names(key, ""), ")")
		if len(update) == 0 {
			b.write(" DO NOTHING")
			return
		}
		b.write(" DO UPDATE SET ")
	}
	for i, c := range update {
		if i > 0 {
			b.write(", ")
		}
		b.write(t.quoted[c], " = ", before, t.quoted[c], after)
	}
	if t.version >= 0 && len(update) > 0 && !slices.Contains(update, t.version) {
		v := t.quoted[t.version]
		b.write(", ", v, " = ", t.ident, ".", v, " + 1")
	}
}

// readKeys reads the primary keys, and the versions, of rows that an upsert
// wrote: which of them an INSERT made, its RETURNING does not say on all
// engines.
func (t *table) readKeys(ctx context.Context, d *DB, key []int, rows []any) error {
	columns := slices.Clone(key)
	if t.auto {
		columns = append(columns, t.key[0])
	}
	if t.version >= 0 {
		columns = append(columns, t.version)
	}
	if len(columns) == len(key) {
		return nil
	}
	at := make(map[rowKey][]any, len(rows))
	for _, p := range rows {
		k := keyOf(t.values(p, key))
		at[k] = append(at[k], p)
	}
	for chunk := range slices.Chunk(rows, max(1, min(maxKeys, d.dialect.MaxArgs/len(key)))) {
		st, err := build(t, &d.dialect, func(b *builder) {
			b.write("SELECT ", t.names(columns, ""), " FROM ", t.ident, " WHERE ")
			var keys [][]engine.Value
			for _, p := range chunk {
				keys = append(keys, t.values(p, key))
			}
			b.among("", t, key, keys)
		})
		if err != nil {
			return err
		}
		err = d.query(ctx, st, func(values []engine.Value) error {
			for _, p := range at[keyOf(values[:len(key)])] {
				for i, c := range columns[len(key):] {
					t.rows.set(p, c, values[len(key)+i])
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// findOrCreate is FindOrCreate without the type.
func (t *table) findOrCreate(ctx context.Context, p any, columns []Columnar) (created bool, err error) {
	key, err := t.own("find a row of", columnsOf(columns))
	if err != nil {
		return false, err
	}
	if !t.unique(key) {
		return false, misuse("A1506", fmt.Sprintf("db: find or create a row of %s by columns that are no key", t.def.Name),
			"name the columns of the primary key or of a unique index")
	}
	if err := t.fill(ctx, p, key); !notThere(err) {
		return false, err
	}
	// In a transaction of its own, so that one around it goes on after a
	// conflict.
	err = Tx(ctx, func(ctx context.Context) error { return t.create(ctx, []any{p}) })
	var broken *ConstraintError
	if errors.As(err, &broken) && broken.Kind == engine.Unique {
		if again := t.fill(ctx, p, key); !notThere(again) {
			return false, again
		}
	}
	return err == nil, err
}

// fill fills p from the row with its values in key.
func (t *table) fill(ctx context.Context, p any, key []int) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	q := query{t: t}
	for i, v := range t.values(p, key) {
		q.where = append(q.where, t.column(key[i]).compare("=", v))
	}
	st, err := q.all(&d.dialect)
	if err != nil {
		return err
	}
	found := false
	err = d.query(ctx, st, func(values []engine.Value) error {
		row := Row{values: values}
		t.rows.decode(p, &row)
		found = true
		return row.failure(t.column(min(row.at, len(t.all)-1)))
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return err
}
