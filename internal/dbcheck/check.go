package dbcheck

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
)

// A checker looks at one package.
type checker struct {
	*loader
	pkg   *types.Package
	info  *types.Info
	files []*ast.File

	parents map[ast.Node]ast.Node
	vars    map[types.Object]*history
	funcs   map[types.Object]*ast.FuncDecl
	depth   int
	found   []Problem
}

// check returns the mistakes of the package, in the order of its files.
func (c *checker) check() []Problem {
	c.read()
	for _, f := range c.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				c.call(call)
			}
			return true
		})
	}
	return c.found
}

// call checks one call that is about the rows of a known table.
func (c *checker) call(call *ast.CallExpr) {
	recv, name, on := c.method(call)
	if recv == nil {
		c.callFunction(call)
		return
	}
	args := func(from int) []ast.Expr { return call.Args[min(from, len(call.Args)):] }
	got, _ := ofDB(recv)
	own := rowsOf(recv)
	switch {
	case got == "Grouped" && (name == "Having" || name == "OrderBy" || name == "Top"):
		c.terms(call, c.grouped(on), args(0))
	case isColumn(recv) && name == "Distinct":
		for _, r := range c.of(on) {
			c.terms(call, r.m, args(1))
		}
	case own == (model{}):
	case name == "Where" || name == "OrderBy":
		c.terms(call, own, args(0))
	case name == "If" || name == "Top":
		c.terms(call, own, args(1))
	case name == "With" || name == "Recursive":
		c.relations(own, args(0))
	case name == "Update":
		c.changes(own, args(1))
	case name == "UpdateTo":
		c.changes(own, args(2))
	case name == "Save" || name == "FindOrCreate":
		c.columns(own, args(2), "written to a row of")
	case name == "Upsert" && len(call.Args) > 1:
		c.columns(own, call.Args[1:2], "named in an upsert of")
	}
}

// callFunction is call for functions of package db.
func (c *checker) callFunction(call *ast.CallExpr) {
	switch c.function(call) {
	case "Into":
		if len(call.Args) == 2 {
			c.terms(call, rowsOfQuery(c.info.TypeOf(call.Args[0])), c.dests(call.Args[1]))
		}
	case "Load", "Related":
		if len(call.Args) < 3 {
			return
		}
		if rows, ok := c.info.TypeOf(call.Args[1]).Underlying().(*types.Slice); ok {
			c.relations(modelOf(rows.Elem()), call.Args[2:])
		}
	}
}

// rowsOfQuery is rowsOf for a query or a generated table.
func rowsOfQuery(t types.Type) model {
	if m := tableOf(t); m != (model{}) {
		return m
	}
	return rowsOf(t)
}

// grouped returns the model that a db.Grouped reads from.
func (c *checker) grouped(e ast.Expr) model {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if held := c.holds(e); len(held) == 1 && held[0] != e {
			if _, ok := held[0].(*ast.CallExpr); ok {
				return c.grouped(held[0])
			}
		}
	case *ast.CallExpr:
		if c.function(e) == "Into" && len(e.Args) == 2 {
			return rowsOfQuery(c.info.TypeOf(e.Args[0]))
		}
		recv, name, on := c.method(e)
		if recv == nil {
			return model{}
		}
		if got, _ := ofDB(recv); got == "Grouped" && name != "Union" && name != "UnionAll" {
			return c.grouped(on)
		}
	}
	return model{}
}

// dests returns what the function that is given to db.Into binds.
func (c *checker) dests(e ast.Expr) []ast.Expr {
	var body *ast.BlockStmt
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		body = e.Body
	case *ast.Ident:
		if f := c.funcs[c.object(e)]; f != nil {
			body = f.Body
		}
	}
	if body == nil {
		return nil
	}
	var list []ast.Expr
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				if l, ok := r.(*ast.CompositeLit); ok {
					list = append(list, l.Elts...)
				} else {
					list = append(list, r)
				}
			}
		}
		return true
	})
	return list
}

// terms checks what is said of the rows of own. Within a subquery it may be
// about the rows around it too, which is checked where that is used.
func (c *checker) terms(call *ast.CallExpr, own model, args []ast.Expr) {
	if own == (model{}) {
		return
	}
	end := c.end(call)
	if end == selected {
		return
	}
	for _, a := range args {
		refs := c.of(a)
		foreign := without(refs, own)
		if end == open && len(foreign) < len(refs) {
			continue // compares both: the query may be meant for a subquery
		}
		for _, r := range foreign {
			c.report(own, r, "used in a query on", c.reach(own, r.m))
		}
	}
}

// relations checks what is loaded for rows of own, each in a query of its own.
func (c *checker) relations(own model, args []ast.Expr) {
	if own == (model{}) {
		return
	}
	for _, a := range args {
		w, inner, ok := c.many(a)
		if !ok {
			w.refs = c.of(a)
		}
		for _, r := range without(w.refs, own) {
			c.report(own, r, "loaded in a query on", "load relations of "+c.called(own))
		}
		for _, r := range without(inner, w.target) {
			if ok {
				c.report(w.target, r, "used in a query on", c.reach(w.target, r.m))
			}
		}
		if call, isCall := ast.Unparen(a).(*ast.CallExpr); ok && isCall {
			if _, name, _ := c.method(call); name == "With" {
				c.relations(w.target, call.Args)
			}
		}
	}
}

// changes checks what an update of own sets.
func (c *checker) changes(own model, args []ast.Expr) {
	for _, a := range args {
		for _, set := range c.unfold(a) {
			_, name, on := c.method(set)
			switch name {
			case "Set", "SetTo", "SetNull", "Add":
				c.columns(own, []ast.Expr{on}, "set in an update of")
			default:
				continue
			}
			if name != "SetTo" {
				continue
			}
			for _, r := range without(c.ofAll(set.Args), own) {
				c.report(own, r, "used in an update of", "use columns of "+c.called(own))
			}
		}
	}
}

// unfold returns the calls that e, perhaps a variable, is made of.
func (c *checker) unfold(e ast.Expr) []*ast.CallExpr {
	var list []*ast.CallExpr
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		list = append(list, e)
	case *ast.CompositeLit:
		for _, x := range e.Elts {
			list = append(list, c.unfold(x)...)
		}
	case *ast.Ident:
		for _, held := range c.holds(e) {
			if _, again := held.(*ast.Ident); !again {
				list = append(list, c.unfold(held)...)
			}
		}
	}
	return list
}

// columns checks columns that must be of own's table itself.
func (c *checker) columns(own model, args []ast.Expr, use string) {
	for _, r := range c.ofAll(args) {
		if r.m != own || r.hops > 0 {
			c.report(own, r, use, "name columns of "+c.called(own)+" itself")
		}
	}
}

// report notes that r, of another table than own, is used.
func (c *checker) report(own model, r ref, use, mend string) {
	p := Problem{Place: c.place(r.at), Mend: mend}
	what := types.ExprString(r.expr)
	if r.at == r.expr.Pos() {
		p.Text = fmt.Sprintf("%s of %s %s %s", what, c.called(r.m), use, c.called(own))
	} else {
		p.Text = fmt.Sprintf("%s of %s, from line %d, %s %s", what, c.called(r.m), c.fset.Position(r.expr.Pos()).Line, use, c.called(own))
	}
	if !slices.Contains(c.found, p) {
		c.found = append(c.found, p)
	}
}

// reach says how a query on one table reaches another.
func (c *checker) reach(from, to model) string {
	own := c.called(from)
	switch name, many := c.relation(from, to); {
	case name == "":
		return fmt.Sprintf("use a column of %s, or query %s", own, c.called(to))
	case many:
		return fmt.Sprintf("ask the relation: %s.%s().Any(…)", own, name)
	default:
		return fmt.Sprintf("go by the relation: %s.%s().…", own, name)
	}
}

// An ending says what becomes of a query.
type ending int

const (
	open     ending = iota // it is kept or passed on
	run                    // it is sent to the database
	selected               // it is a subquery, or may be one
)

// end follows a query from a call on, and through the variable that holds it.
func (c *checker) end(call ast.Expr) ending {
	e, names := c.chain(call)
	if len(names) > 0 {
		return c.endOf(names)
	}
	return e
}

// chain follows a query from a call on to the end of the expression, which may
// be given to variables.
func (c *checker) chain(call ast.Expr) (e ending, names []ast.Expr) {
	for {
		switch p := c.parents[call].(type) {
		case *ast.ParenExpr:
			call = p
		case *ast.SelectorExpr:
			next, ok := c.parents[p].(*ast.CallExpr)
			if !ok || next.Fun != p {
				return open, nil
			}
			if p.Sel.Name == "Select" {
				return selected, nil
			}
			if got, _ := ofDB(c.info.TypeOf(next)); got != "Query" && got != "Grouped" {
				if _, name, _ := c.method(next); name == "" {
					return open, nil
				}
				return run, nil
			}
			call = next
		case *ast.CallExpr:
			if c.function(p) != "Into" {
				return open, nil
			}
			call = p
		case *ast.AssignStmt:
			return open, p.Lhs
		case *ast.ValueSpec:
			return open, []ast.Expr{p.Names[0]}
		default:
			return open, nil
		}
	}
}

// endOf is end for a query that variables hold.
func (c *checker) endOf(names []ast.Expr) ending {
	for _, name := range names {
		o := c.object(name)
		for id, used := range c.info.Uses {
			if used != o {
				continue
			}
			if e, _ := c.chain(id); e == selected {
				return selected
			}
		}
	}
	return open
}
