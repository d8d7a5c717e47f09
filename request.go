package ashlar

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/errs"
)

const (
	// formKeysMax bounds the fields of a form or a query.
	formKeysMax = 1000
	// formMemory is what of a multipart body is held in memory; the rest goes
	// to temporary files, which end with the request.
	formMemory = 1 << 20
)

// Method returns the request's method, such as "GET".
func (c *Ctx) Method() string { return c.wire.method() }

// Path returns the path as it was sent, still escaped.
func (c *Ctx) Path() string { return c.wire.path() }

// Param returns a parameter of the route's pattern, decoded; "" when the
// pattern has none of that name.
func (c *Ctx) Param(name string) string {
	return c.params.Value(name)
}

// Query returns the first value of a query parameter, "" when absent.
func (c *Ctx) Query(name string) string { return first(c.QueryValues()[name]) }

// QueryValues returns all query parameters. A query that is not well formed
// yields those that are; a typed input (see [Get]) refuses it instead.
func (c *Ctx) QueryValues() url.Values {
	v, _ := parseQuery(c.wire.query())
	return v
}

// parseQuery is url.ParseQuery with a bound on the number of parameters.
func parseQuery(q string) (url.Values, error) {
	if strings.Count(q, "&") >= formKeysMax {
		return url.Values{}, errs.Malformed.Errorf("The query has more than %d parameters.", formKeysMax)
	}
	v, err := url.ParseQuery(q)
	if err != nil {
		return v, errs.Malformed.Wrap(err, "The query of the address cannot be read.")
	}
	return v, nil
}

// Header returns the first value of a request field, "" when absent.
func (c *Ctx) Header(name string) string {
	if strings.EqualFold(name, "Host") {
		return c.wire.host()
	}
	return c.wire.field(http.CanonicalHeaderKey(name))
}

// Cookie returns the value of a cookie of the request. A name that was sent
// more than once with different values is not believed: one of them may have
// been planted by another host of the domain.
func (c *Ctx) Cookie(name string) (string, bool) {
	found, value := false, ""
	for line := range c.wire.lines("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			v, ok := cookieValue(pair, name)
			if ok && found && v != value {
				return "", false
			}
			if ok {
				found, value = true, v
			}
		}
	}
	return value, found
}

// cookieValue returns the value of a pair of a Cookie field if its name is
// name and it is well formed, as net/http reads it (RFC 6265, section 4.1.1).
func cookieValue(pair, name string) (string, bool) {
	n, v, _ := strings.Cut(textproto.TrimString(pair), "=")
	if textproto.TrimString(n) != name || name == "" {
		return "", false
	}
	if len(v) > 1 && v[0] == '"' && v[len(v)-1] == '"' {
		v = v[1 : len(v)-1]
	}
	for i := range len(v) {
		if b := v[i]; b < 0x20 || b >= 0x7f || b == '"' || b == ';' || b == '\\' {
			return "", false
		}
	}
	return v, true
}

// Body returns the request's body, cut off by an error of kind
// errs.TooLarge when it is longer than the route's limit.
func (c *Ctx) Body() io.Reader { return c.Request().Body }

// Request returns the request for net/http code. It is built at the first
// call; its context is this Ctx, its body obeys the route's limit.
func (c *Ctx) Request() *http.Request {
	if c.request == nil {
		if x := c.wire.x; x != nil {
			c.request = x.RequestWithContext(c)
		} else {
			c.request = c.wire.std.r.WithContext(c)
		}
		if c.request.Body == nil { // made by http.NewRequest, in a test
			c.request.Body = http.NoBody
		}
		c.limitRequest()
		c.nameParams()
	}
	return c.request
}

// limitRequest bounds the body of a request that is there already.
func (c *Ctx) limitRequest() {
	if c.request != nil && !c.limited && c.bounded && c.request.Body != http.NoBody {
		c.request.Body = &limitedBody{http.MaxBytesReader(c.wire.writer(), c.request.Body, c.route.BodyLimit)}
		c.limited = true
	}
}

// nameParams passes on what the router found to a request that is there
// already.
func (c *Ctx) nameParams() {
	if c.request == nil || c.route == nil {
		return
	}
	c.request.Pattern = c.route.Pattern
	for name, value := range c.params.All() {
		c.request.SetPathValue(name, value)
	}
}

// limitedBody gives net/http's error its kind.
type limitedBody struct{ io.ReadCloser }

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == nil || err == io.EOF { //nolint:errorlint // readers return it bare
		return n, err
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = errs.TooLarge.Wrap(err, "The request is larger than is allowed here.")
	}
	return n, err
}

// posted is a parsed form.
type posted struct {
	values url.Values
	files  map[string][]*multipart.FileHeader
	err    error
}

// Form returns the fields of a form in the body: application/x-www-form-
// urlencoded or multipart/form-data. Query parameters are no part of it. A body
// of another type is an error of kind errs.Unsupported, one that cannot be
// read is errs.Malformed, one over the limit is errs.TooLarge.
func (c *Ctx) Form() (url.Values, error) {
	p := c.parsePosted()
	return p.values, p.err
}

// Files returns the files of a multipart form by field name. They are gone
// when the request ends.
func (c *Ctx) Files() (map[string][]*multipart.FileHeader, error) {
	p := c.parsePosted()
	return p.files, p.err
}

func (c *Ctx) parsePosted() *posted {
	s := c.seldomly()
	if s.posted == nil {
		s.posted = &posted{}
		s.posted.read(c.Request())
	}
	return s.posted
}

func (p *posted) read(r *http.Request) {
	p.values = url.Values{}
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && t == "application/x-www-form-urlencoded":
		if r.Method != http.MethodPost && r.Method != http.MethodPut && r.Method != http.MethodPatch {
			p.err = errs.Malformed.New("A form cannot be sent with this method.")
			return
		}
		err = p.readURLEncoded(r)
	case err == nil && t == "multipart/form-data":
		err = p.readMultipart(r)
	default:
		p.err = errs.Unsupported.New("A form is expected here.")
		return
	}
	if err != nil {
		p.err = asBodyError(err, "The form cannot be read.")
		return
	}
	p.err = checkFormText(p.values)
}

func (p *posted) readURLEncoded(r *http.Request) error {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if p.values, err = parseQuery(string(b)); err != nil {
		p.values = url.Values{}
		return errs.Malformed.Wrap(err, "The form cannot be read.")
	}
	r.PostForm, r.Form = p.values, p.values
	return nil
}

func (p *posted) readMultipart(r *http.Request) error {
	if err := r.ParseMultipartForm(formMemory); err != nil {
		return err
	}
	p.values, p.files = url.Values(r.MultipartForm.Value), r.MultipartForm.File
	return nil
}

// asBodyError gives an error of reading a body its kind.
func asBodyError(err error, message string) error {
	var e *errs.Error
	if errors.As(err, &e) {
		return err
	}
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return errs.TooLarge.Wrap(err, "The form is larger than is allowed here.")
	}
	return errs.Malformed.Wrap(err, message)
}

// checkFormText refuses text that is not UTF-8 in names; values are checked
// field by field when they are bound.
func checkFormText(v url.Values) error {
	if len(v) > formKeysMax {
		return errs.Malformed.Errorf("The form has more than %d fields.", formKeysMax)
	}
	for name := range v {
		if !utf8.ValidString(name) {
			return errs.Malformed.New("The form has a field whose name is not UTF-8.")
		}
	}
	return nil
}

func first(v []string) string {
	if len(v) > 0 {
		return v[0]
	}
	return ""
}
