package httpd

import "time"

// lifted, in place of a coarse time, says that no timeout holds.
const lifted = -2

// SetDeadlines bounds this exchange, counted from when its request had come:
// the body must have been received by read, the answer taken by the client by
// write. The server's BodyTimeout and WriteTimeout hold as well, so that what
// comes first counts. 0 adds no bound; below zero both the bound and the
// server's timeout are lifted, for streams that last. Each call takes the place
// of the one before, for reads and writes that begin behind it.
//
// Past its deadline a read that would have to wait for the client fails with
// [ErrTooSlow], what is here already can still be read; a write fails, and the
// connection ends. Deadlines are as coarse as the timeouts in [Config], and cost
// no system call and no timer. Those of [http.ResponseController] replace them.
func (x *Exchange) SetDeadlines(read, write time.Duration) {
	if x.body != nil {
		x.body.readBy.Store(x.within(read))
	}
	x.writeBy.Store(x.within(write)) // the sweeper may be writing for the connection
}

// within is the coarse time d after the request has come: never, lifted or a
// time.
func (x *Exchange) within(d time.Duration) int64 {
	switch {
	case d == 0:
		return never
	case d < 0:
		return lifted
	}
	return x.starts + int64(d+x.conn.srv.ticks)
}

// earlier returns the earlier of two coarse times.
func earlier(a, b int64) int64 {
	switch {
	case a == never:
		return b
	case b == never:
		return a
	}
	return min(a, b)
}

// writeUntil returns until when the client may let a write wait. The caller
// holds mu.
func (c *conn) writeUntil() int64 {
	by := c.srv.until(c.srv.cfg.WriteTimeout)
	if c.live != nil {
		switch own := c.live.writeBy.Load(); own {
		case never:
		case lifted:
			by = never
		default:
			by = earlier(by, own)
		}
	}
	return earlier(by, c.owed)
}
