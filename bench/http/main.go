// Command http measures what a request costs in Ashlar and in other routers,
// frameworks and servers for Go, on this machine, through the loopback device:
//
//	go -C bench run ./http                  all of it, a quarter of an hour
//	go -C bench run ./http -only chi,json   one peer, one task; writes no file
//	go -C bench run ./http -gate            is Ashlar as good as it was? 90 seconds
//
// Every contender is a process of its own with one processor (this program,
// started again), and is asked for the same answer by 64 connections. They take
// turns of a second, in rounds; what counts is the server's CPU time per
// request, and of that the ratio to a peer within the round. The machine may
// be noisy; the rounds make up for that. The results are written to
// http/RESULTS.md and http/results.svg.
//
// It needs Linux, for epoll and /proc.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "http:", err)
		os.Exit(1)
	}
}

// run is main without the process.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) == 4 && args[0] == serveCommand {
		return runServer(args[1], args[2], args[3], in, out)
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	r := &report{args: args, machine: measure.Now(time.Now()), plan: o.plan}
	if o.gate {
		return r.runGate(ctx, o.choice, out)
	}
	if err := r.measure(ctx, o.choice); err != nil {
		return err
	}
	if err := r.writeTo(out); err != nil || o.partly || o.plan.profiles != "" || o.folder == "" {
		return err
	}
	return r.save(o.folder)
}

// options are the command line.
type options struct {
	plan   plan
	choice choice
	partly bool // not everything was chosen
	gate   bool
	folder string
}

func parse(args []string) (o options, err error) {
	var only string
	flags := flag.NewFlagSet("http", flag.ContinueOnError)
	flags.IntVar(&o.plan.rounds, "rounds", 0, "`number` of slices that each contender gets per task, 1 to 100 (default 9, with -gate 8)")
	flags.DurationVar(&o.plan.slice, "slice", 0, "`time` of a slice, at most 10s (default 1s, with -gate 120ms)")
	flags.IntVar(&o.plan.idle, "idle", 5000, "`number` of connections that wait, 1 to 10000")
	flags.DurationVar(&o.plan.settle, "settle", 3*time.Second, "`time` that they wait before memory is looked at, at most 1m")
	flags.StringVar(&only, "only", "", "`names` of contenders and tasks, between commas: "+strings.Join(names(), " "))
	flags.BoolVar(&o.gate, "gate", false, "fail when Ashlar is worse than it was, and write no file")
	flags.StringVar(&o.folder, "out", "http", "`folder` for RESULTS.md and results.svg; with -only they are not written")
	flags.StringVar(&o.plan.profiles, "profiles", "", "`folder` for profiles of the servers, in place of the results")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if !given["rounds"] {
		o.plan.rounds = usual(o.gate, 8, 9)
	}
	if !given["slice"] {
		o.plan.slice = usual(o.gate, 120*time.Millisecond, time.Second)
	}
	p := o.plan
	if p.rounds < 1 || p.rounds > 100 || p.slice <= 0 || p.slice > 10*time.Second || p.idle < 1 || p.idle > 10000 ||
		p.settle < 0 || p.settle > time.Minute || flags.NArg() > 0 {
		return o, errors.New("wrong arguments; see -h")
	}
	o.partly, o.plan.connections = only != "", 64
	o.choice, err = choose(only)
	return o, err
}

func usual[T any](gate bool, short, long T) T {
	if gate {
		return short
	}
	return long
}

// measure runs the plan, within a time of three times what it should take.
func (r *report) measure(ctx context.Context, what choice) (err error) {
	slices := (r.plan.rounds + 1) * len(what.contenders) * len(what.tasks)
	ctx, cancel := context.WithTimeout(ctx, 3*time.Duration(slices)*r.plan.slice+5*time.Minute)
	defer cancel()
	start := time.Now()
	for _, t := range what.tasks {
		results, err := measureTask(ctx, r.plan, t, what.contenders)
		if err != nil {
			return err
		}
		r.sections = append(r.sections, section{t, results})
	}
	if what.idle {
		if r.idle, err = measureIdle(ctx, r.plan, what.contenders); err != nil {
			return err
		}
	}
	r.took, r.loadAfter = time.Since(start), measure.Load()
	return nil
}

// save writes the page and the picture.
func (r *report) save(folder string) error {
	for name, write := range map[string]func(io.Writer) error{"RESULTS.md": r.writeTo, "results.svg": r.drawTo} {
		var b strings.Builder
		if err := write(&b); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(b.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// runServer is the server process.
func runServer(name, taskName, profiles string, in io.Reader, out io.Writer) error {
	c, ok := findContender(name)
	if !ok {
		return fmt.Errorf("no contender %q", name)
	}
	t, ok := findTask(taskName)
	if !ok {
		return fmt.Errorf("no task %q", taskName)
	}
	srv, err := c.server(t)
	if err != nil {
		return err
	}
	return serve(srv, in, out, profiles)
}
