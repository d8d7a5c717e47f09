package ashlar

import (
	"net/http"

	"github.com/ashlar-go/ashlar/httpd"
)

// wire is the seam between a [Ctx] and the HTTP engine below it: what one
// request and its answer can do. The fields that every request has (method,
// path, host …) are copied into the Ctx when it is made; the rest is asked for
// here, so that an engine builds a *http.Request only when somebody wants one.
type wire interface {
	// field returns a request field by its canonical name, "" when absent.
	field(name string) string
	// length returns the length of the request's body, -1 when it is unknown.
	length() int64
	// request returns the request for net/http code; its context is the engine's.
	request() *http.Request
	// writer returns the answer for net/http code; its Header is the answer's.
	writer() http.ResponseWriter
	// send writes the head and a whole body in one go.
	send(status int, body []byte) error
}

// stdWire is the engine of the standard library: HTTP/1.1 and HTTP/2, TLS and
// hijacking are net/http's own.
type stdWire struct {
	w http.ResponseWriter
	r *http.Request
}

var _ wire = (*stdWire)(nil)

func (s *stdWire) field(name string) string {
	if v := s.r.Header[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (s *stdWire) length() int64               { return s.r.ContentLength }
func (s *stdWire) request() *http.Request      { return s.r }
func (s *stdWire) writer() http.ResponseWriter { return s.w }

func (s *stdWire) send(status int, body []byte) error {
	s.w.WriteHeader(status)
	if len(body) == 0 || s.r.Method == http.MethodHead {
		return nil
	}
	_, err := s.w.Write(body)
	return err
}

// ownWire is the engine of package httpd: what it has parsed is asked for field
// by field, and a *http.Request is built for those who want one.
type ownWire struct{ x *httpd.Exchange }

var _ wire = (*ownWire)(nil)

func (o *ownWire) field(name string) string           { return o.x.Field(name) }
func (o *ownWire) length() int64                      { return o.x.ContentLength() }
func (o *ownWire) request() *http.Request             { return o.x.Request() }
func (o *ownWire) writer() http.ResponseWriter        { return o.x.Writer() }
func (o *ownWire) send(status int, body []byte) error { return o.x.Send(status, body) }
