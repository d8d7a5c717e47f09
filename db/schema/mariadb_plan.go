package schema

import (
	"fmt"
	"slices"
	"strings"
)

// planMariaDB plans ops on a database whose schema is from.
func planMariaDB(from Schema, ops []Op, w mariaWriter) (Plan, error) {
	p := &mariaPlanner{mariaWriter: w, state: from.Normal(), gone: map[string]bool{}}
	if err := noArrays("mariadb", ops); err != nil {
		return Plan{}, err
	}
	for len(ops) > 0 {
		n := tableRun(ops)
		if err := p.plan(ops[:n]); err != nil {
			return Plan{}, fmt.Errorf("schema: plan: %w", err)
		}
		ops = ops[n:]
	}
	return p.out, nil
}

type mariaPlanner struct {
	mariaWriter
	state   Schema
	out     Plan
	waiting []AddForeignKey // for their tables to be made
	gone    map[string]bool // foreign keys, as table.name, that went before their op
}

// tableRun returns how many of the first ops are on the inside of one table:
// one ALTER TABLE makes them.
func tableRun(ops []Op) int {
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

func (p *mariaPlanner) emit(notes []string, statement string) {
	for i := len(notes) - 1; i >= 0; i-- {
		if notes[i] != "" {
			statement = "-- " + notes[i] + "\n" + statement
		}
	}
	p.out.Statements = append(p.out.Statements, statement)
}

func (p *mariaPlanner) alter(table string, notes []string, clauses ...string) {
	if len(clauses) > 0 {
		p.emit(notes, "ALTER TABLE "+p.quote(table)+" "+strings.Join(clauses, ",\n    "))
	}
}

func (p *mariaPlanner) plan(ops []Op) error {
	before := p.state.Normal()
	for _, op := range ops {
		if err := op.apply(&p.state); err != nil {
			return err
		}
	}
	if err := p.refuse(); err != nil {
		return err
	}
	restore := p.searchAside(&before, ops)
	switch o := ops[0].(type) {
	case CreateTable:
		p.create(p.state.Table(o.Table.Name))
	case DropTable:
		p.drop(&before, o.Table)
	case RenameTable:
		p.emit(nil, "RENAME TABLE "+p.quote(o.Table)+" TO "+p.quote(o.To))
	case RenameColumn:
		p.rename(p.state.Table(o.Table), o)
	default:
		p.change(before.Table(ops[0].On()), p.state.Table(ops[0].On()), ops)
	}
	restore()
	return nil
}

// refuse reports checks and foreign keys that this engine cannot have.
func (p *mariaPlanner) refuse() error {
	for i := range p.state.Tables {
		t := &p.state.Tables[i]
		for _, ck := range t.Checks {
			if slices.Contains(exprColumns(ck.Expr, t), auto(t)) {
				return fmt.Errorf("%s: MariaDB checks no column whose values it makes, such as %s; leave the column out",
					place("check", t.Name, ck.Name), auto(t))
			}
		}
		for _, fk := range t.ForeignKeys {
			for _, name := range fk.Columns {
				c := t.Column(name)
				if c == nil || c.Type == Int || c.Type == Float || c.Type == Bool || c.Type == Time || c.Type == Text && c.Size > 0 && c.Size <= mariaText {
					continue
				}
				return fmt.Errorf("%s: column %s is a %s without a size of %d or less, which MariaDB ties to nothing; give it and what it refers to a size",
					place("foreign key", t.Name, fk.Name), name, c.Type, mariaText)
			}
		}
	}
	return nil
}

func (p *mariaPlanner) create(t *Table) {
	var parts, notes []string
	for _, c := range t.Columns {
		parts = append(parts, p.column(c))
	}
	for _, k := range p.keys(t) {
		parts = append(parts, k.add)
		notes = append(notes, k.note)
	}
	for _, fk := range t.ForeignKeys {
		if fk.RefTable != t.Name && p.state.Table(fk.RefTable) == nil {
			p.waiting = append(p.waiting, AddForeignKey{t.Name, fk})
			continue
		}
		parts = append(parts, p.foreignKey(fk))
	}
	for _, ck := range p.checks(t) {
		parts = append(parts, p.check(t, ck))
	}
	if t.Search != nil {
		parts = append(parts, p.searchColumn(t), p.searchKey(t))
	}
	p.emit(notes, "CREATE TABLE "+p.quote(t.Name)+" (\n    "+strings.Join(parts, ",\n    ")+"\n)"+p.tail())
	p.waiting = slices.DeleteFunc(p.waiting, func(o AddForeignKey) bool {
		if o.ForeignKey.RefTable != t.Name {
			return false
		}
		p.alter(o.Table, nil, "ADD "+p.foreignKey(o.ForeignKey))
		return true
	})
}

// drop removes a table. What still refers to it has to let go before.
func (p *mariaPlanner) drop(before *Schema, table string) {
	for i := range before.Tables {
		t := &before.Tables[i]
		for _, fk := range t.ForeignKeys {
			if fk.RefTable == table && t.Name != table && !p.gone[t.Name+"."+fk.Name] {
				p.gone[t.Name+"."+fk.Name] = true
				p.alter(t.Name, nil, "DROP FOREIGN KEY "+p.quote(fk.Name))
			}
		}
	}
	p.emit([]string{"loses the rows of " + table}, "DROP TABLE "+p.quote(table))
}

// rename gives a column another name. MySQL does not while a check names it;
// MariaDB would keep the old name for the check of the column.
func (p *mariaPlanner) rename(t *Table, o RenameColumn) {
	c := t.Column(o.To)
	if _, check := p.storage(*c); check != "" && !p.mysql {
		p.alter(o.Table, nil, "CHANGE COLUMN "+p.quote(o.Column)+" "+p.column(*c))
		return
	}
	var drop, add []string
	if p.mysql {
		for _, ck := range p.checks(t) {
			if slices.Contains(exprColumns(ck.Expr, t), o.To) {
				old := ck.Name
				if !slices.Contains(t.Checks, ck) { // the check of the column
					old = joinName(t.Name, []string{o.Column}, string(c.Type))
				}
				drop = append(drop, "DROP CHECK "+p.quote(old))
				add = append(add, "ADD "+p.check(t, ck))
			}
		}
	}
	p.alter(o.Table, nil, drop...)
	p.alter(o.Table, nil, "RENAME COLUMN "+p.quote(o.Column)+" TO "+p.quote(o.To))
	p.alter(o.Table, nil, add...)
}
