package main

import (
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/ashlartest"
	"github.com/ashlar-go/ashlar/internal/want"
)

// buyAtOnce lets all visitors place their order at the same moment and returns
// how many got one. Whoever did not is told so in the cart.
func buyAtOnce(t *testing.T, visitors []*ashlartest.Client) int {
	t.Helper()
	var all, ready sync.WaitGroup
	ready.Add(len(visitors))
	answers := make([]*ashlartest.Response, len(visitors))
	for i, v := range visitors {
		all.Go(func() {
			ready.Done()
			ready.Wait()
			answers[i] = v.Post("/checkout", address())
		})
	}
	all.Wait()
	orders := 0
	for i, res := range answers {
		to := res.Header.Get("Location")
		switch {
		case res.Status == 303 && strings.HasPrefix(to, "/orders/"):
			orders++
		case res.Status == 303 && to == "/cart":
			want.Contains(t, visitors[i].Get("/cart").Body, "Somebody was faster: ")
		default:
			t.Errorf("got status %d to %q, want an order or the cart", res.Status, to)
		}
	}
	return orders
}

// TestLastCopy lets two visitors buy the last copy of a film at once, 100
// times: one gets it.
func TestLastCopy(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(1)
	pair := []*ashlartest.Client{s.Client, s.Visitor()}
	for round := range int64(100) {
		s.stock(f, 1)
		for _, v := range pair {
			if got := add(v, f, 1).Status; got != 303 && got != 422 { // the loser's copy is in the cart already
				t.Fatalf("got status %d, want the film in the cart", got)
			}
		}
		want.Equal(t, buyAtOnce(t, pair), 1)
		want.Equal(t, number(t, s.data, "SELECT stock FROM films WHERE id = ?", f.ID), 0)
		want.Equal(t, number(t, s.data, "SELECT count(*) FROM orders"), round+1)
		want.Equal(t, number(t, s.data, "SELECT sum(quantity) FROM order_lines"), round+1)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

// TestSevenCopies lets 20 visitors buy a film of which there are 7 copies.
func TestSevenCopies(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(7)
	visitors := []*ashlartest.Client{s.Client}
	for len(visitors) < 20 {
		visitors = append(visitors, s.Visitor())
	}
	for _, v := range visitors {
		want.Equal(t, add(v, f, 1).Status, 303)
	}
	want.Equal(t, buyAtOnce(t, visitors), 7)
	want.Equal(t, number(t, s.data, "SELECT stock FROM films WHERE id = ?", f.ID), 0)
	want.Equal(t, number(t, s.data, "SELECT count(*) FROM orders"), 7)
}
