package httpd

import (
	"sync/atomic"
	"time"
)

// A watch waits for the client to leave, by reading one byte while a request
// is being answered. A byte that comes instead belongs to the next request.
type watch struct {
	ended    chan struct{} // closed when the goroutine is gone; nil: none was there
	stopping atomic.Bool
	got      bool
	first    [1]byte
}

// begin starts the goroutine. The caller holds life.mu.
func (w *watch) begin(x *Exchange) {
	w.ended = make(chan struct{})
	w.stopping.Store(false)
	go w.run(x)
}

func (w *watch) run(x *Exchange) {
	defer close(w.ended)
	n, err := x.conn.nc.Read(w.first[:])
	w.got = n == 1
	if err != nil && n == 0 && !w.stopping.Load() {
		x.cancel()
	}
}

// end stops the goroutine, waits for it, and puts the byte that it may have
// read where it belongs.
func (w *watch) end(c *conn) {
	if w.ended == nil {
		return
	}
	select {
	case <-w.ended:
	default:
		w.stopping.Store(true)
		_ = c.nc.SetReadDeadline(past)
		<-w.ended
		if !c.ownRead.Load() {
			_ = c.nc.SetReadDeadline(time.Time{})
		}
	}
	w.ended = nil
	if w.got {
		w.got = false
		s := c.space
		s.room(1)
		s.in[s.w] = w.first[0]
		s.w++
	}
}
