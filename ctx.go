package ashlar

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/router"
)

// A Ctx is one request and its answer. It is made anew for every request and
// never used again for another one, so a goroutine may keep it: reading the
// request stays safe after the handler returned, answering does not.
//
// A Ctx is a [context.Context] that ends when the client leaves, when the
// route's time is over, or when the request has been answered. Pass it on as
// it is; code further down gets it back with [FromContext].
//
// Its methods are for the goroutine that serves the request, except those of
// context.Context, [Ctx.Param], [Ctx.Query], [Ctx.Header], [Ctx.RequestID],
// [Ctx.Log] and [Ctx.Now], which any goroutine may call.
type Ctx struct {
	app    *App
	wire   wire
	parent context.Context // the engine's context of this request
	root   *Ctx            // the Ctx that the engine made; see fork

	// The head of the request, as received.
	method, host, path, query string
	secure                    bool

	// The way through the pipeline.
	chain []stage
	at    int

	route  *Route
	params router.Params

	began   time.Time             // see start; zero until somebody needs it
	allowed time.Duration         // for the answer; 0: without end
	timed   atomic.Pointer[timed] // made by the first Done

	mu    sync.Mutex // guards, in root: id, found, rare, and of answer secured
	id    string
	found *Route // by root or a fork of it
	rare  *rare  // see rarely

	posted   *posted
	limit    int64  // of the body, in bytes; 0: none
	encoding string // Content-Encoding that a middleware around this fork is going to give the answer
	limited  bool   // request's body obeys limit
	request  *http.Request

	answer answer
}

var _ context.Context = (*Ctx)(nil)

type ctxKey struct{}

// start notes, once, when the request began, by the system's clock, which
// timers and connections know. Reading it costs more than most stages do, so
// only those do that need it: log and timeout.
func (c *Ctx) start() time.Time {
	if c.began.IsZero() {
		c.began = systemClock()
	}
	return c.began
}

// FromContext returns the request that ctx belongs to. It is false outside of
// a request: in a command, a background service or a test without one.
func FromContext(ctx context.Context) (*Ctx, bool) {
	c, ok := ctx.Value(ctxKey{}).(*Ctx)
	return c, ok
}

// newCtx makes the Ctx of a request that came through net/http.
func newCtx(app *App, w http.ResponseWriter, r *http.Request) *Ctx {
	c := &Ctx{app: app, wire: wire{w: w, r: r}, parent: r.Context()}
	c.root = c
	c.head(r)
	return c
}

// newOwnCtx makes the Ctx of a request that came through package httpd.
func newOwnCtx(app *App, x *httpd.Exchange) *Ctx {
	c := &Ctx{app: app, wire: wire{x: x}, parent: x.Context()}
	c.root = c
	c.method, c.host, c.path, c.query = x.Method(), x.Host(), x.Path(), x.Query()
	c.secure = x.TLS() != nil
	return c
}

func (c *Ctx) head(r *http.Request) {
	c.method, c.host, c.query = r.Method, r.Host, r.URL.RawQuery
	c.path = r.URL.EscapedPath()
	c.secure = r.TLS != nil
}

// fork returns a Ctx for the part of the road that lies behind a net/http
// middleware. The middleware may have replaced the request (its context, its
// URL) and the writer, so that part reads and answers through these; what
// belongs to the request as a whole stays with root.
func (c *Ctx) fork(w http.ResponseWriter, r *http.Request) *Ctx {
	in := &Ctx{app: c.app, wire: wire{w: w, r: r}, parent: r.Context(), root: c.root}
	in.answer.fields.asMap = w.Header()
	in.head(r)
	in.secure = c.secure
	in.chain, in.at = c.chain, c.at
	in.route, in.params = c.route, c.params
	in.began = c.began
	in.limit, in.limited = c.limit, c.limited // the middleware's request carries the body
	in.encoding = strings.Join(in.answer.fields.asMap["Content-Encoding"], ", ")
	if r.Form == nil {
		in.posted = c.posted
	}
	return in
}

// next runs the rest of the pipeline.
func (c *Ctx) next() error {
	s := c.chain[c.at]
	c.at++
	return s.run(c)
}

// Next runs the stages behind this one and returns their error. It is for the
// Run function of a [Stage], which calls it at most once.
func (c *Ctx) Next() error { return c.next() }

// Deadline returns when the time for an answer is over.
func (c *Ctx) Deadline() (time.Time, bool) {
	d, ok := c.parent.Deadline()
	if c.allowed == 0 {
		return d, ok
	}
	if own := c.began.Add(c.allowed); !ok || own.Before(d) {
		return own, true
	}
	return d, ok
}

// Done is closed when the client leaves, the time is over, or the request has
// been answered.
func (c *Ctx) Done() <-chan struct{} { return c.lasting().Done() }

// Err says why Done is closed, nil while it is not.
func (c *Ctx) Err() error { return c.lasting().Err() }

// lasting returns the context that ends with this request. A timer costs more
// than most handlers, so it is made for those that ask, not for all.
func (c *Ctx) lasting() context.Context {
	if c.allowed == 0 {
		return c.parent
	}
	if c.timed.Load() == nil {
		ctx, cancel := context.WithDeadline(c.parent, c.began.Add(c.allowed))
		if !c.timed.CompareAndSwap(nil, &timed{ctx, cancel}) {
			cancel() // another goroutine was faster
		}
	}
	return c.timed.Load()
}

// timed is a context with an end.
type timed struct {
	context.Context
	cancel context.CancelFunc
}

// finish releases what the request held.
func (c *Ctx) finish() {
	c.answer.giveBack(&c.app.buffers)
	if t := c.timed.Load(); t != nil {
		t.cancel()
	}
	// net/http removes the temporary files of the form that its own *Request
	// parsed. This one is a copy; whoever parsed it, a handler or Ctx.Form,
	// left that to us.
	if r := c.request; r != nil && r.MultipartForm != nil && r.MultipartForm != c.wire.request().MultipartForm {
		_ = r.MultipartForm.RemoveAll() // a file that stays is the operating system's to sweep
	}
}

// Value returns the value of key: one that a module added with
// [ContextValue], or one of the engine's or a middleware's context.
func (c *Ctx) Value(key any) any { return c.valueOver(c.parent, key) }

// valueOver returns the request's own value of key, else that of below.
func (c *Ctx) valueOver(below context.Context, key any) any {
	if key == (ctxKey{}) {
		return c
	}
	if c == c.root {
		if v, ok := c.setValue(key); ok {
			return v
		}
		if v, ok := c.app.values[key]; ok {
			return v
		}
	}
	return below.Value(key)
}

// beneath is a Ctx for the constructors of values per request: all of it but
// the scope that these values are about to live in.
type beneath struct {
	context.Context
	c *Ctx
}

func (b beneath) Value(key any) any { return b.c.valueOver(b.Context, key) }

// Set gives this request's context a value, for the stages and the handler
// behind the caller. The key is of the caller's own unexported type. It must be
// called before the request is shared with other goroutines.
func (c *Ctx) Set(key, value any) {
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	r := c.rarely()
	r.values = append(r.values, ContextValue{key, value})
}

// setValue returns the value that Set gave last to key.
func (c *Ctx) setValue(key any) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rare == nil {
		return nil, false
	}
	for _, v := range slices.Backward(c.rare.values) {
		if v.Key == key {
			return v.Value, true
		}
	}
	return nil, false
}

// Log returns the app's logger with this request's id.
func (c *Ctx) Log() *slog.Logger { return c.app.log.With("request", c.RequestID()) }

// Now returns the time by the app's clock.
func (c *Ctx) Now() time.Time { return c.app.clock() }

// RequestID returns the id that the answer's X-Request-Id and the log carry.
func (c *Ctx) RequestID() string {
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	return c.root.id
}

// What follows belongs to the request as a whole, so forks reach for it in
// root. A middleware may have run a fork in a goroutine of its own and given
// up waiting for it, as http.TimeoutHandler does: hence the lock.

// rare is what few requests need to remember.
type rare struct {
	nonce   string
	csrf    csrfState
	values  []ContextValue
	before  []func(*Ctx) // to run before the answer's head leaves
	failure error        // what the answer tells of
	trail   trail
}

// rarely returns the rare things of the request, made by the first call. The
// caller holds root's mu.
func (c *Ctx) rarely() *rare {
	if c.root.rare == nil {
		c.root.rare = new(rare)
	}
	return c.root.rare
}

func (c *Ctx) setID(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.id = id
}

func (c *Ctx) setRoute(r *Route) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found = r
}

func (c *Ctx) foundRoute() *Route {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.found
}

// nonceNow returns the nonce, "" when none was asked for.
func (c *Ctx) nonceNow() string {
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	if c.root.rare == nil {
		return ""
	}
	return c.root.rare.nonce
}

// Route returns the route that was found, nil before the route stage.
func (c *Ctx) Route() *Route { return c.route }
