package migrate

import (
	"context"
	"io/fs"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// A Database hands out the connection that migrations run on. *[db.DB] is one.
type Database interface {
	WithConn(ctx context.Context, f func(db.Conn) error) error
}

// A Dialect is what migrations need to know of an engine. It holds no state
// and may be used by several goroutines at once.
type Dialect interface {
	schema.Dialect

	// Tx runs f in a transaction on c that no other process's Tx is in at the
	// same time, and commits it unless f returns an error or panics.
	Tx(ctx context.Context, c db.Conn, opts TxOptions, f func() error) error

	// Inspect reads the schema that the database has. Tables of the engine
	// and of this package are left out, and so is what a schema cannot say,
	// such as views.
	Inspect(ctx context.Context, c db.Conn) (schema.Schema, error)

	// HasTable reports whether the database has a table.
	HasTable(ctx context.Context, c db.Conn, table string) (bool, error)
}

// TxOptions are for [Dialect].
type TxOptions struct {
	Off     bool          // hold the lock without a transaction
	KeysOff bool          // enforce no foreign key, and check all before the commit
	Wait    time.Duration // for another process's Tx to end
}

// Config says how migrations are found and run.
type Config struct {
	// Dir is the folder of the migrations in the file system. Defaults to
	// "migrations".
	Dir string

	// OutOfOrder lets Up run a migration that is older than one that was
	// applied already, as it comes from another branch. Defaults to refusing.
	OutOfOrder bool

	// Go are the migrations that are written in Go. Defaults to none.
	Go []Go

	// Source tells apart the migrations, by ID, that different modules bring:
	// which is older matters only among those of one source. Defaults to one
	// source for all.
	Source func(id string) string

	// Wait is how long to wait while another process runs a migration.
	// Defaults to one minute.
	Wait time.Duration

	// OnStep, if not nil, is told how far Up and Down are. It is called from
	// their goroutine and must not use the database.
	OnStep func(Step)
}

// A Step is how far a migration is. It is told once before its first
// statement, once after each, and once when it is committed.
type Step struct {
	Migration string // its ID
	Down      bool
	Statement int // how many statements have run
	Of        int // how many there are
	Done      bool
	Took      time.Duration // since the migration began
}

// A Migrator knows the migrations of a folder. It reads them anew for each
// call, and may be used by several goroutines at once.
type Migrator struct {
	files   fs.FS
	dialect Dialect
	now     func() time.Time
	config  Config
}

// New returns a migrator for the migrations in files, such as an embed.FS or
// os.DirFS("."). The clock gives new migrations their version, and applied
// ones their time.
func New(files fs.FS, dialect Dialect, now func() time.Time, config Config) *Migrator {
	if config.Dir == "" {
		config.Dir = "migrations"
	}
	if config.Wait == 0 {
		config.Wait = time.Minute
	}
	if config.Source == nil {
		config.Source = func(string) string { return "" }
	}
	if config.OnStep == nil {
		config.OnStep = func(Step) {}
	}
	return &Migrator{files, dialect, now, config}
}

// Replay returns the schema that the migrations lead to, without a database.
// The error is an *[errs.Setup], or a list of them, with file and line.
func (m *Migrator) Replay() (schema.Schema, error) {
	files, err := m.load()
	if err != nil {
		return schema.Schema{}, err
	}
	return replay(files)
}

// replay makes the ops of files one after the other.
func replay(files []*File) (schema.Schema, error) {
	var ops []schema.Op
	for _, f := range files {
		ops = append(ops, f.Ops...)
	}
	state, err := schema.Apply(schema.Schema{}, ops...)
	if err == nil {
		err = state.Validate()
	}
	if err != nil {
		return schema.Schema{}, blame(files, err)
	}
	return state, nil
}

// blame finds the place of what is wrong with the ops of files: it goes step
// by step, which replay has no time for.
func blame(files []*File, err error) error {
	var state schema.Schema
	for _, f := range files {
		for i, op := range f.Ops {
			next, err := schema.Apply(state, op)
			if err != nil {
				return setup("A1542", f.at(f.opLines[i]),
					"mend the op so that it says what the SQL of the up section does to the schema that the earlier migrations made",
					"op %q: %v", clip(firstLine(formatOp(op))), err)
			}
			state = next
		}
		if err := state.Validate(); err != nil {
			e := setup("A1542", f.at(0), "mend its ops", "the ops lead to a schema that cannot be")
			e.Err = err
			return e
		}
	}
	return err
}
