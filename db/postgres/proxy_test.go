package postgres_test

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
)

// A proxy stands between client and server and cuts their connections.
type proxy struct {
	listener net.Listener
	server   string

	mu    sync.Mutex
	conns map[net.Conn]bool
	trap  string // what a client says that makes the proxy act, when it was passed on
	act   func()
	deaf  bool // it was said: no answer is passed on any more
}

// through returns the URL of a database that is reached through a proxy.
func through(t *testing.T, at string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(at)
	want.NoErr(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	p := &proxy{listener: l, server: u.Host, conns: map[net.Conn]bool{}}
	go p.serve()
	t.Cleanup(func() {
		_ = l.Close()
		p.cut()
	})
	u.Host = l.Addr().String()
	u.RawQuery = "sslmode=disable"
	return p, u.String()
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		go p.pass(server, client, true)
		go p.pass(client, server, false)
	}
}

func (p *proxy) pass(to, from net.Conn, watched bool) {
	defer to.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		act := p.heard(buf[:n], watched)
		if n > 0 && (watched || !p.isDeaf()) {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if act != nil {
			act()
		}
		if err != nil {
			if err != io.EOF {
				_ = from.Close()
			}
			return
		}
	}
}

// heard returns what is to be done once what a client said was passed on. The
// answer may be faster than that, so none is let through from now on.
func (p *proxy) heard(said []byte, client bool) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !client || p.trap == "" || !bytes.Contains(said, []byte(p.trap)) {
		return nil
	}
	p.trap, p.deaf = "", true
	return p.act
}

func (p *proxy) isDeaf() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deaf
}

// on has the proxy act when a client has said something, once.
func (p *proxy) on(said string, act func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trap, p.act = said, act
}

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
	clear(p.conns)
	p.deaf = false
}
