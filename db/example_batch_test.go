package db_test

import (
	"fmt"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
)

// A page that shows a film, what else there is and how much of it: three
// queries, which on PostgreSQL are one round trip.
func ExampleBatch() {
	ctx := exampleContext()
	Films := reel.Films
	err := Films.Insert(ctx, &reel.Film{Slug: "ran", Title: "Ran", Stock: 2}, &reel.Film{Slug: "ikiru", Title: "Ikiru"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var film *reel.Film
	var others []*reel.Film
	var soldOut int64
	err = db.Batch(ctx,
		Films.Where(Films.Slug.Eq("ran")).FirstTo(&film),
		Films.Where(Films.Slug.NE("ran")).OrderBy(Films.Title.Asc()).Limit(5).AllTo(&others),
		Films.Where(Films.Stock.Eq(0)).CountTo(&soldOut),
	)
	fmt.Println(film.Title, others[0].Title, soldOut, err)
	// Output: Ran Ikiru 1 <nil>
}
