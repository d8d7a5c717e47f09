package httpd

import (
	"crypto/tls"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// An Exchange is one request and its answer. It is made for one request and
// never used for another, and nothing it hands out changes later: what was
// received may be kept and read by any goroutine, also after the handler has
// returned. Answering is for the goroutine that serves the request, and ends
// with the handler; what comes later is refused with an error.
//
// Field names are given in their canonical form, such as "Content-Type"; see
// [http.CanonicalHeaderKey].
type Exchange struct {
	conn    *conn
	line    string // the request line
	fields  string // the field lines, and behind them their table
	parts   parts
	ended   atomic.Bool // the context has
	starts  int64
	body    *body         // nil: none
	request *http.Request // once asked for
	rare    *rare
	life    atomic.Pointer[life] // of the context, once somebody waits
	writeBy atomic.Int64         // see SetDeadlines

	answer
}

// A rare is what few exchanges need. What an Exchange weighs is most of what a
// small request costs.
type rare struct {
	invalid    error    // of a field of the answer
	trailers   []string // announced
	connection string   // values of the answer's Connection field, but close
	aborted    bool     // by http.ErrAbortHandler
}

// rarely returns x.rare, to be changed.
func (x *Exchange) rarely() *rare {
	if x.rare == nil {
		x.rare = new(rare)
	}
	return x.rare
}

// begin gives x, which is new, the head that was parsed.
func (c *conn) begin(x *Exchange) {
	s := c.space
	h := &s.head
	x.conn, x.parts = c, h.parts
	x.line, x.fields = h.take(s.unread())
	s.r += h.size()
	x.starts = c.srv.now.Load()
	x.closing = !h.keepsOpen()
	x.facts.length = -1
	if h.length > 0 || h.coding == codingChunked {
		x.body = newBody(x, h)
	}
}

// inLine returns a part of the request line.
func (x *Exchange) inLine(s span) string { return x.line[s.start:s.end] }

// text returns a part of the field lines.
func (x *Exchange) text(s span) string { return x.fields[s.start:s.end] }

// field returns the i-th field.
func (x *Exchange) field(i int) field {
	return fieldAt(x.fields[int(x.parts.block)+i*fieldSize:])
}

// Method returns the request's method.
func (x *Exchange) Method() string { return x.line[:x.parts.target.start-1] }

// toHead reports whether the answer has no body because of the method.
func (x *Exchange) toHead() bool { return x.Method() == http.MethodHead }

// Target returns the request target as it was sent.
func (x *Exchange) Target() string { return x.inLine(x.parts.target) }

// Path returns the path as it was sent, still percent-encoded; each % begins a
// valid escape. It begins with a slash, or is "*" for OPTIONS.
func (x *Exchange) Path() string {
	if p := x.parts.path; p.start < p.end {
		return x.inLine(p)
	}
	if x.Method() == http.MethodOptions {
		return "*" // of "http://example.com"; RFC 9112 section 3.2.4
	}
	return "/" // RFC 9110 section 4.2.3
}

// Query returns what stands behind the first "?" of the target, as it was sent.
func (x *Exchange) Query() string {
	if !x.parts.hasQuery {
		return ""
	}
	return x.line[x.parts.path.end+1 : x.parts.target.end]
}

// Host returns the host, with its port if one was sent: that of an absolute
// target, else that of the Host field. Its characters are valid ones; whether
// it is a host served here, the caller has to check.
func (x *Exchange) Host() string {
	if x.parts.absolute {
		return x.inLine(x.parts.host)
	}
	return x.text(x.parts.host)
}

// Proto returns "HTTP/1.0" or "HTTP/1.1".
func (x *Exchange) Proto() string {
	if x.parts.minor == 0 {
		return "HTTP/1.0"
	}
	return "HTTP/1.1"
}

// RemoteAddr returns the network address of the client, "IP:port".
func (x *Exchange) RemoteAddr() string { return x.conn.remote }

// TLS returns what was agreed in the handshake, nil without TLS. It is shared
// by the connection's requests and must not be changed.
func (x *Exchange) TLS() *tls.ConnectionState { return x.conn.tls }

// ContentLength returns the length of the body in bytes, -1 when it is unknown
// because the body comes in chunks.
func (x *Exchange) ContentLength() int64 {
	if x.body == nil {
		return 0
	}
	return x.body.length
}

// Body returns the request's body as it arrives. Reading it sends "100
// Continue" when the client waits for that. It ends with [io.EOF], with
// [io.ErrUnexpectedEOF] when the client left before, with [ErrMalformed] when
// the chunks were none, with [ErrTooSlow] when the client is too slow, and with [*http.MaxBytesError] beyond the limit of SetBodyLimit. After
// the handler has returned it is [http.ErrBodyReadAfterClose].
func (x *Exchange) Body() io.ReadCloser {
	if x.body == nil {
		return http.NoBody
	}
	return x.body
}

// SetBodyLimit bounds the bytes that Body gives; a body that says at once
// that it is longer fails with the first read. 0 is no limit, as at first.
func (x *Exchange) SetBodyLimit(n int64) {
	if x.body != nil {
		x.body.setLimit(n)
	}
}

// life is what an Exchange's context needs once somebody waits for its end.
type life struct {
	mu       sync.Mutex
	done     chan struct{}
	closed   bool // done is
	after    []*afterEnd
	watching bool // a goroutine waits for the client to leave
	wanted   bool // somebody would like it to
}
