package inject

import (
	"fmt"
	"reflect"

	"github.com/ashlar-go/ashlar/errs"
)

// The codes of docs/errors.md.
const (
	codeShape      = "A1101"
	codeKey        = "A1102"
	codeAs         = "A1103"
	codePointer    = "A1104"
	codeMissing    = "A1105"
	codeTwice      = "A1106"
	codeCycle      = "A1107"
	codeOrder      = "A1108"
	codeCaptive    = "A1109"
	codeDecorate   = "A1110"
	codeReplace    = "A1111"
	codeUnread     = "A1112"
	codeBuild      = "A1113"
	codeFrozen     = "A1114"
	codeOption     = "A1115"
	codeCondFailed = "A1116"
)

type role uint8

const (
	provides  role = iota
	replaces       // a provider from outside the list
	adds           // an item of a group
	decorates      // wraps what somebody provides
	needs          // fills a variable
	calls          // a function whose parameters are filled
)

var verbs = [...]string{"Provide", "Replace", "Add", "Decorate", "Need", "Func"}

// A decl is one line that a module wrote: something given, or something wanted.
type decl struct {
	role  role
	mod   *module // nil for a replacement
	where string
	flags Flag
	as    []asOption
	conds []Cond

	value    reflect.Value  // a given value, else invalid
	fn       reflect.Value  // the constructor, decorator or function, else invalid
	target   reflect.Value  // needs: the variable to fill
	in       []reflect.Type // what is wanted
	given    []reflect.Type // calls: parameters that the caller brings
	keys     []reflect.Type // the types it is known by; for an item, of its groups' items
	releases bool           // the results are (T, func() error, error)
	fails    bool           // the last result is an error

	// Set by Check.
	order int // place in the list
	on    bool
	why   string
	deps  []dep
	slot  *slot // decorates: what it wraps

	// Set by Build, under the graph's lock.
	made    reflect.Value
	reached bool
}

// owner names the module for messages.
func (d *decl) owner() string {
	if d.mod == nil {
		return "a replacement"
	}
	return fmt.Sprintf("module %q", d.mod.name)
}

// at is owner with the place of the line.
func (d *decl) at() string { return fmt.Sprintf("%s, %s", d.owner(), d.where) }

// title names the decl where it stands as the one who wants something.
func (d *decl) title() string {
	switch d.role {
	case adds:
		return "an item of []" + typeName(d.keys[0])
	case decorates:
		return "the decorator of " + typeName(d.in[0])
	case needs:
		return d.owner()
	case calls:
		return "a function of " + d.owner()
	}
	return typeName(d.keys[0])
}

func (d *decl) perRequest() bool {
	if d.role == decorates {
		return d.slot != nil && d.slot.perRequest()
	}
	return d.flags&PerRequest != 0
}

// problem is a mistake in this very line.
func (d *decl) problem(code, mend, format string, args ...any) *errs.Setup {
	return &errs.Setup{Code: code, What: verbs[d.role] + ": " + fmt.Sprintf(format, args...), Where: d.where, Mend: mend}
}
