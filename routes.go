package ashlar

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/router"
)

// A Router registers routes, below the prefix of its group. Patterns are those
// of package router: "/films/{id:int}", "/files/{path...}",
// "api.example.com/v1/". Mistakes are collected and reported when the app is
// checked. A Router is for one goroutine.
type Router struct {
	app     *App
	prefix  string
	stages  []placed
	options []Option
}

// Get serves GET (and HEAD) with a handler that has the wire itself. For a
// typed function use the package function [Get].
func (r *Router) Get(pattern string, h func(*Ctx) error, opts ...Option) {
	r.add("GET", pattern, h, opts)
}

// Post serves POST with a handler that has the wire itself; see [Post].
func (r *Router) Post(pattern string, h func(*Ctx) error, opts ...Option) {
	r.add("POST", pattern, h, opts)
}

// Put serves PUT with a handler that has the wire itself; see [Put].
func (r *Router) Put(pattern string, h func(*Ctx) error, opts ...Option) {
	r.add("PUT", pattern, h, opts)
}

// Patch serves PATCH with a handler that has the wire itself; see [Patch].
func (r *Router) Patch(pattern string, h func(*Ctx) error, opts ...Option) {
	r.add("PATCH", pattern, h, opts)
}

// Delete serves DELETE with a handler that has the wire itself; see [Delete].
func (r *Router) Delete(pattern string, h func(*Ctx) error, opts ...Option) {
	r.add("DELETE", pattern, h, opts)
}

func (r *Router) add(method, pattern string, h func(*Ctx) error, opts []Option) {
	route := r.newRoute(method, pattern, errs.Caller(1), opts)
	route.handler, route.source = h, funcPlace(h)
	r.register(route)
}

// Handle serves a pattern of net/http ("GET /metrics", "/legacy/") with any
// http.Handler. Limits, CSRF checks and security headers apply as everywhere;
// path parameters are in Request.PathValue.
func (r *Router) Handle(pattern string, h http.Handler, opts ...Option) {
	route := r.newRoute("", pattern, errs.Caller(0), opts)
	if h != nil {
		route.handler, route.source = serveStd(h), funcPlace(h)
	}
	r.register(route)
}

func serveStd(h http.Handler) func(*Ctx) error {
	return func(c *Ctx) error {
		h.ServeHTTP(c.Writer(), c.Request())
		return nil
	}
}

// Mount serves everything below a path with an http.Handler that sees the rest
// of the path, such as another router.
func (r *Router) Mount(prefix string, h http.Handler, opts ...Option) {
	prefix = strings.TrimSuffix(prefix, "/")
	route := r.newRoute("", prefix+"/", errs.Caller(0), opts)
	if h != nil {
		above := strings.Count(route.Pattern, "/") - 1
		route.handler, route.source = serveStd(stripSegments(above, h)), funcPlace(h)
	}
	r.register(route)
}

// stripSegments is http.StripPrefix for a prefix that may hold parameters: it
// takes the first n segments of the path away, which the router has matched.
func stripSegments(n int, h http.Handler) http.Handler {
	if n == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		escaped := r.URL.EscapedPath()
		for range n {
			i := strings.IndexByte(escaped[1:], '/')
			if i < 0 {
				http.NotFound(w, r) // a middleware has changed the path
				return
			}
			escaped = escaped[1+i:]
		}
		path, err := url.PathUnescape(escaped)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		below := &struct {
			request http.Request
			url     url.URL
		}{*r, *r.URL} // in one piece of memory
		u := &below.url
		u.Path, u.RawPath = path, ""
		if u.EscapedPath() != escaped {
			u.RawPath = escaped
		}
		below.request.URL = u
		h.ServeHTTP(w, &below.request)
	})
}

// Group calls register with a router for the paths below prefix, such as
// "/admin", or for a host, such as "api.example.com". The options
// are those of all its routes; a route's own come after them.
func (r *Router) Group(prefix string, register func(*Router), opts ...Option) {
	if prefix != "" && !strings.Contains(prefix, "/") && !strings.Contains(prefix, ".") {
		r.app.problem(&errs.Setup{Code: "A1015", What: fmt.Sprintf("group %q has no slash and no dot: it is neither a path nor a host", prefix),
			Where: errs.Caller(0), Mend: fmt.Sprintf("write %q", "/"+prefix)})
		return
	}
	register(&Router{app: r.app, prefix: r.prefix + strings.TrimSuffix(prefix, "/"),
		stages: slices.Clip(r.stages), options: append(slices.Clip(r.options), opts...)})
}

// Use puts a stage in front of the handlers of the routes that this router
// registers from here on. Its Before and After do not apply.
func (r *Router) Use(stage Stage) {
	stage.Before, stage.After = "", ""
	p := placed{stage, errs.Caller(0)}
	if err := stage.problem(p.where); err != nil {
		r.app.problem(err)
		return
	}
	r.stages = append(slices.Clip(r.stages), p)
}

// Static serves the files of fsys below a path, such as "/static/": read at
// start, compressed, with entity tags and, under the URLs that [Ctx.Asset]
// gives, cached by browsers for a year. Names that begin with a dot are left
// out, but for the folder .well-known of RFC 8615 at the root of the site. A
// method that neither a file nor a route of that path takes is answered 405. In
// development changed files are read again.
func (r *Router) Static(prefix string, fsys fs.FS) {
	where := errs.Caller(0)
	prefix = r.prefix + strings.TrimSuffix(prefix, "/") + "/"
	r.app.mustBeOpen(fmt.Sprintf("folder of static files %q", prefix), where)
	if !strings.HasPrefix(prefix, "/") {
		r.app.problem(&errs.Setup{Code: "A1008", What: fmt.Sprintf("static files for %q: they are the same on every host", prefix),
			Where: where, Mend: `give them a path that begins with "/", in no group of a host`})
		return
	}
	r.app.static.sources = append(r.app.static.sources, staticSource{prefix, fsys, where})
}

// URL returns the path of the route of that name; pairs are the names and
// values of its parameters. Further pairs become the query, in their order.
func (r *Router) URL(name string, pairs ...string) (string, error) { return r.app.url(name, pairs) }

// URL is [Router.URL].
func (c *Ctx) URL(name string, pairs ...string) (string, error) { return c.app.url(name, pairs) }

func (a *App) url(name string, pairs []string) (string, error) {
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("ashlar: url %q: %d names and values do not pair", name, len(pairs))
	}
	if a.tree == nil {
		return "", fmt.Errorf("ashlar: url %q: the app has not been checked yet", name)
	}
	route, ok := a.named[name]
	if !ok {
		return "", fmt.Errorf("ashlar: url %q: no route has this name", name)
	}
	var params, query []string
	for ; len(pairs) > 0; pairs = pairs[2:] {
		if hasParam(route.Pattern, pairs[0]) {
			params = append(params, pairs[0], pairs[1])
		} else {
			query = append(query, url.QueryEscape(pairs[0])+"="+url.QueryEscape(pairs[1]))
		}
	}
	path, err := a.tree.URL(name, params...)
	if err != nil || len(query) == 0 {
		return path, err
	}
	return path + "?" + strings.Join(query, "&"), nil
}

// HasRoute reports whether a route has this name.
func (a *App) HasRoute(name string) bool {
	_, ok := a.named[name]
	return ok
}

func hasParam(pattern, name string) bool {
	return strings.Contains(pattern, "{"+name+"}") || strings.Contains(pattern, "{"+name+":") ||
		strings.Contains(pattern, "{"+name+"...}")
}

func (r *Router) newRoute(method, pattern, where string, opts []Option) *Route {
	if method == "" {
		if m, rest, ok := strings.Cut(pattern, " "); ok {
			method, pattern = m, strings.TrimLeft(rest, " ")
		}
	}
	if r.prefix != "" && !strings.HasPrefix(r.prefix, "/") {
		// The group is on a host: its prefix begins with it.
		pattern = r.prefix + pattern
	} else if host, path, ok := strings.Cut(pattern, "/"); ok {
		pattern = host + r.prefix + "/" + path
	}
	if method != "" {
		pattern = method + " " + pattern
	}
	route := &Route{Pattern: pattern, Where: where, stages: r.stages, options: map[string]bool{}}
	for _, o := range slices.Concat(r.options, opts) {
		o(route)
	}
	return route
}

func (r *Router) register(route *Route) {
	r.app.mustBeOpen(fmt.Sprintf("route %q", route.Pattern), route.Where)
	r.app.routes = append(r.app.routes, route)
}

// mustBeOpen panics once the routes are built: what comes later would never be
// served.
func (a *App) mustBeOpen(what, where string) {
	if a.checked && a.tree != nil {
		panic(&errs.Setup{Code: "A1012", What: what + " is registered after the app was checked",
			Where: where, Mend: "register routes in main before Main, or in Setup.Routes"})
	}
}

// buildRoutes makes the tree and the chain of every route.
func (a *App) buildRoutes() {
	until, from, err := buildRoad(a.extra, a.cfg.InsecureOmitStages)
	a.problem(err)
	a.untilRoute = until
	a.named = map[string]*Route{}
	a.tree = router.New[*Route](router.Config{TrailingSlash: a.cfg.TrailingSlash})
	for _, r := range a.routes {
		if !r.options["body"] {
			r.BodyLimit = int64(a.cfg.BodyLimit)
		}
		if !r.options["time"] {
			r.Timeout = a.cfg.Timeout
		}
		r.chain = slices.Clone(from[:len(from)-1])
		for _, s := range r.stages {
			r.chain = append(r.chain, s.ready())
		}
		r.chain = append(r.chain, from[len(from)-1])
		if r.handler == nil {
			a.problem(&errs.Setup{Code: "A1013", What: fmt.Sprintf("route %q has no handler", r.Pattern), Where: r.Where})
		}
		if r.Name != "" && a.named[r.Name] == nil {
			a.named[r.Name] = r
		}
		a.problem(a.tree.Add(router.Route[*Route]{Pattern: r.Pattern, Name: r.Name, Where: r.Where, Value: r}))
	}
}

// funcPlace returns where a function, or a handler's method, stands.
func funcPlace(f any) string {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	fn := runtime.FuncForPC(v.Pointer())
	if fn == nil {
		return ""
	}
	file, line := fn.FileLine(v.Pointer())
	return fmt.Sprintf("%s:%d", file, line)
}

// redirectClean sends the client to the spelling of its path that has a route,
// with the status that keeps the method.
func (c *Ctx) redirectClean(to string) error {
	if c.wire.query() != "" {
		to += "?" + c.wire.query()
	}
	c.answer.status = http.StatusPermanentRedirect
	return c.redirect(to)
}

// notAllowed answers for a path that has routes, but none for this method.
func (c *Ctx) notAllowed(allow []string) error {
	c.SetHeader("Allow", strings.Join(allow, ", "))
	if c.wire.method() == http.MethodOptions {
		return c.NoContent()
	}
	return errs.MethodNotAllowed.Errorf("This page takes %s.", strings.Join(allow, ", "))
}
