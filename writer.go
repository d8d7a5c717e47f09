package ashlar

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"time"
)

// writer is a Ctx seen as http.ResponseWriter, without an allocation of its
// own. Through it every answer of net/http code passes commit.
//
// A small body is held until the handler returns, as net/http does: it then
// takes the same road as an answer that was given whole. What is larger, was
// flushed or has to be sent in its very form leaves at once; see stream.
type writer Ctx

var (
	_ http.Flusher    = (*writer)(nil)
	_ http.Hijacker   = (*writer)(nil)
	_ io.ReaderFrom   = (*writer)(nil)
	_ io.StringWriter = (*writer)(nil)
)

// holdMax is how much is held; net/http holds as much.
const holdMax = 2 << 10

func (w *writer) ctx() *Ctx { return (*Ctx)(w) }

// Header returns the fields of the answer.
func (w *writer) Header() http.Header { return w.ctx().header() }

// WriteHeader decides on the status and the fields: what is changed in the map
// afterwards is no part of the answer, but for trailers. Informational statuses
// (1xx) are sent at once, and may come before it.
func (w *writer) WriteHeader(status int) {
	c := w.ctx()
	switch {
	case c.answer.committed || c.answer.decided:
	case status >= 100 && status < 200 && status != http.StatusSwitchingProtocols:
		c.inform(status)
	default:
		c.decide(status)
	}
}

// inform sends the fields so far with an informational status.
func (c *Ctx) inform(status int) {
	w := c.wire.writer()
	before := maps.Clone(w.Header())
	maps.Copy(w.Header(), c.header())
	w.WriteHeader(status)
	clear(w.Header())
	maps.Copy(w.Header(), before)
}

// decide fixes the head of an answer by net/http code, and sends it if it
// cannot wait for the body.
func (c *Ctx) decide(status int) {
	c.answer.status, c.answer.decided = status, true
	if c != c.root || status < 200 || !c.fieldsToList() {
		c.stream()
		return
	}
	c.answer.body, c.answer.held = nil, true
}

// stream sends the head, and what was held of the body. The rest is sent as it
// is written.
func (c *Ctx) stream() {
	held := c.answer.body
	c.answer.held, c.answer.body = false, nil
	err := c.commit()
	if err == nil {
		err = c.answer.fields.check()
	}
	if err != nil {
		_ = c.refuseSplit(err)
		return
	}
	if c.answer.mayZip && !c.is(saidSmall) {
		c.compressStream()
	}
	c.handOver()
	c.wire.writer().WriteHeader(c.answer.status)
	if len(held) > 0 {
		_, _ = c.writeOut(held) // the next write fails as well
	}
}

// begin sends the head if that has not left.
func (c *Ctx) begin() {
	if !c.answer.committed && !c.answer.decided {
		c.decide(c.statusOr200())
	}
	if !c.answer.committed {
		c.stream()
	}
}

func (c *Ctx) statusOr200() int {
	if c.answer.status == 0 {
		return http.StatusOK
	}
	return c.answer.status
}

// Write adds b to the body, after WriteHeader if that was not called.
func (w *writer) Write(b []byte) (int, error) { return writeBody(w.ctx(), b) }

// WriteString is Write without a copy of a short s.
func (w *writer) WriteString(s string) (int, error) { return writeBody(w.ctx(), s) }

func writeBody[T []byte | string](c *Ctx, b T) (int, error) {
	if !c.answer.committed && len(c.answer.body) == 0 && len(b) > 0 {
		tellType(c, b)
	}
	if !c.answer.committed && !c.answer.decided {
		c.decide(c.statusOr200())
	}
	if !c.answer.committed {
		switch {
		case !bodyAllowed(c.answer.status):
			return 0, http.ErrBodyNotAllowed
		case len(c.answer.body)+len(b) <= holdMax:
			hold(c, b)
			return len(b), nil
		}
		c.stream()
	}
	return c.writeOut([]byte(b))
}

// tellType looks at the first bytes of a body whose type nobody told, as
// net/http does; here, before compression hides them.
func tellType[T []byte | string](c *Ctx, b T) {
	if f := &c.answer.fields; !f.has("Content-Type") && f.get("Content-Encoding") == "" {
		f.set("Content-Type", http.DetectContentType([]byte(b[:min(len(b), 512)])))
	}
}

// writeOut writes behind the head.
func (c *Ctx) writeOut(b []byte) (n int, err error) {
	if z := c.zip(); z != nil {
		n, err = z.Write(b)
	} else {
		n, err = c.wire.writer().Write(b)
	}
	c.answer.bytes += int64(n)
	return n, err
}

// ReadFrom lets io.Copy use the engine's own way, which may be sendfile.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	c := w.ctx()
	from, ok := c.wire.writer().(io.ReaderFrom)
	if !ok || !c.answer.committed || c.zip() != nil {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	n, err := from.ReadFrom(r)
	c.answer.bytes += n
	return n, err
}

// Flush sends what was written so far.
func (w *writer) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *writer) FlushError() error {
	c := w.ctx()
	c.begin()
	if z := c.zip(); z != nil {
		if err := z.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.wire.writer()).Flush()
}

// Hijack takes the connection over, also behind a head that has been written:
// some libraries send 101 themselves. The deadlines that the pipeline set for
// an answer are lifted: what follows is the caller's protocol.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c := w.ctx()
	if c.answer.decided && !c.answer.committed {
		c.stream()
	}
	if c.zip() != nil {
		return nil, nil, fmt.Errorf("ashlar: hijack: the answer is being compressed already")
	}
	conn, rw, err := http.NewResponseController(c.wire.writer()).Hijack()
	if err != nil {
		return nil, nil, err
	}
	for root := c.root; ; {
		c.answer.committed, c.answer.held = true, false
		c.answer.status = http.StatusSwitchingProtocols
		if c == root {
			break
		}
		c = root
	}
	return conn, rw, conn.SetDeadline(time.Time{})
}

// Unwrap lets http.ResponseController reach the engine's writer.
func (w *writer) Unwrap() http.ResponseWriter { return w.wire.writer() }
