package main // run is what main is made of, and a command has no other door

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/modelgen"
	"github.com/ashlar-go/ashlar/internal/want"
)

// call runs a command line and returns what it said and its exit code.
func call(args ...string) (out, errOut string, code int) {
	var o, e strings.Builder
	code = run(args, &o, &e)
	return o.String(), e.String(), code
}

func TestHelp(t *testing.T) {
	t.Parallel()
	out, errOut, code := call("help")
	golden.Equal(t, "help.txt", out)
	want.Equal(t, errOut, "")
	want.Equal(t, code, 0)
	_, errOut, code = call("generate", "-h")
	golden.Equal(t, "generate_help.txt", errOut)
	want.Equal(t, code, 0)
	_, errOut, code = call("check", "-h")
	golden.Equal(t, "check_help.txt", errOut)
	want.Equal(t, code, 0)
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "Usage: ashlar <command>"},
		{[]string{"genrate"}, `no command "genrate"; run "ashlar help" for a list`},
		{[]string{"generate", "-chek"}, "Usage: ashlar generate"},
		{[]string{"check", "-fix"}, "Usage: ashlar check"},
	} {
		out, errOut, code := call(test.args...)
		want.Equal(t, out, "")
		want.Contains(t, errOut, test.want)
		want.Equal(t, code, 2)
	}
}

const filmSource = "package films\n\n//ashlar:model\ntype Film struct {\n\tID int64 `db:\"pk\"`\n\tTitle string `db:\"size=200\"`\n}\n"

func write(t *testing.T, text string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	want.NoErr(t, os.MkdirAll(filepath.Dir(file), 0o755))
	want.NoErr(t, os.WriteFile(file, []byte(text), 0o644))
}

// TestGenerate goes through the life of a generated file.
func TestGenerate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filmSource, dir, "film.go")
	generated := filepath.Join(dir, modelgen.File)

	_, errOut, code := call("generate", "--check", dir)
	want.Equal(t, errOut, "ashlar generate: "+generated+" is not up to date; run \"ashlar generate "+dir+"\"\n")
	want.Equal(t, code, 1)
	if _, err := os.Stat(generated); err == nil {
		t.Error("got a file from -check")
	}
	out, errOut, code := call("generate", dir)
	want.Equal(t, out+errOut, "wrote "+generated+"\n")
	want.Equal(t, code, 0)
	out, errOut, code = call("generate", dir) // nothing changed: the file is not touched
	want.Equal(t, out+errOut, "")
	want.Equal(t, code, 0)
	_, _, code = call("generate", "-check", dir)
	want.Equal(t, code, 0)

	// A tag is not part of the struct's shape: only -check sees it.
	write(t, strings.Replace(filmSource, "200", "300", 1), dir, "film.go")
	_, _, code = call("generate", "-check", dir)
	want.Equal(t, code, 1)

	write(t, "package films\n", dir, "film.go")
	_, errOut, code = call("generate", dir)
	want.Contains(t, errOut, "no struct is marked //ashlar:model any more; delete the file")
	want.Equal(t, code, 1)
	want.NoErr(t, os.Remove(generated))
	_, errOut, code = call("generate", dir)
	want.Contains(t, errOut, "no struct is marked //ashlar:model")
	want.Equal(t, code, 1)

	write(t, strings.Replace(filmSource, "`db:\"pk\"`", "", 1), dir, "film.go")
	_, errOut, code = call("generate", dir)
	want.Contains(t, errOut, "ashlar generate: Film has no primary key\n\tat ", "film.go:4\n", "see docs/errors.md#A1521")
	want.Equal(t, code, 1)
	_, errOut, code = call("generate", filepath.Join(dir, "missing"))
	want.Contains(t, errOut, "missing: no such file or directory")
	want.Equal(t, code, 1)
}

// TestGenerateKeepsFolder: a package that embeds migrations compiles before
// there are any.
func TestGenerateKeepsFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filmSource, dir, "film.go")
	write(t, "package films\n\nimport \"embed\"\n\n//go:embed all:migrations \"templates\" ../migrations\nvar files embed.FS\n", dir, "module.go")
	out, errOut, code := call("generate", "-check", dir)
	want.Equal(t, out, "")
	want.Contains(t, errOut, "is not up to date")
	want.Equal(t, code, 1)
	out, errOut, code = call("generate", dir)
	want.Equal(t, out+errOut, "wrote "+filepath.Join(dir, "migrations", "README.md")+"\nwrote "+filepath.Join(dir, modelgen.File)+"\n")
	want.Equal(t, code, 0)
	want.NoErr(t, os.Rename(filepath.Join(dir, "migrations", "README.md"), filepath.Join(dir, "migrations", "20260101000000_a.sql")))
	out, errOut, code = call("generate", dir)
	want.Equal(t, out+errOut, "")
	want.Equal(t, code, 0)
}

func TestGenerateBelow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, path := range []string{"a/film.go", "a/b/film.go", "testdata/film.go", ".hidden/film.go", "vendor/film.go"} {
		write(t, filmSource, dir, path)
	}
	write(t, "package none\n", dir, "none", "none.go")
	out, errOut, code := call("generate", dir+"/...")
	want.Equal(t, errOut, "")
	want.Equal(t, out, "wrote "+filepath.Join(dir, "a", modelgen.File)+"\nwrote "+filepath.Join(dir, "a", "b", modelgen.File)+"\n")
	want.Equal(t, code, 0)
}

// TestCheck finds wrong queries and stale generated code.
func TestCheck(t *testing.T) {
	t.Parallel()
	out, errOut, code := call("check", "../../db/internal/reel/testdata/right", "../../db/internal/reel")
	want.Equal(t, out+errOut, "")
	want.Equal(t, code, 0)
	out, errOut, code = call("check", "../../db/internal/reel/testdata/mistakes")
	want.Contains(t, out, "mistakes.go:19:21: Reviews.Stars of reel.Reviews used in a query on reel.Films; ask the relation: reel.Films.Reviews().Any(…)\n")
	want.Equal(t, errOut, "ashlar check: 25 mistakes\n")
	want.Equal(t, code, 1)

	dir, err := os.MkdirTemp("testdata", "check-") // of this module, so that it has a package's path
	want.NoErr(t, err)
	t.Cleanup(func() { want.NoErr(t, os.RemoveAll(dir)) })
	write(t, filmSource, dir, "film.go")
	out, errOut, code = call("check", "./"+dir)
	want.Contains(t, out, filepath.Join(dir, modelgen.File)+" is not up to date; run \"ashlar generate "+dir+"\"\n")
	want.Equal(t, errOut, "ashlar check: 1 mistake\n")
	want.Equal(t, code, 1)
}
