package inject

import (
	"context"
	"reflect"
	"strings"
)

var (
	errorType   = reflect.TypeFor[error]()
	contextType = reflect.TypeFor[context.Context]()
	releaseType = reflect.TypeFor[func() error]()
	scopedType  = reflect.TypeFor[scoped]()
)

// isGroup reports whether needing t means the items that modules added.
func isGroup(t reflect.Type) bool { return t.Kind() == reflect.Slice && t.Name() == "" }

// scopedOf returns T if t is Scoped[T].
func scopedOf(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Func || !reflect.PointerTo(t).Implements(scopedType) {
		return nil, false
	}
	return t.Out(0), true
}

// refuseKey says why t cannot be what a provider is known by, as advice on
// what to do instead; it returns "" for a type that can.
func refuseKey(t reflect.Type) string {
	switch {
	case t == errorType:
		return "return an error as a constructor's last result"
	case t == contextType:
		return "a context belongs to one call: take it as a parameter of the method that needs it"
	case t.Kind() == reflect.Interface && t.Name() == "" && t.NumMethod() == 0:
		return "everything is an any: name an interface that says what is wanted"
	case isGroup(t):
		return "[]T is the list of what modules add: use Add for each item, or name the slice's type"
	case isPredeclared(t):
		return "every module may mean another " + t.String() + ": name a type, such as: type Region " + t.String()
	}
	if _, ok := scopedOf(t); ok {
		return "the graph makes it: provide what it finds"
	}
	if t.Name() != "" {
		return ""
	}
	switch t.Kind() {
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Interface {
			return "use the interface, not a pointer to it"
		}
		if isPredeclared(t.Elem()) {
			return refuseKey(t.Elem())
		}
		return ""
	case reflect.Interface, reflect.Func:
		return ""
	}
	return "a type without a name means something else to everybody: name it"
}

// refuseNeed is refuseKey for what is needed, where []T and Scoped[T] are
// ways to ask for T.
func refuseNeed(t reflect.Type) string {
	if isGroup(t) {
		return refuseKey(t.Elem())
	}
	if inner, ok := scopedOf(t); ok {
		return refuseKey(inner)
	}
	return refuseKey(t)
}

func isPredeclared(t reflect.Type) bool { return t.PkgPath() == "" && t.Name() != "" }

// typeName is t as its users write it: reflect spells out import paths inside
// the brackets of a generic type, which nobody does.
func typeName(t reflect.Type) string {
	s := strings.ReplaceAll(t.String(), "interface {}", "any")
	if !strings.Contains(s, "/") {
		return s
	}
	var b strings.Builder
	word := 0 // where the current dotted path began in s
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '/':
			word = i + 1
		case '[', ']', '*', ',', ' ', '(', ')', '{', '}':
			b.WriteString(s[word : i+1])
			word = i + 1
		}
	}
	b.WriteString(s[word:])
	return b.String()
}
