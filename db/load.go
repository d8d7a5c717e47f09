package db

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/ashlar-go/ashlar/db/engine"
)

// Load loads relations of rows that were read before, as [Query.With] does
// while they are read:
//
//	err := db.Load(ctx, films, Films.Genre(), Films.Reviews())
func Load[P any](ctx context.Context, rows []P, rels ...Rel) error {
	if len(rows) == 0 || len(rels) == 0 {
		return nil
	}
	p, _ := rels[0].relation()
	if p == nil {
		return noRelation("rows", rels[0])
	}
	t := p.root()
	if _, ok := t.rows.New().(P); !ok {
		return misuse("A1504", fmt.Sprintf("db: load %s into rows of type %T", p, rows[0]), "load relations of the rows' own table")
	}
	list := erased(rows)
	if err := t.given("load relations of", list); err != nil {
		return err
	}
	q := &query{t: t, with: rels}
	return q.loadWith(ctx, list)
}

// Related returns the rows that m relates to each of rows, in the same order:
//
//	posts, err := db.Related[*Post](ctx, users, UserPosts) // posts[i] are those of users[i]
//
// It is for relations that the rows have no field for.
func Related[C, P any](ctx context.Context, rows []P, m Many) ([][]C, error) {
	list := make([][]C, len(rows))
	if len(rows) == 0 {
		return list, nil
	}
	t, to := m.p.root(), m.p.end()
	_, fits := t.rows.New().(P)
	if _, ok := to.rows.New().(C); !ok || !fits || m.p.from.from != nil {
		return nil, misuse("A1504", fmt.Sprintf("db: rows of type %T for %T of %s", list, rows, m.p), "name the types of the relation's two models")
	}
	owners := erased(rows)
	if err := t.given("find what is related to", owners); err != nil {
		return nil, err
	}
	f, err := m.fetch(ctx, owners)
	if err != nil {
		return nil, err
	}
	at := f.byOwner()
	for i, k := range f.keys {
		list[i] = []C{}
		for _, p := range at[k] {
			list[i] = append(list[i], p.(C))
		}
	}
	return list, nil
}

// fetch loads what m relates to rows.
func (m Many) fetch(ctx context.Context, rows []any) (*fetch, error) {
	d, err := FromContext(ctx)
	if err != nil {
		return nil, err
	}
	q := m.query()
	q.t = m.p.end()
	kids, err := q.branches()
	if err != nil {
		return nil, err
	}
	f := newFetch(&branch{p: m.p, q: &q}, m.p.step(), level{t: m.p.root(), rows: rows})
	if err := d.fetch(ctx, []*fetch{f}); err != nil {
		return nil, err
	}
	return f, d.load(ctx, []level{{q.t, f.rows, kids}})
}

func noRelation(of string, rel Rel) error {
	return misuse("A1504", fmt.Sprintf("db: With on %s: %T is no relation", of, rel), "name a relation, such as Films.Genre()")
}

// A branch is one relation to be loaded, with those that begin at its end.
type branch struct {
	p    *path
	link int
	q    *query
	kids []*branch
}

// loadWith loads q's relations of rows.
func (q *query) loadWith(ctx context.Context, rows []any) error {
	if len(rows) == 0 {
		return nil
	}
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	tree, err := q.branches()
	if err != nil {
		return err
	}
	return d.load(ctx, []level{{q.t, rows, tree}})
}

// branches sorts the relations of q into a tree, so that a way that is part of
// several is gone once.
func (q *query) branches() ([]*branch, error) {
	var roots []*branch
	for _, rel := range q.with {
		p, sub := rel.relation()
		if p == nil || p.from == nil {
			return nil, noRelation(q.t.def.Name, rel)
		}
		if p.own != nil {
			return nil, misuse("A1504", fmt.Sprintf("db: With on %s: %s has no field to be loaded into", q.t.def.Name, p), "use db.Related")
		}
		if p.root() != q.t {
			return nil, misuse("A1504", fmt.Sprintf("db: relation %s loaded in a query on %s", p, q.t.def.Name),
				"load relations of "+q.t.def.Name)
		}
		at := grow(&roots, p)
		if sub == nil {
			continue
		}
		own := *sub
		own.t = p.end()
		at.q = &own
		kids, err := own.branches()
		if err != nil {
			return nil, err
		}
		at.kids = append(at.kids, kids...)
	}
	return roots, nil
}

// grow returns the branch of p, adding it and those before it.
func grow(roots *[]*branch, p *path) *branch {
	list := roots
	if p.from.from != nil {
		list = &grow(roots, p.from).kids
	}
	for _, b := range *list {
		if b.link == p.link {
			return b
		}
	}
	b := &branch{p: p, link: p.link}
	*list = append(*list, b)
	return b
}

// A level is rows of one table and the relations of them to be loaded.
type level struct {
	t    *table
	rows []any
	tree []*branch
}

// load loads all relations of all levels, with one statement for each, or for
// each run of keys where there are very many; then those that begin there. The
// statements of one depth go to the database together where the engine can.
func (d *DB) load(ctx context.Context, levels []level) error {
	for len(levels) > 0 {
		var fetches []*fetch
		for _, at := range levels {
			for _, b := range at.tree {
				l := &at.t.links[b.link]
				fetches = append(fetches, newFetch(b, l, at))
			}
		}
		if err := d.fetch(ctx, fetches); err != nil {
			return err
		}
		levels = nil
		for _, f := range fetches {
			f.hand()
			if len(f.b.kids) > 0 && len(f.rows) > 0 {
				levels = append(levels, level{f.l.target, f.rows, f.b.kids})
			}
		}
	}
	return nil
}

// A fetch is the loading of one relation for many rows.
type fetch struct {
	b       *branch
	l       *link
	parents []any
	keys    []rowKey         // of the parents, in their order
	wanted  [][]engine.Value // the different keys that are not NULL
	rows    []any            // what was found,
	owners  []rowKey         // and the key of whom each belongs to
}

// A rowKey is the values of some columns, to be compared. Most are one integer.
type rowKey struct {
	n    int64
	text string
	some bool // none is NULL
}

func keyOf(values []engine.Value) rowKey {
	if len(values) == 1 && isWhole(values[0]) {
		return rowKey{n: values[0].Int(), some: true}
	}
	k := rowKey{some: true}
	for _, v := range values {
		if v.Kind() == engine.KindNull {
			return rowKey{}
		}
		s := v.String()
		if isWhole(v) {
			s = strconv.FormatInt(v.Int(), 10)
		}
		k.text += strconv.Itoa(len(s)) + ":" + s
	}
	return k
}

// isWhole reports whether v is an integer, or what is one on engines without
// such a type.
func isWhole(v engine.Value) bool {
	return v.Kind() == engine.KindInt || v.Kind() == engine.KindTime || v.Kind() == engine.KindBool
}

func newFetch(b *branch, l *link, at level) *fetch {
	f := &fetch{b: b, l: l, parents: at.rows, keys: make([]rowKey, len(at.rows))}
	seen := make(map[rowKey]bool, len(at.rows))
	for i, p := range at.rows {
		if l.kind >= 0 && !l.many && at.t.rows.encode(p, l.kind).Text() != l.value {
			continue
		}
		values := at.t.values(p, l.from)
		k := keyOf(values)
		f.keys[i] = k
		if k.some && !seen[k] {
			seen[k] = true
			f.wanted = append(f.wanted, values)
		}
	}
	return f
}

// maxKeys is the most keys in one statement of a fetch.
const maxKeys = 1000

// statements returns what to ask the database.
func (f *fetch) statements(d *engine.Dialect) ([]statement, error) {
	width := max(1, len(f.l.from))
	most := max(1, min(maxKeys, d.MaxArgs/2/width))
	var list []statement
	for keys := range slices.Chunk(f.wanted, most) {
		st, err := f.statement(d, padded(keys, most))
		if err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	return list, nil
}

// padded repeats the last key until there are a power of two of them, so that
// few different statements are prepared.
func padded(keys [][]engine.Value, most int) [][]engine.Value {
	n := 1
	for n < len(keys) {
		n *= 2
	}
	keys = slices.Clone(keys)
	for len(keys) < min(n, most) {
		keys = append(keys, keys[len(keys)-1])
	}
	return keys
}

// fetch runs the statements of all fetches.
func (d *DB) fetch(ctx context.Context, fetches []*fetch) error {
	var list []statement
	var of []*fetch
	for _, f := range fetches {
		statements, err := f.statements(&d.dialect)
		if err != nil {
			return err
		}
		for _, st := range statements {
			st.part = true
			list, of = append(list, st), append(of, f)
		}
	}
	return d.queries(ctx, list, func(i int, values []engine.Value) error { return of[i].add(d, values) })
}

// add decodes a row: the columns of the target, and behind them those of the
// owner's key.
func (f *fetch) add(d *DB, values []engine.Value) error {
	t := f.l.target
	n := len(t.def.Columns)
	row := Row{values: values[:n], db: d}
	p := t.rows.New()
	t.rows.decode(p, &row)
	if err := row.failure(t.column(min(row.at, n-1))); err != nil {
		return err
	}
	f.rows = append(f.rows, p)
	if f.l.through != nil {
		f.owners = append(f.owners, keyOf(values[n:n+len(f.l.near)]))
	} else {
		f.owners = append(f.owners, keyOf(t.values(p, f.l.key)))
	}
	return nil
}

// byOwner sorts what was found by whom it belongs to.
func (f *fetch) byOwner() map[rowKey][]any {
	at := make(map[rowKey][]any, len(f.rows))
	for i, p := range f.rows {
		at[f.owners[i]] = append(at[f.owners[i]], p)
	}
	return at
}

// hand puts the rows that were found into the fields of their parents.
func (f *fetch) hand() {
	at := f.byOwner()
	set := f.l.source.rows.link
	for i, parent := range f.parents {
		set(parent, f.b.link, nil)
		if !f.keys[i].some {
			continue
		}
		for _, p := range at[f.keys[i]] {
			set(parent, f.b.link, p)
			if !f.l.many {
				break
			}
		}
	}
}

// statement selects the related rows of keys.
func (f *fetch) statement(d *engine.Dialect, keys [][]engine.Value) (statement, error) {
	q := query{t: f.l.target}
	if f.b.q != nil {
		q = *f.b.q
	}
	if !f.l.many { // a row that is referred to is shown though it is marked as deleted
		q.deleted = withDeleted
	}
	if len(q.order) == 0 && f.l.many {
		q.order = q.t.byKey()
	}
	if q.limited && f.l.many {
		return f.limited(d, &q, keys)
	}
	return build(q.t, d, func(b *builder) {
		s := b.open(q.t)
		b.write("SELECT ")
		f.selectRelated(b, s, &q, keys, nil)
		b.order(q.order)
		b.close(s)
	})
}

// limited selects the first rows for each key: all are numbered, and the outer
// SELECT takes those with small numbers.
func (f *fetch) limited(d *engine.Dialect, q *query, keys [][]engine.Value) (statement, error) {
	return build(q.t, d, func(b *builder) {
		b.write("SELECT ", q.t.list)
		if f.l.through != nil {
			b.write(", ", f.l.through.names(f.l.near, "near_"))
		}
		b.write(" FROM (")
		s := b.open(q.t)
		b.write("SELECT ")
		f.selectRelated(b, s, q, keys, func(owner string, t *table, columns []int) {
			b.write(", row_number() OVER (PARTITION BY ")
			for i, c := range columns {
				if i > 0 {
					b.write(", ")
				}
				if owner != "" {
					b.write(owner, ".")
				}
				b.write(t.quoted[c])
			}
			b.order(q.order)
			b.write(`) AS "_number"`)
		})
		b.close(s)
		b.write(`) AS numbered WHERE "_number" <= `)
		b.int(q.limit)
		b.write(` ORDER BY "_number"`)
	})
}

// selectRelated writes the columns, FROM and WHERE of a fetch; more may write
// further columns, told which ones hold the owner's key.
func (f *fetch) selectRelated(b *builder, s *scope, q *query, keys [][]engine.Value, more func(owner string, t *table, columns []int)) {
	own, columns := q.t, f.l.key
	owner, name := "", ""
	if f.l.through != nil {
		b.again = true
		own, columns, owner = f.l.through, f.l.near, b.alias()
	}
	if b.named {
		name = s.name
		b.columns(name, q.t.all)
		if owner == "" {
			owner = name
		}
	} else {
		b.write(q.t.list)
	}
	if f.l.through != nil {
		for _, c := range f.l.near {
			b.write(", ", owner, ".", own.quoted[c], " AS ", quote("near_"+own.def.Columns[c].Name))
		}
	}
	if more != nil {
		more(owner, own, columns)
	}
	b.from(s)
	if f.l.through != nil {
		f.joinPairs(b, owner, s.name)
	}
	b.write(" WHERE ")
	b.among(owner, own, columns, keys)
	if f.l.kind >= 0 && f.l.many {
		b.write(" AND ")
		b.column(q.t.column(f.l.kind))
		b.write(" = ", literal(f.l.value))
	}
	b.conds(" AND ", q.restricting())
}

func (f *fetch) joinPairs(b *builder, pair, to string) {
	b.write(" JOIN ", f.l.through.ident, " AS ", pair)
	word := " ON "
	for i, c := range f.l.far {
		b.write(word, pair, ".", f.l.through.quoted[c], " = ", to, ".", f.l.target.quoted[f.l.key[i]])
		word = " AND "
	}
}

// among writes that columns hold one of keys. Keys of several columns are
// compared one by one: no spelling of a list of them is known to all engines.
func (b *builder) among(name string, t *table, columns []int, keys [][]engine.Value) {
	column := func(c int) {
		if name != "" {
			b.write(name, ".")
		}
		b.write(t.quoted[c])
	}
	if len(columns) == 1 {
		column(columns[0])
		b.write(" IN (")
		for i, k := range keys {
			if i > 0 {
				b.write(", ")
			}
			b.arg(k[0])
		}
		b.write(")")
		return
	}
	b.write("(")
	for i, k := range keys {
		if i > 0 {
			b.write(" OR ")
		}
		for n, c := range columns {
			if n > 0 {
				b.write(" AND ")
			}
			column(c)
			b.write(" = ")
			b.arg(k[n])
		}
	}
	b.write(")")
}
