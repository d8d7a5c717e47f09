package db

import (
	"context"
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
	if err == nil {
		err = t.given("upsert into", rows)
	}
	if err != nil {
		return err
	}
	at, err := t.collision(c)
	if err != nil || len(rows) == 0 {
		return err
	}
	return whole(ctx, true, func(ctx context.Context) error {
		if err := t.before(ctx, d, Created, rows); err != nil {
			return err
		}
		var free, keyed []any // those that have no key can be those of no row
		for i, p := range rows {
			if t.keyless(rows, i) && slices.Contains(at.key, t.key[0]) || !keyOf(t.values(p, at.key)).some {
				free = append(free, p)
			} else {
				keyed = append(keyed, p)
			}
		}
		if err := t.insert(ctx, d, free, nil); err != nil {
			return err
		}
		if err := t.insert(ctx, d, keyed, at); err != nil {
			return err
		}
		if err := t.readKeys(ctx, d, at, keyed); err != nil {
			return err
		}
		return t.after(ctx, Created, rows)
	})
}

// unique reports whether no two rows have the same values in columns.
func (t *table) unique(columns []int) bool {
	return t.covers(t.def.PrimaryKey, columns) ||
		slices.ContainsFunc(t.def.Indexes, func(i schema.Index) bool { return i.Unique && t.covers(i.Columns, columns) })
}

// covers reports whether names are those of columns, in any order.
func (t *table) covers(names []string, columns []int) bool {
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

// readKeys reads the primary keys, and the versions that were counted up, of
// rows that an upsert wrote: which of them an INSERT made, its RETURNING does
// not say on all engines.
func (t *table) readKeys(ctx context.Context, d *DB, c *collision, rows []any) error {
	key := c.key
	columns := slices.Clone(key)
	if t.auto {
		columns = append(columns, t.key[0])
	}
	if t.version >= 0 && len(c.update) > 0 {
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
					if err := t.put(p, c, values[len(key)+i]); err != nil {
						return err
					}
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
