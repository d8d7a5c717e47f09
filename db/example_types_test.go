package db_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
)

// tickets returns two tickets; their keys are UUIDs.
func tickets() []*reel.Ticket {
	wide := &reel.Ticket{State: reel.Open, Attrs: db.JSON[reel.Attrs]{V: reel.Attrs{Kind: "aisle"}}}
	wide.Attrs.V.Size.Width = 60
	narrow := &reel.Ticket{State: reel.Closed, Attrs: db.JSON[reel.Attrs]{V: reel.Attrs{Kind: "window"}}}
	narrow.Attrs.V.Size.Width = 40
	return []*reel.Ticket{wide, narrow}
}

// What is in a column of JSON is named by its path, and is a column too.
func ExampleJSONColumn() {
	ctx, Tickets := noon(), reel.Tickets
	if err := Tickets.Insert(ctx, tickets()...); err != nil {
		log.Fatal(err)
	}
	width := Tickets.Attrs.Int("size.width")
	list, err := Tickets.Where(width.GT(30), Tickets.Attrs.Text("kind").In("aisle", "window")).
		OrderBy(width.Asc()).All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range list {
		fmt.Println(t.Attrs.V.Kind, t.Attrs.V.Size.Width)
	}
	// Output:
	// window 40
	// aisle 60
}

// A State is one of its type's constants. The compiler sees to most of it, and
// a CHECK to what comes from elsewhere.
func Example_enum() {
	ctx, Tickets := noon(), reel.Tickets
	if err := Tickets.Insert(ctx, tickets()...); err != nil {
		log.Fatal(err)
	}
	n, err := Tickets.Where(Tickets.State.Eq(reel.Open)).Count(ctx)
	fmt.Println(n, err)

	err = Tickets.Insert(ctx, &reel.Ticket{State: "lost"})
	var broken *db.ConstraintError
	fmt.Println(errors.As(err, &broken) && broken.Kind == engine.Check)
	// Output:
	// 1 <nil>
	// true
}
