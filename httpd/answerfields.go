package httpd

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A pair is a field of the answer.
type pair struct{ name, value string }

// answerFields holds the fields of the answer in the order in which they were
// set. Most answers have a few, which a table serves better than a map.
type answerFields struct {
	n      int
	inline [inlineAnswer]pair
	more   []pair
}

func (t *answerFields) at(i int) *pair {
	if i < inlineAnswer {
		return &t.inline[i]
	}
	return &t.more[i-inlineAnswer]
}

func (t *answerFields) add(p pair) {
	if t.n < inlineAnswer {
		t.inline[t.n] = p
	} else {
		if t.more == nil {
			t.more = make([]pair, 0, moreAnswer)
		}
		t.more = append(t.more, p)
	}
	t.n++
}

// remove takes out the fields called name, from the i-th on.
func (t *answerFields) remove(name string, i int) {
	kept := i
	for ; i < t.n; i++ {
		if p := *t.at(i); !sameName(p.name, name) {
			*t.at(kept) = p
			kept++
		}
	}
	for i = kept; i < t.n; i++ {
		*t.at(i) = pair{}
	}
	t.n = kept
	t.more = t.more[:max(0, kept-inlineAnswer)]
}

// SetField sets a field of the answer, in place of those of that name. A name
// that is no token, or a value with a line end or another control character,
// is not set; the next Send then fails, and answers 500.
func (x *Exchange) SetField(name, value string) { x.put(name, value, true) }

// AddField adds a field to the answer, behind those of that name.
func (x *Exchange) AddField(name, value string) { x.put(name, value, false) }

func (x *Exchange) put(name, value string, replace bool) {
	if !validName(name) || !validValue(value) {
		if x.invalid == nil {
			x.invalid = fmt.Errorf("httpd: field %q: %q is no valid name and value", name, value)
		}
		return
	}
	if x.header != nil {
		if replace {
			x.header[name] = []string{value}
		} else {
			x.header[name] = append(x.header[name], value)
		}
		return
	}
	if replace {
		for i := range x.set.n {
			if p := x.set.at(i); sameName(p.name, name) {
				*p = pair{name, value}
				x.set.remove(name, i+1)
				return
			}
		}
	}
	x.set.add(pair{name, value})
}

// GetField returns the first value of a field of the answer, "" when it is not
// set.
func (x *Exchange) GetField(name string) string {
	if x.header != nil {
		if v := x.header[name]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	for i := range x.set.n {
		if p := x.set.at(i); sameName(p.name, name) {
			return p.value
		}
	}
	return ""
}

// DelField removes a field from the answer.
func (x *Exchange) DelField(name string) {
	if x.header != nil {
		delete(x.header, name)
		return
	}
	x.set.remove(name, 0)
}

// Header returns the fields of the answer as a map, for code that wants one.
// From the first call on the map is the truth: SetField and the others work on
// it. Values in it that would end a line are sent with spaces in their place,
// names that are none are not sent, as net/http does.
func (x *Exchange) Header() http.Header {
	if x.header == nil {
		x.header = make(http.Header, x.set.n)
		for i := range x.set.n {
			p := x.set.at(i)
			name := canonical(p.name)
			x.header[name] = append(x.header[name], p.value)
		}
		x.set = answerFields{}
	}
	return x.header
}

// facts are what the fields of an answer say about its framing.
type facts struct {
	length      int64 // Content-Length; -1: none, or none that is valid
	contentType bool
	encoded     bool // Content-Encoding
	date        bool
	close       bool   // Connection: close
	identity    bool   // Transfer-Encoding: identity, net/http's way to ask for no chunks
	trailer     bool   // some are announced
	connection  string // the other values
}

// appendFields appends the answer's fields but those about framing and the
// connection, and takes these in.
func (x *Exchange) appendFields(out []byte, status int) []byte {
	x.facts = facts{length: -1}
	if x.header != nil {
		return x.appendHeader(out, status)
	}
	for i := range x.set.n {
		if p := x.set.at(i); !x.takeIn(p.name, p.value, status) {
			out = appendField(out, p.name, p.value)
		}
	}
	return out
}

// appendHeader is appendFields for the map, by name.
func (x *Exchange) appendHeader(out []byte, status int) []byte {
	var room [inlineFields]string
	names := room[:0]
	for name := range x.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !validName(name) {
			continue // among them those of http.TrailerPrefix, which hold a colon
		}
		values := x.header[name]
		if len(values) == 0 && name == "Date" {
			x.facts.date = true // asked for: none
		}
		for _, value := range values {
			value = cleanValue(value)
			if !x.takeIn(name, value, status) {
				out = appendField(out, name, value)
			}
		}
		if len(values) == 0 && name == "Content-Type" {
			x.facts.contentType = true // asked for: none
		}
	}
	return out
}

func appendField(out []byte, name, value string) []byte {
	out = append(out, name...)
	out = append(out, ": "...)
	out = append(out, value...)
	return append(out, "\r\n"...)
}

// cleanValue puts spaces in the place of what must not be in a value, and cuts
// spaces off its ends.
func cleanValue(v string) string {
	if !validValue(v) {
		b := []byte(v)
		for i, c := range b {
			if c < 0x20 && c != '\t' || c == 0x7f {
				b[i] = ' '
			}
		}
		v = string(b)
	}
	return strings.Trim(v, " \t")
}

// takeIn notes what a field says about framing, and reports whether it is not
// to be sent as it is.
func (x *Exchange) takeIn(name, value string, status int) bool {
	f := &x.facts
	switch len(name) {
	case 4:
		f.date = f.date || sameName(name, "Date")
	case 7:
		if sameName(name, "Trailer") {
			f.trailer = true
			x.announce(value)
		}
	case 10:
		if sameName(name, "Connection") {
			f.takeConnection(value)
			return true
		}
	case 12:
		if sameName(name, "Content-Type") {
			f.contentType = true
			return status == http.StatusNotModified
		}
	case 14:
		if sameName(name, "Content-Length") {
			f.takeLength(value)
			return true
		}
	case 16:
		f.encoded = f.encoded || value != "" && sameName(name, "Content-Encoding")
	case 17:
		if sameName(name, "Transfer-Encoding") {
			f.identity = f.identity || equalFold(value, "identity")
			f.encoded = true // its bytes tell nothing about their type
			return true
		}
	}
	return false
}

func (f *facts) takeConnection(value string) {
	switch {
	case hasToken(value, "close"):
		f.close = true
	case f.connection == "":
		f.connection = value
	default:
		f.connection += ", " + value
	}
}

func (f *facts) takeLength(value string) {
	if n, err := strconv.ParseUint(value, 10, 63); err == nil && f.length < 0 {
		f.length = int64(n)
	}
}

// announce notes the trailer fields that a Trailer field names.
func (x *Exchange) announce(list string) {
	for list != "" {
		var name string
		name, list = nextElement(list)
		if name = canonical(name); validName(name) && !forbiddenTrailer(name) && !slices.Contains(x.trailers, name) {
			x.trailers = append(x.trailers, name)
		}
	}
}
