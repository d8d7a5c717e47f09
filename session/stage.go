package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
)

// saveTime bounds the work of the driver at the end of a request. The request's
// own time may be over by then, or the client gone: what it did is stored all
// the same.
const saveTime = 5 * time.Second

// run is the stage: it loads the session, runs the rest of the road, and
// stores what that changed, once. A whole answer waits meanwhile, so that an
// error can still replace it. A stream does not: the session is stored before
// its head leaves, and an error can only be logged.
func (m *manager) run(c *ashlar.Ctx) error {
	s, err := m.load(c)
	if err != nil {
		return err
	}
	c.Set(stateKey{}, s)
	c.BeforeHeader(func(c *ashlar.Ctx) {
		if broke(c.Failure()) { // behind a net/http middleware, whose answer this is
			s.giveUp(c)
			return
		}
		if err := s.finish(c); err != nil {
			c.Log().Error("session not stored", "error", err)
		}
	})
	returned := false
	defer func() {
		if !returned { // a panic
			s.giveUp(c)
		}
	}()
	err = c.Next()
	returned = true
	if broke(err) || broke(c.Failure()) { // the latter: answered behind a net/http middleware
		s.giveUp(c)
		return err
	}
	storeErr := s.finish(c)
	if err != nil && storeErr != nil {
		c.Log().Error("session not stored", "error", storeErr)
		return err
	}
	return errors.Join(err, storeErr)
}

// broke reports whether err is an internal error: what the request did is then
// not to be kept.
func broke(err error) bool { return err != nil && errs.KindOf(err) == errs.Internal }

// load returns the state of a request, with the session that its cookie stands
// for. A cookie that stands for none is left alone: another request may be
// about to replace it.
func (m *manager) load(c *ashlar.Ctx) (*state, error) {
	s := &state{m: m, c: c}
	cookie, ok := c.Cookie(cookieName(c))
	if !ok {
		return s, nil
	}
	s.read()
	now := s.now()
	r, err := m.driver.Load(c, cookie, now)
	if errors.Is(err, ErrNone) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("session: load: %w", err)
	}
	if !now.Before(m.config.expires(r.Created, r.Seen)) { // the configuration has become stricter
		return s, nil
	}
	s.cookie, s.record, s.loaded = cookie, r, r.CSRF
	if r.Values == nil {
		r.Values = Values{}
	}
	c.SetCSRFSecret(r.CSRF)
	return s, nil
}

// finish stores the session and sets the cookie, if that has not been done.
func (s *state) finish(c *ashlar.Ctx) error {
	if !s.close() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c), saveTime)
	defer cancel()
	ended, err := s.end(ctx)
	if err == nil {
		err = s.save(ctx, c, &ended)
	}
	if ended {
		s.unsetCookie(c)
	}
	if err != nil {
		s.revertCSRF(c)
	}
	return err
}

// giveUp ends the session of a request that ended in an internal error. What it
// changed is forgotten, but for a sign-out.
func (s *state) giveUp(c *ashlar.Ctx) {
	if !s.close() {
		return
	}
	s.revertCSRF(c)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c), saveTime)
	defer cancel()
	ended, err := s.end(ctx)
	if err != nil {
		c.Log().Error("session not destroyed", "error", err)
	}
	if ended {
		s.unsetCookie(c)
	}
}

// end removes the session that the request destroyed, if it did.
func (s *state) end(ctx context.Context) (bool, error) {
	if s.ended == "" {
		return false, nil
	}
	if err := s.m.driver.Delete(ctx, s.ended); err != nil {
		return false, fmt.Errorf("session: destroy: %w", err)
	}
	return true, nil
}

// save stores what the request changed. It unsets ended when the cookie of the
// destroyed session was replaced.
func (s *state) save(ctx context.Context, c *ashlar.Ctx, ended *bool) error {
	now := s.now()
	change, ok := s.change(now)
	if !ok {
		return nil
	}
	if change.Record.CSRF == nil {
		// The secret so far stays good: forms in the visitor's other tabs have
		// tokens made from it.
		change.Record.CSRF = c.CSRFSecret()
		c.SetCSRFSecret(change.Record.CSRF)
	}
	cookie, err := s.m.driver.Save(ctx, s.cookie, change, now)
	switch {
	case err == nil:
		s.setCookie(c, cookie, change.Record.Expires.Sub(now))
		*ended = false
		return nil
	case errors.Is(err, ErrNone) && !change.sets():
		return nil // it ended meanwhile, and nothing is lost
	case errors.Is(err, ErrNone):
		return errEnded()
	case len(change.Touched) == 0 && !change.Rotate && s.cookie != "":
		c.Log().Warn("session in use, not noted", "error", err)
		return nil // no reason to keep the page from the visitor
	}
	return fmt.Errorf("session: store: %w", err)
}

// revertCSRF makes the tokens of an error page fit what is stored.
func (s *state) revertCSRF(c *ashlar.Ctx) {
	if s.ended != "" {
		c.SetCSRFSecret(nil)
		return
	}
	c.SetCSRFSecret(s.loaded)
}

// cookieName has the __Host- prefix under TLS: no other host of the domain can
// then plant one.
func cookieName(c *ashlar.Ctx) string {
	if c.IsSecure() {
		return "__Host-session"
	}
	return "session"
}

func (s *state) setCookie(c *ashlar.Ctx, value string, lasts time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: cookieName(c), Value: value, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int((lasts + time.Second - 1) / time.Second),
	})
}

func (s *state) unsetCookie(c *ashlar.Ctx) {
	c.SetCookie(&http.Cookie{Name: cookieName(c), HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1})
}
