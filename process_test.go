package ashlar_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestMain runs an app in place of the tests when it is called by process.
func TestMain(m *testing.M) {
	args, ok := os.LookupEnv("ASHLAR_TEST_ARGS")
	if !ok {
		os.Exit(m.Run())
	}
	os.Args = append([]string{"app"}, strings.Fields(args)...)
	app := ashlar.New(ashlar.Config{Name: "reel", Addr: "127.0.0.1:0", DrainTimeout: time.Minute}, ashlar.Module{Name: "mod",
		Setup: func(s *ashlar.Setup) error {
			s.Run(ashlar.Service{Stop: func(context.Context) error { fmt.Fprintln(os.Stderr, "service stopped"); return nil }})
			s.Command(ashlar.Command{Name: "fail", Run: func(context.Context, *ashlar.Call) error { return errors.New("no luck") }})
			return nil
		}})
	app.Get("/slow", func(c *ashlar.Ctx) error {
		fmt.Fprintln(os.Stderr, "request entered")
		select {} // never ends
	})
	app.Main()
}

// process starts an app as a process of its own.
func process(t *testing.T, args string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), "ASHLAR_TEST_ARGS="+args)
	r, err := cmd.StderrPipe()
	want.NoErr(t, err)
	want.NoErr(t, cmd.Start())
	return cmd, bufio.NewReader(r)
}

// lineOf reads what a process writes, up to the line that holds part.
func lineOf(r *bufio.Reader, part string) string {
	for {
		line, err := r.ReadString('\n')
		if strings.Contains(line, part) || err != nil {
			return line
		}
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	for _, sig := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		cmd, log := process(t, "serve")
		lineOf(log, "listening")
		want.NoErr(t, cmd.Process.Signal(sig))
		want.Contains(t, lineOf(log, "service stopped"), "service stopped")
		want.NoErr(t, cmd.Wait()) // exit code 0
	}
}

// A request that never ends keeps the process for DrainTimeout; who cannot
// wait sends a second signal.
func TestSecondSignalKills(t *testing.T) {
	t.Parallel()
	cmd, log := process(t, "serve")
	m := urlInLog.FindStringSubmatch(lineOf(log, "listening"))
	go func() { _, _ = http.Get(strings.Replace(m[1], "localhost", "127.0.0.1", 1) + "/slow") }() //nolint:bodyclose,noctx // ends with the process
	lineOf(log, "request entered")
	want.NoErr(t, cmd.Process.Signal(syscall.SIGTERM))
	lineOf(log, "stopping")
	// One that comes right away counts as the same.
	want.NoErr(t, cmd.Process.Signal(syscall.SIGTERM))
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	var err error
	for waiting := true; waiting; {
		select {
		case err = <-ended:
			waiting = false
		case <-again.C:
			_ = cmd.Process.Signal(syscall.SIGTERM) // it may just have ended
		}
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("got %v, want an end by the signal", err)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for args, c := range map[string]struct {
		code int
		line string
	}{
		"version":          {0, ""},
		"check":            {0, ""},
		"help":             {0, ""},
		"routes --help":    {0, ""},
		"fail":             {1, "reel: no luck"},
		"nonsense":         {2, `reel: no command "nonsense"`},
		"routes --bogus":   {2, "--bogus"},
		"routes extra":     {2, `reel: unexpected argument "extra"`},
		"--bogus=1":        {2, "--bogus"},
		"serve extra":      {2, `reel: unexpected argument "extra"`},
		"--timeout=0 help": {0, ""},
		"--timeout=0s":     {1, "timeout"},
	} {
		cmd, log := process(t, args)
		line := lineOf(log, "reel:")
		err := cmd.Wait()
		if got := cmd.ProcessState.ExitCode(); got != c.code || !strings.Contains(line, c.line) {
			t.Errorf("%s: got exit code %d, %q (%v), want %d, %q", args, got, line, err, c.code, c.line)
		}
	}
}
