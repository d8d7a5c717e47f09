package arch_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// licences are those that a user may link into a closed program without
// passing on more than a notice.
var licences = []string{"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0"}

// A requirement is a line of go.mod.
type requirement struct {
	at, module string
	indirect   bool
}

func requirements(t *tree) []requirement {
	text, _ := fs.ReadFile(t.fsys, "go.mod")
	var out []requirement
	block, n := false, 0
	for l := range strings.Lines(string(text)) {
		n++
		l = strings.TrimSpace(l)
		rest, single := strings.CutPrefix(l, "require ")
		switch {
		case single && strings.HasPrefix(rest, "("):
			block = true
			continue
		case l == ")":
			block = false
			continue
		case !single && !block:
			continue
		}
		if w := strings.Fields(rest); len(w) >= 2 && w[0] != "//" {
			out = append(out, requirement{fmt.Sprintf("go.mod:%d", n), w[0], strings.HasSuffix(rest, "// indirect")})
		}
	}
	return out
}

// thirdParty reports whether an import path is neither of the standard library
// nor of this module.
func (t *tree) thirdParty(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return strings.Contains(first, ".") && importPath != t.module && !strings.HasPrefix(importPath, t.module+"/")
}

type door struct {
	at, module, folder string
	used               bool
}

func readDoors(t *tree) (doors []*door, out []finding) {
	for _, l := range t.list("doors.txt") {
		w := l.fields
		if len(w) < 4 {
			out = append(out, finding{l.at, "a door needs a module, a folder, a licence and a reason",
				`write "module  folder  licence  reason"`})
			continue
		}
		if !slices.Contains(licences, w[2]) {
			out = append(out, finding{l.at, fmt.Sprintf("the licence %s of %s is not one of %s", w[2], w[0], strings.Join(licences, ", ")),
				"choose another module, or write a decision that explains what users must do"})
		}
		doors = append(doors, &door{at: l.at, module: w[0], folder: w[1]})
	}
	return doors, out
}

// oneDoor: each third-party module is imported by the one package that
// doors.txt names, tests included.
func oneDoor(t *tree) []finding {
	doors, out := readDoors(t)
	for _, p := range t.sorted() {
		t.imports(slices.Concat(p.files, p.tests), func(at, name string) {
			if name == "C" {
				out = append(out, finding{at, fmt.Sprintf("%s uses cgo", p.dir), "use a pure Go module"})
			}
			if !t.thirdParty(name) {
				return
			}
			for _, d := range doors {
				if name != d.module && !strings.HasPrefix(name, d.module+"/") {
					continue
				}
				if d.folder == p.dir {
					d.used = true
					return
				}
				out = append(out, finding{at, fmt.Sprintf("%s imports %s, whose door is %s", p.dir, name, d.folder),
					fmt.Sprintf("use what package %s offers", d.folder)})
				return
			}
			out = append(out, finding{at, fmt.Sprintf("%s imports %s, which has no door", p.dir, name),
				"do without it, or follow docs/checklists/new-dependency.md and add a line to internal/arch/doors.txt"})
		})
	}
	for _, d := range doors {
		if !d.used {
			out = append(out, finding{d.at, fmt.Sprintf("%s does not import %s", d.folder, d.module), "remove the line"})
		}
	}
	for _, r := range requirements(t) {
		listed := slices.ContainsFunc(doors, func(d *door) bool { return d.module == r.module })
		if !r.indirect && !listed {
			out = append(out, finding{r.at, fmt.Sprintf("%s is required and has no door", r.module),
				"remove it (go mod tidy), or add a line to internal/arch/doors.txt"})
		}
	}
	return out
}

// noThirdPartyBelow: the root package and the tools work with the standard
// library alone, tests included.
func noThirdPartyBelow(t *tree) []finding {
	f := readFloors(t)
	var out []finding
	for _, p := range t.sorted() {
		e := f.of(p.dir)
		if e == nil || e.level > "2" {
			continue
		}
		t.imports(slices.Concat(p.files, p.tests), func(at, name string) {
			if t.thirdParty(name) {
				out = append(out, finding{at, fmt.Sprintf("%s (floor %s) imports %s", p.dir, e.level, name),
					"write what is needed with the standard library, or make an adapter on floor 3 as config/toml is one"})
			}
		})
	}
	return out
}

// helloIsSmall: the smallest app links the standard library and this module.
// The finding shows the road that leads to the foreign package.
func helloIsSmall(t *tree) []finding {
	start := t.pkgs["examples/hello"]
	if start == nil {
		return []finding{{"examples/hello", "the smallest app is gone, and with it the proof", "bring it back"}}
	}
	var out []finding
	seen := map[string]bool{}
	var visit func(p *pkg, road []string)
	visit = func(p *pkg, road []string) {
		if seen[p.dir] {
			return
		}
		seen[p.dir] = true
		road = append(slices.Clone(road), p.dir)
		t.imports(p.files, func(at, name string) {
			if q := t.local(name); q != nil {
				visit(q, road)
			} else if t.thirdParty(name) {
				out = append(out, finding{at, strings.Join(append(road, name), " → "),
					"move the import into a driver or adapter that an app asks for by name"})
			}
		})
	}
	visit(start, nil)
	return out
}
