package ashlar

import (
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
)

// wire is the HTTP engine below a [Ctx]: one request and its answer, as they
// come from package httpd or from net/http. The rest of the package does not
// ask which of them it is. What every request has (method, path, host …) is
// copied into the Ctx when it is made; the rest is asked for here, so that a
// *http.Request is built only when somebody wants one.
type wire struct {
	x *httpd.Exchange // nil: the request came through net/http
	w http.ResponseWriter
	r *http.Request
}

// field returns the first value of a request field by its canonical name, ""
// when absent.
func (o *wire) field(name string) string {
	if o.x != nil {
		return o.x.Field(name)
	}
	if v := o.r.Header[name]; len(v) > 0 {
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
	return slices.Values(o.r.Header[name])
}

// list returns a request field that is a list, all of its lines as one (RFC
// 9110, section 5.3).
func (o *wire) list(name string) string {
	if o.x == nil {
		if lines := o.r.Header[name]; len(lines) > 1 {
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
	return o.r.ContentLength
}

// remote returns the network address of the client.
func (o *wire) remote() string {
	if o.x != nil {
		return o.x.RemoteAddr()
	}
	return o.r.RemoteAddr
}

// request returns the request for net/http code; its context is the engine's.
func (o *wire) request() *http.Request {
	if o.x != nil {
		return o.x.Request()
	}
	return o.r
}

// writer returns the answer for net/http code; its Header is the answer's.
func (o *wire) writer() http.ResponseWriter {
	if o.x != nil {
		return o.x.Writer()
	}
	return o.w
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
	rc := http.NewResponseController(o.w)
	if o.r.ContentLength != 0 {
		_ = rc.SetReadDeadline(at(read)) // an engine without deadlines has none to pass on
	}
	_ = rc.SetWriteDeadline(at(write))
}
