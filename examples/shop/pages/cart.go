package pages

import (
	"context"
	"errors"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/examples/shop/cart"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/order"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/validate"
	"github.com/ashlar-go/ashlar/view"
)

const cartPage = view.Page[web.CartPage]("cart/show.html")

func showCart(ctx context.Context, _ None) (ashlar.Response, error) {
	lines, err := cart.Lines(ctx)
	if err != nil {
		return nil, err
	}
	sums, err := order.SumsOf(lines)
	if err != nil {
		return nil, err
	}
	data := web.CartPage{Lines: linesOf(lines), Sums: web.Sums(sums)}
	for i, l := range lines {
		switch {
		case l.Film.Stock == 0:
			data.Lines[i].Note = "Sold out meanwhile. Please remove it."
		case l.Quantity > l.Film.Stock:
			data.Lines[i].Note = "There are not that many left. Please take fewer."
		}
	}
	if data.Shell, err = shell(ctx); err != nil {
		return nil, err
	}
	return cartPage.With(data), nil
}

// AddIn is a film that goes into the cart.
type AddIn struct {
	Film     *int64 `form:"film" validate:"required,min=1"`
	Quantity *int64 `form:"quantity" validate:"required,min=1,max=99"`
}

func addToCart(ctx context.Context, in AddIn) (ashlar.Response, error) {
	film, err := catalog.ByID(ctx, *in.Film)
	if errors.Is(err, errs.NotFound) {
		return nil, validate.Fail("film", "exists", "This film is not in the shop.")
	}
	if err != nil {
		return nil, err
	}
	if err := cart.Add(ctx, film, *in.Quantity); err != nil {
		return nil, err
	}
	if err := session.AddFlash(ctx, "good", film.Title+" is in your cart."); err != nil {
		return nil, err
	}
	return ashlar.Redirect("/cart"), nil
}

// SetIn is how many copies of a film the cart is to hold; 0 takes it out.
type SetIn struct {
	Film     int64  `path:"film"`
	Quantity *int64 `form:"quantity" validate:"required,min=0,max=99"`
}

func setInCart(ctx context.Context, in SetIn) (ashlar.Response, error) {
	film, err := catalog.ByID(ctx, in.Film)
	if err != nil {
		return nil, err
	}
	if err := cart.Set(ctx, film, *in.Quantity); err != nil {
		return nil, err
	}
	if *in.Quantity == 0 {
		if err := session.AddFlash(ctx, "note", film.Title+" was taken out."); err != nil {
			return nil, err
		}
	}
	return ashlar.Redirect("/cart"), nil
}
