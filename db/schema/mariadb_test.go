package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// mariaPairs are what the pairs of all engines do not show.
var mariaPairs = []struct {
	name     string
	from, to schema.Schema
}{
	{"all types", of(), of(schema.Table{Name: "all", PrimaryKey: []string{"slug"}, Columns: []schema.Column{
		{Name: "slug", Type: schema.Text}, {Name: "short", Type: schema.Text, Size: 20, Default: `'it''s \'`}, {Name: "long", Type: schema.Text, Size: 5000},
		{Name: "n", Type: schema.Int, Default: "-1"}, {Name: "f", Type: schema.Float, Default: "1.5"}, {Name: "b", Type: schema.Bool, Default: "true"},
		{Name: "raw", Type: schema.Bytes, Default: "x'00ff'"}, {Name: "at", Type: schema.Time, Default: "'2026-01-31T12:00:00+01:00'"}, {Name: "extra", Type: schema.JSON, Default: "'{}'"},
	}, Indexes: []schema.Index{{Columns: []string{"short", "n"}, Unique: true}, {Columns: []string{"long", "raw", "n"}}, {Columns: []string{"long", "slug"}, Unique: true}}})},
	{"times and integers", of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "a", Type: schema.Time}, {Name: "b", Type: schema.Int, Null: true}}}),
		of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "a", Type: schema.Int}, {Name: "b", Type: schema.Time, Null: true}}})},
	{"an index that a foreign key needs", of(films(), reviews(func(t *schema.Table) { t.Indexes = []schema.Index{{Columns: []string{"film_id", "stars"}}} })), of(films(), reviews())},
	{"size of an indexed text", of(films()), of(films(column(schema.Column{Name: "title", Type: schema.Text})))},
	{"rename a checked column", of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "a", Type: schema.Bool}}, Checks: []schema.Check{{Name: "c", Expr: "length(a) > 0"}}}),
		of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "rank", Type: schema.Bool, Was: "a"}}, Checks: []schema.Check{{Name: "c", Expr: "length(rank) > 0"}}})},
	{"drop a checked column", of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "a", Type: schema.Bool}, {Name: "b", Type: schema.JSON}}}),
		of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "a", Type: schema.Int}}})},
}

// TestMariaDB shows the SQL of each way there and back for both servers.
func TestMariaDB(t *testing.T) {
	t.Parallel()
	for file, dialect := range map[string]schema.Dialect{"mariadb.sql": schema.MariaDB{}, "mysql.sql": schema.MySQL{}} {
		var out strings.Builder
		for _, p := range append(pairs[:len(pairs):len(pairs)], mariaPairs...) {
			ops, err := schema.Diff(p.from, p.to)
			want.NoErr(t, err)
			after, err := schema.Apply(p.from, ops...)
			want.NoErr(t, err)
			back, err := schema.Invert(p.from, ops)
			want.NoErr(t, err)
			fmt.Fprintf(&out, "-- ## %s\n", p.name)
			for _, way := range []struct {
				name string
				from schema.Schema
				ops  []schema.Op
			}{{"up", p.from, ops}, {"down", after, back}} {
				plan, err := dialect.Plan(way.from, way.ops)
				want.NoErr(t, err)
				want.Equal(t, plan.KeysOff, false)
				fmt.Fprintf(&out, "-- %s:\n", way.name)
				for _, s := range plan.Statements {
					out.WriteString(s + ";\n")
				}
				out.WriteString("\n")
			}
		}
		golden.Equal(t, file, out.String())
	}
}

// TestMariaDBReadColumn: what a column is stored as tells what it was.
func TestMariaDBReadColumn(t *testing.T) {
	t.Parallel()
	const ours = "utf8mb4_nopad_bin"
	for _, test := range []struct {
		decl, collation, value string
		checks                 []string
		want                   schema.Column
	}{
		{"bigint(20)", "", "-3", nil, schema.Column{Type: schema.Int, Default: "-3"}},
		{"double", "", "1.5e300", nil, schema.Column{Type: schema.Float, Default: "1.5e+300"}},
		{"tinyint(1)", "", "1", []string{`"a" in (0,1)`}, schema.Column{Type: schema.Bool, Default: "true"}},
		{"tinyint(1)", "", "1", nil, schema.Column{Type: "tinyint(1)", Default: "1"}},
		{"varchar(20)", ours, `'it''s \\ x'`, nil, schema.Column{Type: schema.Text, Size: 20, Default: `'it''s \ x'`}},
		{"varchar(20)", "utf8mb4_general_ci", "", nil, schema.Column{Type: "varchar(20) collate utf8mb4_general_ci"}},
		{"varchar(2000)", ours, "", nil, schema.Column{Type: "varchar(2000)"}},
		{"longtext", ours, "''", nil, schema.Column{Type: schema.Text, Default: "''"}},
		{"longtext", ours, "", []string{`char_length("a") <= 5000`}, schema.Column{Type: schema.Text, Size: 5000}},
		{"longtext", ours, "'{}'", []string{`json_valid("a")`}, schema.Column{Type: schema.JSON, Default: "'{}'"}},
		{"longblob", "", "X'00FF'", nil, schema.Column{Type: schema.Bytes, Default: "x'00ff'"}},
		{"datetime(6)", "", "'0001-01-01 00:00:00.000001'", nil, schema.Column{Type: schema.Time, Default: "'0001-01-01T00:00:00.000001Z'"}},
		{"datetime", "", "current_timestamp()", nil, schema.Column{Type: "datetime", Default: "current_timestamp()"}},
	} {
		test.want.Name = "a"
		got, rest := schema.MariaDB{}.ReadColumn("a", test.decl, test.collation, test.value, append(test.checks, `"a" <> 7`))
		if got != test.want || len(rest) != 1 {
			t.Errorf("%s %s: got %+v and %q, want %+v", test.decl, test.value, got, rest, test.want)
		}
	}
}

// FuzzPlainMariaDB: a text as the server shows it becomes the same text in
// standard SQL; what has no backslash stays.
func FuzzPlainMariaDB(f *testing.F) {
	for _, seed := range []string{"it's", `a\b`, `\`, "", "'", `"\"`, "`"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := "a = '" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "' and `b\\` > 'x'"
		plain := "a = '" + strings.ReplaceAll(text, "'", "''") + "' and `b\\` > 'x'"
		if got := (schema.MariaDB{}).Plain(shown); got != plain {
			t.Errorf("%q: got %q, want %q", shown, got, plain)
		}
		if expr := strings.ReplaceAll(text, `\`, ""); (schema.MariaDB{}).Plain(expr) != expr {
			t.Errorf("%q: got %q, want it as it is", expr, schema.MariaDB{}.Plain(expr))
		}
	})
}

// TestMariaDBForeignKeyOfText: a text without a size ties nothing.
func TestMariaDBForeignKeyOfText(t *testing.T) {
	t.Parallel()
	code := func(size int) schema.Schema {
		return of(schema.Table{Name: "a", Columns: []schema.Column{{Name: "code", Type: schema.Text, Size: size}}, PrimaryKey: []string{"code"}},
			schema.Table{Name: "b", Columns: []schema.Column{{Name: "a_code", Type: schema.Text, Size: size}},
				ForeignKeys: []schema.ForeignKey{{Columns: []string{"a_code"}, RefTable: "a", RefColumns: []string{"code"}}}})
	}
	for size, refused := range map[int]bool{0: true, 20: false, 768: false, 769: true} {
		ops, err := schema.Diff(schema.Schema{}, code(size))
		want.NoErr(t, err)
		_, err = schema.MariaDB{}.Plan(schema.Schema{}, ops)
		want.Equal(t, err != nil, refused)
		if err != nil {
			want.Contains(t, err.Error(), "foreign key b_a_code_fkey of table b: column a_code is a text without a size of 768 or less")
		}
	}
}
