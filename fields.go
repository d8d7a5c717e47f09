package ashlar

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/httpd"
)

// fields are those of an answer whose head has not been sent. Most answers have
// a few, under names that are canonical already, and a list serves these better
// than a map does. When net/http code asks for the map, that is the truth from
// then on.
type fields struct {
	list  []httpd.Field // in the order in which they were set; at first in room that package httpd has
	asMap http.Header   // nil until somebody asked for it
}

// fieldsHeld is room for the fields of most answers.
const fieldsHeld = 4

// fixedFields are fields that are the same for all answers of an app.
type fixedFields struct {
	list   []httpd.Field
	preset *httpd.Preset
}

// fixed says which fixed fields stand in front of those of an answer.
type fixed uint8

const (
	fixedNone fixed = iota
	fixedOverTCP
	fixedOverTLS
)

func (c *Ctx) fixedFields() *fixedFields { return c.app.secured[c.answer.fixed] }

// newFixedFields panics when a field is none: Config.Validate has looked at
// what comes from outside.
func newFixedFields(list ...httpd.Field) *fixedFields {
	preset, err := httpd.NewPreset(list...)
	if err != nil {
		panic(err)
	}
	return &fixedFields{list, preset}
}

// index returns where in the list the field is, -1 when it is not there.
func (f *fields) index(name string) int {
	for i := range f.list {
		if f.list[i].Name == name {
			return i
		}
	}
	return -1
}

// has reports whether a field is set. In a map it may be set to nothing: then
// it is not wanted.
func (f *fields) has(name string) bool {
	if f.asMap != nil {
		_, set := f.asMap[name]
		return set
	}
	return f.index(name) >= 0
}

// hasAnyOf reports whether one of these fields is in the list.
func (f *fields) hasAnyOf(fixed []httpd.Field) bool {
	for i := range fixed {
		if f.index(fixed[i].Name) >= 0 {
			return true
		}
	}
	return false
}

func (f *fields) get(name string) string {
	if f.asMap != nil {
		return first(f.asMap[name])
	}
	if i := f.index(name); i >= 0 {
		return f.list[i].Value
	}
	return ""
}

// joined returns the values of a field that is a list as one (RFC 9110, section
// 5.3).
func (f *fields) joined(name string) string {
	if f.asMap != nil {
		return strings.Join(f.asMap[name], ",")
	}
	all, n := "", 0
	for i := range f.list {
		if f.list[i].Name != name {
			continue
		}
		if n++; n == 1 {
			all = f.list[i].Value
		} else {
			all += "," + f.list[i].Value
		}
	}
	return all
}

// set gives a field one value. Names are canonical, here and below.
func (f *fields) set(name, value string) {
	if f.asMap != nil {
		f.asMap[name] = []string{value}
		return
	}
	if i := f.index(name); i >= 0 {
		f.list[i].Value = value
		f.delBehind(name, i+1)
		return
	}
	f.append(name, value)
}

func (f *fields) add(name, value string) {
	if f.asMap != nil {
		f.asMap[name] = append(f.asMap[name], value)
		return
	}
	f.append(name, value)
}

func (f *fields) append(name, value string) {
	if f.list == nil {
		f.list = make([]httpd.Field, 0, fieldsHeld)
	}
	f.list = append(f.list, httpd.Field{Name: name, Value: value})
}

func (f *fields) del(name string) {
	if f.asMap != nil {
		delete(f.asMap, name)
		return
	}
	f.delBehind(name, 0)
}

func (f *fields) delBehind(name string, from int) {
	kept := from
	for _, field := range f.list[from:] {
		if field.Name != name {
			f.list[kept] = field
			kept++
		}
	}
	f.list = f.list[:kept]
}

// clear drops all fields.
func (f *fields) clear() {
	clear(f.asMap)
	f.list = f.list[:0]
}

// check refuses what would end a field early or is no text (RFC 9110, section
// 5.5). net/http replaces line breaks by spaces, which hides the bug.
func (f *fields) check() error {
	for i := range f.list {
		if err := checkField(f.list[i].Name, f.list[i].Value); err != nil {
			return err
		}
	}
	for name, values := range f.asMap {
		for _, v := range values {
			if err := checkField(name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkField(name, value string) error {
	for i := range len(value) {
		if b := value[i]; b < 0x20 && b != '\t' || b == 0x7f {
			return fmt.Errorf("ashlar: field %s of the answer holds a control character: %q", name, value)
		}
	}
	return nil
}

// fill puts fixed fields and these into a map. All values share one allocation; each is
// clipped, so that an append by somebody else copies.
func (f *fields) fill(h http.Header, fixed []httpd.Field) {
	values := make([]string, 0, len(fixed)+len(f.list))
	put := func(field httpd.Field) {
		if have, ok := h[field.Name]; ok {
			h[field.Name] = append(have, field.Value)
			return
		}
		n := len(values)
		values = append(values, field.Value)
		h[field.Name] = values[n : n+1 : n+1]
	}
	for _, field := range fixed {
		put(field)
	}
	for _, field := range f.list {
		put(field)
	}
}

// header returns the fields as a map for net/http code, which is the truth
// until the head is decided on.
func (c *Ctx) header() http.Header {
	f, a := &c.answer.fields, &c.answer
	if f.asMap != nil {
		return f.asMap
	}
	late := (a.decided || a.committed) && !a.committing
	if late && a.given != nil {
		return a.given
	}
	h := make(http.Header, mapSize)
	f.fill(h, c.fixedFields().list)
	if late { // for the head; trailers are taken from it
		a.given = h
		return h
	}
	f.asMap, f.list = h, f.list[:0]
	return h
}

// mapSize is room for the fields of most answers: a map up to this size is one
// allocation.
const mapSize = 8

// fieldsToList makes the list the truth again. It is false for a map that has to
// be sent as it is: one that suppresses fields which the engine would add.
func (c *Ctx) fieldsToList() bool {
	f := &c.answer.fields
	if f.asMap == nil {
		return true
	}
	for _, values := range f.asMap {
		if len(values) == 0 {
			return false
		}
	}
	for name, values := range f.asMap {
		for _, v := range values {
			f.append(name, v)
		}
	}
	slices.SortStableFunc(f.list, func(a, b httpd.Field) int { return strings.Compare(a.Name, b.Name) })
	c.answer.given, f.asMap = f.asMap, nil
	return true
}

// handOver gives the fields to the engine, once. Those of a fork are a
// middleware's own map already.
func (c *Ctx) handOver() {
	f := &c.answer.fields
	switch x := c.wire.x; {
	case c != c.root || c.answer.handed:
	case f.asMap != nil:
		maps.Copy(c.wire.writer().Header(), f.asMap)
		c.answer.given = f.asMap
	case x == nil:
		f.fill(c.wire.std.w.Header(), c.fixedFields().list)
	default:
		x.SetFields(c.fixedFields().preset, f.list)
	}
	c.answer.handed = true
}

// handOverTrailers gives the trailers to the engine that net/http code has put
// into the map since the head was decided on.
func (c *Ctx) handOverTrailers() {
	if c.answer.given == nil || c != c.root {
		return
	}
	announced := c.answer.fields.joined("Trailer")
	for name, values := range c.answer.given {
		if strings.HasPrefix(name, http.TrailerPrefix) || announced != "" && hasListItem(announced, name) {
			c.wire.writer().Header()[name] = values
		}
	}
}

// hasTrailers reports whether the answer has some, or may yet.
func (c *Ctx) hasTrailers() bool {
	if c.answer.fields.has("Trailer") {
		return true
	}
	for name := range c.answer.given {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			return true
		}
	}
	return false
}

// hasListItem reports whether a comma-separated field names item.
func hasListItem(list, item string) bool {
	for part := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(part), item) {
			return true
		}
	}
	return false
}
