package migrate_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/randschema"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

func valid(t *testing.T, d *db.DB) []string {
	t.Helper()
	return rows(t, d, `SELECT c.relname, x.indisvalid) FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indexrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relname LIKE 'numbers%' ORDER BY 1`)
}

// An index that could not be built is dropped and built again by the next run.
func TestConcurrently(t *testing.T) {
	t.Parallel()
	p := &project{t, t.TempDir(), clock(), onPostgres.open(t)}
	p.write(one, "", "CREATE TABLE numbers (a bigint); INSERT INTO numbers VALUES (1), (1);", "DROP TABLE numbers;")
	p.write(two, "-- ashlar:transaction off\n", `INSERT INTO numbers VALUES (2);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "numbers_a" ON numbers (a);
INSERT INTO numbers VALUES (3);`, "DROP INDEX CONCURRENTLY numbers_a; DELETE FROM numbers WHERE a > 1;")
	m := p.on(onPostgres, migrate.Config{})
	_, err := m.Up(t.Context(), p.db)
	golden.Equal(t, "errors/A1548_concurrently.txt", fmt.Sprintln(err))
	want.Equal(t, valid(t, p.db), []string{"numbers_a|f"})
	want.Equal(t, inspectAs(t, onPostgres, p.db).Tables[0].Indexes, nil)
	execute(t, p.db, "DELETE FROM numbers WHERE ctid = '(0,1)'")
	done, err := m.Up(t.Context(), p.db)
	want.NoErr(t, err)
	want.Equal(t, done, []string{two})
	want.Equal(t, valid(t, p.db), []string{"numbers_a|t"})
	want.Equal(t, rows(t, p.db, "SELECT a) FROM numbers ORDER BY a"), []string{"1", "2", "3"}) // nothing ran twice
	_, err = m.Down(t.Context(), p.db, 1)
	want.NoErr(t, err)
	want.Equal(t, valid(t, p.db), []string(nil))
}

// A process that dies in the middle, at each statement, leaves what the next
// one goes on with.
func TestConcurrentlyKilled(t *testing.T) {
	t.Parallel()
	url := realdb.Postgres(t)
	p := &project{t, t.TempDir(), clock(), openPostgres(t, url)}
	p.write(one, "", "CREATE TABLE numbers (a bigint, b bigint);", "")
	p.write(two, "-- ashlar:transaction off\n", `INSERT INTO numbers VALUES (1);
CREATE INDEX CONCURRENTLY numbers_a ON numbers (a);
INSERT INTO numbers VALUES (2);
CREATE INDEX CONCURRENTLY numbers_b ON numbers (b);
DROP INDEX CONCURRENTLY numbers_a;
INSERT INTO numbers VALUES (3);`, "")
	m := p.on(onPostgres, migrate.Config{})
	_, err := m.UpN(t.Context(), p.db, 1)
	want.NoErr(t, err)
	kills := 0
	for range 10 {
		out, err := start(t, two, url, p.dir)()
		if err == nil {
			break
		}
		want.Equal(t, out, "")
		kills++
	}
	if kills < 5 {
		t.Errorf("got %d kills, want one after each statement but the last", kills)
	}
	want.Equal(t, rows(t, p.db, "SELECT a) FROM numbers ORDER BY a"), []string{"1", "2", "3"})
	want.Equal(t, valid(t, p.db), []string{"numbers_b|t"})
}

// What a death within a statement leaves is undone or taken for done.
func TestConcurrentlyHalfDone(t *testing.T) {
	t.Parallel()
	d := onPostgres.open(t)
	execute(t, d, "CREATE TABLE numbers (a bigint); CREATE INDEX numbers_a ON numbers (a); CREATE INDEX numbers_b ON numbers (a);"+
		"UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('numbers_a'::regclass, 'numbers_b'::regclass)")
	clear := func(sql string, done bool) {
		t.Helper()
		want.NoErr(t, d.WithConn(t.Context(), func(c db.Conn) error { return migrate.Postgres{}.Clear(t.Context(), c, sql, done) }))
	}
	clear("DROP INDEX CONCURRENTLY numbers_a", false)
	clear("CREATE INDEX numbers_a ON numbers (a)", false)
	want.Equal(t, valid(t, d), []string{"numbers_a|f", "numbers_b|f"})
	clear("DROP INDEX CONCURRENTLY IF EXISTS numbers_a", true)
	clear("/* x */ CREATE INDEX CONCURRENTLY Numbers_B ON numbers (a)", false)
	want.Equal(t, valid(t, d), []string(nil))
}

// Two processes, one of which waits for the lock while the other builds an
// index: a server that waited for the waiting one would never end.
func TestConcurrentlyWhileOthersWait(t *testing.T) {
	t.Parallel()
	url := realdb.Postgres(t)
	p := &project{t, t.TempDir(), clock(), openPostgres(t, url)}
	p.write(one, "", "CREATE TABLE numbers (a bigint); INSERT INTO numbers SELECT generate_series(1, 20000);", "")
	p.write(two, "-- ashlar:transaction off\n", "SELECT pg_sleep(0.3);\nCREATE INDEX CONCURRENTLY numbers_a ON numbers (a);", "")
	p.write(three, "", "SELECT 1;", "")
	var waits []func() (string, error)
	for range 3 {
		waits = append(waits, start(t, "none", url, p.dir))
	}
	for _, wait := range waits {
		if out, err := wait(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	want.Equal(t, valid(t, p.db), []string{"numbers_a|t"})
	want.Equal(t, rows(t, p.db, "SELECT count(*)) FROM ashlar_migrations"), []string{"3"})
}

func TestTransactionOffRefused(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "-- ashlar:transaction off\n", "CREATE TABLE a (x INTEGER) STRICT;", "")
	_, err := p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	want.Contains(t, fmt.Sprint(err), "A1544", "-- ashlar:transaction off on SQLite")
	p.write(one, "", "CREATE INDEX\n  CONCURRENTLY a ON b (c);", "")
	_, err = p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	want.Contains(t, fmt.Sprint(err), "A1544", "CREATE INDEX CONCURRENTLY in a migration that runs in a transaction", "write -- ashlar:transaction off", one+".sql:3")
}

// Random changes of tables with rows, in the way that lets others work.
func TestRandomSchemasOnline(t *testing.T) {
	t.Parallel()
	n := 30
	if testing.Short() {
		n = 5
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := randschema.New("postgres", 4, uint64(seed))
			d := onPostgres.open(t)
			defer d.Close()
			files := fstest.MapFS{}
			m := migrate.New(files, migrate.Postgres{}, clock(), migrate.Config{})
			a := r.Schema()
			b, _ := r.Changed(a)
			for _, models := range []schema.Schema{a, b} {
				f, err := m.Make(models, migrate.MakeOptions{AllowDrop: true, Online: true})
				if err == migrate.ErrNoChanges {
					return
				}
				want.NoErr(t, err)
				files["migrations/"+f.ID()+".sql"] = &fstest.MapFile{Data: []byte(f.Text())}
				t.Logf("%s", f.Text())
				_, err = m.Up(t.Context(), d)
				want.NoErr(t, err)
				same(t, "inspected and models", inspectAs(t, onPostgres, d), models)

				if len(files) == 1 {
					execute(t, d, strings.Join(r.Inserts(a), ";\n"))
				}
			}
			_, err := m.Down(t.Context(), d, 1)
			want.NoErr(t, err)
			same(t, "inspected after down and models", inspectAs(t, onPostgres, d), a)
		})
	}
}

// TestMakeOnline shows the file for changes that would lock, and runs it.
func TestMakeOnline(t *testing.T) {
	t.Parallel()
	p := &project{t, t.TempDir(), clock(), onPostgres.open(t)}
	dir := filepath.Join(p.dir, "migrations")
	m := p.on(onPostgres, migrate.Config{})
	before := shop()
	films := before.Table("films")
	films.Indexes, films.ForeignKeys, films.Checks = films.Indexes[:1], nil, nil
	films.Column("title").Null = true
	var out strings.Builder
	want.NoErr(t, m.WriteMake(&out, dir, before, migrate.MakeOptions{}))
	f, err := m.Make(shop(), migrate.MakeOptions{Online: true})
	want.NoErr(t, err)
	golden.Equal(t, "files/online.sql", f.Text())
	_, err = f.Write(dir)
	want.NoErr(t, err)
	_, err = m.Up(context.Background(), p.db)
	want.NoErr(t, err)
	want.NoErr(t, m.Verify(t.Context(), p.db))
	want.NoErr(t, m.Check(t.Context(), p.db, shop()))
}
