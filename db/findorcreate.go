package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/ashlar-go/ashlar/db/engine"
)

// findOrCreate is FindOrCreate without the type.
func (t *table) findOrCreate(ctx context.Context, p any, columns []Columnar) (created bool, err error) {
	if err := t.given("find or create a row of", []any{p}); err != nil {
		return false, err
	}
	key, err := t.own("find a row of", columnsOf(columns))
	if err != nil {
		return false, err
	}
	if !t.unique(key) {
		return false, misuse("A1506", fmt.Sprintf("db: find or create a row of %s by columns that are no key", t.def.Name),
			"name the columns of the primary key or of a unique index")
	}
	if err := t.fill(ctx, p, key, false); !notThere(err) {
		return false, err
	}
	// In a transaction of its own, so that one around it goes on after a
	// conflict.
	err = Tx(ctx, func(ctx context.Context) error { return t.create(ctx, []any{p}) })
	var broken *ConstraintError
	if errors.As(err, &broken) && broken.Kind == engine.Unique {
		if again := t.fill(ctx, p, key, true); !notThere(again) {
			return false, again
		}
	}
	return err == nil, err
}

// fill fills p from the row with its values in key, marked as deleted or not.
// Within a transaction an ordinary query may see what was there when that
// began; now asks for what is there now.
func (t *table) fill(ctx context.Context, p any, key []int, now bool) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	q := query{t: t, deleted: withDeleted}
	if now && d.dialect.ForUpdate && d.transaction(ctx) != nil {
		q.lock = lockWord
	}
	for i, v := range t.values(p, key) {
		q.where = append(q.where, t.column(key[i]).compare("=", v))
	}
	st, err := q.all(&d.dialect)
	if err != nil {
		return err
	}
	found := false
	err = d.query(ctx, st, func(values []engine.Value) error {
		row := Row{values: values, db: d}
		t.rows.decode(p, &row)
		found = true
		return row.failure(t.column(min(row.at, len(t.all)-1)))
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return err
}
