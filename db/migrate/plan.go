package migrate

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// Pending returns the migrations that Up would run, oldest first, or the
// problems that would stop it. It changes nothing.
func (m *Migrator) Pending(ctx context.Context, d Database) ([]*File, error) {
	entries, err := m.Status(ctx, d)
	if err == nil {
		err = m.verify(entries)
	}
	return pending(entries), err
}

// WritePlan prints what [Migrator.Up] would do: the ops and their warnings, or,
// with sql, the statements, those that keep the list of migrations included, so
// that whoever may not run the program runs them by hand. It changes nothing.
func (m *Migrator) WritePlan(ctx context.Context, w io.Writer, d Database, sql bool) error {
	waiting, err := m.Pending(ctx, d)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		_, err := fmt.Fprintln(w, "-- nothing to do: all migrations are applied")
		return err
	}
	var b strings.Builder
	if sql {
		err = m.planSQL(ctx, &b, d, waiting)
	} else {
		err = m.planOps(&b, waiting)
	}
	if err == nil {
		_, err = io.WriteString(w, b.String())
	}
	return err
}

// planOps writes each migration with its ops and warnings.
func (m *Migrator) planOps(b *strings.Builder, waiting []*File) error {
	files, err := m.load()
	if err != nil {
		return err
	}
	var state schema.Schema
	for _, f := range files {
		for _, next := range waiting {
			if next.ID() != f.ID() {
				continue
			}
			kind := ""
			if f.code != nil {
				kind = " (in Go)"
			}
			fmt.Fprintf(b, "%s%s\n", f.ID(), kind)
			for _, op := range f.Ops {
				fmt.Fprintf(b, "  %s\n", strings.TrimSuffix(firstLine(formatOp(op)), " ("))
			}
			forth, _ := m.way(MakeOptions{Online: f.TxOff})
			warnings, err := schema.Warn(forth, state, f.Ops)
			if err != nil {
				return err
			}
			for _, line := range noted(warnings) {
				fmt.Fprintf(b, "  %s\n", line)
			}
		}
		if state, err = schema.Apply(state, f.Ops...); err != nil {
			return err
		}
	}
	return nil
}

// A Bracket is the SQL around a migration for whoever runs it by hand.
type Bracket interface {
	// Bracket returns the lines before and after the statements, which the
	// runner sends by itself.
	Bracket(opts TxOptions) (before, after []string)
}

// planSQL writes the statements of each migration.
func (m *Migrator) planSQL(ctx context.Context, b *strings.Builder, d Database, waiting []*File) error {
	there := false
	err := d.WithConn(ctx, func(c db.Conn) (err error) {
		there, err = m.dialect.HasTable(ctx, c, table)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "-- %s for %s; nothing was run\n", plural(len(waiting), "migration", "migrations"), m.dialect.Name())
	if !there {
		plan, err := m.dialect.Plan(schema.Schema{}, []schema.Op{schema.CreateTable{Table: tableSchema}})
		if err != nil {
			return err
		}
		b.WriteString("\n" + formatScript(plan.Statements) + "\n")
	}
	for _, f := range waiting {
		fmt.Fprintf(b, "\n-- %s\n", f.ID())
		if f.code != nil {
			b.WriteString("-- in Go: run it with migrate up, and what is below after that\n")
			continue
		}
		var before, after []string
		if d, ok := m.dialect.(Bracket); ok {
			before, after = d.Bracket(TxOptions{Off: f.TxOff, KeysOff: f.KeysOff})
		}
		for _, line := range before {
			b.WriteString(line + ";\n")
		}
		fmt.Fprintf(b, "%s\nINSERT INTO %s (version, name, checksum, applied_at, ms) VALUES ('%s', '%s', '%s', %s, 0);\n",
			ended(f.Up), table, f.Version, f.Name, f.Checksum(), nowIn(m.dialect.Name()))
		for _, line := range after {
			b.WriteString(line + ";\n")
		}
	}
	return nil
}

// nowIn returns the expression for this moment as a column of type time.
func nowIn(engine string) string {
	switch engine {
	case "sqlite":
		return "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
	case "mariadb", "mysql":
		return "utc_timestamp(6)"
	}
	return "CURRENT_TIMESTAMP"
}

// Bracket is a transaction, foreign keys off around it if asked for.
func (SQLite) Bracket(opts TxOptions) (before, after []string) {
	if opts.KeysOff {
		return []string{"PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"},
			[]string{"-- no row must be told here, else ROLLBACK\nPRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys = ON"}
	}
	return []string{"BEGIN IMMEDIATE"}, []string{"COMMIT"}
}

// Bracket is a transaction.
func (Postgres) Bracket(opts TxOptions) (before, after []string) {
	if opts.Off {
		return nil, nil
	}
	return []string{"BEGIN"}, []string{"COMMIT"}
}

// Bracket sets the session as package mariadb opens it.
func (MariaDB) Bracket(opts TxOptions) (before, after []string) {
	before = []string{"SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE," +
		"ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'"}
	if opts.KeysOff {
		return append(before, "SET foreign_key_checks = 0"), []string{"SET foreign_key_checks = 1"}
	}
	return before, nil
}
