package schema

import (
	"slices"
	"strings"
)

// searchColumn returns the definition of the column that is searched: all
// texts, without regard to upper and lower case. The server takes ' and _ for
// letters of a word, so they are none. A character that no search can have
// stands between two texts, so that no phrase goes from one to the other.
func (w mariaWriter) searchColumn(t *Table) string {
	collation := "utf8mb4_uca1400_as_ci"
	if w.mysql {
		collation = "utf8mb4_0900_as_ci"
	}
	list := make([]string, len(t.Search.Columns))
	for i, name := range t.Search.names() {
		list[i] = w.quote(name)
	}
	return w.quote(searchColumnName) + " LONGTEXT CHARACTER SET utf8mb4 COLLATE " + collation +
		" GENERATED ALWAYS AS (replace(replace(concat_ws(" + searchGap + ", " + strings.Join(list, ", ") + "), '''', ' '), '_', ' ')) STORED" +
		" COMMENT " + quoteText("search "+t.Search.String())
}

// searchGap is U+001F, the unit separator.
const searchGap = "char(31 using utf8mb4)"

func (w mariaWriter) searchKey(t *Table) string {
	return "FULLTEXT INDEX " + w.quote(t.searchIndex()) + " (" + w.quote(searchColumnName) + ")"
}

// searchAside drops the search of the table of ops where they need that, and
// returns what makes it again as it shall be.
func (p *mariaPlanner) searchAside(before *Schema, ops []Op) func() {
	old := before.Table(ops[0].On())
	if old == nil {
		return func() {}
	}
	if o, ok := ops[0].(RenameTable); ok && old.Search != nil {
		return func() {
			p.alter(o.To, nil, "RENAME INDEX "+p.quote(old.searchIndex())+" TO "+p.quote((&Table{Name: o.To}).searchIndex()))
		}
	}
	if !slices.ContainsFunc(ops, func(op Op) bool {
		switch o := op.(type) {
		case SetSearch:
			return true
		case RenameColumn:
			return old.Search.has(o.Column)
		case AlterColumn:
			return old.Search.has(o.Column.Name)
		}
		return false
	}) {
		return func() {}
	}
	if old.Search != nil {
		p.alter(old.Name, nil, "DROP INDEX "+p.quote(old.searchIndex()), "DROP COLUMN "+p.quote(searchColumnName))
	}
	return func() {
		if t := p.state.Table(old.Name); t.Search != nil {
			p.alter(t.Name, []string{"copies the rows of " + t.Name}, "ADD COLUMN "+p.searchColumn(t), "ADD "+p.searchKey(t))
		}
	}
}
