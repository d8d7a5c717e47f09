package migrate_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/golden"
)

// everyOp has each op and each form of it once.
const everyOp = `-- A comment for people.
-- ashlar:migration 20260131093000_every_op
-- ashlar:foreign_keys off
-- ashlar:op create_table films (
--   id int auto
--   index int null
--   primary text size=200 default='it''s; -- '
--   rating float default=-1.5e-3
--   poster bytes default=x'00ff'
--   tags text[] null default='{}'
--   primary key (id)
--   unique films_primary_key (primary, rating)
--   index index (index)
--   foreign key films_index_fkey (index) references films (id) on delete setnull
--   check films_check ((rating >= 0) or "index" is null)
--   search (primary a) english
-- )
-- ashlar:op drop_table a
-- ashlar:op rename_table a b

-- ashlar:op add_column films.seen bool default=true
-- ashlar:op alter_column films.seen int null
-- ashlar:op drop_column films.seen
-- ashlar:op rename_column films.primary title
-- ashlar:op primary_key films (id, rating)
-- ashlar:op primary_key films ()
-- ashlar:op add_index i on films (rating)
-- ashlar:op add_unique u on films (rating)
-- ashlar:op drop_index u on films
-- ashlar:op add_foreign_key f on films (id) references films (id) on delete cascade
-- ashlar:op drop_foreign_key f on films
-- ashlar:op add_check c on films (rating >= 0)
-- ashlar:op drop_check c on films
-- ashlar:op search films (primary a, title d)
-- ashlar:op search films ()
-- ashlar:up

SELECT 1;

-- ashlar:down
SELECT 2;
`

const everyOpName = "migrations/20260131093000_every_op.sql"

func TestParse(t *testing.T) {
	t.Parallel()
	f, err := migrate.Parse(everyOpName, []byte(everyOp))
	if err != nil {
		t.Fatal(err)
	}
	films := schema.Table{
		Name: "films",
		Columns: []schema.Column{
			{Name: "id", Type: schema.Int, Auto: true},
			{Name: "index", Type: schema.Int, Null: true},
			{Name: "primary", Type: schema.Text, Size: 200, Default: "'it''s; -- '"},
			{Name: "rating", Type: schema.Float, Default: "-1.5e-3"},
			{Name: "poster", Type: schema.Bytes, Default: "x'00ff'"},
			{Name: "tags", Type: schema.Text.Array(), Null: true, Default: "'{}'"},
		},
		PrimaryKey: []string{"id"},
		Indexes: []schema.Index{
			{Name: "films_primary_key", Columns: []string{"primary", "rating"}, Unique: true},
			{Name: "index", Columns: []string{"index"}},
		},
		ForeignKeys: []schema.ForeignKey{{Name: "films_index_fkey", Columns: []string{"index"}, RefTable: "films", RefColumns: []string{"id"}, OnDelete: "setnull"}},
		Checks:      []schema.Check{{Name: "films_check", Expr: `(rating >= 0) or "index" is null`}},
		Search:      &schema.Search{Columns: []schema.SearchColumn{{Name: "primary", Weight: "a"}}, Language: "english"},
	}
	want := []schema.Op{
		schema.CreateTable{Table: films},
		schema.DropTable{Table: "a"},
		schema.RenameTable{Table: "a", To: "b"},
		schema.AddColumn{Table: "films", Column: schema.Column{Name: "seen", Type: schema.Bool, Default: "true"}},
		schema.AlterColumn{Table: "films", Column: schema.Column{Name: "seen", Type: schema.Int, Null: true}},
		schema.DropColumn{Table: "films", Column: "seen"},
		schema.RenameColumn{Table: "films", Column: "primary", To: "title"},
		schema.SetPrimaryKey{Table: "films", Columns: []string{"id", "rating"}},
		schema.SetPrimaryKey{Table: "films"},
		schema.AddIndex{Table: "films", Index: schema.Index{Name: "i", Columns: []string{"rating"}}},
		schema.AddIndex{Table: "films", Index: schema.Index{Name: "u", Columns: []string{"rating"}, Unique: true}},
		schema.DropIndex{Table: "films", Index: "u"},
		schema.AddForeignKey{Table: "films", ForeignKey: schema.ForeignKey{Name: "f", Columns: []string{"id"}, RefTable: "films", RefColumns: []string{"id"}, OnDelete: "cascade"}},
		schema.DropForeignKey{Table: "films", ForeignKey: "f"},
		schema.AddCheck{Table: "films", Check: schema.Check{Name: "c", Expr: "rating >= 0"}},
		schema.DropCheck{Table: "films", Check: "c"},
		schema.SetSearch{Table: "films", Search: &schema.Search{Columns: []schema.SearchColumn{{Name: "primary", Weight: "a"}, {Name: "title", Weight: "d"}}}},
		schema.SetSearch{Table: "films"},
	}
	if !reflect.DeepEqual(f.Ops, want) {
		t.Errorf("ops:\n got %+v\nwant %+v", f.Ops, want)
	}
	if f.Version != "20260131093000" || f.Name != "every_op" || !f.KeysOff || f.Up != "SELECT 1;" || f.Down != "SELECT 2;" {
		t.Errorf("file: got %q %q %v %q %q", f.Version, f.Name, f.KeysOff, f.Up, f.Down)
	}
	if f.Text() != everyOp {
		t.Errorf("text: got %q, want what was read", f.Text())
	}
	roundTrip(t, f)
}

// roundTrip fails unless f is read back from what it is printed as.
func roundTrip(t *testing.T, f *migrate.File) {
	t.Helper()
	printed := migrate.File{Version: f.Version, Name: f.Name, KeysOff: f.KeysOff, Ops: f.Ops, Up: f.Up, Down: f.Down}
	again, err := migrate.Parse(f.ID()+".sql", []byte(printed.Text()))
	if err != nil {
		t.Fatalf("parse what was printed: %v\n%s", err, printed.Text())
	}
	if !reflect.DeepEqual(again.Ops, f.Ops) {
		t.Errorf("ops of what was printed:\n got %+v\nwant %+v", again.Ops, f.Ops)
	}
	if again.Up != f.Up || again.Down != f.Down || again.KeysOff != f.KeysOff {
		t.Errorf("what was printed: got %q %q %v, want %q %q %v", again.Up, again.Down, again.KeysOff, f.Up, f.Down, f.KeysOff)
	}
	if again.Text() != printed.Text() {
		t.Errorf("text of what was printed: got %q, want %q", again.Text(), printed.Text())
	}
}

// badFiles are what Parse refuses, after the first line of the file.
var badFiles = []struct{ name, text string }{
	{"no header", "-- ashlar:up\nSELECT 1;\n"},
	{"another migration's header", "-- ashlar:migration 20260131093000_other\n-- ashlar:up\n"},
	{"no up section", header},
	{"SQL before the up section", header + "SELECT 1;\n-- ashlar:up\n"},
	{"down before up", header + "-- ashlar:down\n-- ashlar:up\n"},
	{"up twice", header + "-- ashlar:up\n-- ashlar:up\n"},
	{"op after up", header + "-- ashlar:up\n-- ashlar:op drop_table a\n"},
	{"text after up", header + "-- ashlar:up SELECT 1;\n"},
	{"unknown line", header + "-- ashlar:upp\n"},
	{"foreign_keys on", header + "-- ashlar:foreign_keys on\n"},
	{"unknown op", header + "-- ashlar:op add_colum films.stock int\n"},
	{"op of nothing", header + "-- ashlar:op\n"},
	{"no name", header + "-- ashlar:op drop_table\n"},
	{"quoted name", header + "-- ashlar:op drop_table \"films\"\n"},
	{"name with an umlaut", header + "-- ashlar:op drop_table fïlms\n"},
	{"column without table", header + "-- ashlar:op drop_column stock\n"},
	{"rest after an op", header + "-- ashlar:op drop_table films now\n"},
	{"unknown type", header + "-- ashlar:op add_column films.stock varchar\n"},
	{"unknown word after the type", header + "-- ashlar:op add_column films.stock int not null\n"},
	{"size without number", header + "-- ashlar:op add_column films.title text size=big\n"},
	{"default without value", header + "-- ashlar:op add_column films.title text default=\n"},
	{"string without end", header + "-- ashlar:op add_column films.title text default='a\n"},
	{"comment in an op", header + "-- ashlar:op drop_table films -- really\n"},
	{"index without columns", header + "-- ashlar:op add_index i on films ()\n"},
	{"unknown action", header + "-- ashlar:op add_foreign_key f on films (a) references b (c) on delete explode\n"},
	{"check without parentheses", header + "-- ashlar:op add_check c on films price > 0\n"},
	{"table without end", header + "-- ashlar:op create_table films (\n--   id int\n-- ashlar:up\n"},
	{"table with a wrong column", header + "-- ashlar:op create_table films (\n--   id int\n--   title string\n-- )\n-- ashlar:up\n"},
	{"other op in parentheses", header + "-- ashlar:op primary_key films (\n--   id\n-- )\n-- ashlar:up\n"},
	{"SQL string without end", header + "-- ashlar:up\nSELECT 1;\nSELECT 'a;\n"},
	{"trigger without end", header + "-- ashlar:up\nSELECT 1;\nCREATE TRIGGER t DELETE ON a BEGIN SELECT 1;\n"},
	{"transaction", header + "-- ashlar:up\nSELECT 1;\n  commit;\n"},
	{"foreign keys in SQL", header + "-- ashlar:up\nSELECT 1;\n-- ashlar:down\nPRAGMA foreign_keys = OFF;\n"},
	{"not UTF-8", header + "-- ashlar:up\nSELECT '\xff';\n"},
	{"zero byte", header + "-- ashlar:up\nSELECT 1;\x00\n"},
}

const header = "-- ashlar:migration 20260131093000_bad\n"

func TestParseErrors(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, bad := range badFiles {
		_, err := migrate.Parse("migrations/20260131093000_bad.sql", []byte(bad.text))
		if err == nil {
			t.Errorf("%s: got no error", bad.name)
		}
		fmt.Fprintf(&out, "## %s\n%v\n\n", bad.name, err)
	}
	for _, name := range []string{"add_stock.sql", "2026_add_stock.sql", "20261399093000_add_stock.sql", "20260131093000_Add-Stock.sql", "20260131093000_.sql"} {
		_, err := migrate.Parse(name, []byte(everyOp))
		fmt.Fprintf(&out, "## file name %s\n%v\n\n", name, err)
	}
	golden.Equal(t, "errors/parse.txt", out.String())
}

func TestFolders(t *testing.T) {
	t.Parallel()
	file := func(id, ops string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("-- ashlar:migration " + id + "\n" + ops + "-- ashlar:up\nSELECT 1;\n")}
	}
	var out strings.Builder
	for _, test := range []struct {
		name  string
		files fstest.MapFS
	}{
		{"no folder", fstest.MapFS{}},
		{"other files", fstest.MapFS{"migrations/README.md": {}, "migrations/old/x.sql": {}, "migrations/" + one + ".sql": file(one, "")}},
		{"one version twice", fstest.MapFS{"migrations/20260101000001_a.sql": file("20260101000001_a", ""), "migrations/20260101000001_b.sql": file("20260101000001_b", "")}},
		{"all problems at once", fstest.MapFS{"migrations/a.sql": {}, "migrations/20260101000001_b.sql": {}}},
		{"too large", fstest.MapFS{"migrations/" + one + ".sql": {Data: make([]byte, 1<<20+1)}}},
		{"op that does not fit", fstest.MapFS{
			"migrations/" + one + ".sql": file(one, "-- ashlar:op create_table films (\n--   id int\n-- )\n"),
			"migrations/" + two + ".sql": file(two, "-- ashlar:op drop_column films.title\n"),
		}},
		{"schema that cannot be", fstest.MapFS{
			"migrations/" + one + ".sql": file(one, "-- ashlar:op create_table films (\n--   id int\n-- )\n"),
			"migrations/" + two + ".sql": file(two, "-- ashlar:op add_foreign_key f on films (id) references studios (id)\n"),
		}},
	} {
		s, err := migrate.New(test.files, migrate.SQLite{}, clock(), migrate.Config{}).Replay()
		fmt.Fprintf(&out, "## %s\n%d tables, %v\n\n", test.name, len(s.Tables), err)
	}
	golden.Equal(t, "errors/folders.txt", out.String())
}

func FuzzParse(f *testing.F) {
	f.Add(everyOp)
	for _, bad := range badFiles {
		f.Add(strings.ReplaceAll(bad.text, "_bad", "_every_op"))
	}
	if data, err := os.ReadFile("testdata/files/alter.sql"); err == nil {
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := migrate.Parse(everyOpName, []byte(text))
		if err == nil {
			roundTrip(t, file)
		}
	})
}
