package validate

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/ashlar-go/ashlar/errs"
)

// A Rule is a rule of the application's own, made by [NewRule] or
// [NewParamRule] and given to a [Validator] in its [Config].
type Rule struct {
	name    string
	message string
	on      string // the type that it is for
	empty   bool   // it has no function
	prepare func(t reflect.Type, params []string) (test, error)
}

// NewRule returns a rule without parameters. It fits fields of type T and, when
// T is string, int64, uint64 or float64, fields of every string, signed,
// unsigned or float type. The message is the English sentence for visitors;
// its key is the name. holds is called by many goroutines at once.
func NewRule[T any](name, message string, holds func(value T) bool) Rule {
	rule := NewParamRule(name, message, func(params []string) (func(T) bool, error) {
		if len(params) > 0 {
			return nil, errors.New("takes no parameter")
		}
		return holds, nil
	})
	rule.empty = holds == nil
	return rule
}

// NewParamRule is NewRule for a rule with parameters. prepare is called when a
// struct is planned, once for each field; its error, such as `takes a currency,
// got "x"`, is a mistake in the tag. {0} in the message is the first parameter,
// {*} is all of them.
func NewParamRule[T any](name, message string, prepare func(params []string) (func(value T) bool, error)) Rule {
	return Rule{
		name: name, message: message, on: reflect.TypeFor[T]().String(), empty: prepare == nil,
		prepare: func(t reflect.Type, params []string) (test, error) {
			if !fits[T](t) {
				return nil, errMisfit
			}
			holds, err := prepare(params)
			if err == nil && holds == nil {
				err = errors.New("has no function")
			}
			return reading(holds), err
		},
	}
}

func fits[T any](t reflect.Type) bool {
	v := reflect.Zero(t)
	switch any((*T)(nil)).(type) {
	case *string:
		return t.Kind() == reflect.String
	case *int64:
		return v.CanInt()
	case *uint64:
		return v.CanUint()
	case *float64:
		return v.CanFloat()
	}
	return t == reflect.TypeFor[T]()
}

// reading returns holds as a test, without boxing the value.
func reading[T any](holds func(T) bool) test {
	switch holds := any(holds).(type) {
	case func(string) bool:
		return func(_, v reflect.Value) bool { return holds(v.String()) }
	case func(int64) bool:
		return func(_, v reflect.Value) bool { return holds(v.Int()) }
	case func(uint64) bool:
		return func(_, v reflect.Value) bool { return holds(v.Uint()) }
	case func(float64) bool:
		return func(_, v reflect.Value) bool { return holds(v.Float()) }
	}
	return func(_, v reflect.Value) bool { return holds(*v.Addr().Interface().(*T)) }
}

// problem returns what is wrong with the rule, known being those before it.
func (r Rule) problem(known map[string]Rule) error {
	var what, mend string
	_, taken := known[r.name]
	_, isBuiltin := builtin[r.name]
	switch {
	case !isName(r.name):
		what, mend = "is no name", "begin with a-z and go on with a-z, 0-9 and _"
	case taken, isBuiltin, r.name == "required", r.name == "optional", r.name == "each":
		what, mend = "is there already", "choose another name"
	case r.empty || r.prepare == nil:
		what, mend = "has no function", "give one to validate.NewRule or validate.NewParamRule"
	case r.message == "":
		what, mend = "has no message", "say in a sentence what a visitor should enter"
	default:
		return nil
	}
	return &errs.Setup{
		Code: "A1408", What: fmt.Sprintf("validate: rule %q of validate.Config.Rules %s", r.name, what), Mend: mend,
	}
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z') && (i == 0 || !('0' <= c && c <= '9') && c != '_') {
			return false
		}
	}
	return s != ""
}
