package mariadb_test

import (
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
)

// A proxy stands between the driver and the server and cuts connections.
type proxy struct {
	server   string
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	deaf     func(answer []byte) bool // cut instead of passing this answer on
	mute     func(request []byte) bool
}

// newProxy returns a proxy for the server of a URL, and its own URL.
func newProxy(t *testing.T, to string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(to)
	want.NoErr(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	want.NoErr(t, err)
	p := &proxy{server: u.Host, listener: l}
	t.Cleanup(func() {
		_ = l.Close()
		p.cut()
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	p.conns = append(p.conns, client, server)
	p.mu.Unlock()
	go p.copy(server, client, func() func([]byte) bool { return p.mute })
	p.copy(client, server, func() func([]byte) bool { return p.deaf })
}

// copy passes bytes on until what stops says so; then it cuts both sides.
func (p *proxy) copy(to, from net.Conn, stops func() func([]byte) bool) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 1<<16)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		stop := stops()
		stopped := n > 0 && stop != nil && stop(buf[:n])
		p.mu.Unlock()
		if stopped {
			return
		}
		if _, e := to.Write(buf[:n]); e != nil || err != nil {
			return
		}
	}
}

// when sets what cuts a connection: a request or an answer for which the
// function is true.
func (p *proxy) when(mute, deaf func([]byte) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute, p.deaf = mute, deaf
}

// cut cuts all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}
