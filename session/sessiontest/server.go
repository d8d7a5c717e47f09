package sessiontest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/ashlar-go/ashlar/session"
)

func rotateEnds(s *suite) {
	c := fresh("a", `1`)
	old := s.save("", c)
	c.Rotate = true
	next := s.save(old, c)
	s.none("the cookie from before", old, now)
	s.holds(next, `{"a":1}`)
}

func deleteEnds(s *suite) {
	cookie, other := s.save("", fresh("a", `1`)), s.save("", fresh("a", `2`))
	for range 2 { // the second time there is nothing to delete
		if err := s.Delete(s.ctx, cookie); err != nil {
			s.Fatal(err)
		}
		s.none("the deleted one", cookie, now)
	}
	s.holds(other, `{"a":2}`)
}

func merge(s *suite) {
	loaded := fresh("a", `1`, "b", `2`, "c", `3`)
	cookie := s.save("", loaded)
	// Two requests that began with the same values.
	s.save(cookie, with(loaded, "a", `"first"`, "c", "", "d", `4`))
	s.save(cookie, with(loaded, "b", `"second"`))
	s.holds(cookie, `{"a":"first","b":"second","d":4}`)
	// A request that changes nothing stores none of what it loaded.
	s.save(cookie, with(loaded))
	s.holds(cookie, `{"a":"first","b":"second","d":4}`)
}

func mergeParallel(s *suite) {
	loaded := fresh("n", `0`)
	cookie := s.save("", loaded)
	const writers = 20
	failed := make([]error, writers)
	var done sync.WaitGroup
	for i := range writers {
		done.Go(func() {
			_, failed[i] = s.Save(s.ctx, cookie, with(loaded, fmt.Sprintf("k%02d", i), `true`), now)
		})
	}
	done.Wait()
	if err := errors.Join(failed...); err != nil {
		s.Fatal(err)
	}
	if got := len(s.load(cookie).Values); got != writers+1 {
		s.Errorf("got %d values, want %d: a writer was lost", got, writers+1)
	}
}

func mergeLimit(s *suite) {
	loaded := fresh()
	cookie := s.save("", loaded)
	half := `"` + strings.Repeat("x", s.Limit()/2) + `"`
	s.save(cookie, with(loaded, "a", half))
	var tooLarge *session.LimitError
	if _, err := s.Save(s.ctx, cookie, with(loaded, "b", half, "small", `1`), now); !errors.As(err, &tooLarge) || tooLarge.Key != "b" {
		s.Errorf("got error %v, want a *LimitError that names the larger key", err)
	}
	s.holds(cookie, `{"a":`+half+`}`)
	s.save(cookie, with(loaded, "a", ""))
	s.holds(cookie, `{}`)
}

func sweep(s *suite) {
	const over = 250 // more than a batch
	for i := range over {
		c := fresh("a", `1`)
		c.Record.Expires = now.Add(-time.Duration(i) * time.Minute) // the first: this very moment
		s.save("", c)
	}
	alive := s.save("", fresh("a", `2`))
	for _, want := range []int64{over, 0} {
		if n, err := s.Sweep(s.ctx, now); err != nil || n != want {
			s.Errorf("got %d removed, error %v; want %d", n, err, want)
		}
	}
	s.holds(alive, `{"a":2}`)
}

func canceled(s *suite) {
	c := fresh("a", `1`)
	cookie := s.save("", c)
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, loadErr := s.Load(ctx, cookie, now)
	_, saveErr := s.Save(ctx, cookie, with(c, "a", `2`), now)
	_, sweepErr := s.Sweep(ctx, now.AddDate(1, 0, 0))
	for what, err := range map[string]error{"load": loadErr, "save": saveErr, "delete": s.Delete(ctx, cookie), "sweep": sweepErr} {
		if !errors.Is(err, context.Canceled) {
			s.Errorf("%s: got error %v, want context.Canceled", what, err)
		}
	}
	s.holds(cookie, `{"a":1}`)
}

func nothing(s *suite) {
	cookie := s.save("", fresh("a", `1`))
	if err := s.Delete(s.ctx, cookie); err != nil {
		s.Error(err)
	}
	if n, err := s.Sweep(s.ctx, now.AddDate(1, 0, 0)); err != nil || n != 0 {
		s.Errorf("got %d removed, error %v; want 0", n, err)
	}
	s.holds(cookie, `{"a":1}`)
}
