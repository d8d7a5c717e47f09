package interop_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	atlas "ariga.io/atlas/sql/migrate"
	atlasmysql "ariga.io/atlas/sql/mysql"
	atlaspostgres "ariga.io/atlas/sql/postgres"
	atlas_schema "ariga.io/atlas/sql/schema"
	atlassqlite "ariga.io/atlas/sql/sqlite"
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/randschema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// An oracle is an engine as Atlas reads it.
type oracle struct {
	dialect migrate.Dialect
	fresh   func(t *testing.T) string              // the URL of an empty database
	source  func(u string) (driver, source string) // for database/sql
	open    func(atlas_schema.ExecQuerier) (atlas.Driver, error)
}

var oracles = map[string]oracle{
	"sqlite": {migrate.SQLite{}, func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "a.db") },
		func(u string) (string, string) { return "sqlite", strings.TrimPrefix(u, "sqlite:") }, atlassqlite.Open},
	"postgres": {migrate.Postgres{}, func(t *testing.T) string { return realdb.Postgres(t) },
		func(u string) (string, string) { return "pgx", u }, atlaspostgres.Open},
	"mariadb": {migrate.MariaDB{}, func(t *testing.T) string { return realdb.MariaDB(t) }, func(u string) (string, string) {
		at, _ := url.Parse(u)
		password, _ := at.User.Password()
		network := "tcp(" + at.Host + ")"
		if socket := at.Query().Get("socket"); socket != "" {
			network = "unix(" + socket + ")"
		}
		return "mysql", fmt.Sprintf("%s:%s@%s%s?parseTime=true", at.User.Username(), password, network, at.Path)
	}, atlasmysql.Open},
}

// TestAtlas lets Atlas (ariga.io/atlas), which knows nothing of us, compare what
// our migrations lead to, forth and back again, with the same schema made in one
// step. It finds no difference.
func TestAtlas(t *testing.T) {
	t.Parallel()
	for engine, o := range oracles {
		for seed := range 25 {
			t.Run(fmt.Sprintf("%s/%d", engine, seed), func(t *testing.T) {
				t.Parallel()
				r := randschema.New(engine, 5, uint64(seed))
				r.Plain = true
				files := fstest.MapFS{}
				at := o.fresh(t)
				d := open(t, at)
				m := migrate.New(files, o.dialect, time.Now, migrate.Config{})
				a := r.Schema()
				b, _ := r.Changed(a)
				var states []schema.Schema
				for _, models := range []schema.Schema{a, b} {
					f, err := m.Make(models, migrate.MakeOptions{AllowDrop: true})
					if err == migrate.ErrNoChanges {
						return
					}
					want.NoErr(t, err)
					files["migrations/"+f.ID()+".sql"] = &fstest.MapFile{Data: []byte(f.Text())}
					t.Logf("%s", f.Text())
					_, err = m.Up(t.Context(), d)
					want.NoErr(t, err)
					state, err := m.Replay() // with the names that things have by now
					want.NoErr(t, err)
					states = append(states, state)
				}
				o.same(t, at, states[1])
				_, err := m.Down(t.Context(), d, 1)
				want.NoErr(t, err)
				o.same(t, at, states[0])
			})
		}
	}
}

// TestAtlasSeesDifferences: it would tell.
func TestAtlasSeesDifferences(t *testing.T) {
	t.Parallel()
	base := func() schema.Table {
		return schema.Table{Name: "films", PrimaryKey: []string{"id"}, Columns: []schema.Column{{Name: "id", Type: schema.Int},
			{Name: "title", Type: schema.Text, Size: 20}, {Name: "year", Type: schema.Int, Default: "1"}}}
	}
	for engine, o := range oracles {
		for name, change := range map[string]func(*schema.Table){
			"null":    func(f *schema.Table) { f.Columns[1].Null = true },
			"default": func(f *schema.Table) { f.Columns[2].Default = "2" },
			"type":    func(f *schema.Table) { f.Columns[2] = schema.Column{Name: "year", Type: schema.Text, Size: 9} },
			"index":   func(f *schema.Table) { f.Indexes = []schema.Index{{Columns: []string{"year"}}} },
			"column":  func(f *schema.Table) { f.Columns = f.Columns[:2] },
			"check":   func(f *schema.Table) { f.Checks = []schema.Check{{Expr: "year > 0"}} },
		} {
			t.Run(engine+"/"+name, func(t *testing.T) {
				t.Parallel()
				other := base()
				change(&other)
				at := o.fresh(t)
				o.make(t, at, schema.Schema{Tables: []schema.Table{base()}})
				if found := o.differences(t, at, schema.Schema{Tables: []schema.Table{other}}); len(found) == 0 {
					t.Error("got no difference, want one")
				}
			})
		}
	}
}

func open(t *testing.T, at string) *db.DB {
	t.Helper()
	d, err := db.Open(db.Config{URL: at, Synchronous: "normal"}, sqlite.Driver, postgres.Driver, mariadb.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	return d
}

// make makes a schema in one step.
func (o oracle) make(t *testing.T, at string, s schema.Schema) {
	t.Helper()
	ops, err := schema.Diff(schema.Schema{}, s)
	want.NoErr(t, err)
	plan, err := o.dialect.Plan(schema.Schema{}, ops)
	want.NoErr(t, err)
	want.NoErr(t, open(t, at).WithConn(t.Context(), func(c db.Conn) error {
		for _, statement := range plan.Statements {
			if _, err := c.Exec(t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (o oracle) same(t *testing.T, at string, s schema.Schema) {
	t.Helper()
	for _, c := range o.differences(t, at, s) {
		t.Errorf("Atlas would make %T %+v", c, c)
		if m, ok := c.(*atlas_schema.ModifyTable); ok {
			for _, c := range m.Changes {
				t.Errorf("  in %s: %T %+v", m.T.Name, c, c)
			}
		}
	}
}

// differences is what Atlas would do to make of the database at a URL one that
// has s.
func (o oracle) differences(t *testing.T, at string, s schema.Schema) []atlas_schema.Change {
	t.Helper()
	target := o.fresh(t)
	o.make(t, target, s)
	got, driver := o.inspect(t, at)
	wanted, _ := o.inspect(t, target)
	changes, err := driver.SchemaDiff(got, wanted)
	want.NoErr(t, err)
	return changes
}

func (o oracle) inspect(t *testing.T, at string) (*atlas_schema.Schema, atlas.Driver) {
	t.Helper()
	pool, err := sql.Open(o.source(at))
	want.NoErr(t, err)
	t.Cleanup(func() { _ = pool.Close() })
	driver, err := o.open(pool)
	want.NoErr(t, err)
	s, err := driver.InspectSchema(context.Background(), "", &atlas_schema.InspectOptions{Exclude: []string{"ashlar_migrations*"}})
	want.NoErr(t, err)
	s.Name = "" // of the database, on MariaDB
	return s, driver
}
