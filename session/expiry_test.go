package session_test

import (
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/keys"
	"github.com/ashlar-go/ashlar/session"
	"github.com/ashlar-go/ashlar/session/cookiestore"
)

func TestExpiry(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		o.config = session.Config{Idle: time.Hour, Absolute: 3 * time.Hour, Touch: time.Minute}
		s := start(t, o)
		v := s.visitor(t)
		v.get("/set/7")
		s.clock.pass(time.Hour - time.Microsecond)
		v.sees("/cart", "7") // in use: another hour
		s.clock.pass(time.Hour - time.Microsecond)
		v.sees("/cart", "7")
		s.clock.pass(time.Hour)
		v.sees("/cart", "none") // idle

		v.get("/set/8")
		for range 5 {
			s.clock.pass(35 * time.Minute)
			v.sees("/cart", "8")
		}
		s.clock.pass(5 * time.Minute)
		v.sees("/cart", "none") // 3 h, however busy
	})
}

// A use is noted once a minute, and the cookie is sent again when it is.
func TestTouch(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, o options) {
		s := start(t, o)
		v := s.visitor(t)
		a := v.send("GET", "/set/7", "")
		want.Equal(t, a.cookie.MaxAge, 7*24*60*60)
		s.clock.pass(time.Minute - time.Microsecond)
		if a := v.send("GET", "/plain", ""); a.cookie != nil {
			t.Errorf("within a minute: got cookie %v, want none", a.cookie)
		}
		s.clock.pass(time.Microsecond)
		a = v.send("GET", "/plain", "")
		if a.cookie == nil || a.cookie.MaxAge != 7*24*60*60 {
			t.Fatalf("after a minute: got cookie %v, want one for 7 days", a.cookie)
		}
		if a := v.send("GET", "/plain", ""); a.cookie != nil {
			t.Errorf("at once: got cookie %v, want none", a.cookie)
		}
		s.clock.pass(-time.Hour) // a clock that was set back does no harm
		v.sees("/cart", "7")
	})
}

// What the configuration has made stricter holds for sessions that are stored.
func TestStricterConfig(t *testing.T) {
	t.Parallel()
	o := options{store: cookiestore.Store, keys: keys.Generate()}
	v := start(t, o).visitor(t)
	v.get("/set/7")
	o.config = session.Config{Idle: time.Hour, Absolute: time.Hour}
	s := start(t, o)
	w := s.visitor(t)
	w.hold(v.cookie())
	w.sees("/cart", "7")
	s.clock.pass(time.Hour)
	w.hold(v.cookie())
	w.sees("/cart", "none")
}
