// Package errs gives errors a kind, a message that a visitor may read, and,
// for mistakes made while an application is put together, a place and a mend.
//
//	if film == nil {
//		return errs.NotFound.New("This film is not in the shop.")
//	}
//	if err := save(film); err != nil {
//		return errs.Conflict.Wrap(err, "Somebody else changed this film.")
//	}
//	…
//	if errors.Is(err, errs.NotFound) { … }
//
// A kind is for branching, a message is for the visitor, the wrapped error is
// for the log. Whatever carries no kind is [Internal]: its text never leaves
// the process in production.
//
// The package knows nothing of HTTP: package ashlar turns kinds into statuses,
// in one place (failure.go). It is not for stack traces; a panic has one, an
// error has its wrapping.
package errs
