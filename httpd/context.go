package httpd

import (
	"context"
	"net/http"
	"time"
)

// Context returns the request's context. It ends when the client leaves, when
// the connection breaks, and when the request has been answered.
//
// Watching for the client costs a goroutine and two changes of a deadline, more
// than many handlers do, so it begins with the first call of Done; of Err, only
// once the request has lasted for a while. It sees the client leave while
// nothing is left of the request's body and no further request has come in.
// A client that closes only its sending side counts as one that left.
//
// Its value of [http.LocalAddrContextKey] is the address of this side of the
// connection. That of [http.ServerContextKey] is an [*http.Server] that says
// how this server is set up; it serves nothing itself.
func (x *Exchange) Context() context.Context { return (*exchangeContext)(x) }

type exchangeContext Exchange

func (e *exchangeContext) String() string { return "httpd.Exchange.Context" }

func (e *exchangeContext) Deadline() (time.Time, bool) { return time.Time{}, false }

func (e *exchangeContext) Value(key any) any {
	switch key {
	case http.LocalAddrContextKey:
		return e.conn.nc.LocalAddr()
	case http.ServerContextKey:
		return e.conn.srv.described
	}
	return nil
}

func (e *exchangeContext) Done() <-chan struct{} {
	x := (*Exchange)(e)
	l := x.lives()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done == nil {
		l.done = make(chan struct{})
		if x.ended.Load() {
			l.close()
		}
	}
	x.wantWatch(l)
	return l.done
}

func (e *exchangeContext) Err() error {
	x := (*Exchange)(e)
	if x.conn.srv.now.Load() > x.starts && !x.ended.Load() {
		l := x.lives()
		l.mu.Lock()
		x.wantWatch(l)
		l.mu.Unlock()
	}
	if x.ended.Load() {
		return context.Canceled
	}
	return nil
}

// An afterEnd is a function that waits for the end of a context.
type afterEnd struct{ f func() }

// AfterFunc lets package context derive contexts from this one without a
// goroutine for each.
func (e *exchangeContext) AfterFunc(f func()) (stop func() bool) {
	x := (*Exchange)(e)
	l := x.lives()
	a := &afterEnd{f}
	l.mu.Lock()
	defer l.mu.Unlock()
	if x.ended.Load() {
		go f()
		return func() bool { return false }
	}
	l.after = append(l.after, a)
	x.wantWatch(l)
	return func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		for i, b := range l.after {
			if a == b {
				l.after[i] = l.after[len(l.after)-1]
				l.after[len(l.after)-1] = nil
				l.after = l.after[:len(l.after)-1]
				return true
			}
		}
		return false
	}
}

// lives returns what the context needs for those who wait for its end. It is
// made for the first of them: most requests are answered before anybody asks.
//
// Whoever makes it looks at ended behind that, and cancel sets ended before it
// looks for a life, so one of the two sees the other.
func (x *Exchange) lives() *life {
	if l := x.life.Load(); l != nil {
		return l
	}
	x.life.CompareAndSwap(nil, new(life))
	return x.life.Load()
}

// wantWatch begins to watch for the client, now or when the body has been
// read. The caller holds l.mu.
func (x *Exchange) wantWatch(l *life) {
	l.wanted = true
	if !x.ended.Load() && !l.watching && (x.body == nil || x.body.done.Load()) {
		l.watching = true
		x.conn.watch.begin(x)
	}
}

// bodyRead is called when the body has been read to its end.
func (x *Exchange) bodyRead() {
	l := x.life.Load()
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wanted {
		x.wantWatch(l)
	}
}

// cancel ends the context.
func (x *Exchange) cancel() {
	if x.ended.Swap(true) {
		return
	}
	l := x.life.Load()
	if l == nil {
		return
	}
	l.mu.Lock()
	if l.done != nil {
		l.close()
	}
	after := l.after
	l.after = nil
	l.mu.Unlock()
	for _, a := range after {
		a.f()
	}
}

// close closes done, once. The caller holds mu.
func (l *life) close() {
	if !l.closed {
		l.closed = true
		close(l.done)
	}
}

// stopWatch ends watching, for good.
func (x *Exchange) stopWatch(l *life) {
	l.mu.Lock()
	watching := l.watching
	l.watching = true // none begins any more
	l.mu.Unlock()
	if watching {
		x.conn.watch.end(x.conn)
	}
}

// finish ends the context and the watch of a request that was answered.
func (x *Exchange) finish() {
	x.cancel()
	if l := x.life.Load(); l != nil { // none begins to watch behind its end
		x.stopWatch(l)
	}
}
