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
	_, err = db.Exec(ctx, `
		CREATE TABLE films (id INTEGER PRIMARY KEY, title TEXT NOT NULL, genre TEXT, price INTEGER NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0),
			slug TEXT NOT NULL UNIQUE, rating REAL, released INTEGER, in_shop INTEGER NOT NULL, poster BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT`)
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
	rows, err := db.SQL(ctx, `SELECT price, count(*) FROM films WHERE price > ? GROUP BY price ORDER BY price`, 100)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range rows {
		var price reel.Cents
		var films int
		if err := row.Scan(&price, &films); err != nil {
			log.Fatal(err)
		}
		fmt.Println(price, films)
	}
	// Output:
	// 300 1
	// 500 2
}
