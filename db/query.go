package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Query is a set of rows of one table, to be read, changed or deleted. Its
// methods return a new Query and leave theirs as it is, so a Query may be kept,
// shared and built upon. A mistake in how it was built, such as a column of
// another table, is returned before anything is sent to the database.
//
// Its methods are not inlined: the compiler makes three wrappers of each for
// every model, and copies of their bodies in all of these were half of what
// models cost to compile.
type Query[P any] struct {
	q *query
	m *Model[P]
}

// query is the part of a Query that does not depend on the model's type. It
// does not change.
type query struct {
	t             *table
	where         []Cond
	order         []Order
	limit, offset int64
	limited       bool
	everywhere    bool
	backwards     bool // the rows are those before a cursor
	deleted       deletedRows
	unhooked      bool
	lock          string // FOR UPDATE …
	with          []Rel
	err           error // a mistake that was made when it was built
}

func (q *Query[P]) query() *query { return q.q }

// on is q with other choices. It and its like are no methods, which would be
// wrapped for every model.
func on[P any](q *Query[P], c *query) *Query[P] { return &Query[P]{c, q.m} }

// Where keeps the rows for which all of conds are true.
//
//go:noinline
func (q *Query[P]) Where(conds ...Cond) *Query[P] { return on(q, q.q.filter(conds)) }

// If is Where if yes is true, and else q itself:
//
//	Films.If(search != "", Films.Title.Contains(search))
//
//go:noinline
func (q *Query[P]) If(yes bool, conds ...Cond) *Query[P] {
	if yes {
		return on(q, q.q.filter(conds))
	}
	return q
}

// Scope applies functions that are written once and used in many queries:
//
//	func InStock(q *db.Query[*Film]) *db.Query[*Film] { return q.Where(Films.Stock.GT(0)) }
//
//	Films.Scope(InStock).Count(ctx)
//
//go:noinline
func (q *Query[P]) Scope(scopes ...func(*Query[P]) *Query[P]) *Query[P] {
	for _, f := range scopes {
		q = f(q)
	}
	return q
}

// OrderBy sorts the rows, after the orders that were given before.
//
//go:noinline
func (q *Query[P]) OrderBy(orders ...Order) *Query[P] { return on(q, q.q.sort(orders)) }

// Limit reads n rows at most.
//
//go:noinline
func (q *Query[P]) Limit(n int) *Query[P] { return on(q, q.q.take(n)) }

// Offset leaves out the first n rows.
//
//go:noinline
func (q *Query[P]) Offset(n int) *Query[P] { return on(q, q.q.skip(n)) }

// With loads related rows into the fields for them, each relation with one
// query for all rows, never one for each:
//
//	Films.With(Films.Genre().Parent(), Films.Reviews().OrderBy(Reviews.Stars.Desc()).Limit(3)).All(ctx)
//
// A way of several relations loads all of them. Without With the fields are
// nil; after it, an empty slice says that there are none. Rows that belong to
// the same row share it. See [Load] for rows that were read before.
//
//go:noinline
func (q *Query[P]) With(rels ...Rel) *Query[P] { return on(q, q.q.related(rels)) }

// Everywhere lets Update and Delete touch every row of the table, which they
// refuse without a condition.
//
//go:noinline
func (q *Query[P]) Everywhere() *Query[P] { return on(q, q.q.unbounded()) }

// A Lock says what ForUpdate does with rows that another transaction holds.
type Lock string

const lockWord = " FOR UPDATE"

// The ways not to wait.
const (
	SkipLocked Lock = " SKIP LOCKED" // leave them out
	NoWait     Lock = " NOWAIT"      // return an error, which Retry answers
)

// ForUpdate locks the rows that are read until the transaction ends: others
// that write them, or read them ForUpdate, wait. It is for use within [Tx]. On
// SQLite, where one transaction writes at a time, it does nothing.
//
//go:noinline
func (q *Query[P]) ForUpdate(how ...Lock) *Query[P] { return on(q, q.q.locked(how)) }

// SQL returns the SELECT that All would run, as it is spelled for SQLite.
//
//go:noinline
func (q *Query[P]) SQL() (string, error) {
	st, err := q.q.all(nil)
	return st.sql, err
}

// All returns the rows. Without an OrderBy their order is not defined.
//
//go:noinline
func (q *Query[P]) All(ctx context.Context) ([]P, error) {
	st, err := q.q.all(dialect(ctx))
	if err != nil {
		return nil, err
	}
	return read(ctx, q, st)
}

// First returns the first row, [ErrNotFound] if there is none. Without an
// OrderBy it is the one with the smallest primary key.
//
//go:noinline
func (q *Query[P]) First(ctx context.Context) (P, error) {
	st, err := q.q.first(dialect(ctx))
	if err != nil {
		var none P
		return none, err
	}
	return one(ctx, q, st)
}

// Count returns how many rows All would return.
//
//go:noinline
func (q *Query[P]) Count(ctx context.Context) (int64, error) { return q.q.countRows(ctx) }

func (q *query) countRows(ctx context.Context) (int64, error) {
	st, err := q.count(dialect(ctx))
	if err != nil {
		return 0, err
	}
	return q.number(ctx, st)
}

// Exists reports whether All would return any rows.
//
//go:noinline
func (q *Query[P]) Exists(ctx context.Context) (bool, error) { return q.q.anyRows(ctx) }

func (q *query) anyRows(ctx context.Context) (bool, error) {
	st, err := q.exists(dialect(ctx))
	if err != nil {
		return false, err
	}
	n, err := q.number(ctx, st)
	return n != 0, err
}

// Update makes the changes in all rows, in one statement, and returns in how
// many. Without a condition it is refused unless [Query.Everywhere] was asked
// for; with an OrderBy, a Limit or an Offset, always.
//
//go:noinline
func (q *Query[P]) Update(ctx context.Context, changes ...Assign) (int64, error) {
	return q.q.updateRows(ctx, "Update", changes)
}

func (q *query) updateRows(ctx context.Context, what string, changes []Assign) (int64, error) {
	st, err := q.updating(ctx, what, changes)
	if err != nil {
		return 0, err
	}
	return q.exec(ctx, st)
}

// updating is the statement of an Update, with what is filled in by itself.
func (q *query) updating(ctx context.Context, what string, changes []Assign) (statement, error) {
	if err := q.hooked(what); err != nil {
		return statement{}, err
	}
	st, err := q.update(dialect(ctx), changes)
	if err != nil || !q.t.stamped() {
		return st, err
	}
	if changes, err = q.t.stampChanges(ctx, changes); err != nil {
		return statement{}, err
	}
	return q.update(dialect(ctx), changes)
}

// Delete deletes all rows, in one statement, and returns how many; rows of a
// model with a column for that are marked as deleted, and are seen by no query
// but one of [Query.WithDeleted] or [Query.OnlyDeleted]. It is refused where
// [Query.Update] is.
//
//go:noinline
func (q *Query[P]) Delete(ctx context.Context) (int64, error) { return q.q.deleteRows(ctx, false) }

// Purge is Delete for good, whatever the model: OnlyDeleted().Purge(ctx)
// empties the bin.
//
//go:noinline
func (q *Query[P]) Purge(ctx context.Context) (int64, error) { return q.q.deleteRows(ctx, true) }

func (q *query) deleteRows(ctx context.Context, purge bool) (int64, error) {
	st, err := q.delete(dialect(ctx))
	if err != nil {
		return 0, err
	}
	what := "Delete"
	if purge {
		what = "Purge"
	}
	if err := q.hooked(what); err != nil {
		return 0, err
	}
	if q.t.soft >= 0 && !purge {
		now, err := clock(ctx)
		if err != nil {
			return 0, err
		}
		c := *q
		c.everywhere = true // the same was checked above
		return c.withoutHooks().updateRows(ctx, what, []Assign{q.t.column(q.t.soft).set(engine.Time(now()))})
	}
	return q.exec(ctx, st)
}

// Restore takes the mark of a deletion from all rows, which OnlyDeleted or
// WithDeleted chose, and returns from how many.
//
//go:noinline
func (q *Query[P]) Restore(ctx context.Context) (int64, error) { return q.q.restore(ctx) }

func (q *query) restore(ctx context.Context) (int64, error) {
	if q.t.soft < 0 || q.deleted == hideDeleted {
		return 0, misuse("A1506", "db: Restore on "+q.t.def.Name+" without OnlyDeleted", "choose deleted rows of a model with `db:\"softdelete\"`")
	}
	return q.updateRows(ctx, "Restore", []Assign{q.t.column(q.t.soft).set(engine.Value{})})
}

// WithDeleted sees rows that are marked as deleted too.
//
//go:noinline
func (q *Query[P]) WithDeleted() *Query[P] { return on(q, q.q.seeing(withDeleted)) }

// OnlyDeleted sees no other rows than those that are marked as deleted, which
// is a condition: Purge and Restore need no other.
//
//go:noinline
func (q *Query[P]) OnlyDeleted() *Query[P] { return on(q, q.q.seeing(onlyDeleted)) }

// WithoutHooks lets Update, Delete, Purge and Restore change the rows of a
// model with [Hooks], which they refuse: they know no rows to call them for.
//
//go:noinline
func (q *Query[P]) WithoutHooks() *Query[P] { return on(q, q.q.withoutHooks()) }

func (q *query) seeing(which deletedRows) *query {
	c := *q
	c.deleted = which
	if q.t.soft < 0 && which == onlyDeleted && c.err == nil {
		c.err = misuse("A1506", "db: OnlyDeleted on "+q.t.def.Name+", whose rows are deleted for good", "mark a *time.Time of the model with `db:\"softdelete\"`")
	}
	return &c
}

func (q *query) withoutHooks() *query {
	c := *q
	c.unhooked = true
	return &c
}

func (q *query) hooked(what string) error {
	if q.unhooked || !q.t.hooks.any() {
		return nil
	}
	return misuse("A1506", fmt.Sprintf("db: %s of many rows of %s, which has hooks", what, q.t.def.Name),
		"change row by row with the table's Save and Delete, or add WithoutHooks()")
}

// A Selection is the values of columns in the rows of a query; see
// [Column.InQuery].
type Selection struct {
	q    *query
	cols []Column
}

// Select returns the values of columns in the rows of q, for InQuery.
//
//go:noinline
func (q *Query[P]) Select(columns ...Columnar) Selection {
	s := Selection{q: q.q}
	for _, c := range columns {
		s.cols = append(s.cols, c.col())
	}
	return s
}

// read runs st, which selects all columns, decodes its rows and loads what is
// related to them.
func read[P any](ctx context.Context, q *Query[P], st statement) ([]P, error) {
	var list []P
	var row Row
	err := q.q.run(ctx, st, &row, func() { list = append(list, decoded(q.m, &row)) })
	if err == nil && len(q.q.with) > 0 {
		err = q.q.loadWith(ctx, erased(list))
	}
	if err != nil {
		return nil, err
	}
	return inOrder(q.q, list), nil
}

// inOrder returns rows in the order of q: those before a cursor are read the
// other way round. It is no method: those of every model would each have a copy
// of its body, and of slices.Reverse.
func inOrder[P any](q *query, rows []P) []P {
	if q.backwards {
		slices.Reverse(rows)
	}
	return rows
}

// decoded returns the model of a row, which is of no use if row.err is set.
func decoded[P any](m *Model[P], row *Row) P {
	p := m.New()
	for row.at = range row.values {
		m.Decode(p, row.at, row)
		if row.err != nil {
			break
		}
	}
	return p
}

// one is read for a statement that gives one row at most.
func one[P any](ctx context.Context, q *Query[P], st statement) (P, error) {
	var none, p P
	var row Row
	found := false
	err := q.q.run(ctx, st, &row, func() { p, found = decoded(q.m, &row), true })
	if err == nil && !found {
		err = fmt.Errorf("db: %s: %w", q.q.t.def.Name, ErrNotFound)
	}
	if err == nil && len(q.q.with) > 0 {
		err = q.q.loadWith(ctx, []any{p})
	}
	if err != nil {
		return none, err
	}
	return p, nil
}

// erased returns rows as they are known to what does not depend on their type.
func erased[P any](rows []P) []any {
	list := make([]any, len(rows))
	for i, p := range rows {
		list[i] = p
	}
	return list
}

// run runs st, which selects all columns of q's table, and calls decode for
// each row after it was put into row.
func (q *query) run(ctx context.Context, st statement, row *Row, decode func()) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	if err := q.locking(ctx, d); err != nil {
		return err
	}
	return d.query(ctx, st, func(values []engine.Value) error {
		row.values, row.db = values, d
		decode()
		return row.failure(q.t.column(min(row.at, len(q.t.def.Columns)-1)))
	})
}

// decoding returns what calls decode for each row of q's columns.
func (q *query) decoding(decode func(*Row)) func([]engine.Value) error {
	var row Row
	return func(values []engine.Value) error {
		row.values = values
		decode(&row)
		return row.failure(q.t.column(min(row.at, len(q.t.def.Columns)-1)))
	}
}

// locking refuses locks that would end with their statement.
func (q *query) locking(ctx context.Context, d *DB) error {
	if q.lock == "" || d.transaction(ctx) != nil {
		return nil
	}
	return misuse("A1507", "db: ForUpdate on "+q.t.def.Name+" outside of a transaction", "read the rows within db.Tx")
}
