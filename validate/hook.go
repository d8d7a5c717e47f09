package validate

import "reflect"

var selfCheckerType = reflect.TypeFor[selfChecker]()

func hasHook(t reflect.Type) bool {
	return t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(selfCheckerType)
}

// hook reports whether values of t check themselves. A method of the same name
// and another signature would never be called: in the package of the planned
// type that is a mistake, in others it is another library's custom.
func (p *planner) hook(t reflect.Type, at place) bool {
	if t.Kind() == reflect.Interface {
		return false
	}
	m, ok := reflect.PointerTo(t).MethodByName("Validate")
	if !ok || hasHook(t) {
		return ok
	}
	if t.PkgPath() == p.pkg {
		p.problem(at, "A1405", "declare it as Validate(ctx context.Context) error, or give it another name",
			"method Validate of %s is never called: it is %s", t, m.Type)
	}
	return false
}

// promotion refuses the embedded field that a promoted Validate method would be
// called on though it may be nil.
func (p *planner) promotion(at place, owner reflect.Type, f reflect.StructField) {
	if hasHook(owner) && fromNil(f, selfCheckerType) {
		at.tag = ""
		p.problem(at, "A1406", "embed the struct itself, or give the field a name",
			"the Validate method of embedded %s would be called on nil", f.Type)
	}
}

// fromNil reports whether f lends methods of iface to the struct around it and
// may be nil.
func fromNil(f reflect.StructField, iface reflect.Type) bool {
	k := f.Type.Kind()
	return f.Anonymous && (k == reflect.Pointer || k == reflect.Interface) && f.Type.Implements(iface)
}

// promotesFromNil asks fromNil of all that t embeds, at any depth.
func promotesFromNil(t, iface reflect.Type) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		if fromNil(f, iface) || f.Anonymous && f.Type.Kind() == reflect.Struct && promotesFromNil(f.Type, iface) {
			return true
		}
	}
	return false
}

// embeddedHook decides on the Validate method of an embedded type. Go promotes
// it to the struct around, or that has one of its own: either way it is called
// as the method of the struct around, once.
func (p *planner) embeddedHook(at place, owner reflect.Type, f reflect.StructField, n node) bool {
	if !n.hook || hasHook(owner) {
		return false
	}
	if !f.IsExported() {
		at.tag = ""
		p.problem(at, "A1406", "export the embedded type, or give the struct a Validate method that calls it",
			"the Validate method of embedded %s cannot be reached", f.Type)
		return false
	}
	return n.hook
}
