package validate

import (
	"cmp"
	"context"
	"fmt"
	"reflect"

	"github.com/ashlar-go/ashlar/errs"
)

// A Plan checks values of one struct type. It is safe for concurrent use.
type Plan struct {
	v    *Validator
	typ  reflect.Type
	root node
}

// A Field is a field of a planned struct, for forms and API documents.
type Field struct {
	Name  string // in paths
	Index []int  // for reflect.Value.FieldByIndex; embedded structs are passed through
	Rules []Spec // in the order of the tag
}

// Fields returns the exported fields of the struct in their order, those of
// embedded structs among them. Fields of nested structs are not part of it:
// their types have plans of their own. The slices are the plan's: do not
// change them.
func (p *Plan) Fields() []Field { return p.root.sub.all }

// node is what there is to check in one place: a field or an element.
type node struct {
	class    class
	pointers int // to follow before the value
	required bool
	optional bool
	text     bool // a string, hence UTF-8
	hook     bool // its address has a Validate method
	zeroer   bool // a struct whose address has an IsZero method
	rules    []rule
	elem     *node  // of a list; nil when there is nothing to check in the elements
	keys     bool   // a map with string keys
	sub      *shape // of a struct
}

// idle reports whether there is nothing to check.
func (n *node) idle() bool {
	return !n.required && !n.text && !n.hook && len(n.rules) == 0 && n.elem == nil && !n.keys && n.sub == nil
}

// shape is what there is to check in the fields of a struct type.
type shape struct {
	fields []fieldNode
	all    []Field
	whole  bool // planned to the end; not while a recursive type is being planned
}

type fieldNode struct {
	node
	name  string // "" for an embedded struct
	index int
}

// rule is a rule with its parameters, made for the type of its place.
type rule struct {
	name    string
	key     string // of the message
	params  []string
	message string // of a rule of the application's own
	holds   test
}

// test reports whether v keeps a rule. parent is the struct around it.
type test func(parent, v reflect.Value) bool

// selfChecker is what a Validate method makes of a type.
type selfChecker interface {
	Validate(ctx context.Context) error
}

// planner plans one struct type and those in it.
type planner struct {
	v        *Validator
	pkg      string // of the outermost type
	shapes   map[reflect.Type]*shape
	problems errs.List
}

// place is where a mistake is reported.
type place struct {
	owner reflect.Type
	field string
	tag   string
}

func (p place) String() string {
	name := p.owner.String()
	if p.owner.Name() == "" {
		name = "struct{…}"
	}
	if p.field != "" {
		name += "." + p.field
	}
	if p.tag != "" {
		name += fmt.Sprintf(" `validate:%q`", p.tag)
	}
	return name
}

func newPlan(v *Validator, t reflect.Type) (*Plan, error) {
	p := &planner{v: v, pkg: t.PkgPath(), shapes: map[reflect.Type]*shape{}}
	root := node{class: classOther, sub: p.shape(t), hook: p.hook(t, place{owner: t})}
	if err := p.problems.Err(); err != nil {
		return nil, err
	}
	return &Plan{v: v, typ: t, root: root}, nil
}

func (p *planner) problem(at place, code, mend, format string, args ...any) {
	p.problems.Add(&errs.Setup{
		Code: code, What: "validate: " + fmt.Sprintf(format, args...), Where: at.String(), Mend: mend,
	})
}

func (p *planner) shape(t reflect.Type) *shape {
	if s, ok := p.shapes[t]; ok {
		return s
	}
	s := new(shape)
	p.shapes[t] = s
	for i := range t.NumField() {
		p.field(s, t, t.Field(i))
	}
	s.whole = true
	return s
}

func (p *planner) field(s *shape, owner reflect.Type, f reflect.StructField) {
	tag := f.Tag.Get("validate")
	at := place{owner, f.Name, tag}
	p.promotion(at, owner, f)
	if tag == "-" {
		return
	}
	inner, _ := deref(f.Type)
	embedded := f.Anonymous && inner.Kind() == reflect.Struct
	if !f.IsExported() && (!embedded || tag != "") {
		if tag != "" {
			p.problem(at, "A1407", "export the field or take its tag away", "a rule on an unexported field is never checked")
		}
		return
	}
	specs, err := parseTag(tag)
	if err != nil {
		p.problem(at, "A1404", "write rules as validate:\"required,max=200\"", "read tag: %v", err)
		return
	}
	fn := fieldNode{name: FieldName(f), index: f.Index[0]}
	flat := embedded && tagName(f) == ""
	if flat {
		fn.name = ""
	}
	fn.node = p.node(at, f.Type, specs, 0)
	if f.Anonymous {
		fn.hook = p.embeddedHook(at, owner, f, fn.node)
	}
	if flat {
		for _, below := range p.shapes[inner].all {
			below.Index = append([]int{fn.index}, below.Index...)
			s.all = append(s.all, below)
		}
	} else if f.IsExported() {
		s.all = append(s.all, Field{Name: FieldName(f), Index: f.Index, Rules: specs})
	}
	if !fn.idle() {
		s.fields = append(s.fields, fn)
	}
}

// maxContainers ends the planning of types that nest without a struct, such as
// type Tree map[string]Tree.
const maxContainers = 16

func (p *planner) node(at place, t reflect.Type, specs []Spec, depth int) node {
	t, pointers := deref(t)
	if depth > maxContainers || pointers > maxContainers {
		p.problem(at, "A1403", "put a struct in between, or skip the field with validate:\"-\"", "%s nests without end", t)
		return node{}
	}
	n := node{class: classOf(t), pointers: pointers, hook: p.hook(t, place{at.owner, at.field, ""})}
	n.text = t.Kind() == reflect.String
	n.zeroer = t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(zeroerType) && !promotesFromNil(t, zeroerType)
	var each []Spec
	for _, spec := range specs {
		switch spec.Name {
		case "required", "optional":
			if spec.Params != nil {
				p.problem(at, "A1402", "write "+spec.Name+" alone", "rule %q takes no parameter", spec.Name)
			}
			n.required = n.required || spec.Name == "required"
			n.optional = n.optional || spec.Name == "optional"
		case "each":
			each = spec.Each
			if n.class != classList {
				p.problem(at, "A1403", "each is for slices, arrays and maps", "rule \"each\" does not fit %s", t)
			}
		default:
			p.rule(&n, at, t, spec)
		}
	}
	if n.required && n.optional {
		p.problem(at, "A1402", "keep one of them", "a field is not required and optional at once")
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		n.keys = t.Kind() == reflect.Map && t.Key().Kind() == reflect.String
		if elem := p.node(at, t.Elem(), each, depth+1); !elem.idle() {
			n.elem = &elem
		}
	case reflect.Struct:
		// A struct with nothing to check, such as time.Time, costs nothing.
		if s := p.shape(t); !s.whole || len(s.fields) > 0 {
			n.sub = s
		}
	}
	return n
}

// rule adds the rule that spec asks for, made for type t.
func (p *planner) rule(n *node, at place, t reflect.Type, spec Spec) {
	if own, ok := p.v.rules[spec.Name]; ok {
		holds, err := own.prepare(t, spec.Params)
		if err != nil {
			p.ruleProblem(at, t, spec, own.on, err)
			return
		}
		n.rules = append(n.rules, rule{own.name, own.name, spec.Params, own.message, holds})
		return
	}
	def, ok := builtin[spec.Name]
	if !ok {
		mend := "the rules are listed in the documentation of package validate"
		if near := p.v.nearest(spec.Name); near != "" {
			mend = fmt.Sprintf("did you mean %q?", near)
		}
		p.problem(at, "A1401", mend, "there is no rule %q", spec.Name)
		return
	}
	tg := target{typ: t, class: n.class, owner: at.owner}
	holds, err := def.prepare(tg, spec.Params)
	if err != nil {
		p.ruleProblem(at, t, spec, cmp.Or(def.of, def.on.String()), err)
		return
	}
	r := rule{name: spec.Name, key: spec.Name, params: spec.Params, holds: holds}
	if def.byClass {
		r.key += n.class.suffix()
	}
	if def.names {
		other, _ := at.owner.FieldByName(spec.Params[0])
		r.params = []string{FieldName(other)}
	}
	n.rules = append(n.rules, r)
}

func (p *planner) ruleProblem(at place, t reflect.Type, spec Spec, on string, err error) {
	if err == errMisfit {
		p.problem(at, "A1403", "it is for "+on, "rule %q does not fit %s", spec.Name, t)
		return
	}
	p.problem(at, "A1402", "correct the parameter; package validate's documentation lists what each rule takes", "rule %q: %v", spec.Name, err)
}

// deref follows unnamed pointers. The bound is for types such as type P *P.
func deref(t reflect.Type) (reflect.Type, int) {
	n := 0
	for t.Kind() == reflect.Pointer && n <= maxContainers {
		t = t.Elem()
		n++
	}
	return t, n
}
