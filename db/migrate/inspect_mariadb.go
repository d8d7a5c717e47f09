package migrate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
	"github.com/ashlar-go/ashlar/db/schema"
)

// Inspect reads the schema of a live database. Left out are views, triggers,
// full-text and spatial indexes, and the indexes that foreign keys need. Checks
// are in the words of the server.
func (MariaDB) Inspect(ctx context.Context, c db.Conn) (schema.Schema, error) {
	var s schema.Schema
	in := mariaInspector{ctx: ctx, conn: c, schema: &s}
	for _, step := range []func() error{in.tables, in.checks, in.columns, in.foreignKeys, in.indexes, in.searches} {
		if err := step(); err != nil {
			return schema.Schema{}, fmt.Errorf("migrate: inspect: %w", err)
		}
	}
	return s.Normal(), nil
}

type mariaInspector struct {
	ctx    context.Context
	conn   db.Conn
	schema *schema.Schema
	own    map[[2]string][]string // the checks of columns, by table and column
}

func (in *mariaInspector) tables() error {
	return query(in.ctx, in.conn, func(rows db.Rows) error {
		var t schema.Table
		err := rows.Scan(&t.Name)
		in.schema.Tables = append(in.schema.Tables, t)
		return err
	}, `SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE'
		AND table_name NOT IN ('`+table+`', '`+progressTable+`') ORDER BY table_name`)
}

func (in *mariaInspector) checks() error {
	in.own = map[[2]string][]string{}
	return query(in.ctx, in.conn, func(rows db.Rows) error {
		var name, level, expr, of string
		if err := rows.Scan(&of, &name, &level, &expr); err != nil {
			return err
		}
		expr = schema.MariaDB{}.Plain(expr)
		t := in.schema.Table(of)
		switch {
		case t == nil:
		case level == "Column": // its name is what the column was called once
			column := firstName(expr)
			in.own[[2]string{of, column}] = append(in.own[[2]string{of, column}], expr)
		default:
			t.Checks = append(t.Checks, schema.Check{Name: name, Expr: expr})
		}
		return nil
	}, `SELECT table_name, constraint_name, level, check_clause FROM information_schema.check_constraints
		WHERE constraint_schema = database() ORDER BY table_name, constraint_name`)
}

// firstName returns the first name in quotes: the server writes columns so.
func firstName(expr string) string {
	tokens, _ := sqlscan.Tokens(expr)
	for _, t := range tokens {
		if t.Kind == sqlscan.Quoted {
			return t.Value()
		}
	}
	return ""
}

func (in *mariaInspector) columns() error {
	return query(in.ctx, in.conn, func(rows db.Rows) error {
		var of, name, decl, collation, value, extra string
		var null bool
		if err := rows.Scan(&of, &name, &decl, &collation, &value, &null, &extra); err != nil {
			return err
		}
		t := in.schema.Table(of)
		if t == nil {
			return nil
		}
		if value == "NULL" { // as the server says that there is none
			value = ""
		}
		c, rest := schema.MariaDB{}.ReadColumn(name, decl, collation, value, in.own[[2]string{of, name}])
		c.Null = null
		c.Auto = strings.Contains(extra, "auto_increment")
		t.Columns = append(t.Columns, c)
		for _, expr := range rest {
			t.Checks = append(t.Checks, schema.Check{Expr: expr})
		}
		return nil
	}, `SELECT table_name, column_name, column_type, coalesce(collation_name, ''), coalesce(column_default, ''), is_nullable = 'YES', extra
		FROM information_schema.columns WHERE table_schema = database() AND column_name <> '`+(*schema.Search)(nil).Column()+`'
		ORDER BY table_name, ordinal_position`)
}

func (in *mariaInspector) foreignKeys() error {
	return query(in.ctx, in.conn, func(rows db.Rows) error {
		var of, name, column, ref, refColumn, rule string
		if err := rows.Scan(&of, &name, &column, &ref, &refColumn, &rule); err != nil {
			return err
		}
		t := in.schema.Table(of)
		if t == nil {
			return nil
		}
		n := len(t.ForeignKeys)
		if n == 0 || t.ForeignKeys[n-1].Name != name {
			t.ForeignKeys = append(t.ForeignKeys, schema.ForeignKey{Name: name, RefTable: ref, OnDelete: sqliteActions[rule]})
			n++
		}
		fk := &t.ForeignKeys[n-1]
		fk.Columns = append(fk.Columns, column)
		fk.RefColumns = append(fk.RefColumns, refColumn)
		return nil
	}, `SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule
		FROM information_schema.key_column_usage AS k
		JOIN information_schema.referential_constraints AS r ON r.constraint_schema = k.constraint_schema
			AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
		WHERE k.table_schema = database() AND k.referenced_table_name IS NOT NULL
		ORDER BY k.table_name, k.constraint_name, k.ordinal_position`)
}

// indexes runs after foreignKeys: an index with the name of one is there for it.
func (in *mariaInspector) indexes() error {
	err := query(in.ctx, in.conn, func(rows db.Rows) error {
		var of, name, column string
		var unique bool
		if err := rows.Scan(&of, &name, &unique, &column); err != nil {
			return err
		}
		t := in.schema.Table(of)
		switch {
		case t == nil:
			return nil
		case name == "PRIMARY":
			t.PrimaryKey = append(t.PrimaryKey, column)
			return nil
		}
		n := len(t.Indexes)
		if n == 0 || t.Indexes[n-1].Name != name {
			t.Indexes = append(t.Indexes, schema.Index{Name: name, Unique: unique})
			n++
		}
		t.Indexes[n-1].Columns = append(t.Indexes[n-1].Columns, column)
		return nil
	}, `SELECT table_name, index_name, non_unique = 0, column_name FROM information_schema.statistics
		WHERE table_schema = database() AND index_type IN ('BTREE', 'HASH') AND column_name IS NOT NULL
		ORDER BY table_name, index_name, seq_in_index`)
	for i := range in.schema.Tables {
		t := &in.schema.Tables[i]
		t.Indexes = slices.DeleteFunc(t.Indexes, func(ix schema.Index) bool {
			return slices.ContainsFunc(t.ForeignKeys, func(fk schema.ForeignKey) bool {
				return fk.Name == ix.Name && slices.Equal(fk.Columns, ix.Columns)
			})
		})
	}
	return err
}

// Fingerprint is a hash of what information_schema tells about the database.
func (MariaDB) Fingerprint(ctx context.Context, c db.Conn) (string, error) {
	return fingerprint(ctx, c, "table_name, constraint_name, check_clause")
}

func fingerprint(ctx context.Context, c db.Conn, checks string) (string, error) {
	sum := sha256.New()
	for _, part := range []struct{ from, columns, where string }{
		{"tables", "table_name, table_type, engine, table_collation, create_options, table_comment", "table_schema"},
		{"columns", "table_name, ordinal_position, column_name, column_type, collation_name, column_default, is_nullable, extra, generation_expression, column_comment", "table_schema"},
		{"statistics", "table_name, index_name, seq_in_index, non_unique, column_name, sub_part, index_type, index_comment", "table_schema"},
		{"key_column_usage", "table_name, constraint_name, ordinal_position, column_name, referenced_table_name, referenced_column_name", "table_schema"},
		{"referential_constraints", "table_name, constraint_name, delete_rule, update_rule", "constraint_schema"},
		{"check_constraints", checks, "constraint_schema"},
		{"views", "table_name, view_definition", "table_schema"},
		{"triggers", "trigger_name, event_object_table, action_timing, event_manipulation, action_statement", "trigger_schema"},
		{"routines", "routine_name, routine_type, routine_definition", "routine_schema"},
		{"events", "event_name, event_definition, interval_value, interval_field, status", "event_schema"},
		{"partitions", "table_name, partition_name, partition_method, partition_expression, partition_description", "table_schema"},
	} {
		skip := ""
		if strings.HasPrefix(part.columns, "table_name") {
			skip = " AND table_name NOT IN ('" + table + "', '" + progressTable + "')"
		}
		values := "coalesce(" + strings.ReplaceAll(part.columns, ", ", ", ''), char(1), coalesce(") + ", '')"
		err := query(ctx, c, func(rows db.Rows) error {
			var row string
			err := rows.Scan(&row)
			fmt.Fprintf(sum, "%s %q\n", part.from, row)
			return err
		}, fmt.Sprintf("SELECT concat(%s) AS line FROM information_schema.%s WHERE %s = database()%s ORDER BY line", values, part.from, part.where, skip))
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
