package httpd

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Writer returns the answer as net/http's handlers know it. It is a
// [http.Flusher], [http.Hijacker], [io.ReaderFrom] and [io.StringWriter], and
// has what [http.ResponseController] asks for. A body of up to 2 KiB that is
// not flushed gets a Content-Length; a longer one without a Content-Length of
// the handler's goes out in chunks.
//
// The request's body may be read while the answer is written. A client that
// does not read while it sends may then block both sides, until WriteTimeout.
func (x *Exchange) Writer() http.ResponseWriter { return (*responseWriter)(x) }

// A responseWriter is an Exchange seen as http.ResponseWriter.
type responseWriter Exchange

var (
	_ http.Flusher    = (*responseWriter)(nil)
	_ http.Hijacker   = (*responseWriter)(nil)
	_ io.ReaderFrom   = (*responseWriter)(nil)
	_ io.StringWriter = (*responseWriter)(nil)
)

// Header returns the fields of the answer.
func (w *responseWriter) Header() http.Header { return (*Exchange)(w).Header() }

// WriteHeader decides on the status and the fields. An informational status
// (1xx but 101) is sent at once, and another may follow.
func (w *responseWriter) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("httpd: WriteHeader: invalid status %d", status))
	}
	c := w.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	x := (*Exchange)(w)
	switch {
	case x.over || c.hijacked:
		c.srv.cfg.Log.Warn("httpd: WriteHeader after the request was answered", "path", x.Path())
	case x.status != 0:
		c.srv.cfg.Log.Warn("httpd: superfluous WriteHeader", "path", x.Path(), "status", status, "is", x.status)
	case status < 200 && status != http.StatusSwitchingProtocols:
		x.inform(status)
	default:
		x.decide(status)
	}
}

// Write adds p to the body, after WriteHeader(200) if that was not called.
func (w *responseWriter) Write(p []byte) (int, error) {
	c := w.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	return writeBody((*Exchange)(w), p)
}

// WriteString is Write for a string.
func (w *responseWriter) WriteString(s string) (int, error) {
	c := w.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	return writeBody((*Exchange)(w), s)
}

// Flush sends what was written so far.
func (w *responseWriter) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *responseWriter) FlushError() error {
	c := w.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	x := (*Exchange)(w)
	if err := x.ready(); err != nil {
		return err
	}
	if !x.committed {
		x.commit(false)
	}
	x.emitHeld()
	return c.flush()
}

// SetReadDeadline sets the deadline for reading the request's body. It takes
// the place of Config.BodyTimeout and of SetDeadlines for this request.
func (w *responseWriter) SetReadDeadline(t time.Time) error {
	w.conn.ownRead.Store(true)
	return w.conn.nc.SetReadDeadline(t)
}

// SetWriteDeadline sets the deadline for writing the answer. It takes the
// place of Config.WriteTimeout and of SetDeadlines for this request.
func (w *responseWriter) SetWriteDeadline(t time.Time) error {
	w.conn.ownWrite.Store(true)
	return w.conn.nc.SetWriteDeadline(t)
}

// EnableFullDuplex changes nothing: reading while writing is always possible.
func (w *responseWriter) EnableFullDuplex() error { return nil }

// Hijack takes the connection over, with what was read from it but not used in
// the reader's buffer. Deadlines are lifted. The engine forgets the connection.
func (w *responseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return (*Exchange)(w).hijack()
}
