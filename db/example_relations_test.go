package db_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/keys"
)

// cinema stores three films, two critics and what they wrote.
func cinema() context.Context {
	ctx := exampleContext()
	kael, ebert := &reel.Critic{Name: "Kael"}, &reel.Critic{Name: "Ebert"}
	films := []*reel.Film{
		{Slug: "ikiru", Title: "Ikiru", Genre: new("Drama"), Price: 300},
		{Slug: "playtime", Title: "Playtime", Genre: new("Comedy"), Price: 700},
		{Slug: "ran", Title: "Ran", Genre: new("Drama"), Price: 900},
	}
	err := errors.Join(reel.Critics.Insert(ctx, kael, ebert), reel.Films.Insert(ctx, films...))
	if err != nil {
		log.Fatal(err)
	}
	err = reel.Reviews.Insert(ctx,
		&reel.Review{FilmID: films[0].ID, CriticID: &kael.ID, Stars: 5, Words: "moving"},
		&reel.Review{FilmID: films[0].ID, CriticID: &ebert.ID, Stars: 4, Words: "wise"},
		&reel.Review{FilmID: films[0].ID, Stars: 2, Words: "slow"},
		&reel.Review{FilmID: films[1].ID, CriticID: &ebert.ID, Stars: 3, Words: "busy"})
	if err != nil {
		log.Fatal(err)
	}
	return ctx
}

// The columns of the other table stand behind the relation, which joins it.
func Example_conditionOverRelation() {
	ctx, Reviews := cinema(), reel.Reviews
	list, err := Reviews.Where(Reviews.Film().Genre.Eq("Drama"), Reviews.Critic().Name.Eq("Ebert")).
		With(Reviews.Film(), Reviews.Critic()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range list {
		fmt.Println(r.Critic.Name, "on", r.Film.Title, r.Words)
	}
	// Output:
	// Ebert on Ikiru wise
}

func ExampleMany_Any() {
	ctx, Films, Reviews := cinema(), reel.Films, reel.Reviews
	praised, err := Films.Where(Films.Reviews().Any(Reviews.Stars.GTE(4))).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	unseen, err := Films.Where(Films.Reviews().None()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(praised), praised[0].Title)
	fmt.Println(len(unseen), unseen[0].Title)
	// Output:
	// 1 Ikiru
	// 1 Ran
}

// A number over a relation is a condition, an order, or a value to read.
func ExampleMany_Count() {
	ctx, Films, Reviews := cinema(), reel.Films, reel.Reviews
	type Line struct {
		Title       string
		Good, Total int64
		Best        *int32
	}
	lines, err := db.Into(Films.OrderBy(Films.Reviews().Count().Desc(), Films.Title.Asc()), func(d *Line) []db.Dest {
		return []db.Dest{
			Films.Title.To(&d.Title),
			Films.Reviews().Count(Reviews.Stars.GTE(4)).To(&d.Good),
			Films.Reviews().Count().To(&d.Total),
			Reviews.Stars.Max().Of(Films.Reviews()).To(&d.Best),
		}
	}).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines {
		fmt.Println(l.Title, l.Good, "of", l.Total, l.Best != nil)
	}
	// Output:
	// Ikiru 2 of 3 true
	// Playtime 0 of 1 true
	// Ran 0 of 0 false
}

// The best two reviews of each film, in one query for all films.
func ExampleMany_Limit() {
	ctx, Films, Reviews := cinema(), reel.Films, reel.Reviews
	films, err := Films.OrderBy(Films.Title.Asc()).
		With(Films.Reviews().OrderBy(Reviews.Stars.Desc()).Limit(2).With(Reviews.Critic())).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range films {
		fmt.Print(f.Title, ":")
		for _, r := range f.Reviews {
			fmt.Print(" ", r.Critic.Name, " ", r.Stars)
		}
		fmt.Println()
	}
	// Output:
	// Ikiru: Kael 5 Ebert 4
	// Playtime: Ebert 3
	// Ran:
}

// Load is With for rows that are there already.
func ExampleLoad() {
	ctx, Films := cinema(), reel.Films
	film, err := Films.Get(ctx, 1)
	if err != nil {
		log.Fatal(err)
	}
	_, err = film.LoadedReviews()
	fmt.Println(errors.Is(err, db.ErrNotLoaded))
	if err := db.Load(ctx, []*reel.Film{film}, Films.Reviews()); err != nil {
		log.Fatal(err)
	}
	reviews, err := film.LoadedReviews()
	fmt.Println(len(reviews), err)
	// Output:
	// true
	// 3 <nil>
}

// Rows are grouped by what is no aggregate.
func ExampleGrouped_Having() {
	ctx, Films := cinema(), reel.Films
	type Stat struct {
		Genre *string
		Films int64
		Total reel.Cents
	}
	stats, err := db.Into(Films.Where(Films.Genre.NotNull()), func(d *Stat) []db.Dest {
		return []db.Dest{Films.Genre.To(&d.Genre), db.Count().To(&d.Films), Films.Price.Sum().To(&d.Total)}
	}).Having(db.Count().GT(1)).OrderBy(Films.Price.Sum().Desc()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range stats {
		fmt.Println(*s.Genre, s.Films, s.Total)
	}
	// Output:
	// Drama 2 1200
}

// A window numbers rows without grouping them.
func ExampleOver() {
	ctx, Films := cinema(), reel.Films
	type Line struct {
		Title string
		Place int64
	}
	dearest := db.Over(Films.Genre).OrderBy(Films.Price.Desc())
	lines, err := db.Into(Films.OrderBy(Films.Title.Asc()), func(d *Line) []db.Dest {
		return []db.Dest{Films.Title.To(&d.Title), dearest.Rank().To(&d.Place)}
	}).All(ctx)
	fmt.Println(lines, err)
	// Output:
	// [{Ikiru 2} {Playtime 1} {Ran 1}] <nil>
}

// A cursor goes to the visitor, in a link, and comes back for the next page.
func ExampleQuery_After() {
	ctx, Films := cinema(), reel.Films
	ring, err := keys.Parse(keys.Generate()) // an app has one of its settings
	if err != nil {
		log.Fatal(err)
	}
	cheapest, cursor := Films.OrderBy(Films.Price.Asc()), ""
	for {
		page, err := cheapest.After(ring, cursor).Limit(2).All(ctx)
		if err != nil {
			log.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, f := range page {
			fmt.Println(f.Title)
		}
		fmt.Println("--")
		if cursor, err = cheapest.Cursor(ring, page[len(page)-1]); err != nil {
			log.Fatal(err)
		}
	}
	_, err = cheapest.After(ring, "made up").All(ctx)
	fmt.Println(errors.Is(err, errs.Malformed))
	// Output:
	// Ikiru
	// Playtime
	// --
	// Ran
	// --
	// true
}

// Page counts, for lists with numbered pages.
func ExampleQuery_Page() {
	ctx, Films := cinema(), reel.Films
	films, page, err := Films.OrderBy(Films.Title.Asc()).Page(ctx, 2, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(films[0].Title, page.Number, "of", page.Pages, page.Total)
	// Output:
	// Ran 2 of 2 3
}

// A branch of a tree, however deep it is.
func ExampleQuery_Recursive() {
	ctx, Categories := exampleContext(), reel.Categories
	var parent *int64
	for _, name := range []string{"Film", "Drama", "Jidaigeki"} {
		c := &reel.Category{Name: name, ParentID: parent}
		if err := Categories.Insert(ctx, c); err != nil {
			log.Fatal(err)
		}
		parent = &c.ID
	}
	below, err := Categories.Where(Categories.Name.Eq("Drama")).Recursive(Categories.Children()).
		OrderBy(Categories.Name.Asc()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range below {
		fmt.Println(c.Name)
	}
	// Output:
	// Drama
	// Jidaigeki
}

// The best that each film got is a result that films are joined with.
func ExampleAs() {
	ctx, Films, Reviews := cinema(), reel.Films, reel.Reviews
	best := Reviews.Stars.Max().Or(0)
	ratings := db.As("ratings", Reviews.Select(Reviews.FilmID, db.Count(), best))
	its := ratings.Join(db.On(db.From(ratings, Reviews.FilmID), Films.ID))
	type Line struct {
		Title   string
		Reviews int64
		Best    int32
	}
	lines, err := db.Into(Films.OrderBy(Films.Title.Asc()), func(d *Line) []db.Dest {
		return []db.Dest{Films.Title.To(&d.Title), db.From(its, db.Count()).To(&d.Reviews), db.From(its, best).To(&d.Best)}
	}).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines {
		fmt.Println(l.Title, l.Reviews, l.Best)
	}
	// Output:
	// Ikiru 3 5
	// Playtime 1 3
}
