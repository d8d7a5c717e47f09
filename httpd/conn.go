package httpd

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// The phases of a connection's life.
const (
	phaseBusy    int32 = iota // reads a request or ends an answer
	phaseIdle                 // waits for a request's first byte; Shutdown may close it
	phaseHandler              // a handler runs; Close does not wait for it
	phaseClosed               // closed by Shutdown while it was idle
)

// A conn is one connection. Its goroutine runs serve; other goroutines may
// write through a Writer (mu), watch for the client's leaving (watch.go), and
// end waits (sweep.go).
type conn struct {
	srv    *Server
	nc     net.Conn
	remote string
	tls    *tls.ConnectionState
	index  int // in srv.conns, -1 when not there; guarded by srv.mu

	phase     atomic.Int32
	served    atomic.Bool  // a request has come
	readBy    atomic.Int64 // until when a read waits; see sweep.go
	writeBy   atomic.Int64
	deferred  atomic.Int64 // since when out holds the answers of earlier requests
	ownRead   atomic.Bool  // the handler sets deadlines itself
	ownWrite  atomic.Bool
	aborted   atomic.Bool // reads are to fail; see body.shut
	deadlines sync.Mutex  // held while a deadline is set or lifted

	mu       sync.Mutex // guards what follows, and an Exchange's answer
	space    *workspace // nil while idle; only serve's goroutine changes it
	live     *Exchange  // the request that is being answered
	owed     int64      // when the answers that were deferred have to be taken by
	broken   error      // of a write
	hijacked bool

	watch watch
	lean  [128]byte // takes the first bytes after a longer wait
}

func newConn(s *Server, nc net.Conn) *conn {
	return &conn{srv: s, nc: nc, remote: nc.RemoteAddr().String(), index: -1}
}

// serve answers one request after the other until one side wants no more.
func (c *conn) serve() {
	defer c.leave()
	if !c.handshake() {
		return
	}
	c.borrow()
	for c.readHead() && c.exchange() {
	}
}

// leave ends the connection, unless somebody has taken it over.
func (c *conn) leave() {
	c.giveBack()
	if !c.hijacked {
		_ = c.nc.Close()
	}
	c.srv.forget(c)
}

// await waits for a request's first byte. A connection that waits longer than
// a tick gives its workspace back and goes on waiting with the few bytes of
// lean.
func (c *conn) await() bool {
	wait := c.srv.cfg.IdleTimeout
	if !c.served.Load() {
		wait = c.srv.cfg.HeaderTimeout
	}
	by := c.srv.until(wait)
	c.phase.Store(phaseIdle)
	if c.srv.closing.Load() && c.served.Load() {
		return false // Shutdown may have looked before we were idle
	}
	n, err := 0, ErrTooSlow
	if c.space != nil {
		short := c.srv.until(c.srv.ticks)
		if by != never {
			short = min(short, by)
		}
		s := c.space
		s.r, s.w = 0, 0
		n, err = c.read(s.in, short)
		s.w = n
	}
	if errors.Is(err, ErrTooSlow) && !c.srv.over(by) {
		c.giveBack()
		n, err = c.read(c.lean[:], by)
		if n > 0 {
			c.borrow()
			c.space.w = copy(c.space.in, c.lean[:n])
		}
	}
	return c.phase.CompareAndSwap(phaseIdle, phaseBusy) && err == nil && n > 0
}

// more reads more input behind what is there.
func (c *conn) more(by int64) error {
	if err := c.flushEarlier(); err != nil {
		return err
	}
	s := c.space
	s.room(min(1024, len(s.in)))
	n, err := c.read(s.in[s.w:], by)
	s.w += n
	return err
}

// exchange serves the request whose head was read. It is false when the
// connection has to end.
func (c *conn) exchange() bool {
	if !c.served.Load() {
		c.served.Store(true)
	}
	carrier, x := c.srv.newExchange()
	c.begin(x)
	c.phase.Store(phaseHandler)
	if c.srv.closed.Load() {
		c.phase.Store(phaseBusy)
		return false
	}
	done := c.run(carrier, x)
	c.phase.Store(phaseBusy)
	return c.end(x, done)
}

// end completes the answer to x and makes the connection ready for the next
// request.
func (c *conn) end(x *Exchange, done bool) bool {
	again, unread := c.conclude(x, done)
	x.finish()
	x.removeFiles()
	if x.body != nil {
		unread = !x.body.shut() && unread
	}
	if c.hijacked {
		return false
	}
	c.resetDeadlines()
	if unread && again {
		again = x.body.drain()
		unread = !again
	}
	if !again && (unread || len(c.space.unread()) > 0) {
		c.linger()
	}
	return again
}

// conclude ends what can be said about x, and sends it unless more answers
// will follow at once.
func (c *conn) conclude(x *Exchange, done bool) (again, unread bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x.over = true
	if c.hijacked {
		return false, false
	}
	if done {
		x.complete()
	} else {
		x.abandon()
	}
	unread = x.body != nil && !x.body.done.Load()
	again = !x.closing && !c.srv.closing.Load()
	if unread || !again || !c.mayDefer(x) {
		again = c.flush() == nil && again
	}
	c.live = nil
	return again, unread
}

// mayDefer reports whether the answers in out may wait for the next one: more
// input is there, so a flush will come soon (and flushDeferred if not). x's is
// the last of them. The caller holds mu.
func (c *conn) mayDefer(x *Exchange) bool {
	s := c.space
	if s.r == s.w || len(s.out) > outFull {
		return false
	}
	if len(s.out) == 0 {
		return true
	}
	if c.deferred.Load() == never {
		c.deferred.Store(c.srv.now.Load())
	}
	if by := x.writeBy.Load(); by > never {
		c.owed = earlier(c.owed, by)
	}
	return true
}

// resetDeadlines lifts those that a handler has set.
func (c *conn) resetDeadlines() {
	if c.ownRead.Load() {
		c.ownRead.Store(false)
		_ = c.nc.SetReadDeadline(time.Time{})
	}
	if c.ownWrite.Load() {
		c.ownWrite.Store(false)
		_ = c.nc.SetWriteDeadline(time.Time{})
	}
}

// linger closes in a way that lets the last answer arrive: closing while input
// is unread makes the kernel reset the connection, and the client may then
// lose what it has not read yet.
func (c *conn) linger() {
	const most, longest = 256 << 10, time.Second
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	by := c.srv.until(longest)
	for n := 0; n < most; {
		k, err := c.read(c.space.in, by)
		if err != nil || c.srv.closed.Load() {
			return
		}
		n += k
	}
}
