package migrate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
)

// clock returns a clock that goes on by a second each time it is asked.
func clock() func() time.Time {
	now := time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// open opens the database in a file, which is made if it is not there.
func open(t testing.TB, path string) *db.DB {
	t.Helper()
	d, err := db.Open(db.Config{URL: "sqlite:" + path, Synchronous: "normal"}, sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func fresh(t testing.TB) *db.DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "test.db"))
}

// execute runs SQL that must work.
func execute(t testing.TB, d *db.DB, sql string) {
	t.Helper()
	err := d.WithConn(t.Context(), func(c db.Conn) error {
		_, err := c.Exec(t.Context(), sql)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// rows returns the rows of a query as text, columns joined by |. The query is
// SELECT, the columns, a closing parenthesis, and the rest.
func rows(t testing.TB, d *db.DB, sql string) []string {
	t.Helper()
	var list []string
	err := d.WithConn(t.Context(), func(c db.Conn) error {
		r, err := c.Query(t.Context(), "SELECT concat_ws('|', "+strings.TrimPrefix(sql, "SELECT "))
		if err != nil {
			return err
		}
		defer r.Close()
		for r.Next() {
			var s string
			if err := r.Scan(&s); err != nil {
				return err
			}
			list = append(list, s)
		}
		return r.Err()
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return list
}

func inspect(t testing.TB, d *db.DB) schema.Schema {
	t.Helper()
	return inspectAs(t, migrate.SQLite{}, d)
}

func inspectAs(t testing.TB, dialect migrate.Dialect, d *db.DB) schema.Schema {
	t.Helper()
	var s schema.Schema
	err := d.WithConn(t.Context(), func(c db.Conn) (err error) {
		s, err = dialect.Inspect(t.Context(), c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shop is a schema that uses what there is.
func shop() schema.Schema {
	return schema.Schema{Tables: []schema.Table{
		{
			Name: "films",
			Columns: []schema.Column{
				{Name: "id", Type: schema.Int, Auto: true},
				{Name: "title", Type: schema.Text, Size: 200},
				{Name: "year", Type: schema.Int, Default: "1970"},
				{Name: "rating", Type: schema.Float, Null: true},
				{Name: "in_stock", Type: schema.Bool, Default: "true"},
				{Name: "order", Type: schema.Text, Default: "'it''s'"},
				{Name: "poster", Type: schema.Bytes, Null: true},
				{Name: "released", Type: schema.Time, Null: true, Default: "'2026-01-31T12:00:00+01:00'"},
				{Name: "extra", Type: schema.JSON, Default: "'{}'"},
				{Name: "studio_id", Type: schema.Int},
			},
			PrimaryKey:  []string{"id"},
			Indexes:     []schema.Index{{Columns: []string{"title", "year"}, Unique: true}, {Columns: []string{"studio_id"}}},
			ForeignKeys: []schema.ForeignKey{{Columns: []string{"studio_id"}, RefTable: "studios", RefColumns: []string{"id"}, OnDelete: "cascade"}},
			Checks:      []schema.Check{{Expr: "year > 1887  AND (rating IS NULL OR rating <= 10)"}, {Name: "films_order", Expr: `"order" <> ''`}},
		},
		{
			Name:       "studios",
			Columns:    []schema.Column{{Name: "id", Type: schema.Int, Auto: true}, {Name: "name", Type: schema.Text}},
			PrimaryKey: []string{"id"},
		},
	}}
}

// project is a folder of migrations on disk with a database.
type project struct {
	*testing.T
	dir string
	now func() time.Time
	db  *db.DB
}

func newProject(t *testing.T) *project {
	return &project{t, t.TempDir(), clock(), fresh(t)}
}

func (p *project) migrator(c migrate.Config) *migrate.Migrator {
	return migrate.New(os.DirFS(p.dir), migrate.SQLite{}, p.now, c)
}

// make writes the migration for models and returns its text.
func (p *project) make(models schema.Schema) string {
	p.Helper()
	f, err := p.migrator(migrate.Config{}).Make(models, migrate.MakeOptions{AllowDrop: true})
	if err != nil {
		p.Fatal(err)
	}
	if _, err := f.Write(filepath.Join(p.dir, "migrations")); err != nil {
		p.Fatal(err)
	}
	return f.Text()
}

func (p *project) up() {
	p.Helper()
	if _, err := p.migrator(migrate.Config{}).Up(p.Context(), p.db); err != nil {
		p.Fatal(err)
	}
}

// write makes a migration by hand.
func (p *project) write(id, ops, up, down string) {
	p.Helper()
	text := "-- ashlar:migration " + id + "\n" + ops + "-- ashlar:up\n" + up + "\n"
	if down != "" {
		text += "-- ashlar:down\n" + down + "\n"
	}
	if err := os.MkdirAll(filepath.Join(p.dir, "migrations"), 0o755); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "migrations", id+".sql"), []byte(text), 0o644); err != nil {
		p.Fatal(err)
	}
}
