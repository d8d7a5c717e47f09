package appendjson

import "reflect"

// A member is a field of a struct as it is written.
type member struct {
	name   string // with what stands around it: ,"name":
	first  int    // which field of the struct leads to it, or is it
	rest   []int  // the way from there, through embedded structs
	omit   func(reflect.Value) bool
	plan   *plan
	direct *direct // nil if only reflection can read it
}

// A step is members of a struct that follow one another and are read directly,
// or a single one that is not.
type step struct {
	fields []direct
	member *member
}

// stepsOf puts members that are read directly together.
func stepsOf(members []member) []step {
	var steps []step
	for i := range members {
		m := &members[i]
		switch last := len(steps) - 1; {
		case m.direct == nil:
			steps = append(steps, step{member: m})
		case last >= 0 && steps[last].member == nil:
			steps[last].fields = append(steps[last].fields, *m.direct)
		default:
			steps = append(steps, step{fields: []direct{*m.direct}})
		}
	}
	return steps
}

// directRow returns the fields of t if t is a struct without methods that count
// and all its fields are direct, and else nil.
func (p *planner) directRow(t reflect.Type) []direct {
	pointer := reflect.PointerTo(t)
	if t.Kind() != reflect.Struct || pointer.Implements(marshalerType) || pointer.Implements(textMarshalerType) {
		return nil
	}
	if steps := stepsOf(p.fields(t)); len(steps) == 1 {
		return steps[0].fields
	}
	return nil
}

// structAppender takes the members one by one where they cannot be addressed,
// and else as steps.
func structAppender(members []member) appendFunc {
	steps := stepsOf(members)
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		open := len(dst)
		var err error
		if !v.CanAddr() {
			for i := range members {
				if dst, err = members[i].append(dst, v, depth); err != nil {
					return dst, err
				}
			}
			return closeObject(dst, open), nil
		}
		for i := range steps {
			if m := steps[i].member; m != nil {
				dst, err = m.append(dst, v, depth)
			} else {
				dst, err = appendDirect(dst, placeOf(v), steps[i].fields)
			}
			if err != nil {
				return dst, err
			}
		}
		return closeObject(dst, open), nil
	}
}

// append appends the member of the struct v after a comma.
func (m *member) append(dst []byte, v reflect.Value, depth int) ([]byte, error) {
	v = v.Field(m.first)
	if m.rest != nil {
		if v = follow(v, m.rest); !v.IsValid() {
			return dst, nil
		}
	}
	if m.omit != nil && m.omit(v) {
		return dst, nil
	}
	return m.plan.append(append(dst, m.name...), v, depth)
}

// follow walks from an embedded struct, or a pointer to one, to a field. It
// returns the zero Value where a pointer is nil.
func follow(v reflect.Value, path []int) reflect.Value {
	for _, i := range path {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}
