package aspect_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ashlar-go/ashlar/aspect"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// work returns an action that takes d, unless its context ends sooner, and
// then returns what end makes of the context's error.
func work(d time.Duration, end func(error) error) aspect.Func[string, string] {
	return func(ctx context.Context, in string) (string, error) {
		select {
		case <-time.After(d):
			return "done " + in, nil
		case <-ctx.Done():
			return "half " + in, end(ctx.Err())
		}
	}
}

func asIs(err error) error { return err }

var errInterrupted = errors.New("interrupted (9)")

func TestTimeout(t *testing.T) {
	t.Parallel()
	conflict := errs.Conflict.New("Somebody was faster.")
	tests := []struct {
		name  string
		takes time.Duration
		limit time.Duration
		end   func(error) error
		out   string
		kind  errs.Kind
		cause error
		text  string
	}{
		{name: "in time", takes: time.Second, limit: 2 * time.Second, end: asIs, out: "done a"},
		{name: "no limit", takes: time.Hour, limit: 0, end: asIs, out: "done a"},
		{
			name: "late", takes: time.Hour, limit: 2 * time.Second, end: asIs,
			kind: errs.Unavailable, cause: context.DeadlineExceeded,
			text: "aspect: stop after 2s: context deadline exceeded",
		},
		{
			name: "late, said in a driver's words", takes: time.Hour, limit: time.Second,
			end:  func(error) error { return errInterrupted },
			kind: errs.Unavailable, cause: errInterrupted,
			text: "aspect: stop after 1s: interrupted (9)",
		},
		{
			name: "late, with a kind", takes: time.Hour, limit: time.Second,
			end: func(error) error { return conflict },
			out: "half a", kind: errs.Conflict, cause: conflict, text: "Somebody was faster.",
		},
		{
			name: "late, and successful", takes: time.Hour, limit: time.Second,
			end: func(error) error { return nil }, out: "half a",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				out, err := aspect.Timeout(tt.limit, work(tt.takes, tt.end))(t.Context(), "a")
				want.Equal(t, out, tt.out)
				if tt.text == "" {
					want.NoErr(t, err)
					return
				}
				want.Err(t, err, tt.kind)
				want.Err(t, err, tt.cause)
				want.Equal(t, err.Error(), tt.text)
				if tt.kind == errs.Unavailable {
					want.Err(t, err, context.DeadlineExceeded)
					want.Equal(t, errs.Message(err), "")
				}
			})
		})
	}
}

// Only the aspect whose time ran out speaks.
func TestTimeoutOfAnother(t *testing.T) {
	t.Parallel()
	stop := errors.New("client left")
	tests := []struct {
		name string
		ctx  func(context.Context) (context.Context, context.CancelFunc)
		want error
		kept bool // the error is returned as it is
	}{
		{"caller's deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		}, context.DeadlineExceeded, true},
		{"caller's cancellation", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(time.Second, func() { cancel(stop) })
			return ctx, func() { cancel(nil) }
		}, context.Canceled, true},
		{"caller's later deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Minute)
		}, errs.Unavailable, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := tt.ctx(t.Context())
				defer cancel()
				_, err := aspect.Timeout(2*time.Second, work(time.Hour, asIs))(ctx, "a")
				want.Err(t, err, tt.want)
				want.Equal(t, err == tt.want, tt.kept)
			})
		})
	}
}

func TestTimeoutNested(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ outer, inner, first time.Duration }{
		{time.Second, time.Minute, time.Second},
		{time.Minute, time.Second, time.Second},
	} {
		t.Run(fmt.Sprint(tt.outer, " around ", tt.inner), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				_, err := aspect.Timeout(tt.outer, aspect.Timeout(tt.inner, work(time.Hour, asIs)))(t.Context(), "a")
				want.Equal(t, time.Since(begin), tt.first)
				want.Equal(t, err.Error(), "aspect: stop after 1s: context deadline exceeded")
				want.Err(t, err, errs.Unavailable)
			})
		})
	}
}

// One wrapped action calls itself: the outer call's time is not the inner's.
func TestTimeoutReentered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var inner error
		var act aspect.Func[int, int]
		act = aspect.Timeout(2*time.Second, func(ctx context.Context, depth int) (int, error) {
			if depth == 0 {
				<-ctx.Done()
				return 0, ctx.Err()
			}
			time.Sleep(time.Second) // synctest's clock
			_, inner = act(ctx, depth-1)
			return 0, inner
		})
		_, err := act(t.Context(), 1)
		want.Equal(t, inner == context.DeadlineExceeded, true)
		want.Err(t, err, errs.Unavailable)
	})
}

// The context given to next is released when next returns.
func TestTimeoutReleases(t *testing.T) {
	t.Parallel()
	var kept context.Context
	act := aspect.Timeout(time.Hour, func(ctx context.Context, _ struct{}) (struct{}, error) {
		kept = ctx
		_, has := ctx.Deadline()
		want.Equal(t, has, true)
		return struct{}{}, ctx.Err()
	})
	_, err := act(t.Context(), struct{}{})
	want.NoErr(t, err)
	want.Err(t, kept.Err(), context.Canceled)
}
