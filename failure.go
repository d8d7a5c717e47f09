package ashlar

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/validate"
)

// A Problem is what the client learns of an error: RFC 9457 in JSON, a page in
// HTML. It never holds the text of an error that was not written for visitors.
type Problem struct {
	Type   string          `json:"type"`             // "about:blank": the status says it all
	Title  string          `json:"title"`            // of the status, such as "Not Found"
	Status int             `json:"status"`           // the HTTP status
	Detail string          `json:"detail,omitempty"` // the error's message for visitors
	ID     string          `json:"id"`               // of the request; the log has it too
	Errors validate.Errors `json:"errors,omitempty"` // by field, for status 422
}

// An ErrorPage answers a browser with a Problem in the site's own look; a
// module adds one with [Setup.Add]. The status is set already. When it fails,
// the built-in page is sent.
type ErrorPage func(c *Ctx, p Problem) error

var statuses = [...]int{
	errs.Internal: 500, errs.Malformed: 400, errs.Unauthenticated: 401, errs.Forbidden: 403,
	errs.NotFound: 404, errs.MethodNotAllowed: 405, errs.NotAcceptable: 406, errs.Timeout: 408,
	errs.Conflict: 409, errs.Gone: 410, errs.TooLarge: 413, errs.Unsupported: 415,
	errs.Misdirected: 421, errs.Invalid: 422, errs.TooMany: 429, errs.Unavailable: 503,
}

// fail turns an error into the answer, in this one place.
func (c *Ctx) fail(err error) {
	c.root.mu.Lock()
	c.rarely().failure = err
	c.root.mu.Unlock()
	if errors.Is(c.parent().Err(), context.Canceled) && errors.Is(err, context.Canceled) {
		c.app.log.Debug("client left", "request", c.RequestID(), "error", err)
		c.answer.status = 499 // nginx's word for it; nobody is there to read it
		return
	}
	p := c.problem(err)
	c.logFailure(err, p)
	if c.answer.committed {
		// The client must not take half an answer for a whole one.
		panic(http.ErrAbortHandler)
	}
	c.resetAnswer(p.Status)
	if err := c.answerProblem(p, err); err != nil {
		c.app.log.Error("error page", "request", c.RequestID(), "error", err)
		c.resetAnswer(p.Status)
		_ = c.Bytes("text/html; charset=utf-8", []byte(plainPage(p)))
	}
}

func (c *Ctx) problem(err error) Problem {
	kind := errs.KindOf(err)
	var tooLarge *http.MaxBytesError
	if kind == errs.Internal && errors.As(err, &tooLarge) {
		kind = errs.TooLarge
	}
	p := Problem{Type: "about:blank", Status: statuses[kind], ID: c.RequestID()}
	p.Title = http.StatusText(p.Status)
	if kind == errs.Internal {
		p.Detail = "Something went wrong on our side. It has been noted under the id of this request."
	} else {
		p.Detail = errs.Message(err)
	}
	if errors.As(err, &p.Errors) && p.Detail == "" {
		p.Detail = "Some fields are not right."
	}
	return p
}

// logFailure writes one entry for what is ours to mend; what is the client's
// stays in the access log alone.
func (c *Ctx) logFailure(err error, p Problem) {
	if p.Status < 500 {
		c.app.log.Debug("refused", "request", c.RequestID(), "status", p.Status, "error", err)
		return
	}
	attrs := []any{"request", c.RequestID(), "method", c.wire.method(), "path", c.wire.path(), "error", err}
	var pe *panicError
	if errors.As(err, &pe) {
		attrs = append(attrs, "stack", string(pe.stack))
	}
	c.app.log.Error("request failed", attrs...)
}

// resetAnswer drops what was answered before the error, and the fields that
// described it. Cookies stay: a session that was ended stays ended.
func (c *Ctx) resetAnswer(status int) {
	f := &c.answer.fields
	for _, name := range [...]string{"Content-Type", "Content-Encoding", "Content-Length", "Content-Disposition",
		"Etag", "Last-Modified", "Location", "Cache-Control", "Accept-Ranges"} {
		f.del(name)
	}
	if c.wire.encoding() != "" {
		f.set("Content-Encoding", c.wire.encoding())
	}
	f.set("Cache-Control", "no-store")
	c.answer.status, c.answer.body, c.answer.held = status, nil, false
	c.answer.decided, c.answer.given = false, nil
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		f.set("Retry-After", "5")
	}
}

func (c *Ctx) answerProblem(p Problem, err error) error {
	if !c.wantsHTML() {
		b, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return c.Bytes("application/problem+json", append(b, '\n'))
	}
	if c.app.showsDetail(c) && p.Status >= 500 {
		return c.Bytes("text/html; charset=utf-8", []byte(c.detailPage(p, err)))
	}
	for _, page := range c.app.errorPages {
		if err := c.tryPage(page, p); err != nil {
			return err
		}
		if c.answer.held {
			c.answer.status = p.Status
			return nil
		}
	}
	return c.Bytes("text/html; charset=utf-8", []byte(plainPage(p)))
}

// tryPage guards against a page that panics: the error that it should tell of
// must reach the visitor all the same.
func (c *Ctx) tryPage(page ErrorPage, p Problem) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{value: r, stack: debug.Stack()}
		}
	}()
	return page(c, p)
}

// wantsHTML reports whether the client names HTML before JSON: a browser does,
// curl and fetch do not.
func (c *Ctx) wantsHTML() bool {
	accept := c.wire.list("Accept")
	if !strings.Contains(accept, "text/html") {
		return false
	}
	return preferred(accept, []string{"text/html", "application/json"}) == "text/html"
}

// plainPage is the page for sites that bring none. It needs no file, style or
// script, so it can always be sent.
func plainPage(p Problem) string {
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">" +
		"<meta name=\"viewport\" content=\"width=device-width\"><title>")
	b.WriteString(html.EscapeString(p.Title))
	b.WriteString("</title></head>\n<body><h1>" + strconv.Itoa(p.Status) + " " + html.EscapeString(p.Title) + "</h1>\n")
	if p.Detail != "" {
		b.WriteString("<p>" + html.EscapeString(p.Detail) + "</p>\n")
	}
	if len(p.Errors) > 0 {
		b.WriteString("<ul>\n")
		for _, e := range p.Errors {
			b.WriteString("<li>" + html.EscapeString(e.Field) + ": " + html.EscapeString(e.Message) + "</li>\n")
		}
		b.WriteString("</ul>\n")
	}
	b.WriteString("<p><small>Request " + html.EscapeString(p.ID) + "</small></p></body></html>\n")
	return b.String()
}
