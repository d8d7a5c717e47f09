package inject_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/inject"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// shop is a graph that has one of everything.
func shop() *inject.Graph {
	g := inject.New(func(key string) (string, bool) {
		value, ok := map[string]string{"mail.driver": "memory", "region": ""}[key]
		return value, ok
	})
	db := at(g, "db")
	db.Provide(newDB)
	mail := at(g, "mail")
	mail.Provide(newSMTP, inject.As[Mailer](), inject.When(inject.ConfigIs("mail.driver", "smtp")))
	mail.Provide(&Memory{}, inject.As[Mailer](), inject.Default)
	mail.Provide(Region("eu"), inject.Private, inject.When(inject.Missing[Region]()))
	orders := at(g, "orders")
	orders.Provide(newOrders)
	orders.Provide(newCart, inject.PerRequest)
	orders.Add(&Stock{}, inject.As[Panel]())
	admin := at(g, `admin "back office"`)
	admin.Provide(func(*Orders, []Panel, inject.Scoped[*Cart], Clock) *Web { return &Web{} })
	admin.Decorate(func(m Mailer) Mailer { return m })
	g.Replace("shop_test.go:9", Clock(func() int { return 0 }))
	var web *Web
	admin.Need(&web)
	return g
}

func TestReports(t *testing.T) {
	t.Parallel()
	g := shop()
	want.NoErr(t, g.Build())
	golden.Equal(t, "report/graph.txt", g.Text())
	golden.Equal(t, "report/graph.mmd", g.Mermaid())
	var b strings.Builder
	for _, p := range g.Providers() {
		fmt.Fprintf(&b, "%+v\n", p)
	}
	golden.Equal(t, "report/providers.txt", b.String())
	b.Reset()
	for _, c := range g.Conditions() {
		fmt.Fprintf(&b, "%+v\n", c)
	}
	golden.Equal(t, "report/conditions.txt", b.String())
}

func TestConditions(t *testing.T) {
	t.Parallel()
	yes := inject.If("yes", func() bool { return true })
	no := inject.If("no", func() bool { return false })
	lookup := func(key string) (string, bool) {
		value, ok := map[string]string{"driver": "redis", "empty": ""}[key]
		return value, ok
	}
	for _, c := range []struct {
		cond inject.Cond
		on   bool
		why  string
	}{
		{inject.Cond{}, true, "always"},
		{yes, true, "yes: yes"},
		{no, false, "no: no"},
		{yes.Not(), false, "yes: yes"},
		{inject.Cond{}.Not(), false, "always"},
		{yes.And(no), false, "no: no"},
		{yes.And(yes.Not().Not()), true, "yes: yes; yes: yes"},
		{no.Or(yes), true, "yes: yes"},
		{no.Or(no), false, "no: no; no: no"},
		{inject.ConfigIs("driver"), true, "driver is set"},
		{inject.ConfigIs("empty"), false, "empty is not set"},
		{inject.ConfigIs("empty", ""), true, `empty is ""`},
		{inject.ConfigIs("none", "a"), false, "none is not set"},
		{inject.ConfigIs("driver", "auto", "redis"), true, `driver is "redis"`},
		{inject.ConfigIs("driver", "auto", "sql"), false, `driver is "redis", not "auto" or "sql"`},
		{inject.Has[*DB](), true, `module "first" provides *inject_test.DB`},
		{inject.Missing[*DB](), false, `module "first" provides *inject_test.DB`},
		{inject.Has[[]Panel](), true, `module "first" provides []inject_test.Panel`},
		{inject.Has[[]*DB](), false, `nobody further up provides []*inject_test.DB`},
		{inject.Has[Region](), false, "nobody further up provides inject_test.Region"}, // private there
		{inject.Has[*SMTP](), true, `module "second" provides *inject_test.SMTP`},      // private here
		{inject.Has[*Orders](), false, "nobody further up provides *inject_test.Orders"},
		{inject.Has[*Web](), false, "nobody further up provides *inject_test.Web"}, // off
		{inject.Has[Clock](), true, "a replacement provides inject_test.Clock"},
	} {
		g := inject.New(lookup)
		first, second, third := at(g, "first"), at(g, "second"), at(g, "third")
		third.Provide(newOrders) // declared first, but stands last in the list
		first.Provide(newDB)
		first.Add(&Stock{}, inject.As[Panel]())
		first.Provide(Region("eu"), inject.Private)
		first.Provide(newWeb, inject.When(no))
		second.Provide(newSMTP, inject.As[Mailer](), inject.Private)
		second.Provide(&Cart{}, inject.When(c.cond))
		third.Provide(&Memory{}, inject.As[Mailer]())
		third.Need(new(Clock))
		g.Replace("", Clock(func() int { return 0 }))
		want.NoErr(t, g.Check())
		got := g.Conditions()
		want.Equal(t, got[len(got)-1], inject.Condition{Module: "second", What: "*inject_test.Cart", Where: "second/module.go:12", On: c.on, Why: c.why})
	}
}
