package pages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/examples/shop/cart"
	"github.com/ashlar-go/ashlar/examples/shop/order"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/validate"
	"github.com/ashlar-go/ashlar/view"
)

const (
	checkoutPage = view.Page[web.CheckoutPage]("checkout/new.html")
	orderPage    = view.Page[web.OrderPage]("orders/show.html")
)

// placed marks the session in which an order was placed, for the thanks.
var placed = session.NewKey[string]("placed")

// countries returns where the shop delivers to.
func countries() []string {
	return []string{"Austria", "Belgium", "Canada", "Denmark", "France", "Germany", "Ireland", "Italy",
		"Netherlands", "Norway", "Spain", "Sweden", "Switzerland", "United Kingdom", "United States"}
}

// labels returns what the form calls its fields.
func labels() []web.Label {
	return []web.Label{{Name: "name", Text: "Full name"}, {Name: "email", Text: "E-mail"}, {Name: "street", Text: "Street and number"},
		{Name: "postcode", Text: "Postcode"}, {Name: "city", Text: "Town"}, {Name: "country", Text: "Country"}}
}

// Checkout is the form that asks for the address.
type Checkout struct {
	Name     string `form:"name" validate:"required,line,max=100"`
	Email    string `form:"email" validate:"required,email,max=254"`
	Street   string `form:"street" validate:"required,line,max=200"`
	Postcode string `form:"postcode" validate:"required,line,max=12"`
	City     string `form:"city" validate:"required,line,max=100"`
	Country  string `form:"country" validate:"required,max=60"`
}

// Validate checks what the rules in tags cannot say.
func (c Checkout) Validate(context.Context) error {
	var wrong validate.Errors
	blank := func(field, value string) {
		if strings.TrimSpace(value) == "" {
			wrong.Add(field, "required", "This field is required.")
		}
	}
	blank("name", c.Name)
	blank("street", c.Street)
	blank("postcode", c.Postcode)
	blank("city", c.City)
	if !slices.Contains(countries(), c.Country) {
		wrong.Add("country", "oneof", "Please choose a country from the list.")
	}
	return wrong.Err()
}

func newCheckout(ctx context.Context, _ None) (ashlar.Response, error) {
	return askAddress(ctx, ashlar.Form[Checkout]{}, 200)
}

// askAddress shows the form; without films in the cart there is nothing to ask.
func askAddress(ctx context.Context, form ashlar.Form[Checkout], status int) (ashlar.Response, error) {
	lines, err := cart.Lines(ctx)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return ashlar.Redirect("/cart"), nil
	}
	sums, err := order.SumsOf(lines)
	if err != nil {
		return nil, err
	}
	data := web.CheckoutPage{
		Form: form, Fields: labels(),
		Invalid: !form.Valid(), Countries: countries(), Lines: linesOf(lines), Sums: web.Sums(sums),
	}
	if data.Shell, err = shell(ctx); err != nil {
		return nil, err
	}
	return checkoutPage.With(data).Status(status), nil
}

func placeOrder(ctx context.Context, in ashlar.Form[Checkout]) (ashlar.Response, error) {
	if !in.Valid() {
		if slices.ContainsFunc(in.Errors, isElsewhere) {
			return nil, in.Errors
		}
		return askAddress(ctx, in, 422)
	}
	o, err := buy(ctx, order.Address(in.Value))
	var short *order.ShortError
	switch {
	case errors.Is(err, order.ErrEmpty):
		return ashlar.Redirect("/cart"), nil // placed already, or emptied in another tab
	case errors.As(err, &short):
		if err := session.AddFlash(ctx, "bad", "Somebody was faster: "+left(short)); err != nil {
			return nil, err
		}
		return ashlar.Redirect("/cart"), nil
	case err != nil:
		return nil, err
	}
	if err := placed.Set(ctx, o.Token); err != nil {
		return nil, err
	}
	return ashlar.Redirect("/orders/" + o.Token), nil
}

// buy turns the cart into an order, or leaves both as they are.
func buy(ctx context.Context, to order.Address) (o *order.Order, err error) {
	err = db.Tx(ctx, func(ctx context.Context) error {
		lines, err := cart.Lines(ctx)
		if err != nil {
			return err
		}
		if o, err = order.Place(ctx, lines, to); err != nil {
			return err
		}
		return cart.Empty(ctx)
	})
	return o, err
}

// isElsewhere reports whether a message belongs to no field that the form
// shows: somebody else wrote that form.
func isElsewhere(e validate.FieldError) bool {
	return !slices.ContainsFunc(labels(), func(l web.Label) bool { return l.Name == e.Field })
}

func left(short *order.ShortError) string {
	if short.Film.Stock == 0 {
		return short.Film.Title + " is sold out."
	}
	return fmt.Sprintf("of %s there are only %d left.", short.Film.Title, short.Film.Stock)
}

// OrderIn names an order by its token.
type OrderIn struct {
	Token string `path:"token" validate:"max=64"`
}

func showOrder(ctx context.Context, in OrderIn) (ashlar.Response, error) {
	o, lines, err := order.ByToken(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	data := web.OrderPage{
		Number: o.Number(), Placed: o.PlacedAt, Lines: linesOf(lines), Email: o.Email,
		Sums:    web.Sums{Films: o.Films, Delivery: o.Delivery, Total: o.Total},
		Address: []string{o.Name, o.Street, o.Postcode + " " + o.City, o.Country},
		Steps: []web.Step{{Label: "Placed", State: "done"}, {Label: "Packing", State: "now"},
			{Label: "On its way", State: "next"}, {Label: "Delivered", State: "next"}},
	}
	if token, ok := placed.Get(ctx); ok && token == o.Token {
		data.Thanks = true
	}
	if data.Shell, err = shell(ctx); err != nil {
		return nil, err
	}
	return orderPage.With(data), nil
}
