package modelgen_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/modelgen"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestGolden shows the generated code of a package that has everything.
func TestGolden(t *testing.T) {
	t.Parallel()
	text, err := modelgen.Generate("testdata/shop")
	want.NoErr(t, err)
	golden.Equal(t, "shop/models_gen.go", string(text))
	for range 5 {
		again, err := modelgen.Generate("testdata/shop")
		want.NoErr(t, err)
		want.Equal(t, string(again), string(text))
	}
}

// TestFresh: the models that the tests of package db use.
func TestFresh(t *testing.T) {
	t.Parallel()
	const dir = "../../db/internal/reel"
	text, err := modelgen.Generate(dir)
	want.NoErr(t, err)
	old, err := os.ReadFile(filepath.Join(dir, modelgen.File))
	want.NoErr(t, err)
	if string(text) != string(old) {
		t.Errorf("%s is not up to date; run \"go run ./cmd/ashlar generate db/internal/reel\"", filepath.Join(dir, modelgen.File))
	}
}

// build compiles testdata/shop with some of its files replaced or added, and
// returns what the compiler said.
func build(t *testing.T, files map[string]string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range files {
		path := filepath.Join(dir, name)
		want.NoErr(t, os.WriteFile(path, []byte(text), 0o644))
		original, err := filepath.Abs(filepath.Join("testdata", "shop", name))
		want.NoErr(t, err)
		replace[original] = path
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	want.NoErr(t, err)
	file := filepath.Join(dir, "overlay.json")
	want.NoErr(t, os.WriteFile(file, overlay, 0o644))
	args := append([]string{"build", "-overlay", file}, append(flags, "./testdata/shop")...)
	out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return string(out)
}

// TestStale: a struct that was changed after its file was generated does not
// compile, and the compiler names it and says what to do.
func TestStale(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("testdata/shop/shop.go")
	want.NoErr(t, err)
	for _, test := range []struct{ name, old, new string }{
		{"other type", "Stock     int64", "Stock     int32"},
		{"other named type", "Price     Cents", "Price     int64"},
		{"now a pointer", "Title     string", "Title     *string"},
		{"added", "InShop    bool", "Director string\n\tInShop    bool"},
		{"removed", "	Released  *time.Time\n", ""},
		{"renamed", "Slug      string", "Short      string"},
		{"other order", "	Rating    *float64\n	Released  *time.Time\n", "	Released  *time.Time\n	Rating    *float64\n"},
		{"not exported", "loaded bool", "loaded int"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(string(source), test.old, test.new, 1)
			if changed == string(source) {
				t.Fatalf("%q is not in the source", test.old)
			}
			want.Contains(t, build(t, map[string]string{"shop.go": changed}),
				"cannot convert Film{} (value of struct type Film) to type filmAtLastGenerate")
		})
	}
	want.Equal(t, build(t, nil), "")
}

// TestMistakes: what the compiler refuses in queries.
func TestMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct{ code, want string }{
		{`Films.Pirce.GT(1)`, "Films.Pirce undefined"},
		{`Films.Price.GT("10")`, `cannot use "10" (untyped string constant) as Cents value in argument to Films.Price.GT`},
		{`Films.Price.GT(int64(10))`, "cannot use int64(10) (constant 10 of type int64) as Cents value"},
		{`Films.Title.Add(1)`, "Films.Title.Add undefined"},
		{`Films.Title.IsNull()`, "Films.Title.IsNull undefined"},
		{`Films.Price.SetNull()`, "Films.Price.SetNull undefined"},
		{`Films.Genre.Eq(3)`, "cannot use 3 (untyped int constant) as Genre value"},
		{`Films.InShop.GT(true)`, "Films.InShop.GT undefined"},
		{`Films.Released.Eq("2026-11-22")`, "value in argument to Films.Released.Eq"},
		{`Films.Get(nil, "a")`, `cannot use "a" (untyped string constant) as int64 value in argument to Films.Get`},
		{`Films.Insert(nil, &Order{})`, "cannot use &Order{}"},
		{`Films.Where(Films.Price.Asc())`, "as db.Cond value"},
		{`Films.Where(true)`, "as db.Cond value"},
		{`Films.Everywhere().Update(nil, Films.Price.Eq(1))`, "as db.Assign value"},
		{`OrderLines.Film().Pirce.GT(1)`, "OrderLines.Film().Pirce undefined"},
		{`OrderLines.Film().Price.GT("10")`, `cannot use "10" (untyped string constant) as Cents value in argument to OrderLines.Film().Price.GT`},
		{`OrderLines.Book()`, "OrderLines.Book undefined"},
		{`Films.Lines().Quantity.GT(1)`, "Films.Lines().Quantity undefined"},
		{`Films.With(Films.Price)`, "as db.Rel value"},
		{`Films.With(Films.Lines)`, "as db.Rel value"},
		{`Films.Where(Films.Lines().Count())`, "as db.Cond value"},
		{`Films.Price.Avg().To(new(float64))`, "as **float64 value"},
		{`Films.Price.To(new(int64))`, "as *Cents value"},
		{`Films.Stock.SetTo(Films.Title)`, "as db.Expr[int64] value"},
	}
	source := "package shop\n\nfunc _() {\n"
	for _, test := range tests {
		source += "\t" + test.code + "\n"
	}
	got := build(t, map[string]string{"query.go": source + "}\n"}, "-gcflags=-e")
	page := ""
	for i, test := range tests {
		_, said, _ := strings.Cut(got, fmt.Sprintf("query.go:%d:", 4+i))
		said, _, _ = strings.Cut(said, "\n")
		if !strings.Contains(said, test.want) {
			t.Errorf("%s: got %q, want %q", test.code, said, test.want)
		}
		page += test.code + "\n\t" + strings.TrimSpace(said[strings.Index(said, ":")+1:]) + "\n\n"
	}
	golden.Equal(t, "mistakes.txt", page)
}

// generate writes files into a folder of their own and generates there. Paths
// in the result begin at the folder.
func generate(t *testing.T, files map[string]string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		want.NoErr(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	text, err := modelgen.Generate(dir)
	if err != nil {
		err = errors.New(strings.ReplaceAll(err.Error(), filepath.ToSlash(dir)+"/", ""))
	}
	return string(text), err
}

// TestErrors shows what is said of packages that nothing can be generated for.
func TestErrors(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, source := range []string{
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tPoster image.Image\n}",
		"import \"image\"\n\n//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tPoster image.Image\n\tN uint64\n\tM map[string]int\n\tF func()\n\tP **int\n\tA [4]byte\n\tS []string\n\tI any\n\tX Missing\n}",
		"import \"time\"\n\ntype Cents Money\ntype Money Cents\ntype Point struct{ X, Y int }\ntype Ptr *int\ntype Box[T any] struct{ V T }\ntype When time.Time\n\n//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA Cents\n\tB Point\n\tC Ptr\n\tD Box[int]\n\tE When\n}",
		"type Base struct{ ID int64 }\n\n//ashlar:model\ntype Film struct {\n\tBase\n\tTitle string\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID *int64 `db:\"pk\"`\n\tRate float64 `db:\"pk\"`\n\tTable string\n\tGet int\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk=1\"`\n\tA int `db:\"sise=3\"`\n\tB int `db:\"size=3\"`\n\tC string `db:\"size=x\"`\n\tD string `db:\"index=by title\"`\n\tE int64 `db:\"references=films\"`\n\tF int64 `db:\"ondelete=cascade\"`\n\tG int64 `db:\"references=films.id,ondelete=setnull\"`\n\tH int64 `db:\"references=films.nothing,ondelete=explode\"`\n\tI int `db:\"check\"`\n\tJ int `db:pk`\n\tk int `db:\"index\"`\n\tL string `db:\"column=Title\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA int `db:\"default=x\"`\n\tB bool `db:\"default=1\"`\n\tC []byte `db:\"default=x\"`\n\tD float64 `db:\"default=NaN\"`\n\tE int `db:\"references=films.nothing\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tTitle string\n\tName string `db:\"column=title\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA string `db:\"unique=both\"`\n\tB string `db:\"index=both\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA string `db:\"index=both\"`\n}\n\n//ashlar:model table=films\ntype Movie struct {\n\tID int64 `db:\"pk\"`\n\tA string `db:\"index=both\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA string\n}\n\nvar Films int\n\nfunc newFilmTable() {}",
		"//ashlar:model tabel=films\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA string\n}\n\n//ashlar:model\ntype Number int\n\n//ashlar:model\ntype Box[T any] struct{ V T }\n\n//ashlar:model\n\ntype Far struct{}\n\n//ashlar:model\nfunc f() {}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tGenre *Genre\n\tMain *Genre `db:\"rel=MainID\"`\n\tMainID string\n\tLines []*Line\n\tTags []*Genre `db:\"through=Missing\"`\n\tOther []*Genre `db:\"through=Line\"`\n\tNotes []*Genre `db:\"poly=Subject\"`\n\tLast *Line `db:\"has=FilmID\"`\n}\n\n//ashlar:model\ntype Genre struct {\n\tID int64 `db:\"pk\"`\n\tName string\n}\n\n//ashlar:model\ntype Line struct {\n\tID int64 `db:\"pk\"`\n\tN int64 `db:\"ondelete=cascade\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tParentID int64 `db:\"ondelete=setnull\"`\n\tParent *Film\n\tInsert int\n\tVia int\n}\n\nfunc (f *Film) LoadedParent() {}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tParentID *int64\n\tParent *Film\n}\n\nfunc (f *Film) LoadedParent() {}",
		"//ashlar:model hooks=missing\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA int `db:\"softdelete\"`\n\tB string `db:\"version\"`\n\tC int64 `db:\"created\"`\n\tD bool `db:\"createdby\"`\n\tE int `db:\"version,created\"`\n\tF int `db:\"version=1\"`\n}",
		"//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tA int `db:\"version\"`\n\tB int `db:\"version\"`\n}",
		"type Film struct{",
		"type Film struct{}",
	} {
		_, err := generate(t, map[string]string{"film.go": "package films\n\n" + source + "\n"})
		fmt.Fprintf(&b, "%s\n\n%v\n\n\n", source, err)
	}
	golden.Equal(t, "errors.txt", b.String())
}

// TestUnfinished: the package does not compile, as it does not while its
// queries are written first.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	text, err := generate(t, map[string]string{
		"film.go":      "package films\n\n//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tTitle string\n}\n\nfunc f() { Films.Where(undefined.Title.Eq(1, 2)).All() }\n",
		"film_test.go": "package films_test\n\n//ashlar:model\ntype Wrong struct{}\n",
		"tool.go":      "//go:build ignore\n\npackage main\n\n//ashlar:model\ntype Wrong struct{}\n",
		modelgen.File:  "package films\n\nthis is broken {",
	})
	want.NoErr(t, err)
	want.Contains(t, text, "type FilmTable struct {", `{Name: "title", Type: schema.Text},`)
	if strings.Contains(text, "Wrong") {
		t.Error("got a model of a test or of a file that is ignored")
	}
}

// TestImports: names that the package has already are not imported.
func TestImports(t *testing.T) {
	t.Parallel()
	text, err := generate(t, map[string]string{
		"film.go": "package films\n\nimport (\n\tclock \"time\"\n\n\t\"example.com/image/v2\"\n)\n\nvar db, schema int\n\n//ashlar:model\ntype Film struct {\n\tID clock.Duration `db:\"pk\"`\n\tAt *clock.Time\n\tPoster *image.Picture `db:\"-\"`\n}\n",
	})
	want.NoErr(t, err)
	want.Contains(t, text,
		`ashlardb "github.com/ashlar-go/ashlar/db"`, `ashlarschema "github.com/ashlar-go/ashlar/db/schema"`,
		`"github.com/ashlar-go/ashlar/db/engine"`, `clock "time"`, `image "example.com/image/v2"`,
		"ID ashlardb.Num[clock.Duration]", "At ashlardb.NullTime", "Poster *image.Picture", "key clock.Duration")
}

// TestOtherPackage: a relation with another package, which gets the reverse.
func TestOtherPackage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":       "module example.com/app\n\ngo 1.26\n",
		"auth/auth.go": "package auth\n\n//ashlar:model\ntype User struct {\n\tID int64 `db:\"pk\"`\n\tName string\n}\n",
		"blog/blog.go": "package blog\n\nimport \"example.com/app/auth\"\n\n//ashlar:model\ntype Post struct {\n\tID int64 `db:\"pk\"`\n\tUserID int64\n\tEditorID *int64\n\tUser *auth.User\n\tEditor *auth.User\n}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		want.NoErr(t, os.MkdirAll(filepath.Dir(path), 0o755))
		want.NoErr(t, os.WriteFile(path, []byte(text), 0o644))
	}
	text, err := modelgen.Generate(filepath.Join(dir, "blog"))
	want.NoErr(t, err)
	want.Contains(t, string(text), `"example.com/app/auth"`,
		"func (c *PostColumns) User() *auth.UserColumns { return auth.NewUserColumns(db.Follow(c.Via, 0)) }",
		`db.Link{Name: "User", To: auth.Users, From: []string{"user_id"}, Key: []string{"id"}},`,
		"var UserPostsByEditor = db.Reverse(auth.Users, db.Link{",
		`{Columns: []string{"editor_id"}, RefTable: "users", RefColumns: []string{"id"}},`)
}

// TestModule: a field may have a type of another package of the module.
func TestModule(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module example.com/shop\n\ngo 1.26\n",
		"money/money.go":   "package money\n\nimport \"example.com/shop/base\"\n\ntype Cents base.Number\n\ntype Point struct{}\n",
		"base/base.go":     "package base\n\ntype Number int32\n",
		"orders/orders.go": "package orders\n\nimport \"example.com/shop/money\"\n\n//ashlar:model\ntype Order struct {\n\tID int64 `db:\"pk\"`\n\tTotal money.Cents\n\tTip *money.Cents\n}\n",
		"wrong/wrong.go":   "package wrong\n\nimport \"example.com/shop/money\"\n\n//ashlar:model\ntype Order struct {\n\tID int64 `db:\"pk\"`\n\tA money.Point\n\tB money.Missing\n}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		want.NoErr(t, os.MkdirAll(filepath.Dir(path), 0o755))
		want.NoErr(t, os.WriteFile(path, []byte(text), 0o644))
	}
	text, err := modelgen.Generate(filepath.Join(dir, "orders"))
	want.NoErr(t, err)
	want.Contains(t, string(text), "Total db.Num[money.Cents]", "p.Total = money.Cents(row.Int(32))",
		"p.Tip = new(money.Cents(row.Int(32)))", `"example.com/shop/money"`)
	_, err = modelgen.Generate(filepath.Join(dir, "wrong"))
	want.Contains(t, err.Error(), "Order.A: type Point is a struct", "Order.B: type money.Missing is not declared in example.com/shop/money")
}
