package httpd

import (
	"bufio"
	"net"
	"net/http"
	"time"
)

// hijack takes the connection out of the engine's hands.
func (x *Exchange) hijack() (net.Conn, *bufio.ReadWriter, error) {
	c := x.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case x.over:
		return nil, nil, errOver
	case c.hijacked:
		return nil, nil, http.ErrHijacked
	}
	x.stopWatch(x.lives())
	if x.status != 0 && !x.committed {
		x.commit(false)
	}
	if x.committed && !x.whole {
		x.emitHeld()
	}
	if err := c.flush(); err != nil {
		return nil, nil, err
	}
	c.hijacked = true
	c.srv.forget(c)
	if err := c.nc.SetDeadline(time.Time{}); err != nil {
		return nil, nil, err
	}
	ahead := &aheadReader{conn: c.nc, first: append([]byte(nil), c.space.unread()...)}
	r := bufio.NewReaderSize(ahead, max(inSize, len(ahead.first)))
	if n := len(ahead.first); n > 0 {
		if _, err := r.Peek(n); err != nil { // into its buffer, where users look
			return nil, nil, err
		}
	}
	return c.nc, bufio.NewReadWriter(r, bufio.NewWriter(c.nc)), nil
}

// An aheadReader gives what had been read before the connection was taken
// over, and then reads from it.
type aheadReader struct {
	conn  net.Conn
	first []byte
}

func (a *aheadReader) Read(p []byte) (int, error) {
	if len(a.first) > 0 {
		n := copy(p, a.first)
		a.first = a.first[n:]
		return n, nil
	}
	return a.conn.Read(p)
}
