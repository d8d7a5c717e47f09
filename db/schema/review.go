package schema

import (
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/errs"
)

// ReviewOptions says what a review lets pass.
type ReviewOptions struct {
	AllowDrop bool // something is dropped and something like it is added, and that is no rename
}

// Review refuses ops that would surprise whoever runs them on a schema with
// data: what looks like a rename but would drop, a column that the rows which
// are there have no value for, and a change of type that no engine makes. The
// error is an *[errs.Setup] or an [errs.List] of them.
func Review(from Schema, ops []Op, opts ReviewOptions) error {
	r := &reviewer{state: from.Normal(), fresh: map[string]bool{}}
	for _, op := range ops {
		r.op(op)
		if err := op.apply(&r.state); err != nil {
			return fmt.Errorf("schema: review: %w", err)
		}
	}
	if !opts.AllowDrop {
		r.renamedColumns()
		r.renamedTables()
	}
	return r.list.Err()
}

type reviewer struct {
	state Schema
	fresh map[string]bool // tables made by these ops: they have no rows

	droppedTables, addedTables []Table
	droppedColumns             []AddColumn // as they were
	addedColumns               []AddColumn
	list                       errs.List
}

func (r *reviewer) add(code, mend, what string, args ...any) {
	r.list.Add(&errs.Setup{Code: code, What: "schema: " + fmt.Sprintf(what, args...), Mend: mend})
}

func (r *reviewer) op(op Op) {
	switch o := op.(type) {
	case CreateTable:
		r.fresh[o.Table.Name] = true
		r.addedTables = append(r.addedTables, o.Table)
	case DropTable:
		if t := r.state.Table(o.Table); t != nil {
			r.droppedTables = append(r.droppedTables, *t)
		}
	case AddColumn:
		r.addColumn(o)
	case DropColumn:
		if t := r.state.Table(o.Table); t != nil && t.Column(o.Column) != nil {
			r.droppedColumns = append(r.droppedColumns, AddColumn{o.Table, *t.Column(o.Column)})
		}
	case AlterColumn:
		t := r.state.Table(o.Table)
		if t == nil || r.fresh[o.Table] {
			return
		}
		if old := t.Column(o.Column.Name); old != nil && !convertible(old.Type, o.Column.Type) {
			r.add("A1538", fmt.Sprintf("add a column %s of type %s, fill it in a migration of your own, and drop the old one in a third",
				o.Column.Name+"_new", o.Column.Type),
				"column %s.%s: no engine turns %s into %s", o.Table, o.Column.Name, old.Type, o.Column.Type)
		}
	}
}

func (r *reviewer) addColumn(o AddColumn) {
	if r.fresh[o.Table] {
		return
	}
	r.addedColumns = append(r.addedColumns, o)
	if c := o.Column; !c.Null && c.Default == "" && !c.Auto {
		r.add("A1537", "give it a default (tag db:\"default=…\"), or make it null (a pointer), fill it in a migration of your own, and make it not null then",
			"column %s.%s is not null and has no default: the rows that are there would have no value", o.Table, c.Name)
	}
}

// renamedColumns refuses a table that loses one column and gains another of
// the same type.
func (r *reviewer) renamedColumns() {
	for _, old := range r.droppedColumns {
		i := slices.IndexFunc(r.addedColumns, func(c AddColumn) bool {
			return c.Table == old.Table && c.Column.Type == old.Column.Type
		})
		if i < 0 {
			continue
		}
		name := r.addedColumns[i].Column.Name
		r.add("A1536", fmt.Sprintf("if %s is %s under another name, say so with the tag db:\"was=%s\" on its field; if the values of %s may go, pass --allow-drop",
			name, old.Column.Name, old.Column.Name, old.Column.Name),
			"column %s.%s would be dropped with its values, and %s.%s of the same type be added", old.Table, old.Column.Name, old.Table, name)
	}
}

// renamedTables refuses a dropped table whose columns are found again, at
// least half of them, in one that is added.
func (r *reviewer) renamedTables() {
	for i := range r.droppedTables {
		old := &r.droppedTables[i]
		for j := range r.addedTables {
			t := &r.addedTables[j]
			if 2*shared(old, t) < len(old.Columns) {
				continue
			}
			r.add("A1536", fmt.Sprintf("if %s is %s under another name, say so with //ashlar:model was=%s; if the rows of %s may go, pass --allow-drop",
				t.Name, old.Name, old.Name, old.Name),
				"table %s would be dropped with its rows, and table %s with the same columns be added", old.Name, t.Name)
			break
		}
	}
}

// shared counts the columns that are in both tables with the same type.
func shared(a, b *Table) int {
	n := 0
	for _, c := range a.Columns {
		if d := b.Column(c.Name); d != nil && d.Type == c.Type {
			n++
		}
	}
	return n
}

// conversions lists what an engine turns into what without inventing values.
// A row that does not fit, such as the text "ten" for an int, stops the
// migration.
var conversions = map[Type][]Type{
	Int:   {Float, Bool, Text, Time},
	Float: {Int}, // as text, SQLite would keep 15 digits
	Bool:  {Int},
	Text:  {Int, Float, Bytes, JSON},
	Bytes: {Text},
	Time:  {Int},
	JSON:  {Text},
}

func convertible(from, to Type) bool {
	return from == to || slices.Contains(conversions[from], to)
}
