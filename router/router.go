package router

import (
	"cmp"
	"iter"
	"slices"

	"github.com/ashlar-go/ashlar/errs"
)

// A Config says how a [Tree] matches. Its zero value is ready for use.
type Config struct {
	// TrailingSlash says what becomes of a path that has a trailing slash
	// too many or too few. Defaults to RedirectSlash.
	TrailingSlash TrailingSlash
}

// A TrailingSlash is a policy on paths that miss a route by their last slash.
type TrailingSlash uint8

// The policies. /films is meant for /films/ when that route matches the method
// and takes nothing more from the path, even though a subtree further up, such
// as /, would match /films. And /films/ is meant for /films when nothing else
// matches it.
const (
	RedirectSlash TrailingSlash = iota // send the visitor to the path that is meant
	StrictSlash                        // /films and /films/ have nothing to do with each other
	IgnoreSlash                        // serve the route that is meant, without a redirect
)

// A Route is one entry of a [Tree].
type Route[T any] struct {
	Pattern string // as the package comment describes it
	Name    string // for [Tree.URL]; may be empty
	Where   string // file:line of the code that added it, for messages; may be empty
	Value   T      // what a match gives back
}

// A Tree finds routes by requests, and paths by the names of routes. Make it
// with [New].
//
// Adding is for one goroutine. Once that is done, all other methods may be
// called by several goroutines at once.
type Tree[T any] struct {
	index
	routes  []*Route[T]
	origins []origin // of routes
	byHost  map[string][]*endpoint
	byName  map[string]*endpoint
}

// New returns an empty tree.
func New[T any](cfg Config) *Tree[T] {
	return &Tree[T]{
		index:  index{anyHost: newTable(), hosts: map[string]*table{}, slash: cfg.TrailingSlash},
		byHost: map[string][]*endpoint{},
		byName: map[string]*endpoint{},
	}
}

// Add adds a route. When the pattern is bad, its name is taken or it conflicts
// with an earlier route, the tree stays as it was and the error is an
// *[errs.Setup] or an [errs.List] of them; so a caller can add all routes and
// collect what is wrong with each.
func (t *Tree[T]) Add(r Route[T]) error {
	var problems errs.List
	p, bad := parse(r.Pattern)
	o := origin{text: r.Pattern, where: r.Where, pattern: p}
	if old := t.byName[r.Name]; old != nil {
		problems.Add(duplicateName(r.Name, o, t.origins[old.index]))
	}
	if bad != nil {
		bad.Where = r.Where
		problems.Add(bad)
	} else {
		problems.Add(t.conflict(o))
	}
	if len(problems) > 0 {
		return problems.Err()
	}
	e := &endpoint{index: len(t.routes), pattern: p, names: p.names()}
	t.routes = append(t.routes, &r)
	t.origins = append(t.origins, o)
	t.byHost[p.host] = append(t.byHost[p.host], e)
	if r.Name != "" {
		t.byName[r.Name] = e
	}
	t.tableOf(p.host).add(e)
	return nil
}

// conflict returns the problem that a route would be in conflict with the
// earliest of those which it is in conflict with, nil when there is none.
func (t *Tree[T]) conflict(o origin) error {
	for _, e := range t.byHost[o.pattern.host] {
		if o.pattern.compare(e.pattern).conflict() {
			return explainConflict(o, t.origins[e.index])
		}
	}
	return nil
}

// tableOf returns the table of a host, "" for any, and makes it when needed.
func (t *Tree[T]) tableOf(host string) *table {
	if host == "" {
		return t.anyHost
	}
	if t.hosts[host] == nil {
		t.hosts[host] = newTable()
	}
	return t.hosts[host]
}

// Routes yields the routes, sorted by host, path and method, those for any
// host and any method first.
func (t *Tree[T]) Routes() iter.Seq[Route[T]] {
	return func(yield func(Route[T]) bool) {
		order := make([]int, len(t.routes))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int {
			a, b := t.origins[i].pattern, t.origins[j].pattern
			return cmp.Or(cmp.Compare(a.host, b.host), cmp.Compare(a.Path(), b.Path()), cmp.Compare(a.method, b.method))
		})
		for _, i := range order {
			if !yield(*t.routes[i]) {
				return
			}
		}
	}
}
