package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
)

// pairs are two schemas each, and what is told of the way between them.
var pairs = []struct {
	name     string
	from, to schema.Schema
}{
	{"nothing", of(films(), reviews()), of(reviews(), films())},
	{"names that are given anyhow", of(films(func(t *schema.Table) { t.Indexes[0].Name, t.Checks[0].Name = "a", "b" })), of(films())},
	{"create tables", of(), of(reviews(), films())},
	{"drop tables", of(films(), reviews()), of()},
	{"add columns", of(films()), of(films(
		column(schema.Column{Name: "seen", Type: schema.Bool, Default: "false"}),
		column(schema.Column{Name: "note", Type: schema.Text, Null: true, Size: 20}),
		column(schema.Column{Name: "order", Type: schema.Time, Null: true})))},
	{"add a column that refers", of(films(), reviews()), of(films(
		column(schema.Column{Name: "best_id", Type: schema.Int, Null: true}),
		func(t *schema.Table) {
			t.ForeignKeys = []schema.ForeignKey{{Columns: []string{"best_id"}, RefTable: "reviews", RefColumns: []string{"id"}, OnDelete: "setnull"}}
			t.Indexes = append(t.Indexes, schema.Index{Columns: []string{"best_id"}})
		}), reviews())},
	{"drop a column", of(films(), reviews()), of(films(), reviews(without("stars")))},
	{"drop a column with its index", of(films()), of(films(without("title"), func(t *schema.Table) { t.Indexes = nil }))},
	{"rename a table", of(films(), reviews()), of(films(renamed("movies", "films")), reviews(func(t *schema.Table) { t.ForeignKeys[0].RefTable = "movies" }))},
	{"rename a column", of(films()), of(films(was("name", "title")))},
	{"rename a column in a check", of(films()), of(films(was("order", "price"), func(t *schema.Table) { t.Checks[0].Expr = `"order" >= 0` }))},
	{"renamed long ago", of(films()), of(films(func(t *schema.Table) { t.Was, t.Columns[1].Was = "movies", "name" }))},
	{"let a column be null", of(films()), of(films(column(schema.Column{Name: "title", Type: schema.Text, Size: 200, Null: true})))},
	{"let no column be null", of(films()), of(films(column(schema.Column{Name: "rating", Type: schema.Float})))},
	{"let no column be null, with default", of(films()), of(films(column(schema.Column{Name: "rating", Type: schema.Float, Default: "1.5"})))},
	{"change types", of(films()), of(films(column(schema.Column{Name: "price", Type: schema.Float, Default: "0"}), column(schema.Column{Name: "title", Type: schema.Bytes})))},
	{"change size and default", of(films()), of(films(column(schema.Column{Name: "title", Type: schema.Text, Size: 50, Default: "'?'"})))},
	{"change an index", of(films()), of(films(func(t *schema.Table) { t.Indexes[0].Unique = true }))},
	{"change a check", of(films()), of(films(func(t *schema.Table) { t.Checks[0].Expr = "price > 0" }))},
	{"write a check in another way", of(films()), of(films(func(t *schema.Table) { t.Checks[0].Expr = ` "price"  >=0` }))},
	{"change a foreign key", of(films(), reviews()), of(films(), reviews(func(t *schema.Table) { t.ForeignKeys[0].OnDelete = "restrict" }))},
	{"name a foreign key and a check", of(films(), reviews()), of(films(func(t *schema.Table) { t.Checks[0].Name = "not_negative" }),
		reviews(func(t *schema.Table) { t.ForeignKeys[0].Name = "of_film" }))},
	{"let another table have an index's name", of(films(func(t *schema.Table) { t.Indexes[0].Name = "i" }), reviews()),
		of(films(), reviews(func(t *schema.Table) { t.Indexes = []schema.Index{{Name: "i", Columns: []string{"stars"}}} }))},
	{"let another table have a dropped table's index's name", of(films(), schema.Table{Name: "old", Columns: []schema.Column{{Name: "a", Type: schema.Int}}, Indexes: []schema.Index{{Name: "i", Columns: []string{"a"}}}}),
		of(films(func(t *schema.Table) { t.Indexes[0].Name = "i" }))},
	{"swap the names of two checks", of(films(func(t *schema.Table) { t.Checks = []schema.Check{{"a", "price > 0"}, {"b", "price < 9"}} })),
		of(films(func(t *schema.Table) { t.Checks = []schema.Check{{"b", "price > 0"}, {"a", "price < 9"}} }))},
	{"change the primary key", of(films()), of(films(func(t *schema.Table) { t.PrimaryKey = []string{"title", "price"}; t.Columns[0].Auto = false }))},
	{"search", of(films()), of(films(searched("", "a")))},
	{"search of another language", of(films(searched("", "a"))), of(films(searched("english", "a")))},
	{"rename a column that is searched", of(films(searched("", ""))), of(films(was("name", "title"), searched("", ""), func(t *schema.Table) { t.Search.Columns[0].Name = "name" }))},
	{"rename a table that is searched", of(films(searched("", ""))), of(films(renamed("movies", "films"), searched("", "")))},
	{"build a table anew that is searched", of(films(searched("", ""))), of(films(searched("", ""), func(t *schema.Table) { t.Checks = nil }))},
	{"drop a column that is searched", of(films(searched("", ""))), of(films(without("title"), func(t *schema.Table) { t.Indexes = nil }))},
	{"refer to each other", of(), of(films(
		column(schema.Column{Name: "best_id", Type: schema.Int, Null: true}),
		func(t *schema.Table) {
			t.ForeignKeys = []schema.ForeignKey{{Columns: []string{"best_id"}, RefTable: "reviews", RefColumns: []string{"id"}}}
		}), reviews())},
}

// searched lets the words of the title be searched.
func searched(language, weight string) func(*schema.Table) {
	return func(t *schema.Table) {
		t.Search = &schema.Search{Columns: []schema.SearchColumn{{Name: "title", Weight: weight}}, Language: language}
	}
}

// TestSQLite shows the SQL of each way there and back, and proves that the
// ops are those between the schemas.
func TestSQLite(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, p := range pairs {
		ops, err := schema.Diff(p.from, p.to)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		after, err := schema.Apply(p.from, ops...)
		if err != nil {
			t.Fatalf("%s: apply: %v", p.name, err)
		}
		if rest, err := schema.Diff(after, p.to); err != nil || len(rest) > 0 {
			t.Errorf("%s: after the ops, got %+v and error %v, want no more ops", p.name, rest, err)
		}
		back, err := schema.Invert(p.from, ops)
		if err != nil {
			t.Fatalf("%s: invert: %v", p.name, err)
		}
		before, err := schema.Apply(after, back...)
		if err != nil {
			t.Fatalf("%s: apply the way back: %v", p.name, err)
		}
		if rest, err := schema.Diff(before, p.from); err != nil || len(rest) > 0 {
			t.Errorf("%s: after the way back, got %+v and error %v, want no more ops", p.name, rest, err)
		}
		fmt.Fprintf(&out, "-- ## %s\n", p.name)
		script(t, &out, schema.SQLite{}, "up", p.from, ops)
		script(t, &out, schema.SQLite{}, "down", after, back)
	}
	golden.Equal(t, "sqlite.sql", out.String())
}

func script(t *testing.T, out *strings.Builder, dialect schema.Dialect, name string, from schema.Schema, ops []schema.Op) {
	t.Helper()
	plan, err := dialect.Plan(from, ops)
	if err != nil {
		t.Fatal(err)
	}
	keys := ""
	if plan.KeysOff {
		keys = ", with foreign keys off"
	}
	fmt.Fprintf(out, "-- %s%s:\n", name, keys)
	for _, s := range plan.Statements {
		out.WriteString(s + ";\n")
	}
	out.WriteString("\n")
}

func TestDiffErrors(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, test := range []struct {
		name     string
		from, to schema.Schema
	}{
		{"not valid", of(films()), of(films(column(schema.Column{Name: "se en", Type: schema.Bool, Null: true})))},
		{"was an unknown column", of(films()), of(films(column(schema.Column{Name: "name", Type: schema.Text, Null: true, Was: "titel"})))},
		{"was a column that stays", of(films()), of(films(column(schema.Column{Name: "name", Type: schema.Text, Null: true, Was: "title"})))},
		{"was twice", of(films()), of(films(was("name", "title"), column(schema.Column{Name: "label", Type: schema.Text, Null: true, Was: "title"})))},
		{"was an unknown table", of(films()), of(films(), reviews(func(t *schema.Table) { t.Was = "opinions" }))},
		{"was a table twice", of(films()), of(films(renamed("movies", "films")), films(renamed("pictures", "films"), func(t *schema.Table) { t.Indexes = nil }))},
		{"was a table that stays", of(films()), of(films(), reviews(func(t *schema.Table) { t.Was = "films" }))},
	} {
		ops, err := schema.Diff(test.from, test.to)
		if err == nil {
			t.Errorf("%s: got ops %+v, want an error", test.name, ops)
		}
		fmt.Fprintf(&out, "## %s\n%v\n\n", test.name, err)
	}
	golden.Equal(t, "errors/diff.txt", out.String())
}

func TestReview(t *testing.T) {
	t.Parallel()
	movies := films(func(t *schema.Table) { t.Name = "movies" })
	var out strings.Builder
	for _, test := range []struct {
		name     string
		from, to schema.Schema
		opts     schema.ReviewOptions
		passes   bool
	}{
		{"drop and add of one type", of(films()), of(films(without("rating"), column(schema.Column{Name: "score", Type: schema.Float, Null: true}))), schema.ReviewOptions{}, false},
		{"the same, allowed", of(films()), of(films(without("rating"), column(schema.Column{Name: "score", Type: schema.Float, Null: true}))), schema.ReviewOptions{AllowDrop: true}, true},
		{"drop and add of other types", of(films()), of(films(without("rating"), column(schema.Column{Name: "note", Type: schema.Text, Null: true}))), schema.ReviewOptions{}, true},
		{"drop and add in two tables", of(films(), reviews()), of(films(without("rating")), reviews(column(schema.Column{Name: "score", Type: schema.Float, Null: true}))), schema.ReviewOptions{}, true},
		{"drop alone", of(films()), of(films(without("rating"))), schema.ReviewOptions{}, true},
		{"tables alike", of(films()), of(movies), schema.ReviewOptions{}, false},
		{"tables alike, allowed", of(films()), of(movies), schema.ReviewOptions{AllowDrop: true}, true},
		{"tables unlike", of(films()), of(schema.Table{Name: "logs", Columns: []schema.Column{{Name: "line", Type: schema.Text}}}), schema.ReviewOptions{}, true},
		{"no value for the rows", of(films()), of(films(column(schema.Column{Name: "stock", Type: schema.Int}))), schema.ReviewOptions{AllowDrop: true}, false},
		{"no rows", of(), of(films(column(schema.Column{Name: "stock", Type: schema.Int}))), schema.ReviewOptions{}, true},
		{"type that cannot be", of(films()), of(films(column(schema.Column{Name: "rating", Type: schema.JSON, Null: true}))), schema.ReviewOptions{}, false},
	} {
		ops, err := schema.Diff(test.from, test.to)
		if err != nil {
			t.Fatal(err)
		}
		err = schema.Review(test.from, ops, test.opts)
		if (err == nil) != test.passes {
			t.Errorf("%s: got error %v, want it to pass: %v", test.name, err, test.passes)
		}
		if err != nil {
			fmt.Fprintf(&out, "## %s\n%v\n\n", test.name, err)
		}
	}
	golden.Equal(t, "errors/review.txt", out.String())
}

func TestApplyErrors(t *testing.T) {
	t.Parallel()
	s := of(films(), reviews())
	var out strings.Builder
	for _, op := range []schema.Op{
		schema.CreateTable{Table: films()},
		schema.CreateTable{Table: schema.Table{Name: "other", Indexes: []schema.Index{{Name: "films_title_idx"}}}},
		schema.DropTable{Table: "no"},
		schema.RenameTable{Table: "no", To: "yes"},
		schema.RenameTable{Table: "films", To: "reviews"},
		schema.AddColumn{Table: "no"},
		schema.AddColumn{Table: "films", Column: schema.Column{Name: "title"}},
		schema.DropColumn{Table: "no", Column: "a"},
		schema.DropColumn{Table: "films", Column: "no"},
		schema.DropColumn{Table: "films", Column: "id"},
		schema.DropColumn{Table: "films", Column: "title"},
		schema.DropColumn{Table: "films", Column: "price"},
		schema.DropColumn{Table: "reviews", Column: "film_id"},
		schema.RenameColumn{Table: "films", Column: "no", To: "yes"},
		schema.RenameColumn{Table: "films", Column: "title", To: "price"},
		schema.AlterColumn{Table: "films", Column: schema.Column{Name: "no"}},
		schema.SetPrimaryKey{Table: "no"},
		schema.AddIndex{Table: "no"},
		schema.AddIndex{Table: "reviews", Index: schema.Index{Name: "films_title_idx", Columns: []string{"stars"}}},
		schema.DropIndex{Table: "no", Index: "i"},
		schema.DropIndex{Table: "films", Index: "no"},
		schema.AddForeignKey{Table: "no"},
		schema.AddForeignKey{Table: "reviews", ForeignKey: schema.ForeignKey{Name: "reviews_film_id_fkey"}},
		schema.DropForeignKey{Table: "no", ForeignKey: "f"},
		schema.DropForeignKey{Table: "films", ForeignKey: "no"},
		schema.AddCheck{Table: "no"},
		schema.AddCheck{Table: "films", Check: schema.Check{Name: "films_price_check"}},
		schema.DropCheck{Table: "no", Check: "c"},
		schema.DropCheck{Table: "films", Check: "no"},
	} {
		_, err := schema.Apply(s, op)
		if err == nil {
			t.Errorf("%T%+v: got no error", op, op)
		}
		if _, inverting := schema.Invert(s, []schema.Op{op}); inverting == nil {
			t.Errorf("%T%+v: Invert gave no error", op, op)
		}
		fmt.Fprintf(&out, "%T of %s: %v\n", op, op.On(), err)
	}
	golden.Equal(t, "errors/apply.txt", out.String())
}
