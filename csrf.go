package ashlar

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// The names under which a request carries its CSRF token.
const (
	csrfField  = "_csrf"
	csrfHeader = "X-Csrf-Token"
)

// csrfState is what a request knows of its CSRF secret. The secret belongs to
// the visitor's session when there is one (package session sets it), else to a
// cookie of its own, so that a form works before anything is stored about the
// visitor.
type csrfState struct {
	secret []byte
	fresh  bool // made for this request: the cookie has to be set
	shown  bool // a token is part of the answer
}

// CSRFToken returns a token for the forms of this answer. It is bound to the
// visitor's session, or before there is one to a cookie that this call sets,
// and differs at each call, so that compression cannot leak it. The request
// brings it back as the form field "_csrf" or the header X-CSRF-Token.
func (c *Ctx) CSRFToken() string {
	c.root.Personal()
	secret := c.csrfSecret()
	c.root.mu.Lock()
	c.rarely().csrf.shown = true
	c.root.mu.Unlock()
	// mask || mask XOR mac: a one-time pad per token.
	mac := csrfMAC(secret)
	token := make([]byte, 2*len(mac))
	mask, masked := token[:len(mac)], token[len(mac):]
	_, _ = rand.Read(mask)
	for i := range mac {
		masked[i] = mac[i] ^ mask[i]
	}
	return base64.RawURLEncoding.EncodeToString(token)
}

// CSRFSecret returns the secret that this request's tokens are made from, for
// a session that begins now: keeping it keeps the forms in the visitor's other
// tabs alive.
func (c *Ctx) CSRFSecret() []byte { return c.csrfSecret() }

// SetCSRFSecret binds this request's tokens to a session's secret, of 16 bytes
// or more; nil binds them to the visitor's cookie again. It is for the stage
// that loads the session, before stage "csrf".
func (c *Ctx) SetCSRFSecret(secret []byte) {
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	r := c.rarely()
	r.csrf.secret, r.csrf.fresh = secret, false
}

func (c *Ctx) csrfSecret() []byte {
	s := c.csrfNow()
	if s.secret != nil {
		return s.secret
	}
	if v, ok := c.Cookie(c.csrfCookie()); ok {
		if b, err := base64.RawURLEncoding.DecodeString(v); err == nil && len(b) == 16 {
			s.secret = b
		}
	}
	if s.secret == nil {
		s.secret, s.fresh = make([]byte, 16), true
		_, _ = rand.Read(s.secret)
		c.BeforeHeader(setCSRFCookie)
	}
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	r := c.rarely()
	r.csrf.secret, r.csrf.fresh = s.secret, s.fresh
	return s.secret
}

// csrfNow returns what the request knows so far.
func (c *Ctx) csrfNow() csrfState {
	r := c.root.rare.Load()
	if r == nil {
		return csrfState{}
	}
	c.root.mu.Lock()
	defer c.root.mu.Unlock()
	return r.csrf
}

func setCSRFCookie(c *Ctx) {
	s := c.csrfNow()
	if !s.fresh || !s.shown {
		return
	}
	c.SetCookie(&http.Cookie{
		Name: c.csrfCookie(), Value: base64.RawURLEncoding.EncodeToString(s.secret), HttpOnly: true,
	})
}

// csrfCookie has the __Host- prefix under TLS: no other host of the domain can
// then plant one.
func (c *Ctx) csrfCookie() string {
	if c.IsSecure() {
		return "__Host-csrf"
	}
	return "csrf"
}

func csrfMAC(secret []byte) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte("ashlar csrf token 1"))
	return m.Sum(nil)[:16]
}

func validCSRFToken(token string, secret []byte) bool {
	mac := csrfMAC(secret)
	encoding := base64.RawURLEncoding.Strict()
	if len(token) != encoding.EncodedLen(2*len(mac)) { // line breaks in it would be skipped
		return false
	}
	b, err := encoding.DecodeString(token)
	if err != nil || len(b) != 2*len(mac) {
		return false
	}
	for i := range mac {
		b[i] ^= b[len(mac)+i]
	}
	return hmac.Equal(b[:len(mac)], mac)
}

// checkCSRF refuses a request that another site made the visitor's browser
// send. Two checks, either of which would do in a current browser: where the
// request comes from (Sec-Fetch-Site, or Origin in an older one), and, for
// bodies that a plain HTML form can send, the token.
func (c *Ctx) checkCSRF() error {
	if isSafeMethod(c.wire.method()) {
		return nil
	}
	if !c.sameOrigin() {
		return errs.Forbidden.New("This request came from another site.")
	}
	if c.wire.method() != http.MethodPost || !c.hasFormBody() {
		return nil // a script of another site cannot send this without asking first (CORS)
	}
	if c.wire.field("Cookie") == "" && hasOwnAuthority(c.wire.field("Authorization")) {
		return nil
	}
	token := c.wire.field(csrfHeader)
	if token == "" {
		form, err := c.Form()
		if err != nil && !errors.Is(err, errs.Unsupported) {
			return err
		}
		if len(form[csrfField]) > 1 {
			return errs.Forbidden.New("The form's security token was sent more than once.")
		}
		token = form.Get(csrfField)
	}
	if !validCSRFToken(token, c.csrfSecret()) {
		return errs.Forbidden.New("The form's security token is missing or out of date. Go back, reload the page and send it again.")
	}
	return nil
}

// hasOwnAuthority reports whether a request's Authorization is one that no
// browser adds by itself, as it does with passwords that it was given once.
func hasOwnAuthority(authorization string) bool {
	scheme, _, _ := strings.Cut(authorization, " ")
	switch strings.ToLower(scheme) {
	case "", "basic", "digest", "ntlm", "negotiate":
		return false
	}
	return true
}

func isSafeMethod(m string) bool {
	return m == http.MethodGet || m == http.MethodHead || m == http.MethodOptions
}

// sameOrigin follows what net/http's CrossOriginProtection checks.
func (c *Ctx) sameOrigin() bool {
	switch c.wire.field("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := c.wire.field("Origin")
	if origin == "" {
		return true // no browser, or one so old that only the token protects it
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, c.Host())
}

// hasFormBody reports whether the body is of a type that an HTML form can
// send to any site. A missing type counts: nothing vouches for it.
func (c *Ctx) hasFormBody() bool {
	field := c.wire.field("Content-Type")
	if field == "" {
		return true
	}
	if field == "application/json" { // what most scripts send
		return false
	}
	t, _, err := mime.ParseMediaType(field)
	if err != nil {
		return true
	}
	switch t {
	case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
		return true
	}
	return false
}
