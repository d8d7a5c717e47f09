package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ashlar-go/ashlar/internal/dbcheck"
	"github.com/ashlar-go/ashlar/internal/modelgen"
)

const checkUsage = `Usage: ashlar check [package …]

Reads the source of packages, such as ./..., and reports each use of a column,
a condition or a relation in a query on another table, which would be refused
when it is run: file:line:column, both tables, and what to write instead. A
` + modelgen.File + ` that is not what "ashlar generate" would write is reported too.
Without packages, it is the one in the current folder; their tests are not read.

What it cannot follow, such as a condition that a function returns, it takes to
be right. It ends with 1 when it found something.
`

// check is the command that reads the queries of an app.
func check(args []string, out, errOut io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.Usage = func() { fmt.Fprint(errOut, checkUsage) }
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	patterns := flags.Args()
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	result, err := dbcheck.Check(".", patterns...)
	if err != nil {
		return err
	}
	found := len(result.Problems)
	for _, dir := range result.Dirs {
		if err := generateIn(folder{path: relative(dir), below: true}, true, out); err != nil {
			found++
			fmt.Fprintln(out, err)
		}
	}
	for _, p := range result.Problems {
		fmt.Fprintln(out, p)
	}
	switch found {
	case 0:
		return nil
	case 1:
		return errors.New("1 mistake")
	}
	return fmt.Errorf("%d mistakes", found)
}

// relative returns dir as it is called from the current folder.
func relative(dir string) string {
	here, err := os.Getwd()
	if err != nil {
		return dir
	}
	if name, err := filepath.Rel(here, dir); err == nil && filepath.IsLocal(name) {
		return name
	}
	return dir
}
