package db

import "github.com/ashlar-go/ashlar/db/engine"

// A Driver joins one kind of database to this package, such as sqlite.Driver.
// [Open] picks the one whose scheme the URL has. Package engine says what a
// driver must do, package dbtest proves that it does.
type Driver = engine.Driver

// A ConstraintError says that a write would have broken a constraint of the
// database, and which; nothing was written. errors.Is(err, errs.Conflict)
// holds.
//
//	var broken *db.ConstraintError
//	if errors.As(err, &broken) && broken.Kind == engine.Unique { … broken.Columns … }
type ConstraintError = engine.ConstraintError
