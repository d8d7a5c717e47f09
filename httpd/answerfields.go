package httpd

import (
	"net/http"
)

// How many fields of the answer an Exchange holds without a further allocation,
// and how many more that one then makes room for.
const (
	inlineAnswer = 2
	moreAnswer   = 6
)

// answerFields holds the fields of the answer in the order in which they were
// set: in a table, which serves the few that most answers have better than a
// map, or lent by the caller of SetFields: answer.lent.
type answerFields struct {
	preset *Preset
	list   []Field
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

// SetFields sets all fields of the answer at once, in place of those set so
// far: those of preset, which may be nil, and those of list behind them. A name
// that is there twice is sent twice.
//
// No field is copied. x keeps list until the head has been sent, or decided on
// with WriteHeader, and then forgets it; until then the caller must not change
// it. Names and values are checked by then: Send fails for a field that
// SetField would have refused, and answers 500 without any of them. [Exchange.Room]
// is memory for a list of a few.
func (x *Exchange) SetFields(preset *Preset, list []Field) {
	if x.rare != nil {
		x.rare.invalid = nil
	}
	x.clearFields()
	x.set.preset, x.set.list, x.lent = preset, list, true
	if x.header != nil {
		clear(x.header)
		x.fillHeader()
	}
}

// Room returns an empty list with room for two fields: memory of x, for the
// caller of SetFields to append to. SetField and AddField use it as well, so
// Room drops what they have set, and none of them is for between Room and
// SetFields.
func (x *Exchange) Room() []Field {
	if x.set.list != nil {
		x.clearFields()
	}
	return x.set.inline[:0]
}

// clearFields takes all fields out of the table.
func (x *Exchange) clearFields() {
	t := &x.set
	if t.list != nil && !x.lent {
		clear(t.inline[:])
	}
	t.preset, t.list, x.lent = nil, nil, false
}

// ownFields makes the table x's own, so that it can be changed. Fields that
// must not be sent are left out, as SetField does.
func (x *Exchange) ownFields() {
	if !x.lent {
		return
	}
	t := &x.set
	preset, list := t.preset.all(), t.list
	x.clearFields()
	t.list = make([]Field, 0, len(preset)+len(list)+moreAnswer) // list may be Room
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
	if err != nil {
		x.refuse(err)
	}
	return err == nil
}

// refuse notes why the answer cannot be given, if it was not known before.
func (x *Exchange) refuse(err error) {
	if r := x.rarely(); r.invalid == nil {
		r.invalid = err
	}
}

// invalid says which field keeps the answer from being given: the first that
// was refused, or is to be.
func (x *Exchange) invalid() error {
	if x.rare != nil && x.rare.invalid != nil {
		return x.rare.invalid
	}
	if x.lent {
		for i := range x.set.list {
			if err := x.set.list[i].check(); err != nil {
				return err
			}
		}
	}
	return nil
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
	x.clearFields()
}
