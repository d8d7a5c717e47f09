package inject_test

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/inject"
)

type Store struct{ path string }

type Greeter interface{ Greet(name string) string }

type plain struct{ store *Store }

func (p *plain) Greet(name string) string { return "Hello, " + name + " (" + p.store.path + ")" }

func openStore() (*Store, error)   { return &Store{path: "reel.db"}, nil }
func newPlain(store *Store) *plain { return &plain{store} }

// A module provides constructors; another needs what they make.
func Example() {
	g := inject.New(nil)

	store := g.Module("store", "")
	store.Provide(openStore)

	greet := g.Module("greet", "")
	greet.Provide(newPlain, inject.As[Greeter]())

	var greeter Greeter
	web := g.Module("web", "")
	web.Need(&greeter)

	if err := g.Build(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(greeter.Greet("Ada"))
	// Output: Hello, Ada (reel.db)
}

// All problems are found before anything is built, and each says how to mend
// it.
func ExampleGraph_Check() {
	g := inject.New(nil)
	web := g.Module("web", "main.go:30")
	web.At("web/module.go:12").Provide(func(Greeter) *Web { return &Web{} })
	greet := g.Module("greet", "main.go:31")
	greet.At("greet/module.go:9").Provide(newPlain)

	fmt.Println(g.Check())
	// Output:
	// 2 problems
	// 1. missing inject_test.Greeter, wanted by *inject_test.Web
	//    	at web/module.go:12
	//    	mend: *inject_test.plain implements it: add As[inject_test.Greeter]() at greet/module.go:9
	//    	see docs/errors.md#A1105
	// 2. missing *inject_test.Store, wanted by *inject_test.plain
	//    	at greet/module.go:9
	//    	mend: provide it, or list a module that does before module "greet"
	//    	see docs/errors.md#A1105
}

// A module configures itself by the configuration and by what stands before
// it in the list.
func ExampleWhen() {
	config := map[string]string{"cache.driver": "memory"}
	g := inject.New(func(key string) (string, bool) { value, ok := config[key]; return value, ok })

	cache := g.Module("cache", "")
	cache.Provide(openStore, inject.When(inject.ConfigIs("cache.driver", "sql", "auto")))
	cache.Provide(&Store{path: ":memory:"}, inject.When(inject.Missing[*Store]()))

	var store *Store
	cache.Need(&store)
	if err := g.Build(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(store.path)
	for _, c := range g.Conditions() {
		fmt.Printf("%s %s on=%t: %s\n", c.Module, c.What, c.On, c.Why)
	}
	// Output:
	// :memory:
	// cache *inject_test.Store on=false: cache.driver is "memory", not "sql" or "auto"
	// cache *inject_test.Store on=true: nobody further up provides *inject_test.Store
}

type shouting struct{ Greeter }

func (s shouting) Greet(name string) string { return s.Greeter.Greet(name) + "!" }

// A decorator wraps what another module provides.
func ExampleModule_Decorate() {
	g := inject.New(nil)
	m := g.Module("greet", "")
	m.Provide(openStore)
	m.Provide(newPlain, inject.As[Greeter]())
	g.Module("loud", "").Decorate(func(g Greeter) Greeter { return shouting{g} })

	var greeter Greeter
	m.Need(&greeter)
	if err := g.Build(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(greeter.Greet("Ada"))
	// Output: Hello, Ada (reel.db)!
}

type visitor struct{ name string }

type visitorKey struct{}

func newVisitor(ctx context.Context) *visitor {
	return &visitor{name: ctx.Value(visitorKey{}).(string)}
}

type controller struct{ visitor inject.Scoped[*visitor] }

func newController(v inject.Scoped[*visitor]) *controller { return &controller{v} }

// What lives as long as the app needs a Scoped where a value is made for each
// request.
func ExampleScoped() {
	g := inject.New(nil)
	m := g.Module("web", "")
	m.Provide(newVisitor, inject.PerRequest)
	m.Provide(newController)
	var c *controller
	m.Need(&c)
	if err := g.Build(); err != nil {
		fmt.Println(err)
		return
	}

	for _, name := range []string{"Ada", "Grace"} {
		ctx, scope := g.Scope(context.WithValue(context.Background(), visitorKey{}, name))
		v, err := c.visitor(ctx)
		fmt.Println(v.name, err)
		if err := scope.Close(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// Ada <nil>
	// Grace <nil>
}

// A test provides a fake in place of what the modules provide.
func ExampleGraph_Replace() {
	g := inject.New(nil)
	m := g.Module("store", "")
	m.Provide(openStore)
	m.Provide(newPlain, inject.As[Greeter]())
	var greeter Greeter
	m.Need(&greeter)

	g.Replace("", &Store{path: "fake.db"})
	if err := g.Build(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(greeter.Greet("Ada"))
	// Output: Hello, Ada (fake.db)
}
