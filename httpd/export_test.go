package httpd

import (
	"fmt"
	"net"
)

// ServeConn serves one connection in the caller's goroutine, without the
// server's sweeper.
func ServeConn(s *Server, nc net.Conn) {
	s.prepare()
	newConn(s, nc).serve()
}

// A Parser parses heads, for benchmarks.
type Parser struct{ head head }

// Parse returns the size of the head at the beginning of b, and the status
// with which it is refused, 0 or -1 (incomplete).
func (p *Parser) Parse(b []byte) (size, status int) {
	status = p.head.parse(b, &limits{head: 32 << 10, target: 8 << 10, fields: 100})
	return p.head.size(), status
}

// WordEnd and ValueEnd are the searches, for tests.
func WordEnd(b []byte, i int) int { return wordEnd(b, i) }

// ValueEnd see WordEnd.
func ValueEnd(b []byte, i int) int { return valueEnd(b, i) }

// ParseBehind parses b on a connection on which first came before, and by
// itself, and returns what was found each time.
func ParseBehind(first, b []byte) (behind, alone string) {
	lim := &limits{head: 1 << 10, target: 256, fields: 8}
	found := func(h *head) string {
		if status := h.parse(b, lim); status != complete {
			return fmt.Sprint(status)
		}
		return fmt.Sprint(h.parts, h.framing, h.line, h.table, h.keepsOpen())
	}
	var p, q head
	if p.parse(first, lim) == complete {
		p.take(first)
	}
	return found(&p), found(&q)
}
