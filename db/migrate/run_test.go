package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
)

// code returns the code of a set-up mistake.
func code(err error) string {
	var s *errs.Setup
	if !errors.As(err, &s) {
		return fmt.Sprint(err)
	}
	return s.Code
}

// states returns "ID state" for each migration.
func (p *project) states(c migrate.Config) []string {
	p.Helper()
	entries, err := p.migrator(c).Status(p.Context(), p.db)
	if err != nil {
		p.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.ID[len("20260101000000_"):]+" "+string(e.State))
	}
	return list
}

const (
	one   = "20260101000001_one"
	two   = "20260101000002_two"
	three = "20260101000003_three"
)

func TestFailingMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;", "DROP TABLE a;")
	p.write(two, "", "CREATE TABLE b (x INTEGER) STRICT;\n\n-- a comment; with a semicolon\nINSERT INTO b\n  VALUES ('ten');\nDROP TABLE a;", "")
	p.write(three, "", "CREATE TABLE c (x INTEGER) STRICT;", "")
	done, err := p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	if err == nil {
		t.Fatal("got no error for text in an integer column")
	}
	golden.Equal(t, "errors/A1548_failed.txt", err.Error()+"\n")
	if !slices.Equal(done, []string{one}) {
		t.Errorf("done: got %q, want the first", done)
	}
	if got, want := p.states(migrate.Config{}), []string{"one applied", "two pending", "three pending"}; !slices.Equal(got, want) {
		t.Errorf("states: got %q, want %q", got, want)
	}
	if got, want := rows(t, p.db, "SELECT name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'ashlar%' ORDER BY 1"), []string{"a"}; !slices.Equal(got, want) {
		t.Errorf("tables: got %q, want %q", got, want)
	}

	p.write(two, "", "CREATE TABLE b (x INTEGER) STRICT;", "")
	p.up()
	if got, want := p.states(migrate.Config{}), []string{"one applied", "two applied", "three applied"}; !slices.Equal(got, want) {
		t.Errorf("states after mending: got %q, want %q", got, want)
	}
}

func TestEditedMissingOutOfOrder(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	sql := func(name string) string { return "CREATE TABLE " + name + " (x INTEGER) STRICT;" }
	p.write(one, "", sql("a"), "DROP TABLE a;")
	p.write(three, "", sql("c"), "DROP TABLE c;")
	p.up()

	p.write(two, "", sql("b"), "DROP TABLE b;")
	_, err := p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	golden.Equal(t, "errors/A1547_out_of_order.txt", fmt.Sprintln(err))
	if got, want := p.states(migrate.Config{}), []string{"one applied", "two out of order", "three applied"}; !slices.Equal(got, want) {
		t.Errorf("states: got %q, want %q", got, want)
	}
	done, err := p.migrator(migrate.Config{OutOfOrder: true}).Up(t.Context(), p.db)
	if err != nil || !slices.Equal(done, []string{two}) {
		t.Errorf("up out of order: got %q and error %v, want the second", done, err)
	}

	p.write(one, "", sql("a")+" -- edited", "DROP TABLE a;")
	if err := os.Remove(filepath.Join(p.dir, "migrations", three+".sql")); err != nil {
		t.Fatal(err)
	}
	p.write("20260101000004_four", "", sql("d"), "")
	_, err = p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	golden.Equal(t, "errors/A1545_A1546_edited_missing.txt", fmt.Sprintln(err))
	var out strings.Builder
	if err := p.migrator(migrate.Config{}).WriteStatus(t.Context(), &out, p.db); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "status.txt", out.String())

	// The last one has no file, so nothing is undone.
	if done, err := p.migrator(migrate.Config{}).Down(t.Context(), p.db, 1); len(done) > 0 || code(err) != "A1546" {
		t.Errorf("down: got %q and error %v, want A1546", done, err)
	}
}

func TestLineEndsDoNotCount(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;\nCREATE TABLE b (x INTEGER) STRICT;", "")
	p.up()
	path := filepath.Join(p.dir, "migrations", one+".sql")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("\ufeff"+strings.ReplaceAll(string(data), "\n", "\r\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, want := p.states(migrate.Config{}), []string{"one applied"}; !slices.Equal(got, want) {
		t.Errorf("states: got %q, want %q", got, want)
	}
}

func TestDown(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;", "")
	p.write(two, "", "CREATE TABLE b (x INTEGER) STRICT;", "DROP TABLE b;")
	p.write(three, "", "CREATE TABLE c (x INTEGER) STRICT;", "DROP TABLE c;")
	p.up()
	m := p.migrator(migrate.Config{})
	if done, err := m.Down(t.Context(), p.db, 1); err != nil || !slices.Equal(done, []string{three}) {
		t.Errorf("down 1: got %q and error %v, want the third", done, err)
	}
	done, err := m.Down(t.Context(), p.db, 5)
	if !slices.Equal(done, []string{two}) {
		t.Errorf("down 5: got %q, want the second", done)
	}
	golden.Equal(t, "errors/A1551_no_down.txt", fmt.Sprintln(err))
	if got, want := p.states(migrate.Config{}), []string{"one applied", "two pending", "three pending"}; !slices.Equal(got, want) {
		t.Errorf("states: got %q, want %q", got, want)
	}
	p.up()
	if got, want := p.states(migrate.Config{}), []string{"one applied", "two applied", "three applied"}; !slices.Equal(got, want) {
		t.Errorf("states after up again: got %q, want %q", got, want)
	}
}

func TestTriggersAndStrings(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", `CREATE TABLE a (x INTEGER, s TEXT DEFAULT ';--') STRICT;
CREATE TRIGGER a_ai AFTER INSERT ON a WHEN new.s = ';' BEGIN
  UPDATE a SET x = CASE WHEN x > 1 THEN 10 ELSE 20 END WHERE s = new.s; -- END;
END;
INSERT INTO a VALUES (1, ';'), (2, ';');`, "DROP TABLE a;")
	p.up()
	if got, want := rows(t, p.db, "SELECT x, s) FROM a"), []string{"10|;", "10|;"}; !slices.Equal(got, want) {
		t.Errorf("rows: got %q, want %q", got, want)
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;\nCREATE TABLE b (x INTEGER) STRICT;", "DROP TABLE a; DROP TABLE b;")
	var got []string
	c := migrate.Config{OnStep: func(s migrate.Step) {
		got = append(got, fmt.Sprintf("%s down=%v %d/%d done=%v %v", s.Migration, s.Down, s.Statement, s.Of, s.Done, s.Took))
	}}
	if _, err := p.migrator(c).Up(t.Context(), p.db); err != nil {
		t.Fatal(err)
	}
	if _, err := p.migrator(c).Down(t.Context(), p.db, 1); err != nil {
		t.Fatal(err)
	}
	want := []string{
		one + " down=false 0/2 done=false 1s", one + " down=false 1/2 done=false 2s", one + " down=false 2/2 done=false 3s", one + " down=false 2/2 done=true 6s",
		one + " down=true 0/2 done=false 1s", one + " down=true 1/2 done=false 2s", one + " down=true 2/2 done=false 3s", one + " down=true 2/2 done=true 5s",
	}
	if !slices.Equal(got, want) {
		t.Errorf("steps:\n got %q\nwant %q", got, want)
	}
}

func TestCancelledUpLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);", "")
	ctx, cancel := context.WithCancel(t.Context())
	c := migrate.Config{OnStep: func(s migrate.Step) {
		if s.Statement == 2 {
			cancel()
		}
	}}
	if _, err := p.migrator(c).Up(ctx, p.db); !errors.Is(err, context.Canceled) {
		t.Fatalf("up: got error %v, want context.Canceled", err)
	}
	if got := rows(t, p.db, "SELECT name) FROM sqlite_schema"); len(got) > 0 {
		t.Errorf("what is left: got %q, want nothing", got)
	}
	p.up()
}

// Two handles are two connections, as in two processes.
func TestRaceOfHandles(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	path := filepath.Join(t.TempDir(), "race.db")
	manyMigrations(p)
	results := make(chan error)
	for range 3 {
		d := open(t, path)
		go func() {
			_, err := migrate.New(os.DirFS(p.dir), migrate.SQLite{}, clock(), migrate.Config{}).Up(context.WithoutCancel(t.Context()), d)
			results <- err
		}()
	}
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	wantEachOnce(t, open(t, path))
}

const manyCount = 12

// manyMigrations writes migrations that each leave one row behind.
func manyMigrations(p *project) {
	p.write("20260101000000_log", "", "CREATE TABLE log (n INTEGER) STRICT;", "")
	for i := range manyCount {
		p.write(fmt.Sprintf("202601010001%02d_step", i), "", fmt.Sprintf("INSERT INTO log VALUES (%d);", i), "")
	}
}

func wantEachOnce(t *testing.T, d *db.DB) {
	t.Helper()
	var want []string
	for i := range manyCount {
		want = append(want, fmt.Sprintf("%d", i))
	}
	if got := rows(t, d, "SELECT n) FROM log ORDER BY rowid"); !slices.Equal(got, want) {
		t.Errorf("log: got %q, want each migration once, in order", got)
	}
	if got, want := rows(t, d, "SELECT count(*)) FROM ashlar_migrations"), []string{fmt.Sprint(manyCount + 1)}; !slices.Equal(got, want) {
		t.Errorf("applied: got %q, want %q", got, want)
	}
}

func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;", "")
	path := filepath.Join(t.TempDir(), "locked.db")
	d, other := open(t, path), open(t, path)
	err := other.WithConn(t.Context(), func(c db.Conn) error {
		if _, err := c.Exec(t.Context(), "BEGIN IMMEDIATE"); err != nil {
			return err
		}
		_, err := p.migrator(migrate.Config{Wait: 100 * time.Millisecond}).Up(t.Context(), d)
		return err
	})
	if code(err) != "A1550" {
		t.Errorf("up: got error %v, want A1550", err)
	}
	if _, err := p.migrator(migrate.Config{}).Up(t.Context(), d); err != nil {
		t.Errorf("up after the lock is gone: %v", err)
	}
}

func TestRebuild(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	models := shop()
	p.make(models)
	p.up()
	execute(t, p.db, `INSERT INTO studios (name) VALUES ('Ealing');
		INSERT INTO films (title, studio_id) VALUES ('Passport to Pimlico', 1), ('Whisky Galore!', 1);
		DELETE FROM films WHERE id = 2;
		CREATE VIEW titles AS SELECT title FROM films JOIN studios ON studios.id = studio_id`)
	models.Table("studios").Checks = []schema.Check{{Expr: "name <> ''"}}
	models.Table("films").Column("year").Null = true
	text := p.make(models)
	if !strings.Contains(text, "-- ashlar:foreign_keys off\n") {
		t.Errorf("rebuild does not switch foreign keys off:\n%s", text)
	}
	p.up()
	if got, want := rows(t, p.db, "SELECT title) FROM titles"), []string{"Passport to Pimlico"}; !slices.Equal(got, want) {
		t.Errorf("rows, through a view: got %q, want %q", got, want)
	}
	execute(t, p.db, "INSERT INTO films (title, studio_id) VALUES ('Kind Hearts and Coronets', 1)")
	if got, want := rows(t, p.db, "SELECT max(id)) FROM films"), []string{"3"}; !slices.Equal(got, want) {
		t.Errorf("key after a rebuild: got %q, want %q, since 2 was given out before", got, want)
	}
	execute(t, p.db, "DELETE FROM studios")
	if got := rows(t, p.db, "SELECT title) FROM films"); len(got) > 0 {
		t.Errorf("rows after their studio is deleted: got %q, want the cascade", got)
	}
	if err := p.migrator(migrate.Config{}).Check(t.Context(), p.db, models); err != nil {
		t.Error(err)
	}
}

func TestRebuildKeepsTriggers(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	models := shop()
	p.make(models)
	p.up()
	trigger := "CREATE TRIGGER studios_ai AFTER INSERT ON studios BEGIN SELECT 1; END"
	execute(t, p.db, trigger)
	models.Table("studios").Column("name").Null = true
	f, err := p.migrator(migrate.Config{}).Make(models, migrate.MakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	path, err := f.Write(filepath.Join(p.dir, "migrations"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	golden.Equal(t, "errors/A1555_lost_trigger.txt", fmt.Sprintln(err))
	text := strings.Replace(f.Text(), "-- ashlar:down", trigger+";\n-- ashlar:down", 1)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p.up()
	if got, want := rows(t, p.db, "SELECT name) FROM sqlite_schema WHERE type = 'trigger'"), []string{"studios_ai"}; !slices.Equal(got, want) {
		t.Errorf("triggers: got %q, want %q", got, want)
	}
}

func TestRebuildChecksForeignKeys(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.make(shop())
	p.up()
	execute(t, p.db, "INSERT INTO studios (name) VALUES ('Ealing'); INSERT INTO films (title, studio_id) VALUES ('The Lavender Hill Mob', 1)")
	p.write("20260201000000_orphans", "-- ashlar:foreign_keys off\n", "DELETE FROM studios;", "")
	_, err := p.migrator(migrate.Config{}).Up(t.Context(), p.db)
	golden.Equal(t, "errors/A1549_orphans.txt", fmt.Sprintln(err))
	if got, want := rows(t, p.db, "SELECT name) FROM studios"), []string{"Ealing"}; !slices.Equal(got, want) {
		t.Errorf("studios: got %q, want %q", got, want)
	}
	execute(t, p.db, "DELETE FROM studios")
	if got := rows(t, p.db, "SELECT id) FROM films"); len(got) > 0 {
		t.Errorf("films: got %q; foreign keys are still off after a failed migration", got)
	}
}
