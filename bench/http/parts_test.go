package main

import (
	"context"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	const everyone = "net/http chi gin echo hertz fasthttp fiber ashlar-action ashlar-ctx ashlar-mount ashlar-ctx-std"
	const everything = "hello json route stages pipelined browser list post mount"
	for only, test := range map[string]struct {
		contenders, tasks string
		idle              bool
	}{
		"":                {everyone, everything, true},
		"json":            {everyone, "json", false},
		"chi,net/http":    {"net/http chi", everything, true},
		"ashlar-ctx,json": {"net/http ashlar-ctx", "json", false},
		"fiber,idle":      {"net/http fiber", "", true},
		"post,idle":       {everyone, "post", true},
	} {
		got, err := choose(only)
		want.NoErr(t, err)
		var cs, ts []string
		for _, c := range got.contenders {
			cs = append(cs, c.name)
		}
		for _, t := range got.tasks {
			ts = append(ts, t.name)
		}
		want.Equal(t, strings.Join(cs, " "), test.contenders)
		want.Equal(t, strings.Join(ts, " "), test.tasks)
		want.Equal(t, got.idle, test.idle)
	}
	if _, err := choose("gorilla"); err == nil {
		t.Error("got no error for an unknown name, want one")
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-rounds 0", "-rounds 101", "-slice 11s", "-slice 0s", "-idle 0", "-settle 2m", "more", "-only gorilla", "-unknown"} {
		if err := run(context.Background(), strings.Fields(args), strings.NewReader(""), &strings.Builder{}); err == nil {
			t.Errorf("got no error for the arguments %q, want one", args)
		}
	}
}

func TestAnswerSize(t *testing.T) {
	t.Parallel()
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for in, test := range map[string]struct {
		size int
		ok   bool
	}{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n":            {0, true},
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n":        {40, true},
		"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n":        {0, false},
		"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n":        {0, false},
		"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n": {0, false},
		chunked:                                    {0, true},
		chunked + "2\r\nok\r\n":                    {0, true},
		chunked + "2\r\nok\r\n0\r\n":               {0, true},
		chunked + "2\r\nok\r\n0\r\n\r\n":           {59, true},
		chunked + "2\r\nok\r\n0\r\n\r\nHTTP/1.1 2": {59, true},
		chunked + "2\r\nokay":                      {0, false},
		chunked + "x\r\n":                          {0, false},
	} {
		size, err := answerSize([]byte(in))
		if size != test.size || (err == nil) != test.ok {
			t.Errorf("got size %d and error %v of %q, want size %d and success %v", size, err, in, test.size, test.ok)
		}
	}
}

// sample is a report of one round: ctx needs what is told, the peers 20 µs.
func sample(ours float64) *report {
	r := &report{}
	task := tasks[0]
	s := section{task: task}
	for _, c := range task.among(contenders[:]) {
		cpu := 20e-6
		if c.ours() {
			cpu = ours
		}
		s.results = append(s.results, &result{contender: c, cpu: []float64{cpu}, allocs: []float64{float64(allocations[task.name][c.name])}})
	}
	r.sections = []section{s}
	return r
}

func TestTargets(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	sample(10e-6).writeTargets(&b) // twice as good as the peers
	want.Contains(t, b.String(), "| Plaintext | ctx | ≥ 2.20 | **2.00** | **2.00** | ≥ 1.10 | 2.00 | 2.00 |", "4 of 8 targets are **not reached**")
	b.Reset()
	sample(5e-6).writeTargets(&b)
	want.Contains(t, b.String(), "All 8 targets are reached.")
	idle := verdict{task: idleTask, target: idleTarget, reached: measure.Spread{Median: 2 * idleTarget}}
	want.Equal(t, idle.under(), true)
}

func TestGateAllocations(t *testing.T) {
	t.Parallel()
	r := sample(1)
	var b strings.Builder
	want.Equal(t, r.gateAllocations(&b), 0)
	want.Equal(t, b.String(), "Allocations a request\n")
	us := r.sections[0].find("ashlar-ctx")
	us.allocs[0]++
	want.Equal(t, r.gateAllocations(&b), 1)
	us.allocs[0] -= 2
	want.Equal(t, r.gateAllocations(&b), 0)
	want.Contains(t, b.String(), "MORE     hello, ashlar-ctx", "fewer    hello, ashlar-ctx", `as a line of the table: "hello": {"ashlar-action": `)
}

// A ratio that nobody knows to be bad fails the gate; one in the table does
// not.
func TestGateTargets(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	unknown := verdict{task: "none", ours: "ashlar-ctx", peer: "gin", target: 2, reached: measure.Spread{Median: 1}}
	want.Equal(t, unknown.known(), "")
	want.Equal(t, shortfall{task: "none", why: "x"}.covers(unknown), true)
	want.Equal(t, shortfall{task: "none", peer: "fiber"}.covers(unknown), false)
	want.Equal(t, sample(5e-6).gateTargets(&b), 0)
	want.Contains(t, b.String(), "reached  hello, ashlar-ctx against net/http: 4.00")
}
