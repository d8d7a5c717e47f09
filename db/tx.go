package db

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A transaction is one open transaction, found in the context that Tx made.
// Its mutex lets goroutines of one transaction take turns on its connection.
type transaction struct {
	mu      sync.Mutex
	session engine.Session
	depth   int   // of savepoints
	over    error // why no more statements are taken
}

// txKey is the key of d's transaction in a context: transactions of several
// databases do not meet.
type txKey struct{ d *DB }

func (d *DB) transaction(ctx context.Context) *transaction {
	t, _ := ctx.Value(txKey{d}).(*transaction)
	return t
}

// Tx runs f in a transaction: what f does with the context that it is given is
// done whole or not at all. The transaction is committed when f returns nil. It
// is rolled back when f returns an error, which Tx returns as it is; when f
// panics, and the panic goes on; and when ctx ends first.
//
// A Tx within a Tx is a savepoint: it takes back its own part only. An
// error other than a *[ConstraintError] may have ended the transaction in the
// database; no more statements are taken after one, and Tx returns it.
//
// Writing transactions take turns. f holds the database's only writing
// connection, so it does nothing slow, and it uses no other context: a write
// with the outer one would wait for f. Goroutines that f starts and waits for
// may query, one at a time; none but f's own opens a Tx within.
func Tx(ctx context.Context, f func(ctx context.Context) error) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	if t := d.transaction(ctx); t != nil {
		return d.savepoint(ctx, t, f)
	}
	s, err := d.pool.Acquire(ctx, true)
	if err != nil {
		return err
	}
	defer s.Release()
	t := &transaction{session: s}
	if err := d.control(ctx, t, d.dialect.Begin); err != nil {
		return err
	}
	defer t.end()
	return d.bracket(ctx, t, f, "COMMIT", "ROLLBACK")
}

// savepoint runs f in a transaction within t.
func (d *DB) savepoint(ctx context.Context, t *transaction, f func(context.Context) error) error {
	t.mu.Lock()
	t.depth++
	at := fmt.Sprintf("tx%d", t.depth)
	t.mu.Unlock()
	if err := d.control(ctx, t, "SAVEPOINT "+at); err != nil {
		return err
	}
	return d.bracket(ctx, t, f, "RELEASE SAVEPOINT "+at, "ROLLBACK TO SAVEPOINT "+at, "RELEASE SAVEPOINT "+at)
}

// bracket calls f and then commits, or, whichever way f ended, undoes.
func (d *DB) bracket(ctx context.Context, t *transaction, f func(context.Context) error, commit string, undo ...string) (err error) {
	done := false
	defer func() {
		if done {
			return
		}
		for _, sql := range undo { // after an error, a panic or runtime.Goexit
			// The transaction may be gone already: there is no more to do then.
			_ = d.force(ctx, t, sql)
		}
	}()
	if err := f(context.WithValue(ctx, txKey{d}, t)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// From here on ctx cannot interrupt: it would be unknown what was done.
	if err := d.control(context.WithoutCancel(ctx), t, commit); err != nil {
		return err
	}
	done = true
	return nil
}

// control runs one of the statements that open and close transactions.
func (d *DB) control(ctx context.Context, t *transaction, sql string) (err error) {
	var none int64
	defer d.observe(ctx, statement{sql: sql}, &none, &err)()
	return t.use(func(s engine.Session) error {
		_, err := s.Exec(ctx, sql, nil)
		return err
	})
}

// force is control for a transaction that takes no more statements and a
// context that may have ended.
func (d *DB) force(ctx context.Context, t *transaction, sql string) (err error) {
	ctx = context.WithoutCancel(ctx)
	var none int64
	defer d.observe(ctx, statement{sql: sql}, &none, &err)()
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err = t.session.Exec(ctx, sql, nil)
	return err
}

// use calls f with the transaction's session. An error that is not about a
// constraint ends the transaction: SQLite rolls back by itself when a
// statement is interrupted or the disk is full, and what came after would be
// committed piece by piece.
func (t *transaction) use(f func(engine.Session) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over != nil {
		return t.over
	}
	err := f(t.session)
	var broken *ConstraintError
	if err != nil && !errors.As(err, &broken) {
		t.over = fmt.Errorf("db: the transaction ended with an earlier error: %w", err)
	}
	return err
}

// end makes the contexts that f may have kept useless.
func (t *transaction) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = errors.New("db: this transaction has ended; use the context of the one that is open")
}
