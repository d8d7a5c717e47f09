package httpd

import (
	"errors"
	"io"
	"os"
)

// ReadFrom copies r into the body. A file goes to the socket inside the
// kernel, where the system can do that and the answer's length is known.
func (w *responseWriter) ReadFrom(r io.Reader) (int64, error) {
	x := (*Exchange)(w)
	var total int64
	if file, most := regularFile(r); file != nil {
		n, done, err := x.sendFile(r, file, most)
		if done || err != nil {
			return n, err
		}
		total = n
	}
	buf := x.conn.srv.copies.Get().(*[]byte)
	defer x.conn.srv.copies.Put(buf)
	for {
		n, rerr := r.Read(*buf)
		if n > 0 {
			k, werr := w.Write((*buf)[:n])
			total += int64(k)
			if werr != nil {
				return total, werr
			}
		}
		if rerr != nil {
			if errors.Is(rerr, io.EOF) {
				rerr = nil
			}
			return total, rerr
		}
	}
}

// regularFile returns the file that r reads, and how much of it.
func regularFile(r io.Reader) (*os.File, int64) {
	most := int64(1<<63 - 1)
	if l, ok := r.(*io.LimitedReader); ok {
		r, most = l.R, l.N
	}
	file, ok := r.(*os.File)
	if !ok {
		return nil, 0
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, 0
	}
	return file, most
}

// sendFile sends from the file in pieces, so that WriteTimeout holds for each.
// done is false when the way through the kernel is not open.
func (x *Exchange) sendFile(r io.Reader, file *os.File, most int64) (n int64, done bool, err error) {
	c := x.conn
	to, ok := c.nc.(io.ReaderFrom)
	if !ok {
		return 0, false, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := x.ready(); err != nil {
		return 0, true, err
	}
	f := &x.facts
	if f.length < 0 || x.toHead() || !hasBody(int(x.status)) || !f.contentType && !f.encoded {
		return 0, false, nil // its first bytes are to be looked at, or framed
	}
	if !x.committed {
		x.commit(false)
	}
	x.emitHeld()
	if err := c.flush(); err != nil {
		return 0, true, err
	}
	for most > 0 && x.written < f.length {
		part := io.LimitedReader{R: file, N: min(most, f.length-x.written, 4*piece)}
		if !c.beginWrite() {
			return n, true, c.broken
		}
		k, err := to.ReadFrom(&part)
		c.endWrite(err)
		n, most, x.written = n+k, most-k, x.written+k
		if l, ok := r.(*io.LimitedReader); ok {
			l.N -= k
		}
		if err != nil {
			return n, true, err
		}
		if k == 0 {
			return n, true, nil
		}
	}
	return n, most == 0, nil
}
