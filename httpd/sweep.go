package httpd

import "time"

// Timeouts without timers. Setting a deadline on a connection twice a request
// costs more than parsing the request does. So a connection notes until when
// it will wait, in one word for reads and one for writes, and one goroutine
// of the server looks at these words a few times a second. Only when a wait is
// over does it set a deadline, one long past, which makes the waiting call
// return.

// What the words hold besides a time.
const (
	never = 0
	fired = -1
)

// sweep ends the waits that are over and renews the Date, until the server
// stops. Time comes from the ticker, so that no clock is read while requests
// are served.
func (s *Server) sweep() {
	ticker := time.NewTicker(s.ticks)
	defer ticker.Stop()
	var start time.Time
	for {
		select {
		case <-s.stop:
			return
		case t := <-ticker.C:
			if start.IsZero() {
				start = t.Add(-s.ticks)
			}
			now := int64(t.Sub(start)) + 1
			s.now.Store(now)
			s.setDate(s.cfg.Clock())
			s.sweepConns(now)
		}
	}
}

func (s *Server) sweepConns(now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		if by := c.readBy.Load(); by > 0 && by <= now {
			c.fireRead(by)
		}
		if by := c.writeBy.Load(); by > 0 && by <= now {
			c.fireWrite(by)
		}
		if since := c.deferred.Load(); since > 0 && since < now {
			s.workers.Go(c.flushDeferred)
		}
	}
}

// until is the coarse time d from now, or never. The time is behind by up to a
// tick; waiting too short would be an error, too long by a tick is not.
func (s *Server) until(d time.Duration) int64 {
	if d < 0 {
		return never
	}
	return s.now.Load() + int64(d+s.ticks)
}

// over reports whether the coarse time by has come.
func (s *Server) over(by int64) bool { return by != never && s.now.Load() >= by }

const dateForm = "Date: Mon, 02 Jan 2006 15:04:05 GMT\r\n"

// setDate renews the Date line when the second has changed.
func (s *Server) setDate(t time.Time) {
	line := t.UTC().Format(dateForm)
	if old := s.date.Load(); old == nil || *old != line {
		s.date.Store(&line)
	}
}
