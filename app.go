package ashlar

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ashlar-go/ashlar/config"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/router"
	"github.com/ashlar-go/ashlar/validate"
)

// An App is a list of modules that became one program. Its life has five
// phases, each a function in this file: declare (configuration and Setup of
// every module), check (everything that can be wrong, all at once), start
// (services, in list order), serve, stop (in reverse). Once declared, nothing
// about it changes any more, so it is safe for concurrent use.
//
// An App shares nothing with other apps of the process. It is an
// http.Handler: after [App.Start] it can be served by any server.
type App struct {
	// Router takes the routes of main.go; modules register theirs in
	// [Setup.Routes]. It is closed when the app is checked.
	*Router

	cfg     Config
	modules []Module

	// The life.
	life     sync.Mutex
	declared bool
	checked  bool
	broken   errs.List
	running  []Service // started, in order
	owned    sync.WaitGroup
	halt     context.CancelFunc
	died     chan error
	started  time.Time

	// What the modules declared.
	settings   *config.Set
	graph      *inject.Graph
	services   []Service
	commands   []Command
	checks     []namedCheck
	routeFuncs []routeFunc
	extra      []placed
	values     map[any]any
	errorPages []ErrorPage

	// What serving reads.
	road       atomic.Pointer[[]stage]
	untilRoute []stage
	tree       *router.Tree[*Route]
	routes     []*Route
	named      map[string]*Route
	static     statics
	rules      *validate.Validator
	log        *slog.Logger
	clock      func() time.Time
	born       time.Time // by the system's clock
	ids        *ids
	csp        csp
	secured    securityFields
	hosts      []string
	proxies    []netip.Prefix
	scoped     bool // some provider lives per request
	gzips      sync.Pool
	buffers    sync.Pool // of *[]byte, for bodies
	json       jsonEncoder
}

// New returns an app of these modules. Nothing is read, built or opened before
// [App.Main], [App.Run] or [App.Start].
func New(cfg Config, modules ...Module) *App {
	a := &App{cfg: cfg, modules: slices.Clone(modules), ids: newIDs(),
		clock: cfg.Clock, values: map[any]any{}, died: make(chan error, 1)}
	where := errs.Caller(0)
	for i := range a.modules {
		if a.modules[i].where == "" {
			a.modules[i].where = where
		}
	}
	a.born = systemClock()
	if a.clock == nil {
		a.clock = systemClock
	}
	var err error
	a.rules, err = validate.New(cfg.Validation)
	a.problem(err)
	a.gzips.New = func() any { return gzip.NewWriter(nil) }
	a.buffers.New = func() any { return new([]byte) }
	a.Router = &Router{app: a}
	a.commands = a.builtInCommands()
	return a
}

// problem notes a mistake for the end of the check.
func (a *App) problem(err error) { a.broken.Add(err) }

// declare reads the configuration and lets every module declare itself.
func (a *App) declare(args []string) error {
	if a.declared {
		if len(args) > 0 { // they would be dropped, and the app serve
			return fmt.Errorf("run %q: this app was checked or started before, without these arguments: make another one", args)
		}
		return nil
	}
	a.declared = true
	sections := []config.Section{{Into: &a.cfg}}
	for _, m := range a.modules {
		if m.Config != nil {
			sections = append(sections, config.Section{Name: m.Name, Into: m.Config, Where: m.where})
		}
	}
	lookup := a.cfg.LookupEnv
	if lookup == nil {
		lookup = os.LookupEnv
	}
	set, err := config.Load(config.Source{Dir: a.cfg.Dir, Env: lookup, Args: args, Formats: a.cfg.Formats,
		Foreign: func(string) bool { return true }}, sections...)
	a.settings = set
	a.problem(err)
	if err := a.cfg.resolve(set.Env()); err != nil {
		a.problem(err)
	}
	a.log = a.cfg.logger()
	a.json.other = a.cfg.EncodeJSON
	a.csp = newCSP(a.cfg.CSP)
	if len(a.broken) == 0 { // the policy holds no control characters
		a.secured = newSecurityFields(a.csp)
	}
	for _, host := range a.cfg.Hosts {
		a.hosts = append(a.hosts, strings.ToLower(host))
	}
	for _, p := range a.cfg.TrustedProxies {
		if prefix, err := netip.ParsePrefix(p); err == nil { // else Validate has reported it
			a.proxies = append(a.proxies, prefix)
		}
	}
	a.graph = inject.New(a.setting)
	a.provideOwn()
	a.setUp()
	return nil
}

// Check declares the app and reports everything that is wrong with it, as an
// errs.List. It touches nothing but the configuration.
func (a *App) Check(ctx context.Context) error { return a.prepare(ctx, nil) }

func (a *App) prepare(ctx context.Context, args []string) error {
	a.life.Lock()
	defer a.life.Unlock()
	if err := a.declare(args); err != nil {
		return err
	}
	return a.check(ctx)
}

// check builds what was declared and looks at all of it.
func (a *App) check(ctx context.Context) error {
	if a.checked {
		return a.broken.Err()
	}
	a.checked = true
	var values []ContextValue
	core := a.graph.Module("ashlar reads", "")
	core.Need(&values, &a.errorPages)
	graphErr := a.graph.Build()
	a.problem(graphErr)
	if graphErr == nil {
		a.scoped = a.graph.NeedsScopes()
		for _, v := range values {
			a.values[v.Key] = v.Value
		}
		for _, f := range a.routeFuncs {
			if err := f.fn.Call(a.Router); err != nil {
				a.problem(&errs.Setup{Code: "A1011", What: "register routes", Err: err, Where: f.where})
			}
		}
	}
	a.buildRoutes()
	a.static.live = a.cfg.Env == Development
	a.problem(a.static.load())
	if len(a.broken) == 0 { // a check may rely on what was found broken
		for _, c := range a.checks {
			if err := c.run(a.Context(ctx)); err != nil {
				a.problem(fmt.Errorf("%s: %w", c.name, err))
			}
		}
	}
	return a.broken.Err()
}

// Start declares, checks and starts the app, without listening: afterwards its
// ServeHTTP serves. It is for tests and for serving under another server;
// [App.Main] does it by itself. Whoever started must [App.Stop].
func (a *App) Start(ctx context.Context) error {
	if err := a.prepare(ctx, nil); err != nil {
		return err
	}
	return a.start(ctx)
}

// notStarted says which service did not start, unless the error's own prefix
// is that name already.
func notStarted(name string, err error) error {
	if strings.HasPrefix(err.Error(), name+": ") {
		return fmt.Errorf("start %w", err)
	}
	return fmt.Errorf("start %s: %w", name, err)
}

// start starts the services in list order. When one fails, those before it are
// stopped again.
func (a *App) start(ctx context.Context) error {
	a.life.Lock()
	defer a.life.Unlock()
	if a.road.Load() != nil {
		return errors.New("ashlar: start: the app has been started already")
	}
	a.started = a.clock()
	work, halt := context.WithCancel(a.Context(context.WithoutCancel(ctx)))
	a.halt = halt
	for _, s := range a.services {
		if s.Start != nil {
			if err := s.Start(a.Context(ctx)); err != nil {
				return errors.Join(notStarted(s.Name, err), a.stopServices())
			}
		}
		a.running = append(a.running, s)
		if s.Run != nil {
			a.owned.Go(func() { a.own(work, s) })
		}
	}
	a.road.Store(&a.untilRoute)
	return nil
}

func (s Service) run(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return s.Run(ctx)
}

// own runs a background service and reports an end that nobody asked for. A
// panic is one: the other services are then stopped in good order.
func (a *App) own(ctx context.Context, s Service) {
	err := s.run(ctx)
	if ctx.Err() != nil {
		if err != nil && !errors.Is(err, context.Canceled) {
			a.log.Error("service ended", "service", s.Name, "error", err)
		}
		return
	}
	if err == nil {
		err = errors.New("returned although nobody stopped it")
	}
	select {
	case a.died <- fmt.Errorf("service %s: %w", s.Name, err):
	default: // the first one is the one that stops the app
	}
}

// Stop stops what [App.Start] started, in reverse order. Requests are then
// answered 503.
func (a *App) Stop(ctx context.Context) error {
	a.life.Lock()
	defer a.life.Unlock()
	return a.stop(ctx)
}

// stop ends background services and then releases, in reverse order, what was
// started.
func (a *App) stop(ctx context.Context) error {
	a.road.Store(nil)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.DrainTimeout+time.Second)
	defer cancel()
	return a.stopServicesIn(a.Context(ctx))
}

func (a *App) stopServices() error {
	ctx, cancel := context.WithTimeout(context.Background(), a.cfg.DrainTimeout+time.Second)
	defer cancel()
	return a.stopServicesIn(a.Context(ctx))
}

func (a *App) stopServicesIn(ctx context.Context) error {
	if a.halt != nil {
		a.halt()
	}
	var problems []error
	if !a.ownedEnd(ctx) {
		problems = append(problems, errors.New("stop: a background service does not end"))
	}
	for _, s := range slices.Backward(a.running) {
		if s.Stop == nil {
			continue
		}
		if err := s.Stop(ctx); err != nil {
			problems = append(problems, fmt.Errorf("stop %s: %w", s.Name, err))
		}
	}
	a.running = nil
	return errors.Join(problems...)
}

// ownedEnd waits for the background services.
func (a *App) ownedEnd(ctx context.Context) bool {
	ended := make(chan struct{})
	go func() {
		a.owned.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-ctx.Done():
		return false
	}
}
