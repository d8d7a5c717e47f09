package router_test

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/internal/want"
	"github.com/ashlar-go/ashlar/router"
)

// A naive pattern is matched as the package comment says, as plainly as can be,
// without a tree: it is what the tree is compared with.
type naive struct {
	text, method, host string
	segments           []string // as written: "films", "{id:int}", "{$}", "{path...}", ""
}

func parseNaive(text string) naive {
	method, target, found := strings.Cut(text, " ")
	if !found {
		method, target = "", text
	}
	host, path, _ := strings.Cut(target, "/")
	return naive{text, method, host, strings.Split(path, "/")}
}

// rank is a segment's place in the order from narrow to wide.
func rank(segment string) int {
	switch {
	case segment == "" || strings.HasSuffix(segment, "...}"):
		return 4
	case segment == "{$}" || segment[0] != '{':
		return 0
	case strings.HasSuffix(segment, ":slug}"):
		return 2
	case strings.Contains(segment, ":"):
		return 1
	}
	return 3
}

// typeOf returns the type in "{name:type}", "" when there is none.
func typeOf(segment string) string {
	_, typ, _ := strings.Cut(strings.TrimSuffix(segment, "}"), ":")
	return typ
}

var (
	uuidRE = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	slugRE = regexp.MustCompile(`^[a-z0-9-]+$`)
)

func isOfType(typ, value string) bool {
	var err error
	switch typ {
	case "int":
		_, err = strconv.ParseInt(value, 10, 64)
		return err == nil && value[0] != '+'
	case "uint":
		_, err = strconv.ParseUint(value, 10, 64)
		return err == nil && value[0] != '+'
	case "date":
		_, err = time.Parse(time.DateOnly, value)
		return err == nil
	case "uuid":
		return uuidRE.MatchString(value)
	case "slug":
		return slugRE.MatchString(value)
	}
	return true
}

// matchPath matches decoded segments and returns the values of the parameters.
func (n naive) matchPath(path []string) ([]string, bool) {
	var values []string
	for i, s := range n.segments {
		if i >= len(path) {
			return nil, false
		}
		switch {
		case s == "{$}":
			return values, i == len(path)-1 && path[i] == ""
		case s == "":
			return values, true
		case strings.HasSuffix(s, "...}"):
			return append(values, strings.Join(path[i:], "/")), true
		case s[0] == '{':
			if path[i] == "" || !isOfType(typeOf(s), path[i]) {
				return nil, false
			}
			values = append(values, path[i])
		case s != path[i]:
			return nil, false
		}
	}
	return values, len(n.segments) == len(path)
}

func (n naive) matchMethod(method string) bool {
	return n.method == "" || n.method == method || n.method == "GET" && method == "HEAD"
}

// notWider reports whether n is at most as wide as m everywhere. Both match a
// common request.
func (n naive) notWider(m naive) bool {
	methods := []string{"HEAD", "GET", ""}
	if n.method != m.method && slices.Index(methods, n.method) > slices.Index(methods, m.method) {
		return false
	}
	for i := range min(len(n.segments), len(m.segments)) {
		a, b := n.segments[i], m.segments[i]
		if rank(a) > rank(b) || rank(a) == rank(b) && typeOf(a) != typeOf(b) {
			return false
		}
	}
	return true
}

// naiveMatch returns the winner's line as tell would, or the status in words.
func naiveMatch(t *testing.T, patterns []naive, method, host string, path []string) string {
	var fit []naive
	var allow []string
	for _, hosts := range []string{host, ""} {
		for _, p := range patterns {
			if _, ok := p.matchPath(path); !ok || p.host != hosts {
				continue
			}
			if p.matchMethod(method) {
				fit = append(fit, p)
			}
			if allow = append(allow, p.method, "OPTIONS"); p.method == "GET" {
				allow = append(allow, "HEAD")
			}
		}
		if len(fit) > 0 {
			break
		}
	}
	for _, p := range fit {
		if slices.ContainsFunc(fit, func(q naive) bool { return !p.notWider(q) }) {
			continue
		}
		values, _ := p.matchPath(path)
		line := p.text
		for i, param := range paramNames(t, p.text) {
			line += " " + param + "=" + values[i]
		}
		return line
	}
	if len(fit) > 0 {
		t.Fatalf("no winner of %v for %s %q: a conflict was not refused", fit, method, path)
	}
	if len(allow) > 0 {
		slices.Sort(allow)
		return "allow " + strings.Join(slices.Compact(allow), " ")
	}
	return "not found"
}

func paramNames(t *testing.T, pattern string) []string {
	p, err := router.Parse(pattern)
	want.NoErr(t, err)
	var names []string
	for _, param := range p.Params() {
		names = append(names, param.Name)
	}
	return names
}

// The parts that patterns and paths are made of. Each value is of another set
// of types.
var (
	partMethods  = []string{"", "GET ", "HEAD ", "POST "}
	partHosts    = []string{"", "", "", "a.example"}
	partSegments = []string{"a", "7", "b/c", "{%:int}", "{%:uint}", "{%:uuid}", "{%:date}", "{%:slug}", "{%}", "{%}"}
	partEnds     = []string{"", "", "", "/", "/{$}", "/{%...}"}
	partValues   = []string{
		"a", "7", "-7", "b", "B", "18446744073709551615", "9223372036854775807", "99999999999999999999",
		uuid, strings.ToUpper(uuid), "2024-02-29", "2023-02-29", "a/b", "+7", "é", "%",
	}
)

// choices makes choices from a fuzzer's bytes.
type choices []byte

func (c *choices) next(n int) int {
	if len(*c) == 0 {
		return 0
	}
	b := (*c)[0]
	*c = (*c)[1:]
	return int(b) % n
}

func (c *choices) pattern() string {
	var b strings.Builder
	b.WriteString(partMethods[c.next(len(partMethods))])
	b.WriteString(partHosts[c.next(len(partHosts))])
	name := 'a'
	put := func(part string) {
		b.WriteString(strings.Replace(part, "%", string(name), 1))
		name++
	}
	for range c.next(4) {
		put("/" + partSegments[c.next(len(partSegments))])
	}
	if part := partEnds[c.next(len(partEnds))]; part != "" || name == 'a' {
		put(cmp.Or(part, "/"))
	}
	return b.String()
}

// path returns decoded segments; the last one is "" for a trailing slash.
func (c *choices) path() []string {
	var path []string
	for range c.next(5) {
		path = append(path, partValues[c.next(len(partValues))])
	}
	if len(path) == 0 || c.next(3) == 0 {
		path = append(path, "")
	}
	return path
}

func escapePath(path []string) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

func FuzzMatch(f *testing.F) {
	for seed := range 40 { // a spread of choices, always the same
		data := make([]byte, 120)
		x := uint32(seed*2654435761 + 1)
		for i := range data {
			x ^= x << 13
			x ^= x >> 17
			x ^= x << 5
			data[i] = byte(x >> 11)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := choices(data)
		tree := router.New[string](router.Config{TrailingSlash: router.StrictSlash})
		var patterns []naive
		for range 2 + c.next(14) {
			text := c.pattern()
			added := parseNaive(text)
			if err := tree.Add(router.Route[string]{Pattern: text, Value: text}); err == nil {
				patterns = append(patterns, added)
			} else {
				checkRefused(t, patterns, added, err)
			}
		}
		for range 20 {
			method := []string{"GET", "HEAD", "POST", "PUT"}[c.next(4)]
			host := []string{"a.example", "b.example"}[c.next(2)]
			path := c.path()
			var params router.Params
			got := tell(tree.Match(method, host, escapePath(path), &params), &params)
			if wanted := naiveMatch(t, patterns, method, host, path); got != wanted {
				t.Errorf("%s %s %q of %v: got %q, want %q", method, host, path, patterns, got, wanted)
			}
		}
	})
}

// checkRefused fails t unless added is in conflict with one of patterns: both
// match some request, and neither is the narrower one.
func checkRefused(t *testing.T, patterns []naive, added naive, err error) {
	t.Helper()
	want.Contains(t, err.Error(), "A1203")
	for _, p := range patterns {
		methodsMeet := p.matchMethod(added.method) || added.matchMethod(p.method)
		if p.host == added.host && methodsMeet && p.notWider(added) == added.notWider(p) && pathsMeet(p, added) {
			return
		}
	}
	t.Errorf("got %q refused beside %v: %v, want it accepted", added.text, patterns, err)
}

// pathsMeet reports whether some path made of partValues is matched by both.
func pathsMeet(a, b naive) bool {
	longest := max(len(a.segments), len(b.segments))
	var extend func(path []string) bool
	extend = func(path []string) bool {
		for _, value := range append([]string{"", "b", "c"}, partValues...) {
			next := append(path, value)
			_, ok1 := a.matchPath(next)
			_, ok2 := b.matchPath(next)
			if ok1 && ok2 {
				return true
			}
			// Go on only where both still fit what is there.
			if value != "" && len(next) < longest && fits(a, next) && fits(b, next) && extend(next) {
				return true
			}
		}
		return false
	}
	return extend(nil)
}

// fits reports whether path may be the beginning of a path that n matches.
func fits(n naive, path []string) bool {
	for i, value := range path {
		if i >= len(n.segments) || rank(n.segments[i]) == 4 {
			break
		}
		s := n.segments[i]
		if s == "{$}" || s[0] != '{' && s != value || s[0] == '{' && !isOfType(typeOf(s), value) {
			return false
		}
	}
	return true
}
