package httpd

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// answerFields holds the fields of the answer in the order in which they were
// set: in a table, which serves the few that most answers have better than a
// map, or lent by the caller of SetFields.
type answerFields struct {
	preset *Preset
	list   []Field
	lent   bool // list is the caller's, and not checked yet
	inline [inlineAnswer]Field
}

// add adds a field to a table that is not lent.
func (t *answerFields) add(f Field) {
	switch {
	case t.list == nil:
		t.list = t.inline[:0]
	case len(t.list) == inlineAnswer && cap(t.list) == inlineAnswer:
		t.list = append(make([]Field, 0, inlineAnswer+moreAnswer), t.list...)
	}
	t.list = append(t.list, f)
}

// remove takes out the fields called name, from the i-th on.
func (t *answerFields) remove(name string, i int) {
	kept := i
	for ; i < len(t.list); i++ {
		if f := t.list[i]; !sameName(f.Name, name) {
			t.list[kept] = f
			kept++
		}
	}
	clear(t.list[kept:])
	t.list = t.list[:kept]
}

// find returns the first field called name, nil when there is none.
func (t *answerFields) find(name string) *Field {
	for _, list := range [...][]Field{t.preset.all(), t.list} {
		for i := range list {
			if f := &list[i]; sameName(f.Name, name) {
				return f
			}
		}
	}
	return nil
}

// check finds the first field that must not be sent.
func (t *answerFields) check() error {
	if t.lent {
		for i := range t.list {
			if err := t.list[i].check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// SetFields sets all fields of the answer at once, in place of those set so
// far: those of preset, which may be nil, and those of list behind them. A name
// that is there twice is sent twice.
//
// No field is copied. x keeps list until the head has been sent, or decided on
// with WriteHeader, and then forgets it; until then the caller must not change
// it. Names and values are checked by then: Send fails for a field that
// SetField would have refused, and answers 500 without any of them.
func (x *Exchange) SetFields(preset *Preset, list []Field) {
	x.invalid = nil
	x.set.clear()
	x.set.preset, x.set.list, x.set.lent = preset, list, true
	if x.header != nil {
		clear(x.header)
		x.fillHeader()
	}
}

// clear takes all fields out.
func (t *answerFields) clear() {
	if t.list != nil && !t.lent {
		clear(t.inline[:])
	}
	t.preset, t.list, t.lent = nil, nil, false
}

// ownFields makes the table x's own, so that it can be changed. Fields that
// must not be sent are left out, as SetField does.
func (x *Exchange) ownFields() {
	t := &x.set
	if !t.lent {
		return
	}
	preset, list := t.preset.all(), t.list
	t.clear()
	for _, f := range preset {
		t.add(f)
	}
	for _, f := range list {
		if x.accept(&f) {
			t.add(f)
		}
	}
}

// accept reports whether a field may be sent, and notes the first that may not.
func (x *Exchange) accept(f *Field) bool {
	err := f.check()
	if x.invalid == nil {
		x.invalid = err
	}
	return err == nil
}

// SetField sets a field of the answer, in place of those of that name. A name
// that is no token, or a value with a line end or another control character,
// is not set; the next Send then fails, and answers 500.
func (x *Exchange) SetField(name, value string) { x.put(Field{name, value}, true) }

// AddField adds a field to the answer, behind those of that name.
func (x *Exchange) AddField(name, value string) { x.put(Field{name, value}, false) }

func (x *Exchange) put(f Field, replace bool) {
	if !x.accept(&f) {
		return
	}
	if x.header != nil {
		if replace {
			x.header[f.Name] = []string{f.Value}
		} else {
			x.header[f.Name] = append(x.header[f.Name], f.Value)
		}
		return
	}
	x.ownFields()
	if replace {
		for i := range x.set.list {
			if p := &x.set.list[i]; sameName(p.Name, f.Name) {
				*p = f
				x.set.remove(f.Name, i+1)
				return
			}
		}
	}
	x.set.add(f)
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
	if f := x.set.find(name); f != nil {
		return f.Value
	}
	return ""
}

// DelField removes a field from the answer.
func (x *Exchange) DelField(name string) {
	if x.header != nil {
		delete(x.header, name)
		return
	}
	x.ownFields()
	x.set.remove(name, 0)
}

// Header returns the fields of the answer as a map, for code that wants one.
// From the first call on the map is the truth: SetField and the others work on
// it. Values in it that would end a line are sent with spaces in their place,
// names that are none are not sent, as net/http does.
func (x *Exchange) Header() http.Header {
	if x.header == nil {
		x.header = make(http.Header, len(x.set.preset.all())+len(x.set.list))
		x.fillHeader()
	}
	return x.header
}

// fillHeader moves the fields of the table into the map.
func (x *Exchange) fillHeader() {
	x.ownFields()
	for _, f := range x.set.list {
		name := canonical(f.Name)
		x.header[name] = append(x.header[name], f.Value)
	}
	x.set.clear()
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
	if x.set.lent {
		x.set.clear()
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
