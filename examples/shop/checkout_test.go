package main

import (
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/money"
	"github.com/ashlar-go/ashlar/examples/shop/order"
	"github.com/ashlar-go/ashlar/internal/want"
)

// with returns the form with one field changed.
func with(form url.Values, name, value string) url.Values {
	form = maps.Clone(form)
	form.Set(name, value)
	return form
}

func TestCheckout(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(5)
	add(s.Client, f, 2)

	page := s.Get("/checkout")
	want.Equal(t, page.Status, 200)
	wellFormed(t, page.Body)

	res := s.Post("/checkout", address())
	want.Equal(t, res.Status, 303)
	link := res.Header.Get("Location")
	if token := strings.TrimPrefix(link, "/orders/"); len(token) < 32 || token == link {
		t.Fatalf("got a link to %q, want one to /orders/ that nobody guesses", link)
	}
	thanks := s.Follow(res)
	want.Equal(t, thanks.Status, 200)
	wellFormed(t, thanks.Body)
	want.Contains(t, thanks.Body, "Thank you.", f.Title, "Ada Lovelace", "12 St James&#39;s Square", "SW1Y 4JH London", "R-000001", "2 × ")
	want.Equal(t, number(t, s.data, "SELECT stock FROM films WHERE id = ?", f.ID), 3)
	want.Contains(t, s.Get("/cart").Body, "Your cart holds no film yet.")

	// Whoever has the link sees the order, but not the thanks.
	other := s.Visitor().Get(link)
	want.Equal(t, other.Status, 200)
	want.Contains(t, other.Body, "Your order", f.Title)
	want.Equal(t, strings.Contains(other.Body, "Thank you."), false)

	// What was paid stays when the shop changes its prices.
	_, err := catalog.Films.Where(catalog.Films.ID.Eq(f.ID)).Update(s.data, catalog.Films.Price.Set(99900))
	want.NoErr(t, err)
	want.Equal(t, texts(s.Get(link).Body, "<dd>"), texts(thanks.Body, "<dd>"))
}

// TestCheckoutMistakes holds that a form with mistakes comes back with a message
// beside each field, with what was typed, and that nothing happens.
func TestCheckoutMistakes(t *testing.T) {
	t.Parallel()
	s := opened(t)
	add(s.Client, s.film(5), 2)
	s.Get("/cart") // takes the flash
	before := s.rows()
	for field, value := range map[string]string{
		"name": " ", "email": "ada@", "street": "two\nlines", "postcode": "1234567890123", "city": "", "country": "Atlantis",
	} {
		res := s.Post("/checkout", with(address(), field, value))
		want.Equal(t, res.Status, 422)
		wellFormed(t, res.Body)
		want.Equal(t, len(texts(res.Body, `<li><a href="#field-`+field+`">`)), 1) // in the summary, too
		if n := strings.Count(res.Body, `class="field-error"`); n != 1 || !strings.Contains(res.Body, `id="field-`+field+`-error"`) {
			t.Errorf("%s: got %d messages, want one beside the field", field, n)
		}
		for name := range address() {
			typed := with(address(), field, value).Get(name)
			if name == "country" && field == name {
				typed = "" // a choice that does not exist cannot be kept
			}
			if got := res.Field(name); got != typed {
				t.Errorf("%s wrong: got %s %q, want it kept as %q", field, name, got, typed)
			}
		}
		want.Equal(t, s.rows(), before)
	}
	res := s.Post("/checkout", nil)
	want.Equal(t, res.Status, 422)
	want.Equal(t, strings.Count(res.Body, `class="field-error"`), 6)
	want.Equal(t, s.rows(), before)
}

func TestCheckoutEmptyCart(t *testing.T) {
	t.Parallel()
	s := opened(t)
	s.Get("/films/" + s.film(5).Slug)
	before := s.rows()
	for _, form := range []url.Values{address(), nil} {
		res := s.Post("/checkout", form)
		want.Equal(t, res.Status, 303)
		want.Equal(t, res.Header.Get("Location"), "/cart")
	}
	want.Equal(t, s.Get("/checkout").Header.Get("Location"), "/cart")
	want.Equal(t, s.rows(), before)
}

// TestDoubleSubmit sends the same form many times at once, as an impatient
// visitor does: one order.
func TestDoubleSubmit(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(50)
	for round := range int64(10) {
		add(s.Client, f, 1)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if res := s.Post("/checkout", address()); res.Status != 303 {
					t.Errorf("got status %d, want a redirect", res.Status)
				}
			})
		}
		wg.Wait()
		want.Equal(t, number(t, s.data, "SELECT count(*) FROM orders"), round+1)
		want.Equal(t, number(t, s.data, "SELECT stock FROM films WHERE id = ?", f.ID), 50-round-1)
	}
}

// TestSums holds what an order costs, to the cent, around the amount from which
// delivery is free.
func TestSums(t *testing.T) {
	t.Parallel()
	s := opened(t)
	f := s.film(99)
	for _, tt := range []struct {
		price                  money.Cents
		copies                 int64
		films, delivery, total string
	}{
		{1, 1, "$0.01", "$4.90", "$4.91"},
		{4999, 1, "$49.99", "$4.90", "$54.89"},
		{5000, 1, "$50.00", "free", "$50.00"},
		{2499, 2, "$49.98", "$4.90", "$54.88"},
		{2500, 2, "$50.00", "free", "$50.00"},
		{1990, 33, "$656.70", "free", "$656.70"},
		{1_000_000_000, 9, "$90,000,000.00", "free", "$90,000,000.00"},
	} {
		_, err := catalog.Films.Where(catalog.Films.ID.Eq(f.ID)).Update(s.data, catalog.Films.Price.Set(tt.price))
		want.NoErr(t, err)
		s.stock(f, 99)
		sums := []string{tt.films, tt.delivery, tt.total}
		want.Equal(t, texts(s.Follow(add(s.Client, f, tt.copies)).Body, "<dd>"), sums)
		want.Equal(t, texts(s.Get("/checkout").Body, "<dd>"), sums)
		want.Equal(t, texts(s.Follow(s.Post("/checkout", address())).Body, "<dd>"), sums)
	}
	want.Equal(t, number(t, s.data, `SELECT count(*) FROM orders o WHERE films !=
		(SELECT sum(quantity * price) FROM order_lines l WHERE l.order_id = o.id) OR total != films + delivery`), 0)
}

func TestOrderLinksAreNotGuessed(t *testing.T) {
	t.Parallel()
	s := opened(t)
	add(s.Client, s.film(5), 1)
	link := s.Post("/checkout", address()).Header.Get("Location")
	for _, path := range []string{"/orders/1", "/orders/R-000001", "/orders/%25", "/orders/_", "/orders/" + strings.Repeat("A", 32),
		link[:len(link)-1], link + "A", strings.ToLower(link), strings.ToUpper(link), "/orders/", "/orders"} {
		if res := s.Get(path); res.Status != 404 {
			t.Errorf("%s: got status %d, want 404", path, res.Status)
		}
	}
}

// TestNothingHalfWritten makes every step of placing an order fail in turn, by
// triggers in the database: what was done before it is undone.
func TestNothingHalfWritten(t *testing.T) {
	t.Parallel()
	s := opened(t)
	a := s.film(5)
	b, err := catalog.Films.Where(catalog.Films.ID.NE(a.ID), catalog.Films.Stock.GT(3)).First(s.data)
	want.NoErr(t, err)
	add(s.Client, a, 2)
	add(s.Client, b, 3)
	s.Get("/cart") // takes the flashes
	before := s.rows()
	for name, event := range map[string]string{
		"take the second film": "UPDATE ON films WHEN new.id = " + number10(b.ID),
		"write the order":      "INSERT ON orders",
		"write the lines":      "INSERT ON order_lines WHEN new.film_id = " + number10(b.ID),
		"empty the cart":       "DELETE ON cart_lines",
	} {
		_, err := db.Exec(s.data, "CREATE TRIGGER fails AFTER "+event+" BEGIN SELECT raise(ABORT, 'on purpose'); END")
		want.NoErr(t, err)
		res := s.Post("/checkout", address())
		if res.Status != 500 {
			t.Errorf("%s: got status %d, want 500", name, res.Status)
		}
		wellFormed(t, res.Body)
		if strings.Contains(res.Body, "on purpose") {
			t.Errorf("%s: got a page that tells what is inside", name)
		}
		want.Equal(t, s.rows(), before)
		_, err = db.Exec(s.data, "DROP TRIGGER fails")
		want.NoErr(t, err)
	}

	s.stock(b, 1) // too few of the second film: the first one stays, too
	before = s.rows()
	res := s.Post("/checkout", address())
	want.Equal(t, res.Header.Get("Location"), "/cart")
	want.Equal(t, s.rows(), before)
	want.Contains(t, s.Follow(res).Body, "Somebody was faster: of ", "there are only 1 left")

	set(s.Client, b, 1)
	want.Contains(t, s.Post("/checkout", address()).Header.Get("Location"), "/orders/")
	n, err := order.OrderLines.Count(s.data)
	want.NoErr(t, err)
	want.Equal(t, n, 2)
}
