package ashlar

import (
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/validate"
)

// The sources of an input's fields, by struct tag. A field with none of them
// comes from the JSON body.
const (
	fromPath   = "path"
	fromQuery  = "query"
	fromHeader = "header"
	fromCookie = "cookie"
	fromForm   = "form"
	fromFile   = "file"
)

var sources = [...]string{fromPath, fromQuery, fromHeader, fromCookie, fromForm, fromFile}

// A binder fills inputs of one type from requests. It is planned once, when
// the route is registered; serving looks up values by name and fields by
// index, never the other way round.
type binder struct {
	typ    reflect.Type
	fields []boundField
	json   *jsonPlan       // nil: no field comes from a JSON body
	query  []string        // the parameters; a field knows its own by the index
	lists  bool            // some of them may be given several times
	form   map[string]bool // fields and files
	rules  rules
}

// planBinder plans the binding of inputs of type t, a struct.
func planBinder(t reflect.Type, v *validate.Validator) (*binder, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("input %s is no struct: name the fields that it takes", t)
	}
	b := &binder{typ: t, form: map[string]bool{csrfField: true}}
	var body []jsonField
	if err := b.collect(t, nil, &body); err != nil {
		return nil, err
	}
	var err error
	if len(body) > 0 {
		if b.json, err = planJSON(t, body); err != nil {
			return nil, err
		}
	}
	b.rules, err = planRules(t, v)
	return b, err
}

func (b *binder) collect(t reflect.Type, at []int, body *[]jsonField) error {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(slices.Clone(at), i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && sourceOf(f) == "" && f.Tag.Get("json") == "" {
			if err := b.collect(f.Type, index, body); err != nil {
				return err
			}
			continue
		}
		if !f.IsExported() {
			continue
		}
		source := sourceOf(f)
		// Only a form may come as JSON instead: beside a path or a header, the
		// tag json is for other uses of the struct.
		_, asJSON := f.Tag.Lookup("json")
		if (source == "" || source == fromForm && asJSON) && f.Tag.Get("json") != "-" {
			*body = append(*body, jsonField{f, index})
		}
		if source == "" {
			if d, ok := f.Tag.Lookup("default"); ok {
				return fmt.Errorf("field %s of input %s: default %q is for fields of a path, query, header, cookie or form", f.Name, b.typ, d)
			}
			continue
		}
		if err := b.add(f, source, index); err != nil {
			return fmt.Errorf("field %s of input %s: %w", f.Name, b.typ, err)
		}
	}
	return nil
}

func sourceOf(f reflect.StructField) string {
	for _, s := range sources {
		if _, ok := f.Tag.Lookup(s); ok {
			return s
		}
	}
	return ""
}

func (b *binder) add(f reflect.StructField, source string, index []int) error {
	for _, other := range sources {
		if _, twice := f.Tag.Lookup(other); twice && other != source {
			return fmt.Errorf("has the tags %s and %s: a value comes from one place", source, other)
		}
	}
	bf := boundField{index: index, source: source, name: f.Tag.Get(source), label: validate.FieldName(f)}
	if bf.name == "" {
		return fmt.Errorf("tag %s:%q names nothing", source, "")
	}
	if source == fromHeader {
		bf.name = http.CanonicalHeaderKey(bf.name)
	}
	if source == fromFile {
		if f.Type != fileType && f.Type != reflect.SliceOf(fileType) {
			return fmt.Errorf("a file is a *multipart.FileHeader or a slice of them, not %s", f.Type)
		}
	} else {
		var err error
		if bf.set, bf.setList, err = setterFor(f.Type); err != nil {
			return err
		}
	}
	if err := bf.planDefault(f); err != nil {
		return err
	}
	switch source {
	case fromQuery:
		if bf.param = slices.Index(b.query, bf.name); bf.param < 0 {
			bf.param, b.query = len(b.query), append(b.query, bf.name)
		}
		b.lists = b.lists || bf.setList != nil
	case fromForm, fromFile:
		b.form[bf.name] = true
	}
	b.fields = append(b.fields, bf)
	return nil
}

var fileType = reflect.TypeFor[*multipart.FileHeader]()

// received is what a request offers to a binder.
type received struct {
	few   fewParams  // of the query, when isFew
	query url.Values // else
	form  url.Values
	files map[string][]*multipart.FileHeader
	isFew bool
	asked bool // the body was a form
}

// bind fills dst, a struct value, and checks its rules. An error of kind
// errs.Invalid is a validate.Errors that names every field that is wrong; dst
// then holds what could be read.
func (b *binder) bind(c *Ctx, dst reflect.Value) error {
	var problems validate.Errors
	var in received
	if err := b.receive(c, &in, dst, &problems); err != nil {
		return err
	}
	for i := range b.fields {
		f := &b.fields[i]
		msg := ""
		switch {
		case f.source == fromFile:
			f.fillFile(&in, dst.FieldByIndex(f.index), &problems)
		case f.setList != nil:
			msg = f.fillList(c, &in, dst.FieldByIndex(f.index))
		default:
			msg = f.fill(c, &in, dst.FieldByIndex(f.index), &problems)
		}
		if msg == "" {
			continue
		}
		if f.source == fromPath {
			return errs.NotFound.New("There is no such page.")
		}
		problems = append(problems, validate.FieldError{Field: f.label, Rule: "type", Message: msg})
	}
	b.refuseUnknown(c, &in, &problems)
	return b.rules.check(c, dst, problems)
}

func (b *binder) receive(c *Ctx, in *received, dst reflect.Value, problems *validate.Errors) error {
	var err error
	if len(b.query) > 0 || c.route.StrictQuery {
		if in.isFew = !b.lists && in.few.read(c.wire.query(), b.query, c.route.StrictQuery); !in.isFew {
			if in.query, err = parseQuery(c.wire.query()); err != nil {
				return err
			}
		}
	}
	wantsForm := len(b.form) > 1 // beside the CSRF field
	switch {
	case b.json != nil && (!wantsForm || isJSON(c.wire.field("Content-Type"))):
		return b.json.read(c, dst, problems)
	case wantsForm:
		in.asked = true
		if in.form, err = c.Form(); err != nil {
			return err
		}
		in.files, err = c.Files()
	}
	return err
}

// refuseUnknown reports fields that nobody reads: a form must not be able to
// set what it does not show, and a misspelt name must not vanish.
func (b *binder) refuseUnknown(c *Ctx, in *received, problems *validate.Errors) {
	unknown := func(given url.Values, known func(string) bool) {
		var names []string
		for name := range given {
			if !known(name) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			*problems = append(*problems, validate.FieldError{Field: printable(name), Rule: "unknown", Message: "There is no such field."})
		}
	}
	if in.asked {
		ofForm := func(name string) bool { return b.form[name] }
		unknown(in.form, ofForm)
		unknown(filesAsValues(in.files), ofForm)
	}
	if c.route.StrictQuery && !in.isFew {
		unknown(in.query, func(name string) bool { return slices.Contains(b.query, name) })
	}
}

func filesAsValues(files map[string][]*multipart.FileHeader) url.Values {
	v := make(url.Values, len(files))
	for name := range files {
		v[name] = nil
	}
	return v
}

// printable cuts a name from outside to what an error may repeat.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == 0xfffd {
			return '?'
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return name
}

func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	return t == "application/json" || strings.HasPrefix(t, "application/") && strings.HasSuffix(t, "+json")
}
