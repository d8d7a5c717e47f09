package db

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
)

// A TxOption changes how [Tx] runs its function.
type TxOption func(*txOptions)

type txOptions struct {
	level    Level
	readOnly bool
	retries  int
}

// A Level is how far transactions are kept apart.
type Level string

// The levels. SQLite's transactions are always serializable.
const (
	ReadCommitted  Level = "READ COMMITTED"
	RepeatableRead Level = "REPEATABLE READ"
	Serializable   Level = "SERIALIZABLE"
)

// Isolation keeps the transaction apart from others as far as level says.
// Defaults to what the database has by default. With RepeatableRead and
// Serializable a transaction may fail where it met another: see [Retry].
func Isolation(level Level) TxOption { return func(o *txOptions) { o.level = level } }

// ReadOnly refuses writes. All that is read is of one moment on SQLite, and
// elsewhere with RepeatableRead or Serializable.
func ReadOnly() TxOption { return func(o *txOptions) { o.readOnly = true } }

// Retry runs the function again, up to n times more, when the transaction
// failed because of what another did at the same time: a serialization
// failure, a deadlock, or a lock with [NoWait]. There is a pause before each
// run, of a random length up to 20ms the first time and twice as long each time
// after, 1s at most. The function must have no effects but those in the
// database and in [AfterCommit]. Within a transaction Retry does nothing: only
// the outermost one can be run again.
func Retry(n int) TxOption { return func(o *txOptions) { o.retries = n } }

// begin returns the statements that open a transaction.
func (o *txOptions) begin(d *engine.Dialect) ([]string, error) {
	switch {
	case !o.readOnly && o.level == "":
		return []string{d.Begin}, nil
	case d.Name == "sqlite" && o.readOnly:
		return []string{"BEGIN"}, nil
	case d.Name == "sqlite":
		return []string{d.Begin}, nil
	}
	mode := ""
	if o.readOnly {
		mode = " READ ONLY"
	}
	switch {
	case d.Name == "postgres" && o.level != "":
		return []string{"BEGIN ISOLATION LEVEL " + string(o.level) + mode}, nil
	case d.Name == "postgres":
		return []string{"BEGIN" + mode}, nil
	case d.Name == "mariadb" && o.level != "":
		return []string{"SET TRANSACTION ISOLATION LEVEL " + string(o.level), "START TRANSACTION" + mode}, nil
	case d.Name == "mariadb":
		return []string{"START TRANSACTION" + mode}, nil
	}
	return nil, fmt.Errorf("db: the driver %q knows no isolation levels and no read-only transactions", d.Name)
}

func (o *txOptions) check() error {
	switch o.level {
	case "", ReadCommitted, RepeatableRead, Serializable:
	default:
		return misuse("A1506", fmt.Sprintf("db: isolation level %q", o.level), "use db.ReadCommitted, db.RepeatableRead or db.Serializable")
	}
	if o.retries < 0 {
		return misuse("A1506", fmt.Sprintf("db: Retry(%d)", o.retries), "it is how often a transaction may be run again")
	}
	return nil
}

// within reports options that a transaction in t cannot have.
func (o *txOptions) within(t *transaction) error {
	if o.level != "" && o.level != t.options.level || o.readOnly && !t.options.readOnly {
		return misuse("A1506", "db: a transaction within another, with an isolation or access mode of its own",
			"give the options to the outermost db.Tx")
	}
	return nil
}

// retry calls run until it succeeds, fails for good, or has failed too often.
func (o *txOptions) retry(ctx context.Context, run func() error) error {
	longest := 20 * time.Millisecond
	for left := o.retries; ; left-- {
		err := run()
		if left <= 0 || !errors.Is(err, engine.ErrRetry) {
			return err
		}
		pause := time.NewTimer(jitter(longest))
		select {
		case <-ctx.Done():
			pause.Stop()
			return errors.Join(ctx.Err(), err)
		case <-pause.C:
		}
		longest = min(2*longest, time.Second)
	}
}

// jitter returns a random duration up to d, so that transactions which met do
// not meet again.
func jitter(d time.Duration) time.Duration {
	var raw [8]byte
	// It never fails: crypto/rand ends the process first.
	_, _ = rand.Read(raw[:])
	return time.Duration(binary.LittleEndian.Uint64(raw[:]) % uint64(d))
}
