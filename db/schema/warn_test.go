package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// risky are changes of films, each of which there is something to know of.
var risky = []struct {
	name   string
	change func(films *schema.Table)
}{
	{"drop a column", func(t *schema.Table) {
		t.Columns = slices.DeleteFunc(t.Columns, func(c schema.Column) bool { return c.Name == "a" })
	}},
	{"rename a column", func(t *schema.Table) { t.Column("a").Name, t.Column("a").Was = "b", "a" }},
	{"rename a table", func(t *schema.Table) { t.Name, t.Was = "movies", "films" }},
	{"another type", func(t *schema.Table) { t.Column("a").Type = schema.Text }},
	{"a narrower type", func(t *schema.Table) { t.Column("order").Type, t.Column("order").Size = schema.Int, 0 }},
	{"not null without a default", func(t *schema.Table) { t.Column("n").Null = false }},
	{"not null with a default", func(t *schema.Table) { t.Column("n").Null, t.Column("n").Default = false, "0" }},
	{"no default any more", func(t *schema.Table) { t.Column("d").Default = "" }},
	{"a smaller size", func(t *schema.Table) { t.Column("order").Size = 10 }},
	{"a larger size", func(t *schema.Table) { t.Column("order").Size = 60 }},
	{"a size that MariaDB copies for", func(t *schema.Table) { t.Column("order").Size = 200 }},
	{"a column that must be told", func(t *schema.Table) {
		t.Columns = append(t.Columns, schema.Column{Name: "told", Type: schema.Int})
	}},
	{"a column with a size", func(t *schema.Table) {
		t.Columns = append(t.Columns, schema.Column{Name: "sized", Type: schema.Text, Size: 5, Null: true})
	}},
	{"a harmless column", func(t *schema.Table) {
		t.Columns = append(t.Columns, schema.Column{Name: "x", Type: schema.Int, Null: true})
	}},
	{"an index", func(t *schema.Table) { t.Indexes = append(t.Indexes, schema.Index{Columns: []string{"n"}}) }},
	{"a unique index", func(t *schema.Table) {
		t.Indexes = append(t.Indexes, schema.Index{Columns: []string{"order", "n"}, Unique: true})
	}},
	{"an index that goes", func(t *schema.Table) { t.Indexes = nil }},
	{"a foreign key", func(t *schema.Table) {
		t.ForeignKeys = []schema.ForeignKey{{Columns: []string{"n"}, RefTable: "studios", RefColumns: []string{"id"}}}
	}},
	{"a check", func(t *schema.Table) { t.Checks = []schema.Check{{Expr: `"order" <> ''`}} }},
	{"another primary key", func(t *schema.Table) { t.PrimaryKey = []string{"id", "a"} }},
}

// TestWarn shows what each change warns of on each engine.
func TestWarn(t *testing.T) {
	t.Parallel()
	before := func() schema.Schema {
		return of(schema.Table{Name: "films", PrimaryKey: []string{"id"}, Columns: []schema.Column{{Name: "id", Type: schema.Int}, {Name: "a", Type: schema.Int},
			{Name: "n", Type: schema.Int, Null: true}, {Name: "d", Type: schema.Int, Default: "0"}, {Name: "order", Type: schema.Text, Size: 50}},
			Indexes: []schema.Index{{Columns: []string{"d"}}}},
			schema.Table{Name: "studios", PrimaryKey: []string{"id"}, Columns: []schema.Column{{Name: "id", Type: schema.Int}, {Name: "name", Type: schema.Text}}})
	}
	for file, d := range map[string]schema.Dialect{"sqlite": schema.SQLite{}, "postgres": schema.Postgres{}, "postgres_online": schema.Postgres{Online: true},
		"mariadb": schema.MariaDB{}, "mysql": schema.MySQL{}} {
		var out strings.Builder
		show := func(name string, to schema.Schema) {
			ops, err := schema.Diff(before(), to)
			want.NoErr(t, err)
			list, err := schema.Warn(d, before(), ops)
			want.NoErr(t, err)
			fmt.Fprintf(&out, "## %s\n", name)
			for _, w := range list {
				out.WriteString(w.What + "\n")
				for i, s := range w.Safe {
					fmt.Fprintf(&out, "  %d. %s\n", i+1, s)
				}
			}
			out.WriteString("\n")
		}
		for _, r := range risky {
			to := before()
			r.change(to.Table("films"))
			show(r.name, to)
		}
		show("drop a table", of(before().Tables[1]))
		more := before()
		more.Tables = append(more.Tables, schema.Table{Name: "fresh", Columns: []schema.Column{{Name: "a", Type: schema.Text, Size: 5}},
			Indexes: []schema.Index{{Columns: []string{"a"}, Unique: true}}})
		show("a new table", more)
		golden.Equal(t, "warnings/"+file+".txt", out.String())
	}
}
