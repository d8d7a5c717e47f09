// Command view measures what package view costs beside html/template, which
// it is made of: a page of 20 films in a layout, with a partial for each film.
//
//	go -C bench run ./view
//
// They take turns, in rounds; what counts is the CPU time of a page, and of
// that the ratio to html/template within the round. The results are written to
// view/RESULTS.md.
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
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "view:", err)
		os.Exit(1)
	}
}

// run is main without the process.
func run(ctx context.Context, args []string, out io.Writer) error {
	var plan measure.Schedule
	flags := flag.NewFlagSet("view", flag.ContinueOnError)
	flags.IntVar(&plan.Rounds, "rounds", 15, "`number` of slices that each contender gets, 1 to 100")
	flags.DurationVar(&plan.Slice, "slice", 200*time.Millisecond, "`time` of a slice, at most 10s")
	folder := flags.String("out", "view", "`folder` for RESULTS.md; \"\" writes none")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return errors.New("arguments are not understood; see -h")
	}
	if err := plan.Check(); err != nil {
		return err
	}
	machine, start := measure.Now(time.Now()), time.Now()
	list, err := renderers(ctx)
	if err != nil {
		return err
	}
	series, err := plan.Compare(ctx, entries(list))
	if err != nil {
		return err
	}
	page := measure.Page("Views", machine, "go -C bench run ./view", args,
		fmt.Sprintf("%d rounds of %v for each, %v in all", plan.Rounds, plan.Slice, time.Since(start).Round(time.Second)))
	return measure.Publish(page+"\n"+measure.Table(series), out, *folder)
}
