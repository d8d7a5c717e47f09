// Command db measures what package db costs beside the raw drivers by hand,
// code that sqlc generates, Bun, GORM and Ent, on SQLite, PostgreSQL and MariaDB:
//
//	go -C bench run ./db                          all of it, fifteen minutes
//	go -C bench run ./db -only postgres,bun,get   one dbms, one peer, one task; writes no file
//	go -C bench run ./db -gate                    is Ashlar as good as it was? half a minute
//
// Each contender has a database of its own with the same rows, and is looked at
// before it is measured: does it read what is there? All run in this process
// and take turns, in rounds; what counts are the ratios to the code by hand
// within the round, of CPU time and of time. The results are written to
// db/RESULTS.md and db/results.svg.
//
// Servers are started from what is installed, or named by
// ASHLAR_TEST_POSTGRES_URL and ASHLAR_TEST_MARIADB_URL. It needs a Unix:
// getrusage tells the CPU time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "db:", err)
		os.Exit(1)
	}
}

// options are the command line.
type options struct {
	plan    measure.Schedule
	choice  choice
	partly  bool // not everything was chosen
	gate    bool
	folder  string
	profile string
}

// run is main without the process.
func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	r := &report{args: args, machine: measure.Now(time.Now()), plan: o.plan}
	stop, err := profiling(o.profile)
	if err != nil {
		return err
	}
	if o.gate {
		return errors.Join(r.runGate(ctx, o.choice, out), stop())
	}
	if err := errors.Join(r.measure(ctx, o.choice), stop()); err != nil {
		return err
	}
	if o.partly || o.profile != "" {
		o.folder = ""
	}
	return r.publish(out, o.folder)
}

func parse(args []string) (o options, err error) {
	var only string
	flags := flag.NewFlagSet("db", flag.ContinueOnError)
	flags.IntVar(&o.plan.Rounds, "rounds", 0, "`number` of slices that each contender gets per task, 1 to 100 (default 21, with -gate 4)")
	flags.DurationVar(&o.plan.Slice, "slice", 0, "`time` of a slice, at most 10s (default 180ms, with -gate 20ms)")
	flags.StringVar(&only, "only", "", "`names` of engines, contenders and tasks, between commas: "+strings.Join(names(), " "))
	flags.BoolVar(&o.gate, "gate", false, "fail when Ashlar is worse than it was, and write no file")
	flags.StringVar(&o.folder, "out", "db", "`folder` for RESULTS.md and results.svg; \"\" writes none")
	flags.StringVar(&o.profile, "profile", "", "`file` for a CPU profile, labelled by contender but for the web tests; no results are written")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, errors.New("arguments are not understood; see -h")
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	rounds, slice := 21, 180*time.Millisecond
	if o.gate {
		rounds, slice = 4, 20*time.Millisecond
	}
	if !given["rounds"] {
		o.plan.Rounds = rounds
	}
	if !given["slice"] {
		o.plan.Slice = slice
	}
	if err := o.plan.Check(); err != nil {
		return o, err
	}
	o.partly = only != ""
	o.choice, err = choose(only)
	return o, err
}

// A choice is what is to be measured.
type choice struct {
	engines    []dbms
	contenders []contender
	tasks      []task
}

// choose returns what a list such as "postgres,bun,get" names. Where it names
// none of a kind, all of it are meant. The baseline is always there.
func choose(only string) (c choice, err error) {
	asked := strings.Split(only, ",")
	for _, name := range asked {
		if name != "" && !slices.Contains(names(), name) {
			return c, fmt.Errorf("-only: no engine, contender or task %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	pick := func(n int, name func(int) string) func(int) bool {
		any := false
		for i := range n {
			any = any || slices.Contains(asked, name(i))
		}
		return func(i int) bool { return !any || slices.Contains(asked, name(i)) }
	}
	chosen := pick(len(engines), func(i int) string { return engines[i].name })
	for i, e := range engines {
		if chosen(i) {
			c.engines = append(c.engines, e)
		}
	}
	chosen = pick(len(contenders), func(i int) string { return contenders[i].name })
	for i, k := range contenders {
		if i == 0 || chosen(i) {
			c.contenders = append(c.contenders, k)
		}
	}
	chosen = pick(len(tasks), func(i int) string { return tasks[i].name })
	for i, t := range tasks {
		if chosen(i) {
			c.tasks = append(c.tasks, t)
		}
	}
	return c, nil
}

// names are those that -only knows.
func names() (list []string) {
	for _, e := range engines {
		list = append(list, e.name)
	}
	for _, c := range contenders {
		list = append(list, c.name)
	}
	for _, t := range tasks {
		list = append(list, t.name)
	}
	return list
}
