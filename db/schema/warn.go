package schema

import (
	"fmt"
	"slices"
	"strings"
)

// A Warning is what a migration does to whoever uses the database meanwhile: to
// a version of the program that runs while it is deployed, or to writers that
// wait for its locks.
type Warning struct {
	What string   // what it does, and what that breaks
	Safe []string // steps that avoid it
}

// Warn returns what there is to know of ops before they run on tables with rows
// on the dialect's engine. New tables bring no warnings.
func Warn(d Dialect, from Schema, ops []Op) ([]Warning, error) {
	w := &warner{engine: d.Name(), state: from.Normal(), fresh: map[string]bool{}, copied: map[string]bool{}}
	if p, ok := d.(interface{ online() bool }); ok {
		w.online = p.online()
	}
	if w.engine == "mysql" {
		w.engine = "mariadb"
	}
	for _, op := range ops {
		if t, ok := op.(CreateTable); ok {
			w.fresh[t.Table.Name] = true
		}
		before := w.state.Normal()
		if err := op.apply(&w.state); err != nil {
			return nil, fmt.Errorf("schema: warn: %w", err)
		}
		if !w.fresh[op.On()] {
			w.op(&before, op)
		}
	}
	if w.engine == "sqlite" {
		w.rebuilds(from, ops)
	}
	return w.list, nil
}

type warner struct {
	engine string
	online bool
	state  Schema
	fresh  map[string]bool // tables without rows
	copied map[string]bool // tables of which it is said that they are copied
	list   []Warning
}

func (w *warner) add(what string, safe ...string) { w.list = append(w.list, Warning{what, safe}) }

// The steps that several warnings share.
const (
	stepDeploy = "deploy the version that does not use it, and wait until no older one runs"
	stepEmpty  = "write a second migration (migrate make --empty) with the SQL that drops it and no op line, and run it then; until then migrate check tells of it"
	stepValid  = "make it with migrate make --online, which adds the check NOT VALID and reads the rows then (VALIDATE CONSTRAINT), while others work"
	stepOnline = "make it with migrate make --online, which writes: "
)

func (w *warner) op(before *Schema, op Op) {
	switch o := op.(type) {
	case DropTable:
		w.add(fmt.Sprintf("drops table %s with its rows: an older version that runs fails on each query of it", o.Table),
			"keep the op line of this migration, and put SELECT 1; in the place of its DROP TABLE", stepDeploy, stepEmpty)
	case DropColumn:
		w.dropColumn(before.Table(o.Table), o)
	case RenameTable:
		w.add(fmt.Sprintf("renames table %s to %s: an older version that runs fails on each query of it", o.Table, o.To),
			fmt.Sprintf("rename the model alone, and keep the table's name: //ashlar:model table=%s needs no migration", o.Table))
	case RenameColumn:
		w.add(fmt.Sprintf("renames column %s.%s to %s: an older version that runs fails on each query of the table", o.Table, o.Column, o.To),
			fmt.Sprintf("rename the field alone, and keep the column's name: the tag db:\"column=%s\" needs no migration", o.Column),
			fmt.Sprintf("if the column must have the new name: add %s beside it and write both, fill it in a migration of data, deploy the version that reads it, and drop %s last", o.To, o.Column))
	case AddColumn:
		w.addColumn(o)
	case AlterColumn:
		w.alterColumn(before.Table(o.Table), o.Column.normal())
	case AddIndex:
		w.addIndex(o)
	case AddForeignKey:
		w.addForeignKey(o)
	case AddCheck:
		w.addCheck(o)
	case SetPrimaryKey:
		w.add(fmt.Sprintf("replaces the primary key of %s: it fails while rows are the same in it, and nobody reads or writes the table while the key is built", o.Table),
			fmt.Sprintf("find such rows before: %s", w.twins(o.Table, o.Columns)), "run it while nobody works")
	case DropIndex:
		if w.engine == "postgres" && !w.online {
			w.add(fmt.Sprintf("drops index %s: it waits for all queries of %s, and those that come meanwhile wait for it", o.Index, o.Table),
				stepOnline+"DROP INDEX CONCURRENTLY "+o.Index)
		}
	}
}

func (w *warner) dropColumn(t *Table, o DropColumn) {
	c := t.Column(o.Column)
	keep := "SELECT 1;"
	switch filled := c.Null || c.Default != ""; {
	case filled:
	case w.engine == "sqlite":
		keep += " after a migration of its own that gives the field a default, since the new version does not fill it"
	default:
		keep = "SQL that lets it be NULL, since the new version does not fill it: " + w.nullable(t, *c)
	}
	w.add(fmt.Sprintf("drops column %s.%s with its values: an older version that runs fails on each query of the table", o.Table, o.Column),
		"keep the op line of this migration, and put in the place of its DROP COLUMN "+keep, stepDeploy, stepEmpty)
}

// nullable returns SQL that lets a column be NULL, which SQLite has none for.
func (w *warner) nullable(t *Table, c Column) string {
	c.Null = true
	if w.engine == "postgres" {
		return "ALTER TABLE " + Postgres{}.Quote(t.Name) + " ALTER COLUMN " + Postgres{}.Quote(c.Name) + " DROP NOT NULL;"
	}
	return "ALTER TABLE " + mariaWriter{}.quote(t.Name) + " MODIFY COLUMN " + mariaWriter{}.column(c) + ";"
}

func (w *warner) addColumn(o AddColumn) {
	c := o.Column.normal()
	if !c.Null && c.Default == "" && !c.Auto {
		w.add(fmt.Sprintf("column %s.%s is not null and has no default: an older version that runs cannot insert", o.Table, c.Name),
			"give it a default, or make it null", stepFilled(o.Table, c.Name))
	}
	if c.Auto {
		w.add(fmt.Sprintf("writes a number into each row of %s: nobody reads or writes the table meanwhile", o.Table), "run it while nobody works")
	} else if w.engine == "postgres" && !w.online && c.Type == Text && c.Size > 0 {
		w.add(fmt.Sprintf("checks all rows of %s for the size of %s: nobody reads or writes the table meanwhile", o.Table, c.Name), stepValid)
	}
}

func stepFilled(table, column string) string {
	return fmt.Sprintf("fill %s.%s in a migration of data once no older version runs, and make it not null then", table, column)
}

func (w *warner) alterColumn(t *Table, c Column) {
	old := *t.Column(c.Name)
	name := t.Name + "." + c.Name
	if old.Type != c.Type {
		what := fmt.Sprintf("turns %s from %s into %s: an older version that runs reads and writes what it was", name, old.Type, c.Type)
		if narrows(old.Type, c.Type) {
			what += ", and the migration fails at a value that is no " + string(c.Type)
		}
		if w.engine != "sqlite" {
			what += fmt.Sprintf("; all rows of %s are written anew, and nobody %s meanwhile", t.Name, w.locked())
		}
		w.add(what, fmt.Sprintf("add a column %s_new of type %s and write both", c.Name, c.Type),
			fmt.Sprintf("fill %s_new in a migration of data", c.Name), fmt.Sprintf("deploy the version that reads %s_new", c.Name), "drop "+c.Name+" once no older version runs")
	}
	if old.Null && !c.Null {
		w.notNull(t, c)
	}
	if old.Default != "" && c.Default == "" && !c.Null {
		w.add(fmt.Sprintf("%s has no default any more: a version from before the column cannot insert", name),
			"do it once no version runs that does not know the column")
	}
	if c.Type == Text && c.Size > 0 && (old.Size == 0 || old.Size > c.Size) && old.Type == c.Type {
		w.add(fmt.Sprintf("%s takes %d characters at most: the migration fails while a row has more, and an older version that writes more fails", name, c.Size),
			"let validate keep the length in one version, shorten what is there in a migration of data, and run this once no older version runs",
			fmt.Sprintf("find such rows before: SELECT count(*) FROM %s WHERE %s(%s) > %d", w.quote(t.Name), w.length(), w.quote(c.Name), c.Size))
	}
	if w.engine == "postgres" && !w.online && c.Type == Text && c.Size > 0 && c.Size != old.Size {
		w.add(fmt.Sprintf("checks all rows of %s for the size of %s: nobody reads or writes the table meanwhile", t.Name, c.Name), stepValid)
	}
	w.copies(t, old, c)
}

// copies warns of an ALTER TABLE of MariaDB that copies the table although the
// values stay as they are.
func (w *warner) copies(t *Table, old, c Column) {
	if w.engine != "mariadb" || old.Type != c.Type || w.copied[t.Name] {
		return
	}
	was, _ := mariaWriter{}.storage(old)
	now, _ := mariaWriter{}.storage(c)
	grows := strings.HasPrefix(was, "VARCHAR") && strings.HasPrefix(now, "VARCHAR") && old.Size <= c.Size && (old.Size > 63 || c.Size <= 63)
	if was == now && old.Null == c.Null || grows {
		return
	}
	w.copied[t.Name] = true
	w.add(fmt.Sprintf("copies all rows of %s: nobody %s meanwhile", t.Name, w.locked()), w.quiet())
}

func (w *warner) locked() string {
	if w.engine == "mariadb" {
		return "writes the table"
	}
	return "reads or writes the table"
}

func (w *warner) quiet() string {
	if w.engine == "mariadb" {
		return "run it while nobody works, or change a large table with a tool that copies it beside the work (pt-online-schema-change, gh-ost) and keep the op line of this migration"
	}
	return "run it while nobody works"
}

func (w *warner) length() string {
	if w.engine == "sqlite" {
		return "length"
	}
	return "char_length"
}

func (w *warner) notNull(t *Table, c Column) {
	name := t.Name + "." + c.Name
	what := fmt.Sprintf("%s takes no NULL any more: an older version that writes one fails", name)
	if c.Default == "" {
		what += ", and so does the migration while a row has one"
	}
	steps := []string{"deploy the version that writes no NULL, and wait until no older one runs",
		fmt.Sprintf("fill what is NULL in a migration of data (UPDATE %s SET %s = … WHERE %s IS NULL), in batches", w.quote(t.Name), w.quote(c.Name), w.quote(c.Name)), "run this then"}
	if w.engine == "postgres" && !w.online {
		what += fmt.Sprintf("; all rows of %s are read, and nobody reads or writes the table meanwhile", t.Name)
		steps = append(steps, stepOnline+strings.Join(Postgres{}.notNullOnline(t, c), "; "))
	}
	w.add(what, steps...)
}

func (w *warner) quote(name string) string {
	switch w.engine {
	case "postgres":
		return Postgres{}.Quote(name)
	case "mariadb":
		return mariaWriter{}.quote(name)
	}
	return SQLite{}.Quote(name)
}

func (w *warner) quoted(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = w.quote(name)
	}
	return list
}

// twins returns a query for rows that are the same in columns.
func (w *warner) twins(table string, columns []string) string {
	list := strings.Join(w.quoted(columns), ", ")
	return fmt.Sprintf("SELECT %s, count(*) FROM %s GROUP BY %s HAVING count(*) > 1", list, w.quote(table), list)
}

func (w *warner) addIndex(o AddIndex) {
	t := w.state.Table(o.Table)
	if o.Index.Unique {
		w.add(fmt.Sprintf("unique index %s: it fails while two rows of %s are the same in %s, and an older version that writes such a row fails", o.Index.Name, o.Table, strings.Join(o.Index.Columns, ", ")),
			"find such rows before: "+w.twins(o.Table, o.Index.Columns), "deploy the version that writes none, and run this once no older one runs")
	}
	if w.engine == "postgres" && !w.online {
		w.add(fmt.Sprintf("builds index %s without CONCURRENTLY: nobody writes %s meanwhile", o.Index.Name, o.Table),
			stepOnline+Postgres{Online: true}.createIndex(t, t.normalIndex(o.Index)))
	}
}

func (w *warner) addForeignKey(o AddForeignKey) {
	fk := o.ForeignKey
	where := make([]string, len(fk.Columns))
	for i, c := range fk.Columns {
		where[i] = fmt.Sprintf("p.%s = c.%s", w.quote(fk.RefColumns[i]), w.quote(c))
	}
	what := fmt.Sprintf("foreign key %s: it fails while a row of %s refers to nothing, and an older version that writes such a row, or deletes what others refer to, fails", fk.Name, o.Table)
	steps := []string{fmt.Sprintf("find such rows before: SELECT count(*) FROM %s AS c WHERE c.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s AS p WHERE %s)",
		w.quote(o.Table), strings.Join(w.quoted(fk.Columns), " IS NOT NULL AND c."), w.quote(fk.RefTable), strings.Join(where, " AND "))}
	switch {
	case w.engine == "postgres" && !w.online:
		what += fmt.Sprintf("; all rows of %s are checked, and nobody writes %s or %s meanwhile", o.Table, o.Table, fk.RefTable)
		steps = append(steps, stepOnline+strings.Join(Postgres{}.foreignKeyOnline(w.state.Table(o.Table), fk), "; "))
	case w.engine == "mariadb":
		what += fmt.Sprintf("; all rows of %s are copied, and nobody writes the table meanwhile", o.Table)
		steps = append(steps, w.quiet())
	}
	w.add(what, steps...)
}

func (w *warner) addCheck(o AddCheck) {
	t := w.state.Table(o.Table)
	ck := t.normalCheck(o.Check)
	what := fmt.Sprintf("check %s: it fails while a row of %s breaks it, and an older version that writes such a row fails", ck.Name, o.Table)
	steps := []string{fmt.Sprintf("find such rows before: SELECT count(*) FROM %s WHERE NOT (%s)", w.quote(o.Table), ck.Expr)}
	switch {
	case w.engine == "postgres" && !w.online:
		what += "; all rows are read, and nobody reads or writes the table meanwhile"
		steps = append(steps, stepOnline+strings.Join(Postgres{}.checkOnline(t, ck), "; "))
	case w.engine == "mariadb":
		what += "; all rows are copied, and nobody writes the table meanwhile"
		steps = append(steps, w.quiet())
	}
	w.add(what, steps...)
}

// rebuilds warns of the tables that SQLite builds anew.
func (w *warner) rebuilds(from Schema, ops []Op) {
	plan, err := SQLite{}.Plan(from, ops)
	if err != nil {
		return // as Plan will say
	}
	for _, s := range plan.Statements {
		note, _, _ := strings.Cut(s, "\n")
		if name, ok := strings.CutPrefix(note, "-- builds "); ok {
			name, _, _ = strings.Cut(name, " ")
			if from.Table(name) != nil && !slices.ContainsFunc(w.list, func(o Warning) bool { return strings.HasPrefix(o.What, "copies all rows of "+name) }) {
				w.add(fmt.Sprintf("copies all rows of %s: nobody writes to the database meanwhile", name),
					"try it on a copy of the database, and run it while nobody works if that takes long")
			}
		}
	}
}
