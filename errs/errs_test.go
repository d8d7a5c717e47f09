package errs_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// claims is an error type of another package that has a kind by its Is method.
type claims struct {
	kind  errs.Kind
	cause error
}

func (c claims) Error() string        { return "claims " + c.kind.Error() }
func (c claims) Is(target error) bool { return target == c.kind }
func (c claims) Unwrap() error        { return c.cause }

func TestKindOf(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	tests := []struct {
		name string
		err  error
		want errs.Kind
	}{
		{"nil", nil, errs.Internal},
		{"plain", cause, errs.Internal},
		{"kind alone", errs.Gone, errs.Gone},
		{"new", errs.NotFound.New("No such film."), errs.NotFound},
		{"wrapped below text", fmt.Errorf("load film: %w", errs.Conflict.Wrap(cause, "")), errs.Conflict},
		{"kind below text", fmt.Errorf("load film: %w", errs.Forbidden), errs.Forbidden},
		{"outer kind wins", errs.Internal.Wrap(errs.NotFound.New("x"), ""), errs.Internal},
		{"claimed by Is", fmt.Errorf("bind: %w", claims{kind: errs.Invalid}), errs.Invalid},
		{"claim before its cause", claims{errs.Invalid, errs.NotFound.New("x")}, errs.Invalid},
		{"claim of nothing known, then cause", claims{errs.Kind(200), errs.NotFound}, errs.NotFound},
		{"joined, left first", errors.Join(cause, claims{kind: errs.TooMany}, errs.NotFound.New("x")), errs.TooMany},
		{"list", errs.List{cause, errs.Timeout}, errs.Timeout},
		{"deadline", fmt.Errorf("query: %w", context.DeadlineExceeded), errs.Unavailable},
		{"deadline with a kind", errs.Conflict.Wrap(context.DeadlineExceeded, ""), errs.Conflict},
		{"cancelled", context.Canceled, errs.Internal},
		{"no file", fs.ErrNotExist, errs.Internal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want.Equal(t, errs.KindOf(tt.err), tt.want)
		})
	}
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	seen := map[string]errs.Kind{}
	for k := errs.Internal; k <= errs.Unavailable; k++ {
		name := k.Error()
		if other, twice := seen[name]; twice || name == "" || strings.HasPrefix(name, "kind ") {
			t.Errorf("got name %q for kind %d (also kind %d), want one of its own", name, k, other)
		}
		seen[name] = k
		want.Equal(t, errs.KindOf(fmt.Errorf("x: %w", claims{kind: k})), k)
		want.Err(t, k.New("Message."), k)
	}
	want.Equal(t, errs.Kind(200).Error(), "kind 200")
}

func TestIs(t *testing.T) {
	t.Parallel()
	cause := errors.New("unique constraint")
	err := fmt.Errorf("save: %w", errs.Conflict.Wrap(cause, "Somebody was faster."))
	want.Err(t, err, errs.Conflict)
	want.Err(t, err, cause)
	want.Equal(t, errors.Is(err, errs.NotFound), false)
	want.Equal(t, errs.NotFound.Wrap(nil, "x") == nil, true)
}

func TestErrorTextAndMessage(t *testing.T) {
	t.Parallel()
	cause := errors.New("pq: relation films")
	tests := []struct {
		name          string
		err           error
		text, message string
	}{
		{"new", errs.NotFound.New("No such film."), "No such film.", "No such film."},
		{"errorf", errs.TooLarge.Errorf("At most %d MB.", 5), "At most 5 MB.", "At most 5 MB."},
		{"wrap", errs.Conflict.Wrap(cause, "Reload."), "Reload.: pq: relation films", "Reload."},
		{"wrap without message", errs.Conflict.Wrap(cause, ""), "pq: relation films", ""},
		{"kind only", errs.Gone.New(""), "gone", ""},
		{"text around", fmt.Errorf("show: %w", errs.Gone.New("Sold.")), "show: Sold.", "Sold."},
		{"outer message hides inner", errs.Internal.Wrap(errs.Gone.New("Sold."), ""), "Sold.", ""},
		{"plain", cause, "pq: relation films", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want.Equal(t, tt.err.Error(), tt.text)
			want.Equal(t, errs.Message(tt.err), tt.message)
		})
	}
	want.Equal(t, errs.Message(nil), "")
}

func TestSetupText(t *testing.T) {
	t.Parallel()
	cause := errors.New("no such host")
	full := &errs.Setup{
		Code: "A1203", What: `module "jobs" needs *db.DB`, Where: "shop/main.go:31",
		Mend: "move db.Module up", Err: cause,
	}
	var list errs.List
	list.Add(full)
	list.Add(&errs.Setup{What: "two routes are alike"})
	list.Add(&errs.Setup{Err: cause, Mend: "ask the name server"})
	golden.Equal(t, "setup.txt", list.Error()+"\n")
	want.Err(t, list.Err(), cause)

	var s *errs.Setup
	want.Equal(t, errors.As(list.Err(), &s), true)
	want.Equal(t, s.Code, "A1203")
}

func TestList(t *testing.T) {
	t.Parallel()
	one, two, three := errors.New("one"), errors.New("two"), errors.New("three")

	var l errs.List
	l.Add(nil)
	want.Equal(t, l.Err(), nil)
	want.Equal(t, l.Error(), "no problems")

	l.Add(one)
	want.Equal(t, l.Err(), one)
	want.Equal(t, l.Error(), "one")

	l.Add(errs.List{two, three})
	want.Equal(t, l, errs.List{one, two, three})
	want.Equal(t, l.Err().Error(), "3 problems\n1. one\n2. two\n3. three")
	want.Err(t, fmt.Errorf("start: %w", l.Err()), three)
}

func place() string          { return errs.Caller(0) }
func placeAbove() string     { return placeSkip(1) }
func placeSkip(n int) string { return errs.Caller(n) }

func TestCaller(t *testing.T) {
	t.Parallel()
	got := place()
	want.Contains(t, got, "errs/errs_test.go:")
	// Both calls stand on one line, so one frame further up is the same place.
	here, above := place(), placeAbove()
	want.Equal(t, above, here)
	want.Equal(t, errs.Caller(1000), "unknown place")
}
