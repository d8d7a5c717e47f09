package arch_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// A seam is a door to the world outside the process. An app reaches it through
// a value that a test, a recording or a second app in the same process can
// replace.
type seam struct {
	name    string
	names   map[string][]string // package → its forbidden names; none: all of them
	program bool                // a program (package main) may
	mend    string
}

// Reading the wall clock is forbidden, waiting is not: timers and contexts run
// on testing/synctest's clock without help.
var seams = []seam{
	{"clock", map[string][]string{"time": {"Now", "Since", "Until", "Sleep"}}, false,
		"take the time from ashlar.Now(ctx) or a now func() time.Time; wait with a timer and the context"},
	{"environment", map[string][]string{
		"os":      {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Setenv", "Unsetenv", "Clearenv"},
		"syscall": {"Getenv", "Environ", "Setenv"}}, false,
		"take a getenv func(string) string, or read the value from a config struct"},
	{"random", map[string][]string{"math/rand": nil, "math/rand/v2": nil}, false,
		"use crypto/rand for secrets and ids; take a source as a parameter for the rest"},
	{"http", map[string][]string{"net/http": {
		"DefaultClient", "DefaultTransport", "DefaultServeMux", "Get", "Head", "Post", "PostForm",
		"Handle", "HandleFunc", "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS"}}, false,
		"take the app's *http.Client; register on a router of the app's own"},
	{"process", map[string][]string{
		"os":        {"Exit", "Args", "Stdin", "Stdout", "Stderr", "Chdir"},
		"os/signal": nil,
		"flag":      {"Parse", "CommandLine", "Bool", "BoolVar", "Int", "IntVar", "String", "StringVar", "Duration", "DurationVar", "Var", "Func", "Args", "Arg"}}, true,
		"return an error or an io.Writer's output to the program; only its main function ends or speaks for the process"},
	{"print", map[string][]string{
		"fmt": {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
		"log": {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Default", "SetOutput", "SetFlags", "SetPrefix", "Output", "Writer"},
		"log/slog": {"Debug", "Info", "Warn", "Error", "Log", "LogAttrs", "Default", "SetDefault", "With",
			"DebugContext", "InfoContext", "WarnContext", "ErrorContext"},
		"": {"print", "println"}}, true,
		"write to the io.Writer or *slog.Logger that the app hands over"},
}

// An owner is a line of seams.txt: the file that may use a seam.
type owner struct {
	at, seam, file string
	used           bool
}

func readOwners(t *tree) (owners []*owner, out []finding) {
	for _, l := range t.list("seams.txt") {
		w := l.fields
		known := slices.ContainsFunc(seams, func(s seam) bool { return len(w) > 0 && s.name == w[0] }) || w[0] == "state"
		if len(w) < 3 || !known {
			out = append(out, finding{l.at, "an owner needs a seam, a file and a reason", `write "seam  file  reason"`})
			continue
		}
		owners = append(owners, &owner{at: l.at, seam: w[0], file: w[1]})
	}
	return owners, out
}

// seamsKept: the clock, the environment, chance, HTTP and the process are
// reached by the files that own them and by no others.
func seamsKept(t *tree) []finding {
	owners, out := readOwners(t)
	f := readFloors(t)
	for _, p := range t.sorted() {
		if f.isTest(p) {
			continue
		}
		for _, s := range p.files {
			for _, u := range uses(t, p, s) {
				if p.main() && u.seam.program {
					continue
				}
				i := slices.IndexFunc(owners, func(o *owner) bool { return o.seam == u.seam.name && o.file == s.path })
				if i >= 0 {
					owners[i].used = true
					continue
				}
				out = append(out, finding{u.at, fmt.Sprintf("%s is used outside the files that own the seam %q", u.what, u.seam.name),
					u.seam.mend + "; a new owner goes into internal/arch/seams.txt with its reason"})
			}
		}
	}
	for _, o := range owners {
		if !o.used && o.seam != "state" {
			out = append(out, finding{o.at, fmt.Sprintf("%s does not use the seam %q", o.file, o.seam), "remove the line"})
		}
	}
	return out
}

// A use is one place that reaches for a seam.
type use struct {
	at, what string
	seam     *seam
}

func uses(t *tree, p *pkg, s *source) []use {
	var out []use
	for _, spec := range s.ast.Imports {
		name := strings.Trim(spec.Path.Value, "\"`")
		for i := range seams {
			if names, ok := seams[i].names[name]; ok && names == nil {
				out = append(out, use{t.at(spec), name, &seams[i]})
			}
		}
		if spec.Name != nil && spec.Name.Name == "." {
			out = append(out, use{t.at(spec), "import . " + name, &seam{name: "none", mend: "import the package under its name"}})
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := p.info.Uses[id]
		if obj == nil {
			return true
		}
		from := "" // the universe: print and println
		if obj.Pkg() != nil {
			from = obj.Pkg().Path()
			if obj.Parent() != obj.Pkg().Scope() {
				return true // a method or a field, such as request.Host or rand.Rand.Int
			}
		} else if _, builtin := obj.(*types.Builtin); !builtin {
			return true
		}
		for i := range seams {
			if slices.Contains(seams[i].names[from], id.Name) {
				out = append(out, use{t.at(id), strings.TrimPrefix(from+"."+id.Name, "."), &seams[i]})
			}
		}
		return true
	})
	return out
}

// noInit: nothing runs before main.
func noInit(t *tree) []finding {
	var out []finding
	for _, p := range t.sorted() {
		for _, s := range p.files {
			for _, d := range s.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					out = append(out, finding{t.at(fn), fmt.Sprintf("package %s has an init function", p.dir),
						"let the program call a function, or join the app as a Module"})
				}
			}
		}
	}
	return out
}

// testsDoNotSleep: a test that waits for the wall clock is slow on a fast
// machine and wrong on a slow one.
func testsDoNotSleep(t *tree) []finding {
	var out []finding
	for _, p := range t.sorted() {
		for _, s := range p.tests {
			clock, bubble := "", false
			for _, spec := range s.ast.Imports {
				switch spec.Path.Value {
				case `"time"`:
					clock = "time"
					if spec.Name != nil {
						clock = spec.Name.Name
					}
				case `"testing/synctest"`:
					bubble = true
				}
			}
			if clock == "" || bubble {
				continue
			}
			ast.Inspect(s.ast, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
					if x, ok := sel.X.(*ast.Ident); ok && x.Name == clock && x.Obj == nil {
						out = append(out, finding{t.at(sel), "a test sleeps on the wall clock",
							"run it in a bubble of testing/synctest, or wait for the event itself"})
					}
				}
				return true
			})
		}
	}
	return out
}
