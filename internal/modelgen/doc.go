// Package modelgen writes models_gen.go: for each struct that is marked
// //ashlar:model, its table, its typed columns, and the two functions that move
// its fields to and from the database.
//
//	text, err := modelgen.Generate("catalog")
//	err = os.WriteFile(filepath.Join("catalog", modelgen.File), text, 0o644)
//
// It reads the source with go/parser alone, so it works on a package that does
// not compile yet, as it will not while its columns are missing. Types are
// therefore resolved by name, within the module; see types.go.
//
// Source goes the other way: it writes models.go, the structs themselves, for
// the schema of a database that is there. See from.go.
//
// It is the body of `ashlar generate`, not a library for users.
package modelgen
