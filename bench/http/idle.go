package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// idleTarget is what a connection that waits may hold, in bytes.
const idleTarget = 12 << 10

// An idleResult is what a connection of a contender holds while it waits for
// its next request.
type idleResult struct {
	contender contender
	bytes     float64 // resident, of the server's process
}

// measureIdle opens p.idle connections to each contender, one after the other,
// asks for a plaintext on each, lets them wait for p.settle, as a server may take
// a while to see that nothing comes, and looks at what its memory has grown by.
func measureIdle(ctx context.Context, p plan, cs []contender) ([]idleResult, error) {
	var list []idleResult
	for _, c := range cs {
		bytes, err := p.waiting(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("%s at task %s: %w", c.name, idleTask, err)
		}
		list = append(list, idleResult{c, bytes})
	}
	return list, nil
}

// waiting returns what a connection to c holds.
func (p plan) waiting(ctx context.Context, c contender) (bytes float64, err error) {
	server, err := spawn(ctx, c, tasks[0], "")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	one, err := answered(server.addr, 1)
	if err != nil {
		return 0, err
	}
	before, err := server.memory() // all that is made once has been made
	if err := errors.Join(err, one.close()); err != nil {
		return 0, err
	}
	all, err := answered(server.addr, p.idle)
	if err != nil {
		return 0, err
	}
	select {
	case <-ctx.Done():
	case <-time.After(p.settle):
	}
	after, err := server.memory()
	return float64(after-before) / float64(p.idle), errors.Join(err, all.close(), ctx.Err())
}

// answered opens n connections, each of which has had one answer.
func answered(addr string, n int) (*load, error) {
	l, err := dial(addr, n, tasks[0])
	if err != nil {
		return nil, err
	}
	if _, err := l.check(tasks[0]); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}
