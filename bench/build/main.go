// Command build measures what generated models cost the compiler: it writes a
// package of 100 models with 12 columns and 2 relations each into a temporary module, has
// their tables generated, and compiles that one package, all else being built
// before; and then a package that uses 20 of them, of which alone a line changed.
//
//	go -C bench run ./build
//
// It tells, per round, the CPU seconds, the time, and the largest process of the
// go command, which is the compiler, and writes that to build/RESULTS.md.
//
// It needs a Unix: the CPU time of processes that ended is in their rusage.
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
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// run is main without the process.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	models := flags.Int("models", 100, "`number` of models, 1 to 500")
	rounds := flags.Int("rounds", 5, "`number` of builds, 1 to 50")
	root := flags.String("ashlar", "..", "`folder` of Ashlar's module")
	folder := flags.String("out", "build", "`folder` for RESULTS.md; \"\" writes none")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *models < 1 || *models > 500 || *rounds < 1 || *rounds > 50 || flags.NArg() > 0 {
		return errors.New("wrong arguments; see -h")
	}
	machine := measure.Now(time.Now())
	s, err := newSample(*root, *models)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	r, err := s.measure(ctx, *rounds)
	if err != nil {
		return err
	}
	return measure.Publish(r.page(machine, args), out, *folder)
}
