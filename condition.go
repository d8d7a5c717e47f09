package ashlar

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// tagUpTo bounds what is hashed for an entity tag.
const tagUpTo = 1 << 20

// condition gives a held answer to GET or HEAD an entity tag and answers
// 304 Not Modified when the client has that content (RFC 9110, section 13).
// Pages that carry a nonce or a CSRF token differ each time, so they get none.
func (c *Ctx) condition() {
	if c.wire.method() != http.MethodGet && c.wire.method() != http.MethodHead {
		return
	}
	if c.nonceNow() != "" || c.csrfNow().shown || c.answer.status != 0 && c.answer.status != http.StatusOK {
		return
	}
	f := &c.answer.fields
	tag := f.get("Etag")
	if tag == "" {
		if len(c.answer.body) == 0 || len(c.answer.body) > tagUpTo || f.has("Set-Cookie") ||
			strings.Contains(f.get("Cache-Control"), "no-store") {
			return
		}
		sum := sha256.Sum256(c.answer.body)
		text := [18]byte{0: '"', 17: '"'}
		base64.RawURLEncoding.Encode(text[1:17], sum[:12])
		tag = string(text[:])
		f.set("Etag", tag)
	}
	if matchesTag(c.wire.list("If-None-Match"), tag) {
		c.answer.status, c.answer.body = http.StatusNotModified, nil
		f.del("Content-Type")
		f.del("Content-Length")
	}
}

// matchesTag reports whether a list of entity tags holds tag, by the weak
// comparison that If-None-Match asks for (RFC 9110, section 8.8.3.2).
func matchesTag(field, tag string) bool {
	if field == "" {
		return false
	}
	tag = strings.TrimPrefix(tag, "W/")
	for part := range strings.SplitSeq(field, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.TrimPrefix(part, "W/") == tag {
			return true
		}
	}
	return false
}
