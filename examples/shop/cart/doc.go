// Package cart keeps the films that a visitor wants, as rows of the database
// that are bound to the visitor's session: they survive a restart of the
// server and of the browser.
//
//	if err := cart.Add(ctx, film, 2); err != nil { … }
//	lines, err := cart.Lines(ctx)
//
// Quantities never exceed the stock when they are set; the stock itself is
// taken by package order, when the visitor pays.
package cart
