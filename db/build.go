package db

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
)

// This file holds all the SQL that queries are made of. Values are always
// arguments; names are those of the schema, quoted; a limit is a literal,
// because SQLite plans a statement anew when a bound one changes.

// maxLike is the longest text to search for in bytes: SQLite refuses patterns
// of more than 50,000.
const maxLike = 10_000

// A builder writes one statement and keeps the first mistake.
type builder struct {
	t       *table          // what the statement is about
	d       *engine.Dialect // nil spells as SQLite does
	sql     []byte
	args    []engine.Value
	err     error
	scope   *scope // the innermost
	named   bool   // columns are written with the names of their tables
	again   bool   // they must be, so this text is of no use
	aliases int
	part    bool // the statement is a later one of a call
	inline  bool // sources are written where they are read
	sources []source
	tables  []*table // that are read, whose names no source may have

	// Where most statements have their room, so that they need no other.
	outermost scope
	text      [256]byte
	values    [4]engine.Value
	room      [4]*table
}

// newBuilder returns a builder of a statement on t.
func newBuilder(t *table, d *engine.Dialect, named bool) *builder {
	b := &builder{t: t, d: d, named: named}
	b.sql, b.args, b.tables = b.text[:0], b.values[:0], b.room[:0]
	return b
}

// A scope is a SELECT, or another statement on one table, with the tables that
// are joined to it.
type scope struct {
	up     *scope
	t      *table
	name   string // of the table in the statement
	from   int    // where in the text the joins go
	args   int    // how many arguments stand before that
	joins  []joined
	groups *groups // of a SELECT of groups
}

type joined struct {
	p     *path
	name  string
	found *finding // instead of the table: the rows that a search found
}

// build runs write and returns what it wrote. Most statements are on one table
// and name none: write runs a second time for those that turn out to be not.
func build(t *table, d *engine.Dialect, write func(*builder)) (statement, error) {
	b := newBuilder(t, d, false)
	write(b)
	if b.again && b.err == nil {
		b = newBuilder(t, d, true)
		write(b)
	}
	return b.done()
}

func (b *builder) done() (statement, error) {
	if len(b.sources) > 0 {
		b.with()
	}
	if b.err != nil {
		return statement{}, b.err
	}
	return statement{sql: string(b.sql), args: b.args, part: b.part, t: b.t}, nil
}

// open begins a scope, whose table is written by its own name at the outermost
// and by one that is in no other use within.
func (b *builder) open(t *table) *scope {
	b.tables = append(b.tables, t)
	if b.scope != nil {
		b.again = true
		b.scope = &scope{up: b.scope, t: t, name: b.alias()}
		return b.scope
	}
	b.outermost = scope{t: t, name: t.ident}
	b.scope = &b.outermost
	return b.scope
}

func (b *builder) alias() string {
	b.aliases++
	return "_" + strconv.Itoa(b.aliases)
}

// from writes FROM and the table of the scope.
func (b *builder) from(s *scope) {
	b.write(" FROM ")
	b.table(s.t)
	if s.up != nil {
		b.write(" AS ", s.name)
	}
	s.from, s.args = len(b.sql), len(b.args)
}

// close ends a scope and puts in the joins that its columns asked for, and the
// arguments of those.
func (b *builder) close(s *scope) {
	b.scope = s.up
	if len(s.joins) == 0 {
		return
	}
	tail, args := string(b.sql[s.from:]), slices.Clone(b.args[s.args:])
	b.sql, b.args = b.sql[:s.from], b.args[:s.args]
	for _, j := range s.joins {
		if j.found != nil {
			b.joinRanked(s, j)
			continue
		}
		word := " JOIN "
		if j.p.outer() {
			word = " LEFT JOIN "
		}
		b.write(word)
		b.table(j.p.end())
		b.write(" AS ", j.name, " ON ")
		b.linkTo(j.p.step(), s.nameOf(j.p.from), j.name, "")
	}
	b.write(tail)
	b.args = append(b.args, args...)
}

// nameOf returns the name of the table at the end of p, "" if it is not joined.
func (s *scope) nameOf(p *path) string {
	if p.from == nil {
		return s.name
	}
	for _, j := range s.joins {
		if j.found == nil && j.p.same(p) {
			return j.name
		}
	}
	return ""
}

// join returns the name of the table at the end of p, joining it when it is
// the first time that it is asked for.
func (b *builder) join(s *scope, p *path) string {
	if name := s.nameOf(p); name != "" {
		return name
	}
	b.join(s, p.from)
	name := b.alias()
	b.tables = append(b.tables, p.end())
	s.joins = append(s.joins, joined{p: p, name: name})
	return name
}

// lookup returns the innermost scope on the table that p begins at.
func (b *builder) lookup(p *path) *scope {
	if p == nil {
		return nil
	}
	root := p.root()
	for s := b.scope; s != nil; s = s.up {
		if s.t == root {
			return s
		}
	}
	return nil
}

func (b *builder) write(parts ...string) {
	for _, s := range parts {
		b.sql = append(b.sql, s...)
	}
}

func (b *builder) arg(v engine.Value) {
	b.sql = append(b.sql, '?')
	b.args = append(b.args, v)
}

// list writes n times ? with commas.
func (b *builder) list(args []engine.Value) {
	for i, v := range args {
		if i > 0 {
			b.write(", ")
		}
		b.arg(v)
	}
}

func (b *builder) fail(err error) {
	if b.err == nil && err != nil {
		b.err = err
	}
}

func (b *builder) column(c Column) {
	if c.x != nil {
		c.x.write(b)
		return
	}
	s := b.lookup(c.at)
	if s == nil {
		b.fail(misuse("A1504", fmt.Sprintf("db: column %s used in a query on %s", c, b.about()), b.mend(c)))
		return
	}
	switch {
	case b.named:
		b.write(b.join(s, c.at), ".")
	case c.at.from != nil:
		b.again = true
	}
	b.write(c.at.end().quoted[c.i])
}

// about returns the name of the table that the innermost scope is on.
func (b *builder) about() string {
	if b.scope != nil {
		return b.scope.t.def.Name
	}
	return b.t.def.Name
}

// mend says what to write instead of a column that is not of the scope's table.
func (b *builder) mend(c Column) string {
	if c.at != nil && c.at.root().isSource() {
		name := c.at.root().def.Name
		return "join the source: db.From(" + name + ".Join(db.On(…)), …), or read it: db.Into(" + name + ", …)"
	}
	if b.scope != nil && b.scope.t.isSource() {
		return "use a column of " + b.about() + ", which db.From gives"
	}
	if b.scope != nil && c.at != nil {
		for _, l := range b.scope.t.links {
			switch {
			case l.target != c.at.root():
			case l.many:
				return fmt.Sprintf("ask the relation: %s().Any(…)", l.name)
			default:
				return fmt.Sprintf("go by the relation: %s().…", l.name)
			}
		}
	}
	return "use a column of " + b.about() + ", or query the table that the column belongs to"
}

func (b *builder) int(n int64) { b.sql = strconv.AppendInt(b.sql, n, 10) }

func (b *builder) order(orders []Order) {
	word := " ORDER BY "
	for _, o := range orders {
		b.write(word)
		b.orderTerm(o)
		word = ", "
	}
}

func (b *builder) orderTerm(o Order) {
	b.column(o.col)
	b.direction(o)
}

// direction makes NULLs come before all values. It is written only where there
// may be some: an index on a column without is of the engine's own order.
func (b *builder) direction(o Order) {
	if o.desc {
		b.write(" DESC")
	}
	switch {
	case b.d == nil || !o.col.nullable():
	case o.desc:
		b.write(b.d.NullsLast)
	default:
		b.write(b.d.NullsFirst)
	}
}

func (b *builder) like() string {
	if b.d == nil {
		return "LIKE"
	}
	return b.d.Like
}

func (b *builder) window(q *query) {
	if q.limit < 0 || q.offset < 0 {
		b.fail(misuse("A1506", fmt.Sprintf("db: limit %d and offset %d on %s", q.limit, q.offset, b.t.def.Name),
			"neither may be negative"))
	}
	switch {
	case q.limited:
		b.write(" LIMIT ")
		b.int(q.limit)
	case q.offset > 0: // SQLite and MariaDB know no OFFSET without a LIMIT
		b.write(" LIMIT ", strconv.FormatInt(math.MaxInt64, 10))
	}
	if q.offset > 0 {
		b.write(" OFFSET ")
		b.int(q.offset)
	}
}

func (b *builder) assign(changes []Assign) {
	if len(changes) == 0 {
		b.fail(misuse("A1506", "db: update "+b.t.def.Name+" without a change", "name what to set, such as Films.Stock.Set(3)"))
	}
	seen := make(map[int]bool, len(changes))
	for i, a := range changes {
		if i > 0 {
			b.write(", ")
		}
		if seen[a.col.i] {
			b.fail(misuse("A1506", fmt.Sprintf("db: update sets column %s twice", a.col), "leave one of the changes out"))
		}
		seen[a.col.i] = true
		b.target(a.col)
		b.write(" = ")
		switch {
		case a.x != nil:
			a.x.write(b)
			continue
		case a.op != "":
			b.column(a.col)
			b.write(" ", a.op, " ")
		}
		b.arg(a.val)
	}
}

// target writes the name of a column that is written to, which is one of the
// statement's own table.
func (b *builder) target(c Column) {
	if c.at == nil || c.at.from != nil || c.at.table != b.t {
		b.fail(misuse("A1504", fmt.Sprintf("db: set column %s in an update of %s", c, b.t.def.Name),
			"set columns of "+b.t.def.Name+" alone"))
		return
	}
	b.write(b.t.quoted[c.i])
}

// touch checks that an Update or a Delete means the rows that it would touch.
func (b *builder) touch(q *query, what string) {
	if q.limited || q.offset != 0 || len(q.order) > 0 {
		b.fail(misuse("A1506", fmt.Sprintf("db: %s %s with OrderBy, Limit or Offset", what, b.t.def.Name),
			"choose the rows with Where alone; read their keys first if need be"))
	}
	if !q.everywhere && q.deleted != onlyDeleted && !And(q.where...).restricts() {
		b.fail(misuse("A1505", fmt.Sprintf("db: %s %s without a condition", what, b.t.def.Name),
			"add Where, or Everywhere() if every row is meant"))
	}
}

// quote returns an SQL name that is taken for nothing else.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
