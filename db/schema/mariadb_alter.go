package schema

import (
	"fmt"
	"slices"
)

// A mariaChange gathers what makes one table as it shall be. Its statements
// run in the order of the fields.
type mariaChange struct {
	*mariaPlanner
	before, after *Table
	notes         []string
	loose         []string   // DROP FOREIGN KEY and DROP CONSTRAINT: what follows may break them on its way
	convert       [][]string // whole clauses of an ALTER, or one UPDATE
	main          []string
	tie           []string // ADD FOREIGN KEY
	last          []string // DROP DEFAULT
}

// change makes the ops on one table.
func (p *mariaPlanner) change(before, after *Table, ops []Op) {
	c := &mariaChange{mariaPlanner: p, before: before, after: after}
	c.foreignKeys()
	c.keysGone()
	for _, op := range ops {
		c.op(op, ops)
	}
	c.keysMade()
	p.alter(after.Name, nil, c.loose...)
	for _, s := range c.convert {
		p.emit(s[1:], s[0])
	}
	p.alter(after.Name, c.notes, c.main...)
	p.alter(after.Name, nil, c.tie...)
	p.alter(after.Name, nil, c.last...)
}

// foreignKeys drops and adds those that are not the same on both sides.
func (c *mariaChange) foreignKeys() {
	has := func(t *Table, fk ForeignKey) bool {
		return slices.ContainsFunc(t.ForeignKeys, func(o ForeignKey) bool { return o.Name == fk.Name && o.same(fk) })
	}
	for _, fk := range c.before.ForeignKeys {
		if !has(c.after, fk) && !c.gone[c.before.Name+"."+fk.Name] {
			c.loose = append(c.loose, "DROP FOREIGN KEY "+c.quote(fk.Name))
		}
		if !has(c.after, fk) {
			delete(c.gone, c.before.Name+"."+fk.Name)
		}
	}
	for _, fk := range c.after.ForeignKeys {
		switch {
		case has(c.before, fk):
		case c.state.Table(fk.RefTable) == nil:
			c.waiting = append(c.waiting, AddForeignKey{c.after.Name, fk})
		default:
			c.tie = append(c.tie, "ADD "+c.foreignKey(fk))
		}
	}
}

// keysGone and keysMade drop and add the indexes that are not the same on both
// sides: a new type may ask for another spelling of an index.
func (c *mariaChange) keysGone() {
	made := c.keys(c.after)
	for _, k := range c.keys(c.before) {
		if !slices.Contains(made, k) {
			c.main = append(c.main, k.drop(c.mariaWriter))
		}
	}
}

func (c *mariaChange) keysMade() {
	there := c.keys(c.before)
	for _, k := range c.keys(c.after) {
		if !slices.Contains(there, k) {
			c.main = append(c.main, "ADD "+k.add)
			c.notes = append(c.notes, k.note)
		}
	}
	if !c.mysql {
		return
	}
	for _, ck := range c.columnChecks(c.after) {
		if !slices.Contains(c.columnChecks(c.before), ck) {
			c.main = append(c.main, "ADD "+c.check(c.after, ck))
		}
	}
}

// columnChecks are the checks that keep the types.
func (c *mariaChange) columnChecks(t *Table) []Check { return c.checks(t)[len(t.Checks):] }

func (c *mariaChange) op(op Op, ops []Op) {
	switch o := op.(type) {
	case AddColumn:
		c.add(o.Column.normal())
	case DropColumn:
		c.dropChecks(o.Column)
		c.main = append(c.main, "DROP COLUMN "+c.quote(o.Column))
		c.notes = append(c.notes, "loses the values of "+o.Table+"."+o.Column)
	case AlterColumn:
		if slices.ContainsFunc(ops, func(op Op) bool { a, ok := op.(AddColumn); return ok && a.Column.Name == o.Column.Name }) {
			return // as added, it is as it shall be
		}
		c.dropChecks(o.Column.Name)
		c.modify(*c.before.Column(o.Column.Name), o.Column.normal())
	case AddCheck:
		ck := c.after.normalCheck(o.Check)
		c.main = append(c.main, "ADD "+c.check(c.after, ck))
	case DropCheck:
		c.loose = append(c.loose, "DROP CONSTRAINT "+c.quote(o.Check))
	}
}

// dropChecks drops, on MySQL, the check that keeps the column's type.
func (c *mariaChange) dropChecks(column string) {
	if !c.mysql {
		return
	}
	for _, ck := range c.columnChecks(c.before) {
		if slices.Contains(exprColumns(ck.Expr, c.before), column) && !slices.Contains(c.columnChecks(c.after), ck) {
			c.main = append(c.main, "DROP CHECK "+c.quote(ck.Name))
		}
	}
}

// add adds a column. One that is not null and has no default gets one for the
// rows that are there: what the engine would give them is not what others give.
func (c *mariaChange) add(col Column) {
	if col.Null || col.Default != "" || col.Auto {
		c.main = append(c.main, "ADD COLUMN "+c.column(col))
		return
	}
	with := col
	with.Default = canonicalZero(col.Type)
	c.main = append(c.main, "ADD COLUMN "+c.column(with))
	c.notes = append(c.notes, fmt.Sprintf("rows that are there get %s in %s.%s", c.literal(with), c.after.Name, col.Name))
	c.last = append(c.last, "ALTER COLUMN "+c.quote(col.Name)+" DROP DEFAULT")
}

// canonicalZero is the default that a type's zero makes.
func canonicalZero(typ Type) string {
	var v literal
	if typ == JSON {
		v.s = "null"
	}
	return v.format(typ)
}

// modify gives a column another description.
func (c *mariaChange) modify(old, col Column) {
	name := c.after.Name + "." + col.Name
	table, ident := c.quote(c.after.Name), c.quote(col.Name)
	note := ""
	switch {
	case old.Null && !col.Null && col.Default != "":
		fill := old
		fill.Default = col.Default
		if old.Type == col.Type {
			c.convert = append(c.convert, []string{
				fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s IS NULL", table, ident, c.literal(col), ident),
				fmt.Sprintf("rows with NULL in %s get %s", name, c.literal(col))})
		} else {
			note = "fails while a row has NULL in " + name
		}
	case old.Null && !col.Null:
		note = "fails while a row has NULL in " + name
	case old.Type == Float && col.Type == Int:
		note = "rounds the values of " + name
	case narrows(old.Type, col.Type):
		note = fmt.Sprintf("fails while a row has something in %s that is no %s", name, col.Type)
	case col.Size > 0 && (old.Size == 0 || old.Size > col.Size):
		note = fmt.Sprintf("fails while a row has more than %d characters in %s", col.Size, name)
	}
	c.times(old, col)
	c.main = append(c.main, "MODIFY COLUMN "+c.column(col))
	c.notes = append(c.notes, note)
}

// times turns moments into microseconds since 1970 and back, by way of a text:
// the engine's own way would be a number of the digits of the date.
func (c *mariaChange) times(old, col Column) {
	table, ident := c.quote(c.after.Name), c.quote(col.Name)
	var value string
	switch {
	case old.Type == Time && col.Type == Int:
		value = "timestampdiff(MICROSECOND, '1970-01-01 00:00:00', " + ident + ")"
	case old.Type == Int && col.Type == Time:
		value = "'1970-01-01 00:00:00.000000' + INTERVAL " + ident + " MICROSECOND"
	default:
		return
	}
	null := " NOT NULL"
	if old.Null {
		null = " NULL"
	}
	c.convert = append(c.convert,
		[]string{fmt.Sprintf("ALTER TABLE %s MODIFY COLUMN %s VARCHAR(30)%s", table, ident, null)},
		[]string{fmt.Sprintf("UPDATE %s SET %s = CAST(%s AS CHAR)", table, ident, value)})
}
