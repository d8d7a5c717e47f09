package migrate_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/randschema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

func openPostgres(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.Open(db.Config{URL: url, Synchronous: "normal"}, postgres.Driver)
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	return d
}

var onPostgres = target{
	migrate.Postgres{}, func(t testing.TB) *db.DB { return openPostgres(t, realdb.Postgres(t)) }, "coalesce(%s::text, 'NULL')",
}

// TestRandomSchemasPostgres is TestRandomSchemas on PostgreSQL.
func TestRandomSchemasPostgres(t *testing.T) {
	t.Parallel()
	n := 60
	if testing.Short() {
		n = 10
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			thereAndBack(t, onPostgres, randschema.New("postgres", 2, uint64(seed)))
		})
	}
}

// postgresProject is three migrations, with all that a script may hold.
func postgresProject() fstest.MapFS {
	file := func(id, up, down string) *fstest.MapFile {
		text := "-- ashlar:migration " + id + "\n-- ashlar:up\n" + up + "\n"
		if down != "" {
			text += "-- ashlar:down\n" + down + "\n"
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	return fstest.MapFS{
		"migrations/20260101000000_one.sql": file("20260101000000_one", "CREATE TABLE a (i integer);", "DROP TABLE a;"),
		"migrations/20260101000001_two.sql": file("20260101000001_two", `CREATE FUNCTION twice(i integer) RETURNS integer LANGUAGE plpgsql AS $body$
BEGIN
	RETURN 2 * i; -- ; '
END $body$;
INSERT INTO a SELECT twice(i) FROM generate_series(1, 3) AS i; -- jsonb: ?
INSERT INTO a SELECT 1 WHERE '{"a": 1}'::jsonb ? 'a' AND E'\';' <> '';`, "DROP FUNCTION twice(integer); DELETE FROM a;"),
		"migrations/20260101000002_three.sql": file("20260101000002_three", "ALTER TABLE a ADD COLUMN j integer;", "ALTER TABLE a DROP COLUMN j;"),
	}
}

func TestPostgresUpAndDown(t *testing.T) {
	t.Parallel()
	d := onPostgres.open(t)
	m := migrate.New(postgresProject(), migrate.Postgres{}, clock(), migrate.Config{})
	for range 2 {
		done, err := m.Up(t.Context(), d)
		want.NoErr(t, err)
		want.Equal(t, len(done), 3)
		want.Equal(t, rows(t, d, "SELECT i) FROM a ORDER BY i"), []string{"1", "2", "4", "6"})
		entries, err := m.Status(t.Context(), d)
		want.NoErr(t, err)
		for _, e := range entries {
			if e.State != migrate.Applied || e.At.Year() != 2026 {
				t.Errorf("got %+v, want it applied in 2026", e)
			}
		}
		done, err = m.Down(t.Context(), d, 3)
		want.NoErr(t, err)
		want.Equal(t, len(done), 3)
		want.Equal(t, rows(t, d, "SELECT relname) FROM pg_class WHERE relname = 'a'"), []string(nil))
	}
}

// A file that fails leaves nothing of itself, tables neither.
func TestPostgresFails(t *testing.T) {
	t.Parallel()
	d := onPostgres.open(t)
	files := postgresProject()
	three := files["migrations/20260101000002_three.sql"]
	three.Data = bytes.Replace(three.Data, []byte("integer;"), []byte("integer; CREATE TABLE b (i integer); SELECT 1/0;"), 1)
	done, err := migrate.New(files, migrate.Postgres{}, clock(), migrate.Config{}).Up(t.Context(), d)
	want.Contains(t, fmt.Sprint(err), "A1548", "division by zero", "20260101000002_three.sql:3")
	want.Equal(t, len(done), 2)
	want.Equal(t, rows(t, d, "SELECT relname) FROM pg_class WHERE relname IN ('a', 'b')"), []string{"a"})
	want.Equal(t, rows(t, d, "SELECT count(*)) FROM ashlar_migrations"), []string{"2"})
}

// Any number of processes may run migrations: each file runs once.
func TestPostgresRace(t *testing.T) {
	t.Parallel()
	url := realdb.Postgres(t)
	files := postgresProject()
	var all sync.WaitGroup
	var ran atomic.Int64
	for range 4 {
		d := openPostgres(t, url)
		all.Go(func() {
			done, err := migrate.New(files, migrate.Postgres{}, clock(), migrate.Config{}).Up(t.Context(), d)
			if err != nil {
				t.Error(err)
			}
			ran.Add(int64(len(done)))
		})
	}
	all.Wait()
	want.Equal(t, ran.Load(), 3)
}

func TestPostgresLockHeld(t *testing.T) {
	t.Parallel()
	url := realdb.Postgres(t)
	d, other := openPostgres(t, url), openPostgres(t, url)
	want.NoErr(t, other.WithConn(t.Context(), func(c db.Conn) error {
		return migrate.Postgres{}.Tx(t.Context(), c, migrate.TxOptions{Wait: time.Minute}, func() error {
			_, err := migrate.New(postgresProject(), migrate.Postgres{}, clock(), migrate.Config{Wait: 50 * time.Millisecond}).Up(t.Context(), d)
			want.Contains(t, fmt.Sprint(err), "A1550", "50ms")
			return nil
		})
	}))
	_, err := migrate.New(postgresProject(), migrate.Postgres{}, clock(), migrate.Config{}).Up(t.Context(), d)
	want.NoErr(t, err)
}

// What somebody changed by hand is found, and what a schema cannot say is left
// alone.
func TestPostgresDrift(t *testing.T) {
	t.Parallel()
	d := onPostgres.open(t)
	files := fstest.MapFS{}
	m := migrate.New(files, migrate.Postgres{}, clock(), migrate.Config{})
	f, err := m.Make(shop(), migrate.MakeOptions{})
	want.NoErr(t, err)
	files["migrations/"+f.ID()+".sql"] = &fstest.MapFile{Data: []byte(f.Text())}
	_, err = m.Up(t.Context(), d)
	want.NoErr(t, err)
	want.NoErr(t, m.Check(t.Context(), d, shop()))
	want.NoErr(t, m.Verify(t.Context(), d))
	execute(t, d, `CREATE VIEW v AS SELECT 1 AS one; CREATE TABLE mine (i integer, t varchar(3) DEFAULT upper('x'), PRIMARY KEY (i));
		CREATE TABLE parts (i integer) PARTITION BY RANGE (i); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (2);
		CREATE INDEX mine_lower ON mine (lower(t)); CREATE INDEX mine_hash ON mine USING hash (t)`)
	want.NoErr(t, m.Verify(t.Context(), d))
	table := shop().Tables[0]
	for _, change := range []struct{ do, undo string }{
		{"ALTER TABLE %s ADD COLUMN by_hand integer", "ALTER TABLE %s DROP COLUMN by_hand"},
		{"ALTER TABLE %s ADD CONSTRAINT by_hand CHECK (true)", "ALTER TABLE %s DROP CONSTRAINT by_hand"},
		{"ALTER TABLE %s ADD CONSTRAINT by_hand UNIQUE (" + table.Columns[0].Name + ")", "ALTER TABLE %s DROP CONSTRAINT by_hand"},
	} {
		execute(t, d, fmt.Sprintf(change.do, table.Name))
		want.Contains(t, fmt.Sprint(m.Verify(t.Context(), d)), "A1554")
		execute(t, d, fmt.Sprintf(change.undo, table.Name))
		want.NoErr(t, m.Verify(t.Context(), d))
	}
}

// Conversions keep what can be kept and stop at what cannot.
func TestPostgresConversions(t *testing.T) {
	t.Parallel()
	d := onPostgres.open(t)
	for _, test := range []struct {
		from, to    schema.Type
		value, want string
		bad         string
	}{
		{schema.Int, schema.Float, "7", "7", ""},
		{schema.Int, schema.Bool, "1", "t", "2"},
		{schema.Int, schema.Text, "-7", "-7", ""},
		{schema.Int, schema.Time, "1769857200000001", "2026-01-31 11:00:00.000001+00", ""},
		{schema.Float, schema.Int, "9007199254740992", "9007199254740992", "1.5"},
		{schema.Bool, schema.Int, "true", "1", ""},
		{schema.Text, schema.Int, "'12'", "12", "'ten'"},
		{schema.Text, schema.Float, "'1.5'", "1.5", "'x'"},
		{schema.Text, schema.Bytes, "'ü'", `\xc3bc`, ""},
		{schema.Text, schema.JSON, "'[1]'", "[1]", "'{'"},
		{schema.Bytes, schema.Text, `'\xc3bc'`, "ü", `'\xff'`},
		{schema.Time, schema.Int, "'2026-01-31 11:00:00.000001+00'", "1769857200000001", ""},
		{schema.JSON, schema.Text, "'[1]'", "[1]", ""},
	} {
		old := schema.Schema{Tables: []schema.Table{{Name: "c", Columns: []schema.Column{{Name: "v", Type: test.from}}}}}
		make := func(from schema.Schema, ops ...schema.Op) string {
			plan, err := schema.Postgres{}.Plan(from, ops)
			want.NoErr(t, err)
			return strings.Join(plan.Statements, ";\n")
		}
		alter := make(old, schema.AlterColumn{Table: "c", Column: schema.Column{Name: "v", Type: test.to}})
		execute(t, d, make(schema.Schema{}, schema.CreateTable{Table: old.Tables[0]})+"; INSERT INTO c VALUES ("+test.value+")")
		if test.bad != "" {
			err := d.WithConn(t.Context(), func(c db.Conn) error {
				_, err := c.Exec(t.Context(), "BEGIN; INSERT INTO c VALUES ("+test.bad+");"+alter)
				return err
			})
			if err == nil {
				t.Errorf("%s to %s: got no error for %s", test.from, test.to, test.bad)
			}
		}
		execute(t, d, alter)
		want.Equal(t, rows(t, d, "SELECT v) FROM c"), []string{test.want})
		execute(t, d, "DROP TABLE c")
	}
}
