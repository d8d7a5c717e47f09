package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/postgres"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/realdb"
	"github.com/ashlar-go/ashlar/internal/want"
)

// fixture opens a database with a table of notes.
func fixture(t testing.TB, url string) context.Context {
	t.Helper()
	d := open(t, url)
	t.Cleanup(func() { want.NoErr(t, d.Close()) })
	ctx := db.NewContext(t.Context(), d)
	run(t, ctx, "CREATE TABLE notes (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0)")
	return ctx
}

func run(t testing.TB, ctx context.Context, sql string, args ...any) int64 {
	t.Helper()
	n, err := db.Exec(ctx, sql, args...)
	want.NoErr(t, err)
	return n
}

func one(t testing.TB, ctx context.Context, sql string, args ...any) (n int64) {
	t.Helper()
	rows, err := db.SQL[*db.Row](ctx, sql, args...)
	want.NoErr(t, err)
	want.Equal(t, len(rows), 1)
	want.NoErr(t, rows[0].Scan(&n))
	return n
}

func isGone(t *testing.T, err error) {
	t.Helper()
	want.Err(t, err, engine.ErrGone)
	want.Equal(t, errs.KindOf(err), errs.Unavailable)
}

func TestCutInQuery(t *testing.T) {
	t.Parallel()
	p, url := through(t, realdb.Postgres(t))
	ctx := fixture(t, url)
	p.on("SELECT pg_sleep", p.cut)
	_, err := db.Exec(ctx, "SELECT pg_sleep(10)")
	isGone(t, err)
	want.Equal(t, one(t, ctx, "SELECT count(*) FROM notes"), 0)
	want.Equal(t, run(t, ctx, "INSERT INTO notes (id) VALUES (1)"), 1)
}

// A connection that was lost while nobody used it is not the reader's problem.
func TestCutWhileIdle(t *testing.T) {
	t.Parallel()
	p, url := through(t, realdb.Postgres(t))
	ctx := fixture(t, url)
	for range 3 {
		want.Equal(t, one(t, ctx, "SELECT count(*) FROM notes"), 0)
		p.cut()
	}
}

// Nor the writer's, when nobody used it for a while.
func TestTerminatedWhileIdle(t *testing.T) {
	t.Parallel()
	ctx := fixture(t, realdb.Postgres(t))
	run(t, ctx, "INSERT INTO notes SELECT pg_backend_pid()")
	one(t, ctx, "SELECT count(*) FROM (SELECT pg_sleep(1.2)) AS x") // while the writer is idle
	want.Equal(t, one(t, ctx, "SELECT count(*) FROM (SELECT pg_terminate_backend(id::integer) AS done FROM notes) AS x WHERE done"), 1)
	want.Equal(t, run(t, ctx, "UPDATE notes SET n = 1"), 1)
	want.Equal(t, one(t, ctx, "SELECT count(*) FROM notes WHERE id = pg_backend_pid()"), 0)
}

func TestCutInTx(t *testing.T) {
	t.Parallel()
	p, url := through(t, realdb.Postgres(t))
	ctx := fixture(t, url)
	err := db.Tx(ctx, func(ctx context.Context) error {
		run(t, ctx, "INSERT INTO notes (id) VALUES (1)")
		p.cut()
		_, err := db.Exec(ctx, "INSERT INTO notes (id) VALUES (2)")
		isGone(t, err)
		_, err = db.SQL[*db.Row](ctx, "SELECT count(*) FROM notes") // reads are not tried again here
		want.Err(t, err, engine.ErrGone)
		return nil
	})
	isGone(t, err)
	if strings.Contains(err.Error(), "unknown") {
		t.Errorf("got %v, want no doubt about what was never committed", err)
	}
	want.Equal(t, one(t, ctx, "SELECT count(*) FROM notes"), 0)
	want.NoErr(t, db.Tx(ctx, func(ctx context.Context) error {
		run(t, ctx, "INSERT INTO notes (id) VALUES (3)")
		return nil
	}))
}

func TestCutBeforeCommitIsAnswered(t *testing.T) {
	t.Parallel()
	p, url := through(t, realdb.Postgres(t))
	ctx := fixture(t, url)
	p.on("COMMIT", p.cut)
	err := db.Tx(ctx, func(ctx context.Context) error {
		run(t, ctx, "INSERT INTO notes (id) VALUES (1)")
		return nil
	})
	isGone(t, err)
	want.Contains(t, err.Error(), "it is unknown whether the transaction was committed")
	if n := one(t, ctx, "SELECT count(*) FROM notes"); n != 0 && n != 1 {
		t.Errorf("got %d rows, want 0 or 1", n)
	}
}

// A statement outside of a transaction commits by itself.
func TestCutBeforeInsertIsAnswered(t *testing.T) {
	t.Parallel()
	p, url := through(t, realdb.Postgres(t))
	ctx := fixture(t, url)
	run(t, ctx, "DELETE FROM notes")
	for i, sql := range []string{"INSERT INTO notes SELECT ? FROM pg_sleep(0.1)", "INSERT INTO notes SELECT ? FROM pg_sleep(0.1) RETURNING id"} {
		p.on("pg_sleep", p.cut)
		_, err := db.Exec(ctx, sql, i)
		isGone(t, err)
		// It is being prepared when it is cut, unless that was done before.
		if err != nil && !strings.Contains(err.Error(), "no answer to INSERT: it is unknown whether it was done") {
			t.Errorf("got %v, want the doubt", err)
		}
	}
}

func TestServerStoppedAndStarted(t *testing.T) {
	t.Parallel()
	server := realdb.NewPostgres(t)
	ctx := fixture(t, server.Database(t))
	run(t, ctx, "INSERT INTO notes (id) VALUES (1)")
	server.Stop()
	_, err := db.Exec(ctx, "INSERT INTO notes (id) VALUES (2)")
	isGone(t, err)
	_, err = db.SQL[*db.Row](ctx, "SELECT count(*) FROM notes")
	isGone(t, err)
	want.NoErr(t, server.Start())
	want.Equal(t, one(t, ctx, "SELECT count(*) FROM notes"), 1)
	want.Equal(t, run(t, ctx, "INSERT INTO notes (id) VALUES (2)"), 1)
}

func TestTerminated(t *testing.T) {
	t.Parallel()
	ctx := fixture(t, realdb.Postgres(t))
	err := db.Tx(ctx, func(inside context.Context) error {
		pid := one(t, inside, "SELECT pg_backend_pid()::bigint")
		_, err := db.SQL[*db.Row](ctx, "SELECT pg_terminate_backend(?)", pid)
		want.NoErr(t, err)
		_, err = db.Exec(inside, "INSERT INTO notes (id) VALUES (1)")
		isGone(t, err)
		return err
	})
	isGone(t, err)
	want.Equal(t, one(t, ctx, "SELECT count(*) FROM notes"), 0)

	ctx = fixture(t, realdb.Postgres(t)+"?idle_in_transaction_session_timeout=20ms")
	err = db.Tx(ctx, func(inside context.Context) error {
		run(t, inside, "INSERT INTO notes (id) VALUES (1)")
		_, err := db.SQL[*db.Row](ctx, "SELECT pg_sleep(0.1)")
		want.NoErr(t, err)
		_, err = db.Exec(inside, "INSERT INTO notes (id) VALUES (2)")
		return err
	})
	isGone(t, err)
}

// What was cancelled is cancelled in the server, and its connection goes on.
func TestCancelKeepsTheConnection(t *testing.T) {
	t.Parallel()
	ctx := fixture(t, realdb.Postgres(t))
	d, err := db.FromContext(ctx)
	want.NoErr(t, err)
	want.NoErr(t, d.WithConn(ctx, func(c db.Conn) error {
		pid := func() (n int64) {
			rows, err := c.Query(ctx, "SELECT pg_backend_pid()::bigint")
			want.NoErr(t, err)
			defer rows.Close()
			want.Equal(t, rows.Next(), true)
			want.NoErr(t, rows.Scan(&n))
			return n
		}
		before := pid()
		for _, sql := range []string{"SELECT pg_sleep(30)", "CALL nothing(); SELECT pg_sleep(30)"} {
			short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
			_, err := c.Exec(short, strings.Replace(sql, "CALL nothing()", "SELECT 1", 1))
			cancel()
			want.Err(t, err, context.DeadlineExceeded)
		}
		want.Equal(t, pid(), before)
		return nil
	}))
}

func TestPoolExhausted(t *testing.T) {
	t.Parallel()
	d, err := db.Open(db.Config{URL: realdb.Postgres(t), BusyTimeout: 500 * time.Millisecond, MaxReaders: 1}, postgres.Driver)
	want.NoErr(t, err)
	defer d.Close()
	ctx := db.NewContext(t.Context(), d)
	err = db.Tx(ctx, func(context.Context) error {
		_, err := db.Exec(ctx, "SELECT 1") // with the outer context, by mistake
		return err
	})
	want.Equal(t, errs.KindOf(err), errs.Unavailable)
	want.Contains(t, err.Error(), "no connection for writing within 500ms")
	want.Equal(t, one(t, ctx, "SELECT 1::bigint"), 1)
}

func TestStatementTimeout(t *testing.T) {
	t.Parallel()
	d := open(t, realdb.Postgres(t)+"?statement_timeout=1s") // connecting is under it too
	defer d.Close()
	_, err := db.SQL[*db.Row](db.NewContext(t.Context(), d), "SELECT pg_sleep(60)")
	want.Equal(t, errs.KindOf(err), errs.Unavailable)
	want.Contains(t, err.Error(), "statement_timeout")
}

func TestSerializationFailure(t *testing.T) {
	t.Parallel()
	ctx := fixture(t, realdb.Postgres(t))
	run(t, ctx, "INSERT INTO notes (id) VALUES (1), (2)")
	// Each of two reads what the other is about to write.
	var ready sync.WaitGroup
	ready.Add(2)
	failures := make(chan error, 2)
	for id := range 2 {
		go func() {
			failures <- db.Tx(ctx, func(ctx context.Context) error {
				_, err := db.Exec(ctx, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
				if err == nil {
					_, err = db.SQL[*db.Row](ctx, "SELECT sum(n) FROM notes")
				}
				ready.Done()
				ready.Wait()
				if err == nil {
					_, err = db.Exec(ctx, "UPDATE notes SET n = n + 1 WHERE id = ?", id+1)
				}
				return err
			})
		}()
	}
	err := errors.Join(<-failures, <-failures)
	want.Err(t, err, engine.ErrRetry)
	want.Equal(t, one(t, ctx, "SELECT sum(n) FROM notes"), 1)
}

func TestDeadlockAndLocks(t *testing.T) {
	t.Parallel()
	ctx := fixture(t, realdb.Postgres(t)+"?deadlock_timeout=20ms")
	run(t, ctx, "INSERT INTO notes (id) VALUES (1), (2)")
	var ready sync.WaitGroup
	ready.Add(2)
	failures := make(chan error, 2)
	for id := range 2 {
		go func() {
			failures <- db.Tx(ctx, func(ctx context.Context) error {
				_, err := db.Exec(ctx, "UPDATE notes SET n = n + 1 WHERE id = ?", id+1)
				ready.Done()
				ready.Wait()
				if err == nil {
					_, err = db.Exec(ctx, "UPDATE notes SET n = n + 1 WHERE id = ?", 2-id)
				}
				return err
			})
		}()
	}
	want.Err(t, errors.Join(<-failures, <-failures), engine.ErrRetry)
	want.Equal(t, one(t, ctx, "SELECT sum(n) FROM notes"), 2)

	want.NoErr(t, db.Tx(ctx, func(inside context.Context) error {
		run(t, inside, "UPDATE notes SET n = 0")
		_, err := db.Exec(ctx, "SELECT n FROM notes FOR UPDATE NOWAIT")
		want.Err(t, err, engine.ErrRetry)
		return nil
	}))
}

// A statement that is prepared outlives changes of its table.
func TestAlteredMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := fixture(t, realdb.Postgres(t))
	run(t, ctx, "INSERT INTO notes (id) VALUES (1)")
	for i := range 4 {
		rows, err := db.SQL[*db.Row](ctx, "SELECT * FROM notes")
		want.NoErr(t, err)
		var values [6]any
		if err := rows[0].Scan(values[:2+i]...); err == nil || !strings.Contains(err.Error(), "destination") {
			t.Errorf("got %v, want %d columns", err, 2+i)
		}
		run(t, ctx, fmt.Sprintf("ALTER TABLE notes ADD COLUMN c%d text", i))
	}
	run(t, ctx, "DEALLOCATE ALL")
	run(t, ctx, "UPDATE notes SET n = 5 WHERE id = ?", 1)
	run(t, ctx, "DEALLOCATE ALL")
	want.Equal(t, run(t, ctx, "UPDATE notes SET n = 5 WHERE id = ?", 1), 1)
	err := db.Tx(ctx, func(ctx context.Context) error {
		run(t, ctx, "DEALLOCATE ALL")
		_, err := db.Exec(ctx, "UPDATE notes SET n = 5 WHERE id = ?", 1)
		return err
	})
	want.Err(t, err, engine.ErrRetry)
	want.Equal(t, run(t, ctx, "UPDATE notes SET n = 5 WHERE id = ?", 1), 1)
}

// What the server says becomes one of the errors that all engines have.
func TestServerErrors(t *testing.T) {
	t.Parallel()
	ctx := fixture(t, realdb.Postgres(t))
	for _, test := range []struct {
		state string
		kind  errs.Kind
		says  string
	}{
		{"53100", errs.Unavailable, "disk is full"},
		{"53300", errs.Unavailable, "no more connections"},
		{"22003", errs.Invalid, "22003"},
		{"42601", errs.Internal, "42601"},
		{"57P01", errs.Unavailable, "lost"},
	} {
		_, err := db.Exec(ctx, fmt.Sprintf("DO $$ BEGIN RAISE EXCEPTION 'is it so?' USING ERRCODE = '%s'; END $$", test.state))
		want.Equal(t, errs.KindOf(err), test.kind)
		want.Contains(t, fmt.Sprint(err), test.says, "is it so?")
	}
	_, err := db.SQL[*db.Row](ctx, "DELETE FROM notes RETURNING id")
	want.Contains(t, fmt.Sprint(err), "this connection or transaction only reads")
	err = db.Tx(ctx, func(ctx context.Context) error {
		_, _ = db.Exec(ctx, "COMMIT; BEGIN; SELECT 1/0")
		return nil
	})
	if err == nil {
		t.Error("got no error from a transaction that had failed")
	}
}

func TestConnectErrors(t *testing.T) {
	t.Parallel()
	at := realdb.Postgres(t)
	for url, says := range map[string]string{
		"postgres://nobody@127.0.0.1:1/x":              "no server answers",
		at + "_not_there":                              "there is no database",
		strings.Replace(at, "ashlar@", "stranger@", 1): "does not let user",
	} {
		d := open(t, url)
		err := d.Ping(t.Context())
		want.Equal(t, errs.KindOf(err), errs.Unavailable)
		want.Err(t, err, engine.ErrGone)
		want.Contains(t, fmt.Sprint(err), "A1510", says)
		want.NoErr(t, d.Close())
	}
	for _, url := range []string{"postgres:x", "postgres://u:secret@h:port/x", "postgres://u:secret@h/x?pgbouncer=maybe",
		"postgres://u:secret@h/x?sslmode=loud"} {
		_, err := db.Open(db.Config{URL: url}, postgres.Driver)
		want.Contains(t, fmt.Sprint(err), "A1502")
		if strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("got the password in %v", err)
		}
	}
}
