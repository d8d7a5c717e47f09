package ashlar

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/inject"
)

// A Module is one entry of the list that makes an app. It is a plain value;
// nothing happens before the app is checked or started.
type Module struct {
	// Name is unique in the app, lower case, and names the module's section of
	// the configuration.
	Name string

	// Doc is one line for `app modules`.
	Doc string

	// Config points to the module's Config struct, or is nil. Its fields are
	// filled from the configuration (db.url, DB_URL, --db.url) before Setup runs.
	Config any

	// Setup declares what the module provides, needs and does. It must not
	// touch the outside world: that is for the Start of a [Service].
	Setup func(*Setup) error

	where string
	at    bool // where was given by At
}

// At sets the place in the list that messages name. It is for the function
// that makes a package's Module: ashlar.Module{…}.At(errs.Caller(0)).
func (m Module) At(where string) Module {
	m.where, m.at = where, true
	return m
}

// A Service is something that runs beside the requests and has an owner: the
// app starts it in list order, waits for its end, and stops it in reverse.
type Service struct {
	Name string

	// Start makes ready and returns; an error stops the start of the app.
	Start func(context.Context) error

	// Run works until its context ends and then returns nil. An error, or a
	// return before that, stops the app.
	Run func(context.Context) error

	// Stop releases what Start took. Its context ends with Config.DrainTimeout.
	Stop func(context.Context) error
}

// Setup is what a module's Setup function declares with, by eight verbs. Types
// are matched as package inject describes: a constructor's parameters are
// filled from what modules further up in the list provide.
type Setup struct {
	app    *App
	module *Module
	in     *inject.Module
}

// Provide offers a value, or what a constructor makes, to all modules that
// stand after this one: func(deps…) T or func(deps…) (T, error). A constructor
// runs when somebody needs T, before the app starts, and must not touch the
// outside world.
func (s *Setup) Provide(v any, opts ...inject.Option) {
	in := s.in.At(s.place())
	if d, ok := v.(decoration); ok {
		in.Decorate(d.wrap, opts...)
		return
	}
	in.Provide(v, opts...)
}

// Decorate marks wrap, a func(T, deps…) T or func(T, deps…) (T, error), as one
// that wraps the T that others provide rather than providing it:
//
//	s.Provide(ashlar.Decorate(func(m mail.Mailer, log *slog.Logger) mail.Mailer { … }))
//
// Several apply in list order, so that the last is the outermost.
func Decorate(wrap any) any { return decoration{wrap} }

type decoration struct{ wrap any }

// Need fills the variables that ptrs point to, after all modules are set up
// and before anything is started.
func (s *Setup) Need(ptrs ...any) { s.in.At(s.place()).Need(ptrs...) }

// Add puts one item, or what a constructor makes, on the list that another
// module reads: migrations, checks, templates, admin panels. The root package
// itself reads [ContextValue] and [ErrorPage].
func (s *Setup) Add(item any, opts ...inject.Option) { s.in.At(s.place()).Add(item, opts...) }

// Routes registers routes with fn, a func(r *Router, deps…) whose further
// parameters are filled by type.
func (s *Setup) Routes(fn any) {
	where := s.place()
	s.app.routeFuncs = append(s.app.routeFuncs, routeFunc{s.in.At(where).Func(fn, reflect.TypeFor[*Router]()), where})
}

// Use puts a stage on the road of every request.
func (s *Setup) Use(stage Stage) {
	s.app.extra = append(s.app.extra, placed{stage, s.place()})
}

// Command adds a subcommand to the app's command line.
func (s *Setup) Command(cmd Command) {
	if err := s.app.addCommand(cmd); err != nil {
		err.Where = s.place()
		s.app.problem(err)
	}
}

// Run gives the app a service to own.
func (s *Setup) Run(svc Service) {
	if svc.Name == "" {
		svc.Name = s.module.Name
	}
	s.app.services = append(s.app.services, svc)
}

// Check adds a check to `app check` and to every start: of files, templates,
// settings, all that can be known without the outside world.
func (s *Setup) Check(name string, check func(context.Context) error) {
	s.app.checks = append(s.app.checks, namedCheck{s.module.Name + ": " + name, check, s.place()})
}

// Env returns the environment that the app runs in, such as [Production].
func (s *Setup) Env() string { return s.app.cfg.Env }

// place is what messages name: the entry in main.go for a module that says
// where that is (Module.At), else the line that called a verb. Nobody can mend
// what stands inside a library.
func (s *Setup) place() string {
	if s.module.at {
		return s.module.where
	}
	return errs.Caller(1)
}

type routeFunc struct {
	fn    *inject.Func
	where string
}

type namedCheck struct {
	name  string
	run   func(context.Context) error
	where string
}

// setUp runs the modules' Setup functions in list order.
func (a *App) setUp() {
	seen := map[string]string{}
	for i := range a.modules {
		m := &a.modules[i]
		switch first, twice := seen[m.Name]; {
		case m.Name == "":
			a.problem(&errs.Setup{Code: "A1001", What: fmt.Sprintf("module %d of the list has no name", i+1), Where: m.where,
				Mend: `use ashlar.Module{Name: "…", …}`})
			continue
		case twice:
			a.problem(&errs.Setup{Code: "A1001", What: fmt.Sprintf("module %q stands in the list twice, first at %s", m.Name, first),
				Where: m.where, Mend: "remove one of them"})
			continue
		}
		seen[m.Name] = m.where
		if m.Setup == nil {
			continue
		}
		s := &Setup{app: a, module: m, in: a.graph.Module(m.Name, m.where)}
		err := m.Setup(s)
		var mistake *errs.Setup
		switch {
		case errors.As(err, &mistake) && mistake.Where == "":
			located := *mistake
			located.Where = m.where
			a.problem(&located)
		case mistake != nil:
			a.problem(err)
		case err != nil:
			a.problem(&errs.Setup{Code: "A1002", What: fmt.Sprintf("set up module %q", m.Name), Err: err, Where: m.where})
		}
	}
}
