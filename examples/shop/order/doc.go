// Package order turns a cart into an order.
//
//	placed, err := order.Place(ctx, lines, order.Address{Name: "Ada Lovelace", …})
//
// Placing is one transaction: it takes the stock of every film, or of none,
// and writes the order with the prices of that moment. Of two visitors who buy
// the last copy at once, exactly one gets it.
package order
