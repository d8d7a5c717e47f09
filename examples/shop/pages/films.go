package pages

import (
	"context"
	"slices"
	"strconv"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/examples/shop/web"
	"github.com/ashlar-go/ashlar/validate"
	"github.com/ashlar-go/ashlar/view"
)

const (
	filmsPage = view.Page[web.FilmsPage]("films/index.html")
	filmPage  = view.Page[web.FilmPage]("films/show.html")
)

const (
	perPage  = 24
	featured = 3
	related  = 6
)

// ListIn is what the list of films is asked for.
type ListIn struct {
	web.Filter
	Page int `query:"page" default:"1" validate:"min=1,max=10000"`
}

// Validate checks what the rules in tags cannot say.
func (in ListIn) Validate(context.Context) error {
	var wrong validate.Errors
	if in.Genre != "" && !slices.Contains(catalog.Genres(), in.Genre) {
		wrong.Add("genre", "oneof", "There is no such genre.")
	}
	if in.Decade%10 != 0 {
		wrong.Add("decade", "decade", "A decade begins with a year that ends in 0.")
	}
	if !slices.ContainsFunc(web.SortOptions(""), func(o web.Option) bool { return in.Sort == "" || o.Value == in.Sort }) {
		wrong.Add("sort", "oneof", "There is no such order.")
	}
	return wrong.Err()
}

func listFilms(ctx context.Context, in ListIn) (ashlar.Response, error) {
	search := catalog.Search{Words: in.Q, Genre: in.Genre, Decade: in.Decade, Score: in.Rating * 10, Order: in.Sort}
	films, total, err := catalog.Find(ctx, search, in.Page, perPage)
	if err != nil {
		return nil, err
	}
	if len(films) == 0 && in.Page > 1 {
		return nil, errs.NotFound.New("The list is not that long.")
	}
	facts, err := catalog.Survey(ctx)
	if err != nil {
		return nil, err
	}
	data := web.FilmsPage{
		Filter:  in.Filter,
		Genres:  web.GenreOptions(in.Genre, catalog.Genres(), facts.Genres),
		Decades: web.DecadeOptions(in.Decade, facts.First, facts.Last),
		Ratings: web.RatingOptions(in.Rating),
		Sorts:   web.SortOptions(in.Sort),
		Active:  in.Active("/"),
		Total:   web.Count(total),
		Cards:   cardsOf(films),
		Pages: web.Paginate(in.Page, (total+perPage-1)/perPage, func(page int) string {
			return in.URL("/", page)
		}),
	}
	if in.Filter == (web.Filter{}) && in.Page == 1 {
		if data.Featured, err = opening(ctx); err != nil {
			return nil, err
		}
	}
	if data.Shell, err = shell(ctx); err != nil {
		return nil, err
	}
	data.Query = in.Q
	return filmsPage.With(data), nil
}

// opening picks films whose posters differ in colour.
func opening(ctx context.Context) ([]web.Card, error) {
	films, err := catalog.Featured(ctx, 8*featured)
	if err != nil {
		return nil, err
	}
	var cards []web.Card
	hues := map[any]bool{}
	for _, card := range cardsOf(films) {
		if len(cards) < featured && !hues[card.Poster.Hue] {
			hues[card.Poster.Hue] = true
			cards = append(cards, card)
		}
	}
	return cards, nil
}

// FilmIn names a film by its address.
type FilmIn struct {
	Slug string `path:"slug" validate:"max=240"`
}

func showFilm(ctx context.Context, in FilmIn) (ashlar.Response, error) {
	f, err := catalog.BySlug(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	near, err := catalog.Related(ctx, f, related)
	if err != nil {
		return nil, err
	}
	film := web.Film{
		Card: cardOf(f), Rating: f.Rating, Minutes: int(f.Minutes), Director: f.Director,
		Distributor: f.Distributor, Source: f.Source, Votes: web.Count(f.Votes), Critics: int(f.Critics),
		Gross: web.Count(f.Gross), Budget: web.Count(f.Budget),
	}
	if f.Released != nil {
		film.Released = *f.Released
	}
	data := web.FilmPage{Film: film, Related: cardsOf(near)}
	if data.Shell, err = shell(ctx); err != nil {
		return nil, err
	}
	return filmPage.With(data), nil
}

// credit is the line at the foot of a poster.
func credit(f *catalog.Film) string {
	switch {
	case f.Year == 0:
		return f.Director
	case f.Director == "":
		return strconv.FormatInt(f.Year, 10)
	}
	return f.Director + " · " + strconv.FormatInt(f.Year, 10)
}
