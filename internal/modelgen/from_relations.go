package modelgen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// A sourceKey is a foreign key whose both sides are models.
type sourceKey struct {
	schema.ForeignKey
	from, to *sourceTable
	columns  []*sourceColumn // of from, in the order of to's primary key
	name     string          // of the field that holds the other row
}

// relate writes the relations of all tables.
func (s *sourcer) relate() {
	var keys []*sourceKey
	for _, m := range s.tables {
		for _, fk := range m.ForeignKeys {
			k := &sourceKey{ForeignKey: fk, from: m}
			if why := s.resolveKey(k); why != "" {
				m.notes = append(m.notes, fmt.Sprintf("The foreign key %s is no relation: %s.", quoted(fk.Name), why))
				continue
			}
			if k.columns != nil {
				keys = append(keys, k)
			}
		}
	}
	pairs := map[*sourceTable][]*sourceKey{}
	for _, m := range s.tables {
		if p := pair(m, keys); p != nil {
			pairs[m] = p
		}
	}
	for _, k := range keys {
		s.belongsTo(k)
	}
	for _, k := range keys {
		if pairs[k.from] == nil {
			k.back(keys)
		}
	}
	for _, m := range s.tables {
		if p := pairs[m]; p != nil {
			p[0].through(p[1])
			p[1].through(p[0])
		}
	}
	for _, m := range s.tables {
		s.indexes(m)
	}
}

// resolveKey finds both sides of k. It says why there are none, or "".
func (s *sourcer) resolveKey(k *sourceKey) string {
	i := slices.IndexFunc(s.tables, func(m *sourceTable) bool {
		return m.Name == k.RefTable || s.Engine == "sqlite" && strings.EqualFold(m.Name, k.RefTable)
	})
	if i < 0 {
		return "the table " + quoted(k.RefTable) + " has no model"
	}
	k.to = s.tables[i]
	if len(k.RefColumns) > 0 && k.RefColumns[0] == "" { // the primary key, in SQLite
		k.RefColumns = k.to.PrimaryKey
	}
	if len(k.RefColumns) != len(k.Columns) {
		return "it has not as many columns as what it refers to"
	}
	from := map[*sourceColumn]*sourceColumn{}
	for i, name := range k.Columns {
		c, ref := k.from.column(name, s.folds()), k.to.column(k.RefColumns[i], s.folds())
		switch {
		case c == nil || ref == nil:
			return "a column of it was left out"
		case c.kind != ref.kind:
			return fmt.Sprintf("%s is a %s, and %s a %s", c.name, c.kind, ref.name, ref.kind)
		}
		from[ref] = c
	}
	var columns []*sourceColumn
	for _, c := range k.to.columns {
		if c.pk && from[c] != nil {
			columns = append(columns, from[c])
		}
	}
	if len(columns) == len(k.to.PrimaryKey) && len(columns) == len(k.Columns) {
		k.columns = columns
		return ""
	}
	if len(k.Columns) != 1 {
		return "it does not refer to a primary key"
	}
	c := k.from.column(k.Columns[0], s.folds())
	c.tags = append(c.tags, "references="+k.to.table+"."+k.to.column(k.RefColumns[0], s.folds()).stored)
	if k.OnDelete != "" && (k.OnDelete != "setnull" || c.Null) {
		c.tags = append(c.tags, "ondelete="+k.OnDelete)
	}
	return ""
}

// pair returns the two keys of a table that has nothing else and joins two
// tables, and names its fields as such a table's are looked for.
func pair(m *sourceTable, keys []*sourceKey) []*sourceKey {
	var own []*sourceKey
	for _, k := range keys {
		if k.from == m {
			own = append(own, k)
		}
	}
	if len(own) != 2 || len(m.columns) != 2 || len(m.Columns) != 2 || len(m.PrimaryKey) != 2 || own[0].to == own[1].to ||
		len(own[0].columns) != 1 || len(own[1].columns) != 1 || own[0].columns[0] == own[1].columns[0] {
		return nil
	}
	for _, k := range own {
		c, name := k.columns[0], k.to.name+"ID"
		if c.name != name && m.used[name] {
			return nil
		}
		delete(m.used, c.name)
		m.used[name] = true
		c.name = name
	}
	return own
}

// fields returns the names of k's fields.
func (k *sourceKey) fields() string {
	var names []string
	for _, c := range k.columns {
		names = append(names, c.name)
	}
	return strings.Join(names, "+")
}

// relation adds a field, under the first name that is free together with that
// of its accessor.
func (m *sourceTable) relation(many bool, struc string, tag func(name string) []string, names ...string) string {
	name := claim(names, func(n string) bool { return !m.used[n] && !m.used["Loaded"+n] }, func(n string) {
		m.used[n], m.used["Loaded"+n] = true, true
	})
	list := ""
	if many {
		list = "[]"
	}
	m.links = append(m.links, fmt.Sprintf("%s %s*%s%s", name, list, struc, tagText(tag(name))))
	return name
}

func (s *sourcer) belongsTo(k *sourceKey) {
	name := k.to.name
	if len(k.columns) == 1 {
		if base, ok := strings.CutSuffix(k.columns[0].name, "ID"); ok && base != "" {
			name = base
		}
	}
	k.name = k.from.relation(false, k.to.name, func(name string) []string {
		var tags []string
		if k.fields() != name+"ID" {
			tags = append(tags, "rel="+k.fields())
		}
		if k.OnDelete == "cascade" || k.OnDelete == "setnull" && k.columns[0].Null {
			tags = append(tags, "ondelete="+k.OnDelete)
		}
		return tags
	}, name, name+"Row")
}

// back adds the relation that leads from the other side to k's rows.
func (k *sourceKey) back(keys []*sourceKey) {
	one := k.from.keeps(k.columns)
	name := k.from.variable
	if one {
		name = k.from.name
	}
	names := []string{name, name + "By" + k.name}
	several := slices.ContainsFunc(keys, func(o *sourceKey) bool { return o != k && o.from == k.from && o.to == k.to })
	switch {
	case k.from == k.to && k.name == "Parent" && !one:
		names = []string{"Children", name + "By" + k.name}
	case several || k.from == k.to:
		names = names[1:]
	}
	k.to.relation(!one, k.from.name, func(string) []string {
		if !one && k.fields() == k.to.name+"ID" {
			return nil
		}
		return []string{"has=" + k.fields()}
	}, names...)
}

// keeps reports whether no two rows of m have the same values in columns.
func (m *sourceTable) keeps(columns []*sourceColumn) bool {
	same := func(names []string) bool {
		return len(names) == len(columns) &&
			!slices.ContainsFunc(columns, func(c *sourceColumn) bool { return !slices.Contains(names, c.Name) })
	}
	return same(m.PrimaryKey) || slices.ContainsFunc(m.Indexes, func(i schema.Index) bool { return i.Unique && same(i.Columns) })
}

// through adds the relation from k's other side to that of far.
func (k *sourceKey) through(far *sourceKey) {
	k.to.relation(true, far.to.name, func(string) []string { return []string{"through=" + k.from.name} },
		far.to.variable, far.to.variable+"By"+k.from.name)
}
