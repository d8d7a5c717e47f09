package schema

import (
	"fmt"
	"slices"
	"strings"
)

// searchTokenizer is how SQLite cuts texts into words. Accents count, as they
// do on the other engines.
func searchTokenizer(language string) string {
	words := "unicode61 remove_diacritics 0 categories 'L* Nd Co'"
	if language == "english" {
		return "porter " + words // the only stemmer that it has
	}
	return words
}

// searchStatements return what makes t's search table and the triggers that
// keep it.
func (d SQLite) searchStatements(t *Table) []string {
	table, index := d.Quote(t.Name), d.Quote(t.SearchTable())
	names := t.Search.names()
	var weights, old, fresh []string
	columns := strings.TrimSuffix(strings.TrimPrefix(d.columns(names), "("), ")")
	for i, name := range names {
		weights = append(weights, formatFloat(t.Search.Columns[i].Factor()))
		old, fresh = append(old, "old."+d.Quote(name)), append(fresh, "new."+d.Quote(name))
	}
	key := d.Quote(t.rowid())
	remove := fmt.Sprintf("INSERT INTO %s (%s, rowid, %s) VALUES ('delete', old.%s, %s);", index, index, columns, key, strings.Join(old, ", "))
	add := fmt.Sprintf("INSERT INTO %s (rowid, %s) VALUES (new.%s, %s);", index, columns, key, strings.Join(fresh, ", "))
	names = t.SearchTriggers()
	trigger := func(i int, event string, steps ...string) string {
		return fmt.Sprintf("CREATE TRIGGER %s AFTER %s ON %s BEGIN\n    %s\nEND", d.Quote(names[i]), event, table, strings.Join(steps, "\n    "))
	}
	tokenize := searchTokenizer(t.Search.Language)
	if t.Search.Language != "" { // which is written down nowhere else
		add = "-- " + t.Search.Language + "\n    " + add
	}
	return []string{
		fmt.Sprintf("CREATE VIRTUAL TABLE %s USING fts5(%s, content=%s, content_rowid=%s, tokenize=\"%s\")", index, columns, table, key, tokenize),
		fmt.Sprintf("INSERT INTO %s (%s, rank) VALUES ('rank', 'bm25(%s)')", index, index, strings.Join(weights, ", ")),
		trigger(0, "INSERT", add),
		trigger(1, "DELETE", remove),
		trigger(2, "UPDATE OF "+strings.Join(append([]string{key}, columns), ", "), remove, add),
	}
}

// makeSearch emits t's search, if it has one, filled with the rows that are
// there.
func (p *sqlitePlanner) makeSearch(t *Table, rows bool) {
	if t == nil || t.Search == nil {
		return
	}
	for _, s := range p.searchStatements(t) {
		p.emit("", s)
	}
	if rows {
		index := p.Quote(t.SearchTable())
		p.emit("", fmt.Sprintf("INSERT INTO %s (%s) VALUES ('rebuild')", index, index))
	}
}

// searchAside drops the search of the table of ops where they would leave it
// wrong, and returns what makes it again as it shall be. The triggers of a
// table that is built anew go with it.
func (p *sqlitePlanner) searchAside(before *Schema, ops []Op, rebuilt bool) func() {
	t := before.Table(ops[0].On())
	touches := rebuilt
	to := ops[0].On()
	for _, op := range ops {
		switch o := op.(type) {
		case SetSearch, DropTable:
			touches = true
		case RenameTable:
			touches, to = true, o.To
		case RenameColumn:
			touches = t.Search.has(o.Column) || t.rowid() == o.Column
		}
	}
	if t == nil || !touches {
		return func() {}
	}
	if t.Search != nil {
		for _, name := range t.SearchTriggers() {
			p.emit("", "DROP TRIGGER "+p.Quote(name))
		}
		p.emit("", "DROP TABLE "+p.Quote(t.SearchTable()))
	}
	return func() { p.makeSearch(p.state.Table(to), true) }
}

// ReadSearch returns the search that is made by these statements, as SQLite
// keeps them, and of which rank is what its table is sorted by; nil if it is
// of another hand. t has its columns and its name.
func (d SQLite) ReadSearch(t Table, statements []string, rank string) *Search {
	for _, language := range append([]string{""}, searchLanguages...) {
		s := &Search{Language: language}
		for _, name := range searchColumns(statements) {
			s.Columns = append(s.Columns, SearchColumn{Name: name, Weight: "d"})
		}
		weights := strings.Split(strings.TrimSuffix(strings.TrimPrefix(rank, "bm25("), ")"), ", ")
		if len(weights) != len(s.Columns) || len(weights) == 0 {
			return nil
		}
		for i, text := range weights {
			for weight, value := range searchWeights {
				if weight != "" && formatFloat(value) == text {
					s.Columns[i].Weight = weight
				}
			}
		}
		t.Search = s
		want := d.searchStatements(&t)
		if !slices.ContainsFunc(slices.Concat(want[:1], want[2:]), func(s string) bool { return !slices.Contains(statements, s) }) {
			return s
		}
	}
	return nil
}

// searchColumns returns the columns of the FTS5 table among statements.
func searchColumns(statements []string) []string {
	for _, s := range statements {
		_, list, ok := strings.Cut(s, " USING fts5(")
		list, _, end := strings.Cut(list, ", content=")
		if !ok || !end {
			continue
		}
		names := strings.Split(list, ", ")
		for i := range names {
			names[i] = strings.Trim(names[i], `"`)
		}
		return names
	}
	return nil
}
