package main

import (
	"context"
	"errors"
	"os"
	"runtime/pprof"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// profiling starts a CPU profile, if file is one, and returns what ends it.
//
//	go -C bench run ./db -only postgres,ashlar,get -profile /tmp/p
//	go tool pprof -tagfocus Ashlar -top /tmp/p
func profiling(file string) (stop func() error, err error) {
	if file == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// labelled has e's calls labelled in a profile.
func labelled(e measure.Entry) measure.Entry {
	run := e.Run
	e.Run = func(ctx context.Context) (n int, err error) {
		pprof.Do(ctx, pprof.Labels("contender", e.Title), func(ctx context.Context) { n, err = run(ctx) })
		return n, err
	}
	return e
}
