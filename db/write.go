package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// ErrStale says that a row was changed, or deleted, since it was read, so it
// was not written: read it again. errors.Is(err, errs.Conflict) holds for it.
var ErrStale error = staleError()

// whole calls f in a transaction if it needs one.
func whole(ctx context.Context, needed bool, f func(context.Context) error) error {
	if needed {
		return Tx(ctx, f)
	}
	return f(ctx)
}

// each calls f for all rows up to the first error.
func each(rows []any, f func(p any) error) error {
	for _, p := range rows {
		if err := f(p); err != nil {
			return err
		}
	}
	return nil
}

// create is Insert without the type.
func (t *table) create(ctx context.Context, rows []any) error {
	if len(rows) == 0 {
		return nil
	}
	d, err := FromContext(ctx)
	if err == nil {
		err = t.given("insert into", rows)
	}
	if err != nil {
		return err
	}
	return whole(ctx, t.hooks.any(), func(ctx context.Context) error {
		if err := t.before(ctx, d, Created, rows); err != nil {
			return err
		}
		if err := t.insert(ctx, d, rows, nil); err != nil {
			return err
		}
		return t.after(ctx, Created, rows)
	})
}

// before makes rows ready to be written: hooks may change them, then they are
// stamped, then they must keep their rules.
func (t *table) before(ctx context.Context, d *DB, c Change, rows []any) error {
	if !t.hooks.any() && !t.stamped() && !t.validate {
		return nil
	}
	return each(rows, func(p any) error {
		if f := t.hooks.before; f != nil {
			if err := f(ctx, c, p); err != nil {
				return err
			}
		}
		if c == Deleted {
			return nil
		}
		if err := t.stamp(ctx, c, p); err != nil {
			return err
		}
		if !t.validate {
			return nil
		}
		return d.rules.Struct(ctx, p)
	})
}

func (t *table) after(ctx context.Context, c Change, rows []any) error {
	if !t.hooks.any() {
		return nil
	}
	return each(rows, func(p any) error {
		if f := t.hooks.committed; f != nil {
			AfterCommit(ctx, func(ctx context.Context) { f(ctx, c, p) })
		}
		if f := t.hooks.after; f != nil {
			return f(ctx, c, p)
		}
		return nil
	})
}

// save is Save without the type.
func (t *table) save(ctx context.Context, p any, columns []Columnar) error {
	d, err := FromContext(ctx)
	if err == nil {
		err = t.given("save a row of", []any{p})
	}
	if err != nil {
		return err
	}
	written, err := t.written(columns)
	if err != nil {
		return err
	}
	return whole(ctx, t.hooks.any(), func(ctx context.Context) error {
		if err := t.before(ctx, d, Updated, []any{p}); err != nil {
			return err
		}
		if err := t.saveRow(ctx, d, p, written); err != nil {
			return err
		}
		return t.after(ctx, Updated, []any{p})
	})
}

// written returns the columns that Save writes: those that were named and the
// ones that it stamps.
func (t *table) written(columns []Columnar) ([]int, error) {
	switch {
	case len(t.rest) == 0:
		return nil, misuse("A1506", "db: save a row of "+t.def.Name+", whose columns are all of its key", "there is nothing to change: Insert or Delete it")
	case len(columns) == 0:
		return t.rest, nil
	}
	var list []int
	for _, c := range columns {
		col := c.col()
		if col.at != t.root || slices.Contains(t.key, col.i) {
			return nil, misuse("A1504", fmt.Sprintf("db: save column %s of a row of %s", col.noun(), t.def.Name), "name columns of "+t.def.Name+" outside of its key")
		}
		if !slices.Contains(list, col.i) {
			list = append(list, col.i)
		}
	}
	for _, c := range []int{t.updated, t.updatedBy, t.version} {
		if c >= 0 && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list, nil
}

// saveRow writes columns of p, counting its version up.
func (t *table) saveRow(ctx context.Context, d *DB, p any, columns []int) error {
	var old int64
	if t.version >= 0 {
		old = t.rows.encode(p, t.version).Int()
	}
	b := &builder{t: t, d: &d.dialect}
	b.open(t)
	b.write("UPDATE ", t.ident, " SET ")
	changes := make([]Assign, len(columns))
	for i, c := range columns {
		changes[i] = Assign{col: t.column(c), val: t.rows.encode(p, c)}
		if c == t.version {
			changes[i].val = engine.Int(old + 1)
		}
	}
	b.assign(changes)
	t.thisRow(b, p)
	n, err := t.send(ctx, d, b)
	if err != nil {
		return t.blame(ctx, d, []any{p}, err)
	}
	if n == 0 {
		return t.missed(ctx, d, p, "save")
	}
	if t.version >= 0 {
		return t.put(p, t.version, engine.Int(old+1))
	}
	return nil
}

func (t *table) send(ctx context.Context, d *DB, b *builder) (int64, error) {
	st, err := b.done()
	if err != nil {
		return 0, err
	}
	st.write = true
	return d.exec(ctx, st)
}

// thisRow writes the condition that it is p's row, in the version that p has.
func (t *table) thisRow(b *builder, p any) {
	word := " WHERE "
	equal := func(c int) {
		b.write(word, t.quoted[c], " = ")
		b.arg(t.rows.encode(p, c))
		word = " AND "
	}
	for _, c := range t.key {
		equal(c)
	}
	if t.version >= 0 {
		equal(t.version)
	}
	if t.soft >= 0 {
		b.write(word, t.quoted[t.soft], " IS NULL")
	}
}

// missed says why p's row was not written.
func (t *table) missed(ctx context.Context, d *DB, p any, what string) error {
	if t.version >= 0 {
		q := query{t: t}
		for _, c := range t.key {
			q.where = append(q.where, t.column(c).compare("=", t.rows.encode(p, c)))
		}
		there, err := q.anyRows(ctx)
		if err != nil {
			return err
		}
		if there {
			return fmt.Errorf("db: %s a row of %s: %w", what, t.def.Name, ErrStale)
		}
	}
	return fmt.Errorf("db: %s a row of %s: %w", what, t.def.Name, ErrNotFound)
}

// remove is Delete without the type.
func (t *table) remove(ctx context.Context, rows []any) error {
	if len(rows) == 0 {
		return misuse("A1505", "db: delete from "+t.def.Name+" without a row", "pass the rows to delete, or use Everywhere().Delete(ctx) if all are meant")
	}
	d, err := FromContext(ctx)
	if err == nil {
		err = t.given("delete from", rows)
	}
	if err != nil {
		return err
	}
	return whole(ctx, len(rows) > 1 || t.hooks.any(), func(ctx context.Context) error {
		if err := t.before(ctx, d, Deleted, rows); err != nil {
			return err
		}
		if err := each(rows, func(p any) error { return t.removeRow(ctx, d, p) }); err != nil {
			return err
		}
		return t.after(ctx, Deleted, rows)
	})
}

func (t *table) removeRow(ctx context.Context, d *DB, p any) error {
	b := &builder{t: t, d: &d.dialect}
	b.open(t)
	if t.soft < 0 {
		b.write("DELETE FROM ", t.ident)
	} else {
		now, err := clock(ctx)
		if err != nil {
			return err
		}
		changes, err := t.stampChanges(ctx, []Assign{t.column(t.soft).set(engine.Time(now()))})
		if err != nil {
			return err
		}
		b.write("UPDATE ", t.ident, " SET ")
		b.assign(changes)
	}
	t.thisRow(b, p)
	n, err := t.send(ctx, d, b)
	if err != nil {
		return err
	}
	if n == 0 {
		return t.missed(ctx, d, p, "delete")
	}
	return nil
}

// stamped reports whether t has columns that are filled in.
func (t *table) stamped() bool {
	return t.version >= 0 || t.created >= 0 || t.updated >= 0 || t.createdBy >= 0 || t.updatedBy >= 0 || t.uuid >= 0
}

// stamp fills in the columns of p that say when and by whom.
func (t *table) stamp(ctx context.Context, c Change, p any) error {
	if err := t.stampTimes(ctx, c, p); err != nil {
		return err
	}
	if t.version >= 0 && c == Created && t.zero(p, t.version) {
		if err := t.put(p, t.version, engine.Int(1)); err != nil {
			return err
		}
	}
	actor, err := t.actor(ctx)
	if err != nil || actor.Kind() == engine.KindNull {
		return err
	}
	if t.createdBy >= 0 && c == Created {
		err = t.put(p, t.createdBy, actor)
	}
	if t.updatedBy >= 0 && err == nil {
		err = t.put(p, t.updatedBy, actor)
	}
	return err
}

// stampTimes fills in the key and the times that are made of the clock.
func (t *table) stampTimes(ctx context.Context, c Change, p any) error {
	id := t.uuid >= 0 && c == Created && t.rows.encode(p, t.uuid).Text() == ""
	if !id && t.created < 0 && t.updated < 0 {
		return nil
	}
	now, err := clock(ctx)
	if err != nil {
		return err
	}
	at := now()
	if id {
		err = t.put(p, t.uuid, engine.Text(NewUUID(at)))
	}
	if t.created >= 0 && c == Created && t.zero(p, t.created) && err == nil {
		err = t.put(p, t.created, engine.Time(at))
	}
	if t.updated >= 0 && err == nil {
		err = t.put(p, t.updated, engine.Time(at))
	}
	return err
}

// zero reports whether p's field is zero.
func (t *table) zero(p any, column int) bool {
	v := t.rows.encode(p, column)
	return v.Kind() == engine.KindNull || v.Kind() == engine.KindInt && v.Int() == 0 ||
		v.Kind() == engine.KindTime && time.UnixMicro(v.Int()).UTC().IsZero()
}

// stampChanges adds to the changes of an UPDATE those that say when and by
// whom, where it does not make them itself.
func (t *table) stampChanges(ctx context.Context, changes []Assign) ([]Assign, error) {
	changes = slices.Clip(changes)
	add := func(column int, a Assign) {
		if !slices.ContainsFunc(changes, func(c Assign) bool { return c.col.i == column }) {
			changes = append(changes, a)
		}
	}
	if t.updated >= 0 {
		now, err := clock(ctx)
		if err != nil {
			return nil, err
		}
		add(t.updated, t.column(t.updated).set(engine.Time(now())))
	}
	if t.version >= 0 {
		add(t.version, Assign{col: t.column(t.version), op: "+", val: engine.Int(1)})
	}
	actor, err := t.actor(ctx)
	if t.updatedBy >= 0 && actor.Kind() != engine.KindNull {
		add(t.updatedBy, t.column(t.updatedBy).set(actor))
	}
	return changes, err
}

type actorKey struct{}

// WithActor returns a context whose writes are by id, the key of a user or of
// whatever the columns with the roles createdby and updatedby hold: an integer
// or a text. Without an actor these columns are left as they are.
func WithActor(ctx context.Context, id any) context.Context {
	return context.WithValue(ctx, actorKey{}, id)
}

// actor returns ctx's actor, which t's columns can hold.
func (t *table) actor(ctx context.Context) (engine.Value, error) {
	id := ctx.Value(actorKey{})
	if id == nil || t.createdBy < 0 && t.updatedBy < 0 {
		return engine.Value{}, nil
	}
	v, err := engine.Of(id)
	for _, c := range []int{t.createdBy, t.updatedBy} {
		if c >= 0 && err == nil {
			err = t.rows.set(t.rows.New(), c, v)
		}
	}
	if err != nil {
		return engine.Value{}, misuse("A1512", fmt.Sprintf("db: the actor %v of the context, a %T, for %s: %v", id, id, t.def.Name, err),
			"pass db.WithActor a value of the type that the columns with createdby and updatedby have")
	}
	return v, nil
}

type clockKey struct{}

// WithClock returns a context whose writes happen at the times that now
// returns, not at those of Config.Now: for tests, and for taking over data.
func WithClock(ctx context.Context, now func() time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, now)
}

func clock(ctx context.Context) (func() time.Time, error) {
	if now, ok := ctx.Value(clockKey{}).(func() time.Time); ok {
		return now, nil
	}
	d, err := FromContext(ctx)
	if err != nil {
		return nil, err
	}
	if d.config.Now == nil {
		return nil, setting("Now", "is needed to write models with times of their own")
	}
	return d.config.Now, nil
}

// notThere reports whether err says that there is no such row.
func notThere(err error) bool { return errors.Is(err, ErrNotFound) }
