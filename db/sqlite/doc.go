// Package sqlite joins SQLite, compiled into the program and without cgo, to
// package db:
//
//	d, err := db.Open(db.Config{URL: "sqlite:reel.db"}, sqlite.Driver)
//
// The URL is "sqlite:" and a path, or "sqlite::memory:" for a database of its
// own that ends with the handle.
//
// A file is opened by one connection that writes and up to Config.MaxReaders
// that read. Writers wait for each other in Go, so they obey their contexts
// and never see "database is locked" from one another; readers see the last
// commit and wait for nobody (the WAL journal mode). A database in memory has
// one connection for both. Foreign keys are enforced, functions in the schema
// are not trusted, and names in double quotes are never taken for strings.
//
// A Bool is stored as 0 or 1, a Time as microseconds since 1970 in UTC.
//
// It is not for a file on a network disk: SQLite's locks do not hold there.
package sqlite
