package inject

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/errs"
)

// A Graph holds what the modules of one application provide and need. Declare
// in one goroutine, then call Check or Build; all other methods are safe for
// concurrent use. Graphs share nothing.
type Graph struct {
	lookup  func(string) (string, bool)
	modules []*module
	decls   []*decl
	shapes  errs.List             // mistakes within one declaration
	unsure  map[reflect.Type]bool // would be provided, were it not for such a mistake

	mu       sync.Mutex
	checked  bool
	err      error // of Check
	slots    map[slotKey]*slot
	groups   map[reflect.Type]*group
	answers  []answer
	started  bool
	buildErr error
	built    atomic.Bool
	scoped   atomic.Bool // somebody needs what is made per request
}

// New returns an empty graph. ConfigIs asks lookup for a key's value; it may
// be nil.
func New(lookup func(key string) (value string, ok bool)) *Graph {
	return &Graph{
		lookup: lookup,
		unsure: map[reflect.Type]bool{},
		groups: map[reflect.Type]*group{},
	}
}

// Module appends a module to the list. The place where it stands in the list
// is for messages; "" means the caller's line.
func (g *Graph) Module(name, where string) *Module {
	if where == "" {
		where = errs.Caller(0)
	}
	g.open(where)
	m := &module{name: name, where: where, index: len(g.modules)}
	g.modules = append(g.modules, m)
	return &Module{g: g, m: m}
}

// Replace provides v, a value or a constructor, in place of all that modules
// provide of the same type, private ones included, or where nobody provides
// it; it is for tests. Decorators still apply. A replacement sees everything
// that is public, wherever in the list; it is an error if nobody needs it. The
// options are [As] and [PerRequest]; where "" means the caller's line.
func (g *Graph) Replace(where string, v any, opts ...Option) {
	if where == "" {
		where = errs.Caller(0)
	}
	d := &decl{role: replaces, where: where}
	g.add(d, d.source(v, opts))
}

// add takes over a declaration, or notes what is wrong with it.
func (g *Graph) add(d *decl, err error) {
	g.open(d.where)
	if err == nil {
		g.decls = append(g.decls, d)
		return
	}
	g.shapes.Add(err)
	// Spare the reader the problems that follow from this one.
	for _, t := range d.keys {
		g.unsure[t] = true
	}
	for _, o := range d.as {
		g.unsure[o.typ] = true
	}
	if d.fn.IsValid() {
		for t := range d.fn.Type().Outs() {
			g.unsure[t] = true
		}
	}
}

func (g *Graph) open(where string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.checked {
		panic(&errs.Setup{Code: codeFrozen, What: "declare after the graph was checked", Where: where,
			Mend: "provide and need while the module is set up, not later"})
	}
}

// Check looks at all that is declared and on, needed or not, and returns all
// problems at once, as an errs.List of *errs.Setup or a single one. Nothing is
// built. The first call freezes the graph; later ones return the same.
func (g *Graph) Check() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.check()
}

func (g *Graph) check() error {
	if g.checked {
		return g.err
	}
	g.checked = true
	g.sort()
	g.slots = make(map[slotKey]*slot, len(g.decls))
	c := &checker{g: g, problems: slices.Clone(g.shapes), used: map[*decl]bool{}}
	c.settle()
	c.fillSlots()
	c.attachDecorators()
	c.linkAll()
	c.missing()
	c.captives()
	c.cyclesAndOrder()
	c.unused()
	g.err = c.problems.Err()
	return g.err
}

// sort puts the declarations in list order: replacements, then by module,
// within one as written.
func (g *Graph) sort() {
	slices.SortStableFunc(g.decls, func(a, b *decl) int { return cmp.Compare(a.position(), b.position()) })
	for i, d := range g.decls {
		d.order = i
	}
}

// position is the module's place in the list; a replacement stands before it.
func (d *decl) position() int {
	if d.mod == nil {
		return -1
	}
	return d.mod.index
}
