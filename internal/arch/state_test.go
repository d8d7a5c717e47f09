package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// readOnly are pointer types whose methods do not change them, or only behind
// a lock of their own; a package-level variable may hold one.
var readOnly = []string{
	"*regexp.Regexp", "*strings.Replacer", "*html/template.Template", "*text/template.Template",
	"*time.Location", "*math/big.Int", "*net.IPNet", "*encoding/base64.Encoding", "*encoding/base32.Encoding",
	"*hash/crc32.Table",
}

// noPackageState: a package-level variable is written by its declaration and
// by nothing else, so that two apps in one process share nothing that changes.
// Sentinels, tables and interface guards are fine.
func noPackageState(t *tree) []finding {
	owners, _ := readOwners(t)
	f := readFloors(t)
	var out []finding
	report := func(s *source, at, what, mend string) {
		i := slices.IndexFunc(owners, func(o *owner) bool { return o.seam == "state" && o.file == s.path })
		if i >= 0 {
			owners[i].used = true
			return
		}
		out = append(out, finding{at, what, mend})
	}
	for _, p := range t.sorted() {
		if f.isTest(p) {
			continue
		}
		for _, s := range p.files {
			for _, id := range packageVars(s.ast) {
				if v, ok := p.info.Defs[id].(*types.Var); ok && !s.generated {
					if why := changeable(v.Type()); why != "" {
						report(s, t.at(id), fmt.Sprintf("package-level variable %s %s", id.Name, why),
							"make it a field of the value that needs it, built in New or Open")
					}
				}
			}
			for _, w := range writes(t, p, s) {
				report(s, w.at, w.what, "make the variable a field or a local; a table is written by its declaration alone")
			}
		}
	}
	for _, o := range owners {
		if o.seam == "state" && !o.used {
			out = append(out, finding{o.at, fmt.Sprintf("%s holds no package-level state", o.file), "remove the line"})
		}
	}
	return out
}

func packageVars(f *ast.File) []*ast.Ident {
	var out []*ast.Ident
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					if id.Name != "_" {
						out = append(out, id)
					}
				}
			}
		}
	}
	return out
}

// changeable says why a variable of type typ is state even if nobody assigns
// to it, or "".
func changeable(typ types.Type) string {
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		name := types.TypeString(typ, nil)
		if slices.Contains(readOnly, name) || isError(typ) {
			return ""
		}
		return "points to a " + types.TypeString(p.Elem(), (*types.Package).Name) + " that anybody may change"
	}
	if what := holds(typ, map[types.Type]bool{}); what != "" {
		return "holds a " + what
	}
	return ""
}

func isError(typ types.Type) bool {
	return types.Implements(typ, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// holds names the lock, atomic or channel inside a value of type typ.
func holds(typ types.Type, seen map[types.Type]bool) string {
	if seen[typ] {
		return ""
	}
	seen[typ] = true
	if n, ok := typ.(*types.Named); ok && n.Obj().Pkg() != nil {
		if from := n.Obj().Pkg().Path(); from == "sync" || from == "sync/atomic" {
			return n.Obj().Pkg().Name() + "." + n.Obj().Name()
		}
	}
	switch u := typ.Underlying().(type) {
	case *types.Chan:
		return "channel"
	case *types.Array:
		return holds(u.Elem(), seen)
	case *types.Slice:
		return holds(u.Elem(), seen)
	case *types.Map:
		return holds(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if what := holds(f.Type(), seen); what != "" {
				return what
			}
		}
	}
	return ""
}

type write struct{ at, what string }

// writes finds every place in a file that may change a package-level variable,
// whichever package declares it.
func writes(t *tree, p *pkg, s *source) []write {
	var out []write
	hit := func(e ast.Expr, how string) {
		if v := t.packageVar(p, e); v != nil {
			out = append(out, write{t.at(e), fmt.Sprintf("package-level variable %s is %s", v.Name(), how)})
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					hit(e, "assigned to")
				}
			}
		case *ast.IncDecStmt:
			hit(n.X, "assigned to")
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				hit(n.Key, "assigned to")
				hit(n.Value, "assigned to")
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				hit(n.X, "handed out by address")
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 {
				if _, builtin := p.info.Uses[id].(*types.Builtin); builtin && (id.Name == "delete" || id.Name == "clear" || id.Name == "copy") {
					hit(n.Args[0], "changed by "+id.Name)
				}
			}
		case *ast.SelectorExpr:
			sel := p.info.Selections[n]
			if sel == nil || sel.Kind() != types.MethodVal || sel.Indirect() {
				return true
			}
			recv := sel.Obj().(*types.Func).Signature().Recv()
			_, byPointer := recv.Type().(*types.Pointer)
			_, isPointer := sel.Recv().Underlying().(*types.Pointer)
			if byPointer && !isPointer {
				hit(n.X, fmt.Sprintf("handed to the pointer method %s", n.Sel.Name))
			}
		}
		return true
	})
	return out
}

// packageVar returns the package-level variable that an expression is, or is
// reached through, or nil.
func (t *tree) packageVar(p *pkg, e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
			if id, ok := x.X.(*ast.Ident); ok {
				if _, qualified := p.info.Uses[id].(*types.PkgName); qualified {
					e = x.Sel
				}
			}
		case *ast.Ident:
			if v, ok := p.info.Uses[x].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				return v
			}
			return nil
		default:
			return nil
		}
	}
}
