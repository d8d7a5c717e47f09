package modelgen

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/db/schema"
)

// A relation is what a field that holds other models' rows stands for.
type relation struct {
	many   bool
	struc  string // the other struct
	path   string // of its package, "" is this one
	pkg    string // what that is called in this file
	target *model

	from, key []*field // of this model, and of target
	through   *model
	near, far []*field // of through
	kind      *field   // of target if many, else of this model
	back      bool     // the key of this row is in target
}

// relation returns the relation that a field of this type is, nil if it is
// none: a pointer to a model, or a slice of such.
func (p *pkg) relation(file *ast.File, expr ast.Expr) *relation {
	r := &relation{}
	if slice, ok := expr.(*ast.ArrayType); ok && slice.Len == nil {
		r.many = true
		expr = slice.Elt
	}
	star, ok := expr.(*ast.StarExpr)
	if !ok {
		return nil
	}
	switch e := star.X.(type) {
	case *ast.Ident:
		if decl, ok := p.types[e.Name]; ok && decl.marker != nil {
			r.struc = e.Name
			return r
		}
	case *ast.SelectorExpr:
		name, ok := e.X.(*ast.Ident)
		if !ok {
			return nil
		}
		path, ok := importPath(file, name.Name)
		if !ok {
			return nil
		}
		if other := p.other(path); other != nil && other.types[e.Sel.Name].marker != nil {
			r.struc, r.path, r.pkg = e.Sel.Name, path, name.Name
			return r
		}
	}
	return nil
}

// other reads another package of the same module, once.
func (p *pkg) other(path string) *pkg {
	if other, ok := p.others[path]; ok {
		return other
	}
	p.others[path] = nil
	dir, ok := p.sameModule(path)
	if !ok || p.shallow {
		return nil
	}
	other, err := readPackage(dir)
	if err != nil {
		return nil
	}
	other.shallow = true
	p.others[path] = other
	return other
}

// relate finds the columns of all relations.
func (p *pkg) relate(models []*model) {
	for _, m := range models {
		for _, f := range m.fields {
			if f.rel != nil {
				f.rel.target = p.target(models, f.rel)
			}
		}
	}
	for _, m := range models {
		for _, f := range m.fields {
			if f.rel != nil && f.rel.target != nil {
				p.relateField(models, m, f)
			}
		}
		p.checkOnDelete(m)
	}
}

// target returns the model at the other side of r.
func (p *pkg) target(models []*model, r *relation) *model {
	if r.path == "" {
		return modelNamed(models, r.struc)
	}
	other := p.others[r.path]
	m := other.model(other.types[r.struc])
	m.path, m.pkg = r.path, r.pkg
	other.bad = nil // they are reported where that package is generated
	return m
}

func modelNamed(models []*model, name string) *model {
	i := slices.IndexFunc(models, func(m *model) bool { return m.name == name })
	if i < 0 {
		return nil
	}
	return models[i]
}

// named returns the columns for fields' names, nil if one is missing.
func (m *model) named(names ...string) []*field {
	var list []*field
	for _, name := range names {
		i := slices.IndexFunc(m.fields, func(f *field) bool { return f.name == name && f.inTable })
		if i < 0 {
			return nil
		}
		list = append(list, m.fields[i])
	}
	return list
}

// relateField finds the columns of one relation.
func (p *pkg) relateField(models []*model, m *model, f *field) {
	r := f.rel
	switch {
	case f.through != "":
		p.relateThrough(models, m, f)
	case f.poly != "":
		holder := m
		if r.many {
			holder = r.target
		}
		keys, kinds := holder.named(f.poly+"ID"), holder.named(f.poly+"Kind")
		if keys == nil || kinds == nil || kinds[0].typ.column != schema.Text || kinds[0].typ.null {
			p.relationProblem(m, f, "add them: poly=Subject needs SubjectKind, a text, and SubjectID", "%s has no fields %sKind and %sID", holder.name, f.poly, f.poly)
			return
		}
		r.kind = kinds[0]
		if r.many {
			r.from, r.key = m.key(), keys
		} else {
			r.from, r.key = keys, r.target.key()
		}
	case r.many || f.has != nil:
		r.back = true
		r.from, r.key = m.key(), p.backKey(m, f)
		if r.key == nil {
			p.relationProblem(m, f, "add the field "+m.name+"ID to "+r.target.name+", or name the one that holds the key with `db:\"has=…\"`",
				"%s has no field that holds the key of %s", r.target.name, m.name)
			return
		}
	default:
		names := f.holders()
		r.from, r.key = m.named(names...), r.target.key()
		if r.from == nil {
			p.relationProblem(m, f, "add it, or name the field that holds the key with `db:\"rel=…\"`; has=… where it is in "+r.target.name,
				"%s has no field %s that holds the key of %s", m.name, strings.Join(names, " and "), r.target.name)
			return
		}
		p.addKey(m, f)
	}
	p.checkPair(m, f, r.from, r.key)
	if f.onDelete != "" && (r.many || r.back || r.kind != nil) {
		p.relationProblem(m, f, "write it beside the field that holds the key", "ondelete on a side that holds no key")
	}
}

// holders returns the names of the fields that hold the key of the other row.
func (f *field) holders() []string {
	if f.options.rel != nil {
		return f.options.rel
	}
	return []string{f.name + "ID"}
}

// backKey returns the columns of the other model that hold the key of m: those
// that has= names, or the field named for m, or that of the only relation which
// leads back.
func (p *pkg) backKey(m *model, f *field) []*field {
	target := f.rel.target
	if f.has != nil {
		return target.named(f.has...)
	}
	if key := target.named(m.name + "ID"); key != nil {
		return key
	}
	var found [][]*field
	for _, back := range target.fields {
		if back.rel != nil && !back.rel.many && back.rel.path == "" && back.rel.struc == m.name && back.has == nil && back.poly == "" {
			found = append(found, target.named(back.holders()...))
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

func (p *pkg) relateThrough(models []*model, m *model, f *field) {
	r := f.rel
	r.through = modelNamed(models, f.through)
	if r.through == nil || !r.many {
		p.relationProblem(m, f, "name a model of this package, and make the field a slice", "through=%s", f.through)
		return
	}
	r.from, r.key = m.key(), r.target.key()
	r.near, r.far = r.through.named(m.name+"ID"), r.through.named(r.target.name+"ID")
	if r.near == nil || r.far == nil {
		p.relationProblem(m, f, "add them", "%s has no fields %sID and %sID", f.through, m.name, r.target.name)
		return
	}
	p.checkPair(m, f, r.from, r.near)
	p.checkPair(m, f, r.key, r.far)
}

// checkPair checks that two lists of columns can be compared.
func (p *pkg) checkPair(m *model, f *field, a, b []*field) {
	if len(a) != len(b) {
		p.relationProblem(m, f, "name all of them, with a + between", "%d fields for a key of %d", len(a), len(b))
		return
	}
	for i := range a {
		if a[i].typ.column != b[i].typ.column {
			p.relationProblem(m, f, "give both the same type", "%s is a %s, %s a %s", a[i].name, a[i].typ.column, b[i].name, b[i].typ.column)
		}
	}
}

func (p *pkg) relationProblem(m *model, f *field, mend, format string, args ...any) {
	p.problem("A1524", f.pos, mend, "%s.%s: "+format, append([]any{m.name, f.name}, args...)...)
}

// addKey adds the foreign key of a relation, and an index that finds the rows
// which refer to one.
func (p *pkg) addKey(m *model, f *field) {
	r := f.rel
	var from, key []string
	onDelete := f.onDelete
	for i, c := range r.from {
		if c.refTable != "" { // it says itself what it refers to
			return
		}
		from, key = append(from, c.column), append(key, r.key[min(i, len(r.key)-1)].column)
		if onDelete == "" {
			onDelete = c.onDelete
		}
	}
	if slices.ContainsFunc(m.keys, func(k schema.ForeignKey) bool { return slices.Equal(k.Columns, from) }) {
		return
	}
	if onDelete == "setnull" && !r.from[0].typ.null {
		p.relationProblem(m, f, "make "+r.from[0].name+" a pointer", "ondelete=setnull on a column that cannot be NULL")
	}
	m.keys = append(m.keys, schema.ForeignKey{Columns: from, RefTable: r.target.table, RefColumns: key, OnDelete: onDelete})
	var pk []string
	for _, c := range m.key() {
		pk = append(pk, c.column)
	}
	begins := func(list []string) bool { return len(list) >= len(from) && slices.Equal(list[:len(from)], from) }
	if !begins(pk) && !slices.ContainsFunc(m.indexes, func(x schema.Index) bool { return begins(x.Columns) }) {
		m.indexes = append(m.indexes, schema.Index{Columns: from})
	}
}

// checkOnDelete reports ondelete on what refers to no other row.
func (p *pkg) checkOnDelete(m *model) {
	for _, f := range m.fields {
		if !f.inTable || f.onDelete == "" || f.refTable != "" {
			continue
		}
		if !slices.ContainsFunc(m.keys, func(k schema.ForeignKey) bool { return slices.Contains(k.Columns, f.column) }) {
			p.problem("A1521", f.pos, "", "%s.%s: ondelete without references", m.name, f.name)
		}
	}
}

// relations returns the fields that are relations.
func (m *model) relations() []*field {
	var list []*field
	for _, f := range m.fields {
		if f.rel != nil && f.rel.target != nil {
			list = append(list, f)
		}
	}
	return list
}
