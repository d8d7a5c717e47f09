package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// serveCommand is the first argument of a server process; the contender's name,
// the task's and the prefix of the profiles follow.
const serveCommand = "serve"

// A process is a server in a process of its own, as its client sees it.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Scanner
	addr    string
}

// spawn starts this program again as the server of a contender and waits until
// it listens. It is killed when ctx ends.
func spawn(ctx context.Context, c contender, t task, profiles string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, serveCommand, c.name, t.name, profiles)
	// One processor, and otherwise the runtime's defaults: settings of whoever
	// runs the benchmark would be part of the numbers.
	cmd.Env = []string{"GOMAXPROCS=1"}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	release := useCore(serverCore)
	err = cmd.Start()
	release()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, in: in, answers: bufio.NewScanner(out)}
	if p.addr, err = p.line(); err != nil {
		return nil, errors.Join(fmt.Errorf("start server %s: %w", c.name, err), p.stop())
	}
	return p, nil
}

func (p *process) line() (string, error) {
	if p.answers.Scan() {
		return p.answers.Text(), nil
	}
	if err := p.answers.Err(); err != nil {
		return "", err
	}
	return "", io.ErrUnexpectedEOF
}

// usage asks what the server has used so far.
func (p *process) usage() (u measure.Usage, err error) {
	line, err := p.ask(askUsage)
	if err != nil {
		return measure.Usage{}, err
	}
	var ns int64
	if _, err := fmt.Sscan(line, &ns, &u.Allocs, &u.Bytes); err != nil {
		return measure.Usage{}, fmt.Errorf("read usage %q: %w", line, err)
	}
	u.CPU = time.Duration(ns)
	return u, nil
}

// memory asks for the bytes that are resident after a collection.
func (p *process) memory() (int64, error) {
	line, err := p.ask(askMemory)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(line, 10, 64)
}

func (p *process) ask(question string) (string, error) {
	if _, err := fmt.Fprintln(p.in, question); err != nil {
		return "", err
	}
	return p.line()
}

// stop ends the server and waits for its end.
func (p *process) stop() error { return errors.Join(p.in.Close(), p.cmd.Wait()) }
