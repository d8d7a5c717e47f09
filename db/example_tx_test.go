package db_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/internal/reel"
)

// A mail is not sent for an order that was rolled back.
func ExampleAfterCommit() {
	ctx := exampleContext()
	place := func(pay func() error) error {
		return db.Tx(ctx, func(ctx context.Context) error {
			order := &reel.Order{Total: 900}
			if err := reel.Orders.Insert(ctx, order); err != nil {
				return err
			}
			db.AfterCommit(ctx, func(context.Context) { fmt.Println("mail for order", order.ID) })
			return pay()
		})
	}
	fmt.Println(place(func() error { return nil }))
	fmt.Println(place(func() error { return errors.New("the card was refused") }))
	// Output:
	// mail for order 1
	// <nil>
	// the card was refused
}

// Two transactions that met are a case to expect with Serializable: one of
// them is run again, from its beginning. Here the first run fails as if it had
// met another.
func ExampleRetry() {
	ctx := exampleContext()
	runs := 0
	err := db.Tx(ctx, func(ctx context.Context) error {
		if runs++; runs == 1 {
			return fmt.Errorf("as the engine says it: %w", engine.ErrRetry)
		}
		return reel.Orders.Insert(ctx, &reel.Order{})
	}, db.Isolation(db.Serializable), db.Retry(3))
	n, _ := reel.Orders.Count(ctx)
	fmt.Println(err, "runs:", runs, "orders:", n)
	// Output:
	// <nil> runs: 2 orders: 1
}

// A Tx in a Tx takes back its own part only.
func ExampleTx_savepoint() {
	ctx, Films := exampleContext(), reel.Films
	err := db.Tx(ctx, func(ctx context.Context) error {
		if err := Films.Insert(ctx, &reel.Film{Slug: "ikiru"}); err != nil {
			return err
		}
		err := db.Tx(ctx, func(ctx context.Context) error {
			return Films.Insert(ctx, &reel.Film{Slug: "ran"}, &reel.Film{Slug: "ikiru"})
		})
		fmt.Println("within:", err != nil)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	n, err := Films.Count(ctx)
	fmt.Println(n, err)
	// Output:
	// within: true
	// 1 <nil>
}
