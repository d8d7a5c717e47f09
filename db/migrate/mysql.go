package migrate

import (
	"context"
	"errors"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// MySQL is the [Dialect] of MySQL 8.0.19 and later. It works as that of
// [MariaDB] does, but for Inspect. No MySQL server has run the tests of this
// package: what is proven is the text of what it is told.
type MySQL struct{ schema.MySQL }

var (
	_ Dialect = MySQL{}
	_ Resumer = MySQL{}
	_ Bracket = MySQL{}
)

// ErrNoInspect says that a dialect does not read the tables of a server.
var ErrNoInspect = errors.New("migrate: the tables of a MySQL server are not read, and so not compared")

// Inspect returns ErrNoInspect: MySQL tells conditions and defaults in words of
// its own, which nobody here has seen.
func (MySQL) Inspect(context.Context, db.Conn) (schema.Schema, error) {
	return schema.Schema{}, ErrNoInspect
}

// Tx is that of [MariaDB].
func (MySQL) Tx(ctx context.Context, c db.Conn, opts TxOptions, f func() error) error {
	return MariaDB{}.Tx(ctx, c, opts, f)
}

// HasTable looks the table up.
func (MySQL) HasTable(ctx context.Context, c db.Conn, table string) (bool, error) {
	return MariaDB{}.HasTable(ctx, c, table)
}

// Always returns true.
func (MySQL) Always() bool { return true }

// CanUndo is that of [MariaDB].
func (MySQL) CanUndo(sql string) bool { return MariaDB{}.CanUndo(sql) }

// Clear does nothing: a change of the schema is done whole or not at all.
func (MySQL) Clear(context.Context, db.Conn, string, bool) error { return nil }

// CheckKeys reports rows that refer to nothing, by foreign key.
func (MySQL) CheckKeys(ctx context.Context, c db.Conn) error { return MariaDB{}.CheckKeys(ctx, c) }

// Fingerprint is that of [MariaDB], from what MySQL tells.
func (MySQL) Fingerprint(ctx context.Context, c db.Conn) (string, error) {
	return fingerprint(ctx, c, "constraint_name, check_clause")
}

// Bracket is that of [MariaDB].
func (MySQL) Bracket(opts TxOptions) (before, after []string) { return MariaDB{}.Bracket(opts) }
