package router

import (
	"net/url"
	"strings"
)

// Limits. Patterns beyond them are refused, and longer paths match nothing.
const (
	MaxParams = 32      // parameters in a pattern
	MaxPath   = 8 << 10 // bytes in a pattern, a request's path or a built path
)

// A Pattern is a pattern that was read by [Parse]: an optional method, an
// optional host and a path. It does not change, so it may be shared.
type Pattern struct {
	method   string
	host     string // lower case
	segments []segment
}

// A segment is what a pattern asks of one segment of the path, or of all the
// segments that are left. The path of a pattern has at least one.
type segment struct {
	kind kind
	text string // literal: decoded text; param: name; rest: name, or "" for a trailing slash
	typ  Type   // of a param
}

type kind uint8

const (
	literal kind = iota // this text
	param               // one segment of a type
	end                 // {$}: nothing after the slash
	rest                // {name...} or a trailing slash: whatever is left
)

// A Param is a parameter of a pattern.
type Param struct {
	Name string
	Type Type
	Rest bool // {name...}: takes the rest of the path, slashes included
}

// Method returns the pattern's method, "" when it matches any.
func (p Pattern) Method() string { return p.method }

// Host returns the pattern's host in lower case, "" when it matches any.
func (p Pattern) Host() string { return p.host }

// Params returns the pattern's parameters in the order of the path.
func (p Pattern) Params() []Param {
	var params []Param
	for _, s := range p.segments {
		if s.named() {
			params = append(params, Param{Name: s.text, Type: s.typ, Rest: s.kind == rest})
		}
	}
	return params
}

// Path returns the path as patterns write it, with literal text encoded where
// it must be, such as "/films/{id:int}".
func (p Pattern) Path() string {
	var b strings.Builder
	for _, s := range p.segments {
		b.WriteByte('/')
		b.WriteString(s.String())
	}
	return b.String()
}

// String returns the whole pattern. Parsing it again gives an equal pattern.
func (p Pattern) String() string {
	if p.method == "" {
		return p.host + p.Path()
	}
	return p.method + " " + p.host + p.Path()
}

// names returns the parameters' names in the order of the path.
func (p Pattern) names() []string {
	var names []string
	for _, param := range p.Params() {
		names = append(names, param.Name)
	}
	return names
}

// last returns the last segment, which alone may be an end or a rest.
func (p Pattern) last() segment { return p.segments[len(p.segments)-1] }

// named reports whether the segment is a parameter, so has a value.
func (s segment) named() bool {
	return s.kind == param || s.kind == rest && s.text != ""
}

func (s segment) String() string {
	switch {
	case s.kind == literal:
		return url.PathEscape(s.text)
	case s.kind == end:
		return "{$}"
	case s.kind == rest && s.text == "":
		return ""
	case s.kind == rest:
		return "{" + s.text + "...}"
	case s.typ == Text:
		return "{" + s.text + "}"
	}
	return "{" + s.text + ":" + s.typ.String() + "}"
}
