// Package interop holds the proof that an Ashlar app is still net/http: its
// tests run well-known libraries, unchanged, on an app, on both of its engines,
// plain, by TLS and by HTTP/2.
//
//	go -C interop test ./...
//
// Beside that it lets Atlas, a tool for schemas, judge what our migrations lead to, on
// real servers.
//
// It ships nothing. It is a module of its own, so that what these libraries
// need never becomes part of an app's module graph.
package interop
