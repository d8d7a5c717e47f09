package db

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// This file holds all the SQL that queries are made of. Values are always
// arguments; names are those of the schema, quoted; a limit is a literal,
// because SQLite plans a statement anew when a bound one changes.

// maxLike is the longest text to search for in bytes: SQLite refuses patterns
// of more than 50,000.
const maxLike = 10_000

// A builder writes one statement on one table and keeps the first mistake.
type builder struct {
	t    *table
	d    *engine.Dialect // nil spells as SQLite does
	sql  []byte
	args []engine.Value
	err  error
}

func (b *builder) done() (statement, error) {
	if b.err != nil {
		return statement{}, b.err
	}
	return statement{sql: string(b.sql), args: b.args, t: b.t}, nil
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
	if b.err == nil {
		b.err = err
	}
}

func (b *builder) column(c *column) {
	if c == nil || c.table != b.t {
		b.fail(misuse("A1504", fmt.Sprintf("db: column %s used in a query on %s", c, b.t.def.Name),
			"use a column of "+b.t.def.Name+", or query the table that the column belongs to"))
		return
	}
	b.write(quote(c.def.Name))
}

func (b *builder) where(conds []Cond) {
	word := " WHERE "
	for _, c := range conds {
		if c.kind == always {
			continue
		}
		b.write(word)
		b.cond(c, len(conds) > 1)
		word = " AND "
	}
}

// cond writes c, in parentheses if it needs them among others.
func (b *builder) cond(c Cond, among bool) {
	switch c.kind {
	case always:
		b.write("1 = 1")
	case compare:
		b.column(c.col)
		b.write(" ", c.op, " ")
		b.arg(c.args[0])
	case between:
		b.column(c.col)
		b.write(" BETWEEN ")
		b.arg(c.args[0])
		b.write(" AND ")
		b.arg(c.args[1])
	case in:
		b.in(c)
	case isNull:
		b.column(c.col)
		b.write(" IS NULL")
	case like:
		if len(c.args[0].Text()) > maxLike {
			b.fail(&errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("db: search %s: a text of more than %d bytes", c.col, maxLike)})
		}
		b.column(c.col)
		b.write(" ", b.like(), " ")
		b.arg(c.args[0])
		b.write(" ESCAPE '!'")
	case not:
		b.not(c.kids[0])
	case and:
		b.junction(c.kids, " AND ", "1 = 1", among)
	case or:
		b.junction(c.kids, " OR ", "1 = 0", among)
	}
}

func (b *builder) in(c Cond) {
	start := len(b.sql)
	b.column(c.col)
	if len(c.args) == 0 {
		// The column was written to check its table; an empty list has no
		// spelling that all engines take.
		b.sql = b.sql[:start]
		b.write("1 = 0")
		return
	}
	b.write(" IN (")
	b.list(c.args)
	b.write(")")
}

func (b *builder) not(c Cond) {
	if c.kind == isNull {
		b.column(c.col)
		b.write(" IS NOT NULL")
		return
	}
	b.write("NOT (")
	b.cond(c, false)
	b.write(")")
}

func (b *builder) junction(kids []Cond, word, none string, among bool) {
	if len(kids) == 0 {
		b.write(none)
		return
	}
	if len(kids) == 1 {
		b.cond(kids[0], among)
		return
	}
	if among {
		b.write("(")
	}
	for i, kid := range kids {
		if i > 0 {
			b.write(word)
		}
		b.cond(kid, true)
	}
	if among {
		b.write(")")
	}
}

func (b *builder) order(orders []Order) {
	word := " ORDER BY "
	for _, o := range orders {
		b.write(word)
		b.column(o.col)
		if o.desc {
			b.write(" DESC")
		}
		b.nulls(o)
		word = ", "
	}
}

// nulls makes NULLs come before all values. It is written only where there may
// be some: an index on a column without is of the engine's own order.
func (b *builder) nulls(o Order) {
	switch {
	case b.d == nil || o.col == nil || !o.col.def.Null:
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
		b.write(" LIMIT ", strconv.FormatInt(q.limit, 10))
	case q.offset > 0: // SQLite and MariaDB know no OFFSET without a LIMIT
		b.write(" LIMIT ", strconv.FormatInt(math.MaxInt64, 10))
	}
	if q.offset > 0 {
		b.write(" OFFSET ", strconv.FormatInt(q.offset, 10))
	}
}

func (b *builder) assign(changes []Assign) {
	if len(changes) == 0 {
		b.fail(misuse("A1506", "db: update "+b.t.def.Name+" without a change", "name what to set, such as Films.Stock.Set(3)"))
	}
	seen := make(map[*column]bool, len(changes))
	for i, a := range changes {
		if i > 0 {
			b.write(", ")
		}
		if seen[a.col] {
			b.fail(misuse("A1506", fmt.Sprintf("db: update sets column %s twice", a.col), "leave one of the changes out"))
		}
		seen[a.col] = true
		b.column(a.col)
		b.write(" = ")
		if a.op != "" {
			b.column(a.col)
			b.write(" ", a.op, " ")
		}
		b.arg(a.val)
	}
}

// touch checks that an Update or a Delete means the rows that it would touch.
func (b *builder) touch(q *query, what string) {
	if q.limited || q.offset != 0 || len(q.order) > 0 {
		b.fail(misuse("A1506", fmt.Sprintf("db: %s %s with OrderBy, Limit or Offset", what, b.t.def.Name),
			"choose the rows with Where alone; read their keys first if need be"))
	}
	if !q.everywhere && !And(q.where...).restricts() {
		b.fail(misuse("A1505", fmt.Sprintf("db: %s %s without a condition", what, b.t.def.Name),
			"add Where, or Everywhere() if every row is meant"))
	}
}

// quote returns an SQL name that is taken for nothing else.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
