// Package engine is the seam between package db and the databases: what a
// driver offers ([Driver], [Pool], [Session], [Cursor]) and the values that
// cross ([Value]).
//
//	var Driver engine.Driver = driver{}
//
//	func (driver) Scheme() string { return "sqlite" }
//	func (driver) Open(o engine.Options) (engine.Pool, error) { … }
//
// Generated code makes values with [Int], [Text] and the like; everything else
// here is for authors of drivers, who prove theirs with package dbtest. It is
// not for applications: they use package db.
package engine
