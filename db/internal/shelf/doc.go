// Package shelf is a model with the arrays of PostgreSQL, for tests.
//
//	err := shelf.Shelfs.Insert(ctx, &shelf.Shelf{Tags: []string{"noir"}})
package shelf
