// Package sales tells what the shop has sold: when, how much, and of what.
//
//	report, err := sales.Of(ctx, sales.Filter{Period: "90d", Per: "week"})
//
// All of it is computed by the database, from the orders as they are now, with
// the days and weeks of New York, where the shop is thought to be. [Demo] writes
// orders to look at, for a shop that has none yet.
package sales
