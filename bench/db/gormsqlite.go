package main

import (
	"database/sql"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
)

// sqliteDialect is GORM's seam to SQLite, for a database/sql that is there.
// GORM's own brings cgo; the one without, glebarez/sqlite, brings a driver that
// takes the same name as modernc.org/sqlite, which the others use. Queries are
// spelled as with those: RETURNING for keys, limits as numbers in the text.
type sqliteDialect struct{ db *sql.DB }

var _ gorm.Dialector = sqliteDialect{}

func (sqliteDialect) Name() string { return "sqlite" }

func (d sqliteDialect) Initialize(g *gorm.DB) error {
	g.ConnPool = d.db
	callbacks.RegisterDefaultCallbacks(g, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE", "RETURNING"},
	})
	g.ClauseBuilders["LIMIT"] = func(c clause.Clause, b clause.Builder) {
		if limit, ok := c.Expression.(clause.Limit); ok && limit.Limit != nil {
			_, _ = b.WriteString("LIMIT " + strconv.Itoa(*limit.Limit))
		}
	}
	return nil
}

func (d sqliteDialect) Migrator(g *gorm.DB) gorm.Migrator {
	return migrator.Migrator{Config: migrator.Config{DB: g, Dialector: d}}
}

func (sqliteDialect) DataTypeOf(f *schema.Field) string { return string(f.DataType) }

func (sqliteDialect) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

func (sqliteDialect) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { _ = w.WriteByte('?') }

// QuoteTo quotes a name, or two with a point.
func (sqliteDialect) QuoteTo(w clause.Writer, name string) {
	_ = w.WriteByte('"')
	for _, c := range []byte(name) {
		if c == '.' {
			_, _ = w.WriteString(`"."`)
		} else {
			_ = w.WriteByte(c)
		}
	}
	_ = w.WriteByte('"')
}

func (sqliteDialect) Explain(sql string, vars ...any) string {
	return logger.ExplainSQL(sql, nil, `'`, vars...)
}
