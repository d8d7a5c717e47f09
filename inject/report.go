package inject

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Provider describes one line of [Module.Provide], [Module.Add] or
// [Graph.Replace].
type Provider struct {
	Module string   // its name; "" for a replacement
	Where  string   // file:line
	Types  []string // what it is known as, its own type first; for an item, the items of its groups
	Item   bool     // it is an item of a group
	Flags  Flag
	On     bool
	Why    string   // what decided whether it is on; "" if nothing had to
	Needs  []string // the types of a constructor's parameters
	Built  bool     // somebody needed it; always false for what is made per request
}

// Providers lists what modules provide and add, in list order. It is complete
// once the graph was checked.
func (g *Graph) Providers() []Provider {
	g.mu.Lock()
	defer g.mu.Unlock()
	var list []Provider
	for _, d := range g.decls {
		if d.role > adds {
			continue
		}
		p := Provider{Where: d.where, Item: d.role == adds, Flags: d.flags, On: d.on, Why: d.why,
			Built: d.made.IsValid() || d.reached && d.value.IsValid()}
		if d.mod != nil {
			p.Module = d.mod.name
		}
		for _, t := range d.keys {
			p.Types = append(p.Types, typeName(t))
		}
		for _, t := range d.in {
			p.Needs = append(p.Needs, typeName(t))
		}
		list = append(list, p)
	}
	return list
}

// A Condition tells why a conditional or default provider is on or off.
type Condition struct {
	Module string
	What   string // the type, for a default one line for each
	Where  string
	On     bool
	Why    string // the fact that decided, such as: cache.driver is "memory", not "redis"
}

type answer struct {
	order int
	Condition
}

func (g *Graph) note(d *decl, what string, on bool, why string) {
	c := Condition{What: what, Where: d.where, On: on, Why: why}
	if d.mod != nil {
		c.Module = d.mod.name
	}
	g.answers = append(g.answers, answer{d.order, c})
}

// Conditions lists what [When] and [Default] decided, in list order. It is
// empty until the graph was checked.
func (g *Graph) Conditions() []Condition {
	g.mu.Lock()
	defer g.mu.Unlock()
	slices.SortStableFunc(g.answers, func(a, b answer) int { return cmp.Compare(a.order, b.order) })
	list := make([]Condition, len(g.answers))
	for i, a := range g.answers {
		list[i] = a.Condition
	}
	return list
}

// A line is one need of one module, met by another.
type line struct {
	from, to *module // to is nil for a replacement
	what     string
	group    bool
}

// lines returns who needs what from whom, each once, in list order.
func (g *Graph) lines() []line {
	var list []line
	seen := map[line]bool{}
	add := func(l line) {
		if l.from != nil && l.from != l.to && !seen[l] {
			seen[l] = true
			list = append(list, l)
		}
	}
	for _, d := range g.decls {
		for _, p := range d.deps {
			if p.kind == onGroup && p.group != nil {
				for _, item := range p.group.items {
					add(line{d.mod, item.mod, typeName(p.typ), true})
				}
			}
			if p.slot != nil {
				add(line{d.mod, p.slot.provider.mod, typeName(p.typ), false})
			}
		}
	}
	return list
}

// Text draws who provides and who needs what, module by module, in list order.
// It is complete once the graph was checked.
func (g *Graph) Text() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var b strings.Builder
	lines := g.lines()
	for _, m := range g.modules {
		fmt.Fprintf(&b, "%s\n", m.name)
		for _, d := range g.decls {
			if d.mod != m || !d.on {
				continue
			}
			b.WriteString(d.offer())
		}
		for _, l := range lines {
			if l.from != m {
				continue
			}
			to := "a replacement"
			if l.to != nil {
				to = l.to.name
			}
			fmt.Fprintf(&b, "  needs %s from %s\n", l.what, to)
		}
	}
	return b.String()
}

// offer is the line of Text for what d brings, "" for what only needs.
func (d *decl) offer() string {
	switch d.role {
	case provides, adds:
		verb, names, flags := "provides", make([]string, len(d.keys)), ""
		if d.role == adds {
			verb = "adds"
		}
		for i, t := range d.keys {
			names[i] = typeName(t)
		}
		if d.flags != 0 {
			flags = " (" + d.flags.String() + ")"
		}
		return fmt.Sprintf("  %s %s%s\n", verb, strings.Join(names, ", as "), flags)
	case decorates:
		return fmt.Sprintf("  decorates %s\n", typeName(d.in[0]))
	}
	return ""
}

// Mermaid draws the same as a Mermaid flow chart: an arrow points from who
// needs to who provides, a dotted one to who adds to a group.
func (g *Graph) Mermaid() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, "#quot;") + `"` }
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for _, m := range g.modules {
		fmt.Fprintf(&b, "  m%d[%s]\n", m.index, quote(m.name))
	}
	replaced := false
	for _, l := range g.lines() {
		arrow, to := "-->", "replacements"
		if l.group {
			arrow = "-.->"
		}
		if l.to != nil {
			to = fmt.Sprintf("m%d", l.to.index)
		} else if !replaced {
			replaced = true
			b.WriteString("  replacements\n")
		}
		fmt.Fprintf(&b, "  m%d %s|%s| %s\n", l.from.index, arrow, quote(l.what), to)
	}
	return b.String()
}
