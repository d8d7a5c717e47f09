package schema

import "slices"

// alter emits what leads from the table of this name to t. Whatever holds on
// to a column goes before the column does, and comes after it.
func (d *differ) alter(t *Table) {
	old := d.state.Table(t.Name)
	before := old.normal()
	fks, checks := keptForeignKeys(&before, t), keptChecks(&before, t)
	for _, fk := range before.ForeignKeys {
		if !slices.ContainsFunc(fks, func(p pair) bool { return p.old == fk.Name }) {
			d.emit(DropForeignKey{t.Name, fk.Name})
		}
	}
	for _, ck := range before.Checks {
		if !slices.ContainsFunc(checks, func(p pair) bool { return p.old == ck.Name }) {
			d.emit(DropCheck{t.Name, ck.Name})
		}
	}
	leaves := func(c SearchColumn) bool { return t.Column(c.Name) == nil || t.Column(c.Name).Type != Text }
	if before.Search != nil && slices.ContainsFunc(before.Search.Columns, leaves) {
		d.emit(SetSearch{t.Name, nil})
	}
	d.alterColumns(&before, t)
	if !d.state.Table(t.Name).Search.same(t.Search) {
		d.emit(SetSearch{t.Name, t.Search})
	}
	for _, ck := range t.Checks {
		if !slices.ContainsFunc(checks, func(p pair) bool { return p.new == ck.Name }) {
			d.emit(AddCheck{t.Name, ck})
		}
	}
	for _, fk := range t.ForeignKeys {
		if !slices.ContainsFunc(fks, func(p pair) bool { return p.new == fk.Name }) {
			d.emit(AddForeignKey{t.Name, fk})
		}
	}
	now := d.state.Table(t.Name).normal()
	indexes := d.keptIndexes(&now, t, nil)
	for _, ix := range t.Indexes {
		if !slices.ContainsFunc(indexes, func(p pair) bool { return p.new == ix.Name }) {
			d.emit(AddIndex{t.Name, ix})
		}
	}
}

func (d *differ) alterColumns(before, t *Table) {
	for _, c := range t.Columns {
		c.Was = ""
		switch old := before.Column(c.Name); {
		case old == nil:
			d.emit(AddColumn{t.Name, c})
		case !old.same(c):
			d.emit(AlterColumn{t.Name, c})
		}
	}
	if !slices.Equal(before.PrimaryKey, t.PrimaryKey) {
		d.emit(SetPrimaryKey{t.Name, t.PrimaryKey})
	}
	for _, c := range before.Columns {
		if t.Column(c.Name) == nil {
			d.emit(DropColumn{t.Name, c.Name})
		}
	}
}

func keptForeignKeys(old, t *Table) []pair {
	return keep(old.ForeignKeys, t.ForeignKeys,
		func(fk ForeignKey) string { return fk.Name }, ForeignKey.same,
		func(fk ForeignKey) bool { return t.ForeignKeyName(ForeignKey{Columns: fk.Columns}) == fk.Name },
		func(name string) bool { return wantedConstraint(t, name) })
}

func keptChecks(old, t *Table) []pair {
	return keep(old.Checks, t.Checks,
		func(ck Check) string { return ck.Name }, Check.same,
		func(ck Check) bool { return t.CheckName(Check{Expr: ck.Expr}) == ck.Name },
		func(name string) bool { return wantedConstraint(t, name) })
}

// wantedConstraint reports whether t has a key or check of this name.
func wantedConstraint(t *Table, name string) bool {
	return slices.ContainsFunc(t.ForeignKeys, func(fk ForeignKey) bool { return fk.Name == name }) ||
		slices.ContainsFunc(t.Checks, func(ck Check) bool { return ck.Name == name })
}
