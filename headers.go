package ashlar

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/httpd"
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
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	r := c.rarely()
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
	f := &c.answer.fields
	which := fixedOverTCP
	if c.app.cfg.Env == Production && c.IsSecure() {
		which = fixedOverTLS
	}
	list := c.app.secured[which].list
	if nonce := c.nonceNow(); f.asMap == nil && nonce == "" && !f.hasAnyOf(list) {
		c.answer.fixed = which
	} else {
		for _, field := range list {
			if f.has(field.Name) {
				continue
			}
			if field.Name == cspField {
				field.Value = c.app.csp.with(nonce)
			}
			f.add(field.Name, field.Value)
		}
	}
	if c.is(saidPersonal) && !f.has("Cache-Control") {
		f.set("Cache-Control", "private, no-cache")
		c.varyBy("Cookie")
	}
}

const cspField = "Content-Security-Policy"

// securityFields are those that all answers of an app carry.
type securityFields [fixedOverTLS + 1]*fixedFields

// newSecurityFields takes the values that OWASP's Secure Headers Project
// recommends.
func newSecurityFields(p csp) securityFields {
	list := []httpd.Field{
		{Name: cspField, Value: p.without},
		{Name: "X-Content-Type-Options", Value: "nosniff"},
		{Name: "X-Frame-Options", Value: "DENY"},
		{Name: "Referrer-Policy", Value: "strict-origin-when-cross-origin"},
		{Name: "Cross-Origin-Opener-Policy", Value: "same-origin"},
	}
	hsts := httpd.Field{Name: "Strict-Transport-Security", Value: "max-age=31536000"}
	return securityFields{&fixedFields{}, newFixedFields(list...), newFixedFields(append(list, hsts)...)}
}

// boundConnection lets the connection, too, end with the request's time, d; 0
// is without end: a client that sends its body or reads its answer too slowly
// must not hold it. It is called for every request, as files and errors have no
// route that says how long they may take.
func (c *Ctx) boundConnection(d time.Duration) {
	if d <= 0 {
		c.root.wire.bound(c, -1, -1)
		return
	}
	c.root.wire.bound(c, d, d+writeGrace)
}

// writeGrace is the time for the answer of a request whose own time is over.
const writeGrace = 10 * time.Second
