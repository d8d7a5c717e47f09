// Command http measures what a request costs in Ashlar and in other routers
// and frameworks over net/http, on this machine, through the loopback device:
//
//	go -C bench run ./http                  all of it, five minutes
//	go -C bench run ./http -only chi,json   one peer, one task; writes no file
//
// Every contender is a process of its own with one processor (this program,
// started again), and is asked for the same answer by 64 connections. They take
// turns of a second, in rounds; what counts is the server's CPU time per
// request, and of that the ratio to net/http within the round. The machine may
// be noisy; the rounds make up for that. The results are written to
// http/RESULTS.md and http/results.svg.
//
// It needs a Unix: getrusage tells the CPU time.
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
	var p plan
	var only, folder string
	flags := flag.NewFlagSet("http", flag.ContinueOnError)
	flags.IntVar(&p.rounds, "rounds", 15, "`number` of slices that each contender gets per task, 1 to 100")
	flags.DurationVar(&p.slice, "slice", time.Second, "`time` of a slice, at most 10s")
	flags.StringVar(&only, "only", "", "`names` of contenders and tasks, between commas: "+strings.Join(names(), " "))
	flags.StringVar(&folder, "out", "http", "`folder` for RESULTS.md and results.svg; with -only they are not written")
	flags.StringVar(&p.profiles, "profiles", "", "`folder` for profiles of the servers, in place of the results")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if p.rounds < 1 || p.rounds > 100 || p.slice <= 0 || p.slice > 10*time.Second || flags.NArg() > 0 {
		return errors.New("wrong arguments; see -h")
	}
	p.connections = 64
	cs, ts, err := choose(only)
	if err != nil {
		return err
	}
	r := &report{args: args, machine: measure.Now(time.Now()), plan: p}
	if err := r.measure(ctx, cs, ts); err != nil {
		return err
	}
	if err := r.writeTo(out); err != nil || only != "" || p.profiles != "" {
		return err
	}
	return r.save(folder)
}

// measure runs the plan, within a time of three times what it should take.
func (r *report) measure(ctx context.Context, cs []contender, ts []task) error {
	slices := (r.plan.rounds + 1) * len(cs) * len(ts)
	ctx, cancel := context.WithTimeout(ctx, 3*time.Duration(slices)*r.plan.slice+time.Minute)
	defer cancel()
	start := time.Now()
	for _, t := range ts {
		results, err := measureTask(ctx, r.plan, t, cs)
		if err != nil {
			return err
		}
		r.sections = append(r.sections, section{t, results})
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
	h, err := c.handler(t.middlewares)
	if err != nil {
		return err
	}
	return serve(h, in, out, profiles)
}
