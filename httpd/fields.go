package httpd

import (
	"iter"
	"net/http"
)

// Field returns the first value of the request's field name, "" when it has
// none. Host and Transfer-Encoding are no fields here: see [Exchange.Host].
func (x *Exchange) Field(name string) string {
	for i := range int(x.parts.fields) {
		f := x.field(i)
		if int(f.name.end-f.name.start) == len(name) && sameName(x.text(f.name), name) {
			return x.text(f.value)
		}
	}
	return ""
}

// FieldValues goes through the values of the request's field name, in the
// order in which they came.
func (x *Exchange) FieldValues(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range int(x.parts.fields) {
			f := x.field(i)
			if sameName(x.text(f.name), name) && !yield(x.text(f.value)) {
				return
			}
		}
	}
}

// Fields goes through the request's fields, in the order in which they came.
// Names are given in their canonical form.
func (x *Exchange) Fields() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for i := range int(x.parts.fields) {
			f := x.field(i)
			if !yield(canonical(x.text(f.name)), x.text(f.value)) {
				return
			}
		}
	}
}

// canonical is http.CanonicalHeaderKey for names that mostly are so already.
func canonical(name string) string {
	upper := true
	for i := range len(name) {
		c := name[i]
		if upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			return canonicalOf(name)
		}
		upper = c == '-'
	}
	return name
}

// canonicalOf spares an allocation for what browsers send in lower case.
func canonicalOf(name string) string {
	switch name {
	case "sec-ch-ua":
		return "Sec-Ch-Ua"
	case "sec-ch-ua-mobile":
		return "Sec-Ch-Ua-Mobile"
	case "sec-ch-ua-platform":
		return "Sec-Ch-Ua-Platform"
	}
	return http.CanonicalHeaderKey(name)
}

// validName reports whether name is a token.
func validName(name string) bool {
	for i := wordEnd(name, 0); i < len(name); i++ {
		if charOf[name[i]]&isToken == 0 {
			return false
		}
	}
	return name != ""
}

// validValue reports whether v may stand as a field's value: no byte of it
// ends the line or is a control character other than the tab.
func validValue(v string) bool { return valueEnd(v, 0) == len(v) }
