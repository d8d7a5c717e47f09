package modelgen

import (
	"fmt"
	"go/ast"

	"github.com/ashlar-go/ashlar/db/schema"
)

// resolveArray resolves the slices that are arrays of PostgreSQL.
func (p *pkg) resolveArray(file *ast.File, e *ast.ArrayType, depth int) (goType, error) {
	none := fmt.Errorf("no column holds this slice or array: []string, []int64, []float64, []bool and []time.Time are arrays on PostgreSQL, and a db.JSON holds any other on every engine")
	if e.Len != nil {
		return goType{}, none
	}
	switch elem := e.Elt.(type) {
	case *ast.Ident:
		if _, own := p.types[elem.Name]; own {
			return goType{}, none
		}
	case *ast.SelectorExpr:
	default:
		return goType{}, none
	}
	of, err := p.resolveValue(file, e.Elt, depth+1)
	if err != nil {
		return goType{}, none
	}
	switch of.name {
	case "string", "int64", "float64", "bool":
	default:
		if of.basic != "time.Time" || of.column != schema.Time {
			return goType{}, none
		}
	}
	name := "[]" + of.name
	return goType{column: of.column.Array(), name: name, basic: name, elem: of.name}, nil
}
