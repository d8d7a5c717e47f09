package router

import "slices"

// A Status says what became of a match.
type Status uint8

// The outcomes of [Tree.Match].
const (
	NotFound         Status = iota // no route has this path
	Found                          // Route gets the request
	Redirect                       // Route gets the request at Location
	MethodNotAllowed               // routes have this path, with the methods in Allow
	Malformed                      // the path holds a bad escape or a zero byte
)

var statusNames = [...]string{"not found", "found", "redirect", "method not allowed", "malformed"}

// String returns the status in lower-case words, such as "not found".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return "unknown"
}

// A Result is what [Tree.Match] found out.
type Result[T any] struct {
	Status Status

	// Route is set when the status is Found or Redirect. It belongs to the
	// tree and must not be changed.
	Route *Route[T]

	// Location is set when the status is Redirect: the escaped path at which
	// Route is found. It begins with exactly one slash and is always on the
	// same host. The query is the caller's to add.
	Location string

	// Allow is set when the status is MethodNotAllowed: the methods that the
	// path has, sorted, with HEAD where there is GET, and always OPTIONS, so
	// that the caller can answer OPTIONS by itself.
	Allow []string
}

// Match finds the route for a request. Host may have a port; path is escaped
// as in the request line, without the query (see [net/url.URL.EscapedPath]).
// The parameters of the route go to params, which holds none unless the status
// is Found; what it held before is lost.
//
// A path that does not begin with a slash, such as the * of OPTIONS, or is
// longer than [MaxPath] is not found. A path with empty or dot segments is
// redirected when its clean form is found, and otherwise has the result of
// that form. [Config].TrailingSlash says what becomes of a slash too many or too few.
//
// Match does not allocate when a route with at most two parameters is found for
// a path without escapes and a host in lower case. It may be called by several goroutines at once, each
// with its own params, once the last Add is done.
func (t *Tree[T]) Match(method, host, path string, params *Params) Result[T] {
	params.names = nil
	q := t.query(method, host)
	if e := q.literal(path); e != nil {
		return Result[T]{Status: Found, Route: t.routes[e.index]}
	}
	a := q.match(path, params)
	r := Result[T]{Status: a.status, Location: a.location, Allow: a.allow}
	if a.route != nil {
		r.Route = t.routes[a.route.index]
		if a.status == Found {
			params.names = &a.route.names
		}
	}
	return r
}

// An index holds all of a tree that does not depend on the type of the values.
type index struct {
	anyHost *table
	hosts   map[string]*table
	slash   TrailingSlash
}

// An answer is a Result before the value is added.
type answer struct {
	status   Status
	route    *endpoint
	location string
	allow    []string
}

// tables returns the tables to search for host, in order; the second may be nil.
func (x *index) tables(host string) (first, second *table) {
	if len(x.hosts) > 0 {
		if t := x.hosts[bareHost(host)]; t != nil {
			return t, x.anyHost
		}
	}
	return x.anyHost, nil
}

// A query is a request less its path, and where to look for its route.
type query struct {
	slash         TrailingSlash
	method        string
	first, second *table
}

func (x *index) query(method, host string) query {
	first, second := x.tables(host)
	return query{slash: x.slash, method: method, first: first, second: second}
}

// literal returns the route of a path that needs no search, nil when there is
// none: a path that is in the map is clean, and no route is narrower.
func (q *query) literal(path string) *endpoint {
	if len(path) > MaxPath {
		return nil
	}
	return q.first.static[path].pick(q.method)
}

// match finds out what becomes of any other path.
func (q *query) match(path string, params *Params) answer {
	if path == "" || path[0] != '/' || len(path) > MaxPath {
		return answer{}
	}
	target, form := prepare(path)
	switch form {
	case malformed:
		return answer{status: Malformed}
	case clean:
		return q.run(target, path, params)
	}
	path = cleaned(path)
	target, _ = prepare(path)
	a := q.run(target, path, params)
	if a.status == Found {
		return redirect(a.route, path, target.slash)
	}
	return a
}

// run finds out what becomes of a clean path.
func (q *query) run(t target, path string, params *Params) answer {
	e, exact := q.find(t, params)
	// Only a path without a trailing slash may give way to the one with it: as
	// in net/http, a directory's own page wins over a subtree further up.
	if q.slash != StrictSlash && (e == nil || !exact && !t.slash) {
		var other Params
		if e2, exact := q.find(t.toggled(), &other); e2 != nil && exact {
			if q.slash == IgnoreSlash {
				*params = other
				return answer{status: Found, route: e2}
			}
			if a := redirect(e2, path, !t.slash); a.status == Redirect || e == nil {
				return a
			}
		}
	}
	if e != nil {
		return answer{status: Found, route: e}
	}
	return q.notAllowed(t)
}

// find returns the route for a target, and whether it matches exactly: without
// a rest that takes a part of the path.
func (q *query) find(t target, params *Params) (e *endpoint, exact bool) {
	s := search{target: t, method: q.method}
	if e = s.in(q.first, params); e == nil {
		e = s.in(q.second, params)
	}
	return e, !s.inexact
}

// notAllowed returns the answer for a target that has no route for the method.
func (q *query) notAllowed(t target) answer {
	var params Params
	s := search{target: t, collecting: true}
	s.in(q.first, &params)
	s.in(q.second, &params)
	if q.slash != StrictSlash {
		s.target = t.toggled()
		s.in(q.first, &params)
		s.in(q.second, &params)
	}
	if s.methods == nil {
		return answer{}
	}
	methods := append(s.methods, "OPTIONS")
	if slices.Contains(methods, "GET") {
		methods = append(methods, "HEAD")
	}
	slices.Sort(methods)
	return answer{status: MethodNotAllowed, allow: slices.Compact(methods)}
}

// redirect returns the answer that sends the visitor to path, which is clean
// and at which e is found. Escaping can make a path longer than what is matched.
func redirect(e *endpoint, path string, slash bool) answer {
	to := location(path, slash)
	if len(to) > MaxPath {
		return answer{}
	}
	return answer{status: Redirect, route: e, location: to}
}
