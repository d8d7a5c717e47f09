package db_test

import (
	"fmt"
	"log"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
)

// Buckets of time are those of the zone; days without an order are there too.
func ExampleSpan() {
	ctx, Orders := cinema(), reel.Orders
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		log.Fatal(err)
	}
	err = Orders.Insert(ctx,
		&reel.Order{Total: 900, Placed: time.Date(2026, 3, 28, 22, 59, 0, 0, time.UTC)},
		&reel.Order{Total: 300, Placed: time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC)}, // midnight in Berlin
		&reel.Order{Total: 700, Placed: time.Date(2026, 3, 30, 22, 0, 0, 0, time.UTC)}) // by summer time
	if err != nil {
		log.Fatal(err)
	}
	type daily struct {
		Day   time.Time
		Sales reel.Cents
	}
	placed := Orders.Placed.Span(time.Date(2026, 3, 28, 0, 0, 0, 0, berlin), time.Date(2026, 4, 1, 0, 0, 0, 0, berlin))
	days, err := db.Into(&Orders.Query, func(d *daily) []db.Dest {
		return []db.Dest{placed.Day().To(&d.Day), Orders.Total.Sum().To(&d.Sales)}
	}).OrderBy(placed.Day().Asc()).Fill().All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range days {
		fmt.Println(d.Day.Format("Mon 2 Jan -0700"), d.Sales)
	}
	// Output:
	// Sat 28 Mar +0100 900
	// Sun 29 Mar +0100 300
	// Mon 30 Mar +0200 0
	// Tue 31 Mar +0200 700
}

func ExampleNum_Percentile() {
	ctx, Films, Reviews := cinema(), reel.Films, reel.Reviews
	type figures struct {
		Median, Most *float64
		Dear         int64
	}
	f, err := db.Into(&Films.Query, func(d *figures) []db.Dest {
		return []db.Dest{Films.Price.Median().To(&d.Median), Films.Price.Percentile(0.9).To(&d.Most), Films.Price.GTE(700).Count().To(&d.Dear)}
	}).First(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*f.Median, *f.Most, f.Dear)

	best, err := Reviews.Top(1, db.Over(Reviews.FilmID).OrderBy(Reviews.Stars.Desc(), Reviews.ID.Asc())).OrderBy(Reviews.ID.Asc()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range best {
		fmt.Println(r.Words)
	}
	// Output:
	// 700 860 2
	// moving
	// busy
}
