package router

import "strings"

// A search looks for the one route that gets a request, or collects the methods
// of all the routes that match its path.
type search struct {
	target
	method     string
	collecting bool // take the methods of all leaves and find no route

	inexact bool     // set when found by a rest that is not empty
	methods []string // set when collecting; in no order, may repeat
}

// in returns the route of t that gets the request, nil when there is none. The
// params are no field of s because the compiler would then put those of the
// callers on the heap.
func (s *search) in(t *table, params *Params) *endpoint {
	if t == nil {
		return nil
	}
	return s.walk(&t.root, s.path, params, 0)
}

// walk searches below n for what is left of the path. Count parameters were
// set on the way to n.
func (s *search) walk(n *node, left string, params *Params, count int) *endpoint {
	for left != "" {
		text, after := s.cut(left)
		kid := n.literal(text)
		if kid != nil && n.typed == nil && n.rest == nil {
			n, left = kid, after // no turning back to n
			continue
		}
		if kid != nil {
			if e := s.walk(kid, after, params, count); e != nil {
				return e
			}
		}
		for i := range n.typed {
			c := &n.typed[i]
			if !c.typ.Accepts(text) {
				continue
			}
			params.set(count, text)
			if e := s.walk(c.node, after, params, count+1); e != nil {
				return e
			}
		}
		return s.takeRest(n.rest, left, params, count)
	}
	if !s.slash {
		return s.take(n.here)
	}
	if e := s.take(n.end); e != nil {
		return e
	}
	return s.takeRest(n.rest, left, params, count)
}

// cut cuts the first segment off left, which begins with a separator.
func (s *search) cut(left string) (text, after string) {
	left = left[1:]
	if i := strings.IndexByte(left, s.sep); i >= 0 {
		return left[:i], left[i:]
	}
	return left, ""
}

// take returns the leaf's route for the method, or collects its methods.
func (s *search) take(l *leaf) *endpoint {
	if l == nil {
		return nil
	}
	if s.collecting {
		for _, e := range l.routes {
			if e.pattern.method != "" {
				s.methods = append(s.methods, e.pattern.method)
			}
		}
		return nil
	}
	return l.pick(s.method)
}

// takeRest is take for a leaf that takes what is left of the path.
func (s *search) takeRest(l *leaf, left string, params *Params, count int) *endpoint {
	e := s.take(l)
	if e == nil {
		return nil
	}
	s.inexact = left != ""
	if count < len(e.names) { // else it is a trailing slash, which has no name
		params.set(count, s.rest(left))
	}
	return e
}

// rest returns what is left of the path as a parameter's value: without the
// separator before it, with the trailing slash behind it.
func (s *search) rest(left string) string {
	if left == "" {
		return ""
	}
	value := s.full[len(s.path)-len(left)+1:]
	if s.sep != '/' {
		value = strings.ReplaceAll(value, "\x00", "/")
	}
	return value
}
