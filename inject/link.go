package inject

import (
	"reflect"
	"slices"
)

// A slotKey is what a provider is found by; mod is nil for a public one.
type slotKey struct {
	typ reflect.Type
	mod *module
}

// A slot is a type that can be had, with all that is wrapped around it.
type slot struct {
	key        slotKey
	provider   *decl
	decorators []*decl
	value      reflect.Value // set by Build
}

func (s *slot) perRequest() bool { return s.provider.flags&PerRequest != 0 }

// A group is what modules added of one type.
type group struct{ items []*decl }

type depKind uint8

const (
	onSlot    depKind = iota
	onInner           // a decorator's first parameter: its slot, wrapped by the earlier decorators
	onGroup           // []T
	onContext         // the request's context
	onGiven           // brought by the caller of Func.Call
	onNothing         // missing
)

// A dep is one parameter or variable, joined to what fills it.
type dep struct {
	kind  depKind
	lazy  bool // Scoped[T]: found while serving
	typ   reflect.Type
	want  reflect.Type // typ, or T of Scoped[T]
	slot  *slot
	group *group
	given int
}

// find returns the slot that module m gets t from, or nil.
func (g *Graph) find(m *module, t reflect.Type) *slot {
	if m != nil {
		if s := g.slots[slotKey{t, m}]; s != nil {
			return s
		}
	}
	return g.slots[slotKey{t, nil}]
}

// link joins the i-th want of d.
func (g *Graph) link(d *decl, i int) dep {
	t := d.in[i]
	p := dep{kind: onSlot, typ: t, want: t}
	if n := slices.Index(d.given, t); n >= 0 {
		p.kind, p.given = onGiven, n
		return p
	}
	switch {
	case d.role == decorates && i == 0:
		p.kind, p.slot = onInner, d.slot
		return p
	case t == contextType:
		p.kind = onContext
		return p
	case isGroup(t):
		p.kind, p.group = onGroup, g.groups[t.Elem()]
		return p
	}
	if inner, ok := scopedOf(t); ok {
		p.want, p.lazy = inner, true
	}
	if p.slot = g.find(d.mod, p.want); p.slot == nil {
		p.kind = onNothing
	} else if p.slot.perRequest() {
		g.scoped.Store(true)
	}
	return p
}

// leads calls yield for each declaration that must be built before d can be,
// or, with serving, that d may reach while requests are served as well.
func (p dep) leads(d *decl, serving bool, yield func(*decl)) {
	switch p.kind {
	case onGroup:
		if p.group != nil {
			for _, item := range p.group.items {
				yield(item)
			}
		}
	case onSlot, onInner:
		if p.slot == nil || p.lazy && !serving && p.slot.perRequest() && !d.perRequest() {
			return
		}
		yield(p.slot.provider)
		for _, w := range p.slot.decorators {
			if p.kind == onInner && w == d {
				return
			}
			yield(w)
		}
	}
}
