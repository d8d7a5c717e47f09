package validate_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/validate"
)

// Whatever a tag says, planning gives a plan or a *errs.Setup, and a plan that
// was made can be run.
func FuzzTag(f *testing.F) {
	for _, tag := range []string{
		"required,max=200,email", "each(each(max=3))", "oneof='a''b' c", "pattern='[a-z]{2,4}'", "between=1 9", "eqfield=G",
		"unique", "each(", "max=", "=,)('", "optional,gt=0x1", "-", "each(unique,eqfield=F)", "len=99999999999999999999",
	} {
		f.Add(tag, "text", int64(7))
	}
	types := []reflect.Type{
		reflect.TypeFor[string](), reflect.TypeFor[int8](), reflect.TypeFor[*float64](), reflect.TypeFor[bool](),
		reflect.TypeFor[[]string](), reflect.TypeFor[map[string]int](), reflect.TypeFor[[2][]point](), reflect.TypeFor[any](),
	}
	f.Fuzz(func(t *testing.T, tag, text string, number int64) {
		for _, typ := range types {
			field := reflect.StructField{Name: "F", Type: typ, Tag: reflect.StructTag(`validate:` + strconv.Quote(tag))}
			owner := reflect.StructOf([]reflect.StructField{field, {Name: "G", Type: typ}})
			plan, err := validate.For(owner)
			if err != nil {
				if _, ok := errors.AsType[*errs.Setup](err); !ok {
					t.Fatalf("got %T for %q, want a *errs.Setup", err, tag)
				}
				continue
			}
			v := reflect.New(owner)
			fill(v.Elem().Field(0), text, number)
			if err := plan.Check(t.Context(), v.Interface()); err != nil {
				want.Err(t, err, errs.Invalid)
			}
		}
	})
}

// fill puts text and number wherever they fit.
func fill(v reflect.Value, text string, number int64) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int8, reflect.Int:
		v.SetInt(int64(int8(number)))
	case reflect.Float64:
		v.SetFloat(float64(number))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text, number)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), int(number&31), int(number&31)))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), text, number+int64(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text, number)
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]int{text: int(number)}))
	case reflect.Interface:
		v.Set(reflect.ValueOf(text))
	}
}

// Whatever the value, a check ends, and names fields without repeating text of
// the visitor's.
func FuzzValue(f *testing.F) {
	f.Add(`{"email":"a@b.c","lines":[{"film":"a","quantity":1}],"Parts":{"a":null},"Next":{"Rows":[[{}]]}}`)
	f.Add(`{"lines":[{},{},{}],"Parts":{"\u0000":{},"<":{}}}`)
	var v validate.Validator
	f.Fuzz(func(t *testing.T, text string) {
		var o order
		if json.Unmarshal([]byte(text), &o) != nil {
			return
		}
		err := v.Struct(t.Context(), &o)
		if err == nil {
			return
		}
		want.Err(t, err, errs.Invalid)
		if s := err.Error(); strings.ContainsAny(s, "<>\x00\n\"") {
			t.Errorf("got %q, want plain names alone", s)
		}
	})
}

func FuzzParseTag(f *testing.F) {
	f.Add("required,max=200,each(oneof='a''b' c)")
	f.Add("each(each(each(each(each(each(each(each(each(each(a))))))))))")
	f.Fuzz(func(t *testing.T, tag string) {
		specs, err := validate.ParseTag(tag)
		if err != nil {
			return
		}
		again, err := validate.ParseTag(write(specs))
		want.NoErr(t, err)
		want.Equal(t, write(again), write(specs))
	})
}

// write is the opposite of parseTag, with every parameter in quotes.
func write(specs []validate.Spec) string {
	var rules []string
	for _, s := range specs {
		rule := s.Name
		if s.Name == "each" {
			rule += "(" + write(s.Each) + ")"
		}
		for i, param := range s.Params {
			rule += map[bool]string{true: "=", false: " "}[i == 0] + "'" + strings.ReplaceAll(param, "'", "''") + "'"
		}
		rules = append(rules, rule)
	}
	return strings.Join(rules, ",")
}
