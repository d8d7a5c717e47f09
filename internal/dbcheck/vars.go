package dbcheck

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A history is all that happens to one variable.
type history struct {
	values   []ast.Expr // that it is assigned
	appended []*ast.CallExpr
	lost     bool // it changes in ways that are not followed
}

// read notes parents and variables of all files.
func (c *checker) read() {
	c.parents, c.vars = map[ast.Node]ast.Node{}, map[types.Object]*history{}
	c.funcs = map[types.Object]*ast.FuncDecl{}
	for _, f := range c.files {
		var stack []ast.Node
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			if len(stack) > 0 {
				c.parents[n] = stack[len(stack)-1]
			}
			stack = append(stack, n)
			c.note(n)
			return true
		})
	}
}

// note reads what a node does to variables.
func (c *checker) note(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		c.funcs[c.info.Defs[n.Name]] = n
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) {
				c.assigned(left, n.Rhs[i])
			} else {
				c.lose(left)
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			switch {
			case len(n.Values) == len(n.Names):
				c.assigned(name, n.Values[i])
			case len(n.Values) > 0:
				c.lose(name)
			default:
				c.history(name)
			}
		}
	case *ast.RangeStmt:
		c.lose(n.Key)
		c.lose(n.Value)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			c.lose(n.X)
		}
	}
}

// object returns what a name stands for, nil if e is no name.
func (c *checker) object(e ast.Expr) types.Object {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	if o := c.info.Defs[id]; o != nil {
		return o
	}
	return c.info.Uses[id]
}

func (c *checker) history(e ast.Expr) *history {
	o := c.object(e)
	if o == nil {
		return &history{}
	}
	if c.vars[o] == nil {
		c.vars[o] = &history{}
	}
	return c.vars[o]
}

func (c *checker) lose(e ast.Expr) {
	if e == nil {
		return
	}
	if i, ok := e.(*ast.IndexExpr); ok { // an element of it
		e = i.X
	}
	c.history(e).lost = true
}

func (c *checker) assigned(left, value ast.Expr) {
	if _, ok := left.(*ast.IndexExpr); ok {
		c.lose(left)
		return
	}
	h := c.history(left)
	if call, ok := c.appends(value); ok && c.object(call.Args[0]) == c.object(left) {
		h.appended = append(h.appended, call)
		return
	}
	h.values = append(h.values, value)
}

// appends returns e as a call of append.
func (c *checker) appends(e ast.Expr) (*ast.CallExpr, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, false
	}
	b, ok := c.object(call.Fun).(*types.Builtin)
	return call, ok && b.Name() == "append"
}

// holds returns what a variable of this package is made of where it is used,
// nothing if that is not sure.
func (c *checker) holds(id *ast.Ident) []ast.Expr {
	v, ok := c.object(id).(*types.Var)
	if !ok || c.vars[v] == nil || v.Pkg() != c.pkg {
		return nil
	}
	if v.Parent() == c.pkg.Scope() && v.Exported() { // others may assign it
		return nil
	}
	h := c.vars[v]
	if h.lost || len(h.values) > 1 || c.isParam(v) {
		return nil
	}
	list := append([]ast.Expr(nil), h.values...)
	for _, call := range h.appended {
		if call.Pos() < id.Pos() {
			list = append(list, call.Args[1:]...)
		}
	}
	return list
}

// isParam reports whether v comes from a caller.
func (c *checker) isParam(v *types.Var) bool {
	return v.Kind() == types.ParamVar || v.Kind() == types.RecvVar || v.Kind() == types.ResultVar
}
