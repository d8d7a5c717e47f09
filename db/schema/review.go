package schema

import (
	"fmt"
	"slices"
	"strings"

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
	if err := r.run(ops); err != nil {
		return err
	}
	var renames []Rename
	if !opts.AllowDrop {
		renames = r.renames()
	}
	for _, c := range r.addedColumns {
		if !slices.ContainsFunc(renames, func(n Rename) bool { return n.Table == c.Table && n.Column == c.Column.Name }) {
			r.noValue(c)
		}
	}
	for _, c := range renames {
		r.renamed(c)
	}
	return r.list.Err()
}

func (r *reviewer) run(ops []Op) error {
	for _, op := range ops {
		r.op(op)
		if err := op.apply(&r.state); err != nil {
			return fmt.Errorf("schema: review: %w", err)
		}
	}
	return nil
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
}

// noValue refuses a column that the rows which are there have no value for.
func (r *reviewer) noValue(o AddColumn) {
	if c := o.Column; !c.Null && c.Default == "" && !c.Auto {
		r.add("A1537", "give it a default (tag db:\"default=…\"), or make it null (a pointer), fill it in a migration of your own, and make it not null then",
			"column %s.%s is not null and has no default: the rows that are there would have no value", o.Table, c.Name)
	}
}

// A Rename is something that ops make anew while they drop what it may have
// been.
type Rename struct {
	Table  string
	Column string   // "" where it is the table
	From   []string // what it may have been called
}

// Renames returns what may be renames among the ops that lead from a schema:
// a column that is added to a table which loses one of a type that can become
// its own, and a table that has at least half of the columns of one that is
// dropped.
func Renames(from Schema, ops []Op) ([]Rename, error) {
	r := &reviewer{state: from.Normal(), fresh: map[string]bool{}}
	if err := r.run(ops); err != nil {
		return nil, err
	}
	return r.renames(), nil
}

func (r *reviewer) renames() []Rename {
	var list []Rename
	for i := range r.addedTables {
		t := Rename{Table: r.addedTables[i].Name}
		for j := range r.droppedTables {
			if old := &r.droppedTables[j]; 2*shared(old, &r.addedTables[i]) >= len(old.Columns) {
				t.From = append(t.From, old.Name)
			}
		}
		if t.From != nil {
			list = append(list, t)
		}
	}
	for _, added := range r.addedColumns {
		c := Rename{Table: added.Table, Column: added.Column.Name}
		for _, same := range []bool{true, false} { // those of its own type first
			for _, old := range r.droppedColumns {
				if old.Table == c.Table && same == (old.Column.Type == added.Column.Type) && convertible(old.Column.Type, added.Column.Type) {
					c.From = append(c.From, old.Column.Name)
				}
			}
		}
		if c.From != nil {
			list = append(list, c)
		}
	}
	return list
}

// renamed refuses what may be a rename.
func (r *reviewer) renamed(c Rename) {
	old := c.From[0]
	others := ""
	if len(c.From) > 1 {
		others = " (or " + strings.Join(c.From[1:], ", ") + ")"
	}
	const ask = "on a terminal, migrate make asks"
	if c.Column == "" {
		r.add("A1536", fmt.Sprintf("if %s is %s under another name%s, say so with //ashlar:model was=%s; if the rows of %s may go, pass --allow-drop; %s",
			c.Table, old, others, old, old, ask),
			"table %s would be dropped with its rows, and table %s with the same columns be added", old, c.Table)
		return
	}
	r.add("A1536", fmt.Sprintf("if %s is %s under another name%s, say so with the tag db:\"was=%s\" on its field; if the values of %s may go, pass --allow-drop; %s",
		c.Column, old, others, old, old, ask),
		"column %s.%s would be dropped with its values, and %s.%s be added, which may be the same", c.Table, old, c.Table, c.Column)
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
