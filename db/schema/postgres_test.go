package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
)

// TestPostgres shows the SQL of each way there and back. Package migrate runs
// such SQL on a server.
func TestPostgres(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, p := range slices.Concat(pairs, postgresPairs) {
		ops, err := schema.Diff(p.from, p.to)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		after, err := schema.Apply(p.from, ops...)
		if err != nil {
			t.Fatalf("%s: apply: %v", p.name, err)
		}
		back, err := schema.Invert(p.from, ops)
		if err != nil {
			t.Fatalf("%s: invert: %v", p.name, err)
		}
		fmt.Fprintf(&out, "-- ## %s\n", p.name)
		script(t, &out, schema.Postgres{}, "up", p.from, ops)
		script(t, &out, schema.Postgres{}, "down", after, back)
	}
	golden.Equal(t, "postgres.sql", out.String())
}

// postgresPairs are what PostgreSQL spells in a way of its own.
var postgresPairs = []struct {
	name     string
	from, to schema.Schema
}{
	{"columns named like words of the engine", of(), of(schema.Table{Name: "grant", Columns: []schema.Column{
		{Name: "user", Type: schema.Text, Size: 9, Null: true}, {Name: "only", Type: schema.Bool, Default: "true"}},
		Checks:  []schema.Check{{Expr: "user <> 'user' OR only"}},
		Indexes: []schema.Index{{Columns: []string{"user", "only"}}}})},
	{"change of types", of(every(schema.Int, schema.Int, schema.Int, schema.Float, schema.Bool, schema.Text, schema.Bytes, schema.Time, schema.JSON)),
		of(every(schema.Float, schema.Bool, schema.Time, schema.Int, schema.Int, schema.Bytes, schema.Text, schema.Int, schema.Text))},
	{"defaults", of(), of(schema.Table{Name: "d", Columns: []schema.Column{
		{Name: "a", Type: schema.Int, Default: "-1"}, {Name: "b", Type: schema.Float, Default: "-0.5"}, {Name: "c", Type: schema.Bool, Default: "false"},
		{Name: "d", Type: schema.Text, Default: `'it''s \'`}, {Name: "e", Type: schema.Bytes, Default: "x'00ff'"},
		{Name: "f", Type: schema.Time, Default: "'2026-01-31T12:00:00.5Z'"}, {Name: "g", Type: schema.JSON, Default: `'{"a": 1}'`}}})},
	{"null and not null", of(films(byRating)), of(films(column(schema.Column{Name: "rating", Type: schema.Float, Default: "0"}), byRating))},
}

func byRating(t *schema.Table) { t.Indexes = []schema.Index{{Columns: []string{"rating"}}} }

// every returns a table with a column of each of the types.
func every(types ...schema.Type) schema.Table {
	t := schema.Table{Name: "t"}
	for i, typ := range types {
		t.Columns = append(t.Columns, schema.Column{Name: fmt.Sprint("c", i), Type: typ})
	}
	return t
}

// What the server shows of a default tells what it was.
func TestPostgresReadColumn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ decl, value, typ, want string }{
		{"bigint", "7", "int", "7"}, {"bigint", "'-7'::integer", "int", "-7"}, {"bigint", "(1 + 1)", "int", "(1 + 1)"},
		{"double precision", "'-0.5'::double precision", "float", "-0.5"}, {"boolean", "true", "bool", "true"},
		{"text", "'it''s'::text", "text", "'it''s'"}, {"text", `E'a\\b'::text`, "text", `'a\b'`}, {"text", "CURRENT_USER", "text", "CURRENT_USER"},
		{"bytea", `'\x00ff'::bytea`, "bytes", "x'00ff'"}, {"timestamp with time zone", "'2026-01-31 12:00:00.5+00'::timestamp with time zone", "time", "'2026-01-31T12:00:00.5Z'"},
		{"timestamp with time zone", "now()", "time", "now()"}, {"jsonb", `'{"a": 1}'::jsonb`, "json", `'{"a": 1}'`},
		{"character varying(20)", "'x'::character varying", "character varying(20)", "'x'::character varying"}, {"integer", "", "integer", ""},
	} {
		got := schema.Postgres{}.ReadColumn("c", test.decl, test.value)
		if want := (schema.Column{Name: "c", Type: schema.Type(test.typ), Default: test.want}); got != want {
			t.Errorf("%s default %s: got %+v, want %+v", test.decl, test.value, got, want)
		}
	}
	for condition, want := range map[string]int{
		"(char_length(title) <= 200)": 200, `((char_length("title") <= 7))`: 7, "(char_length(name) <= 200)": 0, "(char_length(title) <= 0)": 0,
		"(char_length(title) < 200)": 0, "((char_length(title) <= 200) AND true)": 0, "": 0,
	} {
		if got, ok := (schema.Postgres{}).ReadSize("title", condition); ok != (want > 0) || ok && got != want {
			t.Errorf("%s: got %d, %v, want %d", condition, got, ok, want)
		}
	}
}
