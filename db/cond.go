package db

import (
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Cond is a condition on the rows of one table, made by the methods of its
// columns, such as Films.Price.GT(400). As in SQL, a comparison with a NULL is
// neither true nor false: only IsNull finds it. Conds do not change and may be
// shared.
type Cond struct {
	kind condKind
	col  Column
	op   string         // between the column and its value, for compare
	args []engine.Value // their number is part of the statement's shape, for in
	kids []Cond         // for and, or, not
	sub  *Selection     // for inQuery
	x    *expr          // for holds
}

type condKind uint8

const (
	always condKind = iota // the zero Cond
	compare
	between
	in
	inQuery
	isNull
	like
	and
	or
	not
	holds // an expression that is true or false
)

// And is true when all of conds are. Without any it is always true; as the
// only condition of an Update or a Delete it counts as none.
func And(conds ...Cond) Cond { return Cond{kind: and, kids: conds} }

// Or is true when at least one of conds is. Without any it is never true.
func Or(conds ...Cond) Cond { return Cond{kind: or, kids: conds} }

// Not is true when c is false. A comparison with a NULL is neither, and so is
// its Not.
func Not(c Cond) Cond { return Cond{kind: not, kids: []Cond{c}} }

// Equal is true for rows in which a and b have the same value.
func Equal[T any](a, b Expr[T]) Cond { return between2(a.col(), "=", b.col()) }

// Less is true for rows in which a has a smaller value than b.
func Less[T any](a, b Expr[T]) Cond { return between2(a.col(), "<", b.col()) }

// LessEqual is true for rows in which a has the value of b or a smaller one.
func LessEqual[T any](a, b Expr[T]) Cond { return between2(a.col(), "<=", b.col()) }

// between2 compares two columns.
func between2(a Column, op string, z Column) Cond {
	return Cond{kind: holds, x: &expr{write: func(b *builder) {
		b.column(a)
		b.write(" ", op, " ")
		b.column(z)
	}, aggregate: a.aggregate() || z.aggregate()}}
}

// restricts reports whether c can leave rows out at all.
func (c Cond) restricts() bool {
	switch c.kind {
	case always:
		return false
	case and:
		for _, kid := range c.kids {
			if kid.restricts() {
				return true
			}
		}
		return false
	}
	return true
}

// aggregate reports whether c is about groups of rows.
func (c Cond) aggregate() bool {
	return c.col.aggregate() || c.x != nil && c.x.aggregate || slices.ContainsFunc(c.kids, Cond.aggregate)
}

// An Order is a column and a direction to sort by. NULLs come before all
// values when ascending.
type Order struct {
	col  Column
	desc bool
}

// An Assign is a change to one column of the rows of an Update.
type Assign struct {
	col Column
	op  string // "", or "+": to be added to what is there
	val engine.Value
	x   *expr // instead of val
}
