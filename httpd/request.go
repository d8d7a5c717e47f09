package httpd

import (
	"net/http"
	"net/url"
)

// Request returns the request for code that wants net/http's. It is built at
// the first call, and kept: later calls return the same one. Its context is
// [Exchange.Context], its body [Exchange.Body]. Nothing of it is used again, so
// it may be kept, changed and copied.
func (x *Exchange) Request() *http.Request {
	if x.request == nil {
		x.request = x.newRequest()
	}
	return x.request
}

func (x *Exchange) newRequest() *http.Request {
	// WithContext is the one way to a request with a context of ours; it copies
	// what is empty here.
	r := new(http.Request).WithContext(x.Context())
	r.Method, r.RequestURI = x.method, x.Target()
	r.URL = x.newURL()
	r.Proto, r.ProtoMajor, r.ProtoMinor = x.Proto(), 1, int(x.minor)
	r.Header = x.newHeader()
	r.Body = x.Body()
	r.ContentLength = x.length
	if x.length < 0 {
		r.TransferEncoding = []string{"chunked"}
		r.Trailer = x.announcedTrailers(r.Header)
		if x.body.done.Load() {
			giveTrailer(r, x.body.chunks.trailer)
		}
	}
	r.Host = x.host
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
	return x.minor == 0 && !keep
}

func (x *Exchange) newURL() *url.URL {
	if x.plain && x.target.text(x.text)[0] == '/' {
		// What url.ParseRequestURI makes of a path without escapes.
		return &url.URL{Path: x.path, RawQuery: x.query, ForceQuery: x.asked && x.query == ""}
	}
	u, err := url.ParseRequestURI(x.Target())
	if err != nil { // the parser lets nothing through that fails here; see FuzzHead
		return &url.URL{Path: x.path, RawPath: x.path, RawQuery: x.query}
	}
	return u
}

// newHeader makes the map of the fields. Their values share one slice.
func (x *Exchange) newHeader() http.Header {
	n := x.fields.n
	h := make(http.Header, n)
	values := make([]string, 0, n)
	for i := range n {
		f := x.fields.at(i)
		name, value := canonical(f.name.text(x.text)), f.value.text(x.text)
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
