package httpd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

var (
	// ErrTooSlow is what reading a body or writing an answer gives when the
	// client was too slow for the server's timeouts. It is an
	// [os.ErrDeadlineExceeded].
	ErrTooSlow = fmt.Errorf("httpd: client is too slow: %w", os.ErrDeadlineExceeded)

	past = time.Unix(1, 0) // a deadline that makes a waiting call return
)

// read reads what the client sends, waiting until the coarse time by. It is
// called by one goroutine at a time.
func (c *conn) read(p []byte, by int64) (int, error) {
	if c.ownRead.Load() {
		return c.nc.Read(p) // the handler has set a deadline itself
	}
	if c.aborted.Load() || c.srv.over(by) {
		return 0, ErrTooSlow
	}
	c.readBy.Store(by)
	n, err := c.nc.Read(p)
	if c.readBy.Swap(never) == fired {
		c.deadlines.Lock() // the sweeper may be about to set the deadline
		_ = c.nc.SetReadDeadline(time.Time{})
		c.deadlines.Unlock()
		if n == 0 && isTimeout(err) {
			return 0, ErrTooSlow
		}
	}
	if n > 0 {
		return n, nil // an error comes again with the next read
	}
	return n, err
}

// readPast is read past the buffer, which is empty.
func (c *conn) readPast(p []byte, by int64) (int, error) {
	if err := c.flushEarlier(); err != nil {
		return 0, err
	}
	return c.read(p, by)
}

// abortRead makes the reads of another goroutine fail until unabortRead.
func (c *conn) abortRead() {
	c.aborted.Store(true)
	c.deadlines.Lock()
	defer c.deadlines.Unlock()
	_ = c.nc.SetReadDeadline(past)
}

func (c *conn) unabortRead() {
	c.deadlines.Lock()
	defer c.deadlines.Unlock()
	_ = c.nc.SetReadDeadline(time.Time{})
	c.aborted.Store(false)
}

// fireRead ends a read that waits until by, from another goroutine.
func (c *conn) fireRead(by int64) {
	c.deadlines.Lock()
	defer c.deadlines.Unlock()
	if c.readBy.CompareAndSwap(by, fired) {
		_ = c.nc.SetReadDeadline(past)
	}
}

// fireWrite ends a write that waits until by.
func (c *conn) fireWrite(by int64) {
	c.deadlines.Lock()
	defer c.deadlines.Unlock()
	if c.writeBy.CompareAndSwap(by, fired) {
		_ = c.nc.SetWriteDeadline(past)
	}
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

// piece is how much a client has to accept within Config.WriteTimeout.
const piece = 64 << 10

// write sends p to the client. The caller holds mu. After an error nothing
// more is written on this connection.
func (c *conn) write(p []byte) error {
	for len(p) > 0 && c.broken == nil {
		part := p[:min(len(p), piece)]
		p = p[len(part):]
		if c.beginWrite() {
			_, err := c.nc.Write(part)
			c.endWrite(err)
		}
	}
	return c.broken
}

// beginWrite and endWrite stand around a call that writes to the connection.
// beginWrite is false when it is too late for that.
func (c *conn) beginWrite() bool {
	if c.ownWrite.Load() {
		return true
	}
	by := c.writeUntil()
	if c.srv.over(by) {
		c.breakOff(ErrTooSlow)
		return false
	}
	c.writeBy.Store(by)
	return true
}

func (c *conn) endWrite(err error) {
	if c.writeBy.Swap(never) == fired {
		c.deadlines.Lock()
		_ = c.nc.SetWriteDeadline(time.Time{})
		c.deadlines.Unlock()
		if isTimeout(err) {
			err = ErrTooSlow
		}
	}
	if err != nil {
		c.breakOff(err)
	}
}

// breakOff ends writing for good.
func (c *conn) breakOff(err error) {
	c.broken = err
	if c.live != nil {
		c.live.cancel()
	}
}

// flush sends the answers that wait in out. The caller holds mu.
func (c *conn) flush() error {
	if c.deferred.Load() != never {
		c.deferred.Store(never)
	}
	if c.space == nil || len(c.space.out) == 0 {
		return c.broken
	}
	err := c.write(c.space.out)
	c.owed = never
	c.space.out = c.space.out[:0]
	return err
}

// flushEarlier sends the answers to earlier requests, if any wait: the client
// may send nothing before it has them.
func (c *conn) flushEarlier() error {
	if c.deferred.Load() == never {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flush()
}

// flushDeferred sends the answers to earlier pipelined requests while the
// handler of a later one takes its time.
func (c *conn) flushDeferred() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deferred.Load() != never {
		_ = c.flush() // the error is kept, and ends the connection
	}
}
