package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/modelgen"
)

const generateUsage = `Usage: ashlar generate [-check] [folder …]
       ashlar generate --from URL [--force] [folder]

Writes ` + modelgen.File + ` in each folder whose Go package marks structs with
//ashlar:model. A folder that ends in /... stands for itself and all folders
below. Without any, it is the current folder. A folder migrations that the
package embeds is made, so that it compiles before the first migration.

With --from it first writes ` + modelgen.SourceFile + `: models for the tables of a database that
is there, such as sqlite:app.db or postgres://user:password@host/name.

  -check  write nothing; fail if a file is not what would be written
  -from   the URL of a SQLite, PostgreSQL or MariaDB database
  -force  with -from, replace a ` + modelgen.SourceFile + ` that is there
`

// generate is the command that writes models_gen.go.
func generate(args []string, out, errOut io.Writer) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.Usage = func() { fmt.Fprint(errOut, generateUsage) }
	check := flags.Bool("check", false, "")
	from := flags.String("from", "", "")
	force := flags.Bool("force", false, "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	switch {
	case *from != "" && !*check && flags.NArg() <= 1 && !strings.HasSuffix(flags.Arg(0), "..."):
		return generateFrom(*from, cmp.Or(flags.Arg(0), "."), *force, out)
	case *from != "" || *force:
		flags.Usage()
		return errUsage
	}
	dirs, err := folders(flags.Args())
	if err != nil {
		return err
	}
	var bad errs.List
	for _, d := range dirs {
		bad.Add(generateIn(d, *check, out))
	}
	return bad.Err()
}

// A folder is one to generate in.
type folder struct {
	path  string
	below bool // found below one that was named: it need not have models
}

// folders returns the folders that the arguments name.
func folders(args []string) ([]folder, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var list []folder
	for _, arg := range args {
		root, below := strings.CutSuffix(filepath.ToSlash(arg), "...")
		if !below {
			list = append(list, folder{path: arg})
			continue
		}
		root = filepath.Clean(strings.TrimSuffix(root, "/"))
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.IsDir() {
				return err
			}
			if name := e.Name(); path != root && (name == "testdata" || name == "vendor" || name == "node_modules" ||
				strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
				return filepath.SkipDir
			}
			list = append(list, folder{path: path, below: true})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// generateIn writes or checks the generated file of one folder.
func generateIn(d folder, check bool, out io.Writer) error {
	if !check {
		if err := keepEmbedded(d.path, out); err != nil {
			return err
		}
	}
	path := filepath.Join(d.path, modelgen.File)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := modelgen.Generate(d.path)
	switch {
	case errors.Is(err, modelgen.ErrNoModels) && old != nil:
		return fmt.Errorf("%s: %w any more; delete the file", path, err)
	case errors.Is(err, modelgen.ErrNoModels) && d.below:
		return nil
	case errors.Is(err, modelgen.ErrNoModels):
		return fmt.Errorf("%s: %w", d.path, err)
	case err != nil:
		return err
	case bytes.Equal(old, text):
		return nil
	case check:
		return fmt.Errorf("%s is not up to date; run \"ashlar generate %s\"", path, d.path)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "wrote %s\n", path)
	return nil
}
