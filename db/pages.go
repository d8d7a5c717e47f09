package db

import (
	"context"
	"iter"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A PageInfo says where a page stands among all.
type PageInfo struct {
	Number int   // of this page, from 1
	Size   int   // of rows on a full page
	Total  int64 // of rows on all pages
	Pages  int   // 1 at least
}

// MaxPage is the largest page that Page reads: sizes come from visitors.
const MaxPage = 1000

// Page returns the rows of one page and where it stands. number counts from 1;
// numbers and sizes out of range are brought into it: size is from 1 to
// [MaxPage], number from 1 to the last page. It needs an OrderBy; the primary
// key decides between rows that are the same in it.
//
//go:noinline
func (q *Query[P]) Page(ctx context.Context, number, size int) ([]P, PageInfo, error) {
	page, c, err := q.q.page(ctx, number, size)
	if err != nil {
		return nil, page, err
	}
	list, err := (&Query[P]{&c, q.m}).All(ctx)
	return list, page, err
}

func (q *query) page(ctx context.Context, number, size int) (PageInfo, query, error) {
	p := PageInfo{Size: min(max(size, 1), MaxPage)}
	c := *q
	if len(q.order) == 0 || q.limited || q.offset != 0 {
		return p, c, misuse("A1506", "db: Page of "+q.t.def.Name+" without OrderBy, or with Limit or Offset", "say with OrderBy alone which rows come first")
	}
	total, err := q.countRows(ctx)
	if err != nil {
		return p, c, err
	}
	p.Total = total
	p.Pages = int(max(1, (total+int64(p.Size)-1)/int64(p.Size)))
	p.Number = min(max(number, 1), p.Pages)
	c.order = q.total()
	c.limit, c.limited, c.offset = int64(p.Size), true, int64(p.Number-1)*int64(p.Size)
	return p, c, nil
}

// total is q's order with the primary key behind it, which leaves no two rows
// the same.
func (q *query) total() []Order {
	list := q.order[:len(q.order):len(q.order)]
	for _, k := range q.t.byKey() {
		has := false
		for _, o := range q.order {
			has = has || o.col.x == nil && o.col.i == k.col.i && k.col.at.same(o.col.at)
		}
		if !has {
			list = append(list, k)
		}
	}
	return list
}

// Each returns the rows one after the other while they are read, in little
// memory however many there are:
//
//	for film, err := range Films.Each(ctx) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// An error is the last that is given. A connection is in use until the loop
// ends, except for a database in memory, whose rows are all read first.
// Relations of With are loaded for some hundred rows at a time.
//
//go:noinline
func (q *Query[P]) Each(ctx context.Context) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		q.q.each(ctx, func(p any, err error) bool {
			row, _ := p.(P)
			return yield(row, err)
		})
	}
}

// eachRows is how many rows Each holds while it loads their relations.
const eachRows = 200

// each is Each without the type.
func (q *query) each(ctx context.Context, yield func(any, error) bool) {
	d, err := FromContext(ctx)
	if err != nil {
		yield(nil, err)
		return
	}
	st, err := q.all(&d.dialect)
	if err == nil && q.backwards {
		err = misuse("A1506", "db: Each of rows before a cursor", "use All: these rows are read in the opposite order")
	}
	if err == nil {
		err = q.locking(ctx, d)
	}
	if err != nil {
		yield(nil, err)
		return
	}
	e := eaching{q: q, db: d, yield: yield}
	if d.dialect.OneSession && d.transaction(ctx) == nil {
		err = e.whole(ctx, d, st)
	} else {
		err = d.stream(ctx, st, func(ctx context.Context, values []engine.Value) error {
			if err := e.add(values); err != nil || len(q.with) > 0 && len(e.held) < eachRows {
				return err
			}
			return e.flush(ctx)
		})
		if err == nil {
			err = e.flush(ctx)
		}
	}
	if err != nil && !e.stopped {
		yield(nil, err)
	}
}

// eaching is one run of Each.
type eaching struct {
	q       *query
	db      *DB
	yield   func(any, error) bool
	held    []any // rows that were read and not given out
	stopped bool
}

// add decodes a row.
func (e *eaching) add(values []engine.Value) error {
	row := Row{values: values, db: e.db}
	t := e.q.t
	p := t.rows.New()
	t.rows.decode(p, &row)
	if err := row.failure(t.column(min(row.at, len(t.all)-1))); err != nil {
		return err
	}
	e.held = append(e.held, p)
	return nil
}

// flush gives out the rows that are held, with their relations.
func (e *eaching) flush(ctx context.Context) error {
	if err := e.q.loadWith(ctx, e.held); err != nil {
		return err
	}
	for _, p := range e.held {
		if e.stopped = !e.yield(p, nil); e.stopped {
			return errStopped
		}
	}
	e.held = e.held[:0]
	return nil
}

// whole reads all rows before it gives out the first: the database is in
// memory, and has one session, which the loop may want.
func (e *eaching) whole(ctx context.Context, d *DB, st statement) error {
	if err := d.query(ctx, st, e.add); err != nil {
		return err
	}
	all := e.held
	for e.held = range slices.Chunk(all, eachRows) {
		if err := e.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}
