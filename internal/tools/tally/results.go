package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// An event is a line of "go test -json" (go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build-output
	FailedBuild string
	Test        string
	Output      string
}

// A key names a test, or a whole package when Test is empty.
type key struct{ Package, Test string }

type result struct {
	action string // pass, fail or skip
	output []string
}

// results are tests in the order in which they ended.
type results struct {
	order []key
	by    map[key]*result
	build map[string][]string // compiler output by import path
	stray []string            // lines that are not JSON, such as a failure to start
}

func (r *results) read(in io.Reader) error {
	if r.by == nil {
		r.by, r.build = map[key]*result{}, map[string][]string{}
	}
	running := map[key]*result{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			r.stray = append(r.stray, lines.Text()+"\n")
			continue
		}
		k := key{e.Package, e.Test}
		if running[k] == nil {
			running[k] = &result{}
		}
		switch e.Action {
		case "output":
			running[k].output = append(running[k].output, e.Output)
		case "build-output":
			r.build[e.ImportPath] = append(r.build[e.ImportPath], e.Output)
		case "pass", "fail", "skip":
			if e.Action == "skip" && r.by[k] != nil {
				continue
			}
			if r.by[k] == nil {
				r.order = append(r.order, k)
			}
			running[k].action = e.Action
			if e.FailedBuild != "" {
				running[k].output = append(r.build[e.FailedBuild], running[k].output...)
			}
			r.by[k] = running[k]
		}
	}
	return lines.Err()
}

// leaves calls yield for each test without subtests, and for each package that
// failed although none of its tests did: it did not compile, or it died.
func (r *results) leaves(yield func(key, *result)) {
	parent, failed := map[key]bool{}, map[string]bool{}
	for _, k := range r.order {
		for i := range len(k.Test) {
			if k.Test[i] == '/' {
				parent[key{k.Package, k.Test[:i]}] = true
			}
		}
		if k.Test != "" && r.by[k].action == "fail" {
			failed[k.Package] = true
		}
	}
	childFailed := func(k key) bool {
		for _, other := range r.order {
			if other.Package == k.Package && strings.HasPrefix(other.Test, k.Test+"/") && r.by[other].action == "fail" {
				return true
			}
		}
		return false
	}
	for _, k := range r.order {
		res := r.by[k]
		switch {
		case k.Test == "" && (res.action != "fail" || failed[k.Package]):
		case parent[k] && (res.action != "fail" || childFailed(k)):
		default:
			yield(k, res)
		}
	}
}

func (r *results) printFailures(w io.Writer) {
	for _, l := range r.stray {
		fmt.Fprint(w, l)
	}
	r.leaves(func(k key, res *result) {
		if res.action == "fail" {
			fmt.Fprintf(w, "--- %s %s\n%s", k.Package, k.Test, strings.Join(res.output, ""))
		}
	})
}

// printSummary names every skipped test and ends with the closing line.
func (r *results) printSummary(w io.Writer, step string) {
	var passed, failed, skipped int
	r.leaves(func(k key, res *result) {
		switch res.action {
		case "pass":
			passed++
		case "fail":
			failed++
		case "skip":
			skipped++
			fmt.Fprintf(w, "skipped %s %s: %s\n", k.Package, k.Test, res.reason())
		}
	})
	if failed == 0 && step != "" {
		failed++
	}
	if step != "" {
		fmt.Fprintf(w, "stopped at the step %q\n", step)
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", passed, failed, skipped)
}

// reason is what the test said before it skipped itself.
func (res *result) reason() string {
	var said []string
	for _, l := range res.output {
		l = strings.TrimSpace(l)
		if l != "" && !strings.HasPrefix(l, "===") && !strings.HasPrefix(l, "---") {
			said = append(said, l)
		}
	}
	if said == nil {
		return "no reason given"
	}
	return strings.Join(said, " ")
}
