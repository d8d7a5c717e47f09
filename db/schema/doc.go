// Package schema describes tables, compares such descriptions, and writes what
// leads from one to another: as ops, which are the record that migrations
// keep, and as SQL.
//
//	ops, err := schema.Diff(before, models) // what changed
//	if err != nil {
//		return err
//	}
//	if err := schema.Review(before, ops, schema.ReviewOptions{}); err != nil {
//		return err // it would lose or lack data
//	}
//	plan, err := schema.SQLite{}.Plan(before, ops)
//	for _, statement := range plan.Statements { … }
//	back, err := schema.Invert(before, ops) // and how to undo it
//
// A description is portable: types are those of package db's models, defaults
// are literals, names are lower case. Nothing is guessed from a difference: a
// table or column is renamed where Was says so, and nowhere else.
//
// The package asks no database. Reading the schema of one that is live,
// migration files and running them are package migrate's; queries are package
// db's.
package schema
