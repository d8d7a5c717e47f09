package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// MariaDB is the [Dialect] of MariaDB. The server commits each statement that
// changes the schema at once, so a migration that fails keeps what ran before,
// and the next run goes on with the statement that failed; see [Resumer].
type MariaDB struct{ schema.MariaDB }

var (
	_ Dialect  = MariaDB{}
	_ Resumer  = MariaDB{}
	_ Rewriter = MariaDB{}
)

// Tx runs f while it holds a lock by name (GET_LOCK) on the database. It is no
// transaction.
func (d MariaDB) Tx(ctx context.Context, c db.Conn, opts TxOptions, f func() error) error {
	const name = "concat('ashlar_migrations ', left(sha1(database()), 40))" // 64 characters at most
	got, err := queryInt(ctx, c, "SELECT coalesce(GET_LOCK("+name+", ?), 0)", max(1, int(opts.Wait.Seconds())))
	if err != nil {
		return err
	}
	if got != 1 {
		return setup("A1550", "", "wait until it ends, or stop the process that migrates; then run it again",
			"another process has held the lock of the database's migrations for %v", opts.Wait)
	}
	defer func() {
		// A connection that was lost has lost its lock, too.
		_, _ = queryInt(context.WithoutCancel(ctx), c, "SELECT coalesce(RELEASE_LOCK("+name+"), 0)")
	}()
	if !opts.KeysOff {
		return f()
	}
	if _, err := c.Exec(ctx, "SET foreign_key_checks = 0"); err != nil {
		return err
	}
	defer func() { _, _ = c.Exec(context.WithoutCancel(ctx), "SET foreign_key_checks = 1") }()
	return f()
}

// CheckKeys reports rows that refer to nothing, by foreign key.
func (MariaDB) CheckKeys(ctx context.Context, c db.Conn) error {
	var s schema.Schema
	in := mariaInspector{ctx: ctx, conn: c, schema: &s}
	for _, step := range []func() error{in.tables, in.foreignKeys} {
		if err := step(); err != nil {
			return err
		}
	}
	var found []string
	for _, t := range s.Tables {
		for _, fk := range t.ForeignKeys {
			var on, where []string
			for i, name := range fk.Columns {
				on = append(on, fmt.Sprintf("p.`%s` = c.`%s`", fk.RefColumns[i], name))
				where = append(where, fmt.Sprintf("c.`%s` IS NOT NULL", name))
			}
			n, err := queryInt(ctx, c, fmt.Sprintf("SELECT count(*) FROM `%s` AS c WHERE %s AND NOT EXISTS (SELECT 1 FROM `%s` AS p WHERE %s)",
				t.Name, strings.Join(where, " AND "), fk.RefTable, strings.Join(on, " AND ")))
			if err != nil {
				return err
			}
			if n > 0 {
				found = append(found, fmt.Sprintf("%d of table %s in table %s", n, t.Name, fk.RefTable))
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return setup("A1549", "", "write SQL into the migration that deletes these rows or gives them what they refer to",
		"rows would refer to rows that are not there: %s", strings.Join(found, "; "))
}

// HasTable looks the table up.
func (MariaDB) HasTable(ctx context.Context, c db.Conn, table string) (bool, error) {
	n, err := queryInt(ctx, c, "SELECT count(*) FROM information_schema.tables WHERE table_schema = database() AND table_name = ?", table)
	return n > 0, err
}

// Always returns true.
func (MariaDB) Always() bool { return true }

// Clear does nothing: a change of the schema is done whole or not at all.
func (MariaDB) Clear(context.Context, db.Conn, string, bool) error { return nil }

// CanUndo reports whether the statement is part of the transaction that it
// stands in.
func (MariaDB) CanUndo(sql string) bool {
	switch verbOf(sql) {
	case "INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT", "WITH", "VALUES", "DO":
		return true
	}
	return false
}

// Rewrite returns the table with its checks in the server's words: it makes a
// temporary table of that kind and reads it back.
func (d MariaDB) Rewrite(ctx context.Context, c db.Conn, t schema.Table) (schema.Table, error) {
	const name = "ashlar_new_checks"
	probe := schema.Table{Name: name, Columns: t.Columns, PrimaryKey: t.PrimaryKey, Checks: t.Checks}
	plan, err := d.Plan(schema.Schema{}, []schema.Op{schema.CreateTable{Table: probe}})
	if err != nil {
		return t, err
	}
	create := plan.Statements[0]
	create = create[strings.Index(create, "CREATE TABLE"):] // without comments
	if _, err := c.Exec(ctx, strings.Replace(create, "CREATE TABLE", "CREATE TEMPORARY TABLE", 1)); err != nil {
		return t, err
	}
	defer func() { _, _ = c.Exec(context.WithoutCancel(ctx), "DROP TEMPORARY TABLE "+name) }()
	var shown string
	err = query(ctx, c, func(rows db.Rows) error {
		var table string
		return rows.Scan(&table, &shown)
	}, "SHOW CREATE TABLE "+name)
	if err != nil {
		return t, err
	}
	text, err := readCreateTable(schema.MariaDB{}.Plain(shown))
	if err != nil {
		return t, err
	}
	t.Checks = text.checks
	return t, nil
}
