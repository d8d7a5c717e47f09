package ashlar

import (
	"reflect"
	"time"

	"github.com/ashlar-go/ashlar/config"
)

// A Route is one way to reach a handler, as it was registered. It does not
// change once the app is checked.
type Route struct {
	Pattern string // "GET /films/{id:int}", with the prefixes of its groups
	Name    string // for URLs; may be ""
	Doc     string // one line
	Where   string // file:line of the registration

	In, Out reflect.Type // of its action; nil for other handlers

	BodyLimit      int64         // bytes; 0: none
	Timeout        time.Duration // 0: none
	StrictQuery    bool          // refuses query parameters that the input does not name
	InsecureNoCSRF bool          // lets other sites send unsafe requests

	representations []Representation
	xml             bool
	handler         func(*Ctx) error
	source          string // file:line of the handler
	stages          []placed
	chain           []stage
	options         map[string]bool // set by an option rather than by Config
}

// An Option says something about one route, or about all routes of a group.
type Option func(*Route)

// Name names the route, for [Ctx.URL] and templates. Names are unique.
func Name(name string) Option { return func(r *Route) { r.Name = name } }

// Doc says in one line what the route is for.
func Doc(line string) Option { return func(r *Route) { r.Doc = line } }

// BodyLimit bounds the request's body, in place of Config.BodyLimit; 0 takes
// the bound away, for handlers that read a stream.
func BodyLimit(n config.Size) Option {
	return func(r *Route) { r.BodyLimit, r.options["body"] = int64(n), true }
}

// Timeout bounds the time for the answer, in place of Config.Timeout; 0 takes
// the bound away, for server-sent events and WebSockets.
func Timeout(d time.Duration) Option {
	return func(r *Route) { r.Timeout, r.options["time"] = d, true }
}

// StrictQuery refuses query parameters that the action's input does not name,
// by status 422. Without it they are ignored: links from elsewhere carry
// parameters of their own, such as utm_source.
func StrictQuery() Option { return func(r *Route) { r.StrictQuery = true } }

// InsecureNoCSRF takes the CSRF checks away from a route: any site can then make
// a visitor's browser send requests to it, with the visitor's cookies. It is
// for webhooks, which prove by a signature who sent them.
func InsecureNoCSRF() Option { return func(r *Route) { r.InsecureNoCSRF = true } }

// Represent adds a media type to those that the output of an action can be
// had in. Clients without a preference get the first one added.
func Represent(rep Representation) Option {
	return func(r *Route) { r.representations = append(r.representations, rep) }
}
