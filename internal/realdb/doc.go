// Package realdb gives tests real database servers: those that the environment
// names, or else throw-away ones that are started from what is installed, on a
// private port, with their data in a temporary folder.
//
//	d, err := db.Open(db.Config{URL: realdb.Postgres(t)}, postgres.Driver)
//
// A server is started once for a test binary and ends with it, however that
// ends. Each call gives a database of its own. Where there is no server the
// test is skipped.
package realdb
