// Package router maps a request's host, method and path to a value: usually a
// handler, but the package does not know and does not care.
//
//	tree := router.New[http.Handler](router.Config{})
//	err := tree.Add(router.Route[http.Handler]{
//		Pattern: "GET /films/{id:int}", Name: "film", Where: "catalog/module.go:12", Value: show,
//	})
//	…
//	var params router.Params
//	result := tree.Match(r.Method, r.Host, r.URL.EscapedPath(), &params)
//	if result.Status == router.Found {
//		id := params.Value("id") // "7"
//	}
//	url, err := tree.URL("film", "id", "7") // "/films/7"
//
// # Patterns
//
// A pattern is written as for [net/http.ServeMux], "[METHOD ][HOST]/[PATH]":
//
//	/films            this path, with any method
//	GET /films        this path, with GET or HEAD
//	/films/{id}       any one segment that is not empty; its decoded text is the parameter id
//	/files/{path...}  the rest of the path, which may be empty; the last segment only
//	/files/           the same without a name: a subtree
//	/films/{$}        the path /films/ alone
//	api.example.com/  the subtree /, on that host alone
//
// A parameter may have a type, and then matches only a segment of that type:
//
//	{id:int}     decimal integer that fits an int64, such as -7; no leading +
//	{n:uint}     decimal integer that fits a uint64
//	{id:uuid}    8-4-4-4-12 hexadecimal digits, in either case (RFC 9562)
//	{day:date}   a day that exists, as 2006-01-02
//	{slug:slug}  one or more of a-z, 0-9 and -
//
// Names are Go identifiers and differ within a pattern. Methods are any token
// of RFC 9110, and their case counts. Hosts are exact names without a port;
// their case does not count. Literal text may be percent-encoded: /caf%C3%A9
// and /café are one pattern.
//
// # Precedence
//
// Of the routes that match a request the most specific one gets it. The order
// in which they were added does not matter.
//
//  1. A route with a host wins over a route without one.
//  2. Otherwise route a wins over route b when a is narrower than b in at least
//     one of method, first segment, second segment …, and wider in none.
//     A method is narrower than no method, and HEAD is narrower than GET, which
//     serves HEAD too. Segments, from narrow to wide:
//     literal text and {$}; int, uint, uuid and date; slug; {name}; {path...}.
//  3. Two routes of the same host that match a common request while neither
//     wins by rule 2 are in conflict, and [Tree.Add] refuses the second one.
//     So the winner is always defined and always unique.
//
// int and uint share values and neither holds the other, so at the same place
// they conflict. The other types of that rank share no value. An upper-case
// uuid is no slug, but uuid counts as the narrower of the two all the same.
// A value that is not of a parameter's type falls through to the next wider
// route that matches, and to 404 when there is none.
//
// Rules 1 to 3 are those of net/http with types added: for patterns without
// types, what ServeMux serves, this package serves with the same route, and
// the conflicts that ServeMux refuses, this package refuses. It goes beyond
// ServeMux in that it redirects /films/ to /films when only that is there,
// redirects to a clean path only when a route is there, keeps %2F in a redirect, and
// refuses patterns that could never match.
//
// # Paths
//
// [Tree.Match] takes the path as it was sent, still percent-encoded. It splits
// at the slashes first and decodes each segment afterwards, so %2F is never a
// separator, and /%61dmin is /admin. A malformed escape, %00 and a zero byte are
// refused. Empty and dot segments, in any spelling (%2e%2e is ..), never match: they
// lead to a redirect to the clean path, provided that a route is there.
//
// A parameter's value is what the visitor sent and may hold any byte but zero,
// "/" and "../" included when they were sent as %2F. Open files by it through
// [os.Root] or [io/fs.ValidPath] only.
//
// # What it is not for
//
// It calls no handler, writes no answer and knows no middleware: package ashlar
// does. It matches no queries, no headers, no regular expressions and no host
// wildcards: what decides on those is a handler.
package router
