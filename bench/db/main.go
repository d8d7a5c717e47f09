// Command db measures what package db costs on SQLite beside database/sql
// written by hand and Bun, with the same driver, the same settings and the same rows:
//
//	go -C bench run ./db
//	go -C bench run ./db -rounds 5 -slice 50ms -out ""    a short look; writes no file
//
// Each contender has a database file of its own. They take turns, in rounds;
// what counts is the CPU time of a call, and of that the ratio to prepared
// statements within the round. The results are written to db/RESULTS.md.
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
		fmt.Fprintln(os.Stderr, "db:", err)
		os.Exit(1)
	}
}

// run is main without the process.
func run(ctx context.Context, args []string, out io.Writer) error {
	var plan measure.Schedule
	flags := flag.NewFlagSet("db", flag.ContinueOnError)
	flags.IntVar(&plan.Rounds, "rounds", 15, "`number` of slices that each contender gets per task, 1 to 100")
	flags.DurationVar(&plan.Slice, "slice", 200*time.Millisecond, "`time` of a slice, at most 10s")
	folder := flags.String("out", "db", "`folder` for RESULTS.md; \"\" writes none")
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
	tables, err := compare(ctx, plan)
	if err != nil {
		return err
	}
	page := measure.Page("Database", machine, "go -C bench run ./db", args,
		"Bun "+measure.Version("github.com/uptrace/bun"),
		fmt.Sprintf("modernc.org/sqlite %s for all, WAL, synchronous FULL, %d rows of 8 columns in the table",
			measure.Version("modernc.org/sqlite"), filmCount),
		fmt.Sprintf("%d rounds of %v for each contender and task, %v in all", plan.Rounds, plan.Slice, time.Since(start).Round(time.Second)))
	return measure.Publish(page+tables, out, *folder)
}

// compare measures all tasks on files in a folder that it removes again, and
// returns their tables.
func compare(ctx context.Context, plan measure.Schedule) (tables string, err error) {
	folder, err := os.MkdirTemp("", "ashlar-bench-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	stores, closeAll, err := openAll(ctx, folder)
	defer func() { err = errors.Join(err, closeAll()) }()
	if err != nil {
		return "", err
	}
	for _, t := range tasks {
		var entries []measure.Entry
		for i, c := range contenders {
			e := t.entry(stores[i])
			e.Title = c.title
			entries = append(entries, e)
		}
		list, err := plan.Compare(ctx, entries)
		if err != nil {
			return "", fmt.Errorf("%s: %w", t.title, err)
		}
		tables += "\n## " + t.title + "\n\n" + measure.Table(list)
	}
	return tables, nil
}

// openAll opens all stores, each on a seeded file of its own.
func openAll(ctx context.Context, folder string) (stores []store, closeAll func() error, err error) {
	closeAll = func() error {
		var problems []error
		for _, s := range stores {
			problems = append(problems, s.close())
		}
		return errors.Join(problems...)
	}
	for _, c := range contenders {
		file, err := seed(ctx, folder, c.name)
		if err != nil {
			return nil, closeAll, err
		}
		s, err := c.open(file)
		if err != nil {
			return nil, closeAll, err
		}
		stores = append(stores, s)
	}
	return stores, closeAll, nil
}
