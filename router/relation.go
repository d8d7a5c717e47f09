package router

// A relation says how the requests that one thing matches relate to those that
// another one matches, as bits: what a route is in any of its parts it is as a
// whole, so parts are combined by "or". The exception is disjoint: one disjoint
// part makes the wholes disjoint, whatever the other bits say.
type relation uint8

const (
	equal       relation = 0
	wider       relation = 1 << 0 // the first matches requests that the second does not
	narrower    relation = 1 << 1 // the second matches requests that the first does not
	disjoint    relation = 1 << 2 // there is no request that both match
	overlapping          = wider | narrower
)

// conflict reports whether some request is matched by both while neither is
// the more specific.
func (r relation) conflict() bool { return r == equal || r == overlapping }

// compare relates the requests of two patterns of the same host.
func (p Pattern) compare(q Pattern) relation {
	r := compareMethods(p.method, q.method)
	if r&disjoint != 0 {
		return disjoint
	}
	if r |= p.comparePaths(q); r&disjoint != 0 {
		return disjoint
	}
	return r
}

func compareMethods(a, b string) relation {
	switch {
	case a == b:
		return equal
	case a == "", a == "GET" && b == "HEAD":
		return wider
	case b == "", a == "HEAD" && b == "GET":
		return narrower
	}
	return disjoint
}

// comparePaths relates the paths that two patterns match. The result has the
// disjoint bit alone or not at all.
func (p Pattern) comparePaths(q Pattern) relation {
	r := equal
	for i := range min(len(p.segments), len(q.segments)) {
		r |= p.segments[i].compare(q.segments[i])
		if r&disjoint != 0 {
			return disjoint
		}
	}
	// The longer pattern's further segments are met by the shorter one's rest,
	// when it has one. That rest was compared above with the longer pattern's
	// segment at its place, so its being wider is in r already.
	switch n, m := len(p.segments), len(q.segments); {
	case n < m && p.last().kind != rest, n > m && q.last().kind != rest:
		return disjoint
	}
	return r
}

// compare relates two segments at the same place. A param never takes the
// empty text that an end asks for, so those two are disjoint.
func (s segment) compare(t segment) relation {
	switch {
	case s.kind == t.kind:
		return s.compareSame(t)
	case s.kind == rest:
		return wider
	case t.kind == rest:
		return narrower
	case s.kind == param && t.kind == literal && s.typ.Accepts(t.text):
		return wider
	case s.kind == literal && t.kind == param && t.typ.Accepts(s.text):
		return narrower
	}
	return disjoint
}

func (s segment) compareSame(t segment) relation {
	switch {
	case s.kind == param:
		return s.typ.compare(t.typ)
	case s.kind == literal && s.text != t.text:
		return disjoint
	}
	return equal
}
