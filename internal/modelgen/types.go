package modelgen

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/printer"

	"github.com/ashlar-go/ashlar/db/schema"
)

// A goType is what a field's type is made of, as far as a column needs to know.
type goType struct {
	column schema.Type
	name   string   // as the generated code spells it, without a pointer
	basic  string   // the predeclared type beneath, "[]byte" or "time.Time"
	null   bool     // it is a pointer, or an sql.Null
	boxed  string   // sql.Null[T], as the generated code spells it
	elem   string   // of an array, what it is of, as the generated code spells it
	secret string   // of a db.Secret, what it is of, as the generated code spells it
	texts  []string // the constants that the type has
}

// bits of the numbers that have a fixed size.
var bits = map[string]int{
	"int8": 8, "int16": 16, "int32": 32, "rune": 32, "int64": 64,
	"uint8": 8, "byte": 8, "uint16": 16, "uint32": 32,
	"float32": 32, "float64": 64,
}

// basics are the predeclared types that a column may have.
var basics = map[string]schema.Type{
	"int": schema.Int, "int8": schema.Int, "int16": schema.Int, "int32": schema.Int, "int64": schema.Int, "rune": schema.Int,
	"uint8": schema.Int, "byte": schema.Int, "uint16": schema.Int, "uint32": schema.Int,
	"float32": schema.Float, "float64": schema.Float,
	"string": schema.Text, "bool": schema.Bool,
}

// resolve finds out what expr, the type of a field in file, is made of. Its
// error says why no column holds the type.
func (p *pkg) resolve(file *ast.File, expr ast.Expr) (goType, error) {
	if paren, ok := expr.(*ast.ParenExpr); ok {
		return p.resolve(file, paren.X)
	}
	if index, ok := expr.(*ast.IndexExpr); ok {
		return p.resolveBox(file, index)
	}
	star, ok := expr.(*ast.StarExpr)
	if !ok {
		return p.resolveValue(file, expr, 0)
	}
	if _, ok := star.X.(*ast.StarExpr); ok {
		return goType{}, fmt.Errorf("a pointer to a pointer")
	}
	if index, ok := star.X.(*ast.IndexExpr); ok {
		t, err := p.resolveBox(file, index)
		if err == nil && t.null {
			return goType{}, fmt.Errorf("a pointer to an sql.Null")
		}
		t.null = true
		return t, err
	}
	t, err := p.resolveValue(file, star.X, 0)
	t.null = true
	return t, err
}

// resolveBox resolves sql.Null[T], and db.JSON[T] and db.Secret[T], whose T may
// be anything.
func (p *pkg) resolveBox(file *ast.File, e *ast.IndexExpr) (goType, error) {
	sel, ok := e.X.(*ast.SelectorExpr)
	if !ok {
		return goType{}, fmt.Errorf("no column holds this type")
	}
	pkg, ok := sel.X.(*ast.Ident)
	if !ok {
		return goType{}, fmt.Errorf("no column holds this type")
	}
	switch path, _ := importPath(file, pkg.Name); {
	case path == dbPath && sel.Sel.Name == "JSON":
		return goType{column: schema.JSON, name: "db.JSON", basic: "db.JSON"}, nil
	case path == dbPath && sel.Sel.Name == "Secret":
		var of bytes.Buffer
		// The printer fails on writers that do; a buffer does not.
		_ = printer.Fprint(&of, p.fset, e.Index)
		return goType{column: schema.Text, name: "db.Secret", basic: "db.Secret", secret: of.String()}, nil
	case path != "database/sql" || sel.Sel.Name != "Null":
		return goType{}, fmt.Errorf("no column holds this type")
	}
	t, err := p.resolveValue(file, e.Index, 0)
	t.null, t.boxed = true, pkg.Name+".Null["+t.name+"]"
	return t, err
}

// maxNamed is how many names may lead to one type: more is a cycle.
const maxNamed = 20

func (p *pkg) resolveValue(file *ast.File, expr ast.Expr, depth int) (goType, error) {
	switch e := expr.(type) {
	case *ast.Ident:
		if decl, ok := p.types[e.Name]; ok {
			return p.resolveNamed(decl, depth)
		}
		if column, ok := basics[e.Name]; ok {
			return goType{column: column, name: e.Name, basic: e.Name}, nil
		}
		switch e.Name {
		case "uint", "uint64", "uintptr":
			return goType{}, fmt.Errorf("type %s holds numbers that no database's integers hold; use int64", e.Name)
		}
		return goType{}, fmt.Errorf("type %s is not declared in this package, or no column holds it", e.Name)
	case *ast.ArrayType:
		elem, ok := e.Elt.(*ast.Ident)
		if _, own := p.types["byte"]; ok && !own && e.Len == nil && (elem.Name == "byte" || elem.Name == "uint8") {
			return goType{column: schema.Bytes, name: "[]byte", basic: "[]byte"}, nil
		}
		return p.resolveArray(file, e, depth)
	case *ast.SelectorExpr:
		return p.resolveForeign(file, e, depth)
	case *ast.StarExpr:
		return goType{}, fmt.Errorf("a named pointer")
	}
	return goType{}, fmt.Errorf("no column holds this type")
}

// resolveNamed resolves a type that this package declares.
func (p *pkg) resolveNamed(decl declaration, depth int) (goType, error) {
	name := decl.spec.Name.Name
	if depth == maxNamed {
		return goType{}, fmt.Errorf("type %s is declared by itself", name)
	}
	if decl.spec.TypeParams != nil {
		return goType{}, fmt.Errorf("type %s has type parameters", name)
	}
	if _, ok := decl.spec.Type.(*ast.StructType); ok {
		return goType{}, fmt.Errorf("type %s is a struct", name)
	}
	t, err := p.resolveValue(decl.file, decl.spec.Type, depth+1)
	if err != nil {
		return goType{}, fmt.Errorf("type %s: %w", name, err)
	}
	if t.basic == "time.Time" && !decl.spec.Assign.IsValid() {
		return goType{}, fmt.Errorf("type %s: a time.Time under another name has no methods; use time.Time", name)
	}
	t.name, t.texts = name, p.texts[name]
	return t, nil
}

// resolveForeign resolves the types of other packages that are known: two of
// package time, and those of the same module, whose source is at hand. What
// others are made of cannot be told without building them.
func (p *pkg) resolveForeign(file *ast.File, e *ast.SelectorExpr, depth int) (goType, error) {
	pkg, ok := e.X.(*ast.Ident)
	if !ok {
		return goType{}, fmt.Errorf("no column holds this type")
	}
	name := pkg.Name + "." + e.Sel.Name
	path, ok := importPath(file, pkg.Name)
	switch {
	case !ok:
		return goType{}, fmt.Errorf("type %s: no import of this file is called %s", name, pkg.Name)
	case path == "time" && e.Sel.Name == "Time":
		return goType{column: schema.Time, name: name, basic: "time.Time"}, nil
	case path == "time" && e.Sel.Name == "Duration":
		return goType{column: schema.Int, name: name, basic: "int64"}, nil
	}
	dir, ok := p.sameModule(path)
	if !ok {
		return goType{}, fmt.Errorf("type %s is of another module; declare a type of your own over what it is made of", name)
	}
	other, err := readPackage(dir)
	if err != nil {
		return goType{}, fmt.Errorf("type %s: %w", name, err)
	}
	decl, ok := other.types[e.Sel.Name]
	if !ok || depth == maxNamed {
		return goType{}, fmt.Errorf("type %s is not declared in %s", name, path)
	}
	t, err := other.resolveNamed(decl, depth+1)
	t.name = name
	return t, err
}
