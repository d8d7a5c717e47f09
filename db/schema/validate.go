package schema

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/errs"
)

// maxSize bounds Column.Size; a longer limit is no limit.
const maxSize = 1 << 30

// Validate reports all that is wrong with s: names, columns that contradict
// themselves, keys of unknown columns, foreign keys that no engine takes. The
// error is an *[errs.Setup] or an [errs.List] of them.
func (s Schema) Validate() error {
	n := s.Normal()
	v := validator{schema: &n, indexes: map[string]string{}}
	seen := map[string]bool{}
	for i := range n.Tables {
		v.table(&n.Tables[i])
		if name := strings.ToLower(n.Tables[i].Name); !seen[name] {
			seen[name] = true
		} else {
			v.add("A1531", "give one of them another name", "table %s is described twice", n.Tables[i].Name)
		}
	}
	return v.list.Err()
}

type validator struct {
	schema  *Schema
	indexes map[string]string // name of index to its table
	list    errs.List
}

func (v *validator) add(code, mend, what string, args ...any) {
	v.list.Add(&errs.Setup{Code: code, What: "schema: " + fmt.Sprintf(what, args...), Mend: mend})
}

func (v *validator) name(where, name string) {
	if problem := nameProblem(name); problem != "" {
		v.add("A1530", "use letters of a to z, digits and _, 63 at most, and begin with a letter",
			"%s: name %q %s", where, name, problem)
	}
}

func (v *validator) table(t *Table) {
	v.name("table "+t.Name, t.Name)
	if len(t.Columns) == 0 {
		v.add("A1531", "give the table a column", "table %s has no columns", t.Name)
	}
	for i := range t.Columns {
		v.column(t, &t.Columns[i])
		if slices.ContainsFunc(t.Columns[:i], func(c Column) bool { return strings.EqualFold(c.Name, t.Columns[i].Name) }) {
			v.add("A1531", "give one of them another name", "column %s.%s is described twice", t.Name, t.Columns[i].Name)
		}
	}
	v.primaryKey(t)
	v.search(t)
	v.named(t)
	for _, ix := range t.Indexes {
		v.columns(t, place("index", t.Name, ix.Name), ix.Columns)
		if other, ok := v.indexes[ix.Name]; ok {
			v.add("A1531", "give one of them another name; engines keep the names of all tables' indexes together",
				"index %s is described twice, in tables %s and %s", ix.Name, other, t.Name)
		}
		v.indexes[ix.Name] = t.Name
	}
	for i, fk := range t.ForeignKeys {
		v.foreignKey(t, fk)
		if slices.ContainsFunc(t.ForeignKeys[:i], func(o ForeignKey) bool {
			return o.RefTable == fk.RefTable && slices.Equal(o.Columns, fk.Columns)
		}) {
			v.add("A1533", "keep one of them", "%s: another one ties the same columns to table %s", place("foreign key", t.Name, fk.Name), fk.RefTable)
		}
	}
	for _, ck := range t.Checks {
		if problem := exprProblem(ck.Expr, t); problem != "" {
			v.add("A1534", "write one SQL condition over the table's columns, such as price >= 0",
				"%s: %q %s", place("check", t.Name, ck.Name), ck.Expr, problem)
		}
	}
}

// named checks the names of all that has one in t.
func (v *validator) named(t *Table) {
	seen := map[string]bool{}
	check := func(kind, name string) {
		v.name(place(kind, t.Name, name), name)
		if seen[name] {
			v.add("A1531", "give each a name of its own", "%s: the name is used twice", place(kind, t.Name, name))
		}
		seen[name] = true
	}
	for _, fk := range t.ForeignKeys {
		check("foreign key", fk.Name)
	}
	for _, ck := range t.Checks {
		check("check", ck.Name)
	}
	for _, ix := range t.Indexes {
		v.name(place("index", t.Name, ix.Name), ix.Name)
	}
}

func (v *validator) column(t *Table, c *Column) {
	where := place("column", t.Name, c.Name)
	v.name(where, c.Name)
	switch c.Type {
	case Int, Float, Bool, Text, Bytes, Time, JSON, Int.Array(), Float.Array(), Bool.Array(), Text.Array(), Time.Array():
	default:
		v.add("A1531", "use one of int, float, bool, text, bytes, time, json, or an array such as text[]", "%s: unknown type %q", where, c.Type)
		return
	}
	if c.Size != 0 && c.Type != Text {
		v.add("A1531", "remove the size; it is for text", "%s: a column of type %s has no size", where, c.Type)
	}
	if c.Size < 0 || c.Size > maxSize {
		v.add("A1531", fmt.Sprintf("use 1 to %d, or 0 for no limit", maxSize), "%s: size %d", where, c.Size)
	}
	if c.Auto && (c.Type != Int || c.Null || c.Default != "" || len(t.PrimaryKey) != 1 || t.PrimaryKey[0] != c.Name) {
		v.add("A1531", "make it an int that is not null, has no default, and is the whole primary key",
			"%s: the database cannot make this key", where)
	}
	v.defaultValue(where, c)
}

func (v *validator) defaultValue(where string, c *Column) {
	if c.Default == "" {
		return
	}
	value, err := parseLiteral(c.Type, c.Default)
	if err != nil {
		v.add("A1532", err.Error(), "%s: default %q is no value of type %s", where, c.Default, c.Type)
		return
	}
	if n := utf8.RuneCountInString(value.s); c.Type == Text && c.Size > 0 && n > c.Size {
		v.add("A1532", "shorten the default or raise the size", "%s: default %q has %d characters, the size is %d", where, c.Default, n, c.Size)
	}
}

func (v *validator) primaryKey(t *Table) {
	if len(t.PrimaryKey) == 0 {
		return
	}
	v.columns(t, "primary key of table "+t.Name, t.PrimaryKey)
	for _, name := range t.PrimaryKey {
		if c := t.Column(name); c != nil && c.Null {
			v.add("A1531", "make the column not null", "primary key of table %s: column %s may be null", t.Name, name)
		}
	}
}

// columns checks that a list of columns is one: some, known, each once.
func (v *validator) columns(t *Table, where string, names []string) {
	if len(names) == 0 {
		v.add("A1531", "name a column", "%s: has no columns", where)
	}
	for i, name := range names {
		if t.Column(name) == nil {
			v.add("A1531", "name columns of the table: "+columnList(t), "%s: there is no column %q", where, name)
		}
		if slices.Contains(names[:i], name) {
			v.add("A1531", "name it once", "%s: column %q stands there twice", where, name)
		}
	}
}

func (v *validator) foreignKey(t *Table, fk ForeignKey) {
	where := place("foreign key", t.Name, fk.Name)
	v.columns(t, where, fk.Columns)
	if !slices.Contains([]string{"", "cascade", "setnull"}, fk.OnDelete) {
		v.add("A1533", "use restrict, cascade or setnull", "%s: unknown action %q on delete", where, fk.OnDelete)
	}
	ref := v.schema.Table(fk.RefTable)
	if ref == nil {
		v.add("A1533", "add the model of that table, or remove the foreign key", "%s: there is no table %q", where, fk.RefTable)
		return
	}
	v.columns(ref, where+", in table "+ref.Name, fk.RefColumns)
	if len(fk.Columns) != len(fk.RefColumns) {
		v.add("A1533", "name as many columns on both sides", "%s: %d columns refer to %d", where, len(fk.Columns), len(fk.RefColumns))
		return
	}
	for i, name := range fk.Columns {
		v.reference(where, t.Column(name), ref.Column(fk.RefColumns[i]), fk.OnDelete)
	}
	if !isKey(ref, fk.RefColumns) {
		v.add("A1533", "refer to the primary key, or add a unique index of exactly these columns",
			"%s: rows of table %s are not unique by %q", where, ref.Name, fk.RefColumns)
	}
}

func (v *validator) reference(where string, c, ref *Column, onDelete string) {
	if c == nil || ref == nil {
		return // reported already
	}
	if c.Type != ref.Type {
		v.add("A1533", "give both the same type", "%s: column %s is %s, what it refers to is %s", where, c.Name, c.Type, ref.Type)
	}
	if onDelete == "setnull" && !c.Null {
		v.add("A1533", "let the column be null, or use restrict or cascade", "%s: setnull needs column %s to be null", where, c.Name)
	}
}

// isKey reports whether t's rows are unique by exactly these columns.
func isKey(t *Table, columns []string) bool {
	if slices.Equal(t.PrimaryKey, columns) {
		return true
	}
	return slices.ContainsFunc(t.Indexes, func(ix Index) bool { return ix.Unique && slices.Equal(ix.Columns, columns) })
}

func columnList(t *Table) string {
	list := ""
	for i, c := range t.Columns {
		if i > 0 {
			list += ", "
		}
		list += c.Name
	}
	return list
}
