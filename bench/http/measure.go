package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// A plan says how long to measure.
type plan struct {
	rounds      int
	slice       time.Duration
	connections int
	idle        int           // connections that wait
	settle      time.Duration // before their memory is looked at
	profiles    string        // folder for profiles of the servers, or ""
}

// A result is what was measured of one contender at one task, a number per
// round.
type result struct {
	contender contender
	size      int       // of an answer, head and body, in bytes
	cpu       []float64 // seconds of the server's CPU per request
	rate      []float64 // requests per second
	busy      []float64 // the server's CPU time per time that passed
	allocs    []float64 // objects allocated per request
	bytes     []float64 // bytes allocated per request
}

// faster returns how much less CPU r needs per request than base does, from
// the ratios within the rounds: what else the machine did in a round, it did
// to both.
func (r *result) faster(base *result) measure.Spread {
	ratios := make([]float64, len(r.cpu))
	for i := range ratios {
		ratios[i] = base.cpu[i] / r.cpu[i]
	}
	return measure.Quartiles(ratios)
}

// A lane is a server with its client.
type lane struct {
	server *process
	load   *load
	result *result
}

// measureTask measures all contenders at one task: servers side by side, one
// slice of time each in turn. Each round begins with another one.
func measureTask(ctx context.Context, p plan, t task, all []contender) (_ []*result, err error) {
	var lanes []*lane
	defer func() {
		for _, l := range lanes {
			err = errors.Join(err, l.close())
		}
	}()
	for _, c := range t.among(all) {
		l, err := p.lane(ctx, t, c)
		if err != nil {
			return nil, fmt.Errorf("%s at task %s: %w", c.name, t.name, err)
		}
		lanes = append(lanes, l)
	}
	for round := range p.rounds {
		for i := range lanes {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			l := lanes[(round+i)%len(lanes)]
			if err := l.slice(p.slice); err != nil {
				return nil, fmt.Errorf("%s at task %s: %w", l.result.contender.name, t.name, err)
			}
		}
	}
	var results []*result
	for _, l := range lanes {
		results = append(results, l.result)
	}
	return results, nil
}

// lane starts a server, checks its answer and warms it up.
func (p plan) lane(ctx context.Context, t task, c contender) (*lane, error) {
	profiles := ""
	if p.profiles != "" {
		profiles = filepath.Join(p.profiles, strings.ReplaceAll(c.name, "/", "-")+"-"+t.name)
	}
	server, err := spawn(ctx, c, t, profiles)
	if err != nil {
		return nil, err
	}
	load, err := dial(server.addr, p.connections, t)
	if err != nil {
		return nil, errors.Join(err, server.stop())
	}
	l := &lane{server, load, &result{contender: c}}
	if l.result.size, err = load.check(t); err == nil {
		_, err = load.run(p.slice / 4)
	}
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

// slice measures for a time.
func (l *lane) slice(d time.Duration) error {
	before, err := l.server.usage()
	if err != nil {
		return err
	}
	start := time.Now()
	n, err := l.load.run(d)
	if err != nil {
		return err
	}
	took := time.Since(start).Seconds()
	after, err := l.server.usage()
	if err != nil {
		return err
	}
	used, requests, r := after.Sub(before), float64(n), l.result
	r.cpu = append(r.cpu, used.CPU.Seconds()/requests)
	r.rate = append(r.rate, requests/took)
	r.busy = append(r.busy, used.CPU.Seconds()/took)
	r.allocs = append(r.allocs, float64(used.Allocs)/requests)
	r.bytes = append(r.bytes, float64(used.Bytes)/requests)
	return nil
}

// close ends the client before the server, whose end waits for it.
func (l *lane) close() error { return errors.Join(l.load.close(), l.server.stop()) }
