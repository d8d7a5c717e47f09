package inject

import (
	"reflect"
	"slices"
)

const shapeMend = "write func(…) T or func(…) (T, error)"

// source reads v, a value or a constructor, and the options into d.
func (d *decl) source(v any, opts []Option) error {
	for _, o := range opts {
		if o != nil {
			o.apply(d)
		}
	}
	t := reflect.TypeOf(v)
	if t == nil {
		return d.problem(codeShape, "give a value or a constructor", "got nil")
	}
	d.value = reflect.ValueOf(v)
	if isNil(d.value) {
		return d.problem(codeShape, "give a value or a constructor", "got a nil %s", typeName(t))
	}
	// A func of a named type is a value, such as type Clock func() time.Time.
	if t.Kind() == reflect.Func && t.Name() == "" {
		d.fn, d.value = d.value, reflect.Value{}
		if err := d.results(t); err != nil {
			return err
		}
		if err := d.parameters(t); err != nil {
			return err
		}
		t = t.Out(0)
	}
	if mend := refuseKey(t); mend != "" {
		return d.problem(codeKey, mend, "%s cannot be told from others by its type", typeName(t))
	}
	d.keys = []reflect.Type{t}
	return d.options()
}

// results checks what a constructor or decorator returns.
func (d *decl) results(t reflect.Type) error {
	n := t.NumOut()
	switch {
	case n == 0:
		return d.problem(codeShape, shapeMend, "%s has no result", typeName(t))
	case t.Out(0) == errorType && n > 1:
		return d.problem(codeShape, "return the error last", "%s returns the error first", typeName(t))
	case t.Out(0) == errorType:
		return d.problem(codeShape, shapeMend, "%s returns nothing but an error", typeName(t))
	case n == 3 && t.Out(1) == releaseType && t.Out(2) == errorType:
		if d.flags&PerRequest == 0 {
			return d.problem(codeShape, "return (T, error) and close it where its module runs it",
				"%s returns a release function, but its value is not PerRequest", typeName(t))
		}
		d.releases = true
	case n > 2:
		return d.problem(codeShape, shapeMend, "%s has %d results", typeName(t), n)
	case n == 2 && t.Out(1) != errorType:
		return d.problem(codeShape, shapeMend, "%s has a second result that is no error", typeName(t))
	}
	d.fails = n > 1
	return nil
}

// parameters checks and takes over what a function wants.
func (d *decl) parameters(t reflect.Type) error {
	if t.IsVariadic() {
		return d.problem(codeShape, "take a slice: []T is the list of what modules add", "%s is variadic", typeName(t))
	}
	for in := range t.Ins() {
		d.in = append(d.in, in)
		contextual := in == contextType && (d.flags&PerRequest != 0 || d.role == decorates)
		if contextual || slices.Contains(d.given, in) {
			continue
		}
		if mend := refuseNeed(in); mend != "" {
			return d.problem(codeKey, mend, "%s wants %s, which cannot be told from others by its type", typeName(t), typeName(in))
		}
	}
	return nil
}

// options checks that the options fit the verb and the type.
func (d *decl) options() error {
	var allowed Flag
	switch d.role {
	case provides:
		allowed = Private | Default | PerRequest
	case replaces:
		allowed = PerRequest
	}
	if bad := d.flags &^ allowed; bad != 0 {
		return d.problem(codeOption, "leave the option out", "%s cannot be %s here", typeName(d.keys[0]), bad)
	}
	if d.flags&PerRequest != 0 && d.value.IsValid() {
		return d.problem(codeOption, "give a constructor", "%s is a value, so it cannot be made per request", typeName(d.keys[0]))
	}
	if d.role == replaces && len(d.conds) > 0 {
		return d.problem(codeOption, "leave When out", "a replacement has no conditions")
	}
	t := d.keys[0]
	for _, o := range d.as {
		i := o.typ
		if i.Kind() != reflect.Interface {
			return d.problem(codeAs, "name an interface", "As[%s]: it is not an interface", typeName(i))
		}
		if mend := refuseKey(i); mend != "" {
			return d.problem(codeAs, mend, "As[%s]: it cannot be told from others by its type", typeName(i))
		}
		if !t.Implements(i) {
			why, mend := o.lacks(t)
			return d.problem(codeAs, mend, "As[%s]: %s does not implement it (%s)", typeName(i), typeName(t), why)
		}
		if !slices.Contains(d.keys, i) {
			d.keys = append(d.keys, i)
		}
	}
	return nil
}

// lacks says what keeps t from implementing the interface that o names.
func (o asOption) lacks(t reflect.Type) (why, mend string) {
	mend = "write the method, or leave As out"
	if t.Kind() == reflect.Interface {
		return "it has not all the methods", mend
	}
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(o.typ) {
		return "its pointer does", "provide *" + typeName(t)
	}
	return o.missing(reflect.Zero(t).Interface()), mend
}

// isNil reports a nil that nobody can use. A nil map or slice of a named type
// is a fine empty value.
func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Chan, reflect.Interface:
		return v.IsNil()
	}
	return false
}

// decorator reads the function of Decorate into d.
func (d *decl) decorator(wrap any) error {
	const mend = "write func(T, …) T or func(T, …) (T, error)"
	t := reflect.TypeOf(wrap)
	if t == nil || t.Kind() != reflect.Func {
		return d.problem(codeShape, mend, "got %T", wrap)
	}
	d.fn = reflect.ValueOf(wrap)
	if d.fn.IsNil() {
		return d.problem(codeShape, mend, "got a nil %s", typeName(t))
	}
	if err := d.results(t); err != nil {
		return err
	}
	if t.NumIn() == 0 || t.In(0) != t.Out(0) {
		return d.problem(codeShape, mend, "%s does not return the type of its first parameter", typeName(t))
	}
	if why := refuseKey(t.In(0)); why != "" {
		return d.problem(codeKey, why, "%s cannot be told from others by its type", typeName(t.In(0)))
	}
	if d.flags != 0 || len(d.as) > 0 {
		return d.problem(codeOption, "leave the option out", "only When goes with it")
	}
	return d.parameters(t)
}

// pointer reads a variable of Need into d.
func (d *decl) pointer(ptr any) error {
	v := reflect.ValueOf(ptr)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return d.problem(codePointer, "write Need(&x) with a variable x of the type that is needed", "got %s, which points to no variable", describe(v))
	}
	d.target = v.Elem()
	t := d.target.Type()
	if why := refuseNeed(t); why != "" {
		return d.problem(codeKey, why, "%s cannot be told from others by its type", typeName(t))
	}
	d.in = []reflect.Type{t}
	return nil
}

// function reads the function of Func into d.
func (d *decl) function(fn any) error {
	const mend = "write func(…) or func(…) error"
	d.fn = reflect.ValueOf(fn)
	if d.fn.Kind() != reflect.Func || d.fn.IsNil() {
		what := describe(d.fn)
		d.fn = reflect.Value{}
		return d.problem(codeShape, mend, "got %s", what)
	}
	t := d.fn.Type()
	if t.NumOut() > 1 || t.NumOut() == 1 && t.Out(0) != errorType {
		return d.problem(codeShape, mend, "%s returns something else than an error", typeName(t))
	}
	d.fails = t.NumOut() == 1
	return d.parameters(t)
}

func describe(v reflect.Value) string {
	switch {
	case !v.IsValid():
		return "nil"
	case isNil(v):
		return "a nil " + typeName(v.Type())
	}
	return typeName(v.Type())
}
