package httpd

import (
	"context"
	"net/http"
	"net/url"
)

// Request returns the request for code that wants net/http's. It is built at
// the first call, and kept: later calls return the same one. Its context is
// [Exchange.Context], its body [Exchange.Body]. Nothing of it is used again, so
// it may be kept, changed and copied. The files of a form that it has parsed
// are removed when it has been answered.
func (x *Exchange) Request() *http.Request { return x.RequestWithContext(x.Context()) }

// RequestWithContext is Request with another context, made from
// [Exchange.Context]. If the request has been built already, it is that one,
// with the context that it was given then.
func (x *Exchange) RequestWithContext(ctx context.Context) *http.Request {
	if x.request == nil {
		x.request = x.newRequest(ctx)
	}
	return x.request
}

// removeFiles removes the temporary files of the request's form, as net/http
// does.
func (x *Exchange) removeFiles() {
	if r := x.request; r != nil && r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // a file that stays is the operating system's to sweep
	}
}

// A stdRequest is an http.Request with what it points to, in one piece of
// memory.
type stdRequest struct {
	request http.Request
	url     url.URL
	values  [4]string // of the fields, if they are no more: what programs send, unlike browsers
}

func (x *Exchange) newRequest(ctx context.Context) *http.Request {
	s := new(stdRequest)
	// WithContext is the one way to a request with a context of ours; it copies
	// what is empty here.
	s.request = *new(http.Request).WithContext(ctx)
	r := &s.request
	r.Method, r.RequestURI = x.Method(), x.Target()
	r.URL = x.fillURL(&s.url)
	r.Proto, r.ProtoMajor, r.ProtoMinor = x.Proto(), 1, int(x.parts.minor)
	r.Header = x.newHeader(s.values[:0])
	r.Body = x.Body()
	r.ContentLength = x.ContentLength()
	if r.ContentLength < 0 {
		r.TransferEncoding = []string{"chunked"}
		r.Trailer = x.announcedTrailers(r.Header)
		if x.body.done.Load() {
			giveTrailer(r, x.body.chunks.trailer)
		}
	}
	r.Host = x.Host()
	r.RemoteAddr = x.conn.remote
	r.TLS = x.conn.tls
	r.Close = x.wantsClose()
	return r
}

func (x *Exchange) wantsClose() bool {
	keep := false
	for v := range x.FieldValues("Connection") {
		if hasToken(v, "close") {
			return true
		}
		keep = keep || hasToken(v, "keep-alive")
	}
	return x.parts.minor == 0 && !keep
}

// fillURL returns the request's URL, which is u if that is simple.
func (x *Exchange) fillURL(u *url.URL) *url.URL {
	if x.parts.plain && x.Target()[0] == '/' {
		// What url.ParseRequestURI makes of a path without escapes.
		u.Path, u.RawQuery, u.ForceQuery = x.Path(), x.Query(), x.parts.hasQuery && x.Query() == ""
		return u
	}
	u, err := url.ParseRequestURI(x.Target())
	if err != nil { // the parser lets nothing through that fails here; see FuzzHead
		return &url.URL{Path: x.Path(), RawPath: x.Path(), RawQuery: x.Query()}
	}
	return u
}

// newHeader makes the map of the fields. Their values share one slice: values,
// if that has room for them.
func (x *Exchange) newHeader(values []string) http.Header {
	n := int(x.parts.fields)
	h := make(http.Header, n)
	if n > cap(values) {
		values = make([]string, 0, n)
	}
	for i := range n {
		f := x.field(i)
		name, value := canonical(x.text(f.name)), x.text(f.value)
		if have, ok := h[name]; ok {
			h[name] = append(have, value)
			continue
		}
		values = append(values, value)
		h[name] = values[len(values)-1 : len(values) : len(values)]
	}
	if v := h["Pragma"]; len(v) > 0 && v[0] == "no-cache" && h["Cache-Control"] == nil {
		h["Cache-Control"] = []string{"no-cache"} // as net/http does
	}
	return h
}

// announcedTrailers returns the keys that the Trailer field names, without
// values yet, and takes that field out of h, as net/http does.
func (x *Exchange) announcedTrailers(h http.Header) http.Header {
	lists := h["Trailer"]
	if len(lists) == 0 {
		return nil
	}
	delete(h, "Trailer")
	trailer := http.Header{}
	for _, list := range lists {
		for list != "" {
			var name string
			name, list = nextElement(list)
			if name = canonical(name); validName(name) && !forbiddenTrailer(name) {
				trailer[name] = nil
			}
		}
	}
	return trailer
}

// giveTrailer puts the trailer where the users of r find it.
func giveTrailer(r *http.Request, trailer http.Header) {
	if r == nil || len(trailer) == 0 {
		return
	}
	if r.Trailer == nil {
		r.Trailer = http.Header{}
	}
	for name, values := range trailer {
		r.Trailer[name] = values
	}
}
