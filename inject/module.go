package inject

import (
	"reflect"

	"github.com/ashlar-go/ashlar/errs"
)

// A module is one entry of the list.
type module struct {
	name  string
	where string
	index int
}

// A Module is where one module of the list declares what it provides and what
// it needs. Its methods report nothing: mistakes are collected for
// [Graph.Check]. They panic once the graph was checked, for then the list is
// frozen. A Module is not safe for concurrent use.
type Module struct {
	g     *Graph
	m     *module
	where string
}

// At returns the same module, whose declarations are said to stand at where.
// It is for code that declares on somebody else's behalf:
//
//	m.At(errs.Caller(0)).Provide(v)
//
// Without At, a declaration stands where its method is called.
func (m *Module) At(where string) *Module { return &Module{g: m.g, m: m.m, where: where} }

// Provide offers v to whoever needs its type: a value, or a constructor
// func(deps…) T or func(deps…) (T, error) whose parameters are filled by type
// and which is called once, if somebody needs T. A func of an unnamed type is
// a constructor, one of a named type is a value.
func (m *Module) Provide(v any, opts ...Option) { m.source(provides, v, opts) }

// Add puts an item, or what a constructor makes, into the group that others
// read by needing []T. Groups are in list order; an empty one is empty, not an
// error. The options are [As] and [When].
func (m *Module) Add(v any, opts ...Option) { m.source(adds, v, opts) }

// Decorate wraps the T that this module sees, for everybody who needs it:
// wrap is a func(T, deps…) T or func(T, deps…) (T, error). Decorators are
// applied in list order, so the last is the outermost. Only the type T is
// wrapped: a provider's other types ([As]) are not. The option is [When].
func (m *Module) Decorate(wrap any, opts ...Option) {
	d := m.line(decorates)
	for _, o := range opts {
		if o != nil {
			o.apply(d)
		}
	}
	m.g.add(d, d.decorator(wrap))
}

// Need fills the variables that ptrs point to by their types, when the graph
// is built: []T with a group, all others with what is provided.
func (m *Module) Need(ptrs ...any) {
	for _, ptr := range ptrs {
		d := m.line(needs)
		m.g.add(d, d.pointer(ptr))
	}
}

// Func declares a function to be called after the graph was built, such as one
// that registers routes. Its parameters are filled by type, those whose type
// is among given by the caller of [Func.Call]. It may return an error. What it
// needs is checked with everything else, and is built when it is called.
func (m *Module) Func(fn any, given ...reflect.Type) *Func {
	d := m.line(calls)
	d.given = given
	m.g.add(d, d.function(fn))
	return &Func{g: m.g, d: d}
}

func (m *Module) source(r role, v any, opts []Option) {
	d := m.line(r)
	m.g.add(d, d.source(v, opts))
}

// line starts a declaration at the place two callers up.
func (m *Module) line(r role) *decl {
	where := m.where
	if where == "" {
		skip := 1
		if r == provides || r == adds {
			skip = 2 // through source
		}
		where = errs.Caller(skip)
	}
	return &decl{role: r, mod: m.m, where: where}
}

// A Func is a function whose parameters the graph fills: see [Module.Func].
type Func struct {
	g *Graph
	d *decl
}

// Call calls the function with given for the parameter types that were
// declared, in their order, and returns its error. The first call builds what
// the function needs and nobody needed before. It is an error to call before
// [Graph.Build] succeeded. A panic of the function is left to the caller.
func (f *Func) Call(given ...any) error { return f.g.call(f.d, given) }
