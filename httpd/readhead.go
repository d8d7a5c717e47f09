package httpd

import (
	"bytes"
	"errors"
)

// readHead reads the next request's head into the workspace. It is false when
// none comes, or when it was refused and answered.
func (c *conn) readHead() bool {
	if c.space == nil || c.space.r == c.space.w {
		if !c.await() {
			return false
		}
	}
	s, by := c.space, int64(never)
	for seen, blank := 0, false; ; {
		b := s.unread()
		if !blank && len(b) > 0 && b[0] == '\r' {
			// RFC 9112 section 2.2: ignore an empty line before a request.
			if len(b) > 1 {
				if b[1] != '\n' {
					return c.refuse(400)
				}
				s.r += 2
				blank = true
				continue
			}
		} else if len(b) > 0 && mayEnd(b, seen) {
			if status := s.head.parse(b, &c.srv.limits); status != partial {
				return status == complete || c.refuse(status)
			}
		}
		if status := c.tooFar(b, seen); status != complete {
			return c.refuse(status)
		}
		seen = len(b)
		if by == never {
			by = c.srv.until(c.srv.cfg.HeaderTimeout)
		}
		if err := c.more(by); err != nil {
			return errors.Is(err, ErrTooSlow) && len(b) > 0 && c.refuse(408)
		}
	}
}

// mayEnd reports whether the head may be complete now, seen bytes of b having
// been looked at before: a head that comes in small pieces is not parsed again
// and again.
func mayEnd(b []byte, seen int) bool {
	return seen == 0 || bytes.Contains(b[max(0, seen-3):], []byte("\r\n\r\n"))
}

// tooFar returns the status that refuses a head of which b is the beginning,
// whatever comes behind, or complete.
func (c *conn) tooFar(b []byte, seen int) int {
	for i := seen; i < len(b); i++ {
		k := bytes.IndexByte(b[i:], '\n')
		if k < 0 {
			break
		}
		if i += k; i == 0 || b[i-1] != '\r' {
			return 400 // a line that ends without CR would never end the head
		}
	}
	line := bytes.IndexByte(b, '\n') >= 0
	const around = 64 // method and version
	switch {
	case !line && c.srv.limits.target < c.srv.limits.head && len(b) > c.srv.limits.target+around:
		return 414 // else the head is too long, however much of it came at once
	case len(b) >= c.srv.limits.head:
		return 431
	}
	return complete
}
