package dbcheck

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A ref is a table that an expression needs a row of.
type ref struct {
	m    model
	expr ast.Expr  // the column, the relation
	at   token.Pos // where to report it: expr, or the variable that holds it
	hops int       // relations between the table and the column
}

// deep is how many expressions within each other are followed: variables may
// be made of themselves.
const deep = 50

// of returns the tables that e needs, none where that is not known.
func (c *checker) of(e ast.Expr) []ref {
	if c.depth++; c.depth > deep {
		c.depth--
		return nil
	}
	defer func() { c.depth-- }()
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.of(e.X)
	case *ast.StarExpr:
		return c.of(e.X)
	case *ast.UnaryExpr:
		return c.of(e.X)
	case *ast.CompositeLit:
		return c.ofAll(e.Elts)
	case *ast.Ident:
		return c.ofVariable(e)
	case *ast.SelectorExpr:
		return c.ofField(e)
	case *ast.CallExpr:
		return c.ofCall(e)
	}
	return nil
}

func (c *checker) ofAll(list []ast.Expr) []ref {
	var all []ref
	for _, e := range list {
		all = append(all, c.of(e)...)
	}
	return all
}

// whole returns refs as those of e, of which what they begin with is a part.
func whole(refs []ref, e ast.Expr, hops int) []ref {
	list := slices.Clone(refs)
	for i := range list {
		list[i].expr, list[i].hops = e, list[i].hops+hops
		list[i].at = e.Pos()
	}
	return list
}

func (c *checker) ofTable(e ast.Expr) []ref {
	if m := tableOf(c.info.TypeOf(e)); m != (model{}) {
		return []ref{{m: m, expr: e, at: e.Pos()}}
	}
	return nil
}

func (c *checker) ofVariable(id *ast.Ident) []ref {
	if t := c.ofTable(id); t != nil {
		return t
	}
	list := c.ofAll(c.holds(id))
	for i := range list {
		list[i].at = id.Pos()
	}
	return list
}

func (c *checker) ofField(e *ast.SelectorExpr) []ref {
	if t := c.ofTable(e); t != nil {
		return t
	}
	if s := c.info.Selections[e]; s == nil || s.Kind() != types.FieldVal {
		return nil // of another package, or a method as a value
	}
	if t := c.info.TypeOf(e.X); tableOf(t) != (model{}) || isColumns(t) || isColumn(t) {
		return whole(c.of(e.X), e, 0)
	}
	return nil
}

// isColumn reports whether t is a type of package db that is made of columns.
func isColumn(t types.Type) bool {
	name, _ := ofDB(t)
	switch strings.TrimPrefix(name, "Null") {
	case "Column", "Num", "Text", "Time", "Bool", "Bytes", "JSONColumn", "SecretColumn":
		return true
	}
	return false
}

// isTerm reports whether the methods of t make terms of what t and their
// arguments are made of, on the same rows.
func isTerm(t types.Type) bool {
	name, _ := ofDB(t)
	switch name {
	case "Cond", "Order", "Window", "Span", "Bucket", "Conflict":
		return true
	}
	return isColumn(t)
}

// method returns the method of package db or of generated columns that a call
// is of, and what it is called on.
func (c *checker) method(call *ast.CallExpr) (recv types.Type, name string, on ast.Expr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, "", nil
	}
	s := c.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return nil, "", nil
	}
	f := s.Obj().(*types.Func)
	return f.Signature().Recv().Type(), f.Name(), sel.X
}

// function returns the name of the function of package db that is called.
func (c *checker) function(call *ast.CallExpr) string {
	f := ast.Unparen(call.Fun)
	switch i := f.(type) {
	case *ast.IndexExpr:
		f = i.X
	case *ast.IndexListExpr:
		f = i.X
	}
	if sel, ok := f.(*ast.SelectorExpr); ok {
		f = sel.Sel
	}
	o, ok := c.object(f).(*types.Func)
	if !ok || o.Pkg() == nil || o.Pkg().Path() != dbPath || o.Signature().Recv() != nil {
		return ""
	}
	return o.Name()
}

func (c *checker) ofCall(call *ast.CallExpr) []ref {
	if t := c.ofTable(call); t != nil {
		return t
	}
	recv, name, on := c.method(call)
	if recv == nil {
		switch c.function(call) {
		case "And", "Or", "Not", "Equal", "Less", "LessEqual", "Over", "Search", "OnConflict":
			return c.ofAll(call.Args)
		}
		if _, ok := c.appends(call); ok {
			return c.ofAll(call.Args)
		}
		return nil
	}
	got, _ := ofDB(recv)
	switch {
	case isColumns(recv):
		return whole(c.of(on), call, 1)
	case got == "Many":
		return c.ofMany(call)
	case got == "Query" && name == "Select":
		return c.ofSelection(call)
	case isTerm(recv) && name == "Of" && len(call.Args) == 1:
		way, inner, ok := c.many(call.Args[0])
		if !ok {
			return nil
		}
		return append(way.refs, without(append(c.of(on), inner...), way.target)...)
	case isTerm(recv):
		return append(c.of(on), c.ofAll(call.Args)...)
	}
	return nil
}

// A way is a relation to many rows.
type way struct {
	refs   []ref // where it begins
	target model // where it leads to
}

// many follows e, a db.Many: inner is what its conditions and orders need. It
// reports false when it does not know where e leads to.
func (c *checker) many(e ast.Expr) (w way, inner []ref, ok bool) {
	if c.depth++; c.depth > deep {
		c.depth--
		return w, nil, false
	}
	defer func() { c.depth-- }()
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if held := c.holds(e); len(held) == 1 {
			w, inner, ok = c.many(held[0])
			for i := range w.refs {
				w.refs[i].at = e.Pos()
			}
		}
		return w, inner, ok
	case *ast.CallExpr:
		recv, name, on := c.method(e)
		if recv == nil {
			return w, nil, false
		}
		if isColumns(recv) {
			w.refs = whole(c.of(on), e, 1)
			w.target = c.target(c.modelOfColumns(recv), name)
			return w, nil, w.target != (model{})
		}
		if got, _ := ofDB(recv); got != "Many" {
			return w, nil, false
		}
		w, inner, ok = c.many(on)
		if name == "Where" || name == "OrderBy" || name == "Any" || name == "None" || name == "Count" {
			inner = append(inner, c.ofAll(e.Args)...)
		}
		return w, inner, ok
	}
	return w, nil, false
}

// ofMany is what a relation, or a condition or a number made of it, needs of
// the rows around it.
func (c *checker) ofMany(call *ast.CallExpr) []ref {
	w, inner, ok := c.many(call)
	if !ok {
		return nil
	}
	return append(w.refs, without(inner, w.target)...)
}

// ofSelection is what a subquery needs of the rows around it.
func (c *checker) ofSelection(call *ast.CallExpr) []ref {
	recv, _, on := c.method(call)
	return without(append(c.ofAll(call.Args), c.chained(on)...), rowsOf(recv))
}

// chained is what the conditions of a query need.
func (c *checker) chained(e ast.Expr) []ref {
	if c.depth++; c.depth > deep {
		c.depth--
		return nil
	}
	defer func() { c.depth-- }()
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if tableOf(c.info.TypeOf(e)) == (model{}) {
			var list []ref
			for _, held := range c.holds(e) {
				list = append(list, c.chained(held)...)
			}
			return list
		}
	case *ast.CallExpr:
		recv, name, on := c.method(e)
		if recv == nil || rowsOf(recv) == (model{}) {
			return nil
		}
		list := c.chained(on)
		if name == "Where" || name == "If" || name == "OrderBy" {
			list = append(list, c.ofAll(e.Args)...)
		}
		return list
	}
	return nil
}

// without leaves out what refers to m.
func without(refs []ref, m model) []ref {
	return slices.DeleteFunc(slices.Clone(refs), func(r ref) bool { return r.m == m })
}
