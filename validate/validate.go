package validate

import (
	"context"
	"reflect"
	"sync"

	"github.com/ashlar-go/ashlar/errs"
)

// Config is the settings of a [Validator].
type Config struct {
	// Rules are the application's own, beside the built-in ones.
	Rules []Rule
	// Messages gives the sentences for visitors. Defaults to English.
	Messages Messages
	// MaxDepth is how deep structs, slices and maps may nest in a value.
	// Defaults to 32.
	MaxDepth int
	// MaxElements is how many elements of slices and maps are checked in one
	// value, all of them together; a value with more is invalid. Elements
	// that have nothing to check, such as bytes, do not count. Defaults to
	// 10,000.
	MaxElements int
	// MaxErrors is how many broken rules are reported; the check ends there.
	// Defaults to 100.
	MaxErrors int
}

// A Validator plans types and remembers their plans. It is safe for concurrent
// use and must not be copied after first use. The zero Validator is ready: it
// has the built-in rules and the default limits and speaks English.
type Validator struct {
	rules    map[string]Rule
	messages Messages
	limits   limits
	plans    sync.Map // reflect.Type of a struct to *Plan
}

type limits struct{ depth, elements, errors int }

// New returns a Validator. The error lists what is wrong with config.Rules as
// *errs.Setup values: a name that is taken or is none, a rule without a
// function or a message.
func New(config Config) (*Validator, error) {
	v := &Validator{
		rules:    map[string]Rule{},
		messages: config.Messages,
		limits:   limits{config.MaxDepth, config.MaxElements, config.MaxErrors},
	}
	var problems errs.List
	for _, rule := range config.Rules {
		problems.Add(rule.problem(v.rules))
		v.rules[rule.name] = rule
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return v, nil
}

// bounds returns the limits with the defaults filled in.
func (v *Validator) bounds() limits {
	l := v.limits
	if l.depth <= 0 {
		l.depth = 32
	}
	if l.elements <= 0 {
		l.elements = 10_000
	}
	if l.errors <= 0 {
		l.errors = 100
	}
	return l
}

// Plan returns the plan of t, a struct type or a pointer to one. It is made
// once. The error lists every mistake in the tags of t, and of the structs in
// it, as *errs.Setup values.
func (v *Validator) Plan(t reflect.Type) (*Plan, error) {
	for t != nil && t.Kind() == reflect.Pointer && t.Name() == "" {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil, notStruct(t)
	}
	if p, ok := v.plans.Load(t); ok {
		return p.(*Plan), nil
	}
	p, err := newPlan(v, t)
	if err != nil {
		return nil, err
	}
	// Somebody else may have been faster; everybody gets the same plan.
	same, _ := v.plans.LoadOrStore(t, p)
	return same.(*Plan), nil
}

// For returns the plan of t with the built-in rules, the default limits and
// English messages. It remembers nothing.
func For(t reflect.Type) (*Plan, error) { return new(Validator).Plan(t) }

// Struct checks value, a pointer to a struct or a struct, by the plan of its
// type. See [Plan.Check] for what it returns; the errors of [Validator.Plan]
// come in addition, at the first call for a type.
func (v *Validator) Struct(ctx context.Context, value any) error {
	p, err := v.Plan(reflect.TypeOf(value))
	if err != nil {
		return err
	}
	return p.Check(ctx, value)
}

func notStruct(t reflect.Type) error {
	name := "nil"
	if t != nil {
		name = t.String()
	}
	return &errs.Setup{
		Code: "A1409", What: "validate: plan " + name + ": it is no struct",
		Mend: "put the value into a struct; rules stand in the tags of its fields",
	}
}
