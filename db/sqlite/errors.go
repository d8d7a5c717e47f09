package sqlite

import (
	"context"
	"fmt"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// A Code is a result code of SQLite's, see https://www.sqlite.org/rescode.html.
// The constants are primary codes and work as errors:
//
//	if errors.Is(err, sqlite.Full) { … }
//
// holds for every extended code of theirs too.
type Code int32

// The codes of what can go wrong while a program is right.
const (
	Busy        Code = 5  // another process holds the database, longer than db.Config.BusyTimeout
	NoMemory    Code = 7  // of this process
	ReadOnly    Code = 8  // the file or its folder cannot be written
	IOErr       Code = 10 // the disk or its file system reported an error
	Corrupt     Code = 11 // the file is damaged
	Full        Code = 13 // the disk is full
	CantOpen    Code = 14 // the file, or one of those beside it
	TooBig      Code = 18 // a value of more than 1,000,000,000 bytes
	NotDatabase Code = 26 // the file is of another kind
)

const (
	codeInternal   Code = 2
	codeLocked     Code = 6
	codeInterrupt  Code = 9
	codeProtocol   Code = 15
	codeConstraint Code = 19
	codeMisuse     Code = 21
	codeRow        Code = 100
	codeDone       Code = 101

	codeBusySnapshot = Busy | 2<<8
	codeMoved        = ReadOnly | 4<<8

	codeCheck      = codeConstraint | 1<<8
	codeForeignKey = codeConstraint | 3<<8
	codeNotNull    = codeConstraint | 5<<8
	codePrimaryKey = codeConstraint | 6<<8
	codeUnique     = codeConstraint | 8<<8
	codeRowID      = codeConstraint | 10<<8
)

// Error names c by its number.
func (c Code) Error() string { return fmt.Sprintf("sqlite: result code %d", int32(c)) }

func (c Code) primary() Code { return c & 0xff }

// An Error is what SQLite itself said. It is found in the errors of package db
// by errors.As, for its extended code.
type Error struct {
	Code    Code // extended
	Message string
}

// Error returns SQLite's message and code.
func (e *Error) Error() string { return fmt.Sprintf("%s (%d)", e.Message, int32(e.Code)) }

// Is reports whether target is the error's code, whole or primary.
func (e *Error) Is(target error) bool {
	c, ok := target.(Code)
	return ok && (c == e.Code || c == e.Code.primary())
}

// translate turns SQLite's errors into those that package engine promises, and
// marks the session where it is in doubt afterwards.
func (s *session) translate(ctx context.Context, err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	if e.Code == codeMoved {
		s.broken = true
	}
	switch e.Code.primary() {
	case IOErr, Corrupt, NotDatabase, CantOpen, NoMemory, codeProtocol, codeMisuse, codeInternal:
		s.broken = true
	case codeInterrupt:
		if ended := ctx.Err(); ended != nil {
			return ended
		}
		if s.handle.late.Load() {
			return unavailable("the statement took longer than Config.StatementTimeout lets it", e)
		}
	case codeConstraint:
		return constraint(e)
	}
	return explain(e, s.write)
}

// explain adds to e what it means for who runs the program.
func explain(e *Error, write bool) error {
	switch e.Code.primary() {
	case Busy:
		if e.Code == codeBusySnapshot {
			return fmt.Errorf("sqlite: another process wrote after this transaction began to read: %w: %w", engine.ErrRetry, e)
		}
		return unavailable("another process holds the database", e)
	case codeProtocol:
		return unavailable("other processes hold the database", e)
	case codeLocked:
		return fmt.Errorf("sqlite: rows that are not closed, or a statement that still runs, use the table: %w", e)
	case ReadOnly:
		switch {
		case e.Code == codeMoved:
			return fmt.Errorf("sqlite: the file was moved or removed while it was open: %w: %w", engine.ErrGone, e)
		case !write:
			return fmt.Errorf("%w: %w", errReader, e)
		}
		return unavailable("the file or its folder cannot be written", e)
	case Full:
		return unavailable("the disk is full", e)
	case IOErr:
		return unavailable("the disk or its file system reports an error", e)
	case Corrupt:
		return unavailable("the file is damaged: put a copy from your backup in its place", e)
	case NotDatabase:
		return unavailable("the file is not an SQLite database", e)
	case CantOpen:
		return unavailable("the file, or one that SQLite keeps beside it, cannot be opened", e)
	case NoMemory:
		return unavailable("out of memory", e)
	case TooBig:
		return &errs.Error{Kind: errs.TooLarge, Err: fmt.Errorf("sqlite: a value or a statement is too long: %w", e)}
	}
	return e
}

func unavailable(why string, err error) error {
	return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("sqlite: %s: %w", why, err)}
}
