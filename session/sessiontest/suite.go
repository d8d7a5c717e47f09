package sessiontest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
)

// A Sort says where a driver keeps sessions.
type Sort uint8

const (
	// Server drivers keep them where the app does: they merge, revoke and sweep.
	Server Sort = iota
	// Client drivers keep them with the visitor, and can do none of these.
	Client
)

// An Open returns a driver without any sessions, and the context to call it
// with.
type Open func(t *testing.T) (context.Context, session.Driver)

// Run runs all tests that the sort of driver has to pass.
func Run(t *testing.T, sort Sort, open Open) {
	tests := []struct {
		name string
		only []Sort
		run  func(*suite)
	}{
		{"round trip", nil, roundTrip},
		{"unknown cookies", nil, unknown},
		{"every altered byte", nil, altered},
		{"expiry", nil, expiry},
		{"change", nil, change},
		{"rotate", nil, rotate},
		{"limit", nil, limit},
		{"change is left alone", nil, untouched},
		{"rotate ends the old cookie", []Sort{Server}, rotateEnds},
		{"delete", []Sort{Server}, deleteEnds},
		{"merge", []Sort{Server}, merge},
		{"merge in parallel", []Sort{Server}, mergeParallel},
		{"merge over the limit", []Sort{Server}, mergeLimit},
		{"sweep", []Sort{Server}, sweep},
		{"canceled context", []Sort{Server}, canceled},
		{"delete and sweep do nothing", []Sort{Client}, nothing},
	}
	for _, test := range tests {
		if test.only != nil && !slices.Contains(test.only, sort) {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, d := open(t)
			test.run(&suite{t, ctx, d})
		})
	}
}

// now is when the tests take place.
var now = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

type suite struct {
	*testing.T
	ctx context.Context
	session.Driver
}

// fresh returns a session that lasts an hour, with values given as key, JSON,
// key, JSON …
func fresh(pairs ...string) session.Change {
	r := session.Record{Ref: keys.Token(16), CSRF: []byte(keys.Token(16)), Created: now, Seen: now,
		Expires: now.Add(time.Hour), Values: session.Values{}}
	c := session.Change{Record: r}
	return with(c, pairs...)
}

// with returns c with values set by a later request; JSON "" deletes.
func with(c session.Change, pairs ...string) session.Change {
	c.Record.Values, c.Touched, c.Rotate = maps.Clone(c.Record.Values), nil, false
	for i := 0; i < len(pairs); i += 2 {
		if c.Touched = append(c.Touched, pairs[i]); pairs[i+1] == "" {
			delete(c.Record.Values, pairs[i])
		} else {
			c.Record.Values[pairs[i]] = json.RawMessage(pairs[i+1])
		}
	}
	slices.Sort(c.Touched)
	return c
}

func (s *suite) save(cookie string, c session.Change) string {
	s.Helper()
	next, err := s.Save(s.ctx, cookie, c, now)
	if err != nil {
		s.Fatalf("save: %v", err)
	}
	if next == "" || strings.Trim(next, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		s.Fatalf("got cookie %q, want letters, digits, - and _", next)
	}
	return next
}

func (s *suite) load(cookie string) session.Record {
	s.Helper()
	r, err := s.Load(s.ctx, cookie, now)
	if err != nil {
		s.Fatalf("load: %v", err)
	}
	return *r
}

// none fails unless the cookie stands for no session, neither to load nor to
// save.
func (s *suite) none(what, cookie string, at time.Time) {
	s.Helper()
	if _, err := s.Load(s.ctx, cookie, at); !errors.Is(err, session.ErrNone) {
		s.Errorf("load %s: got error %v, want ErrNone", what, err)
	}
	if cookie == "" {
		return // begins a session
	}
	if _, err := s.Save(s.ctx, cookie, fresh("a", "1"), at); !errors.Is(err, session.ErrNone) {
		s.Errorf("save %s: got error %v, want ErrNone", what, err)
	}
}

// holds fails unless the session of the cookie has these values, as JSON.
func (s *suite) holds(cookie, want string) {
	s.Helper()
	got, err := json.Marshal(s.load(cookie).Values)
	if err != nil {
		s.Fatal(err)
	}
	if string(got) != want {
		s.Errorf("got values %s, want %s", got, want)
	}
}

func same(t testing.TB, got, want session.Record) {
	t.Helper()
	if got.Ref != want.Ref || string(got.CSRF) != string(want.CSRF) ||
		got.Created != want.Created || got.Seen != want.Seen || got.Expires != want.Expires {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
