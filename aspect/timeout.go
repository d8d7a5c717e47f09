package aspect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar/errs"
)

// Timeout gives next a context that ends d after the call, or with the caller's
// own if that ends sooner. When the time of this aspect ran out and next
// returned an error that has no kind, the error becomes one of kind
// errs.Unavailable with the old one as its cause; context.DeadlineExceeded is
// in its chain. Errors that have a kind, and those of a deadline or a
// cancellation from outside, are returned as they are, and so is an output that
// came late.
//
// Timeout waits for next: an action that does not watch its context is not cut
// off. A d of 0 or less sets no limit.
func Timeout[I, O any](d time.Duration, next Func[I, O]) Func[I, O] {
	if d <= 0 {
		return next
	}
	return func(ctx context.Context, in I) (O, error) {
		// One cause for each call: in a nested call it tells whose time ran out.
		mine := &timeoutError{d}
		ctx, cancel := context.WithTimeoutCause(ctx, d, mine)
		defer cancel()
		out, err := next(ctx, in)
		if err == nil || context.Cause(ctx) != error(mine) || hasKind(err) {
			return out, err
		}
		var none O
		return none, errs.Unavailable.Wrap(fmt.Errorf("%w: %w", mine, err), "")
	}
}

// hasKind reports whether somebody chose a kind for err. A bare exceeded
// deadline counts as Unavailable without anybody having said so.
func hasKind(err error) bool {
	switch errs.KindOf(err) {
	case errs.Internal:
		return false
	case errs.Unavailable:
		return errors.Is(err, errs.Unavailable)
	}
	return true
}

// timeoutError is the cause of the contexts that Timeout ends.
type timeoutError struct{ limit time.Duration }

func (e *timeoutError) Error() string { return "aspect: stop after " + e.limit.String() }

// Unwrap lets context.Cause be asked what ctx.Err is asked.
func (e *timeoutError) Unwrap() error { return context.DeadlineExceeded }
