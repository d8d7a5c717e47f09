package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// Diff returns the ops that lead from one schema to another; none means that
// they are the same. Things are renamed only where Was says so: all else that
// is missing is dropped, so pass the ops through [Review] before they become a
// migration. A name that to leaves empty, or that is the one that would be
// given anyhow, does not make an index, key or check different.
//
// The error is what [Schema.Validate] says of to, or a Was that cannot be.
func Diff(from, to Schema) ([]Op, error) {
	if err := to.Validate(); err != nil {
		return nil, err
	}
	d := &differ{state: from.Normal(), to: to.Normal()}
	d.renameTables()
	for i := range d.to.Tables {
		d.renameColumns(&d.to.Tables[i])
	}
	if err := d.list.Err(); err != nil {
		return nil, err
	}
	d.dropIndexes()
	for _, t := range byReference(d.to.Tables) {
		if d.state.Table(t.Name) == nil {
			d.emit(CreateTable{t})
		}
	}
	for i := range d.to.Tables {
		d.alter(&d.to.Tables[i])
	}
	for _, t := range slices.Backward(byReference(d.state.Tables)) {
		if d.to.Table(t.Name) == nil {
			d.emit(DropTable{t.Name})
		}
	}
	return d.ops, d.list.Err()
}

// A differ applies each op that it finds to state, so that what it looks at
// later has the names of to.
type differ struct {
	state, to Schema
	ops       []Op
	list      errs.List
}

func (d *differ) emit(op Op) {
	if err := op.apply(&d.state); err != nil {
		d.list.Add(fmt.Errorf("schema: compare: %w", err))
		return
	}
	d.ops = append(d.ops, op)
}

func (d *differ) refuse(mend, what string, args ...any) {
	d.list.Add(&errs.Setup{Code: "A1535", What: "schema: " + fmt.Sprintf(what, args...), Mend: mend})
}

func (d *differ) renameTables() {
	known, taken := slices.Clone(d.state.Tables), map[string]bool{}
	for i := range d.to.Tables {
		t := &d.to.Tables[i]
		if t.Was == "" || len(known) == 0 || d.state.Table(t.Name) != nil {
			continue // nothing to rename, or done by an earlier migration
		}
		switch {
		case d.to.Table(t.Was) != nil:
			d.refuse("remove was, or rename in two migrations", "table %s was %s, but %s is still a table", t.Name, t.Was, t.Was)
		case taken[t.Was]:
			d.refuse("keep was on the one that has its rows", "table %s was %s, but another table was %s, too", t.Name, t.Was, t.Was)
		case d.state.Table(t.Was) == nil:
			d.refuse("name a table that the migrations know: "+tableList(known)+"; or remove was",
				"table %s was %s, but there is no table %s", t.Name, t.Was, t.Was)
		default:
			taken[t.Was] = true
			d.emit(RenameTable{t.Was, t.Name})
		}
	}
}

func (d *differ) renameColumns(t *Table) {
	old := d.state.Table(t.Name)
	if old == nil {
		return
	}
	known, taken := columnList(old), map[string]bool{}
	for _, c := range t.Columns {
		if c.Was == "" || old.Column(c.Name) != nil {
			continue
		}
		switch {
		case t.Column(c.Was) != nil:
			d.refuse("remove was, or rename in two migrations",
				"column %s.%s was %s, but %s is still a column", t.Name, c.Name, c.Was, c.Was)
		case taken[c.Was]:
			d.refuse("keep was on the one that has its values", "column %s.%s was %s, but another column was %s, too", t.Name, c.Name, c.Was, c.Was)
		case old.Column(c.Was) == nil:
			d.refuse("name a column that the migrations know: "+known+"; or remove was",
				"column %s.%s was %s, but there is no column %s", t.Name, c.Name, c.Was, c.Was)
		default:
			taken[c.Was] = true
			d.emit(RenameColumn{t.Name, c.Was, c.Name})
		}
	}
}

// dropIndexes comes before any table is made, so that names are free again.
func (d *differ) dropIndexes() {
	wanted := map[string]bool{}
	for i := range d.to.Tables {
		for _, ix := range d.to.Tables[i].Indexes {
			wanted[ix.Name] = true
		}
	}
	for _, old := range d.state.Normal().Tables {
		t := d.to.Table(old.Name)
		for _, ix := range old.Indexes {
			switch {
			case t == nil && wanted[ix.Name]:
				d.emit(DropIndex{old.Name, ix.Name})
			case t != nil && !slices.ContainsFunc(d.keptIndexes(&old, t, wanted), func(k pair) bool { return k.old == ix.Name }):
				d.emit(DropIndex{old.Name, ix.Name})
			}
		}
	}
}

// A pair is something that stays, by its name before and after.
type pair struct{ old, new string }

// keptIndexes pairs the indexes of old with those of t that need no op.
func (d *differ) keptIndexes(old, t *Table, wanted map[string]bool) []pair {
	return keep(old.Indexes, t.Indexes,
		func(ix Index) string { return ix.Name }, Index.same,
		func(ix Index) bool { return t.IndexName(Index{Columns: ix.Columns, Unique: ix.Unique}) == ix.Name },
		func(name string) bool { return wanted[name] })
}

// keep pairs what is the same in old and new: first by content and name, then,
// where the new name is only the given one, by content alone. An old name that
// something else wants is not kept.
func keep[T any](old, new []T, name func(T) string, same func(T, T) bool, given func(T) bool, wanted func(string) bool) []pair {
	var pairs []pair
	usedOld, usedNew := map[string]bool{}, map[string]bool{}
	for _, byName := range []bool{true, false} {
		for _, n := range new {
			for _, o := range old {
				if usedOld[name(o)] || usedNew[name(n)] || !same(o, n) {
					continue
				}
				if name(o) == name(n) || !byName && given(n) && !wanted(name(o)) {
					usedOld[name(o)], usedNew[name(n)] = true, true
					pairs = append(pairs, pair{name(o), name(n)})
				}
			}
		}
	}
	return pairs
}

// byReference sorts tables so that one comes after those it refers to. Tables
// that refer to each other keep the order of their names.
func byReference(tables []Table) []Table {
	var out []Table
	state := map[string]int{} // 1: being visited, 2: in out
	var visit func(t Table)
	visit = func(t Table) {
		if state[t.Name] != 0 {
			return
		}
		state[t.Name] = 1
		for _, fk := range t.ForeignKeys {
			if i := slices.IndexFunc(tables, func(r Table) bool { return r.Name == fk.RefTable }); i >= 0 {
				visit(tables[i])
			}
		}
		state[t.Name] = 2
		out = append(out, t)
	}
	for _, t := range tables {
		visit(t)
	}
	return out
}

func tableList(tables []Table) string {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}
