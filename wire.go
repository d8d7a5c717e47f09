package ashlar

import (
	"context"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
)

// wire is the HTTP engine below a [Ctx]: one request and its answer, as they
// come from package httpd or from net/http. The rest of the package does not
// ask which of them it is, and a *http.Request is built only when somebody
// wants one.
type wire struct {
	x   *httpd.Exchange // one of them
	std *stdWire
}

// stdWire is a request that came through net/http, or from a middleware of its
// kind.
type stdWire struct {
	w        http.ResponseWriter
	r        *http.Request
	path     string // escaped
	secure   bool
	encoding string // Content-Encoding that the middleware around a fork is going to give the answer
}

func (s *stdWire) take(w http.ResponseWriter, r *http.Request) {
	s.w, s.r, s.path = w, r, r.URL.EscapedPath()
}

func (o *wire) method() string {
	if o.x != nil {
		return o.x.Method()
	}
	return o.std.r.Method
}

func (o *wire) host() string {
	if o.x != nil {
		return o.x.Host()
	}
	return o.std.r.Host
}

// path returns the path as it was sent, escaped.
func (o *wire) path() string {
	if o.x != nil {
		return o.x.Path()
	}
	return o.std.path
}

func (o *wire) query() string {
	if o.x != nil {
		return o.x.Query()
	}
	return o.std.r.URL.RawQuery
}

func (o *wire) secure() bool {
	if o.x != nil {
		return o.x.TLS() != nil
	}
	return o.std.secure
}

func (o *wire) context() context.Context {
	if o.x != nil {
		return o.x.Context()
	}
	return o.std.r.Context()
}

// encoding returns the Content-Encoding that a middleware has announced.
func (o *wire) encoding() string {
	if o.std != nil {
		return o.std.encoding
	}
	return ""
}

// field returns the first value of a request field by its canonical name, ""
// when absent.
func (o *wire) field(name string) string {
	if o.x != nil {
		return o.x.Field(name)
	}
	if v := o.std.r.Header[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// lines goes through the values of a request field, in the order in which they
// came.
func (o *wire) lines(name string) iter.Seq[string] {
	if o.x != nil {
		return o.x.FieldValues(name)
	}
	return slices.Values(o.std.r.Header[name])
}

// list returns a request field that is a list, all of its lines as one (RFC
// 9110, section 5.3).
func (o *wire) list(name string) string {
	if o.x == nil {
		if lines := o.std.r.Header[name]; len(lines) > 1 {
			return strings.Join(lines, ",")
		}
		return o.field(name)
	}
	all, n := "", 0
	for line := range o.x.FieldValues(name) {
		if n++; n == 1 {
			all = line
		} else {
			all += "," + line
		}
	}
	return all
}

// length returns the length of the request's body, -1 when it is unknown.
func (o *wire) length() int64 {
	if o.x != nil {
		return o.x.ContentLength()
	}
	return o.std.r.ContentLength
}

// remote returns the network address of the client.
func (o *wire) remote() string {
	if o.x != nil {
		return o.x.RemoteAddr()
	}
	return o.std.r.RemoteAddr
}

// request returns the request for net/http code; its context is the engine's.
func (o *wire) request() *http.Request {
	if o.x != nil {
		return o.x.Request()
	}
	return o.std.r
}

// writer returns the answer for net/http code; its Header is the answer's.
func (o *wire) writer() http.ResponseWriter {
	if o.x != nil {
		return o.x.Writer()
	}
	return o.std.w
}

// bound gives the client this long to send its body, and to take the answer;
// a value under zero is without end.
func (o *wire) bound(c *Ctx, read, write time.Duration) {
	if o.x != nil {
		o.x.SetDeadlines(read, write)
		return
	}
	at := func(d time.Duration) time.Time {
		if d < 0 {
			return time.Time{}
		}
		return c.start().Add(d)
	}
	rc := http.NewResponseController(o.std.w)
	if o.std.r.ContentLength != 0 {
		_ = rc.SetReadDeadline(at(read)) // an engine without deadlines has none to pass on
	}
	_ = rc.SetWriteDeadline(at(write))
}
