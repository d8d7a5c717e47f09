package errs

import "errors"

// An Error is a failure with a kind. Values are not changed after they were
// returned, so they may be shared between goroutines.
type Error struct {
	Kind    Kind
	Message string // for the visitor; empty means the kind's standard message
	Err     error  // the cause, for the log; may be nil
}

// Error returns the text for the log: the message, then the cause.
func (e *Error) Error() string {
	switch {
	case e.Err == nil && e.Message == "":
		return e.Kind.Error()
	case e.Err == nil:
		return e.Message
	case e.Message == "":
		return e.Err.Error()
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is this error's kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// Message returns the message in err's chain that was chosen for visitors, or
// "" when there is none. The texts of wrapped causes are never part of it.
func Message(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}
