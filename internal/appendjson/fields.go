package appendjson

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A candidate is a field that is written unless another of the same name
// takes precedence.
type candidate struct {
	name      string
	tagged    bool  // the name comes from a tag
	index     []int // the way to it; its length is how deeply it is embedded
	typ       reflect.Type
	options   []string
	ambiguous bool // its struct is embedded twice at this depth
}

// fields returns the members of objects of type t, in order.
func (p *planner) fields(t reflect.Type) []member {
	var members []member
	for _, c := range dominant(candidates(t)) {
		m := member{
			name:  "," + string(appendString(nil, c.name)) + ":",
			first: c.index[0],
			omit:  omitFunc(c),
		}
		if len(c.index) > 1 {
			m.rest = c.index[1:]
		}
		if slices.Contains(c.options, "string") && isScalar(unnamedElem(c.typ)) {
			m.plan = p.quoted(c.typ)
		} else {
			m.plan = p.plan(c.typ)
			m.direct = directField(t, c, m.name, m.omit != nil)
		}
		members = append(members, m)
	}
	return members
}

// An embedding is a struct whose fields are those of the outermost struct too.
type embedding struct {
	typ       reflect.Type
	index     []int
	ambiguous bool
}

// candidates collects the fields of t and of the structs embedded in it, level
// by level. A struct that was met at a shallower level is not entered again.
func candidates(t reflect.Type) []candidate {
	var found []candidate
	seen := map[reflect.Type]bool{}
	level := []embedding{{typ: t}}
	for len(level) > 0 {
		var next []embedding
		for _, e := range level {
			if seen[e.typ] {
				continue
			}
			seen[e.typ] = true
			for i := range e.typ.NumField() {
				c, inner, ok := classify(e.typ.Field(i))
				if !ok {
					continue
				}
				c.index = append(slices.Clone(e.index), i)
				if inner == nil {
					c.ambiguous = e.ambiguous
					found = append(found, c)
					continue
				}
				at := slices.IndexFunc(next, func(n embedding) bool { return n.typ == inner })
				if at < 0 {
					next = append(next, embedding{typ: inner, index: c.index})
				} else {
					next[at].ambiguous = true
				}
			}
		}
		level = next
	}
	return found
}

// classify reports whether f matters at all, and if so returns either what it
// is written as, or the struct whose fields are promoted through it.
func classify(f reflect.StructField) (c candidate, inner reflect.Type, ok bool) {
	elem := f.Type
	if elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	// A struct that is not exported may have fields that are.
	if !f.IsExported() && !(f.Anonymous && elem.Kind() == reflect.Struct) {
		return c, nil, false
	}
	tag := f.Tag.Get("json")
	if tag == "-" {
		return c, nil, false
	}
	name, options, _ := strings.Cut(tag, ",")
	if !validName(name) {
		name = ""
	}
	if embedded := unnamedElem(f.Type); name == "" && f.Anonymous && embedded.Kind() == reflect.Struct {
		return c, embedded, true
	}
	c = candidate{name: name, tagged: name != "", typ: f.Type, options: strings.Split(options, ",")}
	if !c.tagged {
		c.name = f.Name
	}
	return c, nil, true
}

// dominant keeps, of the candidates with one name, the least deeply embedded;
// among several of these the one with a tag; and none if that leaves several.
func dominant(all []candidate) []candidate {
	best := map[string]candidate{}
	for _, c := range all {
		b, ok := best[c.name]
		switch {
		case !ok || outranks(c, b):
			best[c.name] = c
		case !outranks(b, c):
			b.ambiguous = true
			best[c.name] = b
		}
	}
	var kept []candidate
	for _, c := range best {
		if !c.ambiguous {
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b candidate) int { return slices.Compare(a.index, b.index) })
	return kept
}

func outranks(a, b candidate) bool {
	if len(a.index) != len(b.index) {
		return len(a.index) < len(b.index)
	}
	return a.tagged && !b.tagged
}

// validName reports whether a tag's name is kept; a field with another is
// treated as if the tag had none.
func validName(s string) bool {
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) {
			return false
		}
	}
	return true
}

// unnamedElem returns what t points to if t is a pointer without a name, and t
// otherwise.
func unnamedElem(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer && t.Name() == "" {
		return t.Elem()
	}
	return t
}

// isScalar reports whether the option "string" has an effect on t.
func isScalar(t reflect.Type) bool { return scalarAppender(t, false) != nil }
