package httpd

import (
	"crypto/tls"
	"io"
	"net/http"
	"sync"
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
	conn *conn

	// The request: substrings of text, a copy of the head as it came.
	text   string
	method string
	path   string
	query  string
	host   string
	target span
	length int64 // of the body; -1: unknown, it comes in chunks
	fields fieldTable
	minor  byte
	plain  bool
	asked  bool // there is a "?" in the target
	starts int64

	body    *body
	request *http.Request

	answer
	life
	bounds bounds
}

// How many fields an Exchange holds without a further allocation, and how many
// of the answer's that one then makes room for. A browser sends about 16. What
// an Exchange weighs is most of what a small request costs.
const (
	inlineFields = 16
	inlineAnswer = 4
	moreAnswer   = 12
)

type fieldTable struct {
	n      int
	inline [inlineFields]field
	more   []field
}

func (t *fieldTable) fill(from []field) {
	t.n = len(from)
	if rest := from[copy(t.inline[:], from):]; len(rest) > 0 {
		t.more = append([]field(nil), rest...)
	}
}

func (t *fieldTable) at(i int) *field {
	if i < inlineFields {
		return &t.inline[i]
	}
	return &t.more[i-inlineFields]
}

// begin makes the Exchange for the head that was parsed.
func (c *conn) begin() *Exchange {
	s := c.space
	h := &s.head
	raw := s.in[s.r : s.r+h.size]
	s.r += h.size

	x := &Exchange{conn: c, text: string(raw), minor: h.minor, plain: h.plain, asked: h.hasQuery, target: h.target}
	x.starts = c.srv.now.Load()
	x.method = knownMethod(h.method.text(x.text))
	x.path, x.query, x.host = h.path.text(x.text), h.query.text(x.text), h.host.text(x.text)
	if x.path == "" {
		x.path = "/" // of "http://example.com"; RFC 9110 section 4.2.3
		if x.method == http.MethodOptions {
			x.path = "*" // RFC 9112 section 3.2.4
		}
	}
	x.fields.fill(h.fields)
	x.closing = !h.keepsOpen()
	x.answer.facts.length = -1
	switch {
	case h.coding == codingChunked:
		x.length = -1
	case h.length > 0:
		x.length = h.length
	}
	if x.length != 0 {
		x.body = newBody(x, h)
	}
	return x
}

// knownMethod returns the method as a constant, if it is one that we know.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet:
		return http.MethodGet
	case http.MethodPost:
		return http.MethodPost
	case http.MethodHead:
		return http.MethodHead
	}
	return m
}

// Method returns the request's method.
func (x *Exchange) Method() string { return x.method }

// Target returns the request target as it was sent.
func (x *Exchange) Target() string { return x.target.text(x.text) }

// Path returns the path as it was sent, still percent-encoded; each % begins a
// valid escape. It begins with a slash, or is "*" for OPTIONS.
func (x *Exchange) Path() string { return x.path }

// Query returns what stands behind the first "?" of the target, as it was sent.
func (x *Exchange) Query() string { return x.query }

// Host returns the host, with its port if one was sent: that of an absolute
// target, else that of the Host field. Its characters are valid ones; whether
// it is a host served here, the caller has to check.
func (x *Exchange) Host() string { return x.host }

// Proto returns "HTTP/1.0" or "HTTP/1.1".
func (x *Exchange) Proto() string {
	if x.minor == 0 {
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
func (x *Exchange) ContentLength() int64 { return x.length }

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

// life is the part of an Exchange that outlives the handler in other
// goroutines: its context.
type life struct {
	mu       sync.Mutex
	err      error // why it ended
	done     chan struct{}
	after    []*afterEnd
	watching bool // a goroutine waits for the client to leave
	wanted   bool // somebody would like it to
}
