package modelgen

import (
	"fmt"
	"strings"
)

// relations writes what m's relations need: the ways, what puts rows into the
// fields, the accessors, and the description for package db.
func (w *writer) relations(m *model) {
	list := m.relations()
	if len(list) == 0 {
		return
	}
	db := w.use(dbPath)
	for i, f := range list {
		r := f.rel
		if r.many {
			w.line("\n// %s are the row's %s.", f.name, r.target.table)
			w.line("func (c *%s) %s() %s.Many { return %s.Collection(c.Via, %d) }", m.columnsType(), f.name, db, db, i)
			continue
		}
		w.line("\n// %s is the way to the row's %s.", f.name, r.struc)
		w.line("func (c *%s) %s() *%s { return %s(%s.Follow(c.Via, %d)) }", m.columnsType(), f.name,
			w.of(r, r.target.columnsType()), w.of(r, r.target.columnsFunc()), db, i)
	}
	for _, f := range list {
		w.accessor(m, f)
	}
	w.link(m, list)
	w.line("\nvar _ = %s.Relate(%s,", db, m.variable)
	for _, f := range list {
		w.line("%s.Link{%s},", db, w.linkFields(f))
	}
	w.line(")")
	for _, f := range list {
		if f.rel.path != "" && !f.rel.many && !f.rel.back && f.rel.kind == nil {
			w.reverse(m, f)
		}
	}
}

// of returns a name of r's package as this file writes it.
func (w *writer) of(r *relation, name string) string {
	if r.path == "" {
		return name
	}
	w.imports[r.pkg] = r.path
	return r.pkg + "." + name
}

// accessor writes the method that tells a relation that was not loaded from
// one without rows.
func (w *writer) accessor(m *model, f *field) {
	r := f.rel
	missing := "p." + f.name + " == nil"
	if !r.many && !r.back {
		for _, c := range r.from {
			switch {
			case c.typ.boxed != "":
				missing += " && p." + c.name + ".Valid"
			case c.typ.null:
				missing += " && p." + c.name + " != nil"
			}
		}
		if r.kind != nil {
			missing += fmt.Sprintf(" && p.%s == %q", r.kind.name, r.target.table)
		}
	}
	typ := "*" + w.of(r, r.struc)
	if r.many {
		typ = "[]" + typ
	}
	w.line("\n// Loaded%s returns %s, or an error of the kind db.ErrNotLoaded that says", f.name, f.name)
	switch {
	case r.back && !r.many:
		w.line("// which With is missing, or that there is none.")
	default:
		w.line("// which With is missing.")
	}
	w.line("func (p *%s) Loaded%s() (%s, error) {\nif %s {", m.name, f.name, typ, missing)
	w.line("return nil, %s.NotLoaded(%q, %q)\n}\nreturn p.%s, nil\n}", w.use(dbPath), m.name+"."+f.name, m.variable+"."+f.name+"()", f.name)
}

// link writes the function that puts rows into the fields of relations.
func (w *writer) link(m *model, list []*field) {
	w.line("\nfunc %s(p *%s, link int, row any) {\nswitch link {", m.linkFunc(), m.name)
	for i, f := range list {
		typ := "*" + w.of(f.rel, f.rel.struc)
		w.line("case %d:", i)
		if !f.rel.many {
			w.line("p.%s, _ = row.(%s)", f.name, typ)
			continue
		}
		w.line("if row == nil {\np.%s = []%s{}\n} else {\np.%s = append(p.%s, row.(%s))\n}", f.name, typ, f.name, f.name, typ)
	}
	w.line("}\n}")
}

// linkFields returns the fields of a db.Link literal.
func (w *writer) linkFields(f *field) string {
	r := f.rel
	parts := []string{
		fmt.Sprintf("Name: %q, To: %s", f.name, w.of(r, r.target.variable)),
		"From: " + columnNames(r.from) + ", Key: " + columnNames(r.key),
	}
	if r.many {
		parts = append(parts, "Many: true")
	}
	if r.through != nil {
		parts = append(parts, "Through: "+r.through.variable+", Near: "+columnNames(r.near)+", Far: "+columnNames(r.far))
	}
	if r.kind != nil {
		parts = append(parts, fmt.Sprintf("Kind: %q", r.kind.column))
	}
	return strings.Join(parts, ", ")
}

func columnNames(list []*field) string {
	var names []string
	for _, f := range list {
		names = append(names, f.column)
	}
	return fmt.Sprintf("%#v", names)
}

// reverse writes the relation from another package's model to this one, which
// that package cannot declare.
func (w *writer) reverse(m *model, f *field) {
	r, db := f.rel, w.use(dbPath)
	name := w.reverseName(m, f)
	w.line("\n// %s are the %s of each %s.%s, by their %s. No field holds them: see db.Related.", name, m.table, r.pkg, r.struc, f.name)
	w.line("var %s = %s.Reverse(%s, %s.Link{Name: %q, To: %s, From: %s, Key: %s, Many: true})", name, db,
		w.of(r, r.target.variable), db, name, m.variable, columnNames(r.key), columnNames(r.from))
}

// reverseName is UserPosts, or UserPostsByEditor where a Post has several.
func (w *writer) reverseName(m *model, f *field) string {
	name := f.rel.struc + m.variable
	n := 0
	for _, other := range m.relations() {
		if other.rel.path == f.rel.path && other.rel.struc == f.rel.struc && !other.rel.many && !other.rel.back {
			n++
		}
	}
	if n > 1 {
		name += "By" + f.name
	}
	return name
}
