package inject_test

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestBuildFillsByType(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := g.Module("shop", "")
	m.Provide(newWeb)
	m.Provide(newOrders)
	m.Provide(newSMTP, inject.As[Mailer]())
	m.Provide(newDB)
	m.Provide(Region("eu"))
	m.Provide(Clock(func() int { return 12 }))
	var (
		web    *Web
		smtp   *SMTP
		mail   Mailer
		region Region
		clock  Clock
	)
	m.Need(&web, &smtp, &mail, &region, &clock)
	want.NoErr(t, g.Build())
	if web.orders.mail != mail || mail != Mailer(smtp) || smtp.db != web.orders.db {
		t.Error("got several values of one provider, want one")
	}
	want.Equal(t, region, "eu")
	want.Equal(t, clock(), 12)
}

// Build goes down the list, what is needed first, and leaves out what nobody
// needs.
func TestBuildOrder(t *testing.T) {
	t.Parallel()
	for range 20 {
		var made []string
		g := inject.New(nil)
		a, b, c := g.Module("a", ""), g.Module("b", ""), g.Module("c", "")
		a.Provide(func() *DB { made = append(made, "db"); return &DB{} })
		a.Provide(func() *Memory { made = append(made, "memory"); return &Memory{} })
		b.Provide(func(*SMTP) *Cart { made = append(made, "cart"); return &Cart{} })
		b.Provide(func() *SMTP { made = append(made, "smtp"); return &SMTP{} })
		b.Add(func() *Stock { made = append(made, "stock"); return &Stock{} }, inject.As[Panel]())
		var cart *Cart
		c.Need(&cart)
		f := c.Func(func(*DB, []Panel) { made = append(made, "func") })
		want.NoErr(t, g.Build())
		want.Equal(t, made, []string{"smtp", "cart"})
		want.NoErr(t, f.Call())
		want.NoErr(t, f.Call())
		want.Equal(t, made, []string{"smtp", "cart", "db", "stock", "func", "func"})
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	var first, second []Panel
	var none []*DB
	admin := g.Module("admin", "")
	admin.Need(&first, &second, &none)
	admin.Add(&Stock{}, inject.As[Panel]())
	shop := g.Module("shop", "")
	shop.Add(func(o *Orders) *Web { return &Web{o} }, inject.As[Panel]())
	shop.Provide(&Orders{})
	want.NoErr(t, g.Build())
	if len(first) != 2 || first[0].Title() != "stock" || first[1].Title() != "web" {
		t.Errorf("got %v, want the panels in list order", first)
	}
	if none == nil || len(none) != 0 {
		t.Errorf("got %#v, want an empty group", none)
	}
	first[0] = nil
	if second[0] == nil || first[1] != second[1] {
		t.Error("got a shared slice or unshared items, want a slice for each and shared items")
	}
}

type loud struct {
	Mailer
	by string
}

func TestDecorateWrapsInListOrder(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := g.Module("mail", "")
	m.Provide(&Memory{}, inject.As[Mailer]())
	var early, late Mailer
	var raw *Memory
	m.Need(&early, &raw)
	wrap := func(m Mailer, r Region) Mailer { return loud{m, string(r)} }
	audit := g.Module("audit", "")
	audit.Provide(Region("audit"))
	audit.Decorate(wrap)
	trace := g.Module("trace", "")
	trace.Decorate(func(m Mailer) (Mailer, error) { return loud{m, "trace"}, nil })
	trace.Decorate(wrap, inject.When(inject.Missing[Region]()))
	trace.Need(&late)
	want.NoErr(t, g.Build())
	want.Equal(t, early, Mailer(loud{loud{raw, "audit"}, "trace"}))
	want.Equal(t, late, early)
}

func TestPrivateComesFirstInItsModule(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	var a, b, c *DB
	first := g.Module("a", "")
	first.Provide(&DB{"public"})
	first.Need(&a)
	second := g.Module("b", "")
	second.Provide(&DB{"private"}, inject.Private)
	second.Decorate(func(d *DB) *DB { return &DB{d.url + "!"} })
	second.Need(&b)
	g.Module("c", "").Need(&c)
	want.NoErr(t, g.Build())
	want.Equal(t, []string{a.url, b.url, c.url}, []string{"public", "private!", "public"})
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := g.Module("cache", "")
	m.Provide(&Memory{}, inject.As[Mailer](), inject.Default)
	m.Provide(func(missing *Orders) *DB { return nil }, inject.Default) // off, so what it needs is no matter
	m.Provide(&DB{"real"})
	m.Provide(Region("first"), inject.Default)
	m.Provide(&SMTP{}, inject.As[Mailer]())
	other := g.Module("other", "")
	other.Provide(Region("second"), inject.Default)
	other.Provide(Region("third"), inject.Default, inject.Private)
	var mail Mailer
	var db *DB
	var r Region
	other.Need(&mail, &db, &r)
	want.NoErr(t, g.Build())
	if _, ok := mail.(*SMTP); !ok {
		t.Errorf("got %T, want the *SMTP that is no default", mail)
	}
	want.Equal(t, db.url, "real")
	want.Equal(t, r, "first")
}

func TestReplace(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := g.Module("mail", "")
	m.Provide(func(missing *Orders) *SMTP { return nil }, inject.As[Mailer]()) // goes altogether
	m.Decorate(func(m Mailer) Mailer { return loud{m, "audit"} })
	m.Provide(Region("private"), inject.Private)
	var mail Mailer
	var smtp *SMTP
	var r Region
	m.Need(&mail, &smtp, &r)
	fake := &Memory{}
	g.Replace("", func(Clock) *Memory { return fake }, inject.As[Mailer]())
	g.Replace("", &SMTP{&DB{"fake"}})
	g.Replace("", Region("replaced"))
	g.Module("late", "").Provide(Clock(func() int { return 0 }))
	want.NoErr(t, g.Build())
	want.Equal(t, mail, Mailer(loud{fake, "audit"}))
	want.Equal(t, smtp.db.url, "fake")
	want.Equal(t, r, "replaced")
}

func TestConstructorErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such host")
	var typedNil *Orders
	for name, c := range map[string]struct {
		constructor any
		text        string
		is          error
	}{
		"error":       {func() (*Orders, error) { return nil, broken }, "no such host", broken},
		"panic":       {func() *Orders { panic("oh no") }, "panic at inject/build_test.go:", nil},
		"panic error": {func() *Orders { panic(broken) }, ": no such host", broken},
		"nil deref":   {func() *Orders { return &Orders{db: typedNil.db} }, "panic at inject/build_test.go:", nil},
		"nil":         {func() *Orders { return nil }, "it returned nil and no error", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := inject.New(nil)
			m := at(g, "orders")
			m.Provide(c.constructor)
			m.Provide(newWeb)
			var web *Web
			m.Need(&web)
			want.NoErr(t, g.Check())
			err := g.Build()
			if got := codes(t, err); !reflect.DeepEqual(got, []string{"A1113"}) {
				t.Fatalf("got %v, want A1113", err)
			}
			want.Contains(t, err.Error(), `build *inject_test.Orders (module "orders"): `, c.text, "at orders/module.go:12")
			if c.is != nil {
				want.Err(t, err, c.is)
			}
			if again := g.Build(); again != err {
				t.Errorf("got %v from the second Build, want the same error", again)
			}
			if web != nil {
				t.Error("got a variable filled by a Build that failed")
			}
		})
	}
}

// Whoever needs what fails gets the error of the line that failed.
func TestErrorsReachWhoNeeds(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such host")
	db := func() (*DB, error) { return nil, broken }
	for name, declare := range map[string]func(m *inject.Module) string{
		"group": func(m *inject.Module) string {
			m.Add(func() (*DB, error) { return nil, broken })
			m.Need(new([]*DB))
			return "build item of []*inject_test.DB"
		},
		"decorator": func(m *inject.Module) string {
			m.Provide(newDB)
			m.Decorate(func(*DB) (*DB, error) { return nil, broken })
			m.Need(new(*DB))
			return "build decorator of *inject_test.DB"
		},
		"decorator's need": func(m *inject.Module) string {
			m.Provide(db)
			m.Provide(Region("eu"))
			m.Decorate(func(r Region, _ *DB) Region { return r })
			m.Need(new(Region))
			return "build *inject_test.DB"
		},
		"per request, group": func(m *inject.Module) string {
			m.Add(db)
			m.Provide(func([]*DB) *Cart { return nil }, inject.PerRequest)
			m.Need(new(inject.Scoped[*Cart]))
			return "build item of []*inject_test.DB"
		},
		"per request, decorator": func(m *inject.Module) string {
			m.Provide(newDB)
			m.Decorate(func(*DB) (*DB, error) { return nil, broken })
			m.Provide(newCart, inject.PerRequest)
			m.Need(new(inject.Scoped[*Cart]))
			return "build decorator of *inject_test.DB"
		},
		"scoped": func(m *inject.Module) string {
			m.Provide(newDB)
			m.Decorate(func(*DB) (*DB, error) { return nil, broken })
			m.Need(new(inject.Scoped[*DB]))
			return "build decorator of *inject_test.DB"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := inject.New(nil)
			text := declare(at(g, "shop"))
			want.NoErr(t, g.Check())
			err := g.Build()
			want.Err(t, err, broken)
			want.Contains(t, err.Error(), text+` (module "shop"): no such host`)
		})
	}
}

// What a function needs is tried again when it is called again.
func TestFuncTriesAgain(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such host")
	g := inject.New(nil)
	m := g.Module("shop", "")
	tries := 0
	m.Provide(func() (*DB, error) {
		if tries++; tries == 1 {
			return nil, broken
		}
		return newDB(), nil
	})
	called := 0
	f := m.Func(func(*DB) { called++ })
	want.NoErr(t, g.Build())
	want.Err(t, f.Call(), broken)
	want.NoErr(t, f.Call())
	want.NoErr(t, f.Call())
	want.Equal(t, []int{tries, called}, []int{2, 2})
}

func TestFunc(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := at(g, "web")
	m.Provide(&DB{"one"})
	enough := errors.New("enough")
	var got string
	f := m.Func(func(prefix string, ctx context.Context, db *DB) error {
		got = prefix + ctx.Value(Region("key")).(string) + db.url
		return enough
	}, reflect.TypeFor[context.Context](), reflect.TypeFor[string]())
	want.Contains(t, f.Call().Error(), "Call before the graph was built")
	want.NoErr(t, g.Build())
	ctx := context.WithValue(t.Context(), Region("key"), "value ")
	if err := f.Call(ctx, "a "); err != enough {
		t.Errorf("got %v, want the function's own error", err)
	}
	want.Equal(t, got, "a value one")
	for _, given := range [][]any{nil, {ctx}, {ctx, 1}, {nil, "a "}} {
		if err := f.Call(given...); err == nil || err == enough {
			t.Errorf("got %v for %v, want a complaint", err, given)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := g.Module("shop", "")
	m.Provide(newDB)
	m.Provide(newSMTP, inject.Private)
	m.Provide(newCart, inject.PerRequest)
	m.Add(newDB)
	var db *DB
	var list []*DB
	want.Contains(t, g.Fill(&db).Error(), "Fill before the graph was built")
	want.NoErr(t, g.Build())
	want.Equal(t, g.NeedsScopes(), false)
	want.NoErr(t, g.Fill(&db, &list))
	want.Equal(t, []int{len(db.url), len(list)}, []int{7, 1})
	var smtp *SMTP
	var cart *Cart
	err := g.Fill(&smtp, &cart, nil)
	want.Equal(t, codes(t, err), []string{"A1105", "A1109", "A1104"})
	var later inject.Scoped[*Cart]
	want.NoErr(t, g.Fill(&later))
	want.Equal(t, g.NeedsScopes(), true)
	ctx, scope := g.Scope(t.Context())
	defer scope.Close()
	cart, err = later(ctx)
	want.NoErr(t, err)
	want.Equal(t, cart.db, db)
}

// A constructor may end its goroutine, as t.FailNow does.
func TestConstructorEndsGoroutine(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := g.Module("shop", "")
	m.Provide(func() *DB { runtime.Goexit(); return nil })
	var db *DB
	m.Need(&db)
	var wg sync.WaitGroup
	wg.Go(func() { _ = g.Build() })
	wg.Wait()
	if err := g.Build(); err == nil {
		t.Error("got no error from a Build that never ended, want one")
	}
}

func TestGraphsShareNothing(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	shop := func(name string) {
		g := inject.New(nil)
		m := g.Module(name, "")
		m.Provide(func() *DB { return &DB{name} })
		m.Provide(newSMTP, inject.As[Mailer]())
		m.Provide(newOrders)
		var orders *Orders
		m.Need(&orders)
		if err := g.Build(); err != nil || orders.db.url != name {
			t.Errorf("got %v and %v, want the database of %s", err, orders, name)
		}
	}
	for _, name := range strings.Fields("a b c d") {
		wg.Go(func() { shop(name) })
	}
	wg.Wait()
}
