// Package dbtest is what every driver of package db must do. A driver's test
// opens an empty database of its own and runs it:
//
//	func TestSuite(t *testing.T) {
//		dbtest.Run(t, schema.SQLite{}, func(t *testing.T) *db.DB { … })
//	}
//
// It is not for testing applications: they open "sqlite::memory:".
package dbtest
