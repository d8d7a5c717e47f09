package db_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/sqlite"
	"github.com/ashlar-go/ashlar/errs"
)

// exampleContext returns a context with an empty database.
func exampleContext() context.Context {
	d, err := db.Open(db.Config{URL: "sqlite::memory:"}, sqlite.Driver)
	if err != nil {
		log.Fatal(err)
	}
	ctx := db.NewContext(context.Background(), d)
	err = makeTables(ctx, d)
	if err != nil {
		log.Fatal(err)
	}
	return ctx
}

func Example() {
	ctx := exampleContext()
	err := reel.Films.Insert(ctx,
		&reel.Film{Slug: "tokyo-story", Title: "Tokyo Story", Genre: new("Drama"), Price: 900, Stock: 2},
		&reel.Film{Slug: "playtime", Title: "Playtime", Genre: new("Comedy"), Price: 700, Stock: 5},
		&reel.Film{Slug: "ikiru", Title: "Ikiru", Genre: new("Drama"), Price: 300, Stock: 1})
	if err != nil {
		log.Fatal(err)
	}
	films, err := reel.Films.Where(reel.Films.Price.GT(400), reel.Films.Genre.In("Drama", "Comedy")).
		OrderBy(reel.Films.Title.Asc()).Limit(20).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range films {
		fmt.Println(f.ID, f.Title)
	}
	genres, err := reel.Films.Genre.Distinct(ctx)
	fmt.Println(genres, err)
	// Output:
	// 2 Playtime
	// 1 Tokyo Story
	// [Comedy Drama] <nil>
}

// A film is sold only while there is stock: the condition and the change are
// one statement, so two buyers cannot both take the last one.
func ExampleTx() {
	ctx := exampleContext()
	film := &reel.Film{Slug: "ikiru", Title: "Ikiru", Stock: 1}
	if err := reel.Films.Insert(ctx, film); err != nil {
		log.Fatal(err)
	}
	buy := func() error {
		return db.Tx(ctx, func(ctx context.Context) error {
			n, err := reel.Films.Where(reel.Films.ID.Eq(film.ID), reel.Films.Stock.GTE(1)).
				Update(ctx, reel.Films.Stock.Add(-1))
			if err == nil && n == 0 {
				return errs.Conflict.New("The film is sold out.")
			}
			return err
		})
	}
	fmt.Println(buy())
	fmt.Println(buy())
	// Output:
	// <nil>
	// The film is sold out.
}

func ExampleConstraintError() {
	ctx := exampleContext()
	_ = reel.Films.Insert(ctx, &reel.Film{Slug: "ikiru"})
	err := reel.Films.Insert(ctx, &reel.Film{Slug: "ikiru"})
	var broken *db.ConstraintError
	if errors.As(err, &broken) {
		fmt.Println(broken.Kind, broken.Table, broken.Columns)
	}
	fmt.Println(errors.Is(err, errs.Conflict))
	// Output:
	// unique films [slug]
	// true
}

func ExampleSQL() {
	ctx := exampleContext()
	_ = reel.Films.Insert(ctx, &reel.Film{Slug: "a", Price: 300}, &reel.Film{Slug: "b", Price: 500}, &reel.Film{Slug: "c", Price: 500})
	type Stat struct {
		Price reel.Cents
		Films int
	}
	stats, err := db.SQL[Stat](ctx, `SELECT price, count(*) FROM films WHERE price > ? GROUP BY price ORDER BY price`, 100)
	fmt.Println(stats, err)
	// Output:
	// [{300 1} {500 2}] <nil>
}

// reviewed stores two films with reviews.
func reviewed() context.Context {
	ctx := exampleContext()
	for _, slug := range []string{"ikiru", "ran"} {
		film := &reel.Film{Slug: slug, Title: slug}
		_ = reel.Films.Insert(ctx, film)
		for stars := range len(slug) {
			_ = reel.Reviews.Insert(ctx, &reel.Review{FilmID: film.ID, Stars: int32(stars + 1), Words: fmt.Sprint(slug, stars+1)})
		}
	}
	return ctx
}

func ExampleQuery_With() {
	ctx, Films, Reviews := reviewed(), reel.Films, reel.Reviews
	films, err := Films.Where(Films.Reviews().Any(Reviews.Stars.GTE(3))).
		With(Films.Reviews().OrderBy(Reviews.Stars.Desc()).Limit(2), Films.Trailer()).
		OrderBy(Films.Title.Asc()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, film := range films {
		fmt.Println(film.Title, film.Reviews[0].Words, film.Reviews[1].Words)
	}
	_, err = films[0].LoadedTags()
	fmt.Println(errors.Is(err, db.ErrNotLoaded))
	// Output:
	// ikiru ikiru5 ikiru4
	// ran ran3 ran2
	// true
}

func ExampleInto() {
	ctx, Reviews := reviewed(), reel.Reviews
	type Stat struct {
		Title string
		N     int64
		Mean  *float64
	}
	stats, err := db.Into(Reviews.Where(Reviews.Stars.GT(1)), func(d *Stat) []db.Dest {
		return []db.Dest{Reviews.Film().Title.To(&d.Title), db.Count().To(&d.N), Reviews.Stars.Avg().To(&d.Mean)}
	}).Having(db.Count().GT(1)).OrderBy(db.Count().Desc()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range stats {
		fmt.Println(s.Title, s.N, *s.Mean)
	}
	// Output:
	// ikiru 4 3.5
	// ran 2 2.5
}

func ExampleQuery_Each() {
	ctx, Reviews := reviewed(), reel.Reviews
	var sum int32
	for review, err := range Reviews.Where(Reviews.Film().Title.Eq("ran")).Each(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		sum += review.Stars
	}
	fmt.Println(sum)
	// Output:
	// 6
}
