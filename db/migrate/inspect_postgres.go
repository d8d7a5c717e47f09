package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// Inspect reads the schema of a live database. Left out are tables of
// extensions, partitions, views, triggers, generated columns, and indexes on
// expressions, on some rows only, or of other kinds than btree. Conditions of
// checks are read from their comments, where there are any.
func (p Postgres) Inspect(ctx context.Context, c db.Conn) (schema.Schema, error) {
	in := &postgresInspector{Postgres: p, conn: c}
	for _, step := range []func(context.Context) error{in.tables, in.columns, in.primaryKeys, in.indexes, in.foreignKeys, in.checks, in.searches} {
		if err := step(ctx); err != nil {
			return schema.Schema{}, fmt.Errorf("migrate: inspect: %w", err)
		}
	}
	return in.out.Normal(), nil
}

// A postgresInspector gathers a schema, each kind of thing with one query for
// all tables.
type postgresInspector struct {
	Postgres
	conn db.Conn
	out  schema.Schema
}

// postgresTables is the part of each query that leaves the tables of the
// schema; t is pg_class.
const postgresTables = ` t.relkind IN ('r', 'p') AND NOT t.relispartition
	AND t.relnamespace = current_schema()::regnamespace AND t.relname NOT IN ('` + table + `', '` + progressTable + `')
	AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS x WHERE x.objid = t.oid AND x.deptype = 'e') `

func (in *postgresInspector) tables(ctx context.Context) error {
	return query(ctx, in.conn, func(rows db.Rows) error {
		var name string
		err := rows.Scan(&name)
		in.out.Tables = append(in.out.Tables, schema.Table{Name: name})
		return err
	}, "SELECT t.relname FROM pg_catalog.pg_class AS t WHERE"+postgresTables+"ORDER BY 1")
}

func (in *postgresInspector) columns(ctx context.Context) error {
	return query(ctx, in.conn, func(rows db.Rows) error {
		var table, name, decl, value string
		var notNull, identity bool
		if err := rows.Scan(&table, &name, &decl, &notNull, &value, &identity); err != nil {
			return err
		}
		t := in.out.Table(table)
		if t == nil {
			return nil // made meanwhile
		}
		auto := identity || strings.HasPrefix(value, "nextval(")
		if auto {
			value = ""
		}
		col := in.ReadColumn(name, decl, value)
		col.Null, col.Auto = !notNull, auto
		t.Columns = append(t.Columns, col)
		return nil
	}, `SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
			coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attidentity <> ''
		FROM pg_catalog.pg_class AS t JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid
		LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = t.oid AND d.adnum = a.attnum
		WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND`+postgresTables+`ORDER BY t.relname, a.attnum`)
}

func (in *postgresInspector) primaryKeys(ctx context.Context) error {
	return query(ctx, in.conn, func(rows db.Rows) error {
		var table, column string
		err := rows.Scan(&table, &column)
		if t := in.out.Table(table); t != nil {
			t.PrimaryKey = append(t.PrimaryKey, column)
		}
		return err
	}, `SELECT t.relname, a.attname
		FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid
		CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS u(attnum, place)
		JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = u.attnum
		WHERE k.contype = 'p' AND`+postgresTables+`ORDER BY t.relname, u.place`)
}

func (in *postgresInspector) indexes(ctx context.Context) error {
	return query(ctx, in.conn, func(rows db.Rows) error {
		var table, name, column string
		var unique bool
		if err := rows.Scan(&table, &name, &unique, &column); err != nil {
			return err
		}
		t := in.out.Table(table)
		if t == nil {
			return nil
		}
		if n := len(t.Indexes); n == 0 || t.Indexes[n-1].Name != name {
			t.Indexes = append(t.Indexes, schema.Index{Name: name, Unique: unique})
		}
		ix := &t.Indexes[len(t.Indexes)-1]
		ix.Columns = append(ix.Columns, column)
		return nil
	}, `SELECT t.relname, i.relname, x.indisunique, a.attname
		FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
		JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am AS m ON m.oid = i.relam
		CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS u(attnum, place)
		JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = u.attnum
		WHERE NOT x.indisprimary AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL AND m.amname = 'btree'
			AND u.place <= x.indnkeyatts AND`+postgresTables+`ORDER BY t.relname, i.relname, u.place`)
}

func (in *postgresInspector) foreignKeys(ctx context.Context) error {
	return query(ctx, in.conn, func(rows db.Rows) error {
		var table, name, ref, onDelete, from, to string
		if err := rows.Scan(&table, &name, &ref, &onDelete, &from, &to); err != nil {
			return err
		}
		t := in.out.Table(table)
		if t == nil {
			return nil
		}
		if n := len(t.ForeignKeys); n == 0 || t.ForeignKeys[n-1].Name != name {
			t.ForeignKeys = append(t.ForeignKeys, schema.ForeignKey{Name: name, RefTable: ref, OnDelete: postgresActions[onDelete]})
		}
		fk := &t.ForeignKeys[len(t.ForeignKeys)-1]
		fk.Columns, fk.RefColumns = append(fk.Columns, from), append(fk.RefColumns, to)
		return nil
	}, `SELECT t.relname, k.conname, r.relname, k.confdeltype::text, a.attname, b.attname
		FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid
		JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid
		CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u(here, there, place)
		JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = u.here
		JOIN pg_catalog.pg_attribute AS b ON b.attrelid = r.oid AND b.attnum = u.there
		WHERE k.contype = 'f' AND`+postgresTables+`ORDER BY t.relname, k.conname, u.place`)
}

// postgresActions are the actions on delete that a schema can say.
var postgresActions = map[string]string{"c": "cascade", "n": "setnull"}

func (in *postgresInspector) checks(ctx context.Context) error {
	return query(ctx, in.conn, func(rows db.Rows) error {
		var table, name, condition, comment string
		var column *string // where it is the only one
		if err := rows.Scan(&table, &name, &condition, &comment, &column); err != nil {
			return err
		}
		t := in.out.Table(table)
		if t == nil {
			return nil
		}
		if comment == "" && column != nil {
			if size, ok := in.ReadSize(*column, condition); ok {
				i := slices.IndexFunc(t.Columns, func(c schema.Column) bool { return c.Name == *column })
				t.Columns[i].Size = size
				return nil
			}
		}
		if comment == "" {
			comment = condition
		}
		t.Checks = append(t.Checks, schema.Check{Name: name, Expr: comment})
		return nil
	}, `SELECT t.relname, k.conname, pg_get_expr(k.conbin, k.conrelid), coalesce(obj_description(k.oid, 'pg_constraint'), ''),
			CASE WHEN array_length(k.conkey, 1) = 1 THEN (SELECT a.attname FROM pg_catalog.pg_attribute AS a
				WHERE a.attrelid = t.oid AND a.attnum = k.conkey[1]) END
		FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid
		WHERE k.contype = 'c' AND`+postgresTables+`ORDER BY t.relname, k.conname`)
}
