package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
)

// Postgres is the [Dialect] of PostgreSQL. It works in the schema where
// CREATE TABLE makes tables, the first one of the search path.
type Postgres struct{ schema.Postgres }

var _ Dialect = Postgres{}

// postgresLock is the number of the advisory lock that a Tx holds, which is
// the database's own: "ashlarmg" in ASCII.
const postgresLock = 0x6173686c61726d67

// Tx runs f in a transaction that holds an advisory lock. Foreign keys are
// enforced all the time: PostgreSQL never has to build a table anew, so opts
// asks for nothing else.
func (Postgres) Tx(ctx context.Context, c db.Conn, opts TxOptions, f func() error) error {
	if _, err := c.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			// The connection, and the transaction with it, may be gone already.
			_, _ = c.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if err := takePostgresLock(ctx, c, opts.Wait); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	_, err := c.Exec(ctx, "COMMIT")
	committed = err == nil
	return err
}

// takePostgresLock waits for another process as long as told.
func takePostgresLock(ctx context.Context, c db.Conn, wait time.Duration) error {
	if _, err := c.Exec(ctx, fmt.Sprintf("SET LOCAL lock_timeout = %d", max(wait.Milliseconds(), 1))); err != nil {
		return err
	}
	_, err := c.Exec(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", int64(postgresLock)))
	if errors.Is(err, engine.ErrRetry) {
		e := setup("A1550", "", "wait until it ends, or stop what keeps its transaction open; then run it again",
			"another process has held the lock of migrations for %v", wait)
		e.Err = err
		return e
	}
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, "SET LOCAL lock_timeout = DEFAULT")
	return err
}

// HasTable looks the table up.
func (Postgres) HasTable(ctx context.Context, c db.Conn, table string) (bool, error) {
	n, err := queryInt(ctx, c, `SELECT count(*) FROM pg_catalog.pg_class
		WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname = ?`, table)
	return n > 0, err
}
