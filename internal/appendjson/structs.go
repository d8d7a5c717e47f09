package appendjson

import "reflect"

// A member is a field of a struct as it is written.
type member struct {
	name  string // with what stands around it: ,"name":
	first int    // which field of the struct leads to it, or is it
	rest  []int  // the way from there, through embedded structs
	omit  func(reflect.Value) bool
	plan  *plan
}

func structAppender(members []member) appendFunc {
	return func(dst []byte, v reflect.Value, depth int) ([]byte, error) {
		open := len(dst)
		for i := range members {
			m := &members[i]
			fv := v.Field(m.first)
			if m.rest != nil {
				if fv = follow(fv, m.rest); !fv.IsValid() {
					continue
				}
			}
			if m.omit != nil && m.omit(fv) {
				continue
			}
			dst = append(dst, m.name...)
			var err error
			if dst, err = m.plan.append(dst, fv, depth); err != nil {
				return dst, err
			}
		}
		return closeObject(dst, open), nil
	}
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
