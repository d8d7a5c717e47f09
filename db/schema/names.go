package schema

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// maxName is PostgreSQL's limit in bytes, the smallest of the engines; names
// that one engine takes are then taken by all.
const maxName = 63

// newTablePrefix begins the name of the table that a rebuild fills.
const newTablePrefix = "ashlar_new_"

// nameProblem says why name cannot be an identifier, or "".
// Letters are of ASCII. Capitals are for tables of another hand: all SQL quotes
// them where an engine would fold them.
func nameProblem(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxName:
		return fmt.Sprintf("is longer than %d characters", maxName)
	case name[0] >= '0' && name[0] <= '9':
		return "begins with a digit"
	case strings.HasPrefix(name, "sqlite_"), strings.HasPrefix(name, "pg_"):
		return "begins as the engine's own names do"
	case strings.HasPrefix(name, "ashlar_migrations"), strings.HasPrefix(name, newTablePrefix):
		return "is kept for migrations"
	case name == searchColumnName:
		return "is kept for full-text search"
	}
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return fmt.Sprintf("holds %q", c)
		}
	}
	return ""
}

// IndexName returns ix.Name or, where that is empty, the name made of the
// table, the columns and "idx" or "key", such as "films_title_key".
func (t *Table) IndexName(ix Index) string {
	switch {
	case ix.Name != "":
		return ix.Name
	case ix.Unique:
		return joinName(t.Name, ix.Columns, "key")
	}
	return joinName(t.Name, ix.Columns, "idx")
}

// ForeignKeyName returns fk.Name or, where that is empty, the name made of the
// table and the columns, such as "films_studio_id_fkey".
func (t *Table) ForeignKeyName(fk ForeignKey) string {
	if fk.Name != "" {
		return fk.Name
	}
	return joinName(t.Name, fk.Columns, "fkey")
}

// CheckName returns ck.Name or, where that is empty, the name made of the
// table and the columns in the expression, such as "films_price_check".
func (t *Table) CheckName(ck Check) string {
	if ck.Name != "" {
		return ck.Name
	}
	return joinName(t.Name, exprColumns(ck.Expr, t), "check")
}

// joinName joins the parts with underscores. A name over the limit is cut and
// ends in a hash of the whole, so that different names stay different.
func joinName(table string, columns []string, suffix string) string {
	parts := append([]string{table}, columns...)
	name := strings.Join(append(parts, suffix), "_")
	if len(name) <= maxName {
		return name
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	return fmt.Sprintf("%s_%08x", strings.TrimRight(name[:maxName-9], "_"), h.Sum32())
}

// A place names something in a schema for messages: "table films",
// "column films.title", "index films_title_idx of table films".
func place(kind, table, name string) string {
	switch kind {
	case "table":
		return "table " + table
	case "column":
		return "column " + table + "." + name
	}
	return kind + " " + name + " of table " + table
}
