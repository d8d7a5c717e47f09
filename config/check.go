package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// check looks at the values that won, and then asks the sections.
func (l *loader) check() {
	for _, s := range l.settings {
		if !s.broken {
			l.checkOne(s)
		}
		if s.broken {
			l.spoilt[s.section.Name] = true
		}
	}
	for _, sec := range l.sections {
		l.validate(sec)
	}
}

func (l *loader) checkOne(s *setting) {
	if s.required && empty(s.field) {
		s.broken = true
		l.problem(codeRequired, s.place(), "set "+s.ways(), "%s: required, and empty%s", s.key, about(s.doc))
		return
	}
	if s.from == fromNowhere {
		return // a zero that nobody wrote means what the module says it means
	}
	for v := range scalars(s.field) {
		if rule := s.breaks(v); rule != "" {
			s.broken = true
			got := fmt.Sprintf("%q", format(v))
			if ordered(v.Type()) {
				got = format(v)
			}
			l.problem(codeRange, s.place(), "", "%s: must be %s, got %s", s.key, rule, got)
		}
	}
}

// breaks returns the rule that v breaks, in words, or "".
func (s *setting) breaks(v reflect.Value) string {
	tooSmall := s.min.IsValid() && compare(v, s.min) < 0
	tooLarge := s.max.IsValid() && compare(v, s.max) > 0
	switch {
	case (tooSmall || tooLarge) && s.min.IsValid() && s.max.IsValid():
		return "from " + format(s.min) + " to " + format(s.max)
	case tooSmall:
		return format(s.min) + " or more"
	case tooLarge:
		return format(s.max) + " or less"
	case s.oneof != nil && !slices.Contains(s.oneof, formatScalar(v)):
		return "one of " + strings.Join(s.oneof, ", ")
	}
	return ""
}

// ways lists how a setting can be set, for the mend of a missing one.
func (s *setting) ways() string {
	names := append([]string{s.variable}, s.extra...)
	if s.secret {
		return strings.Join(names, " or ") + " or " + s.variable + "_FILE"
	}
	return s.key + " in config.json, or " + strings.Join(names, " or ")
}

func about(doc string) string {
	if doc == "" {
		return ""
	}
	return " (" + doc + ")"
}

func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		return v.Len() == 0
	}
	return v.IsZero()
}

// scalars yields the single values inside a setting.
func scalars(v reflect.Value) func(yield func(reflect.Value) bool) {
	return func(yield func(reflect.Value) bool) {
		switch {
		case scalar(v.Type()):
			yield(v)
		case v.Kind() == reflect.Pointer:
			if !v.IsNil() {
				yield(v.Elem())
			}
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				if !yield(v.Index(i)) {
					return
				}
			}
		default:
			for _, key := range sortedKeys(v) {
				if !yield(v.MapIndex(key)) {
					return
				}
			}
		}
	}
}

func sortedKeys(m reflect.Value) []reflect.Value {
	return slices.SortedFunc(slices.Values(m.MapKeys()), func(a, b reflect.Value) int {
		return cmp.Compare(a.String(), b.String())
	})
}

// ordered reports whether min and max make sense for t.
func ordered(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64 && t.Kind() != reflect.Uintptr
}

// compare compares two values of one ordered type.
func compare(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	}
	return cmp.Compare(a.Float(), b.Float())
}

// validate asks a section. One with reported mistakes is not asked: it would
// judge values that nobody wrote.
func (l *loader) validate(sec Section) {
	v, ok := sec.Into.(interface{ Validate() error })
	if !ok || l.spoilt[sec.Name] {
		return
	}
	err := v.Validate()
	if err == nil {
		return
	}
	several := []error{err}
	if list, ok := err.(interface{ Unwrap() []error }); ok { // errors.Join, not what wraps it: that has words of its own
		several = list.Unwrap()
	}
	for _, err := range several {
		name := sec.Name
		if name == "" {
			name = "ashlar"
		}
		setup := &errs.Setup{Code: codeValidate, What: name, Where: sec.Where, Err: err}
		if text := l.mask(err.Error()); text != err.Error() {
			setup.What, setup.Err = name+": "+text, nil
		}
		l.problems.Add(setup)
	}
}

// mask hides every known secret in a text that somebody else wrote.
func (l *loader) mask(text string) string {
	for _, s := range l.settings {
		for v := range scalars(s.field) {
			if v.Kind() != reflect.String || v.String() == "" {
				continue
			}
			if plain := v.String(); s.secret {
				text = strings.ReplaceAll(text, plain, hidden)
			} else if safe := redact(plain); safe != plain {
				text = strings.ReplaceAll(text, plain, safe)
			}
		}
	}
	return text
}
