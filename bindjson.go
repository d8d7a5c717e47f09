package ashlar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/validate"
)

type jsonField struct {
	reflect.StructField
	index []int
}

// A jsonPlan decodes a JSON body into those fields of an input that come from
// it, and into no others: encoding/json gets to see a struct that has only
// these fields, so a body cannot set a path parameter.
type jsonPlan struct {
	// typ is that struct. It is the input's own type if that has no other
	// fields, or the same struct with other tags, to which a pointer to the
	// input is converted.
	typ reflect.Type

	// index is for inputs that embed structs. Their typ has nothing but the
	// fields of the body; they are copied from it.
	index [][]int

	readers sync.Pool // of *jsonReader
}

func planJSON(input reflect.Type, fields []jsonField) (*jsonPlan, error) {
	list := make([]reflect.StructField, len(fields))
	index := make([][]int, len(fields))
	seen := map[string]bool{}
	for i, f := range fields {
		if seen[f.Name] {
			return nil, fmt.Errorf("field %s stands twice in the JSON body", f.Name)
		}
		seen[f.Name] = true
		list[i] = reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag}
		index[i] = f.index
	}
	if t, ok := retagged(input, seen); ok {
		return &jsonPlan{typ: t}, nil
	}
	return &jsonPlan{typ: reflect.StructOf(list), index: index}, nil
}

// retagged returns the struct that differs from t only in the tags of what is
// not in body: these fields encoding/json has to pass over. It is false for a
// struct that embeds another.
func retagged(t reflect.Type, body map[string]bool) (reflect.Type, bool) {
	same := !reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) && !reflect.PointerTo(t).Implements(textType)
	fields := make([]reflect.StructField, t.NumField())
	for i := range fields {
		f := t.Field(i)
		if f.Anonymous {
			return nil, false
		}
		fields[i] = reflect.StructField{Name: f.Name, PkgPath: f.PkgPath, Type: f.Type, Tag: f.Tag}
		if f.IsExported() && !body[f.Name] && f.Tag.Get("json") != "-" {
			fields[i].Tag, same = `json:"-"`, false
		}
	}
	if same {
		return t, true
	}
	other := reflect.StructOf(fields)
	return other, reflect.PointerTo(t).ConvertibleTo(reflect.PointerTo(other))
}

// read decodes the body into dst. Keys that nobody reads, keys that are given
// twice (also in other letter case: two parsers would pick different ones) and
// anything behind the value are refused.
func (p *jsonPlan) read(c *Ctx, dst reflect.Value, problems *validate.Errors) error {
	r, _ := p.readers.Get().(*jsonReader)
	if r == nil {
		r = newJSONReader()
	}
	if err := r.load(c.Body(), c.wire.length()); err != nil {
		return asBodyError(err, "The body cannot be read.")
	}
	if err := acceptJSON(c, r.body); err != nil || len(r.body) == 0 {
		p.readers.Put(r)
		return err // nil: nothing is set, and the rules say what is missing
	}
	if err := p.decode(r, dst); err != nil {
		return p.explain(r.body, err, problems)
	}
	if r.reusable() {
		p.readers.Put(r)
	}
	return nil
}

// acceptJSON refuses what is not to be decoded.
func acceptJSON(c *Ctx, body []byte) error {
	if len(body) == 0 {
		return nil
	}
	if !isJSON(c.wire.field("Content-Type")) {
		return errs.Unsupported.New("A body of type application/json is expected.")
	}
	return checkJSON(body)
}

// decode sets as many fields as it can, also when there is an error.
func (p *jsonPlan) decode(r *jsonReader, dst reflect.Value) error {
	switch {
	case p.index != nil:
		v := reflect.New(p.typ)
		err := r.decode(v.Interface())
		for i, index := range p.index {
			dst.FieldByIndex(index).Set(v.Elem().Field(i))
		}
		return err
	case p.typ == dst.Type():
		return r.decode(dst.Addr().Interface())
	}
	return r.decode(dst.Addr().Convert(reflect.PointerTo(p.typ)).Interface())
}

// jsonProblemsMax bounds the fields that one answer calls wrong.
const jsonProblemsMax = 100

// explain says which fields are to blame for err. encoding/json names only the
// first, and none whose own UnmarshalText or UnmarshalJSON refused the value,
// so each is decoded once more, by itself.
func (p *jsonPlan) explain(body []byte, err error, problems *validate.Errors) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if open, _ := d.Token(); open != json.Delim('{') {
		return errs.Malformed.Wrap(err, "The JSON body must be an object.")
	}
	for d.More() && len(*problems) < jsonProblemsMax {
		var key any
		var value json.RawMessage
		if key, err = d.Token(); err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			return errs.Malformed.Wrap(err, "The JSON body cannot be read.")
		}
		if err := p.decodeField(key.(string), value); err != nil {
			*problems = append(*problems, jsonFieldError(key.(string), err))
		}
	}
	return nil
}

func (p *jsonPlan) decodeField(key string, value json.RawMessage) error {
	one, err := json.Marshal(map[string]json.RawMessage{key: value})
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(one))
	d.DisallowUnknownFields()
	return d.Decode(reflect.New(p.typ).Interface())
}

func jsonFieldError(key string, err error) validate.FieldError {
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) && typ.Field != "" {
		return validate.FieldError{Field: typ.Field, Rule: "type", Message: "Must be " + jsonKind(typ.Type) + "."}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if s, err := strconv.Unquote(name); err == nil {
			name = s
		}
		return validate.FieldError{Field: printable(name), Rule: "unknown", Message: "There is no such field."}
	}
	return validate.FieldError{Field: printable(key), Rule: "type", Message: "Is not understood."}
}

func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number in range"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number in range, 0 or more"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.String:
		return "a text"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}
