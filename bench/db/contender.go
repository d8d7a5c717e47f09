package main

import (
	"context"
	"errors"

	"entgo.io/ent/dialect"
)

// An opener opens a seeded database.
type opener func(url string) (store, error)

// A contender is a way to reach a database.
type contender struct {
	name, title string
	modules     []string          // whose versions are told
	open        map[string]opener // by engine
}

// The baseline, with which the others are compared, is the first.
var contenders = [...]contender{
	{"raw", "by hand", nil, map[string]opener{
		"sqlite": openSQL(openSQLite), "postgres": openPgx, "mariadb": openSQL(openMariaDB)}},
	{"ashlar", "Ashlar", nil, map[string]opener{
		"sqlite": openAshlar, "postgres": openAshlar, "mariadb": openAshlar}},
	{"sqlc", "sqlc", nil, map[string]opener{
		"sqlite": openSqlcSQLite, "postgres": openSqlcPostgres, "mariadb": openSqlcMariaDB}},
	{"bun", "Bun", []string{"github.com/uptrace/bun"}, map[string]opener{
		"sqlite":   openBun(openSQLite, bunSQLite, true),
		"postgres": openBun(openPostgresText, bunPostgres, true),
		"mariadb":  openBun(openMariaDB, bunMariaDB, false)}},
	{"gorm", "GORM", []string{"gorm.io/gorm"}, map[string]opener{
		"sqlite":   openGorm(openSQLite, gormSQLite),
		"postgres": openGorm(openPostgres, gormPostgres),
		"mariadb":  openGorm(openMariaDB, gormMariaDB)}},
	{"ent", "Ent", []string{"entgo.io/ent"}, map[string]opener{
		"sqlite":   openEnt(openSQLite, dialect.SQLite),
		"postgres": openEnt(openPostgres, dialect.Postgres),
		"mariadb":  openEnt(openMariaDB, dialect.MySQL)}},
}

// A lane is a contender on its own database.
type lane struct {
	contender contender
	store     store
	web       *site
}

// newLane opens a contender on a seeded database, and checks what it reads.
func newLane(ctx context.Context, e *dbms, c contender, at *host) (*lane, error) {
	url, err := at.create(ctx, c.name)
	if err != nil {
		return nil, err
	}
	if err := e.seed(ctx, url); err != nil {
		return nil, err
	}
	s, err := c.open[e.name](url)
	if err != nil {
		return nil, err
	}
	if err := check(ctx, s); err != nil {
		return nil, errors.Join(err, s.close())
	}
	web, err := openSite(ctx, s)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	l := &lane{c, s, web}
	if err := checkSite(web.client); err != nil {
		return nil, errors.Join(err, closeAll([]*lane{l}))
	}
	return l, nil
}

func closeAll(list []*lane) error {
	var problems []error
	for _, l := range list {
		problems = append(problems, l.web.close(), l.store.close())
	}
	return errors.Join(problems...)
}
