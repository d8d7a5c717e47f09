package ashlartest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/internal/queries"
)

// MaxQueries is how many queries a request may make, or all that is done with
// a context. More fail the test, with a list of them and their places:
//
//	visitor.Get("/films", ashlartest.MaxQueries(3))
//
//	out, err := List(ashlartest.MaxQueries(3).Within(t, ctx), ListIn{})
//
// What begins and ends a transaction is not counted; each statement that With
// needs is.
type MaxQueries int

// Within returns a context whose queries are counted until the test ends.
func (n MaxQueries) Within(t testing.TB, ctx context.Context) context.Context {
	t.Helper()
	return within(t, ctx, &limit{most: int(n)})
}

func (n MaxQueries) apply(a *asking) { a.limits = append(a.limits, &limit{most: int(n)}) }

// MaxRepeats is how often one place in the code may run the same query, in a
// request or with a context. More fail the test: it is a loop over rows whose
// relation was not loaded, and the message names the With that is missing. As
// an option of [Start] it holds for every request:
//
//	visitor := ashlartest.Start(t, reel(config()), ashlartest.MaxRepeats(1))
//
// What With and an Insert of many rows send by themselves is no repetition.
type MaxRepeats int

// Within returns a context whose queries are watched until the test ends.
func (n MaxRepeats) Within(t testing.TB, ctx context.Context) context.Context {
	t.Helper()
	return within(t, ctx, &limit{most: int(n), repeats: true})
}

func (n MaxRepeats) apply(a *asking) {
	a.limits = append(a.limits, &limit{most: int(n), repeats: true})
}

// A limit is a MaxQueries or a MaxRepeats, and what was done under it.
type limit struct {
	most    int
	repeats bool
	log     queries.Log
}

// limitsKey is the key of the limits in a context.
type limitsKey struct{}

// bound returns ctx with more limits than it has.
func bound(ctx context.Context, more ...*limit) context.Context {
	had, _ := ctx.Value(limitsKey{}).([]*limit)
	return context.WithValue(ctx, limitsKey{}, append(had[:len(had):len(had)], more...))
}

// note is the hook of a database: it counts what is done under l.
func (l *limit) note(ctx context.Context, e db.QueryEvent) {
	limits, _ := ctx.Value(limitsKey{}).([]*limit)
	if e.Control || !slices.Contains(limits, l) {
		return
	}
	l.log.Add(queries.Query{SQL: queries.Short(e.SQL), Args: e.Args, At: e.Caller, Table: e.Table,
		Rows: e.Rows, Took: e.Duration, Part: e.Part, Loop: e.Loop, Mend: e.Mend})
}

func within(t testing.TB, ctx context.Context, l *limit) context.Context {
	t.Helper()
	d, err := db.FromContext(ctx)
	if err != nil {
		t.Fatalf("count queries: %v", err)
	}
	t.Cleanup(d.Watch(l.note))
	t.Cleanup(func() { l.check(t, t.Name()) })
	return bound(ctx, l)
}

// check fails t if there was more than l allows.
func (l *limit) check(t testing.TB, what string) {
	t.Helper()
	if l.repeats {
		for _, r := range l.log.Repeats(l.most) {
			t.Errorf("%s: %s", what, repeated(&r))
		}
		return
	}
	if got := l.log.Len(); got > l.most {
		var b strings.Builder
		for _, r := range l.log.Repeats(max(1, l.most)) {
			b.WriteString(repeated(&r) + "\n")
		}
		t.Errorf("%s: got %d queries, want %d at most:\n%s%s", what, got, l.most, l.log.String(), b.String())
	}
}

func repeated(r *queries.Repeat) string {
	text := fmt.Sprintf("the same query %d times, at %s:\n      %s", r.Times, r.Where(), r.SQL)
	if mend := r.Advice(); mend != "" {
		text += "\n      mend: " + mend
	}
	return text
}

// watchField is the field of a request that names its limits, on the way to
// the server.
const watchField = "Ashlartest-Limits"

// watches are the limits of the requests that are under way.
type watches struct {
	mu     sync.Mutex
	number int
	limits map[string][]*limit
}

// watch puts limits on a request to be sent, and returns what ends them.
func (s *site) watch(r *http.Request, limits []*limit) (end func(), err error) {
	d, err := db.FromContext(s.app.Load().Context(r.Context()))
	if err != nil {
		return nil, fmt.Errorf("count queries: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limits == nil {
		s.limits = map[string][]*limit{}
	}
	s.number++
	name := strconv.Itoa(s.number)
	s.limits[name] = limits
	r.Header.Set(watchField, name)
	var stops []func()
	for _, l := range limits {
		stops = append(stops, d.Watch(l.note))
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}, nil
}

// limited returns the request with the limits that it was sent with.
func (s *site) limited(r *http.Request) *http.Request {
	name := r.Header.Get(watchField)
	if name == "" {
		return r
	}
	r.Header.Del(watchField)
	s.mu.Lock()
	limits := s.limits[name]
	delete(s.limits, name)
	s.mu.Unlock()
	return r.WithContext(bound(r.Context(), limits...))
}

// errRollback ends the transaction of [Rollback].
var errRollback = errors.New("ashlartest: the test has ended")

// Rollback returns a context in a transaction that is rolled back when the test
// ends: what the test writes is seen by itself alone, and leaves nothing. It is
// for tests that call functions; a visitor's requests are not part of it, and
// what waits for a commit ([db.AfterCommit]) is not done. On SQLite one such
// test runs at a time, since others wait to write; see [Databases] for tests
// that run side by side.
func Rollback(t testing.TB, ctx context.Context) context.Context {
	t.Helper()
	begun := make(chan context.Context)
	over, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- db.Tx(context.WithoutCancel(ctx), func(ctx context.Context) error {
			begun <- ctx
			<-over
			return errRollback
		})
	}()
	select {
	case in := <-begun:
		t.Cleanup(func() {
			close(over)
			if err := <-ended; err != errRollback { //nolint:errorlint // Tx returns it as it is
				t.Errorf("roll back what the test wrote: %v", err)
			}
		})
		return in
	case err := <-ended:
		t.Fatalf("begin a transaction for the test: %v", err)
		return nil
	}
}
