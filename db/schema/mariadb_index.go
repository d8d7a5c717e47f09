package schema

import (
	"fmt"
	"slices"
	"strings"
)

// A mariaKey is an index as it is in the database: one of the model, the
// primary key, or one that a foreign key needs.
type mariaKey struct {
	name string // "" is the primary key
	add  string // what adds it: "UNIQUE INDEX `a` (`b`)"
	note string
}

func (k mariaKey) drop(w mariaWriter) string {
	if k.name == "" {
		return "DROP PRIMARY KEY"
	}
	return "DROP INDEX " + w.quote(k.name)
}

// keys returns all indexes of t, the primary key first.
func (w mariaWriter) keys(t *Table) []mariaKey {
	var list []mariaKey
	if len(t.PrimaryKey) > 0 {
		columns, note := w.indexed(t, t.PrimaryKey, "the primary key")
		list = append(list, mariaKey{add: "PRIMARY KEY " + columns, note: note})
	}
	for _, ix := range t.Indexes {
		k := mariaKey{name: ix.Name}
		columns, note := w.indexed(t, ix.Columns, ix.Name)
		k.add = "INDEX " + w.quote(ix.Name) + " " + columns
		if ix.Unique {
			k.add, k.note = "UNIQUE "+k.add, note
		}
		list = append(list, k)
	}
	for _, fk := range t.ForeignKeys {
		if !w.leads(t, fk.Columns) {
			list = append(list, mariaKey{name: fk.Name, add: "INDEX " + w.quote(fk.Name) + " " + w.list(fk.Columns)})
		}
	}
	return list
}

// leads reports whether an index of t, or its primary key, begins with these
// columns. InnoDB needs one for a foreign key and would else make its own,
// which it takes away as it likes.
func (w mariaWriter) leads(t *Table, columns []string) bool {
	begins := func(list []string) bool {
		cols, _ := w.indexed(t, list, "")
		return len(list) >= len(columns) && slices.Equal(list[:len(columns)], columns) && !strings.Contains(cols, "`(")
	}
	return begins(t.PrimaryKey) || slices.ContainsFunc(t.Indexes, func(ix Index) bool { return begins(ix.Columns) })
}

// indexed returns the columns of an index, texts that are too long for it cut,
// and what there is to know about a unique one.
func (w mariaWriter) indexed(t *Table, names []string, index string) (columns, note string) {
	fixed, texts := 0, 0 // bytes
	for _, name := range names {
		switch c := t.Column(name); {
		case c == nil:
		case c.Type == Text || c.Type == JSON || c.Type == Bytes:
			texts += 4 // bytes for each character
		default:
			fixed += 8
		}
	}
	most := mariaText
	if texts > 0 {
		most = (mariaIndex - fixed) / texts
	}
	var list, cut []string
	for _, name := range names {
		c := t.Column(name)
		short := c != nil && (c.Type == Text || c.Type == JSON || c.Type == Bytes) &&
			(c.Type != Text || c.Size == 0 || c.Size > most)
		if !short {
			list = append(list, w.quote(name))
			continue
		}
		n := most
		if c.Type == Bytes {
			n *= 4
		}
		list = append(list, fmt.Sprintf("%s(%d)", w.quote(name), n))
		cut = append(cut, fmt.Sprintf("%d of %s", n, name))
	}
	if len(cut) > 0 {
		note = fmt.Sprintf("%s of %s tells apart only the first %s", index, t.Name, strings.Join(cut, " and "))
	}
	return "(" + strings.Join(list, ", ") + ")", note
}
