// Package reel is a small shop's models, which the tests of package db and of
// its drivers store and read:
//
//	err := reel.Films.Insert(ctx, &reel.Film{Title: "Tokyo Story"})
//
// It is not an example: examples/shop is.
package reel
