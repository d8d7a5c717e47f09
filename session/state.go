package session

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/keys"
)

// state is what one request knows of its session. It is changed here only;
// the driver hears of it once, when the request is answered (see stage.go).
type state struct {
	m      *manager
	c      *ashlar.Ctx
	loaded []byte // the CSRF secret of the session that came with the request

	mu       sync.Mutex // goroutines of the request may share the session
	cookie   string     // that came with the request; "" when the session is a new one
	record   *Record    // nil: no session
	touched  map[string]bool
	rotate   bool
	asked    bool   // for a session, even if it holds nothing
	ended    string // the cookie of the session that was destroyed
	flashes  int    // added by this request
	personal bool   // the answer is marked
	closed   bool   // stored or given up: nothing changes any more
}

type stateKey struct{}

func from(ctx context.Context) (*state, bool) {
	s, ok := ctx.Value(stateKey{}).(*state)
	return s, ok
}

// use is from for what cannot do without. The exported functions call it
// themselves: its error names their caller.
func use(ctx context.Context) (*state, error) {
	if s, ok := from(ctx); ok {
		return s, nil
	}
	return nil, errOutside()
}

// now returns the time as drivers can store it.
func (s *state) now() time.Time { return s.c.Now().UTC().Truncate(time.Microsecond) }

// read notes that the answer depends on the session, even if there is none:
// the page for visitors without one is not for those with one.
func (s *state) read() {
	if !s.personal && !s.closed {
		s.personal = true
		s.c.Personal()
	}
}

func (s *state) get(key string) (json.RawMessage, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read()
	if s.record == nil {
		return nil, false
	}
	raw, ok := s.record.Values[key]
	return raw, ok
}

// begin makes a session if there is none.
func (s *state) begin() {
	s.read()
	if s.record == nil {
		s.record = &Record{Ref: keys.Token(16), Created: s.now(), Values: Values{}}
	}
}

func (s *state) set(key string, raw json.RawMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.setLocked(key, raw)
}

func (s *state) setLocked(key string, raw json.RawMessage) error {
	if s.closed {
		return ErrSent
	}
	s.begin()
	old, had := s.record.Values[key]
	s.record.Values[key] = raw
	if err := s.record.Values.fits(key, s.m.driver.Limit()); err != nil && len(raw) > len(old) {
		delete(s.record.Values, key)
		if had {
			s.record.Values[key] = old
		}
		return err
	}
	s.touch(key)
	return nil
}

func (s *state) remove(key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrSent
	}
	if s.record != nil {
		s.removeLocked(key)
	}
	return nil
}

func (s *state) removeLocked(key string) {
	if _, ok := s.record.Values[key]; ok {
		delete(s.record.Values, key)
		s.touch(key)
	}
}

func (s *state) touch(key string) {
	if s.touched == nil {
		s.touched = map[string]bool{}
	}
	s.touched[key] = true
}

// ref returns the reference of the session, if there is one.
func (s *state) ref() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read()
	if s.record == nil {
		return "", false
	}
	return s.record.Ref, true
}

// ask makes sure that there is a session and that it is stored, and renews it
// if rotate is set.
func (s *state) ask(rotate bool) (ref string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return "", ErrSent
	}
	s.begin()
	s.asked = true
	if rotate {
		s.rotate = true
		s.record.CSRF = []byte(keys.Token(16))
		s.c.SetCSRFSecret(s.record.CSRF)
	}
	return s.record.Ref, nil
}

// destroy forgets the session. What is set from here on begins another one.
func (s *state) destroy() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrSent
	}
	s.read()
	if s.cookie != "" {
		s.ended = s.cookie
	}
	s.cookie, s.record, s.touched, s.rotate, s.asked = "", nil, nil, false, false
	s.c.SetCSRFSecret(nil) // back to the visitor's own cookie
	return nil
}

// close ends all changes. It is false when that has happened already.
func (s *state) close() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.closed
	s.closed = true
	return !was
}

// change returns what is to be stored of the closed session at now, false if
// that is nothing.
func (s *state) change(now time.Time) (Change, bool) {
	if s.record == nil {
		return Change{}, false
	}
	changed := len(s.touched) > 0 || s.rotate
	due := now.Sub(s.record.Seen) >= s.m.config.Touch
	if s.cookie == "" { // a new one; what came and went leaves nothing behind
		changed, due = len(s.record.Values) > 0 || s.asked, false
	}
	if !changed && !due {
		return Change{}, false
	}
	c := Change{Record: *s.record, Touched: slices.Sorted(maps.Keys(s.touched)), Rotate: s.rotate}
	c.Record.Seen, c.Record.Expires = now, s.m.config.expires(s.record.Created, now)
	return c, true
}
