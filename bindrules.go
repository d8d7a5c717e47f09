package ashlar

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/ashlar-go/ashlar/validate"
)

// rules are what an input must obey. An input that was read in part is checked
// all the same, so that one answer names everything that is wrong, but its
// Validate method is for whole inputs: it does not run then.
type rules struct {
	whole *validate.Plan

	// part is the plan of a struct with the same fields, hence the same rules,
	// and without the method; nil when there is no method to leave out.
	part  *validate.Plan
	typ   reflect.Type // of part
	index [][]int      // of its fields in the input
}

func planRules(t reflect.Type, v *validate.Validator) (rules, error) {
	whole, err := v.Plan(t)
	r := rules{whole: whole}
	if err != nil || !reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ Validate(context.Context) error }]()) {
		return r, err
	}
	var fields []reflect.StructField
	seen := map[string]bool{}
	for _, f := range whole.Fields() {
		sf := t.FieldByIndex(f.Index)
		if seen[sf.Name] {
			continue // two embedded structs have it: the outer one counts
		}
		seen[sf.Name] = true
		fields = append(fields, reflect.StructField{Name: sf.Name, Type: sf.Type, Tag: sf.Tag})
		r.index = append(r.index, f.Index)
	}
	r.typ = reflect.StructOf(fields)
	if r.part, err = v.Plan(r.typ); err != nil {
		return r, fmt.Errorf("rules of %s without its Validate method: %w", t, err)
	}
	return r, nil
}

// check returns the problems of reading dst together with the rules that it
// breaks. A field that could not be read has one message already; what its
// zero value breaks would only confuse.
func (r *rules) check(c *Ctx, dst reflect.Value, problems validate.Errors) error {
	if len(problems) == 0 {
		return r.whole.Check(c, dst.Addr().Interface())
	}
	err := r.checkPart(c, dst)
	broken, ok := err.(validate.Errors) //nolint:errorlint // Check returns it bare
	if err != nil && !ok {
		// Of a Validate method further in. The client's mistake is the answer.
		c.Log().Error("input not checked", "error", err)
	}
	unread := map[string]bool{}
	for _, p := range problems {
		if p.Rule != "unknown" {
			unread[outermost(p.Field)] = true
		}
	}
	for _, e := range broken {
		if !unread[outermost(e.Field)] {
			problems = append(problems, e)
		}
	}
	return problems
}

func (r *rules) checkPart(ctx context.Context, dst reflect.Value) error {
	if r.part == nil {
		return r.whole.Check(ctx, dst.Addr().Interface())
	}
	v := reflect.New(r.typ)
	for i, index := range r.index {
		if f, err := dst.FieldByIndexErr(index); err == nil { // else in an embedded pointer that is nil
			v.Elem().Field(i).Set(f)
		}
	}
	return r.part.Check(ctx, v.Interface())
}

// outermost returns the field of the input that a path leads into. The JSON
// key of a field without a tag is its Go name, in any letter case; package
// validate names it in snake case.
func outermost(field string) string {
	if i := strings.IndexAny(field, ".["); i > 0 {
		field = field[:i]
	}
	return strings.ToLower(strings.ReplaceAll(field, "_", ""))
}
