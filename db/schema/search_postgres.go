package schema

import (
	"fmt"
	"strings"
)

// punctuation is what separates words on all engines. PostgreSQL's own parser
// would take a-b, a.b and a/b for words of their own kinds.
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// searchColumn returns the definition of the column that is searched. Between
// two texts stands a word that no search can have, so that no phrase goes from
// one to the other.
func (d Postgres) searchColumn(t *Table) string {
	var parts []string
	for _, c := range t.Search.Columns {
		parts = append(parts, fmt.Sprintf("setweight(to_tsvector('%s', translate(coalesce(%s, ''), %s, '%s')), '%s')",
			t.Search.Config(), d.Quote(c.Name), quoteText(punctuation), strings.Repeat(" ", len(punctuation)), strings.ToUpper(c.Weight)))
	}
	return searchColumnName + " tsvector GENERATED ALWAYS AS (" + strings.Join(parts, "\n        || '''|'':1'::tsvector || ") + ") STORED"
}

// searchComment returns the statement that keeps the search as the schema says
// it: the server has it in words of its own.
func (d Postgres) searchComment(t *Table) string {
	return "COMMENT ON COLUMN " + d.Quote(t.Name) + "." + searchColumnName + " IS " + quoteText("search "+t.Search.String())
}

// indexSearch emits the index of t's search, whose column is there.
func (p *postgresPlanner) indexSearch(t *Table) {
	p.emit("", p.searchComment(t))
	p.emit("", "CREATE INDEX "+p.Quote(t.searchIndex())+" ON "+p.Quote(t.Name)+" USING gin ("+searchColumnName+")")
}

// setSearch replaces the search of old by that of t.
func (p *postgresPlanner) setSearch(old, t *Table) {
	if old.Search != nil { // its index goes with it
		p.alter(t.Name, "", "DROP COLUMN "+searchColumnName)
	}
	if t.Search != nil {
		p.alter(t.Name, "writes all rows of "+t.Name+" anew, and keeps others from the table meanwhile", "ADD COLUMN "+p.searchColumn(t))
		p.indexSearch(t)
	}
}
