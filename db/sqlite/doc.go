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
// commit and wait for nobody (the WAL journal mode). Another process may use
// the file too: its lock is waited for up to Config.BusyTimeout. A database in
// memory has one connection for both. Foreign keys are enforced, functions in
// the schema are not trusted, SQL cannot damage the file, and names in double
// quotes are never taken for strings. A context that ends stops a statement in
// the middle of its work.
//
// A Bool is stored as 0 or 1, a Time as microseconds since 1970 in UTC.
//
// What SQLite says when things go wrong is in the errors of package db, as
// [*Error], and its [Code] can be asked for: errors.Is(err, sqlite.Full).
//
// [Backup] copies a database that is in use, [Clone] one that is not.
//
// It is not for a file on a network disk: SQLite's locks do not hold there.
// And no part of the program may open the file of a database in use by other
// means, not even to read it: on POSIX systems closing it again gives up all
// locks that the process has on it.
package sqlite
