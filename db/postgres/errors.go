package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"

	"github.com/jackc/pgx/v5/pgconn"
)

// States that errors are told apart by, see
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
const (
	stateNotSupported    = "0A000"
	stateNotNull         = "23502"
	stateForeignKey      = "23503"
	stateUnique          = "23505"
	stateCheck           = "23514"
	stateExclusion       = "23P01"
	stateReadOnly        = "25006"
	stateAborted         = "25P02"
	stateNoStatement     = "26000"
	stateNoPassword      = "28000"
	stateWrongPassword   = "28P01"
	stateNoDatabase      = "3D000"
	stateSerialization   = "40001"
	stateDeadlock        = "40P01"
	stateDiskFull        = "53100"
	stateTooMany         = "53300"
	stateLock            = "55P03"
	stateCanceled        = "57014"
	stateStarting        = "57P03"
	classData            = "22"
	classConnection      = "08"
	classResources       = "53"
	classOperator        = "57P"
	routineRevalidate    = "RevalidateCachedQuery"
	constraintViolations = "23"
)

// state returns the server's state of err, "" if it is none of the server's.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// stale reports whether err says that a prepared statement is no longer what
// it was: a table of it was altered, or somebody deallocated it.
func stale(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == stateNoStatement || e.Code == stateNotSupported && e.Routine == routineRevalidate)
}

// translate turns an error of pgconn into one of package engine.
func translate(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var e *pgconn.PgError
	server := errors.As(err, &e)
	if ended := ctx.Err(); ended != nil && (!server || e.Code == stateCanceled) {
		return ended
	}
	if server {
		return translateServer(e)
	}
	var done *errs.Error
	if errors.As(err, &done) {
		return err // one of ours
	}
	return gone(err)
}

// gone is the error for a connection that was lost.
func gone(err error) error {
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("postgres: %w: %w", engine.ErrGone, err)}
}

func translateServer(e *pgconn.PgError) error {
	switch e.Code {
	case stateUnique, stateExclusion:
		return constraint(engine.Unique, e, detailColumns(e.Detail))
	case stateForeignKey:
		return foreignKey(e)
	case stateCheck:
		return constraint(engine.Check, e, nil)
	case stateNotNull:
		var columns []string
		if e.ColumnName != "" {
			columns = []string{e.ColumnName}
		}
		return constraint(engine.NotNull, e, columns)
	case stateSerialization, stateDeadlock, stateLock:
		return unavailable("%w: %w", engine.ErrRetry, e)
	case stateDiskFull:
		return unavailable("the server's disk is full: make room there: %w", e)
	case stateTooMany:
		return unavailable("the server takes no more connections: raise its max_connections, or lower Config.MaxReaders and Config.MaxWriters: %w", e)
	case stateCanceled:
		return unavailable("the statement took longer than Config.StatementTimeout or the server's statement_timeout lets it: %w", e)
	case stateAborted:
		return fmt.Errorf("postgres: an earlier error ended the transaction; nothing of it is kept: %w", e)
	case stateReadOnly:
		return fmt.Errorf("postgres: this connection or transaction only reads; write with db.Exec, or in a db.Tx without db.ReadOnly: %w", e)
	}
	switch {
	case e.SeverityUnlocalized == "FATAL": // the server has closed the connection
		return gone(e)
	case stale(e):
		return unavailable("a table was altered since the statement was prepared: %w: %w", engine.ErrRetry, e)
	case strings.HasPrefix(e.Code, classData):
		return &errs.Error{Kind: errs.Invalid, Err: wrap(e)}
	case strings.HasPrefix(e.Code, classConnection), strings.HasPrefix(e.Code, classOperator):
		return gone(e)
	case strings.HasPrefix(e.Code, classResources):
		return unavailable("the server is short of something: %w", e)
	}
	return wrap(e)
}

func unavailable(format string, args ...any) error {
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("postgres: "+format, args...)}
}

// wrap adds what the server says beside its message.
func wrap(e *pgconn.PgError) error {
	if e.Hint != "" {
		return fmt.Errorf("postgres: %w; %s", e, e.Hint)
	}
	return fmt.Errorf("postgres: %w", e)
}

func constraint(kind engine.Constraint, e *pgconn.PgError, columns []string) error {
	return &engine.ConstraintError{Kind: kind, Table: e.TableName, Columns: columns, Name: e.ConstraintName, Err: wrap(e)}
}

// foreignKey tells the table that was written to. The server names the one
// that has the key, which is the other one when a row is still referred to;
// then the first quoted name of the message is ours.
func foreignKey(e *pgconn.PgError) error {
	table := e.TableName
	if _, _, found := strings.Cut(e.Detail, `"`+e.TableName+`"`); found {
		table = ""
		if _, rest, ok := strings.Cut(e.Message, `"`); ok {
			table, _, _ = strings.Cut(rest, `"`)
		}
	}
	err := constraint(engine.ForeignKey, e, nil).(*engine.ConstraintError)
	err.Table = table
	return err
}

// detailColumns reads the columns of a detail such as
// `Key (order_id, film_id)=(1, 2) already exists.`, in any language. Indexes
// on expressions give none.
func detailColumns(detail string) []string {
	head, _, ok := strings.Cut(detail, ")=(")
	_, list, ok2 := strings.Cut(head, "(")
	if !ok || !ok2 || strings.Contains(list, "(") {
		return nil
	}
	columns := strings.Split(list, ", ")
	for i, c := range columns {
		if strings.HasPrefix(c, `"`) && strings.HasSuffix(c, `"`) && len(c) > 2 {
			columns[i] = strings.ReplaceAll(c[1:len(c)-1], `""`, `"`)
		}
	}
	return columns
}

// connectError says in the user's words why there is no connection.
func connectError(ctx context.Context, c *pgconn.Config, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	at := fmt.Sprintf("%s:%d", c.Host, c.Port)
	what, mend := "no server answers", "start the server, or set DATABASE_URL or --db.url to where it listens"
	switch state(err) {
	case stateWrongPassword, stateNoPassword:
		what, mend = fmt.Sprintf("the server does not let user %q in", c.User), "set user and password in DATABASE_URL or --db.url, and see the server's pg_hba.conf"
	case stateNoDatabase:
		what, mend = fmt.Sprintf("there is no database %q", c.Database), fmt.Sprintf("make it (createdb %s), or name another one in DATABASE_URL or --db.url", c.Database)
	case stateTooMany:
		what, mend = "the server takes no more connections", "raise its max_connections, or lower Config.MaxReaders and Config.MaxWriters"
	case stateStarting:
		what, mend = "the server is starting or stopping", "wait until it takes connections"
	case "":
	default:
		what, mend = "the server refuses", "see what it says below"
	}
	setup := &errs.Setup{Code: "A1510", What: fmt.Sprintf("postgres: connect to %s: %s", at, what), Mend: mend}
	return &errs.Error{Kind: errs.Unavailable, Err: joined{setup, err}}
}

// joined is a set-up mistake with its cause, which is a lost connection too.
type joined struct {
	setup *errs.Setup
	cause error
}

func (j joined) Error() string   { return j.setup.Error() + "\n\t" + j.cause.Error() }
func (j joined) Unwrap() []error { return []error{j.setup, engine.ErrGone, j.cause} }
