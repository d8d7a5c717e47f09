package ashlar

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// DefaultCSP is the Content-Security-Policy of every answer unless Config.CSP
// says otherwise. "{nonce}" stands where a nonce goes once [Ctx.Nonce] was
// asked for, and for nothing until then.
const DefaultCSP = "default-src 'self'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

// csp is a policy cut at its nonces.
type csp struct {
	without string
	parts   []string
}

func newCSP(policy string) csp {
	return csp{strings.ReplaceAll(policy, "{nonce}", ""), strings.Split(policy, "{nonce}")}
}

func (p csp) with(nonce string) string {
	if nonce == "" {
		return p.without
	}
	return strings.Join(p.parts, " 'nonce-"+nonce+"'")
}

// Nonce returns the value for the nonce attribute of this page's own scripts
// and styles: 128 random bits, the same for the whole answer.
func (c *Ctx) Nonce() string {
	r := c.root
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.nonce == "" {
		var b [16]byte
		_, _ = rand.Read(b[:])
		r.nonce = base64.RawURLEncoding.EncodeToString(b[:])
	}
	return r.nonce
}

// setSecurityHeaders runs just before the head leaves, so that errors,
// redirects, static files and mounted handlers carry the same set. What a
// handler has set itself stays.
func setSecurityHeaders(c *Ctx) {
	h := c.wire.writer().Header()
	nonce := c.nonceNow()
	if _, set := h["Content-Security-Policy"]; !set {
		c.setField(h, "Content-Security-Policy", c.app.csp.with(nonce))
	}
	for _, f := range fixedHeaders {
		if _, set := h[f[0]]; !set {
			c.setField(h, f[0], f[1])
		}
	}
	if c.app.cfg.Env == Production && c.IsSecure() {
		if _, set := h["Strict-Transport-Security"]; !set {
			c.setField(h, "Strict-Transport-Security", "max-age=31536000")
		}
	}
	if _, set := h["Cache-Control"]; c.answer.personal.Load() && !set {
		c.setField(h, "Cache-Control", "private, no-cache")
		c.varyBy("Cookie")
	}
}

// The values that OWASP's Secure Headers Project recommends.
var fixedHeaders = [...][2]string{
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "strict-origin-when-cross-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
}

// boundConnection lets the connection, too, end with the request's time, d; 0
// is without end: a client that sends its body or reads its answer too slowly
// must not hold it. It is called for every request, as files and errors have no
// route that says how long they may take.
func (c *Ctx) boundConnection(d time.Duration) {
	var read, write time.Time
	if d > 0 {
		read = c.began.Add(d)
		write = read.Add(writeGrace)
	}
	rc := http.NewResponseController(c.root.wire.writer())
	if c.wire.length() != 0 {
		_ = rc.SetReadDeadline(read) // an engine without deadlines has none to pass on
	}
	_ = rc.SetWriteDeadline(write)
}

// writeGrace is the time for the answer of a request whose own time is over.
const writeGrace = 10 * time.Second
