package modelgen_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/modelgen"
	"github.com/ashlar-go/ashlar/internal/want"
)

// models writes models.go for a schema and returns it together with what the
// generator makes of it.
func models(t testing.TB, d modelgen.Database) (source, generated string, err error) {
	t.Helper()
	dir := t.TempDir()
	text, err := modelgen.Source(dir, d)
	if err != nil {
		return "", "", err
	}
	want.NoErr(t, os.WriteFile(filepath.Join(dir, modelgen.SourceFile), text, 0o644))
	out, err := modelgen.Generate(dir)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return string(text), string(out), nil
}

// compile type-checks what models returned, in which all imports are empty:
// what is wrong with the package's own names is told all the same.
func compile(t testing.TB, source, generated string) {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	for name, text := range map[string]string{modelgen.SourceFile: source, modelgen.File: generated} {
		f, err := parser.ParseFile(fset, name, text, 0)
		want.NoErr(t, err)
		files = append(files, f)
	}
	var bad []string
	config := types.Config{Importer: importer.Default(), FakeImportC: true, Error: func(err error) {
		for _, why := range []string{"redeclared", "duplicate", "field and method"} {
			if strings.Contains(err.Error(), why) {
				bad = append(bad, err.Error())
			}
		}
	}}
	_, _ = config.Check("models", fset, files, nil) // each error was told
	if len(bad) > 0 {
		t.Fatalf("%s\n%s", strings.Join(bad, "\n"), source)
	}
}

// nasty are names that mean something to Go or to the generator, or nothing.
var nasty = []string{
	"", " ", "a b", `quo"te`, "back`tick", "new\nline", "日本", "été", "func", "type", "range", "models", "model_table", "schema", "table",
	"get", "via", "query", "insert", "save", "delete", "upsert", "find_or_create", "loaded_parent", "parent", "parent_id", "_", "__", "_2fa",
	"2fa", "db", "engine", "time", "string", "int64", "nil", "status", "statuses", "film", "films", "film_table", "film_columns", "column",
	"id", "ids", "film_id", "film_ids", "a", "A", "b_", "b", strings.Repeat("x", 63), strings.Repeat("y", 64), "sqlite_x", "x; DROP TABLE y",
}

func TestSourceHostile(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres", "mariadb"} {
		var s schema.Schema
		for i, name := range nasty {
			table := schema.Table{Name: name, PrimaryKey: []string{"id"}}
			for _, c := range nasty {
				table.Columns = append(table.Columns, schema.Column{Name: c, Type: schema.Int, Null: c != "id"})
			}
			for _, c := range []string{"parent", "parent_id", "film_id", "film_ids", "a b"} {
				table.ForeignKeys = append(table.ForeignKeys, schema.ForeignKey{Name: "k", Columns: []string{c}, RefTable: nasty[(i+1)%len(nasty)], RefColumns: []string{"id"}})
				table.ForeignKeys = append(table.ForeignKeys, schema.ForeignKey{Name: "own", Columns: []string{c}, RefTable: name, RefColumns: []string{"id"}})
			}
			table.Indexes = []schema.Index{{Name: "i", Columns: []string{"a"}}, {Name: name, Columns: []string{"b", "a"}, Unique: true}}
			table.Checks = []schema.Check{{Expr: "status IN ('a', 'A', '日')"}, {Expr: "a > 0 AND (b"}, {Expr: "\"quo\"\"te\" > `b`"}}
			s.Tables = append(s.Tables, table)
		}
		s.Tables = append(s.Tables, schema.Table{Name: "empty"})
		source, generated, err := models(t, modelgen.Database{Engine: engine, Schema: s})
		want.NoErr(t, err)
		compile(t, source, generated)
	}
}

func TestSourceManyTables(t *testing.T) {
	t.Parallel()
	var s schema.Schema
	for i := range 200 {
		s.Tables = append(s.Tables, schema.Table{Name: fmt.Sprintf("things_%d", i), PrimaryKey: []string{"id"}, Columns: []schema.Column{
			{Name: "id", Type: schema.Int}, {Name: "parent_id", Type: schema.Int, Null: true}, {Name: "name", Type: schema.Text},
		}, ForeignKeys: []schema.ForeignKey{{Columns: []string{"parent_id"}, RefTable: fmt.Sprintf("things_%d", i/2), RefColumns: []string{"id"}}}})
	}
	source, generated, err := models(t, modelgen.Database{Engine: "postgres", Schema: s})
	want.NoErr(t, err)
	want.Equal(t, strings.Count(source, "//ashlar:model"), 200)
	compile(t, source, generated)
}

func TestSourceNoTables(t *testing.T) {
	t.Parallel()
	_, err := modelgen.Source(t.TempDir(), modelgen.Database{Engine: "sqlite"})
	want.Err(t, err, modelgen.ErrNoTables)
}

func TestSourceNames(t *testing.T) {
	t.Parallel()
	for table, name := range map[string]string{
		"addresses": "Address", "movies": "Movie", "status": "Status", "statuses": "Status", "categories": "Category", "news": "News",
		"people": "Person", "user_people": "UserPerson", "boxes": "Box", "houses": "House", "cases": "Case", "classes": "Class", "series": "Series",
		"databases": "Database", "heroes": "Hero", "api_urls": "APIURL", "user_ids": "UserID", "bus": "Bus", "data": "Data", "matches": "Match",
		"caches": "Cache", "drives": "Drive", "days": "Day", "_2fa": "X2fa", "viruses": "Virus", "order_lines": "OrderLine",
	} {
		source, _, err := models(t, modelgen.Database{Engine: "postgres", Schema: schema.Schema{Tables: []schema.Table{{
			Name: table, PrimaryKey: []string{"id"}, Columns: []schema.Column{{Name: "id", Type: schema.Int}, {Name: "x", Type: schema.Int}},
		}}}})
		want.NoErr(t, err)
		want.Contains(t, source, "\ntype "+name+" struct {\n")
	}
}

// FuzzSource: whatever tables and columns are called, and whatever is checked,
// the package compiles.
func FuzzSource(f *testing.F) {
	for i, name := range nasty {
		f.Add(name, nasty[(i+1)%len(nasty)], nasty[(i+2)%len(nasty)], "status IN ('a', '"+name+"')")
	}
	f.Fuzz(func(t *testing.T, table, other, column, check string) {
		for _, engine := range []string{"sqlite", "postgres"} {
			columns := []schema.Column{{Name: "id", Type: schema.Int}, {Name: column, Type: schema.Text, Null: true, Default: check},
				{Name: other, Type: schema.Int, Null: true}, {Name: "status", Type: schema.Text}}
			s := schema.Schema{Tables: []schema.Table{
				{Name: table, Columns: columns, PrimaryKey: []string{"id"}, Checks: []schema.Check{{Expr: check}},
					ForeignKeys: []schema.ForeignKey{{Name: check, Columns: []string{other}, RefTable: other, RefColumns: []string{"id"}}}},
				{Name: other, Columns: columns, PrimaryKey: []string{"id"}, Indexes: []schema.Index{{Name: table, Columns: []string{column}, Unique: true}},
					ForeignKeys: []schema.ForeignKey{{Name: table, Columns: []string{other}, RefTable: table, RefColumns: []string{"id"}}}},
			}}
			if table == other {
				s.Tables = s.Tables[:1]
			}
			source, generated, err := models(t, modelgen.Database{Engine: engine, Schema: s})
			if errors.Is(err, modelgen.ErrNoTables) {
				continue
			}
			want.NoErr(t, err)
			compile(t, source, generated)
		}
	})
}
