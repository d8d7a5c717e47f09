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
	l := &e.life
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done == nil {
		l.done = make(chan struct{})
		if l.err != nil {
			close(l.done)
		}
	}
	(*Exchange)(e).wantWatch()
	return l.done
}

func (e *exchangeContext) Err() error {
	l := &e.life
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.wanted && e.conn.srv.now.Load() > e.starts {
		(*Exchange)(e).wantWatch()
	}
	return l.err
}

// An afterEnd is a function that waits for the end of a context.
type afterEnd struct{ f func() }

// AfterFunc lets package context derive contexts from this one without a
// goroutine for each.
func (e *exchangeContext) AfterFunc(f func()) (stop func() bool) {
	l := &e.life
	a := &afterEnd{f}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		go f()
		return func() bool { return false }
	}
	l.after = append(l.after, a)
	(*Exchange)(e).wantWatch()
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

// wantWatch begins to watch for the client, now or when the body has been
// read. The caller holds life.mu.
func (x *Exchange) wantWatch() {
	x.wanted = true
	if x.life.err == nil && !x.watching && (x.body == nil || x.body.done.Load()) {
		x.watching = true
		x.conn.watch.begin(x)
	}
}

// bodyRead is called when the body has been read to its end.
func (x *Exchange) bodyRead() {
	x.life.mu.Lock()
	defer x.life.mu.Unlock()
	if x.wanted {
		x.wantWatch()
	}
}

// cancel ends the context.
func (x *Exchange) cancel() {
	l := &x.life
	l.mu.Lock()
	if l.err != nil {
		l.mu.Unlock()
		return
	}
	l.err = context.Canceled
	done, after := l.done, l.after
	l.after = nil
	l.mu.Unlock()
	if done != nil {
		close(done)
	}
	for _, a := range after {
		a.f()
	}
}

// stopWatch ends watching, for good.
func (x *Exchange) stopWatch() {
	l := &x.life
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
	x.stopWatch()
}
