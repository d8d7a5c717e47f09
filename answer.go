package ashlar

import (
	"errors"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/ashlar-go/ashlar/httpd"
)

// answer is the state of what goes back to the client. A whole body is held
// until the pipeline is done with it, so that a later error can still replace
// it and stages see it complete; a stream is sent as it is written.
type answer struct {
	body   []byte
	buffer atomic.Pointer[[]byte] // of the app's, to be given back; body may be a part of it; see room
	bytes  int64
	fields fields
	given  http.Header // what net/http code was given as a map before the head was decided on

	status     int
	held       bool // a whole answer waits in body
	decided    bool // net/http code has called WriteHeader, or written
	committed  bool // the head has left, or the connection was taken over
	committing bool // functions of BeforeHeader run: they may still change the fields
	handed     bool // the engine has the fields
	mayZip     bool // by stage "compress"
	timed      bool // the route's timeout bounds it
	fixed      fixed
}

// What the stages behind a net/http middleware say of the whole answer, from
// whatever goroutine they run in.
const (
	saidPersonal = 1 << iota // it holds something meant for one visitor only
	saidSecured              // by stage "headers": security headers are wanted
	saidSmall                // by a fork: not worth compressing
)

func (c *Ctx) say(mark uint32) {
	if said := &c.root.said; said.Load()&mark == 0 {
		said.Or(mark)
	}
}

func (c *Ctx) is(mark uint32) bool { return c.root.said.Load()&mark != 0 }

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
func (c *Ctx) Personal() { c.say(saidPersonal) }

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
	r := c.root.rare.Load()
	if r == nil {
		return nil
	}
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	return r.failure
}

// Answered reports whether an answer was given.
func (c *Ctx) Answered() bool { return c.answer.held || c.answer.committed }

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
		c.fieldsToList()
		c.answer.committing = true
		for i := 0; ; i++ { // a function may register another
			f := c.beforeHeader(i)
			if f == nil {
				break
			}
			f(c)
			c.fieldsToList()
		}
		c.answer.committing = false
		if c.is(saidSecured) { // last, because a function may have set a cookie
			setSecurityHeaders(c)
		}
	}
	c.answer.committed = true
	if c.answer.status == 0 {
		c.answer.status = http.StatusOK
	}
	if c.sendsList() {
		return nil // Send checks it
	}
	return c.answer.fields.check()
}

// sendsList reports whether the fields go to package httpd as they are.
func (c *Ctx) sendsList() bool { return c.wire.x != nil && c.answer.fields.asMap == nil }

// beforeHeader returns the i-th function to run, nil behind the last.
func (c *Ctx) beforeHeader(i int) func(*Ctx) {
	r := c.rare.Load()
	if r == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if i >= len(r.before) {
		return nil
	}
	return r.before[i]
}

// flush sends the held answer; one that nobody gave is empty.
func (c *Ctx) flush() error {
	if c.answer.committed {
		c.handOverTrailers()
	}
	if z := c.zip(); z != nil {
		return z.Close()
	}
	if c.answer.committed || c != c.root && !c.answer.held && c.answer.status == 0 {
		return nil // in a fork that said nothing, a middleware around it may yet answer
	}
	if c != c.root && len(c.answer.body) < compressFrom {
		c.say(saidSmall) // all of it, unless the middleware writes more
	}
	if c.answer.decided && !c.fitsItsHead() {
		c.stream()
		c.handOverTrailers()
		return nil
	}
	if err := c.commit(); err != nil {
		return c.refuseSplit(err)
	}
	return c.send()
}

// fitsItsHead reports whether an answer of net/http code can be sent whole: its
// head must not promise more, or less, than what was written.
func (c *Ctx) fitsItsHead() bool {
	f := &c.answer.fields
	if length := f.get("Content-Length"); length != "" {
		if length != strconv.Itoa(len(c.answer.body)) || !bodyAllowed(c.answer.status) {
			return false
		}
		f.del("Content-Length") // send sets it
	}
	return !c.hasTrailers()
}

// send writes the head and the held body in one go.
func (c *Ctx) send() error {
	status, body := c.answer.status, c.answer.body
	c.answer.bytes = int64(len(body))
	if c.sendsList() {
		c.handOver()
		err := c.wire.x.Send(status, body)
		if errors.Is(err, httpd.ErrBadField) { // it has answered 500 without any field
			c.answer.status, c.answer.bytes = http.StatusInternalServerError, 0
			c.Log().Error("answer refused", "error", err)
			return nil
		}
		return err
	}
	if c == c.root && bodyAllowed(status) { // a middleware in between may yet change the body
		c.answer.fields.set("Content-Length", strconv.Itoa(len(body)))
	}
	c.handOver()
	w := c.wire.writer()
	w.WriteHeader(status)
	if len(body) == 0 || c.wire.method() == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return err
}

// refuseSplit answers 500 without the fields that would have split the answer.
func (c *Ctx) refuseSplit(err error) error {
	c.answer.fields.clear()
	c.answer.fixed = fixedNone
	c.answer.status, c.answer.body = http.StatusInternalServerError, nil
	c.Log().Error("answer refused", "error", err)
	return c.send()
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}
