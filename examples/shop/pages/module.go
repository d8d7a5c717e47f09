package pages

import (
	"context"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/examples/shop/cart"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/view"
)

// source is where the templates and static files are when the shop is run
// from the repository, so that changes show without a new build.
const source = "examples/shop/web/"

// Views joins the templates to the app.
func Views() ashlar.Module {
	return view.Module(view.Config{FS: web.Templates(), Live: source + "templates"})
}

// Module joins the routes and the error page to the app.
func Module() ashlar.Module {
	return ashlar.Module{
		Name: "pages",
		Doc:  "what visitors see",
		Setup: func(s *ashlar.Setup) error {
			s.Add(ashlar.ErrorPage(showProblem))
			s.Routes(func(r *ashlar.Router) {
				r.Static("/static/", ashlar.Live(s.Env(), source+"static", web.Static()))
				ashlar.Get(r, "/{$}", listFilms, ashlar.Name("films"), ashlar.StrictQuery(), ashlar.Doc("the films, filtered"))
				ashlar.Get(r, "/films/{slug:slug}", showFilm, ashlar.Name("film"), ashlar.Doc("one film"))
				ashlar.Get(r, "/cart", showCart, ashlar.Name("cart"), ashlar.Doc("the visitor's cart"))
				ashlar.Post(r, "/cart/lines", addToCart, ashlar.Name("cart.add"), ashlar.Doc("puts copies of a film into the cart"))
				ashlar.Post(r, "/cart/lines/{film:int}", setInCart, ashlar.Name("cart.set"), ashlar.Doc("changes how many copies"))
				ashlar.Get(r, "/checkout", newCheckout, ashlar.Name("checkout"), ashlar.Doc("asks for the address"))
				ashlar.Post(r, "/checkout", placeOrder, ashlar.Name("checkout.place"), ashlar.Doc("places the order"))
				ashlar.Get(r, "/orders/{token}", showOrder, ashlar.Name("order"), ashlar.Doc("an order, by its unguessable token"))
				ashlar.Get(r, "/sales", showSales, ashlar.Name("sales"), ashlar.StrictQuery(), ashlar.Doc("what was sold"))
				ashlar.Get(r, "/sales.csv", salesFile("sales.csv"), ashlar.StrictQuery(), ashlar.Doc("the same over time, for a spreadsheet"))
				ashlar.Get(r, "/sales.json", salesFile("sales.json"), ashlar.StrictQuery(), ashlar.Doc("the same over time, for a program"))
			})
			return nil
		},
	}
}

// None is the input of pages that take none.
type None struct{}

// shell is what the frame of every page shows.
func shell(ctx context.Context) (web.Shell, error) {
	n, err := cart.Count(ctx)
	if err != nil {
		return web.Shell{}, err
	}
	s := web.Shell{CartCount: n}
	for _, f := range session.Flashes(ctx) {
		s.Flashes = append(s.Flashes, web.Flash{Kind: f.Kind, Text: f.Text})
	}
	return s, nil
}

func cardOf(f *catalog.Film) web.Card {
	c := web.Card{ID: f.ID, Slug: f.Slug, Title: f.Title, Year: int(f.Year), Score: web.Score(f.Score),
		Price: f.Price, Stock: int(f.Stock), Poster: web.NewPoster(f.Title, f.Genre, credit(f))}
	if f.Genre != catalog.Unclassified {
		c.Genre = f.Genre
	}
	return c
}

func cardsOf(films []*catalog.Film) []web.Card {
	cards := make([]web.Card, len(films))
	for i, f := range films {
		cards[i] = cardOf(f)
	}
	return cards
}

func linesOf(lines []catalog.Line) []web.Line {
	rows := make([]web.Line, len(lines))
	for i, l := range lines {
		rows[i] = web.Line{Film: cardOf(l.Film), Quantity: int(l.Quantity), Sum: l.Sum}
	}
	return rows
}
