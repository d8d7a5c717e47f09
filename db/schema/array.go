package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// Array returns the type of arrays of t, which is int, float, bool, text or
// time. PostgreSQL alone has columns of it.
func (t Type) Array() Type { return t + "[]" }

// Element returns the type of what an array has in it, false if t is none.
func (t Type) Element() (Type, bool) {
	of, ok := strings.CutSuffix(string(t), "[]")
	if ok && slices.Contains([]Type{Int, Float, Bool, Text, Time}, Type(of)) {
		return Type(of), true
	}
	return t, false
}

// noArrays refuses ops that make columns of arrays.
func noArrays(engine string, ops []Op) error {
	var list errs.List
	check := func(table string, columns ...Column) {
		for _, c := range columns {
			if _, ok := c.Type.Element(); ok {
				list.Add(&errs.Setup{Code: "A1531",
					What: fmt.Sprintf("schema: column %s.%s is an array, which %s does not have", table, c.Name, engine),
					Mend: "arrays are PostgreSQL's: make the field a db.JSON of the slice, or a table of its own, or use PostgreSQL"})
			}
		}
	}
	for _, op := range ops {
		switch o := op.(type) {
		case CreateTable:
			check(o.Table.Name, o.Table.Columns...)
		case AddColumn:
			check(o.Table, o.Column)
		case AlterColumn:
			check(o.Table, o.Column)
		}
	}
	return list.Err()
}
