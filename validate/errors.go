package validate

import (
	"fmt"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// A FieldError is one broken rule. It never holds the value that broke it.
type FieldError struct {
	Field   string `json:"field"`           // the path, such as "lines[2].quantity"; "" is the whole value
	Rule    string `json:"rule"`            // the rule's name, such as "max"
	Param   string `json:"param,omitempty"` // the rule's parameters as in the tag, without quotes
	Message string `json:"message"`         // for the visitor
}

// Errors are the rules that a value broke, in the order of its fields. They
// are of kind errs.Invalid. A function that returns error must not return an
// empty list as it is; [Errors.Err] is for that.
type Errors []FieldError

// Fail returns one broken rule, for Validate methods. The field is named as in
// a path from the struct that the method belongs to; "" is the struct itself.
// The rule's name is for programs, the message is for the visitor.
func Fail(field, rule, message string) Errors {
	return Errors{{Field: field, Rule: rule, Message: message}}
}

// Add appends what [Fail] returns.
func (e *Errors) Add(field, rule, message string) {
	*e = append(*e, FieldError{Field: field, Rule: rule, Message: message})
}

// Err returns nil when e is empty, else e.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Is reports whether target is errs.Invalid.
func (e Errors) Is(target error) bool { return target == errs.Invalid }

// Error returns a text for the log, without messages: fields and the rules
// that they break, at most ten of them.
func (e Errors) Error() string {
	const most = 10
	var b strings.Builder
	b.WriteString("validate: ")
	for i, f := range e[:min(len(e), most)] {
		if i > 0 {
			b.WriteString("; ")
		}
		if f.Field != "" {
			b.WriteString(f.Field + ": ")
		}
		b.WriteString(f.Rule)
		if f.Param != "" {
			b.WriteString(" " + f.Param)
		}
	}
	if len(e) > most {
		fmt.Fprintf(&b, "; and %d more", len(e)-most)
	}
	return b.String()
}

// For returns the first message for the field, or "" when it breaks no rule.
func (e Errors) For(field string) string {
	for _, f := range e {
		if f.Field == field {
			return f.Message
		}
	}
	return ""
}

// Map returns the messages by field, in order.
func (e Errors) Map() map[string][]string {
	m := make(map[string][]string, len(e))
	for _, f := range e {
		m[f.Field] = append(m[f.Field], f.Message)
	}
	return m
}

// within puts name before the fields of e, which are named from inside of it.
func (e Errors) within(name string) {
	for i := range e {
		switch f := &e[i]; {
		case f.Field == "":
			f.Field = name
		case name == "" || f.Field[0] == '[':
			f.Field = name + f.Field
		default:
			f.Field = name + "." + f.Field
		}
	}
}

// fieldErrors returns the broken rules that err consists of, be it a list or
// several joined ones. False means that err is, or holds, something else.
func fieldErrors(err error) (Errors, bool) {
	if list, ok := err.(Errors); ok {
		return list, true
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil, false
	}
	var all Errors
	for _, part := range joined.Unwrap() {
		list, ok := part.(Errors)
		if !ok {
			return nil, false
		}
		all = append(all, list...)
	}
	return all, len(all) > 0
}
