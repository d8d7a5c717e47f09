package ashlar

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// Bodies under this many bytes fit into one packet either way.
const compressFrom = 1024

// zipper compresses a stream.
type zipper struct {
	*gzip.Writer
	pool *sync.Pool
}

// Close ends the stream and gives the compressor back.
func (z *zipper) Close() error {
	if z.Writer == nil {
		return nil
	}
	err := z.Writer.Close()
	z.pool.Put(z.Writer)
	z.Writer = nil
	return err
}

// zip returns what compresses the answer as a stream, nil if nothing does.
func (c *Ctx) zip() *zipper {
	if c.seldom == nil {
		return nil
	}
	return c.seldom.zip
}

// compress replaces the held body by its gzip form when the client takes it
// and it is worth it. A page's CSRF token is masked anew each time (csrf.go),
// so that its length tells nothing of it (BREACH).
func (c *Ctx) compress() {
	if len(c.answer.body) < compressFrom || c.answer.fields.has("Content-Length") || !c.zippable() {
		return
	}
	c.varyBy("Accept-Encoding")
	if !acceptsGzip(c.wire.list("Accept-Encoding")) {
		return
	}
	var out bytes.Buffer
	out.Grow(len(c.answer.body) / 3)
	z := c.app.gzips.Get().(*gzip.Writer)
	z.Reset(&out)
	_, err := z.Write(c.answer.body)
	if err == nil {
		err = z.Close()
	}
	c.app.gzips.Put(z)
	if err != nil || out.Len() >= len(c.answer.body) {
		return
	}
	c.answer.body = out.Bytes()
	c.answer.fields.set("Content-Encoding", "gzip")
	c.weakenETag()
}

// compressStream does the same for an answer that is written piece by piece;
// its head is about to be sent.
func (c *Ctx) compressStream() {
	if c.wire.method() == http.MethodHead || !bodyAllowed(c.answer.status) || c.answer.fields.get("Content-Length") != "" || !c.zippable() {
		return
	}
	c.varyBy("Accept-Encoding")
	if !acceptsGzip(c.wire.list("Accept-Encoding")) {
		return
	}
	z := c.app.gzips.Get().(*gzip.Writer)
	z.Reset(c.wire.writer())
	c.seldomly().zip = &zipper{z, &c.app.gzips}
	c.answer.fields.set("Content-Encoding", "gzip")
	c.weakenETag()
}

// zippable reports whether the answer is one that compression helps. Parts of
// a body (206) and bodies that are encoded already are left alone.
func (c *Ctx) zippable() bool {
	f := &c.answer.fields
	if c.answer.status == http.StatusPartialContent || f.get("Content-Encoding") != "" || f.get("Content-Range") != "" {
		return false
	}
	return compressible(f.get("Content-Type"))
}

func compressible(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.TrimSpace(t)
	switch t {
	case "application/json", "application/problem+json", "application/javascript", "application/xml",
		"application/manifest+json", "application/wasm", "image/svg+xml":
		return true
	case "text/event-stream": // small events that must leave at once
		return false
	}
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+json") || strings.HasSuffix(t, "+xml")
}

// acceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3).
func acceptsGzip(field string) bool {
	any := false
	for part := range strings.SplitSeq(field, ",") {
		name, params, _ := strings.Cut(part, ";")
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
			return quality(params) > 0
		case name == "*":
			any = quality(params) > 0
		}
	}
	return any
}

// weakenETag marks the tag as naming the content, not these very bytes.
func (c *Ctx) weakenETag() {
	if tag := c.answer.fields.get("Etag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		c.answer.fields.set("Etag", "W/"+tag)
	}
}

func (c *Ctx) varyBy(name string) {
	if vary := c.answer.fields.joined("Vary"); vary == "" || !hasListItem(vary, name) {
		c.answer.fields.add("Vary", name)
	}
}
