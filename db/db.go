package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/validate"
)

// A DB is a handle on one database. It is safe for concurrent use. Queries
// find it in their context: see [NewContext].
type DB struct {
	config   Config
	pool     engine.Pool
	replicas *replicas // nil without any
	dialect  engine.Dialect
	rules    *validate.Validator
	guard    *guard
	keys     *keys.Ring                                           // of secrets, nil if there are none
	hooks    atomic.Pointer[[]*func(context.Context, QueryEvent)] // of Watch
}

// Open returns a handle on the database that c.URL names, using the first of
// drivers that knows its scheme. It checks the configuration and touches
// neither file nor network: [DB.Ping] and the first query connect.
func Open(c Config, drivers ...Driver) (*DB, error) {
	driver, options, err := c.options(drivers)
	if err != nil {
		return nil, err
	}
	var ring *keys.Ring
	if c.Keys != "" {
		if ring, err = keys.Parse(c.Keys.Reveal()); err != nil {
			return nil, err
		}
	}
	pool, err := driver.Open(options)
	if err != nil {
		return nil, err
	}
	copies, err := openReplicas(&c, driver, options)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	c.Keys = "" // the ring has them
	return &DB{
		config: c, pool: pool, replicas: copies, dialect: pool.Dialect(),
		rules: new(validate.Validator), guard: newGuard(c.OnMisuse), keys: ring,
	}, nil
}

// Ping connects if need be and asks the database for a sign of life. Its
// error says what to do when the file is missing its folder, is not a
// database, or cannot be written.
func (d *DB) Ping(ctx context.Context) error {
	return d.WithConn(ctx, func(c Conn) error {
		_, err := c.Exec(ctx, "SELECT 1")
		return err
	})
}

// Scheme returns what the database's URL begins with, such as "sqlite".
func (d *DB) Scheme() string {
	scheme, _, _ := strings.Cut(d.config.URL, ":")
	return scheme
}

// Stats returns the numbers of the connections: how many are open and why
// others were closed, how many callers wait and how long. It is cheap enough
// to be asked every second.
func (d *DB) Stats() engine.Stats {
	s := d.pool.Stats()
	s.Replicas = d.replicas.stats()
	return s
}

// Close waits for the queries that are running and closes all connections.
// Queries that begin later fail.
func (d *DB) Close() error {
	d.guard.left(context.Background())
	return errors.Join(d.replicas.close(), d.pool.Close())
}

// Name returns Config.Name.
func (d *DB) Name() string { return d.config.Name }

// contextKey is the key in a context of the *DB with this name. Under "" is the
// one that queries use.
type contextKey struct{ name string }

// NewContext returns a context in which queries use d, or, if d has a name,
// those that ask for it: see [Using].
func NewContext(ctx context.Context, d *DB) context.Context {
	if ctx.Value(openKey{}) != nil { // a transaction, which is left behind on purpose
		ctx = context.WithValue(ctx, openKey{}, (*DB)(nil))
	}
	return context.WithValue(ctx, contextKey{d.config.Name}, d)
}

// Using returns a context in which queries use the database with this
// [Config].Name:
//
//	rows, err := Sales.All(db.Using(ctx, "reports"))
//
// A transaction is of one database. Within one, a write to another is refused
// unless a [Tx] of that one is open, too; the two are committed one after the
// other, so that the first stays when the second fails.
func Using(ctx context.Context, name string) context.Context {
	if d, ok := ctx.Value(contextKey{name}).(*DB); ok && d != nil {
		return context.WithValue(ctx, contextKey{}, d)
	}
	return context.WithValue(ctx, contextKey{}, unknown(name))
}

// unknown is the name of a database that is not there.
type unknown string

// FromContext returns the database that queries with ctx use. Without one, the
// error says how to get one there.
func FromContext(ctx context.Context) (*DB, error) {
	if d, ok := ctx.Value(contextKey{}).(*DB); ok && d != nil {
		return d, nil
	}
	if name, ok := ctx.Value(contextKey{}).(unknown); ok {
		return nil, misuse("A1503", fmt.Sprintf("db: no database %q in this context", string(name)),
			fmt.Sprintf("list db.Module(db.Config{Name: %q, …}) in the app", string(name)))
	}
	return nil, misuse("A1503", "db: no database in this context",
		"list db.Module in the app and pass the request's context on; without an app: ctx = db.NewContext(ctx, d)")
}

// dialect returns how ctx's database is spoken to, nil if there is none: what
// is wrong with a query is said before what is wrong with its context.
func dialect(ctx context.Context) *engine.Dialect {
	if d, ok := ctx.Value(contextKey{}).(*DB); ok && d != nil {
		return &d.dialect
	}
	return nil
}
