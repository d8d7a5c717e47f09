package appendjson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"time"
)

// An appendFunc appends one value of the type that it was made for. Depth
// counts the pointers, maps and slices that v lies in. After an error the
// slice that it returns means nothing.
type appendFunc func(dst []byte, v reflect.Value, depth int) ([]byte, error)

// A plan says how values of one type are appended. Plans of recursive types
// point to one another, so a plan exists before its function does.
type plan struct {
	append appendFunc
}

var (
	marshalerType     = reflect.TypeFor[json.Marshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
	numberType        = reflect.TypeFor[json.Number]()
	rawMessageType    = reflect.TypeFor[json.RawMessage]()
	timeType          = reflect.TypeFor[time.Time]()
	timePointerType   = reflect.TypeFor[*time.Time]()
	anyMapType        = reflect.TypeFor[map[string]any]()
	stringMapType     = reflect.TypeFor[map[string]string]()
)

// plan returns the plan for t. Goroutines that meet a new type at the same
// time each make a whole plan of their own, and no other goroutine sees one
// before it is complete; the first to finish is kept.
func (e *Encoder) plan(t reflect.Type) *plan {
	if known, ok := e.plans.Load(t); ok {
		return known.(*plan)
	}
	p := planner{encoder: e, made: map[reflect.Type]*plan{}}
	own := p.plan(t)
	for t, made := range p.made {
		e.plans.LoadOrStore(t, made)
	}
	return own
}

// A planner makes the plan of one type and of all types within it.
type planner struct {
	encoder *Encoder
	made    map[reflect.Type]*plan
}

func (p *planner) plan(t reflect.Type) *plan {
	if made, ok := p.made[t]; ok {
		return made
	}
	if known, ok := p.encoder.plans.Load(t); ok {
		return known.(*plan)
	}
	made := &plan{}
	p.made[t] = made
	made.append = p.byAddress(t, false)
	return made
}

// quoted plans a field that has the string option and holds a scalar, or a
// pointer to one. The option does not reach deeper than that.
func (p *planner) quoted(t reflect.Type) *plan {
	return &plan{append: p.byAddress(t, true)}
}

// byAddress prefers the methods that *t has, where a value can be addressed.
// For a value that cannot, methods with pointer receivers do not count.
func (p *planner) byAddress(t reflect.Type, quoted bool) appendFunc {
	switch t {
	case timeType:
		return timeAppender(t)
	case timePointerType:
		return orNull(throughPointer(timeAppender(t)))
	case rawMessageType:
		return appendRawMessage
	}
	switch pointer := reflect.PointerTo(t); {
	case pointer.Implements(marshalerType):
		return ifAddressable(addressed(jsonAppender(t)), p.byMethod(t, quoted))
	case pointer.Implements(textMarshalerType):
		return ifAddressable(addressed(textAppender(t)), p.byMethod(t, quoted))
	}
	return p.byMethod(t, quoted)
}

func (p *planner) byMethod(t reflect.Type, quoted bool) appendFunc {
	switch {
	case t.Implements(marshalerType):
		return unlessNil(t, jsonAppender(t))
	case t.Implements(textMarshalerType):
		return unlessNil(t, textAppender(t))
	}
	return p.byKind(t, quoted)
}

func (p *planner) byKind(t reflect.Type, quoted bool) appendFunc {
	if scalar := scalarAppender(t, quoted); scalar != nil {
		return scalar
	}
	switch t.Kind() {
	case reflect.Interface:
		return p.encoder.appendInterface
	case reflect.Struct:
		return structAppender(p.fields(t))
	case reflect.Map:
		return p.mapAppender(t)
	case reflect.Slice:
		if isBytes(t) {
			return orNull(appendBase64)
		}
		if row := p.directRow(t.Elem()); row != nil {
			return orNull(deeper(rowsAppender(row, t.Elem().Size())))
		}
		return orNull(deeper(listAppender(p.plan(t.Elem()))))
	case reflect.Array:
		return listAppender(p.plan(t.Elem()))
	case reflect.Pointer:
		elem := p.plan
		if quoted {
			elem = p.quoted
		}
		return pointerAppender(elem(t.Elem()))
	}
	return func(dst []byte, _ reflect.Value, _ int) ([]byte, error) {
		return dst, &json.UnsupportedTypeError{Type: t}
	}
}
