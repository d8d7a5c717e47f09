// Tally reads what "go test -json" wrote to files.
//
//	tally out/*.json             every skipped test with its reason, then the closing line
//	tally -failures out/x.json   the output of what failed, and nothing else
//
// A test that several files report counts once, and as skipped only if none of
// them ran it: what one step skips, another may be for. Only leaves count: a
// test with subtests is the sum of them.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	failures := flag.Bool("failures", false, "print the output of what failed")
	step := flag.String("failed-step", "", "name of the step that stopped the run; counts as a failure if no test failed")
	flag.Parse()
	if err := run(os.Stdout, flag.Args(), *failures, *step); err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, files []string, failures bool, step string) error {
	var r results
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = r.read(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	if failures {
		r.printFailures(w)
		return nil
	}
	r.printSummary(w, step)
	return nil
}
