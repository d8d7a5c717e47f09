package ashlar

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// writer is a Ctx seen as http.ResponseWriter, without an allocation of its
// own. Through it every answer of net/http code passes commit.
type writer Ctx

var (
	_ http.Flusher    = (*writer)(nil)
	_ http.Hijacker   = (*writer)(nil)
	_ io.ReaderFrom   = (*writer)(nil)
	_ io.StringWriter = (*writer)(nil)
)

func (w *writer) ctx() *Ctx { return (*Ctx)(w) }

// Header returns the fields of the answer.
func (w *writer) Header() http.Header { return w.ctx().header() }

// WriteHeader sends the head. Informational statuses (1xx) may come before it.
func (w *writer) WriteHeader(status int) {
	c := w.ctx()
	if c.answer.committed {
		return
	}
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		c.header() // the fields so far go along, and may be set anew afterwards
		c.wire.writer().WriteHeader(status)
		return
	}
	c.answer.status, c.answer.held, c.answer.body = status, false, nil
	if err := c.commit(); err != nil {
		_ = c.refuseSplit(err)
		return
	}
	if c.answer.mayZip && !c.answer.small.Load() {
		c.compressStream()
	}
	c.handOver()
	c.wire.writer().WriteHeader(status)
}

func (w *writer) begin() {
	if !w.answer.committed {
		status := w.answer.status
		if status == 0 {
			status = http.StatusOK
		}
		w.WriteHeader(status)
	}
}

// Write sends b, after the head if that has not left.
func (w *writer) Write(b []byte) (int, error) {
	c := w.ctx()
	if f := &c.answer.fields; !c.answer.committed && len(b) > 0 && f.get("Content-Type") == "" {
		// Before compression hides it from net/http's own look.
		f.set("Content-Type", http.DetectContentType(b))
	}
	w.begin()
	var n int
	var err error
	if c.answer.zip != nil {
		n, err = c.answer.zip.Write(b)
	} else {
		n, err = c.wire.writer().Write(b)
	}
	c.answer.bytes += int64(n)
	return n, err
}

// WriteString is Write without a copy of s by the caller.
func (w *writer) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// ReadFrom lets io.Copy use the engine's own way, which may be sendfile.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	c := w.ctx()
	from, ok := c.wire.writer().(io.ReaderFrom)
	if !ok || !c.answer.committed || c.answer.zip != nil {
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
	w.begin()
	c := w.ctx()
	if c.answer.zip != nil {
		if err := c.answer.zip.Flush(); err != nil {
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
	if c.answer.zip != nil {
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
