package httpd

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
)

// handshake makes the TLS handshake here, in the connection's goroutine and
// within the time for a head. It is false when the connection is none of ours.
func (c *conn) handshake() bool {
	t, ok := c.nc.(*tls.Conn)
	if !ok {
		return true
	}
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if d := c.srv.cfg.HeaderTimeout; d > 0 {
		ctx, cancel = context.WithTimeout(ctx, d)
	}
	defer cancel()
	c.phase.Store(phaseIdle) // Shutdown does not wait for a client that says nothing
	err := t.HandshakeContext(ctx)
	if !c.phase.CompareAndSwap(phaseIdle, phaseBusy) {
		return false
	}
	if err != nil {
		c.handshakeFailed(err)
		return false
	}
	state := t.ConnectionState()
	c.tls = &state
	if _, ok := c.srv.cfg.NextProto[state.NegotiatedProtocol]; ok {
		c.hijacked = true
		c.srv.forget(c)
		c.srv.handOver(t, state.NegotiatedProtocol)
		return false
	}
	return true
}

// handshakeFailed tells the log, and a client that spoke HTTP without TLS.
func (c *conn) handshakeFailed(err error) {
	var plain tls.RecordHeaderError
	if errors.As(err, &plain) && plain.Conn != nil && beginsHTTP(plain.RecordHeader) {
		_, _ = io.WriteString(plain.Conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n"+
			"This is HTTPS, and the request came without TLS.\n")
		err = errors.New("the client spoke HTTP without TLS")
	}
	c.srv.cfg.Log.Debug("httpd: TLS handshake", "remote", c.remote, "error", err)
}

// beginsHTTP reports whether what should have been the head of a TLS record
// looks like a request.
func beginsHTTP(head [5]byte) bool {
	switch string(head[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "PATCH", "DELET", "OPTIO":
		return true
	}
	return false
}
