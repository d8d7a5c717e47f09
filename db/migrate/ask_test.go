package migrate_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestAsk shows the questions, and what the answers make.
func TestAsk(t *testing.T) {
	t.Parallel()
	renamed := edit(func(f *schema.Table) {
		f.Column("poster").Name = "picture"
		f.Column("extra").Name, f.Column("order").Name = "details", "sort"
		f.Checks = f.Checks[:1]
	})
	table := shop()
	table.Table("films").Name = "movies"
	table.Table("movies").Column("poster").Name = "picture"
	table.Table("movies").Checks = nil
	for _, test := range []struct {
		name    string
		models  schema.Schema
		answers string
		ops     []string
	}{
		{"columns", renamed, "1\ny\ny\n", []string{"rename_column films.extra details", "rename_column films.order sort", "rename_column films.poster picture"}},
		{"denied", renamed, "0\n0\n0\n", nil},
		{"by number, asked again", renamed, "7\nwhat\n\n2\nn\n1\n", nil},
		{"a table", table, "YES\n y \n", []string{"rename_table films movies", "rename_column movies.poster picture"}},
		{"no table", table, "n\n", []string{"create_table movies", "drop_table films"}},
		{"nobody there", table, "", nil},
		{"nonsense", table, strings.Repeat("x\n", 10), nil},
	} {
		p := newProject(t)
		p.make(shop())
		var out strings.Builder
		f, err := p.migrator(migrate.Config{}).Make(test.models, migrate.MakeOptions{Ask: migrate.Asker(strings.NewReader(test.answers), &out)})
		if f != nil {
			for line := range strings.Lines(f.Text()) {
				if op, ok := strings.CutPrefix(line, "-- ashlar:op "); ok {
					fmt.Fprint(&out, "\n", strings.TrimSuffix(op, "\n"))
				}
			}
			for _, op := range test.ops {
				if !strings.Contains(f.Text(), "-- ashlar:op "+op) {
					t.Errorf("%s: got\n%s\nwant %s", test.name, f.Text(), op)
				}
			}
		}
		fmt.Fprintln(&out, "\nerror:", err)
		golden.Equal(t, "ask/"+strings.ReplaceAll(strings.ReplaceAll(test.name, ",", ""), " ", "_")+".txt", out.String())
	}
	want.Equal(t, renamed.Table("films").Column("picture").Was, "") // the models stay as they were
}

// A program that does not know the newest file would make it again.
func TestMakeRefusesStaleProgram(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.make(shop())
	dir := p.dir + "/migrations"
	stale := migrate.New(os.DirFS(t.TempDir()), migrate.SQLite{}, clock(), migrate.Config{})
	err := stale.WriteMake(&strings.Builder{}, dir, shop(), migrate.MakeOptions{})
	want.Contains(t, fmt.Sprint(err), "A1558", "the program was built without migration 20260131093001_create_studios_and_films", "build the program again")
	err = p.migrator(migrate.Config{}).WriteMake(&strings.Builder{}, p.dir+"/elsewhere", schema.Schema{}, migrate.MakeOptions{AllowDrop: true})
	want.Contains(t, fmt.Sprint(err), "A1558", "the folder to write to is not there")
}
