package httpd

import "net"

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
	return int(p.head.size), status
}

// WordEnd and ValueEnd are the searches, for tests.
func WordEnd(b []byte, i int) int { return wordEnd(b, i) }

// ValueEnd see WordEnd.
func ValueEnd(b []byte, i int) int { return valueEnd(b, i) }
