package httpd_test

import (
	"bytes"
	"io"
	"net"
	"time"
)

// memConn is a connection whose client has sent everything and takes
// everything. Its reads give at most step bytes.
type memConn struct {
	in   *bytes.Reader
	out  bytes.Buffer
	step int
}

func newMemConn(in []byte, step int) *memConn {
	return &memConn{in: bytes.NewReader(in), step: max(step, 1)}
}

func (c *memConn) Read(p []byte) (int, error) {
	if c.in.Len() == 0 {
		return 0, io.EOF
	}
	return c.in.Read(p[:min(len(p), c.step)])
}

func (c *memConn) Write(p []byte) (int, error)      { return c.out.Write(p) }
func (c *memConn) Close() error                     { return nil }
func (c *memConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *memConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *memConn) SetDeadline(time.Time) error      { return nil }
func (c *memConn) SetReadDeadline(time.Time) error  { return nil }
func (c *memConn) SetWriteDeadline(time.Time) error { return nil }
