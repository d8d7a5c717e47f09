package schema

import (
	"cmp"
	"slices"
)

// Table returns the table with this name, for reading or changing in place,
// or nil.
func (s *Schema) Table(name string) *Table {
	for i := range s.Tables {
		if s.Tables[i].Name == name {
			return &s.Tables[i]
		}
	}
	return nil
}

// Column returns the column with this name, for reading or changing in place,
// or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// Normal returns a deep copy of s in which everything has its name, default
// values and expressions are written in one way, "restrict" is "", and tables
// are sorted by name, indexes, keys and checks by theirs. Columns keep their
// order, which is the order that readers know.
func (s Schema) Normal() Schema {
	out := Schema{Tables: slices.Clone(s.Tables)}
	for i := range out.Tables {
		out.Tables[i] = out.Tables[i].normal()
	}
	slices.SortStableFunc(out.Tables, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (t Table) normal() Table {
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		t.Columns[i] = t.Columns[i].normal()
	}
	t.PrimaryKey = cloneFull(t.PrimaryKey)
	t.Indexes = cloneFull(t.Indexes)
	for i := range t.Indexes {
		t.Indexes[i] = t.normalIndex(t.Indexes[i])
	}
	t.ForeignKeys = cloneFull(t.ForeignKeys)
	for i := range t.ForeignKeys {
		t.ForeignKeys[i] = t.normalForeignKey(t.ForeignKeys[i])
	}
	t.Checks = cloneFull(t.Checks)
	for i := range t.Checks {
		t.Checks[i] = t.normalCheck(t.Checks[i])
	}
	t.Search = t.Search.normal()
	t.sort()
	return t
}

func (t *Table) sort() {
	slices.SortStableFunc(t.Indexes, func(a, b Index) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(t.ForeignKeys, func(a, b ForeignKey) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(t.Checks, func(a, b Check) int { return cmp.Compare(a.Name, b.Name) })
}

func (c Column) normal() Column {
	c.Default = canonical(c.Type, c.Default)
	return c
}

func (t *Table) normalIndex(ix Index) Index {
	ix.Name = t.IndexName(ix)
	ix.Columns = slices.Clone(ix.Columns)
	return ix
}

func (t *Table) normalForeignKey(fk ForeignKey) ForeignKey {
	fk.Name = t.ForeignKeyName(fk)
	fk.Columns = slices.Clone(fk.Columns)
	fk.RefColumns = slices.Clone(fk.RefColumns)
	if fk.OnDelete == "restrict" {
		fk.OnDelete = ""
	}
	return fk
}

func (t *Table) normalCheck(ck Check) Check {
	ck.Expr = tidyExpr(ck.Expr)
	ck.Name = t.CheckName(ck)
	return ck
}

// cloneFull is slices.Clone, but an empty list becomes nil.
func cloneFull[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}

// same reports whether two normal columns are stored in the same way.
func (c Column) same(d Column) bool {
	c.Was, d.Was = "", ""
	return c == d
}

func (fk ForeignKey) same(other ForeignKey) bool {
	return fk.RefTable == other.RefTable && fk.OnDelete == other.OnDelete &&
		slices.Equal(fk.Columns, other.Columns) && slices.Equal(fk.RefColumns, other.RefColumns)
}

func (ix Index) same(other Index) bool {
	return ix.Unique == other.Unique && slices.Equal(ix.Columns, other.Columns)
}

func (ck Check) same(other Check) bool { return sameExpr(ck.Expr, other.Expr) }
