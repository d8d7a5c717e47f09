package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// Inspect reads the schema of a live database. Left out are views, triggers,
// virtual tables that are no search of a table, and indexes on expressions or on some rows only. Checks and
// names of foreign keys are read from the text that SQLite keeps.
func (s SQLite) Inspect(ctx context.Context, c db.Conn) (schema.Schema, error) {
	var out schema.Schema
	var texts []string
	err := query(ctx, c, func(rows db.Rows) error {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return err
		}
		out.Tables = append(out.Tables, schema.Table{Name: name})
		texts = append(texts, text)
		return nil
	}, `SELECT l.name, m.sql FROM pragma_table_list AS l JOIN sqlite_schema AS m ON m.type = 'table' AND m.name = l.name
		WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND l.name <> '`+table+`'
		ORDER BY l.name`)
	if err != nil {
		return schema.Schema{}, fmt.Errorf("migrate: inspect: %w", err)
	}
	for i := range out.Tables {
		t := &out.Tables[i]
		text, err := readCreateTable(texts[i])
		if err == nil {
			err = s.inspectColumns(ctx, c, t, text)
		}
		if err == nil {
			err = inspectIndexes(ctx, c, t)
		}
		if err == nil {
			err = inspectForeignKeys(ctx, c, t, text)
		}
		if err == nil {
			t.Search, err = s.inspectSearch(ctx, c, t)
		}
		if err != nil {
			return schema.Schema{}, fmt.Errorf("migrate: inspect table %q: %w", t.Name, err)
		}
		t.Checks = append(t.Checks, text.checks...)
	}
	return out.Normal(), nil
}

// inspectColumns reads the columns and the primary key.
func (s SQLite) inspectColumns(ctx context.Context, c db.Conn, t *schema.Table, text *tableText) error {
	keys := map[int64]string{} // by place in the primary key
	err := query(ctx, c, func(rows db.Rows) error {
		var name, decl, value string
		var notNull bool
		var key int64
		if err := rows.Scan(&name, &decl, &notNull, &value, &key); err != nil {
			return err
		}
		own := text.columns[strings.ToLower(name)]
		col, rest := s.ReadColumn(name, decl, value, own.conditions())
		col.Auto = own.auto
		col.Null = !notNull && key == 0
		t.Columns = append(t.Columns, col)
		for _, ck := range own.checks {
			if slices.Contains(rest, ck.Expr) {
				t.Checks = append(t.Checks, ck)
			}
		}
		if key > 0 {
			keys[key] = name
		}
		return nil
	}, `SELECT name, type, "notnull", coalesce(dflt_value, ''), pk FROM pragma_table_info(?) ORDER BY cid`, t.Name)
	for i := int64(1); i <= int64(len(keys)); i++ {
		t.PrimaryKey = append(t.PrimaryKey, keys[i])
	}
	return err
}

func inspectIndexes(ctx context.Context, c db.Conn, t *schema.Table) error {
	var list []schema.Index
	err := query(ctx, c, func(rows db.Rows) error {
		var ix schema.Index
		if err := rows.Scan(&ix.Name, &ix.Unique); err != nil {
			return err
		}
		list = append(list, ix)
		return nil
	}, `SELECT name, "unique" FROM pragma_index_list(?) WHERE origin <> 'pk' AND NOT partial ORDER BY name`, t.Name)
	if err != nil {
		return err
	}
	for _, ix := range list {
		expression := false
		err := query(ctx, c, func(rows db.Rows) error {
			var name string
			err := rows.Scan(&name)
			expression = expression || name == ""
			ix.Columns = append(ix.Columns, name)
			return err
		}, `SELECT coalesce(name, '') FROM pragma_index_info(?) ORDER BY seqno`, ix.Name)
		if err != nil {
			return err
		}
		if strings.HasPrefix(ix.Name, "sqlite_autoindex_") {
			ix.Name = "" // of a UNIQUE in CREATE TABLE
		}
		if !expression {
			t.Indexes = append(t.Indexes, ix)
		}
	}
	return nil
}

func inspectForeignKeys(ctx context.Context, c db.Conn, t *schema.Table, text *tableText) error {
	last := int64(-1)
	err := query(ctx, c, func(rows db.Rows) error {
		var id int64
		var ref, from, to, onDelete string
		if err := rows.Scan(&id, &ref, &from, &to, &onDelete); err != nil {
			return err
		}
		if id != last {
			t.ForeignKeys = append(t.ForeignKeys, schema.ForeignKey{RefTable: ref, OnDelete: sqliteActions[onDelete]})
			last = id
		}
		fk := &t.ForeignKeys[len(t.ForeignKeys)-1]
		fk.Columns = append(fk.Columns, from)
		fk.RefColumns = append(fk.RefColumns, to)
		return nil
	}, `SELECT id, "table", "from", coalesce("to", ''), on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq`, t.Name)
	for i := range t.ForeignKeys {
		fk := &t.ForeignKeys[i]
		for j, known := range text.foreignKeys {
			if slices.Equal(known.columns, fk.Columns) && strings.EqualFold(known.table, fk.RefTable) {
				fk.Name = known.name
				text.foreignKeys = slices.Delete(text.foreignKeys, j, j+1)
				break
			}
		}
	}
	return err
}

// sqliteActions are the actions on delete that a schema can say.
var sqliteActions = map[string]string{"CASCADE": "cascade", "SET NULL": "setnull"}
