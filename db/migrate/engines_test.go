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

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/want"
)

// onEngines runs a test with a project on each engine.
func onEngines(t *testing.T, test func(t *testing.T, p *project, on target)) {
	t.Parallel()
	for _, on := range []target{onSQLite, onPostgres, onMariaDB} {
		t.Run(on.Dialect.Name(), func(t *testing.T) {
			t.Parallel()
			test(t, &project{t, t.TempDir(), clock(), on.open(t)}, on)
		})
	}
}

func (p *project) on(on target, c migrate.Config) *migrate.Migrator {
	return migrate.New(os.DirFS(p.dir), on.Dialect, p.now, c)
}

// numbers makes a table and a migration for each of three columns.
func (p *project) numbers() {
	p.write("20260101000000_numbers", "-- ashlar:op create_table numbers (\n--   a int\n-- )\n", "CREATE TABLE numbers (a "+p.integer()+" NOT NULL);", "DROP TABLE numbers;")
	for i, c := range []string{"b", "c", "d"} {
		p.write(fmt.Sprintf("2026010100000%d_%s", i+1, c), "-- ashlar:op add_column numbers."+c+" int default=0\n",
			"ALTER TABLE numbers ADD COLUMN "+c+" "+p.integer()+" DEFAULT 0 NOT NULL;", "ALTER TABLE numbers DROP COLUMN "+c+";")
	}
}

func (p *project) integer() string {
	if p.db.Scheme() == "sqlite" {
		return "INTEGER"
	}
	return "bigint"
}

func TestTo(t *testing.T) {
	onEngines(t, func(t *testing.T, p *project, on target) {
		p.numbers()
		m := p.on(on, migrate.Config{})
		done, err := m.UpN(t.Context(), p.db, 2)
		want.NoErr(t, err)
		want.Equal(t, done, []string{"20260101000000_numbers", "20260101000001_b"})
		for _, step := range []struct {
			to          string
			undone, ran []string
		}{
			{"c", nil, []string{"20260101000002_c"}},
			{"20260101000003", nil, []string{"20260101000003_d"}},
			{"20260101000001_b.sql", []string{"20260101000003_d", "20260101000002_c"}, nil},
			{"b", nil, nil},
			{"0", []string{"20260101000001_b", "20260101000000_numbers"}, nil},
			{"d", nil, []string{"20260101000000_numbers", "20260101000001_b", "20260101000002_c", "20260101000003_d"}},
		} {
			undone, ran, err := m.To(t.Context(), p.db, step.to)
			want.NoErr(t, err)
			want.Equal(t, undone, step.undone)
			want.Equal(t, ran, step.ran)
		}
		_, _, err = m.To(t.Context(), p.db, "e")
		want.Contains(t, fmt.Sprint(err), `migrate: there is no migration "e"; migrate status lists them`)
	})
}

// Printed SQL, run by hand, leaves a database that all is applied to.
func TestPlanSQL(t *testing.T) {
	onEngines(t, func(t *testing.T, p *project, on target) {
		m := p.on(on, migrate.Config{})
		dir := filepath.Join(p.dir, "migrations")
		var out strings.Builder
		for _, models := range []schema.Schema{shop(), edit(func(f *schema.Table) { f.Column("order").Null = true; f.Checks = f.Checks[:1] })} {
			if on.Dialect.Name() == "mariadb" {
				models.Table("films").Checks[0].Expr = "year > 1887"
			}
			want.NoErr(t, m.WriteMake(&out, dir, models, migrate.MakeOptions{}))
		}
		out.Reset()
		want.NoErr(t, m.WritePlan(t.Context(), &out, p.db, true))
		want.Contains(t, out.String(), "-- 2 migrations for "+on.Dialect.Name()+"; nothing was run")
		entries, err := m.Status(t.Context(), p.db)
		want.NoErr(t, err)
		want.Equal(t, entries[0].State, migrate.Pending)
		execute(t, p.db, out.String())
		entries, err = m.Status(t.Context(), p.db)
		want.NoErr(t, err)
		for _, e := range entries {
			want.Equal(t, e.State, migrate.Applied)
		}
		want.Equal(t, len(entries), 2)
		want.NoErr(t, m.Verify(t.Context(), p.db))
		out.Reset()
		want.NoErr(t, m.WritePlan(t.Context(), &out, p.db, false))
		want.Equal(t, out.String(), "-- nothing to do: all migrations are applied\n")
	})
}

func TestGo(t *testing.T) {
	onEngines(t, func(t *testing.T, p *project, on target) {
		p.numbers()
		execSQL := func(sql string, args ...any) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := db.Exec(ctx, sql, args...)
				return err
			}
		}
		broken := errors.New("out of numbers")
		fail, batches := true, 0
		code := []migrate.Go{
			{ID: "20260102000000_fill", Up: func(ctx context.Context) error {
				if err := execSQL("INSERT INTO numbers (a) VALUES (?), (?), (?)", 1, 2, 3)(ctx); err != nil {
					return err
				}
				return db.Tx(ctx, func(ctx context.Context) error { // a savepoint
					list, err := db.SQL[struct{ A int64 }](ctx, "SELECT a FROM numbers ORDER BY a")
					want.Equal(t, len(list), 3)
					if fail {
						return broken
					}
					return err
				})
			}, Down: execSQL("DELETE FROM numbers")},
			{ID: "20260102000001_batches", Batch: func(ctx context.Context) (int64, error) {
				batches++
				if batches == 2 && fail {
					return 0, broken
				}
				list, err := db.SQL[struct{ A int64 }](ctx, "SELECT a FROM numbers WHERE b = 0 ORDER BY a LIMIT 1")
				if err != nil || len(list) == 0 {
					return 0, err
				}
				return db.Exec(ctx, "UPDATE numbers SET b = a * 10 WHERE a = ?", list[0].A)
			}, Down: execSQL("UPDATE numbers SET b = 0")},
		}
		m := p.on(on, migrate.Config{Go: code})
		_, err := m.Up(t.Context(), p.db)
		want.Err(t, err, broken)
		want.Contains(t, err.Error(), "migrate: run migration 20260102000000_fill: out of numbers\n\tat 20260102000000_fill (in Go)\n\tmend: nothing of this call was kept", "A1548")
		want.Equal(t, rows(t, p.db, "SELECT count(*)) FROM numbers"), []string{"0"})
		fail = false
		done, err := m.UpN(t.Context(), p.db, 1)
		want.NoErr(t, err)
		want.Equal(t, done, []string{"20260102000000_fill"})
		fail = true
		_, err = m.Up(t.Context(), p.db)
		want.Err(t, err, broken)
		want.Equal(t, rows(t, p.db, "SELECT a, b) FROM numbers ORDER BY a"), []string{"1|10", "2|0", "3|0"}) // what was committed stays
		fail = false
		done, err = m.Up(t.Context(), p.db)
		want.NoErr(t, err)
		want.Equal(t, done, []string{"20260102000001_batches"})
		want.Equal(t, rows(t, p.db, "SELECT a, b) FROM numbers ORDER BY a"), []string{"1|10", "2|20", "3|30"})
		done, err = m.Down(t.Context(), p.db, 2)
		want.NoErr(t, err)
		want.Equal(t, done, []string{"20260102000001_batches", "20260102000000_fill"})
		want.Equal(t, rows(t, p.db, "SELECT count(*)) FROM numbers"), []string{"0"})
	})
}

func TestGoRefuses(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context) error { return nil }
	p := newProject(t)
	p.write(one, "", "CREATE TABLE a (x INTEGER) STRICT;", "")
	for text, list := range map[string][]migrate.Go{
		`"fill" is no name of a migration`:                           {{ID: "fill", Up: nothing}},
		"migration 20260101000002_two has neither of Up and Batch":   {{ID: two}},
		"20260101000001_two has the version of 20260101000001_one":   {{ID: "20260101000001_two", Up: nothing}},
		"migration 20260101000002_two has no way back":               {{ID: two, Up: nothing}},
		"db: AfterCommit in Conn.Within":                             {{ID: two, Up: func(ctx context.Context) error { db.AfterCommit(ctx, func(context.Context) {}); return nil }}},
		"the transaction ended with an earlier error: no such table": {{ID: two, Up: func(ctx context.Context) error { _, _ = db.Exec(ctx, "DELETE FROM b"); return nil }}},
	} {
		m := p.migrator(migrate.Config{Go: list})
		_, err := m.Up(t.Context(), p.db)
		if err == nil {
			_, err = m.Down(t.Context(), p.db, 1)
			execute(t, p.db, "DELETE FROM ashlar_migrations WHERE name = 'two'")
		}
		want.Contains(t, fmt.Sprint(err), strings.TrimPrefix(text, "the transaction ended with an earlier error: "))
	}
}

// A squash is known to a database that has applied what it stands for, is run
// by one that has applied nothing, and refused by one in between.
func TestSquash(t *testing.T) {
	onEngines(t, func(t *testing.T, p *project, on target) {
		for _, own := range []bool{false, true} {
			t.Run(fmt.Sprint("own SQL ", own), func(t *testing.T) {
				p := &project{t, t.TempDir(), clock(), on.open(t)}
				dir := filepath.Join(p.dir, "migrations")
				var out strings.Builder
				m := p.on(on, migrate.Config{})
				models := shop()
				models.Table("films").Checks = nil
				for i := range 4 {
					f := models.Table("films")
					f.Columns = append(f.Columns, note(fmt.Sprint("note", i)))
					want.NoErr(t, m.WriteMake(&out, dir, models, migrate.MakeOptions{}))
				}
				if own {
					p.write("20260601000000_fill", "", "INSERT INTO studios (name) VALUES ('Ealing');", "DELETE FROM studios;")
				}
				f := models.Table("films")
				f.Columns = append(f.Columns, note("last"))
				want.NoErr(t, m.WriteMake(&out, dir, models, migrate.MakeOptions{}))
				_, err := m.Up(t.Context(), p.db)
				want.NoErr(t, err)
				partly := on.open(t)
				_, err = m.UpN(t.Context(), partly, 2)
				want.NoErr(t, err)

				out.Reset()
				entries, err := m.Status(t.Context(), p.db)
				want.NoErr(t, err)
				to := entries[len(entries)-2].ID
				want.NoErr(t, m.WriteSquash(&out, dir, to, ""))
				want.Contains(t, out.String(), fmt.Sprintf("in place of %d migrations", len(entries)-1))

				// Known, before and after it was written down, and it can be undone.
				for range 2 {
					want.NoErr(t, m.Check(t.Context(), p.db, models))
					want.NoErr(t, m.Verify(t.Context(), p.db))
					done, err := m.Up(t.Context(), p.db)
					want.NoErr(t, err)
					want.Equal(t, len(done), 0)
				}
				want.Equal(t, rows(t, p.db, "SELECT count(*)) FROM ashlar_migrations"), []string{"2"})
				_, _, err = m.Squash("", "")
				want.Contains(t, fmt.Sprint(err), "A1557", "is a squash that some databases may not know yet")

				// A new database runs it.
				fresh := on.open(t)
				done, err := m.Up(t.Context(), fresh)
				want.NoErr(t, err)
				want.Equal(t, len(done), 2)
				want.NoErr(t, m.Check(t.Context(), fresh, models))
				want.NoErr(t, m.Verify(t.Context(), fresh))
				n := "0"
				if own {
					n = "1"
				}
				want.Equal(t, rows(t, fresh, "SELECT count(*)) FROM studios"), []string{n})

				// One in between is told what to do.
				_, err = m.Up(t.Context(), partly)
				want.Contains(t, fmt.Sprint(err), "A1557", fmt.Sprintf("has applied 2 of the %d migrations", len(entries)-1), "before the squash")

				// The lines that say what it stands for may go.
				file := filepath.Join(dir, squashOf(t, dir))
				text, err := os.ReadFile(file)
				want.NoErr(t, err)
				lines := slices.DeleteFunc(strings.SplitAfter(string(text), "\n"), func(l string) bool { return strings.HasPrefix(l, "-- ashlar:squashes") })
				want.NoErr(t, os.WriteFile(file, []byte(strings.Join(lines, "")), 0o644))
				want.NoErr(t, m.Check(t.Context(), p.db, models))
				for _, d := range []*db.DB{p.db, fresh} {
					done, err := m.Down(t.Context(), d, 2)
					want.NoErr(t, err)
					want.Equal(t, len(done), 2)
					want.Equal(t, inspectAs(t, on, d).Tables, nil)
				}
			})
		}
	})
}

func squashOf(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	want.NoErr(t, err)
	for _, e := range entries {
		if strings.Contains(e.Name(), "squash_of") {
			return e.Name()
		}
	}
	t.Fatal("got no squash")
	return ""
}
