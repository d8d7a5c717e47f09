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
	d = modelgen.Database{Engine: source.Scheme(), Labels: map[string][]string{}, Computed: map[[2]string]bool{}, Declared: map[[2]string]string{}}
	engine := engines[d.Engine]
	err = source.WithConn(ctx, func(c db.Conn) (err error) {
		if d.Schema, err = engine.Inspect(ctx, c); err != nil {
			return err
		}
		return engine.more(ctx, c, &d)
	})
	return d, err
}

// An engine is how one kind of database tells of itself.
type engine struct {
	migrate.Dialect
	more func(context.Context, db.Conn, *modelgen.Database) error // what a schema cannot say
}

var engines = map[string]engine{
	"sqlite": {migrate.SQLite{}, func(ctx context.Context, c db.Conn, d *modelgen.Database) error {
		return readColumns(ctx, c, d, `SELECT t.name, c.name, c.type, c.hidden > 1
			FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c WHERE t.schema = 'main' AND t.type = 'table'`)
	}},
	"mariadb": {migrate.MariaDB{}, func(ctx context.Context, c db.Conn, d *modelgen.Database) error {
		return readColumns(ctx, c, d, `SELECT table_name, column_name, column_type, extra LIKE '%GENERATED%'
			FROM information_schema.columns WHERE table_schema = database()`)
	}},
	"postgres": {migrate.Postgres{}, readLabels},
}

// readColumns reads what columns were declared as, and which are computed.
func readColumns(ctx context.Context, c db.Conn, d *modelgen.Database, sql string) error {
	return each(ctx, c, sql, func(rows db.Rows) error {
		var at [2]string
		var declared string
		var computed bool
		err := rows.Scan(&at[0], &at[1], &declared, &computed)
		d.Declared[at] = declared
		d.Computed[at] = computed
		return err
	})
}

// readLabels reads the values of PostgreSQL's enumerations.
func readLabels(ctx context.Context, c db.Conn, d *modelgen.Database) error {
	return each(ctx, c, `SELECT format_type(enumtypid, NULL), enumlabel FROM pg_catalog.pg_enum ORDER BY enumtypid, enumsortorder`,
		func(rows db.Rows) error {
			var name, label string
			err := rows.Scan(&name, &label)
			d.Labels[name] = append(d.Labels[name], label)
			return err
		})
}

// each calls f for each row of a query.
func each(ctx context.Context, c db.Conn, sql string, f func(db.Rows) error) (err error) {
	rows, err := c.Query(ctx, sql)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
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
