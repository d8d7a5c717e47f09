package schema

import (
	"fmt"
	"slices"
	"strings"
)

// A Search is the full-text search of a table: its rows are found by the words
// of some of its texts. What that is in the database is the dialect's affair:
//
//	SQLite      an FTS5 table beside it, named as in films_search, filled by triggers
//	PostgreSQL  a generated column ashlar_search of type tsvector, with a GIN index
//	MariaDB     a generated column ashlar_search, with a FULLTEXT index
type Search struct {
	Columns []SearchColumn

	// Language is that of the texts, such as "english", where words shall be
	// found in their other forms too. "" takes words as they are.
	Language string
}

// A SearchColumn is a text that is searched. Weight says how much a word in it
// counts for the relevance of its row: "a" is 1, "b" 0.4, "c" 0.2 and "d" 0.1.
// "" is "d".
type SearchColumn struct {
	Name   string
	Weight string
}

// searchColumnName is the generated column of a table with a [Search], on the
// engines that have one.
const searchColumnName = "ashlar_search"

// Column returns the name of the generated column that is searched.
func (s *Search) Column() string { return searchColumnName }

// Config returns the configuration that PostgreSQL cuts texts with.
func (s *Search) Config() string {
	if s.Language == "" {
		return "pg_catalog.simple"
	}
	return "pg_catalog." + s.Language
}

// searchWeights are what the weights of a [SearchColumn] stand for.
var searchWeights = map[string]float64{"a": 1, "b": 0.4, "c": 0.2, "d": 0.1, "": 0.1}

// Factor returns what c's weight stands for.
func (c SearchColumn) Factor() float64 { return searchWeights[c.Weight] }

// searchLanguages are the configurations that every PostgreSQL has.
var searchLanguages = []string{
	"danish", "dutch", "english", "finnish", "french", "german", "hungarian", "italian", "norwegian", "portuguese",
	"romanian", "russian", "spanish", "swedish", "turkish",
}

// SearchTable returns the name of the table that SQLite searches.
func (t *Table) SearchTable() string { return joinName(t.Name, nil, "search") }

// SearchTriggers returns the names of the triggers that fill SearchTable.
func (t *Table) SearchTriggers() []string {
	var names []string
	for _, event := range []string{"insert", "delete", "update"} {
		names = append(names, joinName(t.SearchTable(), nil, event))
	}
	return names
}

// searchIndex returns the name of the index that is searched.
func (t *Table) searchIndex() string {
	return joinName(t.Name, []string{searchColumnName}, "idx")
}

// String returns s as it stands in migrations: (title a, words d) english.
func (s *Search) String() string {
	if s == nil {
		return "()"
	}
	list := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		list[i] = c.Name + " " + c.Weight
	}
	text := "(" + strings.Join(list, ", ") + ")"
	if s.Language != "" {
		text += " " + s.Language
	}
	return text
}

// ReadSearch gives t the search that String wrote; it reports false, and t stays
// as it is, if that wrote something else.
func (t *Table) ReadSearch(text string) bool {
	list, language, ok := strings.Cut(strings.TrimPrefix(text, "("), ")")
	s := &Search{Language: strings.TrimSpace(language)}
	for item := range strings.SplitSeq(list, ", ") {
		name, weight, _ := strings.Cut(item, " ")
		s.Columns = append(s.Columns, SearchColumn{name, weight})
	}
	if !ok || s.String() != text || nameProblem(s.Columns[0].Name) != "" {
		return false
	}
	t.Search = s
	return true
}

// normal returns a copy of s with all weights said, nil if there is nothing to
// search.
func (s *Search) normal() *Search {
	if s == nil || len(s.Columns) == 0 {
		return nil
	}
	c := &Search{Columns: slices.Clone(s.Columns), Language: s.Language}
	for i := range c.Columns {
		if c.Columns[i].Weight == "" {
			c.Columns[i].Weight = "d"
		}
	}
	return c
}

// has reports whether the column is searched.
func (s *Search) has(column string) bool {
	return s != nil && slices.ContainsFunc(s.Columns, func(c SearchColumn) bool { return c.Name == column })
}

// names returns the columns that are searched.
func (s *Search) names() []string {
	list := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		list[i] = c.Name
	}
	return list
}

func (s *Search) same(other *Search) bool { return s.normal().String() == other.normal().String() }

func (o SetSearch) apply(s *Schema) error {
	t, err := find(s, o.Table)
	if err != nil {
		return err
	}
	if o.Search != nil {
		for _, c := range o.Search.Columns {
			if t.Column(c.Name) == nil {
				return fmt.Errorf("there is no column %s.%s", o.Table, c.Name)
			}
		}
	}
	t.Search = o.Search.normal()
	return nil
}

func (o SetSearch) inverse(before *Schema) Op {
	return SetSearch{o.Table, before.Table(o.Table).Search.normal()}
}

// search checks that t can be searched on every engine.
func (v *validator) search(t *Table) {
	if t.Search == nil {
		return
	}
	where := "search of table " + t.Name
	v.columns(t, where, t.Search.names())
	for _, c := range t.Search.Columns {
		if c.Name == "rank" || c.Name == "rowid" {
			v.add("A1531", "give the column another name", "%s: column %s has a name that SQLite's FTS5 needs", where, c.Name)
		}
		if of := t.Column(c.Name); of != nil && of.Type != Text {
			v.add("A1531", "search texts alone", "%s: column %s is %s", where, c.Name, of.Type)
		}
		if _, ok := searchWeights[c.Weight]; !ok {
			v.add("A1531", "use a, b, c or d", "%s: column %s has the weight %q", where, c.Name, c.Weight)
		}
	}
	if s := t.Search.Language; s != "" && !slices.Contains(searchLanguages, s) {
		v.add("A1531", "use one of "+strings.Join(searchLanguages, ", ")+"; or none", "%s: unknown language %q", where, s)
	}
	if key := t.rowid(); key == "" {
		v.add("A1531", "give the table a primary key of one int: SQLite's FTS5 finds rows by it", "%s: the primary key is not one int", where)
	}
	own := t.SearchTable()
	for i := range v.schema.Tables {
		if name := v.schema.Tables[i].Name; name == own || strings.HasPrefix(name, own+"_") {
			v.add("A1531", "give the table another name", "%s: SQLite needs the name of table %s for it", where, name)
		}
	}
}

// rowid returns the column that is the whole primary key and an int, "" if
// there is none.
func (t *Table) rowid() string {
	if len(t.PrimaryKey) != 1 {
		return ""
	}
	if c := t.Column(t.PrimaryKey[0]); c == nil || c.Type != Int {
		return ""
	}
	return t.PrimaryKey[0]
}
