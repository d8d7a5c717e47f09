package modelgen

import "github.com/ashlar-go/ashlar/db/schema"

// searched returns the fields that are searched.
func (m *model) searched() []*field {
	var list []*field
	for _, f := range m.columns() {
		if f.search != "" {
			list = append(list, f)
		}
	}
	return list
}

// checkSearch reports what m's search lacks.
func (p *pkg) checkSearch(m *model) {
	list := m.searched()
	if len(list) == 0 {
		if m.language != "" {
			p.problem("A1520", m.pos, "tag the texts that are searched with `db:\"search\"`", "%s has search=%s and no text to search", m.name, m.language)
		}
		return
	}
	if key := m.key(); len(key) != 1 || key[0].typ.column != schema.Int {
		p.problem("A1521", list[0].pos, "give the model one whole number as its key: SQLite finds the rows by it",
			"%s.%s: a model with search needs a primary key of one whole number", m.name, list[0].name)
	}
	for _, f := range m.fields {
		if f.name == "Search" && (f.inTable || f.rel != nil) {
			p.problem("A1521", f.pos, "name the field otherwise; `db:\"column=…\"` keeps the column's name",
				"%s.Search: tables that are searched have a method Search", m.name)
		}
	}
}

// search writes the method that searches.
func (w *writer) search(m *model) {
	if len(m.searched()) == 0 {
		return
	}
	db := w.use(dbPath)
	w.line("\n// Search is true for the rows whose texts hold what words say, as people write it")
	w.line("// into a search box; see package search.")
	w.line("func (c *%s) Search(words string) %s.Cond { return %s.Search(c.Via, words) }", m.columnsType(), db, db)
}
