package inject

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A Cond is a question that [When] asks while the graph is checked. The zero
// Cond always holds.
type Cond struct {
	// ask returns the answer and the fact behind it. The fact is true as it
	// stands whatever the answer, so that Not can pass it on.
	ask func(*view) (bool, string)
}

// A view is what a condition may see: what stands further up in the list.
type view struct {
	lookup   func(string) (string, bool)
	module   *module
	provided map[reflect.Type][]*decl
	added    map[reflect.Type][]*decl
}

func (v *view) find(t reflect.Type) *decl {
	list := v.provided[t]
	if isGroup(t) {
		list = v.added[t.Elem()]
	}
	for _, d := range list {
		if d.flags&Private == 0 || d.mod == v.module {
			return d
		}
	}
	return nil
}

func (c Cond) answer(v *view) (bool, string) {
	if c.ask == nil {
		return true, "always"
	}
	return c.ask(v)
}

// Has holds if something further up in the list provides T to this module, or,
// for a group []T, adds an item to it. A replacement from outside counts.
func Has[T any]() Cond { return has(reflect.TypeFor[T]()) }

// Missing is the opposite of [Has].
func Missing[T any]() Cond { return has(reflect.TypeFor[T]()).Not() }

func has(t reflect.Type) Cond {
	return Cond{func(v *view) (bool, string) {
		if d := v.find(t); d != nil {
			return true, fmt.Sprintf("%s provides %s", d.owner(), typeName(t))
		}
		return false, fmt.Sprintf("nobody further up provides %s", typeName(t))
	}}
}

// ConfigIs holds if the configuration's value for key is one of values, or,
// without values, if it is set and not empty. The value appears in
// [Graph.Conditions]: do not ask for secrets.
func ConfigIs(key string, values ...string) Cond {
	return Cond{func(v *view) (bool, string) {
		var got string
		var ok bool
		if v.lookup != nil {
			got, ok = v.lookup(key)
		}
		if !ok || (got == "" && len(values) == 0) {
			return false, key + " is not set"
		}
		if len(values) == 0 {
			return true, key + " is set"
		}
		wanted := make([]string, len(values))
		for i, value := range values {
			if got == value {
				return true, fmt.Sprintf("%s is %q", key, got)
			}
			wanted[i] = strconv.Quote(value)
		}
		return false, fmt.Sprintf("%s is %q, not %s", key, got, strings.Join(wanted, " or "))
	}}
}

// If is a condition of any other sort. The text names the question, such as
// "running in production"; holds is asked once, when the graph is checked.
func If(text string, holds func() bool) Cond {
	return Cond{func(*view) (bool, string) {
		if holds() {
			return true, text + ": yes"
		}
		return false, text + ": no"
	}}
}

// Not holds if c does not.
func (c Cond) Not() Cond {
	return Cond{func(v *view) (bool, string) {
		ok, fact := c.answer(v)
		return !ok, fact
	}}
}

// And holds if c and all others do. The first that does not is the reason.
func (c Cond) And(others ...Cond) Cond { return fold(false, append([]Cond{c}, others...)) }

// Or holds if c or one of the others does. The first that does is the reason.
func (c Cond) Or(others ...Cond) Cond { return fold(true, append([]Cond{c}, others...)) }

// fold asks conds in order until one answers with stop, and gives that one's
// fact; else it gives all facts.
func fold(stop bool, conds []Cond) Cond {
	return Cond{func(v *view) (bool, string) {
		var facts []string
		for _, c := range conds {
			ok, fact := c.answer(v)
			if ok == stop {
				return ok, fact
			}
			facts = append(facts, fact)
		}
		return !stop, strings.Join(facts, "; ")
	}}
}
