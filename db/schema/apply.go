package schema

import (
	"fmt"
	"slices"
)

// Apply returns the schema that ops lead to from s, which is not changed. An
// op that does not fit, such as one that adds a column that is there, is an
// error. What only the whole can tell is left to [Schema.Validate].
func Apply(s Schema, ops ...Op) (Schema, error) {
	out := s.Normal()
	for _, op := range ops {
		if err := op.apply(&out); err != nil {
			return Schema{}, err
		}
	}
	return out.Normal(), nil
}

// Invert returns the ops that lead back from Apply(s, ops...) to s. What ops
// drop comes back as a description only: its data are gone.
func Invert(s Schema, ops []Op) ([]Op, error) {
	state := s.Normal()
	back := make([]Op, len(ops))
	for i, op := range ops {
		before := state.Normal()
		if err := op.apply(&state); err != nil {
			return nil, err
		}
		back[len(ops)-1-i] = op.inverse(&before)
	}
	return back, nil
}

// find returns the table, or the error that it is not there.
func find(s *Schema, table string) (*Table, error) {
	if t := s.Table(table); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("there is no table %s", table)
}

// findColumn returns the table and its column, or the error.
func findColumn(s *Schema, table, column string) (*Table, *Column, error) {
	t, err := find(s, table)
	if err != nil {
		return nil, nil, err
	}
	if c := t.Column(column); c != nil {
		return t, c, nil
	}
	return nil, nil, fmt.Errorf("there is no column %s.%s", table, column)
}

func (o CreateTable) apply(s *Schema) error {
	if s.Table(o.Table.Name) != nil {
		return fmt.Errorf("table %s is there already", o.Table.Name)
	}
	for _, ix := range o.Table.Indexes {
		if err := freeIndex(s, o.Table.IndexName(ix)); err != nil {
			return err
		}
	}
	t := o.Table.normal()
	t.Was = ""
	for i := range t.Columns {
		t.Columns[i].Was = ""
	}
	s.Tables = append(s.Tables, t)
	return nil
}

// freeIndex checks that no table has an index of this name: engines keep the
// names of all tables' indexes together.
func freeIndex(s *Schema, name string) error {
	for i := range s.Tables {
		for _, ix := range s.Tables[i].Indexes {
			if ix.Name == name {
				return fmt.Errorf("%s is there already", place("index", s.Tables[i].Name, name))
			}
		}
	}
	return nil
}

func (o DropTable) apply(s *Schema) error {
	if _, err := find(s, o.Table); err != nil {
		return err
	}
	s.Tables = slices.DeleteFunc(s.Tables, func(t Table) bool { return t.Name == o.Table })
	return nil
}

func (o RenameTable) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	if s.Table(o.To) != nil {
		return fmt.Errorf("table %s is there already", o.To)
	}
	t.Name = o.To
	eachForeignKey(s, o.Table, func(fk *ForeignKey) { fk.RefTable = o.To })
	return nil
}

// eachForeignKey calls f with each foreign key that refers to table.
func eachForeignKey(s *Schema, table string, f func(*ForeignKey)) {
	for i := range s.Tables {
		for j := range s.Tables[i].ForeignKeys {
			if fk := &s.Tables[i].ForeignKeys[j]; fk.RefTable == table {
				f(fk)
			}
		}
	}
}

func (o AddColumn) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	if t.Column(o.Column.Name) != nil {
		return fmt.Errorf("%s is there already", place("column", o.Table, o.Column.Name))
	}
	c := o.Column.normal()
	c.Was = ""
	t.Columns = append(t.Columns, c)
	return nil
}

func (o DropColumn) apply(s *Schema) error {
	t, _, err := findColumn(s, o.Table, o.Column)
	if err != nil {
		return err
	}
	if user := columnUser(t, o.Column); user != "" {
		return fmt.Errorf("column %s.%s is part of %s; drop that first", o.Table, o.Column, user)
	}
	t.Columns = slices.DeleteFunc(t.Columns, func(c Column) bool { return c.Name == o.Column })
	return nil
}

// columnUser names something in t that needs the column, or "". Foreign keys
// of other tables are not asked: theirs may be the next op.
func columnUser(t *Table, column string) string {
	if slices.Contains(t.PrimaryKey, column) {
		return "the primary key"
	}
	for _, ix := range t.Indexes {
		if slices.Contains(ix.Columns, column) {
			return "index " + ix.Name
		}
	}
	for _, fk := range t.ForeignKeys {
		if slices.Contains(fk.Columns, column) {
			return "foreign key " + fk.Name
		}
	}
	for _, ck := range t.Checks {
		if slices.Contains(exprColumns(ck.Expr, t), column) {
			return "check " + ck.Name
		}
	}
	if t.Search.has(column) {
		return "its search"
	}
	return ""
}

func (o RenameColumn) apply(s *Schema) error {
	t, c, err := findColumn(s, o.Table, o.Column)
	if err != nil {
		return err
	}
	if t.Column(o.To) != nil {
		return fmt.Errorf("%s is there already", place("column", o.Table, o.To))
	}
	for i := range t.Checks {
		t.Checks[i].Expr = renameInExpr(t.Checks[i].Expr, o.Column, o.To)
	}
	c.Name = o.To
	rename(t.PrimaryKey, o.Column, o.To)
	for i := range t.Indexes {
		rename(t.Indexes[i].Columns, o.Column, o.To)
	}
	for i := range t.ForeignKeys {
		rename(t.ForeignKeys[i].Columns, o.Column, o.To)
	}
	eachForeignKey(s, o.Table, func(fk *ForeignKey) { rename(fk.RefColumns, o.Column, o.To) })
	if t.Search = t.Search.normal(); t.Search.has(o.Column) {
		i := slices.Index(t.Search.names(), o.Column)
		t.Search.Columns[i].Name = o.To
	}
	return nil
}

func rename(list []string, from, to string) {
	for i := range list {
		if list[i] == from {
			list[i] = to
		}
	}
}

func (o AlterColumn) apply(s *Schema) error {
	_, c, err := findColumn(s, o.Table, o.Column.Name)
	if err != nil {
		return err
	}
	*c = o.Column.normal()
	c.Was = ""
	return nil
}

func (o SetPrimaryKey) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	t.PrimaryKey = cloneFull(o.Columns)
	return nil
}

func (o AddIndex) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	if err := freeIndex(s, o.Index.Name); err != nil {
		return err
	}
	t.Indexes = append(t.Indexes, t.normalIndex(o.Index))
	t.sort()
	return nil
}

func (o DropIndex) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	return remove(&t.Indexes, "index", o.Table, o.Index, func(ix Index) string { return ix.Name })
}

func (o AddForeignKey) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	fk := t.normalForeignKey(o.ForeignKey)
	return insert(t, &t.ForeignKeys, "foreign key", fk, func(fk ForeignKey) string { return fk.Name })
}

func (o DropForeignKey) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	return remove(&t.ForeignKeys, "foreign key", o.Table, o.ForeignKey, func(fk ForeignKey) string { return fk.Name })
}

func (o AddCheck) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	return insert(t, &t.Checks, "check", t.normalCheck(o.Check), func(ck Check) string { return ck.Name })
}

func (o DropCheck) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	return remove(&t.Checks, "check", o.Table, o.Check, func(ck Check) string { return ck.Name })
}

func insert[T any](t *Table, list *[]T, kind string, item T, name func(T) string) error {
	if slices.ContainsFunc(*list, func(x T) bool { return name(x) == name(item) }) {
		return fmt.Errorf("%s is there already", place(kind, t.Name, name(item)))
	}
	*list = append(*list, item)
	t.sort()
	return nil
}

func remove[T any](list *[]T, kind, table, key string, name func(T) string) error {
	i := slices.IndexFunc(*list, func(x T) bool { return name(x) == key })
	if i < 0 {
		return fmt.Errorf("there is no %s", place(kind, table, key))
	}
	*list = slices.Delete(*list, i, i+1)
	if len(*list) == 0 {
		*list = nil
	}
	return nil
}
