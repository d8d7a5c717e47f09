package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// The questions that a server process answers, one per line.
const (
	askUsage  = "usage"  // nanoseconds of CPU, objects and bytes allocated so far
	askMemory = "memory" // bytes that are resident after a collection
)

// serve is the server process: it serves on an address of its own, which it
// writes on the first line of out, and answers the lines of in. It ends with
// in, so it cannot outlive the process that started it.
func serve(srv server, in io.Reader, out io.Writer, profiles string) error {
	stopProfiles, err := startProfiles(profiles)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()
	fmt.Fprintln(out, listener.Addr())
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if err := answerLine(lines.Text(), out); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err = errors.Join(lines.Err(), srv.Shutdown(ctx), stopProfiles())
	if e := <-ended; e != nil && !errors.Is(e, http.ErrServerClosed) && !errors.Is(e, net.ErrClosed) {
		err = errors.Join(err, e)
	}
	return err
}

func answerLine(question string, out io.Writer) error {
	if question == askMemory {
		n, err := measure.Resident()
		fmt.Fprintln(out, n)
		return err
	}
	u, err := measure.Used()
	fmt.Fprintln(out, u.CPU.Nanoseconds(), u.Allocs, u.Bytes)
	return err
}

// startProfiles begins to profile this process unless prefix is "". What it
// returns writes <prefix>.cpu and <prefix>.allocs.
func startProfiles(prefix string) (stop func() error, err error) {
	if prefix == "" {
		return func() error { return nil }, nil
	}
	// An allocation in four requests or so: enough to know each place in the
	// code by its share, and too few to be seen in the CPU profile.
	runtime.MemProfileRate = 16 << 10
	cpu, err := os.Create(prefix + ".cpu")
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		allocs, err := os.Create(prefix + ".allocs")
		if err != nil {
			return err
		}
		runtime.GC() // completes the profile
		return errors.Join(cpu.Close(), pprof.Lookup("allocs").WriteTo(allocs, 0), allocs.Close())
	}, nil
}
