package dbcheck

import (
	"go/types"
)

// dbPath is the package whose queries are checked.
const dbPath = "github.com/ashlar-go/ashlar/db"

// ofDB returns the name of t, or of what it points to, if package db declares
// it; "" if not. It is given with the type's arguments.
func ofDB(t types.Type) (string, *types.Named) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != dbPath {
		return "", nil
	}
	return n.Obj().Name(), n
}

// named returns the type that t, or what t points to, is called by.
func named(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// A model is the struct that a table is made of: path of its package and name.
// The zero model is none.
type model struct{ pkg, name string }

func modelOf(t types.Type) model {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return model{}
	}
	return model{n.Obj().Pkg().Path(), n.Obj().Name()}
}

// rowsOf returns the model of a db.Query or a db.Table.
func rowsOf(t types.Type) model {
	name, n := ofDB(t)
	if (name != "Query" && name != "Table") || n.TypeArgs().Len() != 1 {
		return model{}
	}
	return modelOf(n.TypeArgs().At(0))
}

// tableOf returns the model of a generated table, which embeds db.Table.
func tableOf(t types.Type) model {
	if m := rowsOf(t); m != (model{}) {
		name, _ := ofDB(t)
		if name == "Table" {
			return m
		}
		return model{}
	}
	f := embedded(t, "Table")
	if f == nil {
		return model{}
	}
	return rowsOf(f)
}

// embedded returns the type of db with this name that the struct t embeds.
func embedded(t types.Type, name string) types.Type {
	n := named(t)
	if n == nil {
		return nil
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range s.Fields() {
		if got, _ := ofDB(f.Type()); f.Embedded() && got == name {
			return f.Type()
		}
	}
	return nil
}

// isColumns reports whether t is a generated struct of columns at the end of a
// way.
func isColumns(t types.Type) bool { return embedded(t, "Via") != nil }

// scope returns the names of a package, all of them: export data of another
// package holds no more of it than that package uses.
func (c *checker) scope(path string) *types.Scope {
	if path == c.pkg.Path() {
		return c.pkg.Scope()
	}
	p, err := c.gc.Import(path)
	if err != nil {
		return types.NewScope(nil, 0, 0, "")
	}
	return p.Scope()
}

// variable returns the variable that holds m's table, nil if there is none.
func (c *checker) variable(m model) *types.Var {
	s := c.scope(m.pkg)
	for _, name := range s.Names() {
		v, ok := s.Lookup(name).(*types.Var)
		if ok && v.Exported() && tableOf(v.Type()) == m {
			return v
		}
	}
	return nil
}

// called returns what m's table is called in this package.
func (c *checker) called(m model) string {
	name := m.name
	if v := c.variable(m); v != nil {
		name = v.Name()
	}
	if m.pkg == c.pkg.Path() {
		return name
	}
	return c.scopeName(m.pkg) + name
}

func (c *checker) scopeName(path string) string {
	p, err := c.gc.Import(path)
	if err != nil {
		return ""
	}
	return p.Name() + "."
}

// modelOfColumns returns the model whose columns t is: that of the table which
// embeds both.
func (c *checker) modelOfColumns(t types.Type) model {
	n := named(t)
	if n == nil || !isColumns(t) {
		return model{}
	}
	s := c.scope(n.Obj().Pkg().Path())
	for _, name := range s.Names() {
		v, ok := s.Lookup(name).(*types.Var)
		if !ok || tableOf(v.Type()) == (model{}) || named(v.Type()) == nil {
			continue
		}
		fields, ok := named(v.Type()).Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range fields.Fields() {
			if f.Embedded() && modelOf(f.Type()) == modelOf(t) {
				return tableOf(v.Type())
			}
		}
	}
	return model{}
}

// target returns the model that the relation called name of m leads to: the
// type of the field of that name.
func (c *checker) target(m model, name string) model {
	t, ok := c.scope(m.pkg).Lookup(m.name).(*types.TypeName)
	if !ok {
		return model{}
	}
	s, ok := t.Type().Underlying().(*types.Struct)
	if !ok {
		return model{}
	}
	for f := range s.Fields() {
		if f.Name() != name {
			continue
		}
		if list, ok := f.Type().Underlying().(*types.Slice); ok {
			return modelOf(list.Elem())
		}
		return modelOf(f.Type())
	}
	return model{}
}

// relation returns the name of a relation from one model to another, and
// whether it leads to many rows; "" if there is none.
func (c *checker) relation(from, to model) (name string, many bool) {
	v := c.variable(from)
	if v == nil {
		return "", false
	}
	methods := types.NewMethodSet(types.NewPointer(named(v.Type())))
	for i := range methods.Len() {
		f := methods.At(i).Obj()
		sig := f.Type().(*types.Signature)
		if !f.Exported() || sig.Params().Len() != 0 || sig.Results().Len() != 1 || c.target(from, f.Name()) != to {
			continue
		}
		result := sig.Results().At(0).Type()
		if got, _ := ofDB(result); got == "Many" || isColumns(result) {
			return f.Name(), got == "Many"
		}
	}
	return "", false
}
