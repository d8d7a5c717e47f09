package ashlar

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/ashlar-go/ashlar/validate"
)

// A boundField is a field of an input that does not come from a JSON body.
type boundField struct {
	index    []int
	source   string
	name     string
	param    int    // of a query: its index
	label    string // in messages: as package validate names the field
	fallback string // the tag default
	preset   bool   // there is one
	set      setter
	setList  listSetter // in place of set, when it may be given several times
}

func (f *boundField) planDefault(sf reflect.StructField) error {
	d, ok := sf.Tag.Lookup("default")
	if !ok {
		return nil
	}
	if f.source == fromFile {
		return fmt.Errorf("default %q: a file has none", d)
	}
	f.fallback, f.preset = d, true
	if msg := f.setDefault(reflect.New(sf.Type).Elem()); msg != "" {
		return fmt.Errorf("default %q: %s", d, msg)
	}
	return nil
}

func (f *boundField) setDefault(dst reflect.Value) string {
	if f.setList != nil {
		return f.setList(dst, []string{f.fallback})
	}
	return f.set(dst, f.fallback)
}

// fill sets a field that takes one value. It returns what is wrong with that.
func (f *boundField) fill(c *Ctx, in *received, dst reflect.Value, problems *validate.Errors) string {
	value, times := "", 0
	switch {
	case f.source == fromPath:
		value, times = c.params.Value(f.name), 1
	case f.source == fromQuery && in.isFew:
		value, times = in.few[f.param].value, in.few[f.param].times
	case f.source == fromCookie:
		var ok bool
		if value, ok = c.Cookie(f.name); ok {
			times = 1
		}
	default:
		values, ok := f.values(c, in)
		if !ok {
			return ""
		}
		value, times = first(values), len(values)
	}
	switch {
	case times > 1:
		*problems = append(*problems, validate.FieldError{Field: f.label, Rule: "repeated", Message: "Must be given once."})
		return ""
	case value != "":
		return f.set(dst, value)
	case f.preset: // empty is absent
		return f.setDefault(dst)
	}
	return ""
}

// fillList sets a field that takes several values.
func (f *boundField) fillList(c *Ctx, in *received, dst reflect.Value) string {
	values, ok := f.values(c, in)
	switch {
	case !ok:
		return ""
	case len(values) > 0:
		return f.setList(dst, values)
	case f.preset:
		return f.setDefault(dst)
	}
	return ""
}

// values returns all values of a parameter. It is false for a field of a form
// when the body was none.
func (f *boundField) values(c *Ctx, in *received) ([]string, bool) {
	switch f.source {
	case fromPath:
		return []string{c.params.Value(f.name)}, true
	case fromQuery:
		return in.query[f.name], true
	case fromHeader:
		return slices.Collect(c.wire.lines(f.name)), true
	case fromCookie:
		if v, ok := c.Cookie(f.name); ok {
			return []string{v}, true
		}
		return nil, true
	}
	return in.form[f.name], in.asked
}

// fillFile sets a field that takes a file, or several.
func (f *boundField) fillFile(in *received, dst reflect.Value, problems *validate.Errors) {
	files := in.files[f.name]
	switch {
	case dst.Kind() == reflect.Slice:
		dst.Set(reflect.ValueOf(files))
	case len(files) > 1:
		*problems = append(*problems, validate.FieldError{Field: f.label, Rule: "repeated", Message: "Must be one file."})
	case len(files) == 1:
		dst.Set(reflect.ValueOf(files[0]))
	}
}
