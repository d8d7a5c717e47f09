package migrate

import (
	"context"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// inspectSearch returns the search of t; nil if it has none, or one that lacks
// a trigger or is of another hand.
func (s SQLite) inspectSearch(ctx context.Context, c db.Conn, t *schema.Table) (*schema.Search, error) {
	table := t.SearchTable()
	var statements []string
	err := query(ctx, c, func(rows db.Rows) error {
		var text string
		err := rows.Scan(&text)
		statements = append(statements, text)
		return err
	}, `SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql LIKE 'CREATE VIRTUAL TABLE %'
		OR type = 'trigger' AND tbl_name = ?`, table, t.Name)
	if err != nil || len(statements) < 4 {
		return nil, err
	}
	known, err := queryInt(ctx, c, `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?`, table+"_config")
	if err != nil || known == 0 {
		return nil, err
	}
	var rank string
	err = query(ctx, c, func(rows db.Rows) error { return rows.Scan(&rank) },
		`SELECT v FROM "`+table+`_config" WHERE k = 'rank'`)
	return s.ReadSearch(*t, statements, rank), err
}

// searchComment begins the comment of a column that is searched.
const searchComment = "search "

// putSearch gives the table of this name the search that a comment tells of.
func putSearch(s *schema.Schema, table, comment string) {
	text, ok := strings.CutPrefix(comment, searchComment)
	t := s.Table(table)
	if ok && t != nil {
		t.ReadSearch(text)
	}
}

// searches runs last: the tables are known.
func (in *postgresInspector) searches(ctx context.Context) error {
	return query(ctx, in.conn, func(rows db.Rows) error {
		var table, comment string
		err := rows.Scan(&table, &comment)
		putSearch(&in.out, table, comment)
		return err
	}, `SELECT t.relname, coalesce(col_description(t.oid, a.attnum), '')
		FROM pg_catalog.pg_class AS t JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid
		WHERE a.attname = '`+(*schema.Search)(nil).Column()+`' AND a.attgenerated = 's' AND NOT a.attisdropped
			AND EXISTS (SELECT 1 FROM pg_catalog.pg_index AS x WHERE x.indrelid = t.oid AND x.indisvalid AND x.indkey[0] = a.attnum)
			AND`+postgresTables)
}

func (in *mariaInspector) searches() error {
	return query(in.ctx, in.conn, func(rows db.Rows) error {
		var table, comment string
		err := rows.Scan(&table, &comment)
		putSearch(in.schema, table, comment)
		return err
	}, `SELECT c.table_name, c.column_comment FROM information_schema.columns AS c
		WHERE c.table_schema = database() AND c.column_name = '`+(*schema.Search)(nil).Column()+`' AND EXISTS (
			SELECT 1 FROM information_schema.statistics AS s WHERE s.table_schema = c.table_schema AND s.table_name = c.table_name
				AND s.column_name = c.column_name AND s.index_type = 'FULLTEXT')`)
}
