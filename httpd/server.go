package httpd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A Handler answers requests on the engine's own terms: without an
// *http.Request and a header map unless it asks for them.
type Handler interface {
	// ServeExchange answers x. When it returns, the answer is complete; one
	// that it did not begin is an empty 200. A panic is logged, answered with
	// 500 if nothing was sent, and ends the connection;
	// [http.ErrAbortHandler] ends it without a word.
	ServeExchange(x *Exchange)
}

// A Server serves HTTP/1.0 and HTTP/1.1. Set its fields before Serve and leave
// them alone afterwards. Its methods may be called by any goroutine.
type Server struct {
	// Handler answers the requests. If it is a [Handler] as well, ServeExchange
	// is called in place of ServeHTTP; if it is a [Maker], Serve of what it makes.
	Handler http.Handler

	// Config holds the limits. The zero value runs.
	Config Config

	start  sync.Once
	cfg    Config // with defaults
	limits limits
	native Handler
	maker  Maker
	spaces sync.Pool // of *workspace
	copies sync.Pool // of *[]byte, for ReadFrom
	date   atomic.Pointer[string]

	// The value of http.ServerContextKey. Without one, a ReverseProxy would end
	// an answer that was cut off behind it as if it were whole.
	described *http.Server

	ticks   time.Duration // between two looks at the timeouts
	now     atomic.Int64  // since the start, in nanoseconds, by the tick; see sweep.go
	closing atomic.Bool   // no further requests on a connection
	closed  atomic.Bool   // no handler may begin

	mu        sync.Mutex
	gone      sync.Cond // on mu: a connection has left conns
	conns     []*conn
	listeners map[net.Listener]struct{}
	sweeping  bool
	stop      chan struct{} // closed when the sweeper is to end
	workers   sync.WaitGroup
}

func (s *Server) prepare() {
	s.start.Do(func() {
		s.cfg = s.Config.withDefaults()
		s.limits = limits{s.cfg.HeaderLimit, s.cfg.TargetLimit, s.cfg.MaxFields}
		s.ticks = s.cfg.tick()
		s.native, _ = s.Handler.(Handler)
		s.maker, _ = s.Handler.(Maker)
		s.described = &http.Server{
			Handler:           s.Handler,
			ReadHeaderTimeout: s.cfg.HeaderTimeout,
			IdleTimeout:       s.cfg.IdleTimeout,
			MaxHeaderBytes:    s.cfg.HeaderLimit,
		}
		s.spaces.New = func() any { return newWorkspace() }
		s.copies.New = func() any { b := make([]byte, 32<<10); return &b }
		s.gone.L = &s.mu
		s.stop = make(chan struct{})
		s.listeners = map[net.Listener]struct{}{}
		s.now.Store(1) // 0 stands for no time
		s.setDate(s.cfg.Clock())
	})
}

// Serve accepts connections from l and serves each in a goroutine of its own,
// until Shutdown or Close; it then returns [http.ErrServerClosed]. It closes l.
// A listener of [tls.NewListener] makes it serve HTTPS. Several Serve calls may
// run at a time.
func (s *Server) Serve(l net.Listener) error {
	if s.Handler == nil {
		return errors.New("httpd: serve: Server.Handler is nil; set it")
	}
	s.prepare()
	if !s.enlist(l) {
		_ = l.Close() // nobody has used it
		return http.ErrServerClosed
	}
	defer func() {
		if s.delist(l) {
			_ = l.Close() // the error that ends Serve says more
		}
	}()
	var pause time.Duration
	for {
		nc, err := l.Accept()
		if s.closing.Load() {
			if err == nil {
				_ = nc.Close()
			}
			return http.ErrServerClosed
		}
		if err != nil {
			if !passes(err) {
				return fmt.Errorf("httpd: accept: %w", err)
			}
			pause = min(max(2*pause, 5*time.Millisecond), time.Second)
			s.cfg.Log.Warn("httpd: accept", "error", err, "again in", pause)
			s.wait(pause)
			continue
		}
		pause = 0
		s.admit(nc)
	}
}

// passes reports whether an error of Accept may be gone soon, such as the lack
// of descriptors.
func passes(err error) bool {
	var e net.Error
	//lint:ignore SA1019 nothing else tells
	return errors.As(err, &e) && e.Temporary()
}

func (s *Server) wait(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.stop:
	}
}

func (s *Server) enlist(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing.Load() {
		return false
	}
	s.listeners[l] = struct{}{}
	if !s.sweeping {
		s.sweeping = true
		s.workers.Go(s.sweep)
	}
	return true
}

// delist takes l out of the listeners, and reports whether it is the caller's
// to close: Shutdown and Close have not.
func (s *Server) delist(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, open := s.listeners[l]
	delete(s.listeners, l)
	return open
}

// admit begins to serve a connection.
func (s *Server) admit(nc net.Conn) {
	c := newConn(s, nc)
	s.mu.Lock()
	if s.closed.Load() {
		s.mu.Unlock()
		_ = nc.Close()
		return
	}
	c.index = len(s.conns)
	s.conns = append(s.conns, c)
	s.mu.Unlock()
	go c.serve()
}

// forget takes c out of the server's care: it was closed, or taken over.
func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.index < 0 {
		return
	}
	last := len(s.conns) - 1
	moved := s.conns[last]
	s.conns[c.index], moved.index = moved, c.index
	s.conns[last] = nil
	s.conns = s.conns[:last]
	c.index = -1
	s.gone.Broadcast()
}

// closeListeners closes each of them, once. The caller holds mu.
func (s *Server) closeListeners() error {
	var problems []error
	for l := range s.listeners {
		delete(s.listeners, l)
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// Shutdown stops accepting, closes idle connections, lets running requests
// finish and closes their connections behind the answers, which say so. A
// connection that was accepted but has sent nothing yet may still send its
// first request within a second. Shutdown returns when no connection is left,
// or ctx's error when ctx ends first: then call [Server.Close]. Connections
// taken over by Hijack are their owners'.
func (s *Server) Shutdown(ctx context.Context) error {
	s.prepare()
	s.mu.Lock()
	s.closing.Store(true)
	problem := s.closeListeners()
	s.closeIdle(false)
	s.mu.Unlock()

	fresh := time.NewTimer(time.Second)
	defer fresh.Stop()
	empty := make(chan struct{})
	var given atomic.Bool // up
	s.workers.Go(func() {
		defer close(empty)
		s.mu.Lock()
		defer s.mu.Unlock()
		for len(s.conns) > 0 && !given.Load() {
			s.gone.Wait()
		}
	})
	for {
		select {
		case <-fresh.C:
			s.mu.Lock()
			s.closeIdle(true)
			s.mu.Unlock()
		case <-empty:
			s.finish()
			return problem
		case <-ctx.Done():
			given.Store(true)
			s.mu.Lock()
			s.gone.Broadcast()
			s.mu.Unlock()
			<-empty
			return ctx.Err()
		}
	}
}

// closeIdle closes the connections that wait for a request; new ones, which
// wait for their first, only if asked to. The caller holds mu.
func (s *Server) closeIdle(fresh bool) {
	for _, c := range s.conns {
		if (fresh || c.served.Load()) && c.phase.CompareAndSwap(phaseIdle, phaseClosed) {
			_ = c.nc.Close()
		}
	}
}

// Close closes the listeners and all connections at once. It returns when the
// server's goroutines have ended, but for those inside handlers: their
// contexts end, their writes fail, and nobody waits for them.
func (s *Server) Close() error {
	s.prepare()
	s.mu.Lock()
	s.closing.Store(true)
	s.closed.Store(true)
	problem := s.closeListeners()
	for _, c := range s.conns {
		_ = c.nc.Close()
	}
	for s.unfinished() {
		s.gone.Wait()
	}
	s.mu.Unlock()
	s.finish()
	return problem
}

// unfinished reports whether a connection's goroutine runs outside of a
// handler. None enters one once closed is set. The caller holds mu.
func (s *Server) unfinished() bool {
	for _, c := range s.conns {
		if c.phase.Load() != phaseHandler {
			return true
		}
	}
	return false
}

// finish ends the sweeper and waits for it.
func (s *Server) finish() {
	s.mu.Lock()
	if s.sweeping {
		s.sweeping = false
		close(s.stop)
	}
	s.mu.Unlock()
	s.workers.Wait()
}

// handOver gives a connection to the protocol that its handshake chose.
func (s *Server) handOver(c *tls.Conn, protocol string) bool {
	serve := s.cfg.NextProto[protocol]
	if protocol == "" || serve == nil {
		return false
	}
	serve(c)
	return true
}
