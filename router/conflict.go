package router

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/ashlar-go/ashlar/errs"
)

// An origin is a route as messages speak of it.
type origin struct {
	text    string // the pattern as the programmer wrote it
	where   string
	pattern Pattern
}

// String returns the pattern in quotes and its place, when it is known.
func (o origin) String() string {
	if o.where == "" {
		return fmt.Sprintf("%q", o.text)
	}
	return fmt.Sprintf("%q (%s)", o.text, o.where)
}

// explainConflict returns the problem that added cannot stand beside old.
// Their relation must be one of conflict.
func explainConflict(added, old origin) *errs.Setup {
	problem := &errs.Setup{Code: "A1203", Where: added.where}
	if added.pattern.compare(old.pattern) == equal {
		problem.What = fmt.Sprintf("route %s matches the same requests as %s", added, old)
		problem.Mend = "remove one, or give one another method, path or parameter type"
		return problem
	}
	problem.What = fmt.Sprintf("route %s and %s both match %s, and neither is more specific",
		added, old, commonRequest(added.pattern, old.pattern))
	if added.pattern.comparePaths(old.pattern) == overlapping {
		problem.Mend = "change one path so that it matches only what the other matches too, or nothing that the other matches"
	} else {
		problem.Mend = "one has the narrower method, the other the narrower path: give both the same method, or both none"
	}
	return problem
}

// commonRequest returns a request that two overlapping patterns match, as
// "GET /films/7", without a method when neither names one.
func commonRequest(p, q Pattern) string {
	path := commonPath(p.segments, q.segments)
	// Of two methods that meet, the narrower one is in both.
	method := p.method
	if compareMethods(p.method, q.method) == wider {
		method = q.method
	}
	if method == "" {
		return path
	}
	return method + " " + path
}

// commonPath returns a path that both lists of segments match. They must not
// be disjoint.
func commonPath(a, b []segment) string {
	if len(a) < len(b) {
		a, b = b, a
	}
	var path strings.Builder
	for i, s := range a {
		// Beyond the shorter list's last segment, which is a rest then, all is
		// free. Before it, the narrower segment's sample is good for both.
		if i < len(b) && s.compare(b[i]) == wider {
			s = b[i]
		}
		path.WriteByte('/')
		switch s.kind {
		case literal:
			path.WriteString(url.PathEscape(s.text))
		case param:
			path.WriteString(s.typ.sample(url.PathEscape(s.text)))
		}
	}
	return path.String()
}

// duplicateName returns the problem that added wants a name that old has.
func duplicateName(name string, added, old origin) *errs.Setup {
	return &errs.Setup{
		Code:  "A1204",
		What:  fmt.Sprintf("route %s has the name %q, which %s has already", added, name, old),
		Where: added.where,
		Mend:  "give one of them another name",
	}
}
