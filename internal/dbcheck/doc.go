// Package dbcheck finds, in the source of an app, what package db refuses when
// a query is built: a column, a relation or a condition of another table.
//
//	result, err := dbcheck.Check(".", "./...")
//	for _, p := range result.Problems {
//		fmt.Println(p)
//	}
//
// A query's table is known by its type, db.Query[*Film]; a column's by the
// table that its expression begins with, Films in Films.Genre().Name. What goes
// through variables is followed as long as they are assigned once, or appended
// to. What cannot be followed, such as the result of a function, is taken to be
// right: a report is always a mistake, and no report is no proof. The mistake
// of such code is still refused when it is run.
//
// Files are parsed and checked with the standard library alone; what they
// import comes from the go command's build cache.
//
// It is the body of `ashlar check`, not a library for users.
package dbcheck
