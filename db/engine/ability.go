package engine

import (
	"context"
	"time"
)

// A Batcher is a [Session] that sends several statements in one round trip.
type Batcher interface {
	// Batch runs the statements in their order and calls each after every one
	// of them, with its cursor if it gives rows and else with how many rows it
	// changed. The cursor is good until each returns; each runs nothing on the
	// session. Outside of a transaction a batch is one of its own: when one of
	// the statements fails, nothing of it is kept. An error of each is returned
	// and ends the reading of the answers, but what was sent is done.
	Batch(ctx context.Context, statements []Statement, each func(i int, c Cursor, affected int64) error) error
}

// A Statement is one of a batch.
type Statement struct {
	SQL  string
	Args []Value
	Rows bool // it gives rows
}

// A Loader is a [Session] that inserts many rows faster than INSERT does.
type Loader interface {
	// Load inserts rows into the columns of a table and returns how many there
	// were. It is called within a transaction, and takes back what it inserted
	// when it fails. next fills row, which has a value for each column, and
	// reports false at the end; its error ends the Load and is returned as it
	// is. next does not use the session, and its values are checked. Names are
	// not quoted. Keys that the database makes are not told.
	Load(ctx context.Context, table string, columns []string, next func(row []Value) (bool, error)) (int64, error)
}

// A Replica is a [Session] on a server that may be a copy of another one.
type Replica interface {
	// Lag returns how far the server is behind the one that it copies, at most.
	// It is an error when that cannot be told: the server copies nobody, it is
	// cut off, the user may not ask.
	Lag(ctx context.Context) (time.Duration, error)
}

// A Limited is a [Session] whose statements end after
// Options.StatementTimeout.
type Limited interface {
	// Unlimit lets statements take as long as they need, until Reset.
	Unlimit(ctx context.Context) error
}
