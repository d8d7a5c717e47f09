package router

import (
	"slices"
	"strings"
)

// This file holds the tree and the search through it.
//
// There is a tree for each host and one for the routes without a host. A path
// through a tree is the path of a pattern, segment by segment: a node has
// children for literal texts and for types of parameters, and up to three
// leaves, for patterns that end at the node, with {$} behind it, or with the
// rest of the path behind it. A leaf holds the routes of that path, one for
// each method.
//
// The search goes depth first, and at each node from the narrowest child to the
// widest. The first leaf with a fitting method is the winner: of two routes that
// match, one is narrower or equal in every segment (else Add had refused them),
// so at the first node where their ways part it is on the way tried earlier.
//
// That can mean turning back: with /a/b/z and /a/{x}/c, the path /a/b/c is
// first tried along /a/b. But the depth of a node is the number of segments
// before it, so a search comes to each node at most once, always with the same
// part of the path left. It therefore ends after at most as many steps as the tree
// has nodes no deeper than the path has segments, and each step looks at one
// segment once per type. No path makes it worse, however it is built; and a
// tree with 2^n ways to turn back takes 2^n patterns to make.

// A table holds the routes of one host, or those without a host.
type table struct {
	root   node
	static map[string]*leaf // routes without parameters, by their whole path
}

// A node is a place in the tree: what was before it matched.
type node struct {
	keys   []string         // literal children: their texts,
	kids   []*node          // and themselves
	byText map[string]*node // the same, once there are many
	typed  []typedChild     // parameters, narrowest first

	here *leaf // patterns that end here
	end  *leaf // … with {$} after a slash
	rest *leaf // … with the rest of the path after a slash
}

type typedChild struct {
	typ  Type
	node *node
}

// A leaf holds the routes of one path, which differ in their methods.
type leaf struct{ routes []*endpoint }

// An endpoint is a route as far as the search is concerned.
type endpoint struct {
	index   int // of the route in the Tree
	pattern Pattern
	names   []string
}

// manyKids is the number of literal children from which on a map is faster
// than comparing with each.
const manyKids = 9

func newTable() *table { return &table{static: map[string]*leaf{}} }

// add puts e in its place. There must be no route that conflicts with it.
func (t *table) add(e *endpoint) {
	n := &t.root
	for _, s := range e.pattern.segments {
		switch s.kind {
		case literal:
			n = n.addLiteral(s.text)
		case param:
			n = n.addTyped(s.typ)
		}
	}
	spot := &n.here
	switch e.pattern.last().kind {
	case end:
		spot = &n.end
	case rest:
		spot = &n.rest
	}
	if *spot == nil {
		*spot = new(leaf)
	}
	(*spot).routes = append((*spot).routes, e)
	if path, ok := e.pattern.static(); ok {
		t.static[path] = *spot
	}
}

// static returns the one path that the pattern matches when sent without
// escapes, and false when there are more or none.
func (p Pattern) static() (string, bool) {
	var b strings.Builder
	for _, s := range p.segments {
		if s.kind == param || s.kind == rest || strings.ContainsAny(s.text, "/%") {
			return "", false
		}
		b.WriteByte('/')
		b.WriteString(s.text)
	}
	return b.String(), true
}

func (n *node) addLiteral(text string) *node {
	if kid := n.literal(text); kid != nil {
		return kid
	}
	kid := new(node)
	n.keys = append(n.keys, text)
	n.kids = append(n.kids, kid)
	if n.byText != nil {
		n.byText[text] = kid
	} else if len(n.keys) >= manyKids {
		n.byText = map[string]*node{}
		for i, key := range n.keys {
			n.byText[key] = n.kids[i]
		}
	}
	return kid
}

func (n *node) addTyped(typ Type) *node {
	at := len(n.typed)
	for i, c := range n.typed {
		if c.typ == typ {
			return c.node
		}
		if at == len(n.typed) && typ.compare(c.typ) == narrower {
			at = i
		}
	}
	kid := new(node)
	n.typed = slices.Insert(n.typed, at, typedChild{typ, kid})
	return kid
}

// literal returns the child for text, nil when there is none.
func (n *node) literal(text string) *node {
	if n.byText != nil {
		return n.byText[text]
	}
	for i, key := range n.keys {
		if key == text {
			return n.kids[i]
		}
	}
	return nil
}

// pick returns the leaf's route for method, nil when there is none. The
// narrowest wins: the method itself, then GET for HEAD, then any method.
func (l *leaf) pick(method string) *endpoint {
	if l == nil {
		return nil
	}
	var get, other *endpoint
	for _, e := range l.routes {
		switch e.pattern.method {
		case method:
			return e
		case "GET":
			get = e
		case "":
			other = e
		}
	}
	if method == "HEAD" && get != nil {
		return get
	}
	return other
}
