package inject

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// missing reports each type that is needed and that nobody provides to who
// needs it: once, with all who do.
func (c *checker) missing() {
	var order []reflect.Type
	wanters := map[reflect.Type][]*decl{}
	c.active(func(d *decl) bool {
		for _, p := range d.deps {
			if p.kind != onNothing || c.g.unsure[p.want] || slices.Contains(wanters[p.want], d) {
				continue
			}
			if wanters[p.want] == nil {
				order = append(order, p.want)
			}
			wanters[p.want] = append(wanters[p.want], d)
		}
		return true
	})
	if len(order) == 0 {
		return
	}
	users := c.users()
	for _, t := range order {
		first := wanters[t][0]
		var b strings.Builder
		fmt.Fprintf(&b, "missing %s, wanted by %s", typeName(t), first.title())
		if path := pathTo(first, users); len(path) > 1 {
			fmt.Fprintf(&b, "\n\tpath: %s → %s", strings.Join(path, " → "), typeName(t))
		}
		for i, d := range wanters[t][1:] {
			if i == 3 {
				fmt.Fprintf(&b, "\n\tand by %d more", len(wanters[t])-4)
				break
			}
			fmt.Fprintf(&b, "\n\tand by %s (%s)", d.title(), d.where)
		}
		c.report(codeMissing, first.where, c.mend(t, first), "%s", b.String())
	}
}

// users tells for each declaration by which other it is first reached from
// what the application asks for.
func (c *checker) users() map[*decl]*decl {
	users := map[*decl]*decl{}
	var queue []*decl
	c.active(func(d *decl) bool {
		if d.role == needs || d.role == calls {
			users[d] = nil
			queue = append(queue, d)
		}
		return true
	})
	for len(queue) > 0 {
		d := queue[0]
		queue = queue[1:]
		for _, p := range d.deps {
			p.leads(d, true, func(next *decl) {
				if _, ok := users[next]; !ok {
					users[next] = d
					queue = append(queue, next)
				}
			})
		}
	}
	return users
}

func pathTo(d *decl, users map[*decl]*decl) []string {
	var path []string
	for ; d != nil; d = users[d] {
		path = append(path, d.title())
	}
	slices.Reverse(path)
	return path
}

// mend advises on how d may get t: by what there is, most likely cause first.
func (c *checker) mend(t reflect.Type, d *decl) string {
	for _, hint := range [...]func(t reflect.Type, p, d *decl) string{
		hintWithheld, hintImplements, hintPointer, hintItem, hintInterface, hintNamesake,
	} {
		var hints []string
		for _, p := range c.g.decls {
			if p.role > adds || p == d {
				continue
			}
			if h := hint(t, p, d); h != "" {
				hints = append(hints, h)
			}
		}
		if len(hints) > 3 {
			hints = append(hints[:3], "…")
		}
		if len(hints) > 0 {
			return strings.Join(hints, "; or ")
		}
	}
	if d.mod == nil {
		return "provide it in a module"
	}
	return fmt.Sprintf("provide it, or list a module that does before %s", d.owner())
}

func (d *decl) seenBy(other *decl) bool {
	return d.on && d.role != adds && (d.flags&Private == 0 || d.mod == other.mod)
}

func hintWithheld(t reflect.Type, p, d *decl) string {
	switch {
	case p.role != provides || !slices.Contains(p.keys, t):
		return ""
	case !p.on:
		return fmt.Sprintf("%s provides it at %s, but that is off: %s", p.owner(), p.where, p.why)
	case p.flags&Private != 0 && p.mod != d.mod:
		return fmt.Sprintf("%s provides it for itself only: remove Private at %s", p.owner(), p.where)
	}
	return ""
}

func hintImplements(t reflect.Type, p, d *decl) string {
	if t.Kind() != reflect.Interface || !p.seenBy(d) || !p.keys[0].Implements(t) {
		return ""
	}
	return fmt.Sprintf("%s implements it: add As[%s]() at %s", typeName(p.keys[0]), typeName(t), p.where)
}

func hintPointer(t reflect.Type, p, d *decl) string {
	if !p.seenBy(d) {
		return ""
	}
	for _, key := range p.keys {
		if key == reflect.PointerTo(t) || t.Kind() == reflect.Pointer && key == t.Elem() {
			return fmt.Sprintf("%s is provided (%s): take that", typeName(key), p.at())
		}
	}
	return ""
}

func hintItem(t reflect.Type, p, d *decl) string {
	if p.role != adds || !p.on || !slices.Contains(p.keys, t) {
		return ""
	}
	return fmt.Sprintf("it is added to a group at %s: take []%s", p.where, typeName(t))
}

func hintInterface(t reflect.Type, p, d *decl) string {
	if !p.seenBy(d) {
		return ""
	}
	for _, key := range p.keys {
		if key.Kind() == reflect.Interface && key.NumMethod() > 0 && t.Implements(key) {
			return fmt.Sprintf("%s, which it implements, is provided (%s): take that", typeName(key), p.at())
		}
	}
	return ""
}

func hintNamesake(t reflect.Type, p, d *decl) string {
	if !p.seenBy(d) {
		return ""
	}
	for _, key := range p.keys {
		if key.String() == t.String() {
			return fmt.Sprintf("another type of that name is provided (%s): %s, not %s", p.at(), pkgPath(key), pkgPath(t))
		}
	}
	return ""
}

func pkgPath(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath()
}
