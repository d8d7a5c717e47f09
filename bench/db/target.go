package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// ours is the contender that has targets.
const ours = "ashlar"

// A judged says what is wanted of a task.
type judged int

const (
	beatsPeers judged = iota // less CPU and time than each peer
	asRaw                    // and hardly more than code by hand
	batches                  // and far less than each peer, on an engine with batches
)

// peers are those to be faster than.
var peers = []string{"bun", "gorm", "ent"}

// The targets, as ratios to what they name.
const (
	rawTarget   = 1.10
	rawAllocs   = 3 // more than by hand
	peerTarget  = 1.00
	batchTarget = 0.30
)

// batching reports whether statements that do not wait for each other go to
// the engine in one round trip.
func (e *dbms) batching() bool { return e.name == "postgres" }

// A verdict compares ours with another contender at one task.
type verdict struct {
	engine, task, peer string  // their titles
	name               string  // of the peer
	target             float64 // of CPU and of time
	cpu, wall          measure.Spread
	allocs, more       int // allocations of ours, and how many more than by hand; judged at asRaw only
	bounded            bool
}

// slow reports whether CPU or time miss the target; what could not be measured
// does.
func (v verdict) slow() bool { return !(v.cpu.Median <= v.target && v.wall.Median <= v.target) }

func (v verdict) greedy() bool { return v.bounded && v.more > rawAllocs }

func (v verdict) under() bool { return v.slow() || v.greedy() }

func (v verdict) String() string {
	s := fmt.Sprintf("%s, %s against %s: CPU %.2f (%.2f–%.2f), time %.2f (%.2f–%.2f), target %.2f", v.engine, v.task, v.peer,
		v.cpu.Median, v.cpu.Low, v.cpu.High, v.wall.Median, v.wall.Low, v.wall.High, v.target)
	if v.bounded {
		s += fmt.Sprintf("; %d allocations, %+d, target +%d", v.allocs, v.more, rawAllocs)
	}
	return s
}

// verdicts returns those about s, none when ours did not take part.
func (s *section) verdicts() (list []verdict) {
	us := s.find(ours)
	if us == nil {
		return nil
	}
	against := func(name string, target float64) verdict {
		other := s.find(name)
		return verdict{engine: s.engine.title, task: s.task.title, peer: other.Title, name: name, target: target,
			cpu: measure.Ratios(us.CPU, other.CPU), wall: measure.Ratios(us.Wall, other.Wall)}
	}
	if s.task.judged == asRaw {
		v := against(s.names[0], rawTarget)
		v.bounded, v.allocs = true, allocs(us)
		v.more = v.allocs - allocs(s.results[0])
		list = append(list, v)
	}
	for _, name := range peers {
		if s.find(name) == nil {
			continue
		}
		target := peerTarget
		if s.task.judged == batches && s.engine.batching() {
			target = batchTarget
		}
		list = append(list, against(name, target))
	}
	return list
}

// allocs is how many a call needs: in some rounds the collector or a timer
// adds one.
func allocs(s *measure.Series) int { return int(slices.Min(s.Allocs) + 0.5) }

// writeTargets writes what is to be reached and what is.
func (r *report) writeTargets(b *strings.Builder) {
	var all []verdict
	for i := range r.sections {
		all = append(all, r.sections[i].verdicts()...)
	}
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Targets and what is reached\n\nAshlar's CPU time and time, as parts of the other's: less is better. "+
		"By hand the target is %.2f, with no more than %d allocations more; of the peers %.2f, and %.2f for 20 queries on an engine with batches. "+
		"A number in bold misses its target.\n\n", rawTarget, rawAllocs, peerTarget, batchTarget)
	b.WriteString("| engine | task | by hand | allocations | sqlc | Bun | GORM | Ent |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for i := range r.sections {
		r.sections[i].writeTarget(b)
	}
	missed := slices.DeleteFunc(slices.Clone(all), func(v verdict) bool { return !v.under() })
	if len(missed) == 0 {
		fmt.Fprintf(b, "\nAll %d targets are reached.\n", len(all))
		return
	}
	fmt.Fprintf(b, "\n%d of %d targets are **not reached**:\n\n", len(missed), len(all))
	for _, v := range missed {
		fmt.Fprintf(b, "- %s\n", v)
	}
}

func (s *section) writeTarget(b *strings.Builder) {
	us := s.find(ours)
	if us == nil {
		return
	}
	list := s.verdicts()
	cell := func(name string) string {
		other := s.find(name)
		if other == nil {
			return "–"
		}
		text := fmt.Sprintf("%.2f / %.2f", measure.Ratios(us.CPU, other.CPU).Median, measure.Ratios(us.Wall, other.Wall).Median)
		bad := slices.ContainsFunc(list, func(v verdict) bool { return v.peer == other.Title && v.slow() })
		return bold(text, bad)
	}
	more := fmt.Sprintf("%d, %+d", allocs(us), allocs(us)-allocs(s.results[0]))
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", s.engine.title, s.task.title, cell("raw"),
		bold(more, slices.ContainsFunc(list, verdict.greedy)), cell("sqlc"), cell("bun"), cell("gorm"), cell("ent"))
}

func bold(text string, on bool) string {
	if on {
		return "**" + text + "**"
	}
	return text
}
