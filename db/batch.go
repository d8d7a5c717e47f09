package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Part is one of the queries of a [Batch] and where its result goes.
type Part struct {
	build func(d *DB) (statement, error)
	row   func(values []engine.Value) error
	done  func(changed int64) (give func(), err error) // give hands the result over
	q     *query
	rows  func() []any // those that relations are loaded for
}

// Batch runs queries that do not need each other's results: in one round trip
// where the engine can, as PostgreSQL, and one after the other elsewhere.
//
//	var films []*Film
//	var soldOut int64
//	err := db.Batch(ctx,
//		Films.OrderBy(Films.Released.Desc()).Limit(20).With(Films.Genre()).AllTo(&films),
//		Films.Where(Films.Stock.Eq(0)).CountTo(&soldOut),
//	)
//
// The relations of With take one round trip more for each depth, whichever of
// the queries named them. The first error is returned, and then no result is
// handed over and nothing of a batch that writes is kept. The results of reads
// outside of a [Tx] may be of different moments.
func Batch(ctx context.Context, parts ...Part) error {
	d, err := FromContext(ctx)
	if err != nil || len(parts) == 0 {
		return err
	}
	list, writes := make([]statement, len(parts)), false
	for i, p := range parts {
		if list[i], err = p.build(d); err != nil {
			return err
		}
		if err := p.q.locking(ctx, d); err != nil {
			return err
		}
		writes = writes || list[i].write
	}
	changed := make([]int64, len(parts))
	err = d.together(ctx, list, writes, func(i int, values []engine.Value) error { return parts[i].row(values) }, changed)
	if err != nil {
		return err
	}
	if err := d.loadParts(ctx, parts); err != nil {
		return err
	}
	give := make([]func(), len(parts))
	for i, p := range parts {
		if give[i], err = p.done(changed[i]); err != nil {
			return err
		}
	}
	for _, f := range give {
		f()
	}
	return nil
}

// loadParts loads the relations of all parts.
func (d *DB) loadParts(ctx context.Context, parts []Part) error {
	var levels []level
	for _, p := range parts {
		if p.rows == nil || len(p.q.with) == 0 || len(p.rows()) == 0 {
			continue
		}
		tree, err := p.q.branches()
		if err != nil {
			return err
		}
		levels = append(levels, level{p.q.t, p.rows(), tree})
	}
	return d.load(ctx, levels)
}

// together runs statements in one round trip, or else one by one, in a
// transaction if they write: a batch of the engine is one by itself.
func (d *DB) together(ctx context.Context, list []statement, writes bool, each func(i int, values []engine.Value) error, changed []int64) error {
	if done, err := d.batch(ctx, list, each, changed); done {
		return err
	}
	return whole(ctx, writes, func(ctx context.Context) (err error) {
		for i, st := range list {
			if st.bare {
				changed[i], err = d.exec(ctx, st)
			} else {
				err = d.query(ctx, st, func(values []engine.Value) error { return each(i, values) })
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// queries runs several statements that give rows, in one round trip where the
// engine can, and calls each for the rows of the i-th.
func (d *DB) queries(ctx context.Context, list []statement, each func(i int, values []engine.Value) error) error {
	return d.together(ctx, list, false, each, make([]int64, len(list)))
}

// batch runs statements on a session that is an [engine.Batcher]; it reports
// false if this one is none, or if there is nothing to be saved.
func (d *DB) batch(ctx context.Context, list []statement, each func(i int, values []engine.Value) error, changed []int64) (done bool, err error) {
	if len(list) < 2 {
		return false, nil
	}
	all := statement{t: list[0].t, part: list[0].part}
	statements := make([]engine.Statement, len(list))
	watched := d.watched()
	for i, st := range list {
		all.write = all.write || st.write
		if st.t != all.t { // whose constraint was broken is not known then
			all.t = nil
		}
		if watched {
			all.join(st)
		}
		statements[i] = engine.Statement{SQL: st.sql, Args: st.args, Rows: !st.bare}
		if err := d.checkArgs(st); err != nil {
			return true, err
		}
	}
	var n int64
	run := func(s engine.Session) (int64, error) {
		b, ok := s.(engine.Batcher)
		if !ok {
			return 0, nil
		}
		done = true
		err := b.Batch(ctx, statements, func(i int, c engine.Cursor, affected int64) error {
			changed[i] = affected
			n += affected
			if c == nil {
				return nil
			}
			more, err := walk(ctx, c, func(values []engine.Value) error { return each(i, values) })
			n += more
			return err
		})
		return n, err
	}
	began := d.begin()
	defer func() {
		if done {
			d.report(ctx, all, began, &n, &err)
		}
	}()
	_, err = d.session(ctx, all, run)
	return done, err
}

// AllTo is [Query.All] as a part of a [Batch].
//
//go:noinline
func (q *Query[P]) AllTo(list *[]P) Part {
	var rows []P
	return Part{
		q: q.q, build: func(d *DB) (statement, error) { rows = nil; return q.q.all(&d.dialect) },
		row:  q.q.decoding(func(row *Row) { rows = append(rows, decoded(q.m, row)) }),
		rows: func() []any { return erased(rows) },
		done: func(int64) (func(), error) { return func() { *list = inOrder(q.q, rows) }, nil },
	}
}

// FirstTo is [Query.First] as a part of a [Batch]: where there is no row, the
// batch returns [ErrNotFound].
//
//go:noinline
func (q *Query[P]) FirstTo(p *P) Part {
	var rows []P
	return Part{
		q: q.q, build: func(d *DB) (statement, error) { rows = nil; return q.q.first(&d.dialect) },
		row:  q.q.decoding(func(row *Row) { rows = append(rows, decoded(q.m, row)) }),
		rows: func() []any { return erased(rows) },
		done: func(int64) (func(), error) {
			if len(rows) == 0 {
				return nil, fmt.Errorf("db: %s: %w", q.q.t.def.Name, ErrNotFound)
			}
			return func() { *p = rows[0] }, nil
		},
	}
}

// CountTo is [Query.Count] as a part of a [Batch].
//
//go:noinline
func (q *Query[P]) CountTo(n *int64) Part { return q.q.countTo(n) }

func (q *query) countTo(n *int64) Part {
	var count int64
	return Part{
		q: q.unordered(), build: func(d *DB) (statement, error) { return q.count(&d.dialect) },
		row: func(values []engine.Value) error {
			row := Row{values: values, computed: true}
			count = row.Int(64)
			return row.err
		},
		done: func(int64) (func(), error) { return func() { *n = count }, nil },
	}
}

// UpdateTo is [Query.Update] as a part of a [Batch], which puts the number of
// rows that were changed into n.
//
//go:noinline
func (q *Query[P]) UpdateTo(ctx context.Context, n *int64, changes ...Assign) Part {
	return q.q.updateTo(ctx, n, changes)
}

func (q *query) updateTo(ctx context.Context, n *int64, changes []Assign) Part {
	return Part{
		q: q.unordered(), build: func(d *DB) (statement, error) {
			st, err := q.updating(ctx, "Update", changes)
			st.bare = true
			return st, err
		},
		done: func(changed int64) (func(), error) { return func() { *n = changed }, nil },
	}
}

// AllTo is [Grouped.All] as a part of a [Batch].
func (g *Grouped[D]) AllTo(list *[]D) Part {
	var d D
	var rows [][]engine.Value
	dests := g.bind(&d)
	return Part{
		q: g.g.q.unordered(), build: func(d *DB) (statement, error) { rows = nil; return g.g.statement(&d.dialect, dests) },
		row: func(values []engine.Value) error { rows = append(rows, slices.Clone(values)); return nil },
		done: func(int64) (func(), error) {
			var err error
			if g.g.fill {
				if rows, err = g.g.filled(rows, dests); err != nil {
					return nil, err
				}
			}
			row := Row{computed: true}
			read := make([]D, 0, len(rows))
			for _, row.values = range rows {
				if err := row.readInto(dests); err != nil {
					return nil, err
				}
				read = append(read, d)
			}
			return func() { *list = read }, nil
		},
	}
}
