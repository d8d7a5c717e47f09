package migrate_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
)

// edit returns shop after a change to its films.
func edit(change func(films *schema.Table)) schema.Schema {
	s := shop()
	change(s.Table("films"))
	return s
}

func note(name string) schema.Column { return schema.Column{Name: name, Type: schema.Text, Null: true} }

// TestMake shows the files that changes of the shop's models make, and runs
// each on a database with rows, there and back.
func TestMake(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		golden string
		models schema.Schema
		name   string
	}{
		{"create", shop(), "create_studios_and_films"},
		{"add", edit(func(f *schema.Table) {
			f.Columns = append(f.Columns, schema.Column{Name: "stock", Type: schema.Int, Default: "0"})
		}), "add_stock_to_films"},
		{"alter", edit(func(f *schema.Table) {
			f.Column("order").Default = "'none'"
			f.Columns = append(f.Columns, note("note"))
		}), "alter_films"},
		{"drop", edit(func(f *schema.Table) {
			f.Columns = slices.DeleteFunc(f.Columns, func(c schema.Column) bool { return c.Name == "poster" })
		}), "drop_poster_from_films"},
		{"rename_column", edit(func(f *schema.Table) { f.Column("poster").Name, f.Column("poster").Was = "picture", "poster" }), "rename_poster_to_picture_in_films"},
		{"rename_table", edit(func(f *schema.Table) { f.Name, f.Was = "movies", "films" }), "rename_films_to_movies"},
	} {
		t.Run(test.golden, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			if test.golden != "create" {
				p.make(shop())
				p.up()
				execute(t, p.db, "INSERT INTO studios (name) VALUES ('Ealing'); INSERT INTO films (title, studio_id) VALUES ('The Ladykillers', 1)")
			}
			text := p.make(test.models)
			golden.Equal(t, "files/"+test.golden+".sql", text)
			if id, _, _ := strings.Cut(text, "\n"); !strings.HasSuffix(id, "_"+test.name) {
				t.Errorf("first line: got %q, want name %s", id, test.name)
			}
			p.up()
			m := p.migrator(migrate.Config{})
			if err := m.Check(t.Context(), p.db, test.models); err != nil {
				t.Error(err)
			}
			if err := m.Verify(t.Context(), p.db); err != nil {
				t.Error(err)
			}
			if _, err := m.Make(test.models, migrate.MakeOptions{}); !errors.Is(err, migrate.ErrNoChanges) {
				t.Errorf("make again: got error %v, want ErrNoChanges", err)
			}
			if _, err := m.Down(t.Context(), p.db, 1); err != nil {
				t.Error(err)
			}
			if err := m.Verify(t.Context(), p.db); err != nil {
				t.Errorf("after down: %v", err)
			}
		})
	}
}

func TestMakeRefuses(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.make(shop())
	for want, models := range map[string]schema.Schema{
		"A1535": edit(func(f *schema.Table) { f.Column("poster").Was, f.Column("poster").Name = "postr", "picture" }),
		"A1536": edit(func(f *schema.Table) { f.Column("poster").Name = "picture" }),
		"A1537": edit(func(f *schema.Table) { f.Columns = append(f.Columns, schema.Column{Name: "stock", Type: schema.Int}) }),
		"A1538": edit(func(f *schema.Table) { f.Column("rating").Type = schema.JSON }),
		"A1530": edit(func(f *schema.Table) { f.Columns = append(f.Columns, note("No te")) }),
	} {
		if _, err := p.migrator(migrate.Config{}).Make(models, migrate.MakeOptions{}); code(err) != want {
			t.Errorf("got error %v, want %s", err, want)
		}
	}
	if _, err := p.migrator(migrate.Config{}).Make(edit(func(f *schema.Table) { f.Column("poster").Name = "picture" }), migrate.MakeOptions{AllowDrop: true}); err != nil {
		t.Errorf("drop and add, allowed: %v", err)
	}
}

func TestMakeByHand(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.make(shop())
	m := p.migrator(migrate.Config{})
	f, err := m.Make(shop(), migrate.MakeOptions{Empty: true, Name: "Fill slugs, twice! "})
	if err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "files/empty.sql", f.Text())
	if _, err := f.Write(filepath.Join(p.dir, "migrations")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(filepath.Join(p.dir, "migrations")); !errors.Is(err, os.ErrExist) {
		t.Errorf("write again: got error %v, want that it exists", err)
	}
	if _, err := m.Up(t.Context(), p.db); code(err) != "A1544" {
		t.Errorf("up: got error %v, want A1544 for a file without statements", err)
	}
}

// A clock that is behind makes no migration older than those there are.
func TestVersionsGrow(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write("20991231235959_far_ahead", "", "SELECT 1;", "")
	f, err := p.migrator(migrate.Config{}).Make(shop(), migrate.MakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "21000101000000"; f.Version != want {
		t.Errorf("version: got %s, want %s", f.Version, want)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	add := func(names ...string) schema.Schema {
		return edit(func(f *schema.Table) {
			for _, n := range names {
				f.Columns = append(f.Columns, note(n))
			}
		})
	}
	table := func(name string) schema.Table {
		return schema.Table{Name: name, Columns: []schema.Column{note("x_" + name)}}
	}
	with := func(tables ...schema.Table) schema.Schema {
		return schema.Schema{Tables: append(shop().Tables, tables...)}
	}
	for want, models := range map[string]schema.Schema{
		"add_a_and_b_to_films":      add("a", "b"),
		"add_a_and_2_more_to_films": add("a", "b", "c"),
		"index_year_in_films":       edit(func(f *schema.Table) { f.Indexes = append(f.Indexes, schema.Index{Columns: []string{"year"}}) }),
		"alter_year_in_films":       edit(func(f *schema.Table) { f.Column("year").Null = true }),
		"alter_films":               edit(func(f *schema.Table) { f.Checks = nil }),
		"create_logs":               with(table("logs")),
		"create_a_and_2_more":       with(table("a"), table("b"), table("c")),
		"drop_films_and_studios":    {},
		"create_logs_alter_films":   {Tables: append(add("a").Tables, table("logs"))},
		"create_logs_drop_films":    {Tables: []schema.Table{shop().Tables[1], table("logs")}},
		"rename_order_to_sort_in_films": edit(func(f *schema.Table) {
			f.Column("order").Was, f.Column("order").Name = "order", "sort"
			f.Checks[1].Expr = "sort <> ''"
		}),
	} {
		p := newProject(t)
		p.make(shop())
		f, err := p.migrator(migrate.Config{}).Make(models, migrate.MakeOptions{AllowDrop: true})
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if f.Name != want {
			t.Errorf("name: got %s, want %s", f.Name, want)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.make(shop())
	models := edit(func(f *schema.Table) {
		f.Columns = append(f.Columns, schema.Column{Name: "stock", Type: schema.Int, Default: "0"})
		f.Checks = nil
	})
	err := p.migrator(migrate.Config{}).Check(t.Context(), p.db, models)
	golden.Equal(t, "errors/A1552_A1553_check.txt", fmt.Sprintln(err))
	if tables := inspect(t, p.db).Tables; len(tables) > 0 {
		t.Errorf("check made tables %+v", tables)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.make(shop())
	p.up()
	p.write("20990101000000_later", "-- ashlar:op drop_table films\n", "DROP TABLE films;", "")
	m := p.migrator(migrate.Config{})
	execute(t, p.db, "CREATE TABLE by_hand (x); CREATE VIEW v AS SELECT 1; CREATE VIRTUAL TABLE words USING fts5(word); CREATE INDEX lower_title ON films (lower(title))")
	if err := m.Verify(t.Context(), p.db); err != nil {
		t.Errorf("got error %v, want what no migration names to be left alone", err)
	}
	execute(t, p.db, "ALTER TABLE films ADD COLUMN by_hand TEXT; DROP INDEX films_studio_id_idx; ALTER TABLE studios RENAME COLUMN name TO title")
	golden.Equal(t, "errors/A1554_drift.txt", fmt.Sprintln(m.Verify(t.Context(), p.db)))
}

// Inspect reads what another hand wrote, in other words than this package's.
func TestInspectOtherHand(t *testing.T) {
	t.Parallel()
	d := fresh(t)
	execute(t, d, `CREATE TABLE "Studios" (id INTEGER PRIMARY KEY, "na,me" TEXT /* ) */ CHECK(("na,me") <> ')') UNIQUE);
		CREATE TABLE films (
			id integer not null, -- the (key
			[studio] INTEGER CONSTRAINT "st" REFERENCES "Studios"(id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE,
			rating real DEFAULT (1 + 1),
			constraint pk PRIMARY KEY (id, studio),
			constraint "ck" check (rating between 0 and 10),
			FOREIGN KEY (studio) REFERENCES films (studio)
		)`)
	got := inspect(t, d)
	want := schema.Schema{Tables: []schema.Table{
		{Name: "Studios", Columns: []schema.Column{{Name: "id", Type: schema.Int}, {Name: "na,me", Type: schema.Text, Null: true}}, PrimaryKey: []string{"id"},
			Indexes: []schema.Index{{Columns: []string{"na,me"}, Unique: true}}, Checks: []schema.Check{{Expr: `("na,me") <> ')'`}}},
		{Name: "films", Columns: []schema.Column{{Name: "id", Type: schema.Int}, {Name: "studio", Type: schema.Int}, {Name: "rating", Type: schema.Float, Null: true, Default: "1 + 1"}},
			PrimaryKey: []string{"id", "studio"},
			ForeignKeys: []schema.ForeignKey{
				{Columns: []string{"studio"}, RefTable: "films", RefColumns: []string{"studio"}},
				{Name: "st", Columns: []string{"studio"}, RefTable: "Studios", RefColumns: []string{"id"}, OnDelete: "setnull"}},
			Checks: []schema.Check{{Name: "ck", Expr: "rating between 0 and 10"}}},
	}}.Normal()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("inspect:\n got %s\nwant %s", g, w)
	}
}

func TestOutput(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	dir := filepath.Join(p.dir, "migrations")
	m := p.migrator(migrate.Config{})
	var out strings.Builder
	for _, f := range []func() error{
		func() error { return m.WriteStatus(t.Context(), &out, p.db) },
		func() error { return m.WriteMake(&out, dir, shop(), migrate.MakeOptions{}) },
		func() error { return m.WriteMake(&out, dir, shop(), migrate.MakeOptions{}) },
		func() error { return m.WriteStatus(t.Context(), &out, p.db) },
		func() error { return m.WriteUp(t.Context(), &out, p.db, 0) },
		func() error { return m.WriteUp(t.Context(), &out, p.db, 0) },
		func() error {
			return m.WriteMake(&out, dir, schema.Schema{Tables: shop().Tables[1:]}, migrate.MakeOptions{Name: "no more films"})
		},
		func() error { return m.WriteUp(t.Context(), &out, p.db, 0) },
		func() error { return m.WriteStatus(t.Context(), &out, p.db) },
		func() error { return m.WriteDown(t.Context(), &out, p.db, 3) },
		func() error { return m.WriteDown(t.Context(), &out, p.db, 1) },
	} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
		out.WriteString("\n")
	}
	golden.Equal(t, "output.txt", strings.ReplaceAll(out.String(), p.dir, "…"))
}
