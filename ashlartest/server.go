package ashlartest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
)

// server makes databases on PostgreSQL, which copies a template by itself, and
// on MariaDB, where tables are made and filled one by one.
type server struct {
	at      *url.URL
	drivers []db.Driver
	own     *db.DB // of the database that others are made from
	name    string // of the template
	tables  []sourceTable
	number  atomic.Int64 // of copies

	// One copy is made ahead, while a test runs: the next need not wait.
	making sync.Mutex
	work   sync.WaitGroup
	spare  chan string
}

// sourceTable is a table of a template on MariaDB.
type sourceTable struct {
	create string // the statement that makes it
	fill   string // the statement that copies its rows
}

func (s *server) template(ctx context.Context) (_ string, err error) {
	s.spare = make(chan string, 1)
	s.own, err = db.Open(db.Config{URL: s.at.String(), BusyTimeout: time.Minute}, s.drivers...)
	if err != nil {
		return "", err
	}
	unique := "SELECT replace(uuid(), '-', '')"
	if s.own.Scheme() == "postgres" {
		unique = "SELECT replace(CAST(gen_random_uuid() AS text), '-', '')"
	}
	names, err := db.SQL[string](db.NewContext(ctx, s.own), unique)
	if err != nil {
		return "", errors.Join(err, s.own.Close())
	}
	s.name = "ashlar_test_" + names[0]
	if err := s.exec(ctx, "CREATE DATABASE "+s.name); err != nil {
		return "", errors.Join(err, s.own.Close())
	}
	return s.url(s.name), nil
}

func (s *server) exec(ctx context.Context, sql string) error {
	_, err := db.Exec(db.NewContext(ctx, s.own), sql)
	return err
}

// url returns the URL of another database on the server.
func (s *server) url(name string) string {
	u := *s.at
	u.Path = "/" + name
	return u.String()
}

func (s *server) filled(ctx context.Context) error {
	if s.own.Scheme() == "postgres" {
		return nil
	}
	return s.open(ctx, s.name, s.describe)
}

// open runs f on a connection to a database of the server.
func (s *server) open(ctx context.Context, name string, f func(context.Context, db.Conn) error) (err error) {
	d, err := db.Open(db.Config{URL: s.url(name)}, s.drivers...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.WithConn(ctx, func(c db.Conn) error { return f(ctx, c) })
}

// describe learns what the tables of the template are.
func (s *server) describe(ctx context.Context, c db.Conn) error {
	names, err := column(ctx, c, 0, "SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")
	if err != nil {
		return err
	}
	for _, name := range names {
		create, err := column(ctx, c, 1, "SHOW CREATE TABLE "+quoted(name))
		if err != nil {
			return err
		}
		columns, err := column(ctx, c, 0, "SELECT column_name FROM information_schema.columns WHERE table_schema = database() AND table_name = ? "+
			"AND coalesce(generation_expression, '') = '' ORDER BY ordinal_position", name)
		if err != nil {
			return err
		}
		for i := range columns {
			columns[i] = quoted(columns[i])
		}
		list := strings.Join(columns, ", ")
		s.tables = append(s.tables, sourceTable{create[0],
			fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s.%s", quoted(name), list, list, s.name, quoted(name))})
	}
	return nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// column returns the texts of one of two columns.
func column(ctx context.Context, c db.Conn, which int, sql string, args ...any) (list []string, err error) {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var values [2]string
		dest := []any{&values[0], &values[1]}
		if len(args) > 0 {
			dest = dest[:1]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		list = append(list, values[which])
	}
	return list, rows.Err()
}

func (s *server) copy(ctx context.Context, _ testing.TB) (string, func(context.Context) error, error) {
	var name string
	var err error
	select {
	case name = <-s.spare:
	default:
		if name, err = s.create(ctx); err != nil {
			return "", nil, err
		}
	}
	if s.making.TryLock() {
		s.work.Go(func() {
			defer s.making.Unlock()
			if len(s.spare) > 0 {
				return
			}
			if next, err := s.create(ctx); err == nil { // else the next test meets the error itself
				s.spare <- next
			}
		})
	}
	return s.url(name), func(ctx context.Context) error { return s.drop(ctx, name) }, nil
}

// create makes a copy of the template and returns its name.
func (s *server) create(ctx context.Context) (string, error) {
	name := fmt.Sprintf("%s_%d", s.name, s.number.Add(1))
	if s.own.Scheme() == "postgres" {
		return name, s.exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+s.name)
	}
	if err := s.exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	if err := s.open(ctx, name, s.build); err != nil {
		return "", errors.Join(err, s.drop(ctx, name))
	}
	return name, nil
}

func (s *server) drop(ctx context.Context, name string) error {
	if s.own.Scheme() == "postgres" {
		name += " WITH (FORCE)"
	}
	return s.exec(ctx, "DROP DATABASE "+name)
}

// build makes and fills the tables of a copy.
func (s *server) build(ctx context.Context, c db.Conn) error {
	statements := []string{"SET SESSION foreign_key_checks = 0"}
	for _, t := range s.tables {
		statements = append(statements, t.create)
	}
	statements = append(statements, "START TRANSACTION")
	for _, t := range s.tables {
		statements = append(statements, t.fill)
	}
	for _, sql := range append(statements, "COMMIT") {
		if _, err := c.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) close(ctx context.Context) error {
	s.work.Wait()
	var left error
	select {
	case name := <-s.spare:
		left = s.drop(ctx, name)
	default:
	}
	return errors.Join(left, s.drop(ctx, s.name), s.own.Close())
}
