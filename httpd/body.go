package httpd

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// ErrMalformed is what reading a body gives when its chunks or its trailer are
// not as RFC 9112 asks. The request's answer is then 400, whatever the handler
// says, unless it has been sent already; the connection ends with it.
var ErrMalformed = errors.New("httpd: read body: malformed")

var errContinueLate = errors.New("httpd: read body: the client waits for 100 Continue, and the answer has begun already")

// A body is the body of one request. Its mutex may be held while the
// connection's is taken, not the other way round.
type body struct {
	x         *Exchange
	length    int64        // -1: unknown, it comes in chunks
	done      atomic.Bool  // read to its end
	broken    atomic.Bool  // it cannot be read to its end
	malformed atomic.Bool  // because of what the client sent
	waits     atomic.Bool  // the client waits for 100 Continue
	given     atomic.Int64 // bytes so far
	readBy    atomic.Int64 // see SetDeadlines

	mu     sync.Mutex
	chunks *chunks // nil for a body of known length
	left   int64   // of the body, or of the chunk
	limit  int64   // 0: none
	err    error   // sticky
	closed bool    // the handler has returned, or closed it
	waited int64   // time spent waiting for the client
}

func newBody(x *Exchange, h *head) *body {
	b := &body{x: x, length: h.length, left: h.length}
	// RFC 9110 section 10.1.1: not for a client that sends without waiting.
	b.waits.Store(h.expect == expectContinue && len(x.conn.space.unread()) == 0)
	if h.coding == codingChunked { // which has no length: see head.settle
		b.left = 0
		b.chunks = &chunks{}
	}
	return b
}

func (b *body) setLimit(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit = max(n, 0)
}

// Read reads the next bytes of the body.
func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	given := b.given.Load()
	if b.limit > 0 && b.err == nil && b.chunks == nil && given+b.left > b.limit {
		b.err = &http.MaxBytesError{Limit: b.limit}
	}
	if b.err == nil && b.waits.Load() {
		b.err = b.sendContinue()
	}
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	if b.limit == 0 || b.chunks == nil || int64(len(p)) <= b.limit-given {
		return b.read(p)
	}
	if given < b.limit {
		return b.read(p[:b.limit-given])
	}
	return b.atLimit()
}

// atLimit finds out whether the body ends where its limit is.
func (b *body) atLimit() (int, error) {
	var one [1]byte
	n, err := b.read(one[:])
	if n > 0 {
		err = &http.MaxBytesError{Limit: b.limit}
		b.err = err
	}
	return 0, err
}

// read is Read without limits. It keeps the error that ends the body.
func (b *body) read(p []byte) (int, error) {
	n, err := b.next(p)
	b.given.Add(int64(n))
	if err == nil {
		return n, nil
	}
	b.err = err
	switch {
	case err == io.EOF:
		b.done.Store(true)
		b.x.bodyRead()
	case errors.Is(err, ErrMalformed):
		b.malformed.Store(true)
		b.broken.Store(true)
	default:
		b.broken.Store(true)
		b.x.cancel() // the client has left, or is as good as gone
	}
	return n, err
}

// next reads within the body, or the chunk. A body of known length gives
// io.EOF with its last bytes.
func (b *body) next(p []byte) (int, error) {
	if b.chunks != nil && b.left == 0 {
		size, err := b.chunks.size(b)
		if err == nil && size == 0 {
			if err = b.chunks.end(b); err == nil {
				err = io.EOF
			}
		}
		if err != nil {
			return 0, err
		}
		b.left = size
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.take(p)
	b.left -= int64(n)
	if err == nil && b.left == 0 && b.chunks == nil {
		err = io.EOF
	}
	return n, err
}

// take reads bytes that are in the buffer, else from the connection: a little
// through the buffer, much past it.
func (b *body) take(p []byte) (int, error) {
	c := b.x.conn
	s := c.space
	if s.r == s.w {
		if len(p) >= inSize {
			by, from := b.allowance()
			n, err := c.readPast(p, by)
			return n, b.account(from, err)
		}
		if err := b.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.unread())
	s.r += n
	return n, nil
}

// fill gets more input into the buffer.
func (b *body) fill() error {
	by, from := b.allowance()
	return b.account(from, b.x.conn.more(by))
}

// allowance returns until when the client may let us wait.
func (b *body) allowance() (by, now int64) {
	srv := b.x.conn.srv
	now = srv.now.Load()
	own := b.readBy.Load()
	longest := srv.cfg.BodyTimeout
	switch {
	case own == lifted:
		return never, now
	case longest < 0:
		return own, now
	}
	seconds := min(b.given.Load()/int64(srv.cfg.BodyRate), 1<<31)
	rest := longest + time.Duration(seconds)*time.Second - time.Duration(b.waited)
	return earlier(own, srv.until(min(longest, max(0, rest)))), now
}

// account adds the wait that began at from to the client's bill.
func (b *body) account(from int64, err error) error {
	b.waited += b.x.conn.srv.now.Load() - from
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// sendContinue asks the client for the body. Once the answer has begun it is
// too late: the client is then free not to send the body.
func (b *body) sendContinue() error {
	c := b.x.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.x.committed || b.x.over {
		return errContinueLate
	}
	b.waits.Store(false)
	c.live = b.x
	c.space.out = append(c.space.out, "HTTP/1.1 100 Continue\r\n\r\n"...)
	return c.flush()
}

// Close makes further reads fail. What is left of the body is the engine's to
// discard.
func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

// shut closes the body when the handler has returned, and reports whether it
// was read to its end. A goroutine that is still reading is made to stop.
func (b *body) shut() bool {
	if !b.mu.TryLock() {
		b.x.conn.abortRead()
		b.mu.Lock()
		defer b.x.conn.unabortRead()
	}
	defer b.mu.Unlock()
	b.closed = true
	return b.done.Load()
}

// drainMost is how much of a body that no handler wants is read to keep the
// connection.
const drainMost = 256 << 10

// endless reports whether the rest of the body will not be read: it is too
// long, or will not come.
func (b *body) endless() bool {
	if b.done.Load() {
		return false
	}
	return b.broken.Load() || b.waits.Load() || b.length-b.given.Load() > drainMost
}

// drain reads the rest of the body. It is false when that is too much, or does
// not come.
func (b *body) drain() bool {
	if b.endless() {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.readBy.CompareAndSwap(lifted, never) // nobody streams any more
	var scratch [512]byte
	for n := 0; n <= drainMost; {
		k, err := b.next(scratch[:])
		if n += k; err != nil {
			return err == io.EOF
		}
	}
	return false
}
