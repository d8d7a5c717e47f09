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
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
	"github.com/ashlar-go/ashlar/httpd"
)

// serve is the server process: it serves h on an address of its own, which it
// writes on the first line of out, and answers each line of in with what it has
// used so far. It ends with in, so it cannot outlive the process that started
// it. All contenders are served alike, with the limits that Ashlar has by
// default and that every server on the internet needs.
func serve(h http.Handler, in io.Reader, out io.Writer, profiles string) error {
	stopProfiles, err := startProfiles(profiles)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var srv interface {
		Serve(net.Listener) error
		Shutdown(context.Context) error
	} = &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
	if app, ok := h.(onOwn); ok {
		srv = &httpd.Server{Handler: app.App} // whose limits are the same by default
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()
	fmt.Fprintln(out, listener.Addr())
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		u, err := measure.Used()
		if err != nil {
			return err
		}
		fmt.Fprintln(out, u.CPU.Nanoseconds(), u.Allocs, u.Bytes)
	}
	err = errors.Join(lines.Err(), srv.Shutdown(context.Background()), stopProfiles())
	if e := <-ended; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
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
