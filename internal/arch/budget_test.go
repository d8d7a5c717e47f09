package arch_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// A budget is a limit on the size of one kind of thing.
type budget struct {
	kind        string
	warn, limit int
	mend        string
}

var budgets = map[string]budget{
	"file":         {"file", 500, 800, "split the file by what it holds"},
	"func":         {"func", 80, 120, "name the steps and make them functions"},
	"interface":    {"interface", 5, 5, "split the interface by who uses it"},
	"exports":      {"exports", 40, 40, "unexport what only this package uses, or split the package"},
	"root-exports": {"root-exports", 60, 60, "unexport what only this package uses, or move a tool to floor 1"},
	"chain":        {"chain", 8, 8, "remove a package from the middle: its user can take a value instead"},
	"requirements": {"requirements", 12, 12, "do without a module, or move its adapter to contrib/"},
}

// A size is something measured against a budget. Its name is how budget.txt
// writes it.
type size struct {
	at, kind, name string
	n              int
}

// sizes measures everything that has a budget. Generated files have none, and
// a test function may be as long as its table.
func sizes(t *tree) []size {
	var out []size
	for _, p := range t.sorted() {
		for _, s := range append(p.files, p.tests...) {
			if !s.generated {
				out = append(out, size{s.path, "file", s.path, s.lines})
			}
		}
		exported := 0
		for _, s := range p.files {
			if s.generated {
				continue
			}
			exported += countExported(s.ast)
			out = append(out, funcSizes(t, s)...)
			out = append(out, interfaceSizes(t, p, s)...)
		}
		kind := "exports"
		if p.dir == "." {
			kind = "root-exports"
		}
		out = append(out, size{p.dir, kind, p.dir, exported})
	}
	road := longestChain(t)
	out = append(out, size{"imports", "chain", fmt.Sprint(road), len(road)})
	direct := 0
	for _, r := range requirements(t) {
		if !r.indirect {
			direct++
		}
	}
	return append(out, size{"go.mod", "requirements", "go.mod", direct})
}

// countExported counts the exported names that a file declares at top level.
// Methods and fields belong to their type.
func countExported(f *ast.File) int {
	n := 0
	count := func(id *ast.Ident) {
		if id.IsExported() {
			n++
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				count(d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					count(spec.Name)
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						count(id)
					}
				}
			}
		}
	}
	return n
}

func funcSizes(t *tree, s *source) []size {
	var out []size
	for _, d := range s.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			from, to := t.fset.Position(fn.Pos()).Line, t.fset.Position(fn.End()).Line
			out = append(out, size{t.at(fn), "func", s.path + ":" + funcName(fn), to - from + 1})
		}
	}
	return out
}

// funcName returns F for a function and T.M for a method of T or *T.
func funcName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	return receiver(fn).Name + "." + fn.Name.Name
}

// receiver returns the name of a method's receiver type.
func receiver(fn *ast.FuncDecl) *ast.Ident {
	for e := fn.Recv.List[0].Type; ; {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x
		default:
			return ast.NewIdent("?")
		}
	}
}

func interfaceSizes(t *tree, p *pkg, s *source) []size {
	var out []size
	ast.Inspect(s.ast, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || p.info.Defs[spec.Name] == nil {
			return true
		}
		if i, ok := p.info.Defs[spec.Name].Type().Underlying().(*types.Interface); ok {
			out = append(out, size{t.at(spec), "interface", s.path + ":" + spec.Name.Name, t.ownMethods(i)})
		}
		return true
	})
	return out
}

// ownMethods counts the methods that this module asks for, embedded ones
// included. Those of other packages' interfaces, such as io.Reader, are known
// to everybody.
func (t *tree) ownMethods(i *types.Interface) int {
	n := 0
	for m := range i.Methods() {
		if from := m.Pkg(); from != nil && (from.Path() == t.module || strings.HasPrefix(from.Path(), t.module+"/")) {
			n++
		}
	}
	return n
}

// longestChain returns the packages of the longest chain of imports inside the
// module.
func longestChain(t *tree) []string {
	memo := map[*pkg][]string{}
	var below func(p *pkg) []string
	below = func(p *pkg) []string {
		if road, ok := memo[p]; ok {
			return road
		}
		memo[p] = nil // an import cycle is the compiler's to report
		var best []string
		t.imports(p.files, func(_, name string) {
			if q := t.local(name); q != nil {
				if road := below(q); len(road) > len(best) {
					best = road
				}
			}
		})
		memo[p] = append([]string{p.dir}, best...)
		return memo[p]
	}
	var best []string
	for _, p := range t.sorted() {
		if road := below(p); len(road) > len(best) {
			best = road
		}
	}
	return best
}

// budgetsKept: nothing is over its budget unless budget.txt says how large it
// may be and why.
func budgetsKept(t *tree) []finding {
	type exception struct {
		at     string
		limit  int
		needed bool
	}
	exceptions := map[string]*exception{}
	var out []finding
	for _, l := range t.list("budget.txt") {
		w := l.fields
		limit := 0
		if len(w) >= 4 {
			limit, _ = strconv.Atoi(w[2])
		}
		if limit == 0 {
			out = append(out, finding{l.at, "an exception needs a kind, a name, a number and a reason", `write "kind  name  number  reason"`})
			continue
		}
		exceptions[w[0]+" "+w[1]] = &exception{at: l.at, limit: limit}
	}
	for _, s := range sizes(t) {
		b := budgets[s.kind]
		limit := b.limit
		name := s.name
		if s.kind == "chain" {
			name = "imports"
		}
		if e := exceptions[s.kind+" "+name]; e != nil && s.n > b.limit {
			e.needed, limit = true, e.limit
		}
		if s.n > limit {
			out = append(out, finding{s.at, fmt.Sprintf("%s %s is %d, the budget is %d", s.kind, s.name, s.n, limit),
				b.mend + "; raise the budget only with a reason, in internal/arch/budget.txt"})
		}
	}
	for name, e := range exceptions {
		if !e.needed {
			out = append(out, finding{e.at, fmt.Sprintf("%s is within the common budget", name), "remove the line"})
		}
	}
	return out
}

// smells lists what nears its budget.
func smells(t *tree) []string {
	var out []string
	for _, s := range sizes(t) {
		if b := budgets[s.kind]; s.n > b.warn && s.n <= b.limit {
			out = append(out, fmt.Sprintf("%s: %s %s is %d, which is a smell over %d: %s", s.at, s.kind, s.name, s.n, b.warn, b.mend))
		}
	}
	return out
}
