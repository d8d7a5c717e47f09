package errs

import (
	"context"
	"errors"
	"fmt"
)

// A Kind says what sort of thing went wrong, so that callers branch on it and
// never on an error's text. A Kind is itself an error: errors.Is(err, NotFound)
// asks whether err is of that kind, and returning NotFound alone is enough
// where there is nothing more to say.
type Kind uint8

// The kinds. Each names the HTTP status that package ashlar answers with.
const (
	Internal         Kind = iota // 500: not the visitor's fault, not for the visitor's eyes
	Malformed                    // 400: the request cannot be read at all
	Unauthenticated              // 401: nobody knows who is asking
	Forbidden                    // 403: known, and not allowed
	NotFound                     // 404: there is no such thing
	MethodNotAllowed             // 405: the thing is there, but not for this method
	NotAcceptable                // 406: no representation that the client accepts
	Timeout                      // 408: the client took too long to send its request
	Conflict                     // 409: the thing is in a state that forbids this
	Gone                         // 410: there was such a thing
	TooLarge                     // 413: the request is over a limit
	Unsupported                  // 415: the request's media type is not understood
	Misdirected                  // 421: the host that was asked for is not served here
	Invalid                      // 422: the request can be read, and its fields break rules
	TooMany                      // 429: too many requests
	Unavailable                  // 503: not now; also when the time for an answer ran out
)

var kindNames = [...]string{
	Internal: "internal error", Malformed: "malformed request", Unauthenticated: "not signed in",
	Forbidden: "forbidden", NotFound: "not found", MethodNotAllowed: "method not allowed",
	NotAcceptable: "not acceptable", Timeout: "request timeout", Conflict: "conflict", Gone: "gone",
	TooLarge: "too large", Unsupported: "unsupported media type", Misdirected: "misdirected request",
	Invalid: "invalid", TooMany: "too many requests", Unavailable: "unavailable",
}

// Error returns the kind's name in lower case, such as "not found".
func (k Kind) Error() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// New returns an error of this kind. The message is shown to the visitor, so
// it is a sentence in the visitor's language and holds nothing private.
func (k Kind) New(message string) *Error { return &Error{Kind: k, Message: message} }

// Errorf is New with a format. What it formats is shown to the visitor.
// It does not wrap: use [Kind.Wrap] to keep a cause.
func (k Kind) Errorf(format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an error of this kind that keeps err as its cause, for the log
// and for errors.Is and errors.As. The message is shown to the visitor, err
// never is. Wrap returns nil when err is nil.
func (k Kind) Wrap(err error, message string) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: k, Message: message, Err: err}
}

// KindOf returns the kind of the first error in err's tree that has one, in the
// order of errors.Is: an error before its causes, joined errors from left to
// right. An error has a kind when it is an [*Error] or a [Kind], or when its Is
// method claims one, as that of validate.Errors does. An exceeded deadline
// without a kind is [Unavailable]; everything else without a kind, nil
// included, is [Internal].
func KindOf(err error) Kind {
	if k, ok := firstKind(err); ok {
		return k
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}

// firstKind is one walk rather than an errors.As for each way of having a
// kind: the outer error decides, however it carries its kind.
func firstKind(err error) (Kind, bool) {
	for err != nil {
		switch e := err.(type) {
		case *Error:
			return e.Kind, true
		case Kind:
			return e, true
		case interface{ Is(error) bool }:
			for _, k := range claimable {
				if e.Is(k) {
					return k, true
				}
			}
		}
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			for _, cause := range e.Unwrap() {
				if k, ok := firstKind(cause); ok {
					return k, true
				}
			}
			return Internal, false
		default:
			return Internal, false
		}
	}
	return Internal, false
}

// claimable lists the kinds that other packages' error types may claim through
// an Is method; whoever claims nothing is Internal already.
var claimable = [...]Kind{
	Invalid, NotFound, Conflict, Malformed, Forbidden, Unauthenticated, TooLarge,
	Unsupported, Misdirected, NotAcceptable, MethodNotAllowed, Timeout, Gone, TooMany, Unavailable,
}
