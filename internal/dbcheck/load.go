package dbcheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// listed is a package as the go command tells of it.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	ImportMap               map[string]string
	Deps                    []string
	DepOnly, Standard       bool
	Error                   *struct{ Pos, Err string }
}

// list asks the go command, in dir, for the packages that patterns name and
// for all that these import.
func list(dir string, patterns []string) ([]listed, error) {
	args := append([]string{"list", "-e", "-export", "-deps",
		"-json=ImportPath,Dir,Export,GoFiles,ImportMap,Deps,DepOnly,Standard,Error", "--"}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// A loader makes packages of source whose imports come from export data.
type loader struct {
	dir   string // that places are relative to
	fset  *token.FileSet
	files map[string]string // import path → file of export data
	gc    types.Importer
}

func newLoader(dir string, all []listed) *loader {
	l := &loader{dir: dir, fset: token.NewFileSet(), files: map[string]string{}}
	for _, p := range all {
		l.files[p.ImportPath] = p.Export
	}
	l.gc = importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) {
		if l.files[path] == "" {
			return nil, fmt.Errorf("import %q: it does not compile", path)
		}
		return os.Open(l.files[path])
	})
	return l
}

// imports is the types.Importer of one package, which may name others by
// another path than theirs.
type imports struct {
	*loader
	names map[string]string
}

func (i imports) Import(path string) (*types.Package, error) {
	if name, ok := i.names[path]; ok {
		path = name
	}
	return i.gc.Import(path)
}

// load parses and checks one package. Its mistakes, if it has any, are those
// of a package that does not compile.
func (l *loader) load(p listed) (*checker, []Problem) {
	c := &checker{loader: l, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	var bad []Problem
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(l.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, []Problem{{Text: err.Error()}}
		}
		c.files = append(c.files, f)
	}
	config := types.Config{Importer: imports{l, p.ImportMap}, Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) && !e.Soft {
			bad = append(bad, Problem{Place: l.place(e.Pos), Text: e.Msg})
		}
	}}
	c.pkg, _ = config.Check(p.ImportPath, l.fset, c.files, c.info) // config.Error has them all
	if len(bad) > 0 {
		return nil, bad
	}
	return c, nil
}

// place returns where pos is, as editors read it.
func (l *loader) place(pos token.Pos) string {
	at := l.fset.Position(pos)
	if name, err := filepath.Rel(l.dir, at.Filename); err == nil && !strings.HasPrefix(name, "..") {
		at.Filename = filepath.ToSlash(name)
	}
	return at.String()
}

// A Problem is one mistake.
type Problem struct {
	Place string // file:line:column
	Text  string // what is wrong
	Mend  string // what to write instead, "" if that is not known
}

// String returns the problem on one line.
func (p Problem) String() string {
	s := p.Text
	if p.Place != "" {
		s = p.Place + ": " + s
	}
	if p.Mend != "" {
		s += "; " + p.Mend
	}
	return s
}

// A Result is what Check found.
type Result struct {
	Dirs     []string // of the packages, absolute
	Problems []Problem
}

// Check checks the packages that patterns name as the go command does, in dir;
// their tests are not part of it. It returns an error when it could not look.
func Check(dir string, patterns ...string) (Result, error) {
	var r Result
	dir, err := filepath.Abs(dir)
	if err != nil {
		return r, err
	}
	all, err := list(dir, patterns)
	if err != nil {
		return r, err
	}
	l := newLoader(dir, all)
	for _, p := range all {
		if p.DepOnly {
			continue
		}
		if p.Dir != "" {
			r.Dirs = append(r.Dirs, p.Dir)
		}
		switch {
		case p.Error != nil && len(p.GoFiles) == 0:
			r.Problems = append(r.Problems, Problem{Text: strings.TrimSpace(p.Error.Err)})
			continue
		case p.Error == nil && !slices.Contains(p.Deps, dbPath):
			continue
		}
		c, bad := l.load(p)
		if c != nil {
			bad = c.check()
		}
		r.Problems = append(r.Problems, bad...)
	}
	return r, nil
}
