package ashlar

import (
	"encoding"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"github.com/ashlar-go/ashlar/validate"
)

// A Form is the input of an action that wants to show a form again when its
// fields are not right, with a message beside each and what was typed kept:
//
//	func (s *Shop) Place(ctx context.Context, in ashlar.Form[Checkout]) (ashlar.Response, error) {
//		if !in.Valid() {
//			return checkoutPage.With(in).Status(422), nil
//		}
//		…
//	}
//
// T is the input struct with its tags and rules. An action whose input is T
// itself answers 422 instead, and so does a form with fields that T does not
// have, or has once and that came twice: no visitor did that. The zero Form is an empty form for the first
// showing; [FormOf] starts from values.
type Form[T any] struct {
	Value  T               // as far as it could be read
	Errors validate.Errors // what is wrong, by field
	Input  url.Values      // what was typed
}

// FormOf returns a form that shows the values of v.
func FormOf[T any](v T) Form[T] { return Form[T]{Value: v} }

// Valid reports whether every field could be read and obeys its rules.
func (f Form[T]) Valid() bool { return len(f.Errors) == 0 }

// Reject adds a message beside a field, for what only the action can know, and
// returns the form.
func (f *Form[T]) Reject(field, rule, message string) {
	f.Errors = append(f.Errors, validate.FieldError{Field: field, Rule: rule, Message: message})
}

// A FormField is what a template shows of one field.
type FormField struct {
	Name     string // the name attribute
	ID       string // for id, and for the label's for
	Value    string // what was typed, else the value of the struct
	Error    string // the message, "" when all is well
	Required bool   // by its rules
	Max      int    // characters at most by its rules; 0: no bound
}

// Field returns the field of that name. A name that T does not have is an
// error: the template names a field that is never read.
func (f Form[T]) Field(name string) (FormField, error) {
	v := reflect.ValueOf(&f.Value).Elem()
	field, value, ok := fieldNamed(v, name)
	if !ok {
		return FormField{}, fmt.Errorf("ashlar: form %T has no field %q", f.Value, name)
	}
	ff := FormField{Name: name, ID: "field-" + strings.ReplaceAll(name, "_", "-"), Error: f.Errors.For(name)}
	for rule := range strings.SplitSeq(field.Tag.Get("validate"), ",") {
		if rule == "required" {
			ff.Required = true
		}
		if value.Kind() == reflect.String {
			_, _ = fmt.Sscanf(rule, "max=%d", &ff.Max)
		}
	}
	switch typed, sent := f.Input[name]; {
	case sent:
		ff.Value = strings.ToValidUTF8(first(typed), "\ufffd")
	case value.Kind() == reflect.Pointer && value.IsNil(), value.IsZero() && value.Kind() != reflect.Bool:
	default:
		ff.Value = formText(reflect.Indirect(value))
	}
	return ff, nil
}

// formText writes a value as the binder reads it.
func formText(v reflect.Value) string {
	if m, ok := v.Addr().Interface().(encoding.TextMarshaler); ok {
		if b, err := m.MarshalText(); err == nil {
			return string(b)
		}
	}
	return fmt.Sprint(v.Interface())
}

func fieldNamed(v reflect.Value, name string) (reflect.StructField, reflect.Value, bool) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if s := sourceOf(f); s != "" && f.Tag.Get(s) == name {
			return f, v.Field(i), true
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			if f, v, ok := fieldNamed(v.Field(i), name); ok {
				return f, v, true
			}
		}
	}
	return reflect.StructField{}, reflect.Value{}, false
}

// formInput is what the binder sees of a Form.
type formInput interface {
	target() reflect.Value
	keep(c *Ctx, err error) error
}

func (f *Form[T]) target() reflect.Value { return reflect.ValueOf(&f.Value).Elem() }

// keep takes over the errors of fields; any other error stays one.
func (f *Form[T]) keep(c *Ctx, err error) error {
	if s := c.seldom; s != nil && s.posted != nil {
		f.Input = s.posted.values
	}
	var broken validate.Errors
	if err == nil || !errors.As(err, &broken) {
		return err
	}
	for _, e := range broken {
		if e.Rule == "unknown" || e.Rule == "repeated" {
			return err // the page has no place for it, and the visitor cannot mend it
		}
	}
	f.Errors = broken
	return nil
}
