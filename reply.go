package ashlar

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/appendjson"
)

// The ways to answer. Each may follow another until the answer has been sent.

// Bytes answers with a whole body of a media type. The Ctx keeps body until it
// is sent; the caller must not change it.
func (c *Ctx) Bytes(contentType string, body []byte) error {
	if c.answer.committed {
		return errors.New("ashlar: answer given twice: the first one has been sent already")
	}
	if contentType != "" {
		c.answer.fields.set("Content-Type", contentType)
	}
	c.answer.body, c.answer.held = body, true
	return nil
}

// Text answers with plain text in UTF-8.
func (c *Ctx) Text(s string) error {
	b := c.room()
	*b = append((*b)[:0], s...)
	return c.buffered("text/plain; charset=utf-8", b)
}

// HTML answers with a page. The text is sent as it is: escaping is the
// caller's, or package view's.
func (c *Ctx) HTML(s string) error {
	b := c.room()
	*b = append((*b)[:0], s...)
	return c.buffered("text/html; charset=utf-8", b)
}

// jsonEncoder is Config.EncodeJSON or our own.
type jsonEncoder struct {
	own   appendjson.Encoder
	other func([]byte, any) ([]byte, error)
}

func (e *jsonEncoder) Append(dst []byte, v any) ([]byte, error) {
	if e.other != nil {
		return e.other(dst, v)
	}
	return e.own.Append(dst, v)
}

// JSON answers with v as encoding/json writes it.
func (c *Ctx) JSON(v any) error {
	b := c.room()
	text, err := c.app.json.Append((*b)[:0], v)
	if err != nil {
		return fmt.Errorf("ashlar: encode answer: %w", err)
	}
	*b = append(text, '\n')
	return c.buffered("application/json", b)
}

// room takes a buffer of the app's for the answer's body: the one that this
// request has already, or another. Nobody outside of this package sees it, so it
// is used again once the answer has been sent.
//
// It is in the hands of one goroutine: who appends to it has taken it out of
// answer.buffer, and finish gives back only what it finds there. So a goroutine
// that wrongly answers when its handler has returned may spoil that answer, but
// never writes into another request's.
func (c *Ctx) room() *[]byte {
	if c.answer.buffer.Load() != nil {
		if b := c.answer.buffer.Swap(nil); b != nil {
			return b
		}
	}
	return c.app.buffers.Get().(*[]byte)
}

// buffered answers with what was appended to room.
func (c *Ctx) buffered(contentType string, b *[]byte) error {
	body := *b
	c.answer.buffer.Store(b)
	return c.Bytes(contentType, body)
}

// hold adds b to the body that waits.
func hold[T []byte | string](c *Ctx, b T) {
	r := c.room()
	*r = append((*r)[:0], c.answer.body...) // which is in its place already, but for odd cases
	*r = append(*r, b...)
	c.answer.body = *r
	c.answer.buffer.Store(r)
}

// bufferMax is the size of a buffer that is worth keeping.
const bufferMax = 64 << 10

// giveBack returns the buffer once the answer has been sent.
func (a *answer) giveBack(to *sync.Pool) {
	if a.buffer.Load() == nil {
		return
	}
	if b := a.buffer.Swap(nil); b != nil && cap(*b) <= bufferMax {
		to.Put(b)
	}
}

// NoContent answers 204 without a body.
func (c *Ctx) NoContent() error {
	c.answer.status = http.StatusNoContent
	return c.Bytes("", nil)
}

// Redirect sends the client to a page of this site with 303 See Other, or with
// the status set before when that is 301, 302, 307 or 308. Only a path on this
// site is taken, such as "/films?page=2": "//evil.test", "https:…" and texts
// with control characters or backslashes are an error, so that a target from a
// form cannot lead elsewhere. [Ctx.RedirectOffSite] leads elsewhere.
func (c *Ctx) Redirect(to string) error {
	if !isLocalPath(to) {
		return fmt.Errorf("ashlar: redirect to %q: not a path on this site; use RedirectOffSite if that is wanted", to)
	}
	return c.redirect(to)
}

// RedirectOffSite is Redirect to any http or https URL. Never give it a target
// that came with the request: that is an open redirect.
func (c *Ctx) RedirectOffSite(to string) error {
	u, err := url.Parse(to)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return fmt.Errorf("ashlar: redirect off site to %q: not an absolute http or https URL", to)
	}
	return c.redirect(u.String())
}

func (c *Ctx) redirect(to string) error {
	switch c.answer.status {
	case 301, 302, 307, 308:
	default:
		c.answer.status = http.StatusSeeOther
	}
	c.SetHeader("Location", to)
	return c.Bytes("", nil)
}

// isLocalPath reports whether a browser reads to as a path on the same origin.
// Browsers take a backslash for a slash and drop tabs and line breaks.
func isLocalPath(to string) bool {
	if len(to) == 0 || to[0] != '/' || len(to) > 1 && to[1] == '/' {
		return false
	}
	for i := 0; i < len(to); i++ {
		if to[i] < 0x20 || to[i] == 0x7f || to[i] == '\\' {
			return false
		}
	}
	_, err := url.Parse(to)
	return err == nil
}

// Stream answers with what write writes, sent as it comes; Flush of
// [Ctx.Writer] pushes it out. An error of write cuts the connection when part
// of the answer has left, so that the client sees it as incomplete.
func (c *Ctx) Stream(contentType string, write func(w io.Writer) error) error {
	if contentType != "" {
		c.SetHeader("Content-Type", contentType)
	}
	return write(c.Writer())
}

// File answers with a file of fsys: media type by extension, ranges,
// Last-Modified and conditional requests as http.ServeContent does them. A name
// that is no valid fs path (rooted, with "..", …) and a folder are not found.
func (c *Ctx) File(fsys fs.FS, name string) error {
	if !fs.ValidPath(name) {
		return errs.NotFound.New("There is no such file.")
	}
	f, err := fsys.Open(name)
	if err != nil && nameOfNoFile(err) {
		return errs.NotFound.Wrap(err, "There is no such file.")
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	seeker, ok := f.(io.ReadSeeker)
	if info.IsDir() || !ok {
		return errs.NotFound.New("There is no such file.")
	}
	http.ServeContent(c.Writer(), c.Request(), path.Base(name), info.ModTime(), seeker)
	return nil
}

// Attachment names the answer's content for saving (RFC 6266), so that a
// browser offers to save it rather than show it. Of a path the last element is
// taken; control characters become "_".
func (c *Ctx) Attachment(filename string) *Ctx {
	name := plainName(filename)
	c.SetHeader("Content-Disposition", `attachment; filename="`+asciiName(name)+`"; filename*=UTF-8''`+extValue(name))
	return c
}

// asciiName keeps of a file name what every client reads the same.
func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\/%;`, r) {
			return '_'
		}
		return r
	}, name)
}
