// Package randschema makes random schemas, rows for them, and changes of them
// that rows can follow, for the tests of migrations.
//
//	r := randschema.New("postgres", 1, seed)
//	a := r.Schema()
//	b, _ := r.Changed(a)
package randschema

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// rowsPerTable is how many rows each table of a random schema gets. Every int
// column holds a permutation of 1 … rowsPerTable, so any of them is unique and
// refers to rows that are there.
const rowsPerTable = 3

// A Random makes schemas and changes to them that rows can follow.
type Random struct {
	*rand.Rand

	// Plain leaves out full-text searches, which other tools do not know.
	Plain bool

	names    int
	postgres bool // write values and checks for it, not for SQLite
	mariadb  bool // the same
}

// New returns the one of a seed, which makes the same each time, for the engine
// "sqlite", "postgres" or "mariadb".
func New(engine string, stream, seed uint64) *Random {
	return &Random{Rand: rand.New(rand.NewPCG(stream, seed)), postgres: engine == "postgres", mariadb: engine == "mariadb"}
}

func (r *Random) name(prefix string) string {
	r.names++
	return fmt.Sprintf("%s%d", prefix, r.names)
}

func pick[T any](r *Random, list []T) T { return list[r.IntN(len(list))] }

func (r *Random) yes(percent int) bool { return r.IntN(100) < percent }

var defaults = map[schema.Type][]string{
	schema.Int:   {"1"},
	schema.Float: {"1.5", "-0.25"},
	schema.Bool:  {"true", "false"},
	schema.Text:  {"'it''s'", "''", "'a -- b; /* c'"},
	schema.Bytes: {"x'00ff'", "x''"},
	schema.Time:  {"'2026-01-31T12:00:00.000001Z'", "'0001-01-01T00:00:00Z'"},
	schema.JSON:  {"'{\"a\": [1, null]}'", "'1'"},
}

var types = []schema.Type{schema.Int, schema.Float, schema.Bool, schema.Text, schema.Bytes, schema.Time, schema.JSON}

func (r *Random) column() schema.Column {
	c := schema.Column{Name: r.name(pick(r, []string{"c", "order", "group_", "camelCase"})), Type: pick(r, types), Null: r.yes(40)}
	if r.yes(5) {
		c.Name = pick(r, []string{"order", "select", "index", "primary", "check", "key"}) + "_"
		c.Name = strings.TrimSuffix(c.Name, "_")
	}
	if r.yes(40) {
		c.Default = pick(r, defaults[c.Type])
	}
	if c.Type == schema.Text && r.yes(40) {
		c.Size = 50 + r.IntN(100)
	}
	return c
}

// addColumn adds a random column and returns it.
func (r *Random) addColumn(t *schema.Table) *schema.Column {
	c := r.column()
	if t.Column(c.Name) != nil {
		c.Name = r.name("c")
	}
	t.Columns = append(t.Columns, c)
	return &t.Columns[len(t.Columns)-1]
}

func (r *Random) table() schema.Table {
	t := schema.Table{Name: r.name(pick(r, []string{"t", "table_", "order_", "BigTable"}))}
	switch r.IntN(3) {
	case 0, 1:
		t.Columns = []schema.Column{{Name: "id", Type: schema.Int, Auto: true}}
		t.PrimaryKey = []string{"id"}
	case 2:
		t.Columns = []schema.Column{{Name: "code", Type: schema.Text}, {Name: "n", Type: schema.Int}}
		t.PrimaryKey = []string{"code", "n"}
	}
	for range 1 + r.IntN(4) {
		r.addColumn(&t)
	}
	for range r.IntN(3) {
		r.addIndex(&t)
	}
	for range r.IntN(2) {
		r.addCheck(&t)
	}
	return t
}

// Schema returns some tables.
func (r *Random) Schema() schema.Schema {
	var s schema.Schema
	for range 1 + r.IntN(3) {
		s.Tables = append(s.Tables, r.table())
	}
	for i := range s.Tables {
		if r.yes(50) {
			r.addForeignKey(&s, &s.Tables[i])
		}
	}
	r.searches(&s)
	return s
}

func oldColumns(s *schema.Search) []schema.SearchColumn {
	if s == nil {
		return nil
	}
	return s.Columns
}

// searches gives some tables a full-text search, of texts that they have.
func (r *Random) searches(s *schema.Schema) {
	if r.Plain {
		return
	}
	for i := range s.Tables {
		t := &s.Tables[i]
		old := t.Search
		t.Search = nil
		if len(t.PrimaryKey) != 1 || t.Column(t.PrimaryKey[0]).Type != schema.Int {
			continue
		}
		for _, c := range t.Columns { // the search follows
			for i := range oldColumns(old) {
				if c.Was != "" && old.Columns[i].Name == c.Was {
					old.Columns[i].Name = c.Name
				}
			}
		}
		found := schema.Search{Language: pick(r, []string{"", "", "english", "german"})}
		for _, c := range t.Columns {
			if c.Type == schema.Text && r.yes(60) {
				found.Columns = append(found.Columns, schema.SearchColumn{Name: c.Name, Weight: pick(r, []string{"", "a", "b", "d"})})
			}
		}
		still := old != nil && !slices.ContainsFunc(old.Columns, func(c schema.SearchColumn) bool {
			of := t.Column(c.Name)
			return of == nil || of.Type != schema.Text
		})
		switch {
		case still && r.yes(70):
			t.Search = old
		case len(found.Columns) > 0 && r.yes(50):
			t.Search = &found
		}
	}
}

// addIndex adds an index; a unique one only where rows differ.
func (r *Random) addIndex(t *schema.Table) {
	c := pick(r, t.Columns)
	ix := schema.Index{Columns: []string{c.Name}, Unique: c.Type == schema.Int && c.Default == "" && r.yes(50)}
	if other := pick(r, t.Columns); other.Name != c.Name && r.yes(30) {
		ix.Columns = append(ix.Columns, other.Name)
	}
	if r.yes(30) {
		ix.Name = r.name("ix")
	}
	if !slices.ContainsFunc(t.Indexes, func(o schema.Index) bool { return t.IndexName(o) == t.IndexName(ix) }) {
		t.Indexes = append(t.Indexes, ix)
	}
}

func (r *Random) addCheck(t *schema.Table) {
	c := pick(r, t.Columns)
	if r.mariadb && c.Auto {
		return // which it cannot check
	}
	ck := schema.Check{Expr: c.Name + "  IS NOT 'no' "}
	if c.Name != strings.ToLower(c.Name) || slices.Contains([]string{"order", "select", "index", "primary", "check", "key"}, c.Name) {
		ck.Expr = `"` + c.Name + `" IS NOT 'no'`
	}
	if r.postgres || r.mariadb {
		name := strings.TrimSuffix(ck.Expr, "  IS NOT 'no' ")
		name = strings.TrimSuffix(name, " IS NOT 'no'")
		ck.Expr = name + "  IS NOT NULL OR " + name + " IS NULL "
	}
	if r.yes(50) {
		ck.Name = r.name("ck")
	}
	if !slices.ContainsFunc(t.Checks, func(o schema.Check) bool { return t.CheckName(o) == t.CheckName(ck) }) {
		t.Checks = append(t.Checks, ck)
	}
}

// addForeignKey lets an int column of t refer to a table's id.
func (r *Random) addForeignKey(s *schema.Schema, t *schema.Table) {
	ref := &s.Tables[r.IntN(len(s.Tables))]
	var from []schema.Column
	for _, c := range t.Columns {
		if c.Type == schema.Int && !c.Auto {
			from = append(from, c)
		}
	}
	if len(from) == 0 || ref.Column("id") == nil || !slices.Equal(ref.PrimaryKey, []string{"id"}) {
		return
	}
	c := pick(r, from)
	fk := schema.ForeignKey{Columns: []string{c.Name}, RefTable: ref.Name, RefColumns: []string{"id"}, OnDelete: pick(r, []string{"", "restrict", "cascade"})}
	if c.Null && r.yes(50) {
		fk.OnDelete = "setnull"
	}
	if !slices.ContainsFunc(t.ForeignKeys, func(o schema.ForeignKey) bool { return o.Columns[0] == c.Name }) {
		t.ForeignKeys = append(t.ForeignKeys, fk)
	}
}

func referenced(s *schema.Schema, table string) bool {
	for _, t := range s.Tables {
		for _, fk := range t.ForeignKeys {
			if fk.RefTable == table && t.Name != table {
				return true
			}
		}
	}
	return false
}

// primaryKey makes the key another one, or none.
func (r *Random) primaryKey(s *schema.Schema, t *schema.Table) {
	if referenced(s, t.Name) || len(t.ForeignKeys) > 0 {
		return
	}
	if c := t.Column("id"); c != nil {
		c.Auto = false
	}
	t.PrimaryKey = nil
	if c := pick(r, t.Columns); c.Type == schema.Int && !c.Null && c.Default == "" {
		t.PrimaryKey = []string{c.Name}
	}
}

// inKey reports whether the column is in a key of t, or unique.
func inKey(t *schema.Table, column string) bool {
	if slices.Contains(t.PrimaryKey, column) {
		return true
	}
	for _, ix := range t.Indexes {
		if ix.Unique && slices.Contains(ix.Columns, column) {
			return true
		}
	}
	return slices.ContainsFunc(t.ForeignKeys, func(fk schema.ForeignKey) bool { return slices.Contains(fk.Columns, column) })
}

// Changed returns s after some changes, and which columns of it, as
// table.column, hold other values than before.
func (r *Random) Changed(old schema.Schema) (schema.Schema, map[string]bool) {
	s := old.Normal()
	touched := map[string]bool{}
	born, added := map[string]bool{}, map[string]bool{}
	for range 1 + r.IntN(6) {
		t := &s.Tables[r.IntN(len(s.Tables))]
		if born[t.Name] {
			continue
		}
		switch r.IntN(14) {
		case 0:
			n := r.table()
			born[n.Name] = true
			s.Tables = append(s.Tables, n)
		case 1:
			if len(s.Tables) > 1 && !referenced(&s, t.Name) && !referenced(&old, t.Name) && t.Was == "" {
				name := t.Name
				s.Tables = slices.DeleteFunc(s.Tables, func(t schema.Table) bool { return t.Name == name })
			}
		case 2:
			if t.Was == "" && old.Table(t.Name) != nil {
				r.renameTable(&s, t)
			}
		case 3, 4:
			c := r.addColumn(t)
			if !c.Null && c.Default == "" {
				c.Default = defaults[c.Type][0]
			}
			touched[t.Name+"."+c.Name] = true
			added[c.Name] = true
		case 5:
			r.dropColumn(&old, t)
		case 6:
			r.renameColumn(&s, t, added)
		case 7:
			r.addIndex(t)
		case 8:
			t.Indexes = slices.Clone(t.Indexes[:len(t.Indexes)/2])
		case 9:
			r.addCheck(t)
		case 10:
			r.alterColumn(&s, t, touched)
		case 11:
			t.Checks, t.ForeignKeys = nil, slices.Clone(t.ForeignKeys[:len(t.ForeignKeys)/2])
		case 12:
			r.addForeignKey(&s, t)
			if n := len(t.ForeignKeys); n > 0 {
				fk := t.ForeignKeys[n-1]
				if c := fk.Columns[0]; born[fk.RefTable] || touched[t.Name+"."+c] && !added[c] {
					t.ForeignKeys = t.ForeignKeys[:n-1]
				}
			}
		case 13:
			r.primaryKey(&s, t)
		}
	}
	// Names as given would be kept as they are; as empty they follow.
	for i := range s.Tables {
		if r.yes(50) {
			for j := range s.Tables[i].Indexes {
				if ix := &s.Tables[i].Indexes[j]; !strings.HasPrefix(ix.Name, "ix") && !clash(&s.Tables[i], *ix) {
					ix.Name = ""
				}
			}
		}
	}
	r.searches(&s)
	return s, touched
}

// clash reports whether t has another index that would get ix's given name.
func clash(t *schema.Table, ix schema.Index) bool {
	given := t.IndexName(schema.Index{Columns: ix.Columns, Unique: ix.Unique})
	n := 0
	for _, o := range t.Indexes {
		if t.IndexName(o) == given || slices.Equal(o.Columns, ix.Columns) {
			n++
		}
	}
	return n > 1
}

func (r *Random) renameTable(s *schema.Schema, t *schema.Table) {
	to := r.name("renamed")
	for i := range s.Tables {
		for j := range s.Tables[i].ForeignKeys {
			if fk := &s.Tables[i].ForeignKeys[j]; fk.RefTable == t.Name {
				fk.RefTable = to
			}
		}
	}
	t.Was, t.Name = t.Name, to
}

// dropColumn drops a column, with what holds on to it, if the way back can
// give all rows the same value.
func (r *Random) dropColumn(old *schema.Schema, t *schema.Table) {
	c := pick(r, t.Columns)
	if was := old.Table(cmp.Or(t.Was, t.Name)); inKey(was, c.Name) {
		return
	}
	if c.Auto || c.Was != "" || len(t.Columns) < 3 || inKey(t, c.Name) && (!c.Null || c.Default != "") || slices.Contains(t.PrimaryKey, c.Name) {
		return
	}
	t.Columns = slices.DeleteFunc(t.Columns, func(o schema.Column) bool { return o.Name == c.Name })
	t.Indexes = slices.DeleteFunc(t.Indexes, func(ix schema.Index) bool { return slices.Contains(ix.Columns, c.Name) })
	t.ForeignKeys = slices.DeleteFunc(t.ForeignKeys, func(fk schema.ForeignKey) bool { return slices.Contains(fk.Columns, c.Name) })
	t.Checks = slices.DeleteFunc(t.Checks, func(ck schema.Check) bool { return strings.Contains(ck.Expr, c.Name) })
}

// renameColumn renames a column that was there before; id keeps its name, as
// other tables refer to it.
func (r *Random) renameColumn(s *schema.Schema, t *schema.Table, added map[string]bool) {
	c := pick(r, t.Columns)
	if c.Was != "" || c.Name == "id" || added[c.Name] {
		return
	}
	to := r.name("c")
	renamed, err := schema.Apply(*s, schema.RenameColumn{Table: t.Name, Column: c.Name, To: to})
	if err != nil {
		panic(err)
	}
	*t = *renamed.Table(t.Name)
	t.Column(to).Was = c.Name
}

// alterColumn changes what can be changed with rows there and back again.
func (r *Random) alterColumn(s *schema.Schema, t *schema.Table, touched map[string]bool) {
	c := &t.Columns[r.IntN(len(t.Columns))]
	if c.Auto || inKey(t, c.Name) || referenced(s, t.Name) || touched[t.Name+"."+c.Name] {
		return
	}
	switch r.IntN(4) {
	case 0:
		if c.Null {
			c.Default = defaults[c.Type][0]
			touched[t.Name+"."+c.Name] = true
		}
		c.Null = !c.Null
	case 1:
		c.Default = ""
		if !c.Null || r.yes(50) {
			c.Default = pick(r, defaults[c.Type])
		}
	case 2:
		if c.Type == schema.Text {
			c.Size = 200
		}
	case 3:
		to, ok := map[schema.Type]schema.Type{schema.Int: schema.Float, schema.Bool: schema.Int, schema.Time: schema.Int,
			schema.Text: schema.Bytes, schema.JSON: schema.Text, schema.Bytes: schema.Text}[c.Type]
		if ok {
			c.Type, c.Default, c.Size = to, defaults[to][0], 0
			touched[t.Name+"."+c.Name] = true
		}
	}
}

// value returns the SQL of a value for row n of rowsPerTable.
func (r *Random) value(c schema.Column, permuted int) string {
	if c.Null && r.yes(30) {
		return "NULL"
	}
	if r.postgres {
		switch c.Type {
		case schema.Bool:
			return fmt.Sprint(permuted%2 == 0)
		case schema.Bytes:
			return fmt.Sprintf(`'\xc3bc0%d'`, permuted)
		case schema.Time:
			return fmt.Sprintf("'2026-01-31 12:00:00.00000%d+01'", permuted)
		}
	}
	if r.mariadb && c.Type == schema.Time {
		return fmt.Sprintf("'2026-01-31 12:00:00.00000%d'", permuted)
	}
	switch c.Type {
	case schema.Float:
		return fmt.Sprint(float64(permuted) + 0.5)
	case schema.Bool:
		return fmt.Sprint(permuted % 2)
	case schema.Text:
		return fmt.Sprintf("'grün %d'", permuted)
	case schema.Bytes:
		return fmt.Sprintf("X'c3bc0%d'", permuted)
	case schema.Time:
		return fmt.Sprint(1769857200000000 + permuted)
	case schema.JSON:
		return fmt.Sprintf("'[%d]'", permuted)
	}
	return fmt.Sprint(permuted)
}

// Inserts returns statements that fill all tables.
func (r *Random) Inserts(s schema.Schema) []string {
	list, last, quote := []string{"PRAGMA foreign_keys = OFF"}, "PRAGMA foreign_keys = ON", schema.SQLite{}.Quote
	if r.postgres {
		list, last, quote = []string{"SET session_replication_role = replica"}, "RESET session_replication_role", schema.Postgres{}.Quote
	}
	if r.mariadb {
		list, last, quote = []string{"SET foreign_key_checks = 0"}, "SET foreign_key_checks = 1", schema.MariaDB{}.Quote
	}
	for _, t := range s.Tables {
		var names []string
		values := make([][]string, rowsPerTable)
		for _, c := range t.Columns {
			names = append(names, quote(c.Name))
			order := r.Perm(rowsPerTable)
			for n := range values {
				values[n] = append(values[n], r.value(c, order[n]+1))
			}
		}
		for _, row := range values {
			list = append(list, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", quote(t.Name), strings.Join(names, ", "), strings.Join(row, ", ")))
		}
	}
	return append(list, last)
}
