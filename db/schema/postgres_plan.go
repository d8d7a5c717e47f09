package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Plan writes ops with ALTER TABLE, one after the other. PostgreSQL takes all
// of them into one transaction.
func (d Postgres) Plan(from Schema, ops []Op) (Plan, error) {
	p := &postgresPlanner{Postgres: d, state: from.Normal(), gone: map[string]bool{}, fresh: map[string]bool{}}
	for _, op := range ops {
		before := p.state.Normal()
		if err := op.apply(&p.state); err != nil {
			return Plan{}, fmt.Errorf("schema: plan: %w", err)
		}
		p.plan(&before, op)
	}
	return p.out, nil
}

type postgresPlanner struct {
	Postgres
	state   Schema
	out     Plan
	waiting []AddForeignKey // until the table that they refer to is made
	gone    map[string]bool // table and name of foreign keys that went with what they refer to
	fresh   map[string]bool // tables that the plan makes
}

func (p *postgresPlanner) emit(comment, statement string) {
	if comment != "" {
		statement = "-- " + comment + "\n" + statement
	}
	p.out.Statements = append(p.out.Statements, statement)
}

func (p *postgresPlanner) emitAll(statements []string) {
	for _, s := range statements {
		p.emit("", s)
	}
}

// online reports whether what is done to the table shall let others work.
func (p *postgresPlanner) online(table string) bool { return p.Online && !p.fresh[table] }

// index returns the dialect that indexes of the table are written in.
func (p *postgresPlanner) index(table string) Postgres { return Postgres{Online: p.online(table)} }

func (p *postgresPlanner) alter(table, comment, what string) {
	p.emit(comment, "ALTER TABLE "+p.Quote(table)+" "+what)
}

// plan emits the statements of one op, which was made in the state already.
func (p *postgresPlanner) plan(before *Schema, op Op) {
	switch o := op.(type) {
	case CreateTable:
		p.createTable(p.state.Table(o.Table.Name))
	case DropTable:
		p.dropTable(o)
	case RenameTable:
		p.renameTable(before.Table(o.Table), o.To)
	case RenameColumn:
		p.renameColumn(before.Table(o.Table), o)
	case AddColumn:
		p.addColumn(p.state.Table(o.Table), o.Column.normal())
	case DropColumn:
		p.alter(o.Table, "loses the values of "+o.Table+"."+o.Column, "DROP COLUMN "+p.Quote(o.Column))
	case AlterColumn:
		p.alterColumn(before.Table(o.Table), p.state.Table(o.Table), o.Column.normal())
	case SetPrimaryKey:
		p.setPrimaryKey(before.Table(o.Table), p.state.Table(o.Table))
	case AddForeignKey:
		if p.online(o.Table) {
			p.emitAll(p.foreignKeyOnline(p.state.Table(o.Table), p.state.Table(o.Table).normalForeignKey(o.ForeignKey)))
			return
		}
		p.alter(o.Table, "", "ADD "+p.foreignKey(p.state.Table(o.Table).normalForeignKey(o.ForeignKey)))
	case DropForeignKey:
		if !p.gone[o.Table+"."+o.ForeignKey] {
			p.alter(o.Table, "", "DROP CONSTRAINT "+p.Quote(o.ForeignKey))
		}
	default:
		p.small(before, op)
	}
}

// small is plan for indexes, checks and the search.
func (p *postgresPlanner) small(before *Schema, op Op) {
	t := p.state.Table(op.On())
	switch o := op.(type) {
	case AddIndex:
		p.emit("", p.index(o.Table).createIndex(t, t.normalIndex(o.Index)))
	case DropIndex:
		p.emit("", p.index(o.Table).dropIndex(o.Index))
	case AddCheck:
		ck := t.normalCheck(o.Check)
		if p.online(o.Table) {
			p.emitAll(p.checkOnline(t, ck))
		} else {
			p.alter(t.Name, "", "ADD "+p.check(t, ck))
		}
		p.emit("", p.comment(t, ck))
	case DropCheck:
		p.alter(t.Name, "", "DROP CONSTRAINT "+p.Quote(o.Check))
	case SetSearch:
		p.setSearch(before.Table(o.Table), t)
	}
}

func (p *postgresPlanner) createTable(t *Table) {
	var parts []string
	for _, c := range t.Columns {
		parts = append(parts, p.column(c))
	}
	if len(t.PrimaryKey) > 0 {
		parts = append(parts, p.primaryKey(t))
	}
	for _, c := range t.Columns {
		if size := p.sizeCheck(t.Name, c); size != "" {
			parts = append(parts, size)
		}
	}
	for _, ck := range t.Checks {
		parts = append(parts, p.check(t, ck))
	}
	if t.Search != nil {
		parts = append(parts, p.searchColumn(t))
	}
	unique := false
	for _, ix := range t.Indexes {
		unique = unique || ix.Unique
	}
	for _, fk := range t.ForeignKeys {
		// A key to a table that comes later waits for it, and one to an own
		// unique index for that.
		if p.state.Table(fk.RefTable) == nil || fk.RefTable == t.Name && unique {
			p.waiting = append(p.waiting, AddForeignKey{t.Name, fk})
			continue
		}
		parts = append(parts, p.foreignKey(fk))
	}
	p.fresh[t.Name] = true
	p.emit("", "CREATE TABLE "+p.Quote(t.Name)+" (\n    "+strings.Join(parts, ",\n    ")+"\n)")
	for _, ck := range t.Checks {
		p.emit("", p.comment(t, ck))
	}
	for _, ix := range t.Indexes {
		p.emit("", p.index(t.Name).createIndex(t, ix))
	}
	if t.Search != nil {
		p.indexSearch(t)
	}
	p.waiting = slices.DeleteFunc(p.waiting, func(o AddForeignKey) bool {
		if p.state.Table(o.ForeignKey.RefTable) == nil {
			return false
		}
		p.alter(o.Table, "", "ADD "+p.foreignKey(o.ForeignKey))
		return true
	})
}

// dropTable drops a table after the foreign keys that refer to it: those
// tables go, too, but later.
func (p *postgresPlanner) dropTable(o DropTable) {
	for i := range p.state.Tables {
		t := &p.state.Tables[i]
		for _, fk := range t.ForeignKeys {
			if key := t.Name + "." + fk.Name; fk.RefTable == o.Table && !p.gone[key] {
				p.gone[key] = true
				p.alter(t.Name, "", "DROP CONSTRAINT "+p.Quote(fk.Name))
			}
		}
	}
	p.emit("loses the rows of "+o.Table, "DROP TABLE "+p.Quote(o.Table))
}

// renameTable renames the table and the constraints that have its name and are
// no part of the schema.
func (p *postgresPlanner) renameTable(t *Table, to string) {
	p.alter(t.Name, "", "RENAME TO "+p.Quote(to))
	if len(t.PrimaryKey) > 0 {
		p.renameConstraint(to, primaryKeyName(t.Name), primaryKeyName(to))
	}
	for _, c := range t.Columns {
		if p.sizeCheck(t.Name, c) != "" {
			p.renameConstraint(to, sizeName(t.Name, c.Name), sizeName(to, c.Name))
		}
	}
	if t.Search != nil {
		p.emit("", "ALTER INDEX "+p.Quote(t.searchIndex())+" RENAME TO "+p.Quote((&Table{Name: to}).searchIndex()))
	}
}

func (p *postgresPlanner) renameConstraint(table, from, to string) {
	p.alter(table, "", "RENAME CONSTRAINT "+p.Quote(from)+" TO "+p.Quote(to))
}

func (p *postgresPlanner) renameColumn(old *Table, o RenameColumn) {
	p.alter(o.Table, "", "RENAME COLUMN "+p.Quote(o.Column)+" TO "+p.Quote(o.To))
	if p.sizeCheck(old.Name, *old.Column(o.Column)) != "" {
		p.renameConstraint(o.Table, sizeName(o.Table, o.Column), sizeName(o.Table, o.To))
	}
	now := p.state.Table(o.Table)
	for _, ck := range now.Checks {
		if i := slices.IndexFunc(old.Checks, func(c Check) bool { return c.Name == ck.Name }); i >= 0 && old.Checks[i].Expr != ck.Expr {
			p.emit("", p.comment(now, ck))
		}
	}
	if now.Search.has(o.To) {
		p.emit("", p.searchComment(now))
	}
}

func (p *postgresPlanner) addColumn(t *Table, c Column) {
	switch name := t.Name + "." + c.Name; {
	case c.Null || c.Default != "" || c.Auto:
		p.alter(t.Name, "", "ADD COLUMN "+p.column(c))
	default: // the rows that are there get the zero, new ones must say
		p.alter(t.Name, fmt.Sprintf("rows that are there get %s in %s", p.literal(c), name),
			"ADD COLUMN "+p.Quote(c.Name)+" "+p.storage(c.Type)+" DEFAULT "+p.literal(c)+" NOT NULL")
		p.alter(t.Name, "", "ALTER COLUMN "+p.Quote(c.Name)+" DROP DEFAULT")
	}
	if p.sizeCheck(t.Name, c) != "" {
		p.addSize(t, c, "")
	}
}

// setPrimaryKey replaces the key. Foreign keys to it stand aside meanwhile.
func (p *postgresPlanner) setPrimaryKey(old, t *Table) {
	var aside []AddForeignKey
	for i := range p.state.Tables {
		for _, fk := range p.state.Tables[i].ForeignKeys {
			if name := p.state.Tables[i].Name; fk.RefTable == t.Name && len(old.PrimaryKey) > 0 && !p.gone[name+"."+fk.Name] {
				aside = append(aside, AddForeignKey{name, fk})
				p.alter(name, "", "DROP CONSTRAINT "+p.Quote(fk.Name))
			}
		}
	}
	if len(old.PrimaryKey) > 0 {
		p.alter(t.Name, "", "DROP CONSTRAINT "+p.Quote(primaryKeyName(t.Name)))
	}
	if len(t.PrimaryKey) > 0 {
		p.alter(t.Name, "", "ADD "+p.primaryKey(t))
	}
	for _, o := range aside {
		p.alter(o.Table, "", "ADD "+p.foreignKey(o.ForeignKey))
	}
}
