package session

import (
	"errors"
	"fmt"

	"github.com/ashlar-go/ashlar/errs"
)

// ErrNone says that a cookie stands for no session: it is unknown, expired,
// altered, or its session has been destroyed. Drivers return it.
var ErrNone = errors.New("session: no such session")

// ErrSent says that a session was to be changed after its request was answered,
// or, for a stream, after the head of the answer was sent.
var ErrSent = errors.New("session: the answer has been sent; change the session before that")

// A LimitError says that a value was not set because the session would have
// become larger than its driver or this package allows. It is for the
// programmer, not for the visitor: without care it is an internal error.
type LimitError struct {
	Key   string // that was to be set
	What  string // "bytes" or "keys"
	Got   int    // what the session would hold
	Limit int    // what it may hold
}

// Error names the key and the limit.
func (e *LimitError) Error() string {
	return fmt.Sprintf("session: set %q: the session would hold %d %s, %d at most; keep an id here and the rest in the database",
		e.Key, e.Got, e.What, e.Limit)
}

// errOutside is the error of a context without a session. It names the caller
// of the exported function that called use.
func errOutside() error {
	return &errs.Setup{
		Code:  "A1701",
		What:  "session: no session in this context",
		Where: errs.Caller(2),
		Mend:  "list session.Module in the app and pass the request's context on; commands, jobs and background services have no session",
	}
}

// errEnded tells the visitor that what was set could not be kept.
func errEnded() error {
	return errs.Conflict.Wrap(ErrNone, "Your session was ended or renewed by another request. Please try again.")
}
