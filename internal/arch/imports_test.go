package arch_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// floors is floors.txt, read.
type floors struct {
	entries  map[string]*floor // by folder
	edges    []*edge
	problems []finding
}

type floor struct {
	at     string
	level  string // "0" to "5"; compares as text
	driver bool   // a driver of the service above it: only programs and tests import it
	test   bool   // a helper for tests: may import testing
	used   bool
}

type edge struct {
	at, from, to string
	used         bool
}

func readFloors(t *tree) *floors {
	f := &floors{entries: map[string]*floor{}}
	for _, l := range t.list("floors.txt") {
		bad := func(what string) {
			f.problems = append(f.problems, finding{l.at, what,
				`write "floor folder [driver|test]" or "from -> to  reason"`})
		}
		switch w := l.fields; {
		case len(w) >= 3 && w[1] == "->":
			if len(w) == 3 {
				bad("a sideways edge without a reason")
			}
			f.edges = append(f.edges, &edge{at: l.at, from: w[0], to: w[2]})
		case len(w) < 2 || len(w[0]) != 1 || w[0] < "0" || w[0] > "5":
			bad(fmt.Sprintf("%q is neither a floor nor an edge", strings.Join(w, " ")))
		default:
			f.entries[w[1]] = &floor{at: l.at, level: w[0],
				driver: slices.Contains(w[2:], "driver"), test: slices.Contains(w[2:], "test")}
		}
	}
	return f
}

// of returns the floor of a folder: its own line, or that of the nearest
// folder above it. The root package is nobody's parent.
func (f *floors) of(dir string) *floor {
	for d := dir; ; d = path.Dir(d) {
		if e := f.entries[d]; e != nil && (d != "." || dir == ".") {
			e.used = true
			return e
		}
		if d == "." {
			return nil
		}
	}
}

// allowed reports whether a sideways import is listed. In an edge, "x/..."
// stands for x and everything below it.
func (f *floors) allowed(from, to string) bool {
	ok := false
	for _, e := range f.edges {
		if covers(e.from, from) && covers(e.to, to) {
			e.used, ok = true, true
		}
	}
	return ok
}

func covers(pattern, dir string) bool {
	if parent, ok := strings.CutSuffix(pattern, "/..."); ok {
		return dir == parent || strings.HasPrefix(dir, parent+"/")
	}
	return pattern == dir
}

// isTest reports whether p is there for tests: by its name, or by its line.
func (f *floors) isTest(p *pkg) bool {
	e := f.of(p.dir)
	return strings.HasSuffix(p.dir, "test") || e != nil && e.test
}

// importsDown: every import inside the module goes to a lower floor, or is a
// sideways edge that is listed with its reason.
func importsDown(t *tree) []finding {
	f := readFloors(t)
	out := f.problems
	for _, p := range t.sorted() {
		from := f.of(p.dir)
		if from == nil {
			out = append(out, finding{p.dir, fmt.Sprintf("package %s has no floor", p.dir),
				"add its folder to internal/arch/floors.txt"})
			continue
		}
		t.imports(p.files, func(at, name string) {
			q := t.local(name)
			if q == nil || q == p {
				return
			}
			to := f.of(q.dir)
			switch {
			case to == nil || to.level < from.level:
			case to.level > from.level:
				out = append(out, finding{at, fmt.Sprintf("%s (floor %s) imports %s (floor %s)", p.dir, from.level, q.dir, to.level),
					"name what is needed as an interface or a parameter here, and let the upper package fill it"})
			case !f.allowed(p.dir, q.dir):
				out = append(out, finding{at, fmt.Sprintf("%s imports %s, and both stand on floor %s", p.dir, q.dir, from.level),
					fmt.Sprintf("meet in a package above both, or add %q with its reason to internal/arch/floors.txt", p.dir+" -> "+q.dir)})
			}
		})
	}
	return append(out, f.stale()...)
}

// stale reports the lines of floors.txt that nothing needs.
func (f *floors) stale() []finding {
	var out []finding
	for _, e := range f.edges {
		if !e.used {
			out = append(out, finding{e.at, fmt.Sprintf("no import needs the edge %s -> %s", e.from, e.to), "remove the line"})
		}
	}
	for dir, e := range f.entries {
		if !e.used {
			out = append(out, finding{e.at, fmt.Sprintf("there is no package in %s", dir), "remove the line"})
		}
	}
	return out
}

// driversOnTop: a driver knows its service; nothing but programs and tests
// knows the driver.
func driversOnTop(t *tree) []finding {
	f := readFloors(t)
	var out []finding
	for _, p := range t.sorted() {
		if p.main() || f.isTest(p) {
			continue
		}
		t.imports(p.files, func(at, name string) {
			q := t.local(name)
			if q == nil || q == p {
				return
			}
			if e := f.of(q.dir); e != nil && e.driver {
				out = append(out, finding{at, fmt.Sprintf("%s imports the driver %s", p.dir, q.dir),
					"take the driver as a value of the service's Driver type; the program's main.go names it"})
			}
		})
	}
	return out
}

// noTestingShipped: what a user's binary holds does not depend on what tests
// need.
func noTestingShipped(t *tree) []finding {
	f := readFloors(t)
	var out []finding
	for _, p := range t.sorted() {
		if f.isTest(p) {
			continue
		}
		t.imports(p.files, func(at, name string) {
			q := t.local(name)
			if q != nil && f.isTest(q) || q == nil && (name == "testing" || strings.HasPrefix(name, "testing/") || strings.HasSuffix(name, "test")) {
				out = append(out, finding{at, fmt.Sprintf("%s imports %q", p.dir, name),
					"move the code to a _test.go file or to the service's *test package"})
			}
		})
	}
	return out
}
