// Package migrations holds the steps that lead from an empty database to the
// tables of the shop. `go run ./examples/shop migrate make` writes the next one.
package migrations

import "embed"

// Files holds the folder migrations.
//
//go:embed migrations
var Files embed.FS
