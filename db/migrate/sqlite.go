package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
)

// SQLite is the [Dialect] of SQLite.
type SQLite struct{ schema.SQLite }

var _ Dialect = SQLite{}

// Tx runs f inside BEGIN IMMEDIATE, which takes the only write lock of the
// database file. Foreign keys can only be switched outside a transaction, so
// they are off for the connection until Tx returns.
func (SQLite) Tx(ctx context.Context, c db.Conn, opts TxOptions, f func() error) (err error) {
	if opts.Off {
		return setup("A1544", "", "remove the line; SQLite takes all but VACUUM into a transaction", "%stransaction off on SQLite", directive)
	}
	if opts.KeysOff {
		restore, err := sqliteKeysOff(ctx, c)
		if err != nil {
			return err
		}
		// What was switched is switched back, whatever became of ctx.
		defer func() { err = errors.Join(err, restore(context.WithoutCancel(ctx))) }()
		f = sqliteChecked(ctx, c, f)
	}
	if err := sqliteBegin(ctx, c, opts.Wait); err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			// The engine may have ended the transaction already.
			_, _ = c.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if err := f(); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "COMMIT")
	committed = err == nil
	return err
}

// sqliteBegin takes the write lock, waiting for another process as long as
// told. The connection waits a while by itself each time.
func sqliteBegin(ctx context.Context, c db.Conn, wait time.Duration) error {
	patience, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		_, err := c.Exec(patience, "BEGIN IMMEDIATE")
		if err == nil || ctx.Err() != nil || errs.KindOf(err) != errs.Unavailable {
			return err
		}
		if patience.Err() != nil {
			e := setup("A1550", "", "wait until it ends, or stop what keeps a write transaction open; then run it again",
				"another process has held the database's write lock for %v", wait)
			e.Err = err
			return e
		}
	}
}

// sqliteKeysOff switches foreign keys off, makes sure that they are, and
// returns the function that switches back.
func sqliteKeysOff(ctx context.Context, c db.Conn) (restore func(context.Context) error, err error) {
	keys, err := queryInt(ctx, c, "PRAGMA foreign_keys")
	if err != nil {
		return nil, err
	}
	legacy, err := queryInt(ctx, c, "PRAGMA legacy_alter_table")
	if err != nil {
		return nil, err
	}
	restore = func(ctx context.Context) error {
		_, err := c.Exec(ctx, fmt.Sprintf("PRAGMA legacy_alter_table = %d", legacy))
		_, err2 := c.Exec(ctx, fmt.Sprintf("PRAGMA foreign_keys = %d", keys))
		return errors.Join(err, err2)
	}
	if _, err := c.Exec(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
		return nil, err
	}
	now, err := queryInt(ctx, c, "PRAGMA foreign_keys")
	if err == nil && now != 0 {
		err = errors.New("foreign keys stay on: the connection is inside a transaction")
	}
	if err != nil {
		return nil, errors.Join(err, restore(context.WithoutCancel(ctx)))
	}
	return restore, nil
}

// sqliteChecked returns f with the checks that stand in for the foreign keys
// and triggers while tables are built anew.
func sqliteChecked(ctx context.Context, c db.Conn, f func() error) func() error {
	return func() error {
		triggers, err := sqliteTriggers(ctx, c)
		if err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
		if err := sqliteForeignKeyCheck(ctx, c); err != nil {
			return err
		}
		return sqliteLostTriggers(ctx, c, triggers)
	}
}

// sqliteForeignKeyCheck reports rows that refer to nothing, by table.
func sqliteForeignKeyCheck(ctx context.Context, c db.Conn) error {
	var found []string
	err := query(ctx, c, func(rows db.Rows) error {
		var table, parent string
		var n int64
		err := rows.Scan(&table, &parent, &n)
		found = append(found, fmt.Sprintf("%d of table %s in table %s", n, table, parent))
		return err
	}, `SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2`)
	if err != nil || len(found) == 0 {
		return err
	}
	return setup("A1549", "", "write SQL into the migration that deletes these rows or gives them what they refer to",
		"rows would refer to rows that are not there: %s", strings.Join(found, "; "))
}

// sqliteTriggers returns the triggers of tables, as name to table.
func sqliteTriggers(ctx context.Context, c db.Conn) (map[string]string, error) {
	triggers := map[string]string{}
	err := query(ctx, c, func(rows db.Rows) error {
		var name, table string
		err := rows.Scan(&name, &table)
		triggers[name] = table
		return err
	}, "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN (SELECT name FROM sqlite_schema WHERE type = 'table')")
	return triggers, err
}

// sqliteLostTriggers refuses that building a table anew takes its triggers.
func sqliteLostTriggers(ctx context.Context, c db.Conn, before map[string]string) error {
	now, err := sqliteTriggers(ctx, c)
	if err != nil {
		return err
	}
	for name, table := range before {
		if _, ok := now[name]; ok || slices.Contains((&schema.Table{Name: table}).SearchTriggers(), name) {
			continue // it is there, or of a search, which the planner sees to
		}
		there, err := SQLite{}.HasTable(ctx, c, table)
		if err != nil {
			return err
		}
		if !there {
			continue // the table went, too
		}
		return setup("A1555", "", "add its CREATE TRIGGER to the end of the section; to drop it, do so in a migration before this one",
			"trigger %s is lost when table %s is built anew", name, table)
	}
	return nil
}

// HasTable looks the table up.
func (SQLite) HasTable(ctx context.Context, c db.Conn, table string) (bool, error) {
	n, err := queryInt(ctx, c, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", table)
	return n > 0, err
}
