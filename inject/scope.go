package inject

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

var (
	// ErrNoScope is returned by a [Scoped] whose context comes from no scope
	// of its graph.
	ErrNoScope = errors.New("the context belongs to no request scope")
	// ErrScopeClosed is returned by a [Scoped] after the request's end.
	ErrScopeClosed = errors.New("the request scope is closed")
)

// A Scoped finds the T of the request that ctx belongs to, and builds it if
// nobody in this request asked before. What lives as long as the graph needs a
// Scoped[T] where it cannot hold a T made [PerRequest]; a test that calls a
// constructor itself passes any func of this form. It is safe for concurrent
// use. A constructor's error is kept for the rest of the request.
type Scoped[T any] func(ctx context.Context) (T, error)

// scoped is what every *Scoped[T] is.
type scoped interface {
	bind(find func(context.Context) (any, error))
}

func (s *Scoped[T]) bind(find func(context.Context) (any, error)) {
	*s = func(ctx context.Context) (T, error) {
		v, err := find(ctx)
		if err != nil {
			var zero T
			return zero, err
		}
		return v.(T), nil
	}
}

// finder returns the untyped half of a Scoped.
func (g *Graph) finder(s *slot) func(context.Context) (any, error) {
	if !s.perRequest() {
		return func(context.Context) (any, error) { return s.value.Interface(), nil }
	}
	return func(ctx context.Context) (any, error) {
		f, ok := ctx.Value(frameKey{}).(*frame)
		if !ok || f.scope.g != g {
			return nil, fmt.Errorf("inject: find %s: %w", typeName(s.key.typ), ErrNoScope)
		}
		if !g.built.Load() {
			return nil, fmt.Errorf("inject: find %s before the graph was built", typeName(s.key.typ))
		}
		v, err := f.scope.get(ctx, f, s)
		if err != nil {
			return nil, fmt.Errorf("inject: find %s: %w", typeName(s.key.typ), err)
		}
		return v.Interface(), nil
	}
}

// A Scope holds the values of one request. It is safe for concurrent use.
type Scope struct {
	g   *Graph
	ctx context.Context

	mu       sync.Mutex
	entries  map[any]*entry // by *decl: what was made; by *slot: the same, decorated
	releases []func() error
	closed   bool
}

// An entry is one value: being made until done is closed.
type entry struct {
	done  chan struct{}
	value reflect.Value
	err   error
}

type frameKey struct{}

// A frame is what a context knows about its scope: also, while a constructor
// runs with that context, what is being made. It lets a constructor that asks
// for its own value fail instead of waiting for itself.
type frame struct {
	scope  *Scope
	making *entry
	up     *frame
}

func (f *frame) context() context.Context { return context.WithValue(f.scope.ctx, frameKey{}, f) }

// Scope begins a request: it returns the context to serve it with and the
// scope to close at its end. Values are built with the context that is
// returned here, whoever asks first. Graphs for which [Graph.NeedsScopes] is
// false can do without. The graph must be built.
func (g *Graph) Scope(ctx context.Context) (context.Context, *Scope) {
	s := &Scope{g: g, ctx: ctx}
	return (&frame{scope: s}).context(), s
}

// NeedsScopes reports whether anybody needs what is made per request.
func (g *Graph) NeedsScopes() bool { return g.scoped.Load() }

// get returns a slot's value in this scope with its decorators around it.
func (s *Scope) get(ctx context.Context, f *frame, sl *slot) (reflect.Value, error) {
	if len(sl.decorators) == 0 {
		return s.make(ctx, f, sl.provider)
	}
	return s.once(ctx, f, sl, func(f *frame) (reflect.Value, func() error, error) {
		v, err := s.make(s.ctx, f, sl.provider)
		for i := 0; err == nil && i < len(sl.decorators); i++ {
			v, err = s.g.wrap(sl.decorators[i], f, v)
		}
		return v, nil, err
	})
}

func (s *Scope) make(ctx context.Context, f *frame, d *decl) (reflect.Value, error) {
	return s.once(ctx, f, d, func(f *frame) (reflect.Value, func() error, error) {
		args, err := s.g.args(d, f, nil)
		if err != nil {
			return reflect.Value{}, nil, err
		}
		return d.invoke(args)
	})
}

// once returns the value for key, which the first caller makes and the others
// wait for, as long as ctx lets them.
func (s *Scope) once(ctx context.Context, f *frame, key any, build func(*frame) (reflect.Value, func() error, error)) (reflect.Value, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return reflect.Value{}, ErrScopeClosed
	}
	if e := s.entries[key]; e != nil {
		s.mu.Unlock()
		return e.wait(ctx, f)
	}
	e := &entry{done: make(chan struct{}), err: errors.New("the constructor ended its goroutine")}
	if s.entries == nil {
		s.entries = map[any]*entry{}
	}
	s.entries[key] = e
	s.mu.Unlock()

	defer close(e.done)
	v, release, err := build(&frame{scope: s, making: e, up: f})
	e.value, e.err = v, err
	if err == nil && release != nil {
		e.err = s.keep(release)
	}
	return e.value, e.err
}

// keep notes what Close shall call, or calls it if it is too late for that.
func (s *Scope) keep(release func() error) error {
	s.mu.Lock()
	if !s.closed {
		s.releases = append(s.releases, release)
		s.mu.Unlock()
		return nil
	}
	s.mu.Unlock()
	return errors.Join(ErrScopeClosed, release())
}

func (e *entry) wait(ctx context.Context, f *frame) (reflect.Value, error) {
	select {
	case <-e.done:
		return e.value, e.err
	default:
	}
	for ; f != nil; f = f.up {
		if f.making == e {
			return reflect.Value{}, errors.New("a per-request constructor asks for its own value")
		}
	}
	select {
	case <-e.done:
		return e.value, e.err
	case <-ctx.Done():
		return reflect.Value{}, context.Cause(ctx)
	}
}

// Close ends the request: it calls the release functions of what was built,
// last built first, and returns their errors joined. Later asks are answered
// with [ErrScopeClosed]. Closing again does nothing.
func (s *Scope) Close() error {
	s.mu.Lock()
	releases := s.releases
	s.releases, s.closed = nil, true
	s.mu.Unlock()
	var failed []error
	for _, release := range slices.Backward(releases) {
		failed = append(failed, release())
	}
	return errors.Join(failed...)
}
