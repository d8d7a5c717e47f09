package ashlar

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/httpd"
	"github.com/ashlar-go/ashlar/router"
)

// The road of a request. ServeHTTP is where it comes in, roadUntilRoute and
// roadFromRoute list its stages in the order in which they run, and the
// functions below them are the stages, in that order. A module's stages (the
// session's, for one) stand where its Stage.Before or After says. `app
// pipeline` prints the whole of it. docs/request.md tells it in words.

// ServeHTTP serves one request. Before [App.Start] and after [App.Stop] it
// answers 503.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	road := a.road.Load()
	if road == nil {
		http.Error(w, "The application has not been started.", http.StatusServiceUnavailable)
		return
	}
	newCtx(a, w, r).travel(road)
}

// ServeExchange serves one request that came through package httpd, on the
// same road as ServeHTTP.
func (a *App) ServeExchange(x *httpd.Exchange) {
	road := a.road.Load()
	if road == nil {
		http.Error(x.Writer(), "The application has not been started.", http.StatusServiceUnavailable)
		return
	}
	c := new(Ctx)
	c.through(a, x)
	c.travel(road)
}

// NewExchange makes the Exchange of a request and its Ctx in one go; see
// [httpd.Maker].
func (a *App) NewExchange() httpd.Carrier {
	o := new(ownCtx)
	o.c.app = a
	return o
}

// Exchange is for package httpd.
func (o *ownCtx) Exchange() *httpd.Exchange { return &o.x }

// Serve is ServeExchange for what NewExchange made.
func (o *ownCtx) Serve() {
	a := o.c.app
	road := a.road.Load()
	if road == nil {
		a.ServeExchange(&o.x)
		return
	}
	o.c.through(a, &o.x)
	o.c.travel(road)
}

// travel takes the request down the road, and its answer back.
func (c *Ctx) travel(road *[]stage) {
	c.chain = road
	defer c.finish()
	c.boundConnection(c.app.cfg.Timeout) // until stage "timeout" knows better
	c.answerAll()
}

// answerAll runs the rest of the road and sends the answer. Behind stages
// "errors" and "recover" nothing is left to fail; in front of them stand only
// stages of the user's.
func (c *Ctx) answerAll() {
	if err := recoverPanics(c); err != nil {
		c.fail(err)
	}
	if err := c.flush(); err != nil {
		c.app.log.Debug("answer not delivered", "request", c.RequestID(), "error", err)
	}
}

func roadUntilRoute() []stage {
	return []stage{
		{"request-id", "names the request, for the log and the answer", nameRequest},
		{"log", "writes one line per request when it is over", logRequest},
		{"headers", "sets the security headers: CSP, frames, type sniffing, referrer, HSTS", secureHeaders},
		{"compress", "sends text in gzip form to clients that take it", compressAnswer},
		{"conditional", "gives answers to GET an entity tag, and 304 to those who have them", tagAnswer},
		{"errors", "turns a returned error into a page or a problem document", answerErrors},
		{"recover", "turns a panic into an error, with its stack in the log", recoverPanics},
		{"host", "refuses hosts that are not Config.Hosts", checkHost},
		{"static", "serves the files given to Router.Static", serveStatic},
		{"route", "finds the route; 404, 405 with Allow, OPTIONS, slashes", findRoute},
	}
}

func roadFromRoute() []stage {
	return []stage{
		{"limit", "bounds the body, by the route or Config.BodyLimit", limitBody},
		{"timeout", "bounds the time for the answer, by the route or Config.Timeout", limitTime},
		{"csrf", "refuses unsafe requests that another site had sent", refuseForged},
		{"handler", "runs the route's handler", handle},
	}
}

func nameRequest(c *Ctx) error {
	id := c.app.requestID(c)
	c.root.setID(id)
	c.answer.fields.set("X-Request-Id", id)
	return c.next()
}

func logRequest(c *Ctx) error {
	c.start()
	defer c.logLine() // also when the connection is cut off
	c.answerAll()
	return nil
}

func (c *Ctx) logLine() {
	h := c.app.log.Handler()
	if !h.Enabled(c.parent(), slog.LevelInfo) {
		return
	}
	pattern := ""
	if r := c.root.foundRoute(); r != nil {
		pattern = r.Pattern
	}
	// Without the place in the code: Logger would look for it each time, and it
	// is always this one.
	line := slog.NewRecord(c.app.clock(), slog.LevelInfo, "request", 0)
	line.AddAttrs(
		slog.String("id", c.RequestID()), slog.String("method", c.wire.method()), slog.String("path", c.wire.path()),
		slog.String("route", pattern), slog.Int("status", c.answer.status),
		slog.Int64("bytes", c.answer.bytes), slog.Duration("took", (c.app.uptime()-c.began).Round(time.Microsecond)),
		slog.String("remote", c.remote()))
	if c.app.cfg.Env == Development {
		line.AddAttrs(c.root.trailNow().attrs()...)
	}
	_ = h.Handle(c.parent(), line) // as Logger does: there is nowhere left to tell
}

func secureHeaders(c *Ctx) error {
	c.say(saidSecured) // commit sets them, when all else is known
	return c.next()
}

func compressAnswer(c *Ctx) error {
	c.answer.mayZip = true
	err := c.next()
	if c.answer.held {
		c.compress()
	}
	return err
}

func tagAnswer(c *Ctx) error {
	err := c.next()
	if c.answer.held {
		c.condition()
	}
	return err
}

func answerErrors(c *Ctx) error {
	if err := c.next(); err != nil {
		c.fail(err)
	}
	return nil
}

func recoverPanics(c *Ctx) (err error) {
	defer func() {
		switch p := recover(); {
		case p == nil:
		case p == http.ErrAbortHandler: //nolint:errorlint // net/http compares it so, too
			panic(p) // asked for: net/http cuts the connection without a word
		default:
			err = &panicError{value: p, stack: debug.Stack()}
		}
	}()
	return c.next()
}

// panicError is a panic on its way to the log.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func (p *panicError) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

func checkHost(c *Ctx) error {
	if !c.app.allowsHost(c.Host()) {
		return errs.Misdirected.New("This host is not served here.")
	}
	return c.next()
}

func serveStatic(c *Ctx) error {
	a := c.app.static.find(c.wire.path())
	if a == nil {
		return c.next()
	}
	if m := c.wire.method(); m == http.MethodGet || m == http.MethodHead {
		return a.serve(c)
	}
	return c.notForFiles()
}

func findRoute(c *Ctx) error {
	m := c.app.tree.Match(c.wire.method(), c.Host(), c.wire.path(), &c.params)
	switch m.Status {
	case router.Found:
		c.setRoute(m.Route.Value)
		c.nameParams()
		c.chain, c.at = &c.route.chain, 0
		return c.next()
	case router.Redirect:
		return c.redirectClean(m.Location)
	case router.MethodNotAllowed:
		return c.notAllowed(m.Allow)
	case router.Malformed:
		return errs.Malformed.New("The address cannot be read.")
	}
	return errs.NotFound.New("There is no such page.")
}

func limitBody(c *Ctx) error {
	limit := c.route.BodyLimit
	if limit > 0 && c.wire.length() > limit {
		return errs.TooLarge.Wrap(&http.MaxBytesError{Limit: limit}, "The request is larger than is allowed here.")
	}
	c.bounded = limit > 0
	c.limitRequest()
	return c.next()
}

func limitTime(c *Ctx) error {
	d := c.route.Timeout
	if d > 0 {
		c.answer.timed = true
		c.start()
	}
	if d != c.app.cfg.Timeout {
		c.boundConnection(d)
	}
	return c.next()
}

func refuseForged(c *Ctx) error {
	if !c.route.InsecureNoCSRF {
		if err := c.checkCSRF(); err != nil {
			return err
		}
	}
	return c.next()
}

func handle(c *Ctx) error {
	if c.app.scoped {
		ctx, scope := c.app.graph.Scope(beneath{c.lasting(), c})
		defer scope.Close()
		c.setScoped(ctx)
	}
	err := c.route.handler(c)
	if err == nil && !c.Answered() && c == c.root {
		return c.Bytes("", nil)
	}
	return err
}
