package validate

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Check checks value, a pointer to a struct of the planned type or such a
// struct. It returns nil, or an [Errors] as it is, or the error of a Validate
// method that was no Errors, which ends the check. A valid value that is given
// by pointer, and has no maps, costs no allocation, unless its rules or Validate
// methods make one. The value must not change meanwhile.
func (p *Plan) Check(ctx context.Context, value any) error {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() || v.Type() != p.typ {
		return fmt.Errorf("validate: check %T: want a *%s that is not nil", value, p.typ)
	}
	if !v.CanAddr() {
		// Validate methods may have pointer receivers.
		c := reflect.New(p.typ).Elem()
		c.Set(v)
		v = c
	}
	r := run{ctx: ctx, messages: p.v.messages, limits: p.v.bounds()}
	r.value(&p.root, v, v, 0)
	switch {
	case r.err != nil:
		return r.err
	case len(r.broken) > 0:
		return r.broken
	}
	return nil
}

// run is one check. Fields are named on the way back, so that a valid value
// needs no names.
type run struct {
	ctx      context.Context
	messages Messages
	limits   limits // elements counts down
	broken   Errors
	err      error // ends the run
}

// over reports whether the run has come to its end early.
func (r *run) over() bool { return r.err != nil || len(r.broken) >= r.limits.errors }

func (r *run) fail(rule, key string, params []string, message string) {
	var m string
	if r.messages != nil {
		m = r.messages(r.ctx, key, params)
	}
	if m == "" {
		if message == "" {
			message = english[key]
		}
		m = render(message, params)
	}
	r.broken = append(r.broken, FieldError{Rule: rule, Param: strings.Join(params, " "), Message: m})
}

func (r *run) failBuiltin(rule string) { r.fail(rule, rule, nil, "") }

// value checks v by n. One broken rule of its own is enough for a value.
func (r *run) value(n *node, parent, v reflect.Value, depth int) {
	for range n.pointers {
		if v.IsNil() {
			if n.required {
				r.failBuiltin("required")
			}
			return // nothing is there to keep the other rules
		}
		v = v.Elem()
	}
	if n.required || n.optional {
		empty := isEmpty(n, v)
		if empty && n.required && n.pointers == 0 {
			r.failBuiltin("required")
			return
		}
		if empty && n.optional {
			return
		}
	}
	if n.text && !isSound(v.String()) {
		r.failBuiltin("utf8")
		return
	}
	for i := range n.rules {
		if rule := &n.rules[i]; !rule.holds(parent, v) {
			r.fail(rule.name, rule.key, rule.params, rule.message)
			return
		}
	}
	before := len(r.broken)
	r.inside(n, parent, v, depth)
	if n.hook && len(r.broken) == before && !r.over() {
		r.self(v)
	}
}

// inside checks what v consists of.
func (r *run) inside(n *node, parent, v reflect.Value, depth int) {
	switch {
	case n.sub == nil && n.elem == nil && !n.keys:
	case depth > r.limits.depth:
		r.failBuiltin("depth")
	case n.sub != nil:
		for i := range n.sub.fields {
			f := &n.sub.fields[i]
			before := len(r.broken)
			below := depth + 1
			if f.name == "" && f.pointers == 0 {
				below = depth // embedded: the same level
			}
			r.value(&f.node, v, v.Field(f.index), below)
			if len(r.broken) > before && f.name != "" {
				r.broken[before:].within(f.name)
			}
			if r.over() {
				return
			}
		}
	case v.Kind() == reflect.Map:
		if r.count(v) {
			r.entries(n, parent, v, depth)
		}
	default:
		if !r.count(v) {
			return
		}
		for i := range v.Len() {
			before := len(r.broken)
			r.value(n.elem, parent, v.Index(i), depth+1)
			if len(r.broken) > before {
				r.broken[before:].within(fmt.Sprintf("[%d]", i))
			}
			if r.over() {
				return
			}
		}
	}
}

// count takes the elements of v from what is left.
func (r *run) count(v reflect.Value) bool {
	if v.Len() > r.limits.elements {
		r.failBuiltin("elements")
		return false
	}
	r.limits.elements -= v.Len()
	return true
}

// entries checks the keys and values of a map. Errors come in the order of
// their paths, as the order of a map changes from run to run.
func (r *run) entries(n *node, parent, v reflect.Value, depth int) {
	start := len(r.broken)
	var elem reflect.Value
	if n.elem != nil {
		elem = reflect.New(v.Type().Elem()).Elem() // the values of a map have no address
	}
	for it := v.MapRange(); it.Next() && !r.over(); {
		before := len(r.broken)
		key := it.Key()
		if n.keys && !isSound(key.String()) {
			r.failBuiltin("utf8")
		} else if n.elem != nil {
			elem.SetIterValue(it)
			r.value(n.elem, parent, elem, depth+1)
		}
		if len(r.broken) > before {
			r.broken[before:].within("[" + keyName(key) + "]")
		}
	}
	slices.SortStableFunc(r.broken[start:], func(a, b FieldError) int { return strings.Compare(a.Field, b.Field) })
}

// self calls the Validate method of v.
func (r *run) self(v reflect.Value) {
	err := v.Addr().Interface().(selfChecker).Validate(r.ctx)
	if err == nil {
		return
	}
	if list, ok := fieldErrors(err); ok {
		// A copy: whoever made the list may keep it, and it gets other names.
		r.broken = append(r.broken, list...)
		return
	}
	r.err = err
}

type zeroer interface{ IsZero() bool }

var zeroerType = reflect.TypeFor[zeroer]()

// isEmpty reports whether there is nothing in v: no elements, or the zero value
// as its type sees it.
func isEmpty(n *node, v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		if n.zeroer {
			return v.Addr().Interface().(zeroer).IsZero()
		}
	}
	return v.IsZero()
}

// isSound reports whether s is text at all: UTF-8, and without the NUL that
// databases refuse.
func isSound(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// keyName returns a map's key for a path. A key comes from the visitor: one
// that is more than a plain word is not repeated.
func keyName(key reflect.Value) string {
	switch {
	case key.CanInt() || key.CanUint():
		return fmt.Sprint(key)
	case key.Kind() != reflect.String || len(key.String()) > 64 || key.Len() == 0:
		return "*"
	}
	for _, c := range []byte(key.String()) {
		if !isNameByte(c) && c != '-' {
			return "*"
		}
	}
	return key.String()
}
