package inject

import (
	"reflect"
	"runtime"
	"strings"
)

// An Option says how a provider is known, when it is on and how long its
// value lives: [As], [When] and the [Flag] constants.
type Option interface {
	apply(*decl)
}

// A Flag is an [Option] without parameters.
type Flag uint8

const (
	// Private keeps a provider to its own module, where it comes before what
	// is public.
	Private Flag = 1 << iota
	// Default lets any other provider of the same type win, wherever in the
	// list that one stands. Of several defaults the first in the list is used.
	Default
	// PerRequest builds a constructor's value anew in each [Scope], on first
	// ask. The constructor may take the request's context.Context and may
	// return (T, func() error, error): the function is called by [Scope.Close].
	PerRequest
)

func (f Flag) apply(d *decl) { d.flags |= f }

// String lists the flags that are set, such as "private default".
func (f Flag) String() string {
	var names []string
	for _, n := range [...]struct {
		flag Flag
		name string
	}{{Private, "private"}, {Default, "default"}, {PerRequest, "per request"}} {
		if f&n.flag != 0 {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, " ")
}

type asOption struct {
	typ     reflect.Type
	missing func(any) string // what v lacks to be one; called when it lacks something
}

func (o asOption) apply(d *decl) { d.as = append(d.as, o) }

// As lets a provider also be known as the interface I, and an added item also
// stand in the group []I. The same value is seen under each of its types.
func As[I any]() Option {
	return asOption{reflect.TypeFor[I](), func(v any) (missing string) {
		// The runtime's own message names the method. Looking it up with
		// reflect.Type.Method would make the linker keep every exported
		// method of every type of the program.
		defer func() {
			if err, ok := recover().(*runtime.TypeAssertionError); ok {
				_, missing, _ = strings.Cut(err.Error(), ": missing ")
				missing = "no " + missing
			}
		}()
		_ = v.(I)
		return ""
	}}
}

type whenOption []Cond

func (o whenOption) apply(d *decl) { d.conds = append(d.conds, o...) }

// When turns a provider, an item or a decorator on only if all conditions
// hold. [Graph.Conditions] tells how they were answered.
func When(conds ...Cond) Option { return whenOption(conds) }
