package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/modelgen"
)

// patience is how long a database may take to tell its schema.
const patience = 2 * time.Minute

// generateFrom writes models.go, from the database that from names, and
// models_gen.go in dir.
func generateFrom(from, dir string, force bool, out io.Writer) error {
	path := filepath.Join(dir, modelgen.SourceFile)
	if _, err := os.Stat(path); err == nil && !force {
		return fmt.Errorf("%s is there already; pass --force to write it anew", path)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	d, err := readDatabase(ctx, from)
	if err != nil {
		return withoutPassword(err, from)
	}
	text, err := modelgen.Source(dir, d)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "wrote %s\n", path)
	return generateIn(folder{path: dir}, false, out)
}

// readDatabase reads what the database at from tells of itself.
func readDatabase(ctx context.Context, from string) (d modelgen.Database, err error) {
	if file, ok := strings.CutPrefix(from, "sqlite:"); ok {
		if _, err := os.Stat(strings.TrimPrefix(file, "//")); errors.Is(err, fs.ErrNotExist) { // it would be made
			return d, fmt.Errorf("read the database: there is no file %q", file)
		}
	}
	source, err := db.Open(db.Config{URL: from}, sqlite.Driver, postgres.Driver, mariadb.Driver)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	d = modelgen.Database{Engine: source.Scheme(), Labels: map[string][]string{}, Computed: map[[2]string]bool{},
		Declared: map[[2]string]string{}, Comments: map[[2]string]string{}}
	engine := engines[d.Engine]
	err = source.WithConn(ctx, func(c db.Conn) (err error) {
		d.Schema, err = engine.Inspect(ctx, c)
		return err
	})
	if err == nil {
		err = engine.more(db.NewContext(ctx, source), &d)
	}
	return d, err
}

// An engine is how one kind of database tells of itself.
type engine struct {
	migrate.Dialect
	labels   string // query for the values of enumerations
	columns  string // query for what columns were declared as, and which are computed
	comments string // query for comments on tables, with no column, and on columns
}

var engines = map[string]engine{
	"sqlite": {Dialect: migrate.SQLite{}, columns: `SELECT t.name, c.name, c.type, c.hidden > 1
		FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c WHERE t.schema = 'main' AND t.type = 'table'`},
	"mariadb": {Dialect: migrate.MariaDB{},
		columns: `SELECT table_name, column_name, column_type, extra LIKE '%GENERATED%'
			FROM information_schema.columns WHERE table_schema = database()`,
		comments: `SELECT table_name, '', table_comment FROM information_schema.tables WHERE table_schema = database() AND table_comment <> ''
			UNION ALL SELECT table_name, column_name, column_comment FROM information_schema.columns WHERE table_schema = database() AND column_comment <> ''`},
	"postgres": {Dialect: migrate.Postgres{},
		labels: `SELECT format_type(enumtypid, NULL), enumlabel::text FROM pg_catalog.pg_enum ORDER BY enumtypid, enumsortorder`,
		comments: `SELECT t.relname::text, coalesce(a.attname::text, ''), d.description FROM pg_catalog.pg_description AS d
			JOIN pg_catalog.pg_class AS t ON t.oid = d.objoid AND d.classoid = 'pg_catalog.pg_class'::regclass
			LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.objsubid AND d.objsubid > 0
			WHERE t.relnamespace = current_schema()::regnamespace`},
}

// more reads what a schema cannot say.
func (e engine) more(ctx context.Context, d *modelgen.Database) error {
	type label struct{ Type, Label string }
	type column struct {
		Table, Column, Declared string
		Computed                bool
	}
	type comment struct{ Table, Column, Text string }
	labels, err := read[label](ctx, e.labels)
	if err != nil {
		return err
	}
	for _, l := range labels {
		d.Labels[l.Type] = append(d.Labels[l.Type], l.Label)
	}
	columns, err := read[column](ctx, e.columns)
	if err != nil {
		return err
	}
	for _, c := range columns {
		at := [2]string{c.Table, c.Column}
		d.Declared[at], d.Computed[at] = c.Declared, c.Computed
	}
	comments, err := read[comment](ctx, e.comments)
	for _, c := range comments {
		d.Comments[[2]string{c.Table, c.Column}] = c.Text
	}
	return err
}

// read returns the rows of a query; "" has none.
func read[T any](ctx context.Context, sql string) ([]T, error) {
	if sql == "" {
		return nil, nil
	}
	return db.SQL[T](ctx, sql)
}

// withoutPassword returns err without the secrets of the URL in its text.
func withoutPassword(err error, from string) error {
	text := err.Error()
	for _, secret := range secrets(from) {
		text = strings.ReplaceAll(text, secret, "***")
	}
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}

// secrets returns the password of a URL, as it is written there and as it is
// meant, the longest first. The URL need not be a right one.
func secrets(from string) []string {
	var list []string
	add := func(s string) {
		plain, err := url.PathUnescape(s)
		if err == nil {
			list = append(list, plain)
		}
		list = append(list, s)
	}
	rest := from
	if i := strings.Index(from, ":"); i >= 0 {
		rest = strings.TrimLeft(from[i+1:], "/")
	}
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		if _, password, ok := strings.Cut(rest[:i], ":"); ok {
			add(password)
		}
	}
	if _, query, ok := strings.Cut(from, "?"); ok {
		for _, pair := range strings.Split(query, "&") {
			if name, value, _ := strings.Cut(pair, "="); strings.Contains(strings.ToLower(name), "pass") {
				add(value)
			}
		}
	}
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}
