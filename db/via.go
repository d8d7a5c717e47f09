package db

import (
	"fmt"
	"slices"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A Via is a way from the rows of a table over relations to one row each, such
// as Films.Genre().Parent(). The columns of generated code stand at the end of
// one: Films.Genre().Name. With loads what it leads to.
type Via struct{ p *path }

// path is a way of links; a table's own is its root.
type path struct {
	table *table // of a root
	from  *path
	link  int   // of the table at the end of from
	own   *link // instead, of a Reverse
}

// A Rel is what With loads: a [Via] or a [Many].
type Rel interface {
	// relation returns the way, and what a Many chooses of its end.
	relation() (*path, *query)
}

func (v *Via) relation() (*path, *query) { return v.p, nil }

func (p *path) root() *table {
	for p.from != nil {
		p = p.from
	}
	return p.table
}

// end returns the table that p leads to.
func (p *path) end() *table {
	if p.from == nil {
		return p.table
	}
	return p.step().target
}

// step returns the last link of p.
func (p *path) step() *link {
	if p.own != nil {
		return p.own
	}
	t := p.from.end()
	if p.link >= len(t.links) {
		return &link{target: &table{}}
	}
	return &t.links[p.link]
}

func (p *path) same(o *path) bool {
	for p != o {
		if p == nil || o == nil || p.table != o.table || p.link != o.link || p.own != o.own {
			return false
		}
		p, o = p.from, o.from
	}
	return true
}

// outer reports whether there may be no row at the end of p.
func (p *path) outer() bool {
	for ; p.from != nil; p = p.from {
		if p.step().outer {
			return true
		}
	}
	return false
}

// String returns the way as it is written in Go, without the plural of the
// table's variable: films.Genre.Parent.
func (p *path) String() string {
	if p == nil {
		return "no table"
	}
	if p.from == nil {
		return p.table.def.Name
	}
	return p.from.String() + "." + p.step().name
}

// Follow, for generated code, returns the way from v over its table's link of
// that index.
func Follow(v Via, link int) Via { return Via{&path{from: v.p, link: link}} }

// Bind, for generated code, gives the columns at the end of v to the fields
// that stand for them, in the order of the schema. It panics when there are
// not as many.
func Bind(v Via, columns ...*Column) {
	if t := v.p.table; t != nil && len(columns) != len(t.all) {
		panic(fmt.Sprintf("db: bind %d columns of table %s, which has %d", len(columns), t.def.Name, len(t.all)))
	}
	for i, c := range columns {
		c.at, c.i = v.p, i
	}
}

// A Link is one relation of a model, as generated code describes it to
// [Relate]. A row is joined to the rows of To whose columns Key hold the values
// of its own columns From.
type Link struct {
	Name string // of the field
	To   interface{ core() *table }
	From []string
	Key  []string
	Many bool // there may be several, in a slice

	// Through is the table of pairs between the two. Its columns Near hold
	// the values of From, its columns Far those of Key.
	Through   interface{ core() *table }
	Near, Far []string

	// Kind is the column that must hold the name of a table: with Many that of
	// this model, in the table To, else that of To, in this table.
	Kind string
}

// Relate, for generated code, tells t of its relations.
func Relate(t interface{ core() *table }, links ...Link) bool {
	from := t.core()
	for _, l := range links {
		r := l.resolve(from)
		from.links = append(from.links, r)
		r.target.incoming = append(r.target.incoming, r)
	}
	return true
}

// Reverse, for generated code, returns a relation of t that t's package cannot
// declare, because it does not know of the other. It is a [Many] like those of
// t, but no field holds it: see [Related].
func Reverse(t interface{ core() *table }, l Link) Many {
	from := t.core()
	own := l.resolve(from)
	return Many{p: &path{from: from.root, own: &own}}
}

// link is a Link whose columns were found.
type link struct {
	name      string
	source    *table
	target    *table
	from, key []int
	many      bool
	outer     bool // there may be no row at the end
	through   *table
	near, far []int
	kind      int    // the column of the kind, -1 if there is none
	value     string // that it holds
}

func (l Link) resolve(from *table) link {
	to := l.To.core()
	r := link{name: l.Name, source: from, target: to, from: from.find(l.From), key: to.find(l.Key), many: l.Many, kind: -1}
	r.outer = l.Kind != "" || !slices.Equal(r.key, to.key)
	for _, c := range r.from {
		r.outer = r.outer || from.def.Columns[c].Null
	}
	if l.Through != nil {
		r.through = l.Through.core()
		r.near, r.far = r.through.find(l.Near), r.through.find(l.Far)
	}
	switch {
	case l.Kind == "":
	case l.Many:
		r.kind, r.value = to.find([]string{l.Kind})[0], from.def.Name
	default:
		r.kind, r.value = from.find([]string{l.Kind})[0], to.def.Name
	}
	return r
}

// find returns the indexes of columns. It panics where there is no such
// column: generated code names those of the schema beside it.
func (t *table) find(names []string) []int {
	list := make([]int, len(names))
	for i, name := range names {
		list[i] = t.index(name)
		if list[i] < 0 {
			panic(fmt.Sprintf("db: table %s has no column %s; run \"ashlar generate\" again", t.def.Name, name))
		}
	}
	return list
}

func (t *table) index(name string) int {
	for i := range t.def.Columns {
		if t.def.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// linkTo writes the condition that joins l's two tables, whose names in the
// statement are given. pair is that of the table between.
func (b *builder) linkTo(l *link, from, to, pair string) {
	word := ""
	equal := func(a string, ta *table, ca []int, z string, tz *table, cz []int) {
		for i := range ca {
			b.write(word, a, ".", quote(ta.def.Columns[ca[i]].Name), " = ", z, ".", quote(tz.def.Columns[cz[i]].Name))
			word = " AND "
		}
	}
	if l.through != nil {
		equal(pair, l.through, l.near, from, l.source, l.from)
	} else {
		equal(to, l.target, l.key, from, l.source, l.from)
	}
	switch {
	case l.kind >= 0 && l.many:
		b.write(word, to, ".", quote(l.target.def.Columns[l.kind].Name), " = ", literal(l.value))
	case l.kind >= 0:
		b.write(word, from, ".", quote(l.source.def.Columns[l.kind].Name), " = ", literal(l.value))
	}
}

// literal writes the name of a table, or another constant of this program, as
// a text of SQL.
func literal(s string) string {
	for _, c := range s {
		if c != '_' && c != '.' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			panic(fmt.Sprintf("db: %q is no name of a table", s))
		}
	}
	return "'" + s + "'"
}

// values returns the values of p's columns.
func (t *table) values(p any, columns []int) []engine.Value {
	list := make([]engine.Value, len(columns))
	for i, c := range columns {
		list[i] = t.rows.encode(p, c)
	}
	return list
}
