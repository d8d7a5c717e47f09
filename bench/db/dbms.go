package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/realdb"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// A dbms is a kind of database.
type dbms struct {
	name, title string
	settings    string // what the results tell of it
	modules     []string
	dialect     interface {
		Plan(schema.Schema, []schema.Op) (schema.Plan, error)
	}
	start func(folder string) (*host, error)
}

// A host is a server, or a folder, that databases are made in.
type host struct {
	create func(ctx context.Context, name string) (url string, err error) // an empty one
	close  func()
}

var engines = [...]dbms{
	{"sqlite", "SQLite", "WAL, synchronous FULL, a file for each contender", []string{"modernc.org/sqlite"}, schema.SQLite{}, startSQLite},
	{"postgres", "PostgreSQL", "on the loopback device, fsync off, a database for each contender", []string{"github.com/jackc/pgx/v5"}, schema.Postgres{}, startPostgres},
	{"mariadb", "MariaDB", "on the loopback device, a database for each contender", []string{"github.com/go-sql-driver/mysql"}, schema.MariaDB{}, startMariaDB},
}

func startSQLite(folder string) (*host, error) {
	return &host{func(_ context.Context, name string) (string, error) {
		return "sqlite:" + filepath.Join(folder, name+".db"), nil
	}, func() {}}, nil
}

func startPostgres(string) (*host, error) {
	admin, end := os.Getenv("ASHLAR_TEST_POSTGRES_URL"), func() {}
	if admin == "" {
		server, err := realdb.StartPostgres()
		if err != nil {
			return nil, err
		}
		admin, end = server.URL(), server.Close
	}
	return newHost(admin, end, postgres.Driver, `DROP DATABASE IF EXISTS "%s" WITH (FORCE)`, `CREATE DATABASE "%s" TEMPLATE template0`)
}

func startMariaDB(string) (*host, error) {
	admin, end := os.Getenv(realdb.MariaDBEnv), func() {}
	if admin == "" {
		server, err := realdb.StartMariaDB()
		if err != nil {
			return nil, err
		}
		admin, end = server.URL.String(), server.Close
	}
	return newHost(admin, end, mariadb.Driver, "DROP DATABASE IF EXISTS `%s`", "CREATE DATABASE `%s` CHARACTER SET utf8mb4")
}

// newHost returns a server as a host. statements make a database anew.
func newHost(admin string, end func(), driver db.Driver, statements ...string) (*host, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return nil, err
	}
	from := *u
	if from.Path == "" || from.Path == "/" {
		from.Path = "/mysql" // a database that is always there
	}
	return &host{func(ctx context.Context, name string) (string, error) {
		d, err := db.Open(db.Config{URL: from.String()}, driver)
		if err != nil {
			return "", err
		}
		name = fmt.Sprintf("bench_%d_%s", os.Getpid(), name)
		for _, statement := range statements {
			if err == nil {
				_, err = db.Exec(db.NewContext(ctx, d), fmt.Sprintf(statement, name))
			}
		}
		own := *u
		own.Path = "/" + name
		return own.String(), errors.Join(err, d.Close())
	}, end}, nil
}

// seed makes the tables and fills them.
func (e *dbms) seed(ctx context.Context, url string) error {
	s, err := openAshlar(url)
	if err != nil {
		return err
	}
	d := s.(*ashlarStore).d
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: Models()})
	if err != nil {
		return err
	}
	plan, err := e.dialect.Plan(schema.Schema{}, ops)
	if err != nil {
		return err
	}
	err = d.WithConn(ctx, func(c db.Conn) error {
		for _, sql := range plan.Statements {
			if _, err := c.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
	ctx = db.NewContext(ctx, d)
	for _, fill := range []func() error{
		func() error { return Studios.Insert(ctx, makeStudios()...) },
		func() error { return Films.Insert(ctx, makeFilms(filmCount)...) },
		func() error { return Reviews.Insert(ctx, makeReviews()...) },
		func() error { return Worlds.Insert(ctx, makeWorlds()...) },
		func() error { return Fortunes.Insert(ctx, makeFortunes()...) },
		func() error { return analyze(ctx, e.name) },
	} {
		if err == nil {
			err = fill()
		}
	}
	return errors.Join(err, s.close())
}

// analyze tells the planner what is there, so that it does not find out in the
// middle of a run.
func analyze(ctx context.Context, engine string) error {
	statement := "ANALYZE"
	if engine == "mariadb" {
		statement = "ANALYZE TABLE films, studios, reviews, worlds, fortunes"
	}
	_, err := db.Exec(ctx, statement)
	return err
}

// limits gives database/sql as many connections as Ashlar has: it would keep
// no more than two.
func limits(d *sql.DB) *sql.DB {
	d.SetMaxOpenConns(4)
	d.SetMaxIdleConns(4)
	return d
}

// liteSettings opens a file as Ashlar does: the same journal, the same promise
// that a commit is on the disk, the same checks.
const liteSettings = "?_error_rc=1&_defensive=1&_dqs=0&_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)" +
	"&_pragma=trusted_schema(0)&_pragma=synchronous(FULL)&_pragma=journal_mode(WAL)"

func openSQLite(at string) (*sql.DB, error) {
	d, err := sql.Open("sqlite", "file:"+at[len("sqlite:"):]+liteSettings)
	if err != nil {
		return nil, err
	}
	return limits(d), d.Ping()
}

// openPostgres opens database/sql on pgx, whose statements are prepared once.
func openPostgres(at string) (*sql.DB, error) {
	c, err := pgx.ParseConfig(at)
	if err != nil {
		return nil, err
	}
	return limits(stdlib.OpenDB(*c)), nil
}

// openPostgresText is for who puts values into the text of statements: to
// prepare those would be in vain.
func openPostgresText(at string) (*sql.DB, error) {
	c, err := pgx.ParseConfig(at)
	if err != nil {
		return nil, err
	}
	c.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return limits(stdlib.OpenDB(*c)), nil
}

// openMariaDB has statements with values but without preparation take one
// round trip, not three.
func openMariaDB(at string) (*sql.DB, error) {
	u, err := url.Parse(at)
	if err != nil {
		return nil, err
	}
	c := mysql.NewConfig()
	c.Net, c.Addr, c.User, c.DBName = "tcp", u.Host, u.User.Username(), u.Path[1:]
	c.Passwd, _ = u.User.Password()
	c.InterpolateParams = true
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, err
	}
	return limits(sql.OpenDB(connector)), nil
}
