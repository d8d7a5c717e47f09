package modelgen

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// SourceFile is the name of the file that Source writes.
const SourceFile = "models.go"

// A Database is what Source needs to know of a live one.
type Database struct {
	Engine   string // "sqlite", "postgres" or "mariadb"
	Schema   schema.Schema
	Labels   map[string][]string // of the types that are enumerations, by name
	Computed map[[2]string]bool  // table and column: the database writes it

	// Declared are the types of columns in the words of the engine, by table
	// and column, where a schema's type may be one of these words.
	Declared map[[2]string]string

	// Comments are what the database says of columns, by table and column, and
	// of tables, with "" for the column.
	Comments map[[2]string]string
}

// Source returns the text of models.go for a folder: a model for each table,
// with its relations. What no model can say is left out, with a comment that
// tells why. It returns ErrNoTables if nothing is left.
func Source(dir string, d Database) ([]byte, error) {
	s := &sourcer{Database: d, declared: map[string]bool{"Models": true}, stored: map[string]bool{}}
	p, err := readPackage(dir, SourceFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		s.pkg = p.name
		for name := range p.declared {
			s.declared[name] = true
		}
	}
	if s.pkg == "" {
		s.pkg = packageName(dir)
	}
	for i := range d.Schema.Tables {
		s.table(&d.Schema.Tables[i])
	}
	if len(s.tables) == 0 {
		return nil, fmt.Errorf("%w%s", ErrNoTables, strings.Join(append([]string{""}, s.notes...), "\n\t"))
	}
	s.relate()
	return s.write()
}

// ErrNoTables says that a database has no table that a model can stand for.
var ErrNoTables = errors.New("the database has no table that can be a model")

// A sourcer makes models of tables.
type sourcer struct {
	Database
	pkg      string
	tables   []*sourceTable
	notes    []string        // on tables that are left out
	declared map[string]bool // names of the package
	stored   map[string]bool // tables and indexes, in small letters
}

// A sourceTable becomes a model.
type sourceTable struct {
	*schema.Table
	model   // with the names alone
	columns []*sourceColumn
	links   []string        // fields of relations, as they are written
	used    map[string]bool // names of fields and methods
	notes   []string
}

// A sourceColumn becomes a field.
type sourceColumn struct {
	schema.Column
	sourceType
	stored string // the column's name as the generator takes it
	name   string
	pk     bool
	tags   []string
	notes  []string
}

// folds reports whether the engine takes names of columns in any case.
func (s *sourcer) folds() bool { return s.Engine != "postgres" }

// storedName returns how the generated code can spell a name, "" if not at all.
func storedName(name string, folds bool) string {
	if folds {
		name = strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'Z' {
				return r + 'a' - 'A'
			}
			return r
		}, name)
	}
	if !isName(name) {
		return ""
	}
	return name
}

const badName = "the generator takes names of letters of a to z, digits and _, 63 at most"

// table adds the model for t, or a note that says why there is none.
func (s *sourcer) table(t *schema.Table) {
	m := &sourceTable{Table: t, used: map[string]bool{}}
	m.table = storedName(t.Name, s.Engine == "sqlite")
	leave := func(why string) {
		s.notes = append(s.notes, fmt.Sprintf("The table %s: %s.", quoted(t.Name), why))
	}
	switch {
	case m.table == "":
		leave(badName)
		return
	case s.stored[strings.ToLower(m.table)]:
		leave("another table has this name")
		return
	case len(t.PrimaryKey) == 0:
		leave("it has no primary key")
		return
	}
	for name := range reserved {
		m.used[name] = true
	}
	for _, c := range t.Columns {
		s.column(m, c)
	}
	if why := m.key(); why != "" {
		leave(why)
		return
	}
	s.stored[strings.ToLower(m.table)] = true
	s.nameModel(m)
	s.tables = append(s.tables, m)
	s.checks(m)
}

// column adds the field for c, or a note that says why there is none.
func (s *sourcer) column(m *sourceTable, c schema.Column) {
	col := &sourceColumn{Column: c, stored: storedName(c.Name, s.folds()), sourceType: s.typeOf(m.Name, c)}
	twice := slices.ContainsFunc(m.columns, func(o *sourceColumn) bool { return strings.EqualFold(o.stored, col.stored) })
	why := col.out
	switch {
	case s.Computed[[2]string{m.Name, c.Name}]:
		why = "the database computes it"
	case col.stored == "":
		why = badName
	case twice:
		why = "another column has this name"
	}
	if why != "" {
		if !c.Null && c.Default == "" && why != "the database computes it" {
			why += "; it takes no NULL, so Insert will be refused"
		}
		m.notes = append(m.notes, fmt.Sprintf("Left out is the column %s: %s.", quoted(c.Name), why))
		return
	}
	col.pk = slices.Contains(m.PrimaryKey, c.Name)
	if text := oneLine(s.Comments[[2]string{m.Name, c.Name}]); text != "" {
		col.notes = append(col.notes, text)
	}
	if col.note != "" {
		col.notes = append(col.notes, col.note)
	}
	col.name = m.claim(goName(c.Name), goName(c.Name)+"Column")
	m.columns = append(m.columns, col)
}

// key puts the fields of the primary key in its order. It says why the table
// cannot be a model, or "".
func (m *sourceTable) key() string {
	var places []int
	var key []*sourceColumn
	for _, name := range m.PrimaryKey {
		i := slices.IndexFunc(m.columns, func(c *sourceColumn) bool { return c.Name == name })
		if i < 0 {
			return fmt.Sprintf("the column %s of its primary key cannot be a field", quoted(name))
		}
		c := m.columns[i]
		if c.kind != schema.Int && c.kind != schema.Text {
			return fmt.Sprintf("the column %s of its primary key is neither a whole number nor a text", quoted(name))
		}
		places, key = append(places, i), append(key, c)
		c.Null = false
	}
	if len(key) == 1 && len(m.columns) == 1 {
		return "it has nothing but its primary key"
	}
	slices.Sort(places)
	for i, c := range key {
		m.columns[places[i]] = c
	}
	if c := key[0]; len(key) == 1 && c.kind == schema.Int && !c.made {
		c.notes = append(c.notes, "not made by the database: set it before Insert")
	}
	return ""
}

// claim returns the first of the names that is free, or the last with a number.
func (m *sourceTable) claim(names ...string) string {
	return claim(names, func(name string) bool { return !m.used[name] }, func(name string) { m.used[name] = true })
}

func claim(names []string, free func(string) bool, take func(string)) string {
	last := names[len(names)-1]
	for n := 2; ; n++ {
		for _, name := range names {
			if free(name) {
				take(name)
				return name
			}
		}
		names = []string{fmt.Sprint(last, n)}
	}
}

// nameModel finds a name for m's struct with which all generated names are free.
func (s *sourcer) nameModel(m *sourceTable) {
	all := func(name string) []string {
		m.name, m.variable = name, plural(name)
		return append(m.names(), name)
	}
	one := goName(singular(m.Name))
	claim([]string{one, goName(m.Name), one + "Row"}, func(name string) bool {
		return token.IsExported(plural(name)) && !slices.ContainsFunc(all(name), func(n string) bool { return s.declared[n] })
	}, func(name string) {
		for _, n := range all(name) {
			s.declared[n] = true
		}
	})
}

// column returns m's field for the column of this name in the database.
func (m *sourceTable) column(name string, folds bool) *sourceColumn {
	for _, c := range m.columns {
		if c.Name == name || folds && strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}
