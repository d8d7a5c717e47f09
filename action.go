package ashlar

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// Get serves GET (and HEAD) requests with an action: a function from a typed
// input to a typed output. It knows nothing of HTTP, so a test calls it.
//
// The input is a struct, or a [Form] of one. Tags say where a field comes from:
// path:"id", query:"page", header:"If-Match", cookie:"theme", form:"name",
// file:"photo"; fields without any come from the JSON body. default:"1" stands
// in for an absent value. Types are strings, bools, numbers, time.Time,
// time.Duration, encoding.TextUnmarshaler, pointers to these (nil: absent) and
// slices of these (repeated); for file, *multipart.FileHeader. A body field
// nobody reads, a value of the wrong type, and a value given twice are errors
// by field, like broken validate rules: status 422.
//
// The output is a value, sent as the client prefers (JSON, CSV and NDJSON for
// lists of structs, plain text for strings, and what [XML] and [Represent] add),
// or a [Response]. An iter.Seq2 of values and errors is a list that is sent
// while it is read; what it needs, such as a transaction, must last that long.
// Errors go to the one place that answers them (failure.go).
//
// Get only registers. What is wrong with the pattern, the types or the options
// is reported when the app is checked, all of it at once.
func Get[I, O any](r *Router, pattern string, action func(context.Context, I) (O, error), opts ...Option) {
	addAction(r, "GET", pattern, action, opts)
}

// Post serves POST requests with an action; see [Get].
func Post[I, O any](r *Router, pattern string, action func(context.Context, I) (O, error), opts ...Option) {
	addAction(r, "POST", pattern, action, opts)
}

// Put serves PUT requests with an action; see [Get].
func Put[I, O any](r *Router, pattern string, action func(context.Context, I) (O, error), opts ...Option) {
	addAction(r, "PUT", pattern, action, opts)
}

// Patch serves PATCH requests with an action; see [Get].
func Patch[I, O any](r *Router, pattern string, action func(context.Context, I) (O, error), opts ...Option) {
	addAction(r, "PATCH", pattern, action, opts)
}

// Delete serves DELETE requests with an action; see [Get].
func Delete[I, O any](r *Router, pattern string, action func(context.Context, I) (O, error), opts ...Option) {
	addAction(r, "DELETE", pattern, action, opts)
}

func addAction[I, O any](r *Router, method, pattern string, action func(context.Context, I) (O, error), opts []Option) {
	where := errs.Caller(1)
	route := r.newRoute(method, pattern, where, opts)
	route.In, route.Out = reflect.TypeFor[I](), reflect.TypeFor[O]()
	route.source = funcPlace(action)
	target := route.In
	form, isForm := any(new(I)).(formInput)
	if isForm {
		target = form.target().Type()
	}
	b, err := planBinder(target, r.app.rules)
	if err != nil {
		r.app.problem(&errs.Setup{Code: "A1009", What: fmt.Sprintf("route %q: input", pattern), Err: err, Where: where,
			Mend: "see the rules for inputs at ashlar.Get"})
		return
	}
	if err := b.checkParams(route.Pattern); err != nil {
		r.app.problem(&errs.Setup{Code: "A1010", What: fmt.Sprintf("route %q: input", pattern), Err: err, Where: where,
			Mend: "give the field and the pattern the same name"})
	}
	out := planOutputs(route)
	if isForm {
		route.handler = func(c *Ctx) error {
			var in I
			f := any(&in).(formInput)
			if err := f.keep(c, b.bind(c, f.target())); err != nil {
				return err
			}
			return act(c, action, in, out)
		}
	} else {
		route.handler = func(c *Ctx) error {
			var in I
			if err := b.bind(c, reflect.ValueOf(&in).Elem()); err != nil {
				return err
			}
			return act(c, action, in, out)
		}
	}
	r.register(route)
}

// act runs an action and sends its output.
func act[I, O any](c *Ctx, action func(context.Context, I) (O, error), in I, plan *outputs) error {
	out, err := action(c, in)
	if err != nil {
		return err
	}
	return c.respond(plan, out)
}

// checkParams reports path fields that the pattern does not have.
func (b *binder) checkParams(pattern string) error {
	for _, f := range b.fields {
		if f.source != fromPath {
			continue
		}
		if !strings.Contains(pattern, "{"+f.name+"}") && !strings.Contains(pattern, "{"+f.name+":") &&
			!strings.Contains(pattern, "{"+f.name+"...}") {
			return fmt.Errorf("field path:%q: the pattern has no {%s}", f.name, f.name)
		}
	}
	return nil
}
