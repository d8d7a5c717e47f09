package inject_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/internal/want"
)

type who string

// carts is a graph with a *Cart per request, found by the function returned.
func carts(t *testing.T, constructor any, more ...func(*inject.Module)) (*inject.Graph, inject.Scoped[*Cart]) {
	t.Helper()
	g := inject.New(nil)
	m := g.Module("cart", "")
	m.Provide(newDB)
	m.Provide(constructor, inject.PerRequest)
	var cart inject.Scoped[*Cart]
	m.Need(&cart)
	for _, f := range more {
		f(m)
	}
	want.NoErr(t, g.Build())
	return g, cart
}

func TestScopedOncePerRequest(t *testing.T) {
	t.Parallel()
	var made atomic.Int32
	g, cart := carts(t, func(ctx context.Context, db *DB) *Cart {
		made.Add(1)
		return &Cart{&DB{ctx.Value(who("")).(string)}}
	})
	want.Equal(t, g.NeedsScopes(), true)
	a, scopeA := g.Scope(context.WithValue(t.Context(), who(""), "a"))
	b, scopeB := g.Scope(context.WithValue(t.Context(), who(""), "b"))
	defer scopeA.Close()
	defer scopeB.Close()
	// Whoever asks first, the value is made with the request's own context.
	inner := context.WithValue(a, who(""), "inner")
	var wg sync.WaitGroup
	for _, ctx := range []context.Context{a, b, inner, a, b, inner} {
		wg.Go(func() {
			c, err := cart(ctx)
			if name := ctx.Value(who("")); err != nil || name != "inner" && c.db.url != name || name == "inner" && c.db.url != "a" {
				t.Errorf("got %v, %v in request %v", c, err, name)
			}
		})
	}
	wg.Wait()
	want.Equal(t, made.Load(), 2)
}

func TestScopedWithoutScope(t *testing.T) {
	t.Parallel()
	_, cart := carts(t, newCart)
	_, err := cart(t.Context())
	want.Err(t, err, inject.ErrNoScope)

	other, _ := carts(t, newCart)
	ctx, scope := other.Scope(t.Context())
	defer scope.Close()
	_, err = cart(ctx)
	want.Err(t, err, inject.ErrNoScope)
	want.Contains(t, err.Error(), "inject: find *inject_test.Cart: ")
}

func TestScopeClose(t *testing.T) {
	t.Parallel()
	var log []string
	broken := errors.New("broken pipe")
	release := func(name string, err error) func() error {
		return func() error { log = append(log, name); return err }
	}
	var orders inject.Scoped[*Orders]
	g, cart := carts(t, func(db *DB) (*Cart, func() error, error) { return &Cart{db}, release("cart", broken), nil },
		func(m *inject.Module) {
			m.Provide(func(*Cart) (*Orders, func() error, error) { return &Orders{}, release("orders", nil), nil }, inject.PerRequest)
			m.Provide(func() (*Web, func() error, error) { return &Web{}, nil, nil }, inject.PerRequest)
			m.Need(&orders)
		})
	ctx, scope := g.Scope(t.Context())
	_, err := orders(ctx)
	want.NoErr(t, err)
	want.Err(t, scope.Close(), broken)
	want.Equal(t, log, []string{"orders", "cart"})
	want.NoErr(t, scope.Close())
	_, err = cart(ctx)
	want.Err(t, err, inject.ErrScopeClosed)

	_, scope = g.Scope(t.Context())
	want.NoErr(t, scope.Close())
	want.Equal(t, len(log), 2)
}

// A value that becomes ready after its request ended is released at once.
func TestScopeCloseWhileMaking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ready := make(chan struct{})
		released := false
		g, cart := carts(t, func() (*Cart, func() error, error) {
			<-ready
			return &Cart{}, func() error { released = true; return nil }, nil
		})
		ctx, scope := g.Scope(t.Context())
		done := make(chan error)
		go func() { _, err := cart(ctx); done <- err }()
		synctest.Wait()
		want.NoErr(t, scope.Close())
		close(ready)
		want.Err(t, <-done, inject.ErrScopeClosed)
		want.Equal(t, released, true)
	})
}

// Who waits for another goroutine's constructor waits no longer than its own
// context lets it.
func TestScopedWaitEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ready := make(chan struct{})
		g, cart := carts(t, func() *Cart { <-ready; return &Cart{} })
		ctx, scope := g.Scope(t.Context())
		defer scope.Close()
		go func() { _, _ = cart(ctx) }()
		synctest.Wait()
		short, cancel := context.WithCancel(ctx)
		cancel()
		_, err := cart(short)
		want.Err(t, err, context.Canceled)
		close(ready)
		_, err = cart(ctx)
		want.NoErr(t, err)
	})
}

func TestScopedErrorsAreKept(t *testing.T) {
	t.Parallel()
	made := 0
	broken := errors.New("no session")
	g, cart := carts(t, func() (*Cart, error) {
		if made++; made == 1 {
			panic(broken)
		}
		return &Cart{}, nil
	})
	ctx, scope := g.Scope(t.Context())
	defer scope.Close()
	for range 2 {
		_, err := cart(ctx)
		want.Err(t, err, broken)
		want.Contains(t, err.Error(), "inject: find *inject_test.Cart: build *inject_test.Cart", "at inject/scope_test.go:")
	}
	want.Equal(t, made, 1)
}

// A constructor that asks for its own value, through a thing that may hold a
// Scoped, gets an error instead of waiting for itself.
func TestScopedAsksForItself(t *testing.T) {
	t.Parallel()
	var cart inject.Scoped[*Cart]
	g, found := carts(t, func(ctx context.Context) (*Cart, error) { return cart(ctx) })
	cart = found
	ctx, scope := g.Scope(t.Context())
	defer scope.Close()
	_, err := cart(ctx)
	want.Contains(t, err.Error(), "a per-request constructor asks for its own value")
}

func TestScopedDecoratedAndMixed(t *testing.T) {
	t.Parallel()
	var orders inject.Scoped[*Orders]
	var db inject.Scoped[*DB] // lives as long as the graph: no scope needed
	opened := 0
	g, cart := carts(t, newCart, func(m *inject.Module) {
		m.Decorate(func(c *Cart, ctx context.Context, list []Panel) *Cart {
			return &Cart{&DB{c.db.url + ctx.Value(who("")).(string) + list[0].Title()}}
		})
		m.Add(func() *Stock { opened++; return &Stock{} }, inject.As[Panel]())
		m.Decorate(func(db *DB) *DB { return &DB{"decorated "} })
		m.Provide(func(c *Cart, db inject.Scoped[*DB]) (*Orders, error) { d, err := db(nil); return &Orders{db: d}, err }, inject.PerRequest)
		m.Need(&orders, &db)
	})
	want.Equal(t, opened, 1) // at start, not in the first request
	ctx, scope := g.Scope(context.WithValue(t.Context(), who(""), "me "))
	defer scope.Close()
	c, err := cart(ctx)
	want.NoErr(t, err)
	want.Equal(t, c.db.url, "decorated me stock")
	o, err := orders(ctx)
	want.NoErr(t, err)
	d, err := db(t.Context())
	want.NoErr(t, err)
	want.Equal(t, o.db, d)
	again, _ := cart(ctx)
	if again != c {
		t.Error("got another decorated value, want one for each request")
	}
}
