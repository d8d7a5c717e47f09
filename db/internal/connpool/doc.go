// Package connpool keeps the open connections of a driver's pool and hands them
// out: the part that is the same for every engine.
//
//	readers := connpool.New(connpool.Limits{Engine: "postgres", Max: o.MaxReaders, …}, dial)
//	s, err := readers.Acquire(ctx)
//	…
//	readers.Release(s, s.broken)
//
// It is for drivers in this module. It knows nothing of SQL, sends nothing and
// reads no clock of its own.
package connpool
