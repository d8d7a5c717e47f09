package modelgen

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// directive marks a struct as a model.
const directive = "//ashlar:model"

// pkg is a package as its source says.
type pkg struct {
	name     string
	dir      string
	fset     *token.FileSet
	types    map[string]declaration // types by name
	declared map[string]token.Pos   // all names at package level
	marked   []declaration          // the models, in the order of the files
	bad      errs.List
	methods  map[string]bool     // "Type.Method"
	texts    map[string][]string // the constants of types that are texts
	others   map[string]*pkg     // packages that were read for their models, by path
	shallow  bool                // it is one of those: its own relations do not matter
}

// declaration is one type with the file that it stands in.
type declaration struct {
	spec   *ast.TypeSpec
	file   *ast.File
	marker *ast.Comment // the directive, for models
}

// readPackage parses the package in dir, without its tests, its generated
// models and the files that are named.
func readPackage(dir string, without ...string) (*pkg, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	p := &pkg{dir: dir, fset: token.NewFileSet(), types: map[string]declaration{}, declared: map[string]token.Pos{},
		methods: map[string]bool{}, texts: map[string][]string{}, others: map[string]*pkg{}}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == File || slices.Contains(without, name) {
			continue
		}
		f, err := parser.ParseFile(p.fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse the package: %w", err)
		}
		if ignored(f) {
			continue
		}
		if p.name == "" {
			p.name = f.Name.Name
		}
		if f.Name.Name != p.name {
			return nil, fmt.Errorf("%s: package %s, but other files of %s say package %s",
				p.fset.Position(f.Name.Pos()), f.Name.Name, dir, p.name)
		}
		p.readFile(f)
	}
	return p, nil
}

// ignored reports whether f's build constraint leaves it out of every build.
func ignored(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() > f.Package || !constraint.IsGoBuild(c.Text) {
				continue
			}
			expr, err := constraint.Parse(c.Text)
			return err == nil && !expr.Eval(func(tag string) bool { return tag != "ignore" })
		}
	}
	return false
}

func (p *pkg) readFile(f *ast.File) {
	used := map[*ast.Comment]bool{}
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name != "init" && d.Name.Name != "_" {
				p.declared[d.Name.Name] = d.Pos()
			}
			if d.Recv != nil && len(d.Recv.List) == 1 {
				of := d.Recv.List[0].Type
				if star, ok := of.(*ast.StarExpr); ok {
					of = star.X
				}
				if id, ok := of.(*ast.Ident); ok {
					p.methods[id.Name+"."+d.Name.Name] = true
				}
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				p.readSpec(f, d, spec, used)
			}
		}
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if isDirective(c) && !used[c] {
				p.problem("A1520", c.Pos(), "put it right above a struct type, with no empty line between",
					"%s marks no struct", directive)
			}
		}
	}
}

func (p *pkg) readSpec(f *ast.File, d *ast.GenDecl, spec ast.Spec, used map[*ast.Comment]bool) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			p.declared[name.Name] = name.Pos()
		}
		if typ, ok := s.Type.(*ast.Ident); ok && d.Tok == token.CONST {
			p.readTexts(typ.Name, s.Values)
		}
	case *ast.TypeSpec:
		p.declared[s.Name.Name] = s.Name.Pos()
		decl := declaration{spec: s, file: f}
		doc := s.Doc
		if doc == nil && !d.Lparen.IsValid() {
			doc = d.Doc
		}
		if doc != nil {
			for _, c := range doc.List {
				if isDirective(c) {
					decl.marker, used[c] = c, true
				}
			}
		}
		p.types[s.Name.Name] = decl
		if decl.marker != nil {
			p.marked = append(p.marked, decl)
		}
	}
}

// readTexts notes the constants of a type that are written as texts.
func (p *pkg) readTexts(typ string, values []ast.Expr) {
	for _, v := range values {
		if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				p.texts[typ] = append(p.texts[typ], text)
			}
		}
	}
}

func isDirective(c *ast.Comment) bool {
	return c.Text == directive || strings.HasPrefix(c.Text, directive+" ")
}

// importPath returns the path of the package that file calls name.
func importPath(file *ast.File, name string) (path string, ok bool) {
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		called := path[strings.LastIndex(path, "/")+1:]
		if versioned := strings.TrimSuffix(path, "/"+called); isVersion(called) && versioned != path {
			called = versioned[strings.LastIndex(versioned, "/")+1:]
		}
		if spec.Name != nil {
			called = spec.Name.Name
		}
		if called == name {
			return path, true
		}
	}
	return "", false
}

// isVersion reports whether s is the v2 of a module's path.
func isVersion(s string) bool {
	digits, ok := strings.CutPrefix(s, "v")
	_, err := strconv.Atoi(digits)
	return ok && err == nil
}
