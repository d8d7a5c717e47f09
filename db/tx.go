package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A transaction is one open transaction, found in the context that Tx made.
// Its mutex lets goroutines of one transaction take turns on its connection.
type transaction struct {
	mu      sync.Mutex
	session engine.Session
	depth   int   // of savepoints
	over    error // why no more statements are taken
	after   []func(context.Context)
	options txOptions
	guard   *guard
	watched *watched
	loading atomic.Bool // Import has its connection
}

// txKey is the key of d's transaction in a context: transactions of several
// databases do not meet.
type txKey struct{ d *DB }

// openKey is the key of the *DB of the innermost transaction in a context.
type openKey struct{}

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
// Options say how far it is kept apart from others, and whether it is run again
// when it met one: see [Isolation], [ReadOnly] and [Retry].
//
// f holds one of the connections that write, so it does nothing slow and uses
// no other context: a write with the outer one needs another of them, and waits
// for f where there is none. SQLite has one, so that its writing transactions
// take turns; a server has Config.MaxWriters. Goroutines that f starts and
// waits for may query, one at a time; none but f's own opens a Tx within.
func Tx(ctx context.Context, f func(ctx context.Context) error, options ...TxOption) error {
	d, err := FromContext(ctx)
	if err != nil {
		return err
	}
	var o txOptions
	for _, set := range options {
		set(&o)
	}
	if err := o.check(); err != nil {
		return err
	}
	if t := d.transaction(ctx); t != nil {
		if err := o.within(t); err != nil {
			return err
		}
		return d.savepoint(ctx, t, f)
	}
	d.guard.beside(ctx)
	return o.retry(ctx, func() error { return d.tx(ctx, o, f) })
}

// tx runs f in a transaction once.
func (d *DB) tx(ctx context.Context, o txOptions, f func(context.Context) error) error {
	begin, err := o.begin(&d.dialect)
	if err != nil {
		return err
	}
	var s engine.Session
	if o.readOnly { // of the primary, too
		s, err = d.pool.Acquire(ctx, false)
	} else {
		s, _, err = d.acquire(ctx, true)
	}
	if err != nil {
		return err
	}
	release := sync.OnceFunc(s.Release)
	defer release()
	t := &transaction{session: s, options: o, guard: d.guard}
	watched := sync.OnceFunc(d.guard.begin(ctx, t))
	defer watched()
	for _, sql := range begin {
		if err := d.control(ctx, t, sql); err != nil {
			return err
		}
	}
	defer t.end()
	if err := d.bracket(ctx, t, f, "COMMIT", "ROLLBACK"); err != nil {
		return err
	}
	t.end()
	release()
	watched()
	for _, f := range t.after {
		f(ctx)
	}
	return nil
}

// savepoint runs f in a transaction within t.
func (d *DB) savepoint(ctx context.Context, t *transaction, f func(context.Context) error) error {
	t.mu.Lock()
	t.depth++
	at := fmt.Sprintf("tx%d", t.depth)
	kept := len(t.after)
	t.mu.Unlock()
	if err := d.control(ctx, t, "SAVEPOINT "+at); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.after = t.after[:min(kept, len(t.after))]
		}
	}()
	err := d.bracket(ctx, t, f, "RELEASE SAVEPOINT "+at, "ROLLBACK TO SAVEPOINT "+at, "RELEASE SAVEPOINT "+at)
	done = err == nil
	return err
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
	if err := f(context.WithValue(context.WithValue(ctx, txKey{d}, t), openKey{}, d)); err != nil {
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
	defer d.report(ctx, statement{sql: sql, control: true}, d.begin(), &none, &err)
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
	defer d.report(ctx, statement{sql: sql, control: true}, d.begin(), &none, &err)
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
	if t.loading.Load() {
		return misuse("A1507", "db: a query in a transaction whose connection takes the rows of an Import",
			"read what the rows need before Import, or give the query a context outside of the transaction")
	}
	if t.guard == nil {
		t.mu.Lock()
	} else if !t.mu.TryLock() {
		t.guard.shared(context.Background(), t.watched)
		t.mu.Lock()
	}
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

// AfterCommit calls f once ctx's transaction is committed: what it does, such
// as sending a mail, is not undone with it. If the transaction, or the Tx
// within it that AfterCommit was called in, is rolled back, f is not called.
// Outside of a transaction f is called at once. f's context is not part of the
// transaction; f is called in the goroutine of Tx, before that returns.
func AfterCommit(ctx context.Context, f func(ctx context.Context)) {
	d, err := FromContext(ctx)
	if err == nil {
		if t := d.transaction(ctx); t != nil {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.after = append(t.after, f)
			return
		}
	}
	f(ctx)
}
