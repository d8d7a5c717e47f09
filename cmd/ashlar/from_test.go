package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/modelgen"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// fill runs a script of statements in the database at url.
func fill(t *testing.T, url, script string) {
	t.Helper()
	d, err := db.Open(db.Config{URL: url}, sqlite.Driver, postgres.Driver, mariadb.Driver)
	want.NoErr(t, err)
	defer d.Close()
	_, err = db.Exec(db.NewContext(t.Context(), d), script)
	want.NoErr(t, err)
}

// TestFrom writes the models of databases that scripts made, and lets a program
// that was compiled with the same ones work on them.
func TestFrom(t *testing.T) {
	t.Parallel()
	app := sync.OnceValues(func() (string, error) {
		file := filepath.Join(t.TempDir(), "app")
		out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, "./testdata/from/app").CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("%w: %s", err, out)
		}
		return file, nil
	})
	for engine, database := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "cinema.db") },
		"postgres": func(t *testing.T) string { return realdb.Postgres(t) },
		"mariadb":  func(t *testing.T) string { return realdb.MariaDB(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			script, err := os.ReadFile("testdata/from/" + engine + ".sql")
			want.NoErr(t, err)
			url := database(t)
			fill(t, url, string(script))
			dir := filepath.Join(t.TempDir(), engine)
			out, errOut, code := call("generate", "--from", url, dir)
			want.Equal(t, errOut, "")
			want.Equal(t, code, 0)
			want.Equal(t, out, "wrote "+filepath.Join(dir, modelgen.SourceFile)+"\nwrote "+filepath.Join(dir, modelgen.File)+"\n")
			for _, name := range []string{modelgen.SourceFile, modelgen.File} {
				text, err := os.ReadFile(filepath.Join(dir, name))
				want.NoErr(t, err)
				golden.Equal(t, "from/"+engine+"/"+name, string(text))
			}

			program, err := app()
			want.NoErr(t, err)
			got, err := exec.CommandContext(t.Context(), program, url).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, got)
			}
			want.Equal(t, string(got), "Tokyo Story by Shochiku, tagged [drama], in its studio's list: 1; gone: 1\n")
		})
	}
}

// TestFromHostile reads names that mean something to SQL or to Go.
func TestFromHostile(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("testdata/from/hostile.sql")
	want.NoErr(t, err)
	url := "sqlite:" + filepath.Join(t.TempDir(), "hostile.db")
	fill(t, url, string(script))
	dir := filepath.Join(t.TempDir(), "hostile")
	_, errOut, code := call("generate", "--from", url, dir)
	want.Equal(t, errOut, "")
	want.Equal(t, code, 0)
	text, err := os.ReadFile(filepath.Join(dir, modelgen.SourceFile))
	want.NoErr(t, err)
	golden.Equal(t, "from/hostile.txt", string(text))
}

func TestFromRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url := "sqlite:" + filepath.Join(dir, "a.db")
	fill(t, url, "CREATE TABLE films (id INTEGER PRIMARY KEY, title TEXT)")
	write(t, "package films\n", dir, modelgen.SourceFile)

	_, errOut, code := call("generate", "--from", url, dir)
	want.Contains(t, errOut, modelgen.SourceFile+" is there already; pass --force to write it anew")
	want.Equal(t, code, 1)
	_, errOut, code = call("generate", "--from", url, "--force", dir)
	want.Equal(t, errOut, "")
	want.Equal(t, code, 0)

	missing := filepath.Join(dir, "no.db")
	_, errOut, code = call("generate", "--from", "sqlite:"+missing, filepath.Join(dir, "new"))
	want.Contains(t, errOut, "there is no file", "no.db")
	want.Equal(t, code, 1)
	if _, err := os.Stat(missing); err == nil {
		t.Error("got a new database")
	}
	fill(t, "sqlite:"+missing, "CREATE TABLE log (line TEXT)")
	_, errOut, code = call("generate", "--from", "sqlite:"+missing, filepath.Join(dir, "new"))
	want.Contains(t, errOut, "the database has no table that can be a model\n\tThe table log: it has no primary key.")
	want.Equal(t, code, 1)

	for _, args := range [][]string{{"--force"}, {"--from", url, "a", "b"}, {"--from", url, "-check"}, {"--from", url, "./..."}} {
		_, _, code = call(append([]string{"generate"}, args...)...)
		want.Equal(t, code, 2)
	}
}

// TestFromKeepsSecrets: no error shows the password.
func TestFromKeepsSecrets(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://ann:se%63ret@127.0.0.1:1/reel", "postgres://127.0.0.1:1/reel?user=ann&password=secret",
		"mariadb://ann:secret@127.0.0.1:1/reel", "mariadb://ann:secret@127.0.0.1:1/", "sqlite://ann:secret@host/reel",
		"oracle://ann:secret@host/reel", "postgres://ann:sec%ret@127.0.0.1:1/reel", "postgres://ann:secret@[::1/reel",
	} {
		out, errOut, code := call("generate", "--from", url, t.TempDir())
		want.Equal(t, code, 1)
		for _, secret := range []string{"secret", "se%63ret", "sec%ret"} {
			if strings.Contains(out+errOut, secret) {
				t.Errorf("%s: got %s", url, out+errOut)
			}
		}
	}
}

// TestFromCapitals reads names that PostgreSQL keeps apart by case, and what
// the database says of tables and columns. The program that they make compiles
// and works.
func TestFromCapitals(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("testdata/from/capitals.sql")
	want.NoErr(t, err)
	url := realdb.Postgres(t)
	fill(t, url, string(script))
	fill(t, url, `INSERT INTO "Artist" VALUES (1, 'Accept'); INSERT INTO "Album" ("Title", "ArtistId") VALUES ('Restless', 1)`)
	dir, err := os.MkdirTemp("testdata/from", "capitals-") // of this module, so that it can be built
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, os.RemoveAll(dir)) })
	write(t, capitalsMain, dir, "main.go")
	_, errOut, code := call("generate", "--from", url, dir)
	want.Equal(t, errOut, "")
	want.Equal(t, code, 0)
	text, err := os.ReadFile(filepath.Join(dir, modelgen.SourceFile))
	want.NoErr(t, err)
	golden.Equal(t, "from/capitals.txt", string(text))
	got, err := exec.CommandContext(t.Context(), "go", "run", "./"+dir, url).CombinedOutput()
	want.Equal(t, string(got), "Restless by Accept, 1 of it; kept\n")
	want.NoErr(t, err)
}

const capitalsMain = `package main

import (
	"context"
	"fmt"
	"os"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/migrate"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/db/schema"
)

func main() {
	d, err := db.Open(db.Config{URL: os.Args[1]}, postgres.Driver)
	check(err)
	defer d.Close()
	ctx := db.NewContext(context.Background(), d)
	_, err = Albums.Where(Albums.Title.Eq("Restless")).Update(ctx, Albums.Stock.Add(1))
	check(err)
	album, err := Albums.Where(Albums.Artist().Name.Eq("Accept")).With(Albums.Artist()).First(ctx)
	check(err)
	fmt.Printf("%s by %s, %d of it; ", album.Title, *album.Artist.Name, album.Stock)

	// Migrations take such models, too.
	check(schema.Schema{Tables: Models()}.Validate())
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: Models()})
	check(err)
	plan, err := migrate.Postgres{}.Plan(schema.Schema{}, ops)
	check(err)
	check(d.WithConn(ctx, func(c db.Conn) error {
		_, err := c.Exec(ctx, "CREATE SCHEMA other; SET search_path = other")
		for i := 0; i < len(plan.Statements) && err == nil; i++ {
			_, err = c.Exec(ctx, plan.Statements[i])
		}
		if err != nil {
			return err
		}
		made, err := migrate.Postgres{}.Inspect(ctx, c)
		if err != nil {
			return err
		}
		ops, err := schema.Diff(made, schema.Schema{Tables: Models()})
		if len(ops) > 0 {
			fmt.Println(ops)
		}
		return err
	}))
	fmt.Println("kept")
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
`
