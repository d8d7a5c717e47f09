package main

import (
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
)

// TestBrowserBuys buys a film as a person does, in a real browser.
func TestBrowserBuys(t *testing.T) {
	t.Parallel()
	b := browse(t)
	s := opened(t)
	f := s.film(9)
	b.screen(1280, 900, "light")
	b.open(s.URL + "/")
	want.Equal(t, b.text("#results-title"), "3,200 films")
	b.picture("list")
	b.clean()

	b.click(`input[name=genre][value="` + f.Genre + `"]`)
	b.click(`input[name=decade][value="1990"]`)
	b.leave(func() { b.click(`#filters button[type=submit]`) })
	want.Contains(t, b.eval("location.search"), "genre="+f.Genre, "decade=1990")
	want.Equal(t, strings.Contains(b.eval("location.search"), "rating="), false) // what was not chosen is left out
	b.picture("filtered")

	b.leave(func() { b.click(`.card-title a[href="/films/` + f.Slug + `"]`) })
	want.Equal(t, b.text("h1"), f.Title)
	b.picture("film")
	b.fill("#quantity", "2")
	b.leave(func() { b.click(".buy-form button") })
	want.Equal(t, b.eval("location.pathname"), "/cart")
	want.Contains(t, b.text(".flash"), f.Title+" is in your cart.")
	want.Equal(t, b.text(".stepper-count"), "2")
	b.leave(func() { b.click(".stepper button:last-of-type") })
	want.Equal(t, b.text(".stepper-count"), "3")
	want.Equal(t, b.text(".flash"), "nothing found")
	b.picture("cart")
	b.clean()

	b.leave(func() { b.click(`a[href="/checkout"]`) })
	form := address()
	for name := range form {
		if name != "country" {
			b.fill("#field-"+name, form.Get(name))
		}
	}
	b.fill("#field-email", "ada@")
	b.eval(`document.querySelector("#field-country").value = %s`, form.Get("country"))
	b.leave(func() { b.click(".form button[type=submit]") })
	want.Contains(t, b.text("#field-email-error"), "Must be an email address.")
	want.Equal(t, b.text(".problems li"), "E-mail: Must be an email address.")
	want.Equal(t, b.eval(`document.querySelectorAll(".field-error").length`), "1")
	want.Equal(t, b.eval(`document.activeElement.className`), "problems") // is read first
	for name := range form {
		kept := form.Get(name)
		if name == "email" {
			kept = "ada@"
		}
		want.Equal(t, b.eval(`document.querySelector(%s).value`, "#field-"+name), kept)
	}
	b.picture("checkout")
	b.clean(422)

	b.fill("#field-email", form.Get("email"))
	b.leave(func() { b.click(".form button[type=submit]") })
	want.Contains(t, b.eval("location.pathname"), "/orders/")
	want.Contains(t, b.text("main"), "Thank you.", f.Title, "3 ×", form.Get("name"))
	want.Equal(t, number(t, s.data, "SELECT stock FROM films WHERE id = ?", f.ID), 6)
	b.picture("order")

	b.open(s.URL + "/nowhere")
	want.Contains(t, b.text("h1"), "cut")
	b.picture("not-found")
	b.clean(404)
}

// TestBrowserWithoutScript buys a film with scripts turned off.
func TestBrowserWithoutScript(t *testing.T) {
	t.Parallel()
	b := browse(t)
	s := opened(t)
	f := s.film(9)
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.screen(1280, 900, "light")
	b.open(s.URL + "/films/" + f.Slug)
	b.leave(func() { b.click(".buy-form button") })
	b.leave(func() { b.click(`a[href="/checkout"]`) })
	for name, values := range address() {
		if name != "country" {
			b.fill("#field-"+name, values[0])
		}
	}
	b.eval(`document.querySelector("#field-country").value = "Canada"`)
	b.leave(func() { b.click(".form button[type=submit]") })
	want.Contains(t, b.text("h1"), "Thank you.")
	b.clean()
}

// TestBrowserPhone looks at the shop on a phone, in the dark: nothing is wider
// than the screen.
func TestBrowserPhone(t *testing.T) {
	t.Parallel()
	b := browse(t)
	s := opened(t)
	f := s.film(9)
	for _, colours := range []string{"dark", "light"} {
		b.screen(390, 844, colours)
		for name, path := range map[string]string{"list": "/", "film": "/films/" + f.Slug, "page": "/?page=67&q=the", "none": "/?q=zzzzz", "not-found": "/x"} {
			b.open(s.URL + path)
			b.picture("phone-" + name + "-" + colours)
			if wide := b.eval("document.documentElement.scrollWidth"); wide != "390" {
				t.Errorf("%s: got a page %s pixels wide, want 390", path, wide)
			}
		}
		b.open(s.URL + "/films/" + f.Slug)
		b.leave(func() { b.click(".buy-form button") })
		b.picture("phone-cart-" + colours)
		b.leave(func() { b.click(`a[href="/checkout"]`) })
		b.picture("phone-checkout-" + colours)
		b.leave(func() { b.click(".form button[type=submit]") })
		b.picture("phone-mistakes-" + colours)
		want.Equal(t, b.eval("document.documentElement.scrollWidth"), "390")
	}
	b.clean(404, 422)
}
