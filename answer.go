package ashlar

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/errs"
)

// answer is the state of what goes back to the client. A whole body is held
// until the pipeline is done with it, so that a later error can still replace
// it and stages see it complete; a stream is sent as it is written.
type answer struct {
	status    int
	body      []byte
	held      bool // a whole answer waits in body
	committed bool // the head has left, or the connection was taken over
	bytes     int64
	personal  atomic.Bool // holds something meant for one visitor only
	secured   bool        // by stage "headers": security headers are wanted
	mayZip    bool        // by stage "compress"
	small     atomic.Bool // said by a fork: not worth compressing
	zip       *zipper
	fields    fields
	handed    bool    // the engine has the fields
	buffer    *[]byte // of the app's, to be given back; body may be a part of it
}

// Status sets the status of an answer that is given later; 200 when never set.
func (c *Ctx) Status(code int) *Ctx {
	c.answer.status = code
	return c
}

// SetHeader sets a field of the answer. A value with a line break, or another
// control character, is refused by an error when the answer is sent: it would
// split the answer.
func (c *Ctx) SetHeader(name, value string) {
	c.answer.fields.set(http.CanonicalHeaderKey(name), value)
}

// AddHeader adds a field to the answer beside those of the same name.
func (c *Ctx) AddHeader(name, value string) {
	c.answer.fields.add(http.CanonicalHeaderKey(name), value)
}

// SetCookie adds a cookie to the answer. It is HttpOnly, SameSite=Lax unless
// the cookie says otherwise, and Secure when the request came over TLS. For a
// cookie that scripts may read, call http.SetCookie with [Ctx.Writer].
func (c *Ctx) SetCookie(cookie *http.Cookie) {
	k := *cookie
	k.HttpOnly = true
	if k.SameSite == 0 {
		k.SameSite = http.SameSiteLaxMode
	}
	if k.Path == "" {
		k.Path = "/"
	}
	k.Secure = k.Secure || c.IsSecure()
	if line := k.String(); line != "" { // of a name or value that is none, nothing is sent
		c.answer.fields.add("Set-Cookie", line)
	}
	c.Personal()
}

// Personal marks the answer as meant for this visitor alone: unless the
// handler sets Cache-Control, no shared cache may keep it. Reading the session,
// setting a cookie or asking for a CSRF token does so by itself.
func (c *Ctx) Personal() { c.root.answer.personal.Store(true) }

// BeforeHeader registers f to run once, just before the answer's head is sent:
// the last moment to set fields. Functions run in the order of registration.
func (c *Ctx) BeforeHeader(f func(*Ctx)) {
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	r := c.rarely()
	r.before = append(r.before, f)
}

// Failure returns the error that this request was answered with, nil when it
// went well so far. A stage asks after Next, because an error behind a net/http
// middleware is answered there and does not come back as one.
func (c *Ctx) Failure() error {
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	if c.root.rare == nil {
		return nil
	}
	return c.root.rare.failure
}

// Answered reports whether an answer was given.
func (c *Ctx) Answered() bool { return c.answer.held || c.answer.committed }

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
	return c.buffered("text/plain; charset=utf-8", append(c.room(), s...))
}

// HTML answers with a page. The text is sent as it is: escaping is the
// caller's, or package view's.
func (c *Ctx) HTML(s string) error {
	return c.buffered("text/html; charset=utf-8", append(c.room(), s...))
}

// JSON answers with v as encoding/json writes it.
func (c *Ctx) JSON(v any) error {
	b, err := c.app.json.Append(c.room(), v)
	if err != nil {
		return fmt.Errorf("ashlar: encode answer: %w", err)
	}
	return c.buffered("application/json", append(b, '\n'))
}

// room returns an empty buffer of the app's for the answer's body. Nobody
// outside of this package sees it, so it is used again once the answer has
// been sent.
func (c *Ctx) room() []byte {
	if c.answer.buffer == nil {
		c.answer.buffer = c.app.buffers.Get().(*[]byte)
	}
	return (*c.answer.buffer)[:0]
}

// buffered answers with a body that was appended to room.
func (c *Ctx) buffered(contentType string, body []byte) error {
	*c.answer.buffer = body
	return c.Bytes(contentType, body)
}

// bufferMax is the size of a buffer that is worth keeping.
const bufferMax = 64 << 10

// giveBack returns the buffer once the answer has been sent.
func (a *answer) giveBack(to *sync.Pool) {
	if b := a.buffer; b != nil && cap(*b) <= bufferMax {
		to.Put(b)
	}
	a.buffer = nil
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

// Writer returns the answer for net/http code and for streams. It also is an
// http.Flusher and http.Hijacker where the engine is, and works with
// http.NewResponseController.
func (c *Ctx) Writer() http.ResponseWriter { return (*writer)(c) }

// commit runs what has to run before the head leaves, once.
func (c *Ctx) commit() error {
	if c.answer.committed {
		return nil
	}
	if c == c.root {
		for i := 0; ; i++ { // a function may register another
			f := c.beforeHeader(i)
			if f == nil {
				break
			}
			f(c)
		}
		if c.isSecured() { // last, because a function may have set a cookie
			setSecurityHeaders(c)
		}
	}
	c.answer.committed = true
	if c.answer.status == 0 {
		c.answer.status = http.StatusOK
	}
	return c.answer.fields.check()
}

// beforeHeader returns the i-th function to run, nil behind the last.
func (c *Ctx) beforeHeader(i int) func(*Ctx) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rare == nil || i >= len(c.rare.before) {
		return nil
	}
	return c.rare.before[i]
}

func (c *Ctx) isSecured() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answer.secured
}

// flush sends the held answer; one that nobody gave is empty.
func (c *Ctx) flush() error {
	if c.answer.zip != nil {
		return c.answer.zip.Close()
	}
	if c.answer.committed {
		return nil
	}
	if c != c.root && len(c.answer.body) < compressFrom {
		c.root.answer.small.Store(true) // all of it, unless the middleware writes more
	}
	if err := c.commit(); err != nil {
		return c.refuseSplit(err)
	}
	return c.send()
}

// send writes the head and the held body in one go.
func (c *Ctx) send() error {
	status, body := c.answer.status, c.answer.body
	c.answer.bytes = int64(len(body))
	if x := c.wire.x; x != nil {
		c.handOver()
		return x.Send(status, body)
	}
	if c == c.root && bodyAllowed(status) { // a middleware in between may yet change the body
		c.answer.fields.set("Content-Length", strconv.Itoa(len(body)))
	}
	c.handOver()
	w := c.wire.w
	w.WriteHeader(status)
	if len(body) == 0 || c.method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return err
}

// refuseSplit answers 500 without the fields that would have split the answer.
func (c *Ctx) refuseSplit(err error) error {
	c.answer.fields.clear()
	c.answer.status, c.answer.body = http.StatusInternalServerError, nil
	c.Log().Error("answer refused", "error", err)
	return c.send()
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}
