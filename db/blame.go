package db

import (
	"context"
	"errors"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
)

// foreign returns the columns of the foreign key with this name.
func (t *table) foreign(name string) []string {
	for _, k := range t.def.ForeignKeys {
		if name != "" && t.def.ForeignKeyName(k) == name {
			return k.Columns
		}
	}
	return nil
}

// maxBlamed is how many rows are asked about: the error of a large load stays
// cheap.
const maxBlamed = 100

// blame fills in which foreign key rows broke, where the engine does not tell:
// the one whose other row is not there.
func (t *table) blame(ctx context.Context, d *DB, rows []any, err error) error {
	var broken *ConstraintError
	if !errors.As(err, &broken) || broken.Kind != engine.ForeignKey || broken.Name != "" || len(broken.Columns) > 0 || broken.Table != t.def.Name {
		return err
	}
	keys := slices.Clone(t.def.ForeignKeys)
	// The table itself last: rows that refer to each other are gone as well.
	slices.SortStableFunc(keys, func(a, b schema.ForeignKey) int {
		if (a.RefTable == t.def.Name) == (b.RefTable == t.def.Name) {
			return 0
		}
		if a.RefTable == t.def.Name {
			return 1
		}
		return -1
	})
	for _, k := range keys {
		for _, p := range rows[:min(len(rows), maxBlamed)] {
			values := t.values(p, t.find(k.Columns))
			if !keyOf(values).some {
				continue
			}
			if there, asked := d.refers(ctx, k, values); asked == nil && !there {
				broken.Columns, broken.Name = k.Columns, t.def.ForeignKeyName(k)
				return err
			}
		}
	}
	return err
}

// refers reports whether there is the row that values refer to.
func (d *DB) refers(ctx context.Context, k schema.ForeignKey, values []engine.Value) (there bool, err error) {
	sql, word := "SELECT 1 FROM "+quote(k.RefTable), " WHERE "
	for _, c := range k.RefColumns {
		sql += word + quote(c) + " = ?"
		word = " AND "
	}
	err = d.query(ctx, statement{sql: sql, args: values}, func([]engine.Value) error { there = true; return nil })
	return there, err
}
