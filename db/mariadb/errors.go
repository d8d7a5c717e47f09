package mariadb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/go-sql-driver/mysql"
)

// The server's error numbers, see https://mariadb.com/kb/en/mariadb-error-codes/
// and https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html.
const (
	codeDiskFull               = 1021
	codeChanged                = 1020 // since this transaction's first read
	codeNoMemory               = 1037
	codeNoSortMemory           = 1038
	codeTooManyConnections     = 1040
	codeNoResources            = 1041
	codeDatabaseDenied         = 1044
	codeAccessDenied           = 1045
	codeNull                   = 1048
	codeUnknownDatabase        = 1049
	codeShutdown               = 1053
	codeDuplicate              = 1062
	codeUnknown                = 1105
	codeTableFull              = 1114
	codeHostNotAllowed         = 1130
	codePacketTooLarge         = 1153
	codeUnknownVariable        = 1193
	codeLockWait               = 1205
	codeDeadlock               = 1213
	codeTooManyOfUser          = 1226
	codeUnknownStatement       = 1243
	codeOutOfRange             = 1264
	codeReadOnlyServer         = 1290
	codeReadOnlyTx             = 1792
	codeBadTime                = 1292
	codeInterrupted            = 1317
	codeNoDefault              = 1364
	codeBadValue               = 1366
	codeTooLong                = 1406
	codeReferenced             = 1451
	codeMissing                = 1452
	codePrepareAgain           = 1615
	codeAccessDeniedNoPassword = 1698
	codeReadOnlyMode           = 1836
	codeKilled                 = 1927
	codeStatementTimeMaria     = 1969
	codeStatementTimeMySQL     = 3024
	codeLockNoWait             = 3572
	codeCheckMySQL             = 3819
	codeCheckMaria             = 4025
)

// number returns the server's number of err, 0 if it has none.
func number(err error) uint16 {
	var e *mysql.MySQLError
	if err != nil && errors.As(err, &e) {
		return e.Number
	}
	return 0
}

// connectionLost reports whether err means that the connection ended.
func connectionLost(err error) bool {
	var op net.Error
	return errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &op)
}

// translate turns the driver's and the server's errors into those that package
// engine promises.
func (s *session) translate(ctx context.Context, sql string, err error) error {
	switch code := number(err); code {
	case 0:
		return s.local(sql, err)
	case codeDuplicate, codeReferenced, codeMissing, codeCheckMaria, codeCheckMySQL, codeNull, codeNoDefault, codeTooLong, codeOutOfRange:
		return s.constraint(ctx, sql, err)
	case codeDeadlock, codeLockWait, codeChanged, codeLockNoWait:
		return fmt.Errorf("mariadb: %w: %w", engine.ErrRetry, err)
	case codeBadTime, codeBadValue:
		return &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("mariadb: store a value: %w", err)}
	case codeDiskFull, codeTableFull:
		return unavailable("the server's disk or table is full", err)
	case codeNoMemory, codeNoSortMemory, codeNoResources:
		return unavailable("the server is out of memory", err)
	case codeTooManyConnections, codeTooManyOfUser:
		return unavailable("the server has no more connections to give", err)
	case codeReadOnlyServer, codeReadOnlyMode:
		return unavailable("the server takes no writes", err)
	case codeReadOnlyTx:
		return fmt.Errorf("mariadb: this connection or transaction only reads; write with db.Exec, or in a db.Tx without db.ReadOnly: %w", err)
	case codeStatementTimeMaria, codeStatementTimeMySQL:
		return unavailable("the statement took longer than Config.StatementTimeout or the server lets it", err)
	case codeInterrupted:
		return unavailable("the server ended the statement", err)
	case codePacketTooLarge:
		s.gone = true // the server hangs up
		return tooLarge(err)
	case codeUnknown: // of a parameter alone
		if strings.Contains(err.Error(), "max_allowed_packet") {
			return tooLarge(err)
		}
	case codeShutdown, codeKilled:
		s.gone = true
		return s.lost(sql, err)
	}
	return err
}

// local translates errors that the server did not send.
func (s *session) local(sql string, err error) error {
	switch {
	case errors.Is(err, mysql.ErrPktTooLarge):
		s.gone = true // it may have been sent in part
		return tooLarge(err)
	case errors.Is(err, driver.ErrBadConn):
		s.gone = true
		return fmt.Errorf("mariadb: %w before the statement was sent: %w", engine.ErrGone, err)
	case connectionLost(err):
		s.gone = true
		return s.lost(sql, err)
	}
	if !strings.HasPrefix(err.Error(), "argument count mismatch") && !strings.HasPrefix(err.Error(), "mariadb: ") {
		s.gone = true // the driver and the server do not understand each other
	}
	return fmt.Errorf("mariadb: %w", err)
}

// lost says what is not known after the connection ended.
func (s *session) lost(sql string, err error) error {
	unknown := ""
	switch word := firstWord(sql); word {
	case "COMMIT":
		unknown = "; whether the transaction was committed is unknown"
	case "SELECT", "ROLLBACK", "SHOW", "START", "BEGIN", "SAVEPOINT", "RELEASE":
	default:
		unknown = "; outside of a transaction, whether the statement was done is unknown"
	}
	return fmt.Errorf("mariadb: %w%s: %w", engine.ErrGone, unknown, err)
}

func firstWord(sql string) string {
	sql = strings.TrimSpace(sql)
	if i := strings.IndexAny(sql, " \t\r\n;"); i >= 0 {
		sql = sql[:i]
	}
	return strings.ToUpper(sql)
}

func unavailable(why string, err error) error {
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("mariadb: %s: %w", why, err)}
}

func tooLarge(err error) error {
	return &errs.Error{Kind: errs.TooLarge, Err: fmt.Errorf(
		"mariadb: the statement with its values is larger than the server's max_allowed_packet; send fewer rows at a time, or raise it: %w", err)}
}
