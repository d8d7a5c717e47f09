package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Plan writes ops with SQLite's ALTER TABLE where that can, and otherwise
// builds the table anew (https://sqlite.org/lang_altertable.html#otheralter):
// all ops on one table that follow each other share one rebuild.
func (d SQLite) Plan(from Schema, ops []Op) (Plan, error) {
	p := &sqlitePlanner{SQLite: d, state: from.Normal()}
	if err := noArrays(d.Name(), ops); err != nil {
		return Plan{}, err
	}
	for len(ops) > 0 {
		n := p.run(ops)
		if err := p.plan(ops[:n]); err != nil {
			return Plan{}, fmt.Errorf("schema: plan: %w", err)
		}
		ops = ops[n:]
	}
	return p.out, nil
}

type sqlitePlanner struct {
	SQLite
	state Schema
	out   Plan
}

func (p *sqlitePlanner) emit(comment, statement string) {
	if comment != "" {
		statement = "-- " + comment + "\n" + statement
	}
	p.out.Statements = append(p.out.Statements, statement)
}

// run returns how many of the first ops are planned together. Only ops on the
// inside of one table are; a rename is SQLite's own, since that also follows
// in foreign keys, triggers and views.
func (p *sqlitePlanner) run(ops []Op) int {
	inside := func(op Op) bool {
		switch op.(type) {
		case CreateTable, DropTable, RenameTable, RenameColumn:
			return false
		}
		return true
	}
	n := 1
	for inside(ops[0]) && n < len(ops) && inside(ops[n]) && ops[n].On() == ops[0].On() {
		n++
	}
	return n
}

func (p *sqlitePlanner) plan(ops []Op) error {
	before := p.state.Normal()
	for _, op := range ops {
		if err := op.apply(&p.state); err != nil {
			return err
		}
	}
	inline, ok := p.inline(ops)
	restore := p.searchAside(&before, ops, !ok)
	if !ok {
		p.rebuild(before.Table(ops[0].On()), p.state.Table(ops[0].On()), ops)
	} else {
		for _, op := range ops {
			p.native(&before, op, inline)
		}
	}
	restore()
	return nil
}

// inline reports whether ALTER TABLE can make all of ops. It can add a foreign
// key only together with its column, when that is null in all rows; these keys
// are returned by column.
func (p *sqlitePlanner) inline(ops []Op) (map[string]ForeignKey, bool) {
	keys := map[string]ForeignKey{}
	added := map[string]bool{}
	for _, op := range ops {
		switch o := op.(type) {
		case AddColumn:
			if o.Column.Auto || !o.Column.Null && o.Column.Default == "" {
				return nil, false
			}
			added[o.Column.Name] = o.Column.Null && o.Column.Default == ""
		case AddForeignKey:
			c := o.ForeignKey.Columns[0]
			if _, twice := keys[c]; twice || len(o.ForeignKey.Columns) > 1 || !added[c] {
				return nil, false
			}
			keys[c] = o.ForeignKey
		case AlterColumn, SetPrimaryKey, DropForeignKey, AddCheck, DropCheck:
			return nil, false
		}
	}
	return keys, true
}

// native emits the statement of one op. An added foreign key stands with its
// column.
func (p *sqlitePlanner) native(before *Schema, op Op, keys map[string]ForeignKey) {
	alter := "ALTER TABLE " + p.Quote(op.On()) + " "
	switch o := op.(type) {
	case CreateTable:
		t := p.state.Table(o.Table.Name)
		p.emit("", p.createTable(t, t.Name))
		for _, ix := range t.Indexes {
			p.emit("", p.createIndex(t.Name, ix))
		}
		p.makeSearch(t, false)
	case DropTable:
		// A table that another one still refers to cannot be emptied first.
		eachForeignKey(&p.state, o.Table, func(*ForeignKey) { p.out.KeysOff = true })
		p.emit("loses the rows of "+o.Table, "DROP TABLE "+p.Quote(o.Table))
	case RenameTable:
		p.emit("", alter+"RENAME TO "+p.Quote(o.To))
	case RenameColumn:
		p.emit("", alter+"RENAME COLUMN "+p.Quote(o.Column)+" TO "+p.Quote(o.To))
	case AddColumn:
		def := p.column(o.Column.normal())
		if fk, ok := keys[o.Column.Name]; ok {
			def += " CONSTRAINT " + p.Quote(fk.Name) + " " + p.references(fk)
		}
		p.emit("", alter+"ADD COLUMN "+def)
	case DropColumn:
		p.emit("loses the values of "+o.Table+"."+o.Column, alter+"DROP COLUMN "+p.Quote(o.Column))
	case AddIndex:
		p.emit("", p.createIndex(o.Table, o.Index))
	case DropIndex:
		p.emit("", "DROP INDEX "+p.Quote(o.Index))
	}
}

// rebuild makes a table as it shall be, fills it from the one that is there,
// and puts it in that one's place.
func (p *sqlitePlanner) rebuild(before, after *Table, ops []Op) {
	p.out.KeysOff = true // else DROP TABLE would delete what refers to the rows
	fresh := newTablePrefix + after.Name
	var into, values, notes []string
	for _, op := range ops {
		if o, ok := op.(DropColumn); ok && before.Column(o.Column) != nil {
			notes = append(notes, "loses the values of "+o.Table+"."+o.Column)
		}
	}
	for _, c := range after.Columns {
		value, note := p.value(before, after.Name, c, ops)
		into = append(into, p.Quote(c.Name))
		values = append(values, value)
		if note != "" {
			notes = append(notes, note)
		}
	}
	table := p.Quote(after.Name)
	p.emit("builds "+after.Name+" anew, since ALTER TABLE cannot change it in place", p.createTable(after, fresh))
	if auto(before) != "" && auto(after) != "" {
		p.emit("", fmt.Sprintf("INSERT INTO sqlite_sequence (name, seq) SELECT '%s', seq FROM sqlite_sequence WHERE name = '%s'", fresh, after.Name))
	}
	p.emit(strings.Join(notes, "\n-- "), fmt.Sprintf("INSERT INTO %s (%s)\n    SELECT %s\n    FROM %s",
		fresh, strings.Join(into, ", "), strings.Join(values, ", "), table))
	p.emit("", "DROP TABLE "+table)
	p.emit("else the next statement fails when a view is of "+after.Name, "PRAGMA legacy_alter_table = ON")
	p.emit("", "ALTER TABLE "+fresh+" RENAME TO "+table)
	p.emit("", "PRAGMA legacy_alter_table = OFF")
	for _, ix := range after.Indexes {
		p.emit("", p.createIndex(after.Name, ix))
	}
}

func auto(t *Table) string {
	for _, c := range t.Columns {
		if c.Auto {
			return c.Name
		}
	}
	return ""
}

// value returns what the rows that are there get in column c, and what there
// is to know about it.
func (p *sqlitePlanner) value(before *Table, table string, c Column, ops []Op) (value, note string) {
	old := before.Column(c.Name)
	if slices.ContainsFunc(ops, func(op Op) bool { o, ok := op.(DropColumn); return ok && o.Column == c.Name }) {
		old = nil // dropped and added again
	}
	name := table + "." + c.Name
	switch {
	case old == nil && (c.Auto || c.Null && c.Default == ""):
		return "NULL", ""
	case old == nil && c.Default != "":
		return p.literal(c), ""
	case old == nil:
		return p.literal(c), fmt.Sprintf("rows that are there get %s in %s", p.literal(c), name)
	}
	value = p.Quote(c.Name)
	if cast := p.cast(old.Type, c.Type); cast != "" {
		value = "CAST(" + value + " AS " + cast + ")"
	}
	switch {
	case old.Null && !c.Null && c.Default != "":
		return "coalesce(" + value + ", " + p.literal(c) + ")", fmt.Sprintf("rows with NULL in %s get %s", name, p.literal(c))
	case old.Null && !c.Null:
		return value, "fails while a row has NULL in " + name
	case old.Type == Float && c.Type == Text:
		return value, "keeps 15 digits of " + name
	case narrows(old.Type, c.Type):
		return value, fmt.Sprintf("fails while a row has something in %s that is no %s", name, c.Type)
	case c.Size > 0 && (old.Size == 0 || old.Size > c.Size):
		return value, fmt.Sprintf("fails while a row has more than %d characters in %s", c.Size, name)
	}
	return value, ""
}

// narrows reports whether some values of a type are none of the other.
func narrows(from, to Type) bool {
	switch to {
	case Int:
		return from == Float || from == Text
	case Float:
		return from == Text
	case Bool, Time, JSON:
		return from != to
	}
	return false
}

// cast returns the type to cast to where a STRICT table would not take the
// value as it is. It takes what it can turn without loss, and refuses the
// rest, so most need no cast.
func (p *sqlitePlanner) cast(from, to Type) string {
	switch {
	case to == Bytes && from == Text:
		return "BLOB"
	case from == Bytes && to == Text:
		return "TEXT"
	}
	return ""
}
