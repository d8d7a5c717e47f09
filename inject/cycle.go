package inject

import (
	"fmt"
	"slices"
	"strings"
)

// cyclesAndOrder finds what cannot be built in any order, and what cannot be
// built in the order of the list.
func (c *checker) cyclesAndOrder() {
	knots := c.knots()
	seen := map[int]bool{}
	c.active(func(d *decl) bool {
		if n, ok := knots[d]; ok && !seen[n] {
			seen[n] = true
			c.cycle(d, knots)
		}
		return true
	})
	c.order(knots)
}

// before calls yield for each declaration that must be built before d.
func (d *decl) before(yield func(*decl)) {
	for _, p := range d.deps {
		p.leads(d, false, yield)
	}
}

// knots numbers the sets of declarations that need each other, and leaves out
// all that are in none. It is Tarjan's algorithm for strongly connected
// components (SIAM J. Comput. 1, 1972).
func (c *checker) knots() map[*decl]int {
	var (
		found   = map[*decl]int{}
		index   = make([]int, len(c.g.decls)) // by decl.order; 0 is not visited
		low     = make([]int, len(c.g.decls))
		onStack = make([]bool, len(c.g.decls))
		stack   []*decl
		next    int
		visit   func(*decl)
	)
	visit = func(d *decl) {
		next++
		index[d.order], low[d.order] = next, next
		stack = append(stack, d)
		onStack[d.order] = true
		self := false
		d.before(func(e *decl) {
			switch {
			case e == d:
				self = true
			case index[e.order] == 0:
				visit(e)
				low[d.order] = min(low[d.order], low[e.order])
			case onStack[e.order]:
				low[d.order] = min(low[d.order], index[e.order])
			}
		})
		if low[d.order] != index[d.order] {
			return
		}
		at := slices.Index(stack, d)
		knot := stack[at:]
		stack = stack[:at]
		for _, e := range knot {
			onStack[e.order] = false
			if len(knot) > 1 || self {
				found[e] = index[d.order]
			}
		}
	}
	c.active(func(d *decl) bool {
		if index[d.order] == 0 {
			visit(d)
		}
		return true
	})
	return found
}

// cycle reports a shortest way from d back to d.
func (c *checker) cycle(d *decl, knots map[*decl]int) {
	from := map[*decl]*decl{}
	queue := []*decl{d}
	for len(queue) > 0 && from[d] == nil {
		e := queue[0]
		queue = queue[1:]
		e.before(func(next *decl) {
			if n, ok := knots[next]; ok && n == knots[d] && from[next] == nil {
				from[next] = e
				queue = append(queue, next)
			}
		})
	}
	path := []*decl{d}
	for e := from[d]; e != d; e = from[e] {
		path = append(path, e)
	}
	slices.Reverse(path[1:])
	var names, places []string
	for _, e := range path {
		names = append(names, e.title())
		places = append(places, fmt.Sprintf("\n\t%s: %s", e.title(), e.at()))
	}
	c.report(codeCycle, d.where,
		"move what they share into a type of its own, or hand one of them over later with Need, which is filled after everything was built",
		"cycle: %s → %s%s", strings.Join(names, " → "), d.title(), strings.Join(places, ""))
}

// A lateness is that one module needs what a later one provides.
type lateness struct{ needer, provider *module }

// order reports needs that point down the list. Those within a knot are left
// out: no order mends them.
func (c *checker) order(knots map[*decl]int) {
	var found []lateness
	types := map[lateness][]string{}
	where := map[lateness]string{}
	c.active(func(d *decl) bool {
		for _, p := range d.deps {
			if p.slot == nil || d.mod == nil || p.slot.provider.position() <= d.mod.index {
				continue
			}
			n, in := knots[d]
			if m, too := knots[p.slot.provider]; in && too && n == m {
				continue
			}
			late := lateness{d.mod, p.slot.provider.mod}
			if where[late] == "" {
				found = append(found, late)
				where[late] = d.where
			}
			if name := typeName(p.want); !slices.Contains(types[late], name) {
				types[late] = append(types[late], name)
			}
		}
		return true
	})
	for _, late := range found {
		mend := fmt.Sprintf("move module %q up (%s), before module %q (%s)",
			late.provider.name, late.provider.where, late.needer.name, late.needer.where)
		if c.moduleNeeds(late.provider, late.needer, map[*module]bool{}) {
			mend = fmt.Sprintf("module %q needs module %q as well: move what both need into a module of its own, listed before them",
				late.provider.name, late.needer.name)
		}
		c.report(codeOrder, where[late], mend, "module %q needs %s, which module %q provides later in the list",
			late.needer.name, strings.Join(types[late], " and "), late.provider.name)
	}
}

// moduleNeeds reports whether a needs b, directly or through others.
func (c *checker) moduleNeeds(a, b *module, seen map[*module]bool) bool {
	if a == b {
		return true
	}
	if seen[a] {
		return false
	}
	seen[a] = true
	for _, d := range c.g.decls {
		if d.mod != a || !d.on {
			continue
		}
		for _, p := range d.deps {
			if p.slot == nil || p.slot.provider.mod == nil || p.slot.provider.mod == a {
				continue
			}
			if c.moduleNeeds(p.slot.provider.mod, b, seen) {
				return true
			}
		}
	}
	return false
}
