package mariadb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/mariadb"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// accounts opens a database with ten accounts of 100 each, through a proxy.
func accounts(t *testing.T, config db.Config) (ctx context.Context, p *proxy) {
	t.Helper()
	direct := realdb.MariaDB(t)
	p, config.URL = newProxy(t, direct)
	d := open(t, config)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx = db.NewContext(t.Context(), d)
	fill(t, ctx)
	return ctx, p
}

// fill makes ten accounts of 100 each.
func fill(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := db.Exec(ctx, "CREATE TABLE accounts (id BIGINT PRIMARY KEY, amount BIGINT NOT NULL CHECK (amount >= 0)) ENGINE = InnoDB;"+
		"INSERT INTO accounts WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i, 100 FROM n")
	want.NoErr(t, err)
}

func number(t *testing.T, ctx context.Context, sql string) (n int) {
	t.Helper()
	rows, err := db.SQL[*db.Row](ctx, sql)
	want.NoErr(t, err)
	want.NoErr(t, rows[0].Scan(&n))
	return n
}

const sum = "SELECT sum(amount) FROM accounts"

// transfer moves an amount, in a transaction of two statements.
func transfer(ctx context.Context, from, to, amount int) error {
	return db.Tx(ctx, func(ctx context.Context) error {
		if _, err := db.Exec(ctx, "UPDATE accounts SET amount = amount - ? WHERE id = ?", amount, from); err != nil {
			return err
		}
		_, err := db.Exec(ctx, "UPDATE accounts SET amount = amount + ? WHERE id = ?", amount, to)
		return err
	})
}

// TestCutIdle: a connection that was cut while nobody used it is not noticed.
func TestCutIdle(t *testing.T) {
	t.Parallel()
	ctx, p := accounts(t, db.Config{})
	for range 5 {
		want.Equal(t, number(t, ctx, sum), 1000)
		want.NoErr(t, transfer(ctx, 1, 2, 5))
		p.cut()
	}
	want.Equal(t, number(t, ctx, sum), 1000)
}

// TestCutInTheMiddle: a query, a transaction and a COMMIT lose the connection,
// each says so, and the next ones work.
func TestCutInTheMiddle(t *testing.T) {
	t.Parallel()
	ctx, p := accounts(t, db.Config{})
	has := func(text string) func([]byte) bool {
		return func(b []byte) bool { return bytes.Contains(b, []byte(text)) }
	}

	p.when(has("/* long */"), nil)
	_, err := db.SQL[*db.Row](ctx, "SELECT /* long */ sleep(5)")
	want.Err(t, err, engine.ErrGone)
	want.Err(t, err, errs.Unavailable)
	want.Equal(t, strings.Contains(err.Error(), "unknown"), false) // a query has no outcome

	want.Equal(t, number(t, ctx, sum), 1000)
	p.when(nil, nil)
	err = db.Tx(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, "UPDATE accounts SET amount = amount - 50 WHERE id = 1")
		want.NoErr(t, err)
		p.cut()
		_, err = db.Exec(ctx, "UPDATE accounts SET amount = amount + 50 WHERE id = 2")
		want.Err(t, err, engine.ErrGone)
		_, err = db.Exec(ctx, "UPDATE accounts SET amount = amount + 50 WHERE id = 2")
		if err == nil {
			t.Error("got no error from a transaction that was lost")
		}
		return nil
	})
	want.Err(t, err, engine.ErrGone)
	want.Equal(t, number(t, ctx, sum), 1000)

	// The COMMIT arrives, its answer does not.
	commit := false
	p.when(func(b []byte) bool { commit = commit || has("COMMIT")(b); return false }, func([]byte) bool { return commit })
	err = transfer(ctx, 1, 2, 50)
	want.Err(t, err, engine.ErrGone)
	want.Contains(t, err.Error(), "whether the transaction was committed is unknown")
	p.when(nil, nil)
	want.Equal(t, number(t, ctx, sum), 1000)

	// The COMMIT does not arrive.
	before := number(t, ctx, "SELECT amount FROM accounts WHERE id = 1")
	p.when(has("COMMIT"), nil)
	want.Err(t, transfer(ctx, 1, 2, 50), engine.ErrGone)
	p.when(nil, nil)
	want.Equal(t, number(t, ctx, "SELECT amount FROM accounts WHERE id = 1"), before)

	// A write without a transaction.
	p.when(nil, nil)
	sent := false
	p.when(func(b []byte) bool { sent = sent || has("amount = amount")(b); return false }, func([]byte) bool { return sent })
	_, err = db.Exec(ctx, "UPDATE accounts SET amount = amount")
	want.Err(t, err, engine.ErrGone)
	want.Contains(t, err.Error(), "whether the statement was done is unknown")
}

// TestCutAnywhere cuts connections while money is moved: it is all there.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	ctx, p := accounts(t, db.Config{MaxReaders: 8})
	stop := make(chan struct{})
	var all sync.WaitGroup
	var mu sync.Mutex
	done, lost := 0, 0
	for i := range 8 {
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				err := transfer(ctx, (i+n)%10, (i+n*7+1)%10, 1)
				mu.Lock()
				switch {
				case err == nil:
					done++
				case errors.Is(err, engine.ErrGone):
					lost++
				case !errors.Is(err, engine.ErrRetry) && !errors.Is(err, errs.Conflict):
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	tick := time.NewTicker(15 * time.Millisecond)
	for range 60 {
		<-tick.C
		p.cut()
	}
	tick.Stop()
	close(stop)
	all.Wait()
	t.Logf("%d transfers done, %d lost", done, lost)
	if done == 0 || lost == 0 {
		t.Errorf("got %d transfers done and %d lost, want some of both", done, lost)
	}
	want.Equal(t, number(t, ctx, sum), 1000)
}

// TestCancelledIsOver: when a call was cancelled, its statement does not go on
// behind its back, though the row that it waits for stays locked.
func TestCancelledIsOver(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	waiting := func(want bool) {
		t.Helper()
		for range 2000 { // 20 s, for a machine with much to do
			n := number(t, ctx, "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND info LIKE 'UPDATE accounts SET amount = 7%'")
			if n > 0 == want {
				return
			}
			number(t, ctx, "SELECT sleep(0.01)")
		}
		t.Errorf("got a statement that waits: %v, want %v", !want, want)
	}
	for range 10 {
		want.NoErr(t, db.Tx(ctx, func(tx context.Context) error {
			if _, err := db.Exec(tx, "UPDATE accounts SET amount = amount WHERE id = 1"); err != nil {
				return err
			}
			short, cancel := context.WithCancel(ctx)
			done := make(chan error, 1)
			go func() {
				_, err := db.Exec(short, "UPDATE accounts SET amount = 7 WHERE id = 1")
				done <- err
			}()
			waiting(true)
			cancel()
			want.Err(t, <-done, context.Canceled)
			waiting(false)
			return nil
		}))
	}
	want.Equal(t, number(t, ctx, "SELECT amount FROM accounts WHERE id = 1"), 100)
}

// TestNeverStale cancels queries at all times: an answer is always that of its
// own question.
func TestNeverStale(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range 300 {
				short, cancel := context.WithTimeout(ctx, time.Duration(i%40)*10*time.Microsecond)
				question := g*1000 + i
				rows, err := db.SQL[*db.Row](short, "SELECT ? + 0 FROM accounts", question)
				cancel()
				var answer int
				switch {
				case errors.Is(err, context.DeadlineExceeded):
				case err != nil:
					t.Error(err)
				default:
					for _, r := range rows {
						want.NoErr(t, r.Scan(&answer))
						want.Equal(t, answer, question)
					}
					want.Equal(t, len(rows), 10)
				}
			}
		})
	}
	all.Wait()
}

// TestDeadlock: one of two transactions that wait for each other is told to
// run again.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	var met sync.WaitGroup
	met.Add(2)
	errors2 := make(chan error, 2)
	for i := range 2 {
		go func() {
			errors2 <- db.Tx(ctx, func(ctx context.Context) error {
				_, err := db.Exec(ctx, "UPDATE accounts SET amount = amount + 1 WHERE id = ?", i)
				met.Done()
				if err != nil {
					return err
				}
				met.Wait()
				_, err = db.Exec(ctx, "UPDATE accounts SET amount = amount - 1 WHERE id = ?", 1-i)
				return err
			})
		}()
	}
	a, b := <-errors2, <-errors2
	if a == nil {
		a, b = b, a
	}
	want.Err(t, a, engine.ErrRetry)
	want.Err(t, a, errs.Unavailable)
	want.NoErr(t, b)
	want.Equal(t, number(t, ctx, sum), 1000)
}

// TestLostUpdate: what was read and then changed by another transaction cannot
// be written over.
func TestLostUpdate(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	err := db.Tx(ctx, func(tx context.Context) error {
		n := number(t, tx, "SELECT amount FROM accounts WHERE id = 3")
		_, err := db.Exec(ctx, "UPDATE accounts SET amount = amount + 1 WHERE id = 3")
		want.NoErr(t, err)
		_, err = db.Exec(tx, "UPDATE accounts SET amount = ? WHERE id = 3", n+10)
		return err
	})
	want.Err(t, err, engine.ErrRetry)
	want.Equal(t, number(t, ctx, "SELECT amount FROM accounts WHERE id = 3"), 101)
}

// TestLockWait: who waits too long for a row is told to try again.
func TestLockWait(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{BusyTimeout: time.Second})
	want.NoErr(t, db.Tx(ctx, func(tx context.Context) error {
		if _, err := db.Exec(tx, "UPDATE accounts SET amount = amount WHERE id = 1"); err != nil {
			return err
		}
		_, err := db.Exec(ctx, "UPDATE accounts SET amount = 0 WHERE id = 1")
		want.Err(t, err, engine.ErrRetry)
		return nil
	}))
}

// TestQueue: who waits too long for a connection is told why.
func TestQueue(t *testing.T) {
	t.Parallel()
	d := open(t, db.Config{URL: realdb.MariaDB(t), MaxWriters: 1, BusyTimeout: 50 * time.Millisecond})
	defer d.Close()
	outer := db.NewContext(t.Context(), d)
	for { // the first connection may take longer than that
		if _, err := db.Exec(outer, "DO 1"); err == nil {
			break
		}
	}
	want.NoErr(t, db.Tx(outer, func(context.Context) error {
		_, err := db.Exec(outer, "DO 1") // the mistake: not the context of the transaction
		want.Err(t, err, errs.Unavailable)
		want.Contains(t, err.Error(), "mariadb: no connection for writing within 50ms: a long transaction holds it")
		short, cancel := context.WithTimeout(outer, time.Millisecond)
		defer cancel()
		_, err = db.Exec(short, "DO 1")
		want.Err(t, err, context.DeadlineExceeded)
		return nil
	}))
}

// TestPacketTooLarge: a statement that the server would not take is refused
// clearly, and the next one works.
func TestPacketTooLarge(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	_, err := db.Exec(ctx, "CREATE TABLE blobs (b LONGBLOB)")
	want.NoErr(t, err)
	for _, n := range []int{1 << 20, 15 << 20} {
		_, err = db.Exec(ctx, "INSERT INTO blobs VALUES (?)", make([]byte, n))
		want.NoErr(t, err)
	}
	_, err = db.Exec(ctx, "INSERT INTO blobs VALUES (?)", make([]byte, 17<<20))
	want.Err(t, err, errs.TooLarge)
	_, err = db.Exec(ctx, "INSERT INTO blobs VALUES (?), (?)", make([]byte, 9<<20), make([]byte, 9<<20))
	if err != nil {
		want.Err(t, err, errs.TooLarge)
	}
	_, err = db.Exec(ctx, "INSERT INTO blobs VALUES ('"+strings.Repeat("x", 17<<20)+"')")
	want.Err(t, err, errs.TooLarge)
	want.Contains(t, err.Error(), "larger than the server's max_allowed_packet")
	want.Equal(t, number(t, ctx, sum), 1000)
}

// TestManyArgs uses the most arguments that a statement can have.
func TestManyArgs(t *testing.T) {
	t.Parallel()
	ctx, _ := accounts(t, db.Config{})
	args := make([]any, 65535)
	for i := range args {
		args[i] = i
	}
	rows, err := db.SQL[*db.Row](ctx, "SELECT count(*) FROM accounts WHERE id IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
	want.NoErr(t, err)
	var n int
	want.NoErr(t, rows[0].Scan(&n))
	want.Equal(t, n, 10)
}

// TestServerKilled ends the server in the middle of transfers and starts it
// again: callers are told, the pool finds it again, the money is all there.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	s, err := realdb.StartMariaDB()
	if err != nil {
		t.Skip(err)
	}
	defer s.Close()
	u := *s.URL
	u.Path = "/mysql"
	d, err := db.Open(db.Config{URL: u.String()}, mariadb.Driver)
	want.NoErr(t, err)
	defer d.Close()
	ctx := db.NewContext(t.Context(), d)
	_, err = db.Exec(ctx, "CREATE TABLE accounts (id BIGINT PRIMARY KEY, amount BIGINT NOT NULL) ENGINE = InnoDB;"+
		"INSERT INTO accounts VALUES (0, 500), (1, 500)")
	want.NoErr(t, err)
	moved, some := make(chan int), make(chan struct{})
	go func() {
		n := 0
		for ; err == nil; n++ {
			err = transfer(ctx, n%2, 1-n%2, n%10)
			if n == 20 {
				close(some)
			}
		}
		moved <- n
	}()
	<-some
	want.NoErr(t, s.Kill())
	t.Logf("%d transfers, then: %v", <-moved, err)
	want.Err(t, err, engine.ErrGone)
	_, err = db.SQL[*db.Row](ctx, "SELECT 1")
	want.Err(t, err, engine.ErrGone)
	want.Contains(t, fmt.Sprint(err), "mariadb: connect to 127.0.0.1:")
	want.NoErr(t, s.Start())
	want.Equal(t, number(t, ctx, sum), 1000)
}
