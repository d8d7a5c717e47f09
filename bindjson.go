package ashlar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/validate"
)

type jsonField struct {
	reflect.StructField
	index []int
}

// A jsonPlan decodes a JSON body into those fields of an input that come from
// it, and into no others: a struct of only these fields is what encoding/json
// gets to see, so a body cannot set a path parameter.
type jsonPlan struct {
	typ   reflect.Type
	index [][]int
}

func planJSON(fields []jsonField) (*jsonPlan, error) {
	p := &jsonPlan{}
	list := make([]reflect.StructField, len(fields))
	seen := map[string]bool{}
	for i, f := range fields {
		if seen[f.Name] {
			return nil, fmt.Errorf("field %s stands twice in the JSON body", f.Name)
		}
		seen[f.Name] = true
		list[i] = reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag}
		p.index = append(p.index, f.index)
	}
	p.typ = reflect.StructOf(list)
	return p, nil
}

// read decodes the body into dst. Keys that nobody reads, keys that are given
// twice (also in other letter case: two parsers would pick different ones) and
// anything behind the value are refused.
func (p *jsonPlan) read(c *Ctx, dst reflect.Value, problems *validate.Errors) error {
	body, err := io.ReadAll(c.Body())
	if err != nil {
		return asBodyError(err, "The body cannot be read.")
	}
	if len(body) == 0 {
		return nil // nothing is set; the rules say what is missing
	}
	if !isJSON(c.wire.field("Content-Type")) {
		return errs.Unsupported.New("A body of type application/json is expected.")
	}
	if err := checkJSON(body); err != nil {
		return err
	}
	v := reflect.New(p.typ)
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err = d.Decode(v.Interface())
	for i, index := range p.index {
		dst.FieldByIndex(index).Set(v.Elem().Field(i))
	}
	if err == nil {
		return nil
	}
	return p.explain(body, err, problems)
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
