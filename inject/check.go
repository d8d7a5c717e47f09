package inject

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// A checker goes over a graph once and collects what is wrong with it.
type checker struct {
	g        *Graph
	problems errs.List
	replaced map[*decl]*decl       // replacement → the provider whose place it took
	used     map[*decl]bool        // providers that somebody needs
	read     map[reflect.Type]bool // groups that somebody needs
}

func (c *checker) report(code, where, mend, format string, args ...any) {
	c.problems.Add(&errs.Setup{Code: code, What: fmt.Sprintf(format, args...), Where: where, Mend: mend})
}

// active calls yield for each declaration that is on, in list order.
func (c *checker) active(yield func(*decl) bool) {
	for _, d := range c.g.decls {
		if d.on && !yield(d) {
			return
		}
	}
}

// settle asks the conditions, in list order.
func (c *checker) settle() {
	seen := &view{lookup: c.g.lookup, provided: map[reflect.Type][]*decl{}, added: map[reflect.Type][]*decl{}}
	for _, d := range c.g.decls {
		seen.module = d.mod
		c.ask(d, seen)
		if !d.on {
			continue
		}
		known := seen.provided
		if d.role == adds {
			known = seen.added
		}
		for _, t := range d.keys {
			known[t] = append(known[t], d)
		}
	}
}

func (c *checker) ask(d *decl, seen *view) {
	if len(d.conds) == 0 {
		d.on = true
		return
	}
	defer func() {
		if r := recover(); r != nil {
			d.why = "the condition panicked"
			for _, t := range d.keys {
				c.g.unsure[t] = true
			}
			c.problems.Add(&errs.Setup{Code: codeCondFailed, What: "ask whether " + d.title() + " is on",
				Where: d.where, Mend: "a condition answers yes or no", Err: panicError(r)})
		}
		c.g.note(d, d.title(), d.on, d.why)
	}()
	d.on, d.why = fold(false, d.conds).ask(seen)
}

func (c *checker) attachDecorators() {
	c.active(func(d *decl) bool {
		if d.role != decorates {
			return true
		}
		t := d.in[0]
		d.slot = c.g.find(d.mod, t)
		if d.slot != nil {
			d.slot.decorators = append(d.slot.decorators, d)
		} else if !c.g.unsure[t] {
			c.report(codeDecorate, d.where, c.mend(t, d), "decorate %s: nobody provides it", typeName(t))
		}
		return true
	})
}

func (c *checker) linkAll() {
	c.read = map[reflect.Type]bool{}
	c.active(func(d *decl) bool {
		d.deps = make([]dep, len(d.in))
		for i := range d.in {
			p := c.g.link(d, i)
			d.deps[i] = p
			switch {
			case p.kind == onGroup:
				c.read[p.typ.Elem()] = true
			case p.kind == onSlot:
				c.used[p.slot.provider] = true
			}
		}
		return true
	})
}

// captives finds what lives long and would hold what lives for one request.
func (c *checker) captives() {
	c.active(func(d *decl) bool {
		if d.perRequest() {
			return true
		}
		for _, p := range d.deps {
			switch {
			case p.kind == onContext && d.slot != nil:
				c.report(codeCaptive, d.where, "a context belongs to one call: take it as a parameter of the method that needs it",
					"%s wants the request's context, but %s lives as long as the app", d.title(), typeName(d.in[0]))
			case p.kind == onSlot && !p.lazy && p.slot.perRequest():
				mend := fmt.Sprintf("take inject.Scoped[%s] and call it with the request's context", typeName(p.want))
				if d.role == provides || d.role == replaces {
					mend += fmt.Sprintf(", or make %s PerRequest too", d.title())
				}
				c.report(codeCaptive, d.where, mend, "%s lives as long as the app, but needs %s, which lives for one request (%s)",
					d.title(), typeName(p.want), p.slot.provider.at())
			}
		}
		return true
	})
}

// unused finds replacements and items that have no effect.
func (c *checker) unused() {
	if len(c.g.shapes) > 0 {
		return // who would have used them may be among the broken ones
	}
	c.active(func(d *decl) bool {
		switch {
		case d.role == replaces && !c.used[d]:
			c.report(codeReplace, d.where, c.otherTypes(d), "replace %s: nobody needs it", typeName(d.keys[0]))
		case d.role == adds:
			c.unread(d)
		}
		return true
	})
}

// otherTypes advises on a replacement that missed the type which is in use.
func (c *checker) otherTypes(d *decl) string {
	was := c.replaced[d]
	if was == nil || !c.used[was] {
		return "remove the replacement"
	}
	var names []string
	for _, t := range was.keys {
		if !slices.Contains(d.keys, t) {
			names = append(names, typeName(t))
		}
	}
	return fmt.Sprintf("%s also provides it as %s, which is needed: replace that", was.owner(), strings.Join(names, " and "))
}

// unread finds an item that lies in a group which nobody reads, while a group
// that is read would take it: its As was forgotten.
func (c *checker) unread(d *decl) {
	var fits reflect.Type
	for _, t := range d.keys {
		if c.read[t] {
			return
		}
	}
	for _, other := range c.g.decls {
		for _, p := range other.deps {
			if p.kind != onGroup {
				continue
			}
			if t := p.typ.Elem(); t.Kind() == reflect.Interface && t.NumMethod() > 0 && d.keys[0].Implements(t) {
				fits = t
			}
		}
	}
	if fits != nil {
		c.report(codeUnread, d.where, fmt.Sprintf("add As[%s]()", typeName(fits)),
			"add %s: nobody needs []%[1]s, but []%s is needed, and it would fit", typeName(d.keys[0]), typeName(fits))
	}
}
