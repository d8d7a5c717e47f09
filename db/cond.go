package db

import "github.com/ashlar-go/ashlar/db/engine"

// A Cond is a condition on the rows of one table, made by the methods of its
// columns, such as Films.Price.GT(400). As in SQL, a comparison with a NULL is
// neither true nor false: only IsNull finds it. Conds do not change and may be
// shared.
type Cond struct {
	kind condKind
	col  *column
	op   string         // between the column and its value, for compare
	args []engine.Value // their number is part of the statement's shape, for in
	kids []Cond         // for and, or, not
}

type condKind uint8

const (
	always condKind = iota // the zero Cond
	compare
	between
	in
	isNull
	like
	and
	or
	not
)

// And is true when all of conds are. Without any it is always true; as the
// only condition of an Update or a Delete it counts as none.
func And(conds ...Cond) Cond { return Cond{kind: and, kids: conds} }

// Or is true when at least one of conds is. Without any it is never true.
func Or(conds ...Cond) Cond { return Cond{kind: or, kids: conds} }

// Not is true when c is false. A comparison with a NULL is neither, and so is
// its Not.
func Not(c Cond) Cond { return Cond{kind: not, kids: []Cond{c}} }

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

// An Order is a column and a direction to sort by. NULLs come before all
// values when ascending.
type Order struct {
	col  *column
	desc bool
}

// An Assign is a change to one column of the rows of an Update.
type Assign struct {
	col *column
	op  string // "", or "+": to be added to what is there
	val engine.Value
}
