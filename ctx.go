package ashlar

import (
	"cmp"
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
//
// What a Ctx weighs is a good part of what a small request costs, so what few
// requests need is made when they do.
type Ctx struct {
	app  *App
	wire wire
	root *Ctx // the Ctx that the engine made; see fork

	// The way through the pipeline.
	chain *[]stage
	at    uint16

	bounded bool          // the body obeys the route's limit,
	limited bool          // and so does request's
	said    atomic.Uint32 // of root: what any part of the road says of the answer; see say

	route  *Route
	params router.Params

	began time.Duration          // see start; 0 until somebody needs it
	above atomic.Pointer[layers] // contexts over the engine's

	mu   sync.Mutex // guards, in root: id and what is in rare
	id   string
	rare atomic.Pointer[rare] // see rarely

	seldom  *seldom
	request *http.Request

	answer answer
}

// seldom is what few of those that serve a request need to remember: this Ctx or
// fork alone, in its own goroutine.
type seldom struct {
	posted *posted
	zip    *zipper
}

// seldomly returns c.seldom, to be changed.
func (c *Ctx) seldomly() *seldom {
	if c.seldom == nil {
		c.seldom = new(seldom)
	}
	return c.seldom
}

// An ownCtx is the Ctx of a request that comes through package httpd, with what
// that makes of it.
type ownCtx struct {
	x httpd.Exchange
	c Ctx
}

// A stdCtx is the Ctx of a request that comes through net/http.
type stdCtx struct {
	c    Ctx
	std  stdWire
	room [fieldsHeld]httpd.Field
}

// A forkedCtx is one behind a net/http middleware; see fork.
type forkedCtx struct {
	c   Ctx
	std stdWire
}

var _ context.Context = (*Ctx)(nil)

type ctxKey struct{}

// start notes, once, when the request began, by the system's clock, which
// timers and connections know. Reading it costs more than most stages do, so
// only those do that need it: log and timeout.
func (c *Ctx) start() time.Time {
	if c.began == 0 {
		c.began = c.app.uptime()
	}
	return c.app.born.Add(c.began)
}

// FromContext returns the request that ctx belongs to. It is false outside of
// a request: in a command, a background service or a test without one.
func FromContext(ctx context.Context) (*Ctx, bool) {
	c, ok := ctx.Value(ctxKey{}).(*Ctx)
	return c, ok
}

// newCtx makes the Ctx of a request that came through net/http.
func newCtx(app *App, w http.ResponseWriter, r *http.Request) *Ctx {
	s := new(stdCtx)
	s.std.take(w, r)
	s.std.secure = r.TLS != nil
	s.c.app, s.c.wire.std, s.c.root = app, &s.std, &s.c
	s.c.answer.fields.list = s.room[:0]
	return &s.c
}

// through makes c the Ctx of a request that came through package httpd.
func (c *Ctx) through(app *App, x *httpd.Exchange) {
	c.app, c.wire.x, c.root = app, x, c
	c.answer.fields.list = x.Room()
}

// fork returns a Ctx for the part of the road that lies behind a net/http
// middleware. The middleware may have replaced the request (its context, its
// URL) and the writer, so that part reads and answers through these; what
// belongs to the request as a whole stays with root.
func (c *Ctx) fork(w http.ResponseWriter, r *http.Request) *Ctx {
	s := new(forkedCtx)
	s.std.take(w, r)
	s.std.secure = c.wire.secure()
	in := &s.c
	in.app, in.wire.std, in.root = c.app, &s.std, c.root
	in.answer.fields.asMap = w.Header()
	in.chain, in.at = c.chain, c.at
	in.route, in.params = c.route, c.params
	in.began = c.began
	in.bounded, in.limited = c.bounded, c.limited // the middleware's request carries the body
	s.std.encoding = strings.Join(in.answer.fields.asMap["Content-Encoding"], ", ")
	if r.Form == nil && c.seldom != nil && c.seldom.posted != nil {
		in.seldomly().posted = c.seldom.posted
	}
	return in
}

// next runs the rest of the pipeline.
func (c *Ctx) next() error {
	s := &(*c.chain)[c.at]
	c.at++
	return s.run(c)
}

// Next runs the stages behind this one and returns their error. It is for the
// Run function of a [Stage], which calls it at most once.
func (c *Ctx) Next() error { return c.next() }

// Deadline returns when the time for an answer is over.
func (c *Ctx) Deadline() (time.Time, bool) {
	d, ok := c.parent().Deadline()
	if !c.answer.timed {
		return d, ok
	}
	if own := c.ends(); !ok || own.Before(d) {
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
	if !c.answer.timed {
		return c.parent()
	}
	for {
		l := c.above.Load()
		if l != nil && l.timed != nil {
			return l.timed
		}
		var with layers
		if l != nil {
			with = *l
		}
		with.timed, with.cancel = context.WithDeadline(c.parent(), c.ends())
		if c.above.CompareAndSwap(l, &with) {
			return with.timed
		}
		with.cancel() // another goroutine was faster
	}
}

// ends is when the time that is allowed is over.
func (c *Ctx) ends() time.Time { return c.app.born.Add(c.began + c.route.Timeout) }

// parent returns the context below this one: the engine's, or the one with the
// values of this request.
func (c *Ctx) parent() context.Context {
	if l := c.above.Load(); l != nil && l.scoped != nil {
		return l.scoped
	}
	return c.wire.context()
}

// layers are contexts over the engine's, for the requests that need them. They
// are never changed, but others take their place.
type layers struct {
	timed  context.Context // ends when the time is over; made by the first Done
	cancel context.CancelFunc
	scoped context.Context // has the values of this request; see handle
}

// setScoped puts ctx in the place of the engine's context.
func (c *Ctx) setScoped(ctx context.Context) {
	for {
		l := c.above.Load()
		with := layers{scoped: ctx}
		if l != nil {
			with.timed, with.cancel = l.timed, l.cancel
		}
		if c.above.CompareAndSwap(l, &with) {
			return
		}
	}
}

// finish releases what the request held.
func (c *Ctx) finish() {
	c.answer.giveBack(&c.app.buffers)
	if l := c.above.Load(); l != nil && l.cancel != nil {
		l.cancel()
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
func (c *Ctx) Value(key any) any { return c.valueOver(c.parent(), key) }

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
	r := c.rare.Load()
	if r == nil {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range slices.Backward(r.values) {
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
	found   *Route       // by a fork
	trail   trail
}

// rarely returns the rare things of the request, made by the first call. The
// caller holds root's mu; to see that there are none nobody needs it.
func (c *Ctx) rarely() *rare {
	r := c.root.rare.Load()
	if r == nil {
		r = new(rare)
		c.root.rare.Store(r)
	}
	return r
}

func (c *Ctx) setID(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.id = id
}

// setRoute notes the route that was found, also where root's stages see it.
func (c *Ctx) setRoute(r *Route) {
	c.route = r
	if c != c.root {
		c.root.mu.Lock()
		c.rarely().found = r
		c.root.mu.Unlock()
	}
}

// foundRoute is for the goroutine of root.
func (c *Ctx) foundRoute() *Route {
	r := c.rare.Load()
	if r == nil {
		return c.route
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return cmp.Or(r.found, c.route)
}

// nonceNow returns the nonce, "" when none was asked for.
func (c *Ctx) nonceNow() string {
	r := c.root.rare.Load()
	if r == nil {
		return ""
	}
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	return r.nonce
}

// Route returns the route that was found, nil before the route stage.
func (c *Ctx) Route() *Route { return c.route }
