package migrate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/schema"
)

// Postgres is the [Dialect] of PostgreSQL. It works in the schema where
// CREATE TABLE makes tables, the first one of the search path.
type Postgres struct{ schema.Postgres }

var (
	_ Dialect = Postgres{}
	_ Resumer = Postgres{}
)

// postgresLock is the number of the advisory lock that a Tx holds, which is
// the database's own: "ashlarmg" in ASCII.
const postgresLock = 0x6173686c61726d67

// Tx runs f in a transaction that holds an advisory lock, or, with opts.Off,
// while the session holds it: such a session is not to be had from a PgBouncer
// that pools by transaction. Foreign keys are enforced all the time: PostgreSQL
// never has to build a table anew.
func (p Postgres) Tx(ctx context.Context, c db.Conn, opts TxOptions, f func() error) error {
	patience, cancel := context.WithTimeout(ctx, opts.Wait)
	defer cancel()
	try := p.begin
	if opts.Off {
		try = func(ctx context.Context, c db.Conn) (bool, error) { return p.lock(ctx, c, "pg_try_advisory_lock") }
	}
	for {
		got, err := try(ctx, c)
		if err != nil {
			return err
		}
		if got {
			break
		}
		// Nothing waits on the server: CREATE INDEX CONCURRENTLY there waits for
		// each statement that has begun before it, even for one that waits.
		if !pause(patience, postgresPause) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return setup("A1550", "", "wait until it ends, or stop what keeps its transaction open; then run it again",
				"another process has held the lock of migrations for %v", opts.Wait)
		}
	}
	if opts.Off {
		// A connection that was lost has lost its lock, too.
		defer func() { _, _ = p.lock(context.WithoutCancel(ctx), c, "pg_advisory_unlock") }()
		return f()
	}
	return commit(ctx, c, f)
}

// postgresPause is the time between two questions for the lock.
const postgresPause = 50 * time.Millisecond

// pause waits, and reports false if ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// begin opens a transaction that holds the lock, if it is free.
func (p Postgres) begin(ctx context.Context, c db.Conn) (got bool, err error) {
	if _, err := c.Exec(ctx, "BEGIN"); err != nil {
		return false, err
	}
	defer func() {
		if !got {
			_, undoing := c.Exec(context.WithoutCancel(ctx), "ROLLBACK")
			err = errors.Join(err, undoing)
		}
	}()
	return p.lock(ctx, c, "pg_try_advisory_xact_lock")
}

func (Postgres) lock(ctx context.Context, c db.Conn, function string) (got bool, err error) {
	err = query(ctx, c, func(rows db.Rows) error { return rows.Scan(&got) }, fmt.Sprintf("SELECT %s(%d)", function, int64(postgresLock)))
	return got, err
}

// commit calls f in the transaction that is open, and ends it.
func commit(ctx context.Context, c db.Conn, f func() error) error {
	committed := false
	defer func() {
		if !committed {
			// The connection, and the transaction with it, may be gone already.
			_, _ = c.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if err := f(); err != nil {
		return err
	}
	_, err := c.Exec(ctx, "COMMIT")
	committed = err == nil
	return err
}

// HasTable looks the table up.
func (Postgres) HasTable(ctx context.Context, c db.Conn, table string) (bool, error) {
	n, err := queryInt(ctx, c, `SELECT count(*) FROM pg_catalog.pg_class
		WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname = ?`, table)
	return n > 0, err
}

// Always returns false: but for a few statements, all can be undone.
func (Postgres) Always() bool { return false }

// CanUndo reports whether the statement may run in a transaction: what is
// CONCURRENTLY may not, and neither may VACUUM.
func (Postgres) CanUndo(sql string) bool { return !alone(sql) }

// Fingerprint is a hash of the indexes that can be used: what else can be
// changed only outside of a transaction may run twice.
func (Postgres) Fingerprint(ctx context.Context, c db.Conn) (string, error) {
	sum := sha256.New()
	err := query(ctx, c, func(rows db.Rows) error {
		var id int64
		var line string
		err := rows.Scan(&id, &line)
		fmt.Fprintf(sum, "%d %q\n", id, line)
		return err
	}, `SELECT x.indexrelid::bigint, pg_get_indexdef(x.indexrelid) FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS t ON t.oid = x.indexrelid
		WHERE x.indisvalid AND t.relnamespace = current_schema()::regnamespace ORDER BY 1`)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// Clear drops the index that a CREATE INDEX CONCURRENTLY has not made to its
// end, or a DROP INDEX CONCURRENTLY not dropped to its end.
func (p Postgres) Clear(ctx context.Context, c db.Conn, sql string, done bool) error {
	name := concurrentIndex(sql)
	if name == "" || !done && verbOf(sql) == "DROP" {
		return nil
	}
	invalid, err := queryInt(ctx, c, `SELECT count(*) FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
		WHERE NOT x.indisvalid AND i.relnamespace = current_schema()::regnamespace AND i.relname = ?`, name)
	if err != nil || invalid == 0 {
		return err
	}
	_, err = c.Exec(ctx, `DROP INDEX CONCURRENTLY "`+strings.ReplaceAll(name, `"`, `""`)+`"`)
	return err
}

// CheckKeys has nothing to check: they are enforced all the time.
func (Postgres) CheckKeys(context.Context, db.Conn) error { return nil }
