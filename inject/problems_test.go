package inject_test

import (
	"context"
	"errors"
	oldrand "math/rand"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// Each of these is a graph that must not start, and what its author reads.
func TestProblems(t *testing.T) {
	t.Parallel()
	for name, declare := range problems {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := inject.New(func(key string) (string, bool) {
				return "memory", key == "mail.driver"
			})
			declare(g)
			err := g.Check()
			if err == nil {
				t.Fatal("got no problem, want one")
			}
			if again := g.Check(); !reflect.DeepEqual(again, err) {
				t.Errorf("got %v from the second Check, want the same as from the first", again)
			}
			if built := g.Build(); !reflect.DeepEqual(built, err) {
				t.Errorf("got %v from Build, want the same as from Check", built)
			}
			golden.Equal(t, name+".txt", err.Error()+"\n")
		})
	}
}

var problems = map[string]func(*inject.Graph){
	"missing": func(g *inject.Graph) {
		web := at(g, "web")
		web.Provide(newDB)
		web.Provide(newOrders)
		web.Provide(newWeb)
		var x *Web
		web.Need(&x)
	},
	"missing_wanted_by_many": func(g *inject.Graph) {
		at(g, "smtp").Provide(newSMTP)
		at(g, "orders").Provide(func(*DB, *DB) *Orders { return nil })
		var db *DB
		for _, name := range []string{"a", "b", "c", "d"} {
			at(g, name).Need(&db)
		}
	},
	"missing_as": func(g *inject.Graph) {
		m := at(g, "mail")
		m.Provide(newDB)
		m.Provide(newSMTP)
		at(g, "orders").Provide(newOrders)
	},
	"missing_private": func(g *inject.Graph) {
		at(g, "db").Provide(newDB, inject.Private)
		at(g, "mail").Provide(newSMTP)
	},
	"missing_off": func(g *inject.Graph) {
		at(g, "db").Provide(newDB)
		at(g, "mail").Provide(newSMTP, inject.As[Mailer](),
			inject.When(inject.ConfigIs("mail.driver", "smtp", "auto")))
		at(g, "orders").Provide(newOrders)
	},
	"missing_pointer": func(g *inject.Graph) {
		at(g, "db").Provide(newDB)
		at(g, "mail").Provide(func(DB) *SMTP { return nil })
	},
	"missing_interface_is_there": func(g *inject.Graph) {
		at(g, "mail").Provide(func() Mailer { return nil })
		at(g, "orders").Provide(func(*SMTP) *Orders { return nil })
	},
	"missing_is_an_item": func(g *inject.Graph) {
		at(g, "stock").Add(&Stock{}, inject.As[Panel]())
		at(g, "admin").Provide(func(Panel) *Web { return nil })
	},
	"missing_namesake": func(g *inject.Graph) {
		at(g, "dice").Provide(&oldrand.Rand{})
		at(g, "game").Provide(func(*rand.Rand) *Web { return nil })
	},
	"twice": func(g *inject.Graph) {
		at(g, "smtp").Provide(&SMTP{}, inject.As[Mailer]())
		at(g, "memory").Provide(&Memory{}, inject.As[Mailer]())
	},
	"twice_private_and_public": func(g *inject.Graph) {
		m := at(g, "db")
		m.Provide(newDB, inject.Private)
		m.Provide(newDB)
	},
	"cycle": func(g *inject.Graph) {
		m := at(g, "shop")
		m.Provide(func(*Web) *DB { return nil })
		m.Provide(newSMTP, inject.As[Mailer]())
		m.Provide(newOrders)
		m.Provide(newWeb)
	},
	"cycle_with_itself": func(g *inject.Graph) {
		at(g, "db").Provide(func(*DB) *DB { return nil })
	},
	"cycle_through_group_and_decorator": func(g *inject.Graph) {
		at(g, "db").Provide(func([]Panel) *DB { return nil })
		at(g, "stock").Add(func(*SMTP) *Stock { return nil }, inject.As[Panel]())
		at(g, "mail").Provide(func() *SMTP { return nil })
		at(g, "audit").Decorate(func(s *SMTP, _ *DB) *SMTP { return s })
	},
	"order": func(g *inject.Graph) {
		jobs := at(g, "jobs")
		jobs.Provide(newSMTP)
		jobs.Provide(newCart, inject.PerRequest)
		var r Region
		jobs.Need(&r)
		db := at(g, "db")
		db.Provide(newDB)
		db.Provide(Region("eu"))
	},
	"order_no_order_helps": func(g *inject.Graph) {
		jobs := at(g, "jobs")
		jobs.Provide(newSMTP)
		jobs.Provide(Region("eu"))
		at(g, "files").Provide(func(Region) *Stock { return nil })
		db := at(g, "db")
		db.Provide(newDB)
		db.Provide(func(*Stock) *Memory { return nil })
	},
	"captive": func(g *inject.Graph) {
		m := at(g, "cart")
		m.Provide(newDB)
		m.Provide(newCart, inject.PerRequest)
		m.Provide(func(*Cart) *Web { return nil })
		var x *Cart
		m.Need(&x)
		m.Func(func(*Cart) {})
	},
	"captive_decorator": func(g *inject.Graph) {
		m := at(g, "db")
		m.Provide(newDB)
		m.Provide(func() *Cart { return nil }, inject.PerRequest)
		m.Decorate(func(db *DB, _ context.Context, _ *Cart) *DB { return db })
	},
	"decorate_nothing": func(g *inject.Graph) {
		at(g, "smtp").Provide(&SMTP{})
		at(g, "audit").Decorate(func(m Mailer) Mailer { return m })
	},
	"decorate_too_early": func(g *inject.Graph) {
		at(g, "audit").Decorate(func(db *DB) *DB { return db })
		at(g, "db").Provide(newDB)
	},
	"replacement_unused": func(g *inject.Graph) {
		g.Replace("shop_test.go:9", &SMTP{})
		g.Replace("shop_test.go:10", Region("eu"))
		m := at(g, "mail")
		m.Provide(newDB)
		m.Provide(newSMTP, inject.As[Mailer]())
		m.Provide(newOrders)
	},
	"replaced_twice": func(g *inject.Graph) {
		g.Replace("shop_test.go:9", &DB{})
		g.Replace("shop_test.go:10", &DB{})
		at(g, "mail").Provide(newSMTP)
	},
	"item_unread": func(g *inject.Graph) {
		at(g, "stock").Add(&Stock{})
		at(g, "admin").Provide(func([]Panel) *Web { return nil })
	},
	"shapes": func(g *inject.Graph) {
		m := at(g, "shop")
		var none *DB
		var noFunc func() *DB
		for _, v := range []any{
			nil, none, noFunc, func() {}, func() error { return nil }, errorFirst,
			func() (*DB, *SMTP) { return nil, nil }, func() (*DB, *SMTP, error) { return nil, nil, nil },
			func(...Panel) *DB { return nil }, func() (*DB, func() error, error) { return nil, nil, nil },
		} {
			m.Provide(v)
		}
		m.Decorate(nil)
		m.Decorate(&DB{})
		m.Decorate(func() *DB { return nil })
		m.Decorate(func(*DB) *SMTP { return nil })
		m.Decorate(func(db *DB) *DB { return db }, inject.Private)
		m.Func(nil)
		m.Func("f")
		m.Func(func() *DB { return nil })
		m.Need(nil, DB{}, none)
	},
	"keys": func(g *inject.Graph) {
		m := at(g, "shop")
		n := 1
		for _, v := range []any{
			"eu", &n, errors.New, []*DB{}, map[string]*DB{}, func() any { return nil }, func() context.Context { return nil },
			func() *Mailer { return nil }, func() inject.Scoped[*DB] { return nil }, struct{ A int }{},
			func(string) *DB { return nil }, func(context.Context) *DB { return nil }, func([]int) *DB { return nil },
		} {
			m.Provide(v)
		}
		m.Need(&n)
		m.Func(func(context.Context, error) {}, reflect.TypeFor[context.Context]())
		m.Decorate(func(s string) string { return s })
	},
	"as": func(g *inject.Graph) {
		m := at(g, "mail")
		m.Provide(&SMTP{}, inject.As[*DB]())
		m.Provide(&SMTP{}, inject.As[any]())
		m.Provide(&SMTP{}, inject.As[Panel]())
		m.Provide(SMTP{}, inject.As[Mailer]())
		m.Provide(func() Mailer { return nil }, inject.As[Panel]())
		m.Provide(func() *strings.Builder { return nil }, inject.As[interface{ Write(string) error }]())
	},
	"options": func(g *inject.Graph) {
		m := at(g, "mail")
		m.Provide(&SMTP{}, inject.PerRequest)
		m.Add(&Stock{}, inject.Private, inject.Default)
		g.Replace("shop_test.go:9", &DB{}, inject.When(inject.Has[*DB]()))
		g.Replace("shop_test.go:10", &DB{}, inject.Private)
	},
}

func TestConditionPanics(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := at(g, "db")
	m.Provide(newDB, inject.When(inject.If("the moon is full", func() bool { panic("no moon") })))
	m.Provide(newSMTP) // would miss *DB on top of it
	err := g.Check()
	if got := codes(t, err); !reflect.DeepEqual(got, []string{"A1116"}) {
		t.Errorf("got codes %v, want A1116", got)
	}
	want.Contains(t, err.Error(), "ask whether *inject_test.DB is on: panic at inject/problems_test.go:", ": no moon", "db/module.go:12")
}

// What follows from a broken line is not reported on top of it.
func TestNoProblemsFromProblems(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := at(g, "shop")
	m.Provide(func(...string) *DB { return nil })
	m.Provide(&SMTP{}, inject.As[Panel]())
	m.Provide(func(*DB, Panel, *SMTP) *Web { return nil })
	m.Decorate(func(db *DB) *DB { return db })
	got := codes(t, g.Check())
	if want := []string{"A1101", "A1103"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got codes %v, want %v", got, want)
	}
}

func TestFrozenAfterCheck(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := at(g, "shop")
	if err := g.Check(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		err, _ := recover().(error)
		if got := codes(t, err); !reflect.DeepEqual(got, []string{"A1114"}) {
			t.Errorf("got panic %v, want A1114", err)
		}
	}()
	m.Provide(newDB)
}

// Without At, a declaration stands where it was written.
func TestPlaces(t *testing.T) {
	t.Parallel()
	g := inject.New(nil)
	m := g.Module("shop", "")
	var web *Web
	m.Provide(1)
	m.Add(1)
	m.Decorate(1)
	m.Need(1)
	m.Func(1)
	g.Replace("", 1)
	m.Need(&web)
	err := g.Check()
	if got := strings.Count(err.Error(), "at inject/problems_test.go:"); got != 7 {
		t.Errorf("got %d places in this file, want 7:\n%v", got, err)
	}
}

// errorFirst has the shape that constructors must not have.
//
//lint:ignore ST1008 that is what it is for
func errorFirst() (error, *DB) { return nil, nil }
