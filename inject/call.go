package inject

import (
	"fmt"
	"reflect"

	"github.com/ashlar-go/ashlar/errs"
)

// Fill fills variables like [Module.Need], after the graph was built: it is
// for tests and tools. It sees what is public, and builds what nobody needed
// before.
func (g *Graph) Fill(ptrs ...any) error {
	where := errs.Caller(0)
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.built.Load() {
		return notBuilt("Fill", where)
	}
	var problems errs.List
	var wanted []*decl
	for _, ptr := range ptrs {
		d := &decl{role: needs, where: where, on: true}
		if err := d.pointer(ptr); err != nil {
			problems.Add(err)
			continue
		}
		d.deps = []dep{g.link(d, 0)}
		c := &checker{g: g}
		if p := d.deps[0]; p.kind == onNothing {
			c.report(codeMissing, where, c.mend(p.want, d), "missing %s, wanted by Fill", typeName(p.want))
		} else if p.kind == onSlot && !p.lazy && p.slot.perRequest() {
			c.report(codeCaptive, where, fmt.Sprintf("fill an inject.Scoped[%s]", typeName(p.want)),
				"%s lives for one request (%s)", typeName(p.want), p.slot.provider.at())
		}
		problems.Add(c.problems.Err())
		wanted = append(wanted, d)
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return g.build(wanted)
}

func notBuilt(verb, where string) error {
	return &errs.Setup{Code: codeBuild, What: verb + " before the graph was built", Where: where, Mend: "call Build first, and look at its error"}
}

// call runs a declared function.
func (g *Graph) call(d *decl, given []any) error {
	args, err := g.arguments(d, given)
	if err != nil {
		return err
	}
	// The lock is free again: the function may take its time.
	if out := d.fn.Call(args); d.fails && !out[0].IsNil() {
		return out[0].Interface().(error)
	}
	return nil
}

func (g *Graph) arguments(d *decl, given []any) ([]reflect.Value, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.built.Load() {
		return nil, notBuilt("Call", d.where)
	}
	values := make([]reflect.Value, len(d.given))
	for i, t := range d.given {
		if i >= len(given) || given[i] == nil || !reflect.TypeOf(given[i]).AssignableTo(t) {
			return nil, d.problem(codeBuild, "give Call one value for each type that Func was told of",
				"value %d for Call is no %s", i+1, typeName(t))
		}
		values[i] = reflect.ValueOf(given[i])
	}
	if err := g.build([]*decl{d}); err != nil {
		return nil, err
	}
	return g.args(d, nil, func(p dep) reflect.Value { return values[p.given] })
}
