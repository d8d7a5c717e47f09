package listing_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/listing"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/sqlite"
)

// FilmList is all that visitors may ask of the list of films.
var FilmList = listing.New(
	listing.Sort("title", reel.Films.Title), listing.Sort("price", reel.Films.Price),
	listing.Filter("title", reel.Films.Title.Contains),
	listing.Filter("max_price", reel.Films.Price.LTE),
	listing.AnyOf("genre", reel.Films.Genre.In),
	listing.Sizes(20, 100),
)

func Example() {
	ctx := shop()
	query, _ := url.ParseQuery("sort=-price&filter[max_price]=700&size=2")
	ask, err := FilmList.Parse(query) // in a handler: c.QueryValues()
	if err != nil {
		fmt.Println(err)
		return
	}
	films, page, err := listing.Page(ctx, reel.Films.Where(reel.Films.InShop.Eq(true)), ask)
	for _, film := range films {
		fmt.Println(film.Title, film.Price)
	}
	fmt.Println(page.Number, page.Pages, page.Total, err)
	fmt.Println("/films?" + ask.Values(2).Encode())

	query, _ = url.ParseQuery("sort=stock&filter[password]=x&size=100000")
	_, err = FilmList.Parse(query)
	fmt.Println(err) // 422, with a message for each field
	// Output:
	// Ran 700
	// Ikiru 600
	// 1 2 3 <nil>
	// /films?filter%5Bmax_price%5D=700&page=2&size=2&sort=-price
	// validate: sort: oneof; size: between; filter: unknown
}

// shop returns a context with four films.
func shop() context.Context {
	d, err := db.Open(db.Config{URL: "sqlite::memory:"}, sqlite.Driver)
	if err != nil {
		panic(err)
	}
	ctx := db.NewContext(context.Background(), d)
	ops, err := schema.Diff(schema.Schema{}, schema.Schema{Tables: reel.Models()})
	if err != nil {
		panic(err)
	}
	plan, err := schema.SQLite{}.Plan(schema.Schema{}, ops)
	if err != nil {
		panic(err)
	}
	if _, err := db.Exec(ctx, strings.Join(plan.Statements, ";\n")); err != nil {
		panic(err)
	}
	var films []*reel.Film
	for i, title := range []string{"Ran", "Ikiru", "Playtime", "Solaris"} {
		films = append(films, &reel.Film{Title: title, Slug: strings.ToLower(title), Price: []reel.Cents{700, 600, 500, 900}[i], InShop: true})
	}
	if err := reel.Films.Insert(ctx, films...); err != nil {
		panic(err)
	}
	return ctx
}
