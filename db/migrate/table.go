package migrate

import (
	"context"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// table holds the migrations that were applied. All SQL about it is here.
const table = "ashlar_migrations"

const (
	sqlApplied = "SELECT version, name, checksum, applied_at, ms FROM " + table + " ORDER BY version"
	sqlInsert  = "INSERT INTO " + table + " (version, name, checksum, applied_at, ms) VALUES (?, ?, ?, ?, ?)"
	sqlDelete  = "DELETE FROM " + table + " WHERE version = ?"
)

// tableSchema is written by the dialect, as any other table.
var tableSchema = schema.Table{
	Name: table,
	Columns: []schema.Column{
		{Name: "version", Type: schema.Text},
		{Name: "name", Type: schema.Text},
		{Name: "checksum", Type: schema.Text},
		{Name: "applied_at", Type: schema.Time},
		{Name: "ms", Type: schema.Int},
	},
	PrimaryKey: []string{"version"},
}

// applied reads the table. A database without it has applied nothing.
func applied(ctx context.Context, c db.Conn, d Dialect) ([]Entry, error) {
	there, err := d.HasTable(ctx, c, table)
	if err != nil || !there {
		return nil, err
	}
	var list []Entry
	err = query(ctx, c, func(rows db.Rows) error {
		e := Entry{State: Missing} // until a file is found
		var name string
		var ms int64
		if err := rows.Scan(&e.version, &name, &e.WasSum, &e.At, &ms); err != nil {
			return err
		}
		e.ID = e.version + "_" + name
		e.Took = time.Duration(ms) * time.Millisecond
		list = append(list, e)
		return nil
	}, sqlApplied)
	return list, err
}

// createTable makes a table of this package unless it is there. It runs under
// the lock, so that two processes do not both make it.
func createTable(ctx context.Context, c db.Conn, d Dialect, t schema.Table) error {
	there, err := d.HasTable(ctx, c, t.Name)
	if err != nil || there {
		return err
	}
	plan, err := d.Plan(schema.Schema{}, []schema.Op{schema.CreateTable{Table: t}})
	if err != nil {
		return err
	}
	for _, s := range plan.Statements {
		if _, err := c.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
