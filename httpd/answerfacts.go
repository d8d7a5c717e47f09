package httpd

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// facts are what the fields of an answer say about its framing.
type facts struct {
	length      int64 // Content-Length; -1: none, or none that is valid
	contentType bool
	encoded     bool // Content-Encoding
	date        bool
	close       bool // Connection: close
	identity    bool // Transfer-Encoding: identity, net/http's way to ask for no chunks
	trailer     bool // some are announced
	connection  bool // there are other values
}

// appendFields appends the answer's fields but those about framing and the
// connection, and takes these in. They have been checked.
func (x *Exchange) appendFields(out []byte, status int) []byte {
	x.facts = facts{length: -1}
	if x.header != nil {
		return x.appendHeader(out, status)
	}
	if p := x.set.preset; p != nil {
		if status == http.StatusNotModified {
			out = x.appendEach(out, p.fields, status)
		} else {
			x.facts = p.facts
			out = append(out, p.lines...)
		}
	}
	out = x.appendEach(out, x.set.list, status)
	if x.lent {
		x.clearFields()
	}
	return out
}

func (x *Exchange) appendEach(out []byte, list []Field, status int) []byte {
	for i := range list {
		if f := &list[i]; !x.takeIn(f.Name, f.Value, status) {
			out = appendField(out, f.Name, f.Value)
		}
	}
	return out
}

// appendHeader is appendFields for the map, by name.
func (x *Exchange) appendHeader(out []byte, status int) []byte {
	var room [16]string
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
			x.takeConnection(value)
			return true
		}
	case 12:
		f.takeType(name, value)
		return status == http.StatusNotModified && sameName(name, "Content-Type")
	case 14:
		if sameName(name, "Content-Length") {
			f.takeLength(value)
			return true
		}
	case 16:
		f.takeType(name, value)
	case 17:
		if sameName(name, "Transfer-Encoding") {
			f.identity = f.identity || equalFold(value, "identity")
			f.encoded = true // its bytes tell nothing about their type
			return true
		}
	}
	return false
}

// takeType notes what a field says about the type of the body's bytes.
func (f *facts) takeType(name, value string) {
	switch len(name) {
	case 12:
		f.contentType = f.contentType || sameName(name, "Content-Type")
	case 16:
		f.encoded = f.encoded || value != "" && sameName(name, "Content-Encoding")
	}
}

func (x *Exchange) takeConnection(value string) {
	f := &x.facts
	switch {
	case hasToken(value, "close"):
		f.close = true
	case value == "":
	case f.connection:
		x.rare.connection += ", " + value
	default:
		f.connection = true
		x.rarely().connection = value
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
		if name = canonical(name); validName(name) && !forbiddenTrailer(name) && !slices.Contains(x.trailers(), name) {
			r := x.rarely()
			r.trailers = append(r.trailers, name)
		}
	}
}

// trailers are the names of those that were announced.
func (x *Exchange) trailers() []string {
	if x.rare == nil {
		return nil
	}
	return x.rare.trailers
}
