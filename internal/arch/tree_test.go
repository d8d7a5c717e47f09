package arch_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A tree is a module's source as the rules see it: every Go file parsed, every
// package type-checked. It is read from an fs.FS, so that the rules' own tests
// can be small archives.
type tree struct {
	fsys   fs.FS
	module string
	fset   *token.FileSet
	pkgs   map[string]*pkg // by folder; "." is the root package
}

// A pkg is one folder of Go files.
type pkg struct {
	dir   string
	name  string
	files []*source // what is shipped
	tests []*source // _test.go

	types    *types.Package
	info     *types.Info
	problems []error // why it does not compile
	checking bool
}

// A source is one Go file.
type source struct {
	path      string
	ast       *ast.File
	lines     int
	generated bool
	built     bool // part of the build on this system, without extra tags
}

// load reads the module at the root of fsys. Files that do not parse are an
// error; packages that do not compile are not, see compiles.
func load(fsys fs.FS) (*tree, error) {
	t := &tree{fsys: fsys, fset: token.NewFileSet(), pkgs: map[string]*pkg{}}
	mod, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(mod)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			t.module = name
		}
	}
	err = fs.WalkDir(fsys, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && t.skipped(file, d):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(file, ".go"):
			return t.add(file)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := external.fetch(t.externalImports()); err != nil {
		return nil, err
	}
	for _, p := range t.sorted() {
		t.check(p)
	}
	return t, nil
}

// skipped reports whether the go command would not look into a folder either.
func (t *tree) skipped(dir string, d fs.DirEntry) bool {
	if dir == "." {
		return false
	}
	if strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") ||
		d.Name() == "testdata" || d.Name() == "vendor" || d.Name() == "node_modules" {
		return true
	}
	_, err := fs.Stat(t.fsys, path.Join(dir, "go.mod")) // a module of its own
	return err == nil
}

func (t *tree) add(file string) error {
	text, err := fs.ReadFile(t.fsys, file)
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(t.fset, file, text, parser.ParseComments)
	if err != nil {
		return err
	}
	dir := path.Dir(file)
	p := t.pkgs[dir]
	if p == nil {
		p = &pkg{dir: dir}
		t.pkgs[dir] = p
	}
	s := &source{path: file, ast: f, lines: bytes.Count(text, []byte("\n")), generated: ast.IsGenerated(f)}
	ctx := build.Default
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	if s.built, err = ctx.MatchFile(dir, path.Base(file)); err != nil {
		return err
	}
	if strings.HasSuffix(file, "_test.go") {
		p.tests = append(p.tests, s)
		return nil
	}
	p.name = f.Name.Name
	p.files = append(p.files, s)
	return nil
}

// check type-checks the shipped files of p, and what they import, once.
func (t *tree) check(p *pkg) {
	if p.types != nil || p.checking || len(p.files) == 0 {
		return
	}
	p.checking = true
	p.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: t, Error: func(err error) { p.problems = append(p.problems, err) }}
	var files []*ast.File
	for _, s := range p.files {
		if s.built {
			files = append(files, s.ast)
		}
	}
	p.types, _ = conf.Check(t.importPath(p.dir), t.fset, files, p.info)
}

// Import makes a tree a types.Importer: its own packages come from source, all
// others from the build cache.
func (t *tree) Import(importPath string) (*types.Package, error) {
	p := t.local(importPath)
	if p == nil {
		return external.Import(importPath)
	}
	if p.checking && p.types == nil {
		return nil, errors.New("import cycle")
	}
	if t.check(p); p.types == nil {
		return nil, fmt.Errorf("no Go files in %s", p.dir)
	}
	return p.types, nil
}

// local returns the package of this module with the given import path, or nil.
func (t *tree) local(importPath string) *pkg {
	if importPath == t.module {
		return t.pkgs["."]
	}
	if dir, ok := strings.CutPrefix(importPath, t.module+"/"); ok {
		return t.pkgs[dir]
	}
	return nil
}

func (t *tree) importPath(dir string) string { return path.Join(t.module, dir) }

// sorted returns the packages in the order of their folders.
func (t *tree) sorted() []*pkg {
	var all []*pkg
	for _, dir := range slices.Sorted(maps.Keys(t.pkgs)) {
		all = append(all, t.pkgs[dir])
	}
	return all
}

// imports calls yield for each import of the files, in order.
func (t *tree) imports(files []*source, yield func(at, importPath string)) {
	for _, s := range files {
		for _, spec := range s.ast.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			yield(t.at(spec), name)
		}
	}
}

func (t *tree) externalImports() []string {
	seen := map[string]bool{}
	for _, p := range t.pkgs {
		t.imports(p.files, func(_, name string) {
			if t.local(name) == nil && !strings.HasPrefix(name, t.module+"/") && name != "C" && name != "unsafe" {
				seen[name] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(seen))
}

// at returns the place of a node as file:line.
func (t *tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// main reports whether p is a program rather than a library.
func (p *pkg) main() bool { return p.name == "main" }

// A line is one entry of a list such as floors.txt.
type line struct {
	at     string
	fields []string
}

// list reads one of the lists in this folder: fields between blanks, # starts
// a comment. A missing list is an empty one.
func (t *tree) list(name string) []line {
	file := path.Join("internal/arch", name)
	text, _ := fs.ReadFile(t.fsys, file)
	var out []line
	n := 0
	for s := range strings.Lines(string(text)) {
		n++
		s, _, _ = strings.Cut(s, "#")
		if fields := strings.Fields(s); len(fields) > 0 {
			out = append(out, line{fmt.Sprintf("%s:%d", file, n), fields})
		}
	}
	return out
}
