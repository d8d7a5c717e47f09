package httpd

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// ErrBadField is what Send gives when a field of the answer has a name that is no
// token, or a value with a line end or another control character. The answer is
// then 500.
var ErrBadField = errors.New("httpd: field")

// What else answering may fail with, besides a broken connection.
var (
	errOver     = errors.New("httpd: answer: the handler has returned")
	errAnswered = errors.New("httpd: answer: the request has been answered already")
)

// An answer is the part of an Exchange that becomes the answer. The
// connection's mutex guards it.
type answer struct {
	written   int64 // of the body
	facts     facts
	set       answerFields
	header    http.Header // once asked for, in place of set
	status    uint16      // 0: none yet
	lent      bool        // set.list is the caller's, and not checked yet
	over      bool
	committed bool // the head is on its way
	whole     bool // Send was used: nothing may follow
	chunking  bool
	closing   bool // the connection ends with this answer
}

// Send answers with a head and the whole body in one go. Content-Length, Date
// and what has to be said about the connection are added; Content-Type is not.
// The body is not sent to HEAD, nor with a status that has none. A field that
// was refused by SetField or AddField, or is to be, makes the answer an empty 500, and Send
// tells which field it was, by an [ErrBadField].
//
// Sent is what Send has taken: it copies a small body, so the caller may use
// body again at once. Errors of the network come late or never.
func (x *Exchange) Send(status int, body []byte) error {
	c := x.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case x.over:
		return errOver
	case c.hijacked:
		return http.ErrHijacked
	case x.status != 0:
		return errAnswered
	}
	err := x.invalid()
	if err == nil && (status < 200 || status > 999) {
		err = fmt.Errorf("httpd: send: status %d is none that Send can give; it takes 200 to 999", status)
	}
	if err != nil {
		x.discard()
		_ = x.send(http.StatusInternalServerError, nil) // err says what is worth saying
		return err
	}
	return x.send(status, body)
}

// discard drops what was set so far.
func (x *Exchange) discard() {
	x.clearFields()
	x.header, x.rare = nil, nil
	x.facts = facts{length: -1}
	x.status = 0
	s := x.conn.space
	s.hold, s.fields = s.hold[:0], s.fields[:0]
}

// send is Send without its checks.
func (x *Exchange) send(status int, body []byte) error {
	c := x.conn
	if x.body != nil && x.body.malformed.Load() {
		x.discard()
		status, body = http.StatusBadRequest, nil
	}
	c.live = x
	x.status, x.committed, x.whole = uint16(status), true, true
	out := appendStatus(c.space.out, status)
	out = x.appendFields(out, status)
	if !x.facts.date {
		out = append(out, *c.srv.date.Load()...)
	}
	if hasBody(status) {
		out = append(out, "Content-Length: "...)
		out = strconv.AppendInt(out, int64(len(body)), 10)
		out = append(out, "\r\n"...)
	}
	out = x.appendConnection(out, true)
	out = append(out, "\r\n"...)
	if x.toHead() || !hasBody(status) {
		body = nil
	}
	x.written = int64(len(body))
	if len(body) <= outCopy {
		c.space.out = append(out, body...)
		return c.broken
	}
	c.space.out = out
	if err := c.flush(); err != nil {
		return err
	}
	return c.write(body)
}

// appendConnection appends the Connection field, and the empty line's turn
// comes next. framed says that the client can tell where the answer ends.
func (x *Exchange) appendConnection(out []byte, framed bool) []byte {
	f := &x.facts
	switch {
	case f.close, !framed, x.conn.srv.closing.Load(), x.body != nil && x.body.endless():
		x.closing = true
	}
	switch {
	case x.status == http.StatusSwitchingProtocols && f.connection:
		out = appendField(out, "Connection", x.rare.connection)
	case x.closing:
		out = append(out, "Connection: close\r\n"...)
	case f.connection:
		out = appendField(out, "Connection", x.rare.connection)
	case x.parts.minor == 0:
		out = append(out, "Connection: keep-alive\r\n"...)
	}
	return out
}

// refuse answers a request that is none, or one that came too slowly, and ends
// the connection. It is false.
func (c *conn) refuse(status int) bool {
	c.mu.Lock()
	text := strconv.Itoa(status) + " " + http.StatusText(status) + "\n"
	out := appendStatus(c.space.out, status)
	out = append(out, *c.srv.date.Load()...)
	out = append(out, "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: "...)
	out = strconv.AppendInt(out, int64(len(text)), 10)
	out = append(out, "\r\n\r\n"...)
	c.space.out = append(out, text...)
	err := c.flush()
	c.mu.Unlock()
	if err == nil {
		c.linger()
	}
	return false
}
