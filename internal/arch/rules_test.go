package arch_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ashlar-go/ashlar/internal/golden"
)

// A rule looks at a tree and reports every place that breaks it.
type rule struct {
	name  string
	why   string
	check func(*tree) []finding
}

// A finding is one place that breaks a rule. The mend says what to do.
type finding struct{ at, what, mend string }

func (r rule) report(f finding) string {
	return fmt.Sprintf("%s: %s: %s\n\twhy: %s\n\tmend: %s\n", f.at, r.name, f.what, r.why, f.mend)
}

// run returns the rule's reports in the order of their places.
func (r rule) run(t *tree) []string {
	found := r.check(t)
	slices.SortStableFunc(found, func(a, b finding) int {
		fileA, lineA, _ := strings.Cut(a.at, ":")
		fileB, lineB, _ := strings.Cut(b.at, ":")
		return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(len(lineA), len(lineB)), cmp.Compare(lineA, lineB))
	})
	var out []string
	for _, f := range slices.Compact(found) {
		out = append(out, r.report(f))
	}
	return out
}

var rules = []rule{
	{"compiles", "the other rules read types, and would overlook what has none", compiles},
	{"imports-down", "whoever reads a package need only know the floors below it", importsDown},
	{"drivers-on-top", "a program links the drivers that it names and no others", driversOnTop},
	{"no-third-party-below", "the core and the tools live as long as Go's own promise, and cost no audit", noThirdPartyBelow},
	{"one-door", "a dependency with one door can be judged, updated and replaced in one place", oneDoor},
	{"no-testing-shipped", "the testing package registers flags and grows every binary", noTestingShipped},
	{"hello-is-small", "an app pays for what it lists and for nothing else", helloIsSmall},
	{"budget", "nothing grows into a god: what no longer fits in a head gets split while that is cheap", budgetsKept},
	{"seams", "recording, replay, simulation, tests and two apps in one process need the world behind a seam", seamsKept},
	{"no-init", "the list in main.go is the application: nothing registers itself", noInit},
	{"no-package-state", "two apps in one process must not meet in a variable", noPackageState},
	{"tests-do-not-sleep", "a test that waits for the wall clock is slow when it passes and wrong when it fails", testsDoNotSleep},
	{"package-comment", "the first question about a package is what it is for", packageComments},
	{"exported-comment", "a name that others build on is a promise, and a promise is written down", exportedComments},
	{"error-codes", "an error at start sends its reader to docs/errors.md, and that must not be in vain", errorCodes},
	{"machine-paths", "what is read by everybody speaks of no single machine", noMachinePaths},
	{"links", "a link that leads nowhere costs the reader's trust in the rest of the page", linksLead},
	{"snippets", "code on a page is copied; what was copied must compile", snippetsCompile},
	{"request-page", "the page that tells a request's road is read instead of the code, so it must be true", requestTold},
}

// TestRules holds this module to its rules.
func TestRules(t *testing.T) {
	t.Parallel()
	module, err := load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, smell := range smells(module) {
		t.Log(smell)
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, report := range r.run(module) {
				t.Error(report)
			}
		})
	}
}

// TestRulesReport shows that every rule reports the trees that break it, and
// pins what it says. A case is an archive testdata/<rule>[_<what>].txt.
func TestRulesReport(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, file := range cases {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		of, _, _ := strings.Cut(name, "_")
		t.Run(name, func(t *testing.T) {
			i := slices.IndexFunc(rules, func(r rule) bool { return r.name == of })
			if i < 0 {
				t.Fatalf("got a case for the rule %q, want one of the rules in rules_test.go", of)
			}
			bad, err := load(archive(t, file))
			if err != nil {
				t.Fatal(err)
			}
			if of != "compiles" {
				for _, f := range compiles(bad) {
					t.Errorf("the case must break its rule, not the compiler: %s: %s", f.at, f.what)
				}
			}
			got := rules[i].run(bad)
			if len(got) == 0 {
				t.Errorf("got no report, want the rule to see what is wrong")
			}
			golden.Equal(t, name+".golden", strings.Join(got, ""))
		})
		tried[of] = true
	}
	for _, r := range rules {
		if !tried[r.name] {
			t.Errorf("got no case for the rule %q, want testdata/%s.txt", r.name, r.name)
		}
	}
}

// TestDepsOfHello asks the go command, not our own reading of the imports,
// what the smallest app links.
func TestDepsOfHello(t *testing.T) {
	t.Parallel()
	out, err := goCommand("../..", "list", "-deps", "-f",
		`{{if not .Standard}}{{with .Module}}{{.Path}}{{end}} {{.ImportPath}}{{end}}`, "./examples/hello")
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(out) {
		if module, name, _ := strings.Cut(strings.TrimSpace(l), " "); module != "" && module != "github.com/ashlar-go/ashlar" {
			t.Errorf("got %s of %s among the dependencies of examples/hello, want the standard library and this module alone", name, module)
		}
	}
}

// compiles: every package type-checks, with all of its files.
func compiles(t *tree) []finding {
	var out []finding
	for _, p := range t.sorted() {
		for _, s := range p.files {
			if !s.built {
				out = append(out, finding{s.path, "is not part of the build on this system",
					"write it for all systems; if that cannot be, teach load in tree_test.go to check its system too"})
			}
		}
		for i, err := range p.problems {
			if i == 3 {
				break
			}
			out = append(out, finding{at(t, err), text(err), "make the package compile"})
		}
	}
	return out
}

// archive reads a case: lines "-- name --", each followed by that file's text.
// What stands before the first says what the case is about.
func archive(t *testing.T, file string) fs.FS {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module example.org/m\n\ngo 1.26\n")}}
	var current *fstest.MapFile
	for l := range strings.Lines(string(text)) {
		name, ok := strings.CutPrefix(strings.TrimSpace(l), "-- ")
		if name, end := strings.CutSuffix(name, " --"); ok && end {
			current = &fstest.MapFile{}
			fsys[name] = current
		} else if current != nil {
			current.Data = append(current.Data, l...)
		}
	}
	return fsys
}
