// Ashlar is the command of the Ashlar framework.
//
//	ashlar help
//	ashlar generate ./...
//	ashlar generate -check ./...
//	ashlar generate --from sqlite:app.db ./catalog
//	ashlar check ./...
//
// Each command explains itself with -h. It ends with 0, with 1 when something
// is wrong in the project, or with 2 when the command line is not understood.
//
// It is not the command of an app: that is the app's own binary, which serves,
// migrates and lists its routes.
package main
