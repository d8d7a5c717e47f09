package engine

import (
	"context"
	"time"
)

// A Driver knows one kind of database. It has no state.
type Driver interface {
	// Scheme is what the URLs of this database begin with, such as "sqlite".
	Scheme() string

	// Open checks the options and returns a pool that is not connected yet:
	// it touches no file and no network.
	Open(Options) (Pool, error)
}

// Options say which database to use and how. Package db has checked the
// numbers and filled in the defaults.
type Options struct {
	URL         string        // whole, with its scheme
	Durable     bool          // a commit is on the disk before it is reported
	BusyTimeout time.Duration // how long to wait for a connection or a lock
	MaxReaders  int           // connections for reading, at most
	MaxWriters  int           // connections for writing, at most, where the engine can have several

	// Of connections to a server. A file's stay open.
	IdleTime time.Duration // an unused connection is closed after about so long; never if negative
	Lifetime time.Duration // a connection is replaced after about so long; never if negative

	StatementTimeout time.Duration    // a statement is ended after so long; 0: never
	Now              func() time.Time // for Stats; may be nil
}

// A Pool holds the connections to one database. It is safe for concurrent use.
type Pool interface {
	// Dialect says how the database is spoken to.
	Dialect() Dialect

	// Acquire returns a connection for the caller alone, opening one when
	// needed. A session that is not for writing may refuse to write. It waits
	// until ctx is done or Options.BusyTimeout is over, whichever comes first;
	// the latter is an error of the kind errs.Unavailable.
	Acquire(ctx context.Context, write bool) (Session, error)

	// Stats returns the numbers of the connections.
	Stats() Stats

	// Close closes all connections. Sessions must have been released.
	Close() error
}

// A Session is one connection, used by one goroutine at a time. Its errors
// are a *[ConstraintError] where a constraint was violated, [ErrRetry] where a
// transaction met another one, [ErrGone] where the connection was lost, of the
// kind errs.Unavailable where the database is busy or full, and ctx's own where
// ctx ended. After ErrGone the pool discards the session when it is released.
//
// What only some engines can do is an interface of its own that a Session may
// implement as well: [Batcher], [Loader], [Limited], [Replica].
type Session interface {
	// Exec runs a statement, or several when there are no arguments, and
	// returns how many rows the last INSERT, UPDATE or DELETE changed.
	Exec(ctx context.Context, sql string, args []Value) (int64, error)

	// Query runs one statement that gives rows.
	Query(ctx context.Context, sql string, args []Value) (Cursor, error)

	// Reset undoes what free use of the connection may have left behind: it
	// closes cursors, rolls an open transaction back and restores the settings.
	Reset() error

	// Release gives the connection back, with no transaction open.
	Release()
}

// A Cursor walks the rows of a query. Until it is closed its session may run
// other statements.
type Cursor interface {
	// Columns is the number of values in each row.
	Columns() int

	// Next fills row with the values of the next row, or returns io.EOF. What
	// it fills in belongs to the caller.
	Next(ctx context.Context, row []Value) error

	// Close frees the statement. It may be called more than once.
	Close() error
}

// A Dialect is what package db must know about an engine's SQL. Package db
// writes one spelling for all: names in double quotes, ? for an argument,
// LIMIT and OFFSET as numbers. Where engines differ, it looks here.
type Dialect struct {
	Name    string // "sqlite", "postgres", "mariadb"
	Begin   string // starts a transaction that will write
	MaxArgs int    // the most ? in one statement

	// NullsFirst is written behind an ascending ORDER BY term, and NullsLast
	// behind a descending one, of what may be NULL: NULLs come before all
	// values on every engine. They begin with a space, or are empty where the
	// engine sorts so by itself.
	NullsFirst string
	NullsLast  string

	// Like is the operator that compares a text column with a pattern without
	// regard to the case of the letters a to z. Of other letters it promises
	// nothing: they are told apart on one engine and are the same on another.
	Like string

	// KeysAbove is a query that has the database make the keys of a table above
	// one that was inserted by hand. Its arguments are the table, quoted, its
	// column, and the key. It is empty where the engine does so by itself.
	KeysAbove string

	Returning       bool // INSERT … RETURNING and DELETE … RETURNING
	ReturningUpdate bool // UPDATE … RETURNING
	Upsert          Upsert
	ForUpdate       bool // SELECT … FOR UPDATE, with SKIP LOCKED and NOWAIT
	Savepoints      bool // SAVEPOINT, ROLLBACK TO, RELEASE

	// OneSession says that the pool has one session for reading and writing,
	// so nobody writes while rows are being read: such as a database in memory.
	OneSession bool
}

// An Upsert is how an engine spells an INSERT that updates the row that is
// there already.
type Upsert uint8

// The spellings.
const (
	NoUpsert       Upsert = iota
	OnConflict            // ON CONFLICT ("key") DO UPDATE SET "c" = excluded."c"
	OnDuplicateKey        // ON DUPLICATE KEY UPDATE "c" = VALUES("c")
)
