package router

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// URL returns the escaped path of the route with this name. Pairs are the names
// and values of its parameters, each exactly once, in any order:
//
//	tree.URL("poster", "id", "7", "size", "large") // "/films/7/posters/large"
//
// The value of a {name...} keeps its slashes; in all others they are escaped.
// For a route with a host the result begins with "//" and the host, so that it
// leads there from any page of the same scheme and port.
//
// The result leads back to the same route with the same values. When it would
// not, because a value is missing, surplus, empty, not of its type or taken by
// a more specific route, URL returns an error that says so.
func (t *Tree[T]) URL(name string, pairs ...string) (string, error) {
	e := t.byName[name]
	if e == nil {
		near := nearest(name, slices.Sorted(maps.Keys(t.byName)))
		if near == "" {
			return "", fmt.Errorf("router: build URL: no route has the name %q", name)
		}
		return "", fmt.Errorf("router: build URL: no route has the name %q; did you mean %q?", name, near)
	}
	path, err := t.build(e, pairs)
	if err != nil {
		return "", fmt.Errorf("router: build URL of %q, %q: %w", name, t.origins[e.index].text, err)
	}
	if host := e.pattern.host; host != "" {
		return "//" + host + path, nil
	}
	return path, nil
}

// build returns the path of e with the values of pairs.
func (t *Tree[T]) build(e *endpoint, pairs []string) (string, error) {
	values, err := pairUp(e.names, pairs)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, s := range e.pattern.segments {
		b.WriteByte('/')
		if !s.named() {
			if s.kind == literal {
				b.WriteString(url.PathEscape(s.text))
			}
			continue
		}
		escaped, err := s.escape(values[s.text])
		if err != nil {
			return "", err
		}
		b.WriteString(escaped)
	}
	path := b.String()
	if len(path) > MaxPath {
		return "", fmt.Errorf("the path is %d bytes long, which is over %d", len(path), MaxPath)
	}
	// A pattern without a method is asked for with none: then only its likes
	// can be in its way, and they are for every method.
	var params Params
	q := t.query(e.pattern.method, e.pattern.host)
	found := q.literal(path)
	if found == nil {
		found = q.match(path, &params).route
	}
	if found != e {
		return "", fmt.Errorf("%q belongs to the more specific route %s", path, t.origins[found.index])
	}
	return path, nil
}

// pairUp returns the values by name and insists that names are all there are.
func pairUp(names, pairs []string) (map[string]string, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("parameter %q has no value: names and values come in pairs", pairs[len(pairs)-1])
	}
	values := make(map[string]string, len(names))
	for pair := range slices.Chunk(pairs, 2) {
		name, value := pair[0], pair[1]
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("there is no parameter %q", name)
		}
		if _, twice := values[name]; twice {
			return nil, fmt.Errorf("parameter %q is given twice", name)
		}
		values[name] = value
	}
	for _, name := range names {
		if _, ok := values[name]; !ok {
			return nil, fmt.Errorf("parameter %q is missing", name)
		}
	}
	return values, nil
}

// escape returns value as it stands in a path in place of s, which is named.
func (s segment) escape(value string) (string, error) {
	if strings.IndexByte(value, 0) >= 0 {
		return "", fmt.Errorf("parameter %q is %q, which has a zero byte", s.text, value)
	}
	if s.kind == rest {
		return s.escapeRest(value)
	}
	switch {
	case value == "":
		return "", fmt.Errorf("parameter %q is empty", s.text)
	case isDots(value):
		return "", fmt.Errorf("parameter %q is %q, which a path cannot hold as a segment", s.text, value)
	case !s.typ.Accepts(value):
		return "", fmt.Errorf("parameter %q is %q, which is not of type %s", s.text, value, s.typ)
	}
	return url.PathEscape(value), nil
}

// escapeRest escapes each segment of value, which may be empty or end in a slash.
func (s segment) escapeRest(value string) (string, error) {
	parts := strings.Split(value, "/")
	for i, part := range parts {
		if part == "" && i < len(parts)-1 {
			return "", fmt.Errorf("parameter %q is %q, which has an empty segment", s.text, value)
		}
		if isDots(part) {
			return "", fmt.Errorf("parameter %q is %q, which has the segment %q that a path cannot hold", s.text, value, part)
		}
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/"), nil
}
