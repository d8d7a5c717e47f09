package schema_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
)

// films is a table for others to refer to and to change.
func films(change ...func(*schema.Table)) schema.Table {
	t := schema.Table{
		Name: "films",
		Columns: []schema.Column{
			{Name: "id", Type: schema.Int, Auto: true},
			{Name: "title", Type: schema.Text, Size: 200},
			{Name: "price", Type: schema.Int, Default: "0"},
			{Name: "rating", Type: schema.Float, Null: true},
		},
		PrimaryKey: []string{"id"},
		Indexes:    []schema.Index{{Columns: []string{"title"}}},
		Checks:     []schema.Check{{Expr: "price >= 0"}},
	}
	for _, f := range change {
		f(&t)
	}
	return t
}

func reviews(change ...func(*schema.Table)) schema.Table {
	t := schema.Table{
		Name: "reviews",
		Columns: []schema.Column{
			{Name: "id", Type: schema.Int, Auto: true},
			{Name: "film_id", Type: schema.Int},
			{Name: "stars", Type: schema.Int},
		},
		PrimaryKey:  []string{"id"},
		ForeignKeys: []schema.ForeignKey{{Columns: []string{"film_id"}, RefTable: "films", RefColumns: []string{"id"}, OnDelete: "cascade"}},
	}
	for _, f := range change {
		f(&t)
	}
	return t
}

func of(tables ...schema.Table) schema.Schema { return schema.Schema{Tables: tables} }

func column(c schema.Column) func(*schema.Table) {
	return func(t *schema.Table) {
		for i := range t.Columns {
			if t.Columns[i].Name == c.Name {
				t.Columns[i] = c
				return
			}
		}
		t.Columns = append(t.Columns, c)
	}
}

func without(name string) func(*schema.Table) {
	return func(t *schema.Table) {
		t.Columns = slices.DeleteFunc(t.Columns, func(c schema.Column) bool { return c.Name == name })
	}
}

func was(name, old string) func(*schema.Table) {
	return func(t *schema.Table) {
		for i := range t.Columns {
			if t.Columns[i].Name == old {
				t.Columns[i].Name, t.Columns[i].Was = name, old
			}
		}
		for i := range t.Indexes {
			for j := range t.Indexes[i].Columns {
				if t.Indexes[i].Columns[j] == old {
					t.Indexes[i].Columns[j] = name
				}
			}
		}
	}
}

func renamed(name, old string) func(*schema.Table) {
	return func(t *schema.Table) { t.Name, t.Was = name, old }
}

func TestValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 64)
	var out strings.Builder
	for _, test := range []struct {
		name string
		s    schema.Schema
	}{
		{"nothing", of()},
		{"good", of(films(), reviews())},
		{"names", of(schema.Table{Name: "Filme!", Columns: []schema.Column{{Name: "", Type: schema.Int}, {Name: "2nd", Type: schema.Int}, {Name: long, Type: schema.Int}, {Name: "straße", Type: schema.Int}}},
			schema.Table{Name: "sqlite_films", Columns: []schema.Column{{Name: "id", Type: schema.Int}}}, schema.Table{Name: "ashlar_migrations", Columns: []schema.Column{{Name: "id", Type: schema.Int}}})},
		{"no columns", of(schema.Table{Name: "empty"})},
		{"table twice", of(films(), films(func(t *schema.Table) { t.Indexes = nil }))},
		{"column twice", of(films(func(t *schema.Table) { t.Columns = append(t.Columns, t.Columns[1]) }))},
		{"unknown type", of(films(column(schema.Column{Name: "title", Type: "varchar"})))},
		{"size of int", of(films(column(schema.Column{Name: "price", Type: schema.Int, Size: 3})))},
		{"negative size", of(films(column(schema.Column{Name: "title", Type: schema.Text, Size: -1})))},
		{"auto of text", of(films(column(schema.Column{Name: "title", Type: schema.Text, Auto: true})))},
		{"key of unknown column", of(films(func(t *schema.Table) { t.PrimaryKey = []string{"id", "nope", "id"} }, column(schema.Column{Name: "id", Type: schema.Int})))},
		{"key of null column", of(films(func(t *schema.Table) { t.PrimaryKey = []string{"rating"} }, column(schema.Column{Name: "id", Type: schema.Int})))},
		{"index without columns", of(films(func(t *schema.Table) { t.Indexes = []schema.Index{{Name: "i"}} }))},
		{"index twice", of(films(), reviews(func(t *schema.Table) {
			t.Indexes = []schema.Index{{Name: "films_title_idx", Columns: []string{"stars"}}}
		}))},
		{"check twice", of(films(func(t *schema.Table) {
			t.Checks = append(t.Checks, schema.Check{Expr: "price < 1000000"})
		}))},
		{"checks", of(films(func(t *schema.Table) {
			t.Checks = []schema.Check{{"a", ""}, {"b", "price > 0; DROP TABLE films"}, {"c", "(price > 0"}, {"d", "price > 0)"}, {"e", "films.price > 0"},
				{"f", `title <> "draft"`}, {"g", "price > 0 -- always"}, {"h", "title <> '"}, {"i", "price >\n0"}}
		}))},
		{"foreign keys", of(films(), reviews(func(t *schema.Table) {
			fk := schema.ForeignKey{Columns: []string{"film_id"}, RefTable: "films", RefColumns: []string{"id"}}
			add := func(name string, change func(*schema.ForeignKey)) {
				f := fk
				f.Name, f.Columns = name, []string{"film_id"}
				change(&f)
				t.ForeignKeys = append(t.ForeignKeys, f)
			}
			t.ForeignKeys = nil
			add("a", func(f *schema.ForeignKey) { f.RefTable = "movies" })
			add("b", func(f *schema.ForeignKey) { f.RefColumns = []string{"id", "title"} })
			add("c", func(f *schema.ForeignKey) { f.RefColumns = []string{"price"} })
			add("d", func(f *schema.ForeignKey) { f.RefColumns = []string{"title"} })
			add("e", func(f *schema.ForeignKey) { f.OnDelete = "setnull" })
			add("f", func(f *schema.ForeignKey) { f.OnDelete = "explode" })
			add("g", func(f *schema.ForeignKey) { f.Columns = []string{"nope"} })
		}))},
		{"defaults", of(schema.Table{Name: "d", Columns: []schema.Column{
			{Name: "a", Type: schema.Int, Default: "1.5"}, {Name: "b", Type: schema.Float, Default: "NaN"}, {Name: "c", Type: schema.Bool, Default: "1"},
			{Name: "d", Type: schema.Text, Default: "draft"}, {Name: "e", Type: schema.Text, Default: "'it's'"}, {Name: "f", Type: schema.Text, Default: "'a\nb'"},
			{Name: "g", Type: schema.Bytes, Default: "'00'"}, {Name: "h", Type: schema.Bytes, Default: "x'0'"}, {Name: "i", Type: schema.Time, Default: "'2026-01-31'"},
			{Name: "j", Type: schema.JSON, Default: "'{'"}, {Name: "k", Type: schema.Text, Size: 3, Default: "'größe'"}, {Name: "l", Type: schema.Int, Default: "9223372036854775808"},
		}})},
	} {
		fmt.Fprintf(&out, "## %s\n%v\n\n", test.name, test.s.Validate())
	}
	golden.Equal(t, "errors/validate.txt", out.String())
}

func TestNormal(t *testing.T) {
	t.Parallel()
	s := of(
		reviews(),
		films(func(t *schema.Table) {
			t.Indexes = append(t.Indexes, schema.Index{Columns: []string{"price", "rating"}, Unique: true})
			t.Checks = append(t.Checks, schema.Check{Expr: " length ( title )\t>  0 AND \"price\" <> 7 "})
			t.Columns = append(t.Columns,
				schema.Column{Name: "a", Type: schema.Float, Default: "1.50"}, schema.Column{Name: "b", Type: schema.Bytes, Default: "x'0F'"},
				schema.Column{Name: "c", Type: schema.Time, Default: "'2026-01-31T12:00:00.1234567+01:00'"}, schema.Column{Name: "d", Type: schema.Int, Default: "+07"})
		}),
	)
	before := fmt.Sprintf("%+v", s)
	n := s.Normal()
	if after := fmt.Sprintf("%+v", s); after != before {
		t.Errorf("Normal changed its receiver:\n got %s\nwant %s", after, before)
	}
	var names []string
	for _, table := range n.Tables {
		names = append(names, table.Name)
		for _, ix := range table.Indexes {
			names = append(names, ix.Name)
		}
		for _, fk := range table.ForeignKeys {
			names = append(names, fk.Name)
		}
		for _, ck := range table.Checks {
			names = append(names, ck.Name, ck.Expr)
		}
	}
	want := []string{"films", "films_price_rating_key", "films_title_idx", "films_price_check", "price >= 0", "films_title_price_check", `length ( title ) > 0 AND "price" <> 7`,
		"reviews", "reviews_film_id_fkey"}
	if !slices.Equal(names, want) {
		t.Errorf("names:\n got %q\nwant %q", names, want)
	}
	var defaults []string
	for _, name := range []string{"a", "b", "c", "d"} {
		defaults = append(defaults, n.Table("films").Column(name).Default)
	}
	if want := []string{"1.5", "x'0f'", "'2026-01-31T11:00:00.123456Z'", "7"}; !slices.Equal(defaults, want) {
		t.Errorf("defaults: got %q, want %q", defaults, want)
	}
	if again := n.Normal(); !reflect.DeepEqual(again, n) {
		t.Errorf("Normal of a normal schema:\n got %+v\nwant %+v", again, n)
	}
}

func TestLongNames(t *testing.T) {
	t.Parallel()
	table := schema.Table{Name: strings.Repeat("films_", 10)}
	one := table.IndexName(schema.Index{Columns: []string{"title"}})
	two := table.IndexName(schema.Index{Columns: []string{"title"}, Unique: true})
	if len(one) > 63 || len(two) > 63 || one == two {
		t.Errorf("names: got %q and %q, want two of 63 characters at most", one, two)
	}
}

// What a column is stored as tells what it was.
func TestSQLiteReadColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []schema.Column{
		{Name: "a", Type: schema.Int}, {Name: "a", Type: schema.Float}, {Name: "order", Type: schema.Bool}, {Name: "a", Type: schema.Text},
		{Name: "order", Type: schema.Text, Size: 20}, {Name: "a", Type: schema.Bytes}, {Name: "a", Type: schema.Time}, {Name: "a", Type: schema.JSON},
	} {
		decl, check := schema.SQLite{}.Storage(c)
		checks := []string{"a IS NOT 7"}
		if check != "" {
			checks = append(checks, strings.ToUpper(check))
		}
		got, rest := schema.SQLite{}.ReadColumn(c.Name, decl, "", checks)
		if got != c || !slices.Equal(rest, checks[:1]) {
			t.Errorf("ReadColumn(%q, %q): got %+v and %q, want %+v and %q", decl, check, got, rest, c, checks[:1])
		}
	}
	if got, _ := (schema.SQLite{}).ReadColumn("a", "VARCHAR(20)", "CURRENT_TIMESTAMP", nil); got.Type != "varchar(20)" || got.Default != "CURRENT_TIMESTAMP" {
		t.Errorf("ReadColumn of another hand: got %+v, want it as it is", got)
	}
}

func FuzzDefault(f *testing.F) {
	for _, seed := range []string{"0", "-1.5e300", "true", "'it''s'", "x'00ff'", "'2026-01-31T12:00:00Z'", `'{"a": 1}'`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, lit string) {
		for _, typ := range []schema.Type{schema.Int, schema.Float, schema.Bool, schema.Text, schema.Bytes, schema.Time, schema.JSON} {
			s := of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "c", Type: typ, Default: lit}}})
			n := s.Normal()
			if (s.Validate() == nil) != (n.Validate() == nil) {
				t.Fatalf("%s default %q: Validate says %v, of its normal form %v", typ, lit, s.Validate(), n.Validate())
			}
			if n.Validate() != nil {
				continue
			}
			if again := n.Normal(); !reflect.DeepEqual(again, n) {
				t.Errorf("%s default %q: got %+v, want %+v", typ, lit, again, n)
			}
		}
	})
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"price >= 0", `"price" IN (1, 2) OR price  IS NULL`, "price(price) <> 'price'", "x'00' || /* c */ price"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		s := of(schema.Table{Name: "t", Columns: []schema.Column{{Name: "price", Type: schema.Int}}, Checks: []schema.Check{{Name: "c", Expr: expr}}})
		if s.Validate() != nil {
			return
		}
		there, err := schema.Apply(s, schema.RenameColumn{Table: "t", Column: "price", To: "cost_of_it"})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToLower(expr), "cost_of_it") {
			return // would be a column on the way back
		}
		back, err := schema.Apply(there, schema.RenameColumn{Table: "t", Column: "cost_of_it", To: "price"})
		if err != nil {
			t.Fatal(err)
		}
		ops, err := schema.Diff(s, back)
		if err != nil || len(ops) > 0 {
			t.Errorf("check %q renamed there and back: got %q, error %v", expr, back.Tables[0].Checks[0].Expr, err)
		}
	})
}
