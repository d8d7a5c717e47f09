// Package migrate writes the changes of models down as SQL files that people
// review, and runs those files once on each database.
//
//	m := migrate.New(os.DirFS("."), migrate.SQLite{}, time.Now, migrate.Config{})
//	err := m.WriteMake(os.Stdout, "migrations", models, migrate.MakeOptions{})
//	…
//	err = m.WriteUp(ctx, os.Stdout, d, 0) // d is a *db.DB
//	err = m.Check(ctx, d, models)      // nil: all three are of one mind
//
// A migration is one file, such as migrations/20260131093000_add_stock.sql:
//
//	-- ashlar:migration 20260131093000_add_stock
//	-- ashlar:op add_column films.stock int default=0
//	-- ashlar:up
//	ALTER TABLE films ADD COLUMN stock INTEGER NOT NULL DEFAULT 0;
//	-- ashlar:down
//	-- loses the values of films.stock
//	ALTER TABLE films DROP COLUMN stock;
//
// The op lines say what the SQL does to the schema. Those of all files, one
// after the other, are the schema that the next migration is made from: there
// is no other record of it that could be out of date or in conflict when
// branches are merged. A file that is written by hand has op lines for what it
// does to tables of models, and none for data, views and triggers. The grammar
// of ops stands at the top of op_parse.go; `-- ashlar:foreign_keys off` in the
// head is for migrations that build a table anew.
//
// Each migration runs in a transaction of its own, on one connection, and in
// one process at a time. Nothing of one that fails stays. A file that was
// applied is never edited: its checksum is kept with the database.
//
// The package does not alter tables when a program starts: someone runs it. It
// is not for moving large data, which would hold the write lock all the while.
package migrate
