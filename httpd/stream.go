package httpd

import (
	"net/http"
	"strconv"
	"strings"
)

// How the Writer's answer comes about. Bytes of the body wait in hold until
// there are more than fit. decide fixes the status and the fields, commit the
// framing. All of these need the connection's mutex.

// ready makes sure that the body may be written.
func (x *Exchange) ready() error {
	switch {
	case x.over:
		return errOver
	case x.conn.hijacked:
		return http.ErrHijacked
	case x.whole:
		return errAnswered
	case x.status == 0:
		x.decide(http.StatusOK)
	}
	return x.conn.broken
}

// inform sends an informational answer with the fields so far. HTTP/1.0 has
// none.
func (x *Exchange) inform(status int) {
	if x.parts.minor == 0 {
		return
	}
	if status == http.StatusContinue && x.body != nil {
		x.body.waits.Store(false)
	}
	x.ownFields() // they are for the answer, too
	c := x.conn
	c.live = x
	out := appendStatus(c.space.out, status)
	out = x.appendFields(out, status)
	x.facts = facts{length: -1}
	if x.rare != nil {
		x.rare.trailers = nil
	}
	c.space.out = append(out, "\r\n"...)
	_ = c.flush() // a broken connection shows with the answer itself
}

// decide fixes the status and takes the fields as they are now: later changes
// to the map do not count, but for trailers.
func (x *Exchange) decide(status int) {
	s := x.conn.space
	x.conn.live = x
	if err := x.invalid(); err != nil {
		x.conn.srv.cfg.Log.Error("httpd: answer refused", "path", x.Path(), "error", err)
		x.discard()
		status = http.StatusInternalServerError
		x.whole = true // what the handler writes is not for this answer
	}
	x.status = uint16(status)
	s.fields = x.appendFields(s.fields[:0], status)
	if !hasBody(status) {
		x.facts.length = -1
	}
}

// commit appends the head. final says that hold is the whole body.
func (x *Exchange) commit(final bool) {
	if x.body != nil && x.body.malformed.Load() && !x.whole {
		x.discard()
		x.decide(http.StatusBadRequest)
		x.whole, final = true, true
	}
	c, f := x.conn, &x.facts
	s := c.space
	x.committed = true
	body, head := hasBody(int(x.status)), x.toHead()
	trailers := f.trailer || x.prefixedTrailers()
	if final && f.length < 0 && body && !trailers && !f.identity && (!head || len(s.hold) > 0) {
		f.length = int64(len(s.hold))
	}
	x.chunking = body && !head && f.length < 0 && !f.identity && x.parts.minor == 1

	out := appendStatus(s.out, int(x.status))
	out = append(out, s.fields...)
	if !f.date {
		out = append(out, *c.srv.date.Load()...)
	}
	if body && !f.contentType && !f.encoded && len(s.hold) > 0 {
		out = appendField(out, "Content-Type", http.DetectContentType(s.hold))
	}
	switch {
	case f.length >= 0:
		out = append(out, "Content-Length: "...)
		out = strconv.AppendInt(out, f.length, 10)
		out = append(out, "\r\n"...)
	case x.chunking:
		out = append(out, "Transfer-Encoding: chunked\r\n"...)
	}
	out = x.appendConnection(out, f.length >= 0 || x.chunking || !body || head)
	s.out = append(out, "\r\n"...)
	if head {
		s.hold = s.hold[:0]
	}
}

// prefixedTrailers reports whether the map holds trailers by name prefix.
func (x *Exchange) prefixedTrailers() bool {
	for name := range x.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			return true
		}
	}
	return false
}

// writeBody adds p to the body.
func writeBody[T []byte | string](x *Exchange, p T) (int, error) {
	if err := x.ready(); err != nil {
		return 0, err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if !hasBody(int(x.status)) {
		return 0, http.ErrBodyNotAllowed
	}
	if f := &x.facts; f.length >= 0 && x.written+int64(len(p)) > f.length {
		return 0, http.ErrContentLength
	}
	x.written += int64(len(p))
	s := x.conn.space
	if len(s.hold)+len(p) <= holdSize {
		if !x.committed || !x.toHead() {
			s.hold = append(s.hold, p...)
		}
		return len(p), nil
	}
	if !x.committed {
		if len(s.hold) == 0 { // commit looks at the first bytes for their type
			s.hold = append(s.hold, p[:min(len(p), 512)]...)
			x.commit(false)
			s.hold = s.hold[:0]
		} else {
			x.commit(false)
		}
		if x.whole {
			return len(p), nil
		}
	}
	if x.toHead() {
		return len(p), nil
	}
	x.emitHeld()
	if len(p) <= holdSize {
		s.hold = append(s.hold, p...)
		return len(p), x.conn.broken
	}
	return len(p), emit(x, p)
}

// emitHeld frames what waits in hold.
func (x *Exchange) emitHeld() {
	s := x.conn.space
	if len(s.hold) > 0 {
		_ = emit(x, s.hold) // broken says it, too
		s.hold = s.hold[:0]
	}
}

// emit frames p: a chunk, or just the bytes. Much of it goes past the buffer.
func emit[T []byte | string](x *Exchange, p T) error {
	c := x.conn
	s := c.space
	if x.chunking {
		s.out = strconv.AppendInt(s.out, int64(len(p)), 16)
		s.out = append(s.out, "\r\n"...)
	}
	if b, ok := any(p).([]byte); ok && len(b) > outFull {
		if err := c.flush(); err != nil {
			return err
		}
		if err := c.write(b); err != nil {
			return err
		}
	} else {
		for rest := p; len(rest) > 0; {
			part := rest[:min(len(rest), outFull)]
			rest = rest[len(part):]
			s.out = append(s.out, part...)
			if len(s.out) > outFull {
				if err := c.flush(); err != nil {
					return err
				}
			}
		}
	}
	if x.chunking {
		s.out = append(s.out, "\r\n"...)
	}
	return c.broken
}

// complete ends the answer when the handler has returned.
func (x *Exchange) complete() {
	if x.whole && x.committed {
		return
	}
	if x.status == 0 {
		x.decide(http.StatusOK)
	}
	if !x.committed {
		x.commit(true)
	}
	x.emitHeld()
	if x.chunking {
		s := x.conn.space
		s.out = append(s.out, "0\r\n"...)
		s.out = x.appendTrailers(s.out)
		s.out = append(s.out, "\r\n"...)
	}
	if f := &x.facts; f.length >= 0 && x.written != f.length && !x.toHead() && hasBody(int(x.status)) {
		x.closing = true // the client waits for more than there is
	}
}

// abandon ends the answer when the handler has panicked: 500 if nothing of it
// has been sent, else it stays cut off, as the client shall see.
func (x *Exchange) abandon() {
	x.closing = true
	if !x.committed && (x.rare == nil || !x.rare.aborted) {
		x.discard()
		x.whole = false
		_ = x.send(http.StatusInternalServerError, nil) // the connection ends anyway
	}
}

// appendTrailers appends the trailer fields: those announced, and those that
// are marked in the map by http.TrailerPrefix.
func (x *Exchange) appendTrailers(out []byte) []byte {
	for _, name := range x.trailers() {
		for _, value := range x.header[name] {
			out = appendField(out, name, cleanValue(value))
		}
	}
	for name, values := range x.header {
		name, ok := strings.CutPrefix(name, http.TrailerPrefix)
		if name = canonical(name); !ok || !validName(name) || forbiddenTrailer(name) {
			continue
		}
		for _, value := range values {
			out = appendField(out, name, cleanValue(value))
		}
	}
	return out
}
