package inject

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
)

// Build checks the graph, then builds what the modules need, in list order,
// and fills the variables of Need. It stops at the first constructor that
// fails: the error names the constructor's line and wraps what it returned, or
// what it panicked with. What was built until then is left to its owners.
// The first call builds; later ones return the same.
func (g *Graph) Build() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.started {
		return g.buildErr
	}
	if err := g.check(); err != nil {
		return err
	}
	g.started = true
	var wanted []*decl
	for _, d := range g.decls {
		if d.role == needs {
			wanted = append(wanted, d)
		}
	}
	g.buildErr = errors.New("inject: a constructor ended its goroutine") // unless build returns
	g.buildErr = g.build(wanted)
	g.built.Store(g.buildErr == nil)
	return g.buildErr
}

// build makes what wanted reaches and is not there yet, then fills variables.
func (g *Graph) build(wanted []*decl) (err error) {
	var list []*decl
	var reach func(*decl)
	reach = func(d *decl) {
		if d.reached {
			return
		}
		d.reached = true
		list = append(list, d)
		for _, p := range d.deps {
			p.leads(d, true, reach)
		}
	}
	for _, d := range wanted {
		reach(d)
	}
	defer func() {
		if err != nil { // a later attempt has all of it to do again
			for _, d := range list {
				d.reached = false
			}
		}
	}()
	slices.SortStableFunc(list, func(a, b *decl) int { return cmp.Compare(a.order, b.order) })
	for _, d := range list {
		switch {
		case d.perRequest():
			err = g.prepare(d)
		case d.role <= adds:
			_, err = g.make(d)
		}
		if err != nil {
			return err
		}
	}
	return g.fill(wanted)
}

func (g *Graph) fill(wanted []*decl) error {
	for _, d := range wanted {
		if d.role != needs {
			continue
		}
		v, err := g.arg(d.deps[0], nil)
		if err != nil {
			return err
		}
		d.target.Set(v)
	}
	return nil
}

// prepare builds what d, made per request, needs of what lives as long as the
// graph: requests then only read.
func (g *Graph) prepare(d *decl) error {
	for _, p := range d.deps {
		var err error
		switch {
		case p.kind == onGroup:
			_, err = g.collect(p)
		case p.kind == onSlot && !p.slot.perRequest():
			_, err = g.get(p.slot)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// make returns what d provides or adds, undecorated, and builds it if it is
// not there. It is for what lives as long as the graph.
func (g *Graph) make(d *decl) (reflect.Value, error) {
	if d.value.IsValid() {
		return d.value, nil
	}
	if d.made.IsValid() {
		return d.made, nil
	}
	args, err := g.args(d, nil, nil)
	if err != nil {
		return reflect.Value{}, err
	}
	d.made, _, err = d.invoke(args)
	return d.made, err
}

// args returns the arguments for d's function. A frame says for which request;
// special finds what only the caller knows: inner values, given ones.
func (g *Graph) args(d *decl, f *frame, special func(dep) reflect.Value) ([]reflect.Value, error) {
	args := make([]reflect.Value, len(d.deps))
	for i, p := range d.deps {
		if p.kind == onInner || p.kind == onGiven {
			args[i] = special(p)
			continue
		}
		v, err := g.arg(p, f)
		if err != nil {
			return nil, err
		}
		args[i] = v
	}
	return args, nil
}

func (g *Graph) arg(p dep, f *frame) (reflect.Value, error) {
	switch {
	case p.kind == onContext:
		return reflect.ValueOf(f.context()), nil
	case p.kind == onGroup:
		return g.collect(p)
	case p.lazy:
		if !p.slot.perRequest() {
			if _, err := g.get(p.slot); err != nil {
				return reflect.Value{}, err
			}
		}
		v := reflect.New(p.typ)
		v.Interface().(scoped).bind(g.finder(p.slot))
		return v.Elem(), nil
	case p.slot.perRequest():
		return f.scope.get(f.scope.ctx, f, p.slot)
	}
	return g.get(p.slot)
}

// collect returns a slice of its own for each who needs the group.
func (g *Graph) collect(p dep) (reflect.Value, error) {
	if p.group == nil {
		return reflect.MakeSlice(p.typ, 0, 0), nil
	}
	items := reflect.MakeSlice(p.typ, len(p.group.items), len(p.group.items))
	for i, d := range p.group.items {
		v, err := g.make(d)
		if err != nil {
			return v, err
		}
		items.Index(i).Set(v)
	}
	return items, nil
}

// get returns a slot's value with its decorators around it.
func (g *Graph) get(s *slot) (reflect.Value, error) {
	if s.value.IsValid() {
		return s.value, nil
	}
	v, err := g.make(s.provider)
	for i := 0; err == nil && i < len(s.decorators); i++ {
		v, err = g.wrap(s.decorators[i], nil, v)
	}
	if err == nil {
		s.value = v
	}
	return v, err
}

func (g *Graph) wrap(w *decl, f *frame, inner reflect.Value) (reflect.Value, error) {
	args, err := g.args(w, f, func(dep) reflect.Value { return inner })
	if err != nil {
		return inner, err
	}
	v, _, err := w.invoke(args)
	return v, err
}
