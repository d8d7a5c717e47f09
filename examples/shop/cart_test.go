package main

import (
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/internal/want"
)

// inCart returns the titles and the numbers of copies that a cart shows.
func inCart(page string) (titles, copies []string) {
	return texts(page, `<div>\s*<a href="/films/[^"]*">`), texts(page, `<span class="stepper-count">`)
}

func TestCart(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(5)

	empty := s.Get("/cart")
	wellFormed(t, empty.Body)
	want.Contains(t, empty.Body, "Your cart holds no film yet.")
	want.Equal(t, s.rows().Carts, 0) // looking leaves nothing behind

	res := add(s.Client, f, 2)
	want.Equal(t, res.Status, 303)
	want.Equal(t, res.Header.Get("Location"), "/cart")
	page := s.Follow(res).Body
	wellFormed(t, page)
	want.Contains(t, page, f.Title+" is in your cart.")
	titles, copies := inCart(page)
	want.Equal(t, titles, []string{f.Title})
	want.Equal(t, copies, []string{"2"})
	want.Equal(t, strings.Contains(s.Get("/cart").Body, "is in your cart."), false) // a flash is shown once

	add(s.Client, f, 1) // more of the same
	_, copies = inCart(s.Get("/cart").Body)
	want.Equal(t, copies, []string{"3"})

	want.Equal(t, set(s.Client, f, 5).Status, 303)
	_, copies = inCart(s.Get("/cart").Body)
	want.Equal(t, copies, []string{"5"})

	gone := s.Follow(set(s.Client, f, 0))
	want.Contains(t, gone.Body, f.Title+" was taken out.", "Your cart holds no film yet.")
	want.Equal(t, number(t, s.data, "SELECT count(*) FROM cart_lines"), 0)
}

// TestCartBounds holds that a cart never wants more than there is.
func TestCartBounds(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(3)
	other, err := catalog.Films.Where(catalog.Films.Stock.Eq(0)).First(s.data)
	want.NoErr(t, err)

	want.Equal(t, add(s.Client, f, 2).Status, 303)
	before := s.rows()
	for name, tt := range map[string]struct {
		status int
		do     func() (int, string)
	}{
		"add beyond the stock":      {422, func() (int, string) { r := add(s.Client, f, 2); return r.Status, r.Body }},
		"set beyond the stock":      {422, func() (int, string) { r := set(s.Client, f, 4); return r.Status, r.Body }},
		"add what is sold out":      {422, func() (int, string) { r := add(s.Client, other, 1); return r.Status, r.Body }},
		"set what is not in there":  {404, func() (int, string) { r := set(s.Client, other, 1); return r.Status, r.Body }},
		"take out what is not in":   {404, func() (int, string) { r := set(s.Client, other, 0); return r.Status, r.Body }},
		"add a film that is not":    {422, func() (int, string) { r := add(s.Client, &catalog.Film{ID: 1 << 40}, 1); return r.Status, r.Body }},
		"change a film that is not": {404, func() (int, string) { r := set(s.Client, &catalog.Film{ID: 1 << 40}, 1); return r.Status, r.Body }},
	} {
		status, body := tt.do()
		if status != tt.status {
			t.Errorf("%s: got status %d, want %d", name, status, tt.status)
		}
		wellFormed(t, body)
		want.Equal(t, s.rows(), before)
	}

	s.stock(f, 1) // somebody bought two meanwhile
	want.Contains(t, s.Get("/cart").Body, "There are not that many left. Please take fewer.")
	s.stock(f, 0)
	page := s.Get("/cart").Body
	wellFormed(t, page)
	want.Contains(t, page, "Sold out meanwhile. Please remove it.")
	want.Equal(t, set(s.Client, f, 0).Status, 303)
}

func TestCartsAreSeparate(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(9)
	other := s.Visitor()
	add(s.Client, f, 2)
	add(other, f, 3)
	_, copies := inCart(s.Get("/cart").Body)
	want.Equal(t, copies, []string{"2"})
	_, copies = inCart(other.Get("/cart").Body)
	want.Equal(t, copies, []string{"3"})
	set(other, f, 0)
	_, copies = inCart(s.Get("/cart").Body)
	want.Equal(t, copies, []string{"2"})
	want.Contains(t, s.Visitor().Get("/cart").Body, "Your cart holds no film yet.")
}

// TestCartLasts holds that a cart survives a restart of the shop, and of the
// browser: its cookie says how long it is good for.
func TestCartLasts(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(9)
	cookie := add(s.Client, f, 2).Cookie("session")
	if cookie == nil || cookie.MaxAge != 7*24*3600 || !cookie.HttpOnly {
		t.Fatalf("got cookie %v, want one for scripts to leave alone and for 7 days", cookie)
	}
	s.Restart(s.app())
	page := s.Get("/cart")
	_, copies := inCart(page.Body)
	want.Equal(t, copies, []string{"2"})
	want.Contains(t, page.Body, f.Title+" is in your cart.") // the message waited
	want.Equal(t, set(s.Client, f, 3).Status, 303)           // and the form still works
}

// TestFullCart fills a cart to its bounds.
func TestFullCart(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(200)
	want.Equal(t, add(s.Client, f, 99).Status, 303)
	res := add(s.Client, f, 1)
	want.Equal(t, res.Status, 422)
	want.Contains(t, res.Body, "A cart holds 99 copies of a film at most.")
	want.Equal(t, set(s.Client, f, 0).Status, 303)

	many, err := catalog.Films.Where(catalog.Films.Stock.GT(0)).OrderBy(catalog.Films.ID.Asc()).Limit(101).All(s.data)
	want.NoErr(t, err)
	for _, f := range many[:100] {
		want.Equal(t, add(s.Client, f, 1).Status, 303)
	}
	res = add(s.Client, many[100], 1)
	want.Equal(t, res.Status, 422)
	want.Contains(t, res.Body, "The cart is full.")
	page := s.Get("/cart").Body
	titles, _ := inCart(page)
	want.Equal(t, len(titles), 100)
	wellFormed(t, page)
}
