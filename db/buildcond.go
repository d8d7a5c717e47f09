package db

import (
	"fmt"

	"github.com/ashlar-go/ashlar/errs"
)

// This file writes conditions.

func (b *builder) where(conds []Cond) { b.conds(" WHERE ", conds) }

// conds writes conditions that must all hold, behind the word WHERE or HAVING.
func (b *builder) conds(word string, conds []Cond) {
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
	case inQuery:
		b.inQuery(c)
	case holds:
		c.x.write(b)
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
	start, args := len(b.sql), len(b.args)
	b.column(c.col)
	if len(c.args) == 0 {
		// The column was written to check its table; an empty list has no
		// spelling that all engines take.
		b.sql, b.args = b.sql[:start], b.args[:args]
		b.write("1 = 0")
		return
	}
	b.write(" IN (")
	b.list(c.args)
	b.write(")")
}

// inQuery writes that c's column, or the primary key where it has none, is
// among what a query selects.
func (b *builder) inQuery(c Cond) {
	if len(c.sub.cols) != 1 {
		b.fail(misuse("A1506", fmt.Sprintf("db: InQuery of %s with %d columns", c.col, len(c.sub.cols)), "select one column"))
		return
	}
	have, want := c.sub.cols[0].def(), c.col.def()
	if have != nil && want != nil && have.Type != "" && want.Type != "" && have.Type != want.Type {
		b.fail(misuse("A1506", fmt.Sprintf("db: InQuery compares %s, of type %s, with %s, of type %s", c.col, want.Type, c.sub.cols[0], have.Type),
			"select a column of the same type"))
	}
	b.column(c.col)
	b.write(" IN (")
	b.selection(c.sub)
	b.write(")")
}

// selection writes a subquery. One with a window is put into another, because
// MariaDB takes no LIMIT right behind IN.
func (b *builder) selection(s *Selection) {
	limited, q := s.q.limited || s.q.offset > 0, s.q
	if limited {
		b.write("SELECT * FROM (")
	} else { // an order of all rows says nothing, and may not stand before a UNION
		b.check(q)
		q = q.unordered()
	}
	b.selectFrom(q, func(*scope) {
		for i, c := range s.cols {
			if i > 0 {
				b.write(", ")
			}
			b.column(c)
		}
	})
	if limited {
		b.write(") AS ", b.alias())
	}
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
