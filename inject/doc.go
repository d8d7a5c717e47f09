// Package inject joins modules by type: one module provides a value or a
// constructor, another needs its type, and the graph hands it over.
//
//	g := inject.New(nil)
//	db := g.Module("db", "")
//	db.Provide(OpenDB)                                     // func() (*DB, error)
//	mail := g.Module("mail", "")
//	mail.Provide(NewSMTP, inject.As[Mailer]())             // func(*DB) *SMTP
//	mail.Provide(NewMemory, inject.As[Mailer](), inject.When(inject.Missing[Mailer]()))
//	shop := g.Module("shop", "")
//	var orders *Orders
//	shop.Provide(NewOrders)                                // func(*DB, Mailer) *Orders
//	shop.Need(&orders)
//	err := g.Build()                                       // check everything, then build what is needed
//
// # Rules
//
// Modules stand in a list and the list is meaning: who needs something stands
// after who provides it. Within one module the order of the lines is free.
// Three things look further down the list on purpose: a group ([]T collects
// what every module adds), a decorator (it wraps T for all who need T), and a
// replacement (it comes from outside the list).
//
// [Graph.Check] looks at everything that is on, needed or not, and reports all
// problems at once. [Graph.Build] then calls constructors in list order, what
// they need first; a provider that nobody needs is never built.
//
// Conditions are asked in list order and see only what stands further up, the
// earlier lines of their own module included. A provider marked [Default]
// counts for [Has] and [Missing] like any other.
//
// A module sees its own [Private] providers first, then what is public.
//
// # Lifetimes
//
// A value lives as long as the graph, or, marked [PerRequest], as long as one
// [Scope]. What lives longer may not hold what lives shorter: it needs
// [Scoped] instead, a function that finds the value of the request at hand.
//
// The graph closes nothing that it built: whoever owns a resource also ends
// it, in package ashlar with the verb Run. A [Scope] calls the release
// functions that per-request constructors returned.
//
// # What it is not for
//
// It is not for asking while serving: handlers hold what they need in fields.
// Reflection happens at start, and in a per-request constructor's one call per
// request. Mistakes are [errs.Setup] values with the codes A1101 to A1116.
package inject
