package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// The peers that a task's two targets are about.
var (
	stdPeers  = []string{baseline, "gin"}
	fastPeers = []string{"fiber", "fasthttp"}
)

// A shortfall is a target that is known not to be reached yet. The gate lets it
// pass down to least, which leaves room for a noisy machine below what was
// measured last. An empty name means all.
type shortfall struct {
	task, ours, peer string
	least            float64
	why              string
}

// shortfalls is short when we are good: a line goes as soon as its target is
// reached, which the gate tells.
var shortfalls = []shortfall{
	{"hello", "", "net/http", 1.4, kernel},
	{"hello", "", "gin", 1.6, kernel},
	{"hello", "", "fiber", 0.7, fresh},
	{"hello", "", "fasthttp", 0.65, fresh},
	{"json", "", "net/http", 1.45, kernel},
	{"json", "", "gin", 1.45, kernel},
	{"json", "", "fiber", 0.7, fresh},
	{"json", "", "fasthttp", 0.65, fresh},
	{"route", "", "net/http", 1.4, kernel},
	{"route", "", "gin", 1.4, kernel},
	{"route", "", "fiber", 0.8, fresh},
	{"route", "", "fasthttp", 0.75, fresh},
	{"pipelined", "", "net/http", 5.2, batch},
	{"pipelined", "", "gin", 5.2, batch},
	{"pipelined", "", "fiber", 0.58, batch},
	{"pipelined", "", "fasthttp", 0.45, batch},
	{"browser", "ashlar-action", "net/http", 2.2, kernel},
	{"browser", "ashlar-action", "gin", 2.2, kernel},
	{"browser", "", "fiber", 0.9, fresh},
	{"browser", "", "fasthttp", 0.85, fresh},
	{"list", "", "net/http", 2, encoder},
	{"list", "", "fiber", 1.7, encoder},
	{"list", "", "fasthttp", 1.3, encoder},
	{"mount", "", "net/http", 1.2, request},
	{"mount", "", "gin", 1.2, request},
}

// Why, by the profiles that -profiles writes.
const (
	kernel  = "two thirds of the time are the system's, for one read and one write, which all have alike"
	fresh   = "two thirds of the time are the system's, and up to a tenth goes into making and collecting the one object that a request has for itself, which peers that use theirs again do not have"
	batch   = "a third of the time goes into making and collecting the one object that a request has for itself, which peers that use theirs again do not have; a fifth is the system's"
	encoder = "half of the time is the encoder's, a third the system's"
	request = "half of the time is the system's; the http.Request and the two header maps of each request are 5 of its 8 allocations and a sixth of the time"
)

// known returns why v's target is not reached yet, "" when nobody knows, or when
// it is missed by more than what is known.
func (v verdict) known() string {
	for _, s := range shortfalls {
		if s.covers(v) && v.reached.Median >= s.least {
			return s.why
		}
	}
	return ""
}

func (s shortfall) covers(v verdict) bool {
	is := func(name, what string) bool { return name == "" || name == what }
	return is(s.task, v.task) && is(s.ours, v.ours) && is(s.peer, v.peer)
}

// A verdict compares one contender of ours with one peer at one task. At the
// task "idle" it is about bytes, where less is better, and has no peer.
type verdict struct {
	task, ours, peer string
	target           float64
	reached          measure.Spread
}

// part is how much of the target is reached: 1 or more is well.
func (v verdict) part() float64 {
	if v.task == idleTask {
		return v.target / v.reached.Median
	}
	return v.reached.Median / v.target
}

// under reports whether the target is missed; what could not be measured is.
func (v verdict) under() bool { return !(v.part() >= 1) }

func (v verdict) String() string {
	if v.task == idleTask {
		return fmt.Sprintf("%s, %s: %.1f KiB (target %.1f)", v.task, v.ours, v.reached.Median/1024, v.target/1024)
	}
	return fmt.Sprintf("%s, %s against %s: %s (target %.2f; quartiles %s–%s)", v.task, v.ours, v.peer,
		ratio(v.reached.Median), v.target, ratio(v.reached.Low), ratio(v.reached.High))
}

// verdicts returns those about one of ours, none when it did not take part.
func (s section) verdicts(ours string) (list []verdict) {
	us := s.find(ours)
	if us == nil {
		return nil
	}
	add := func(peers []string, target float64) {
		for _, p := range peers {
			if peer := s.find(p); peer != nil && target > 0 {
				list = append(list, verdict{s.task.name, ours, p, target, us.faster(peer)})
			}
		}
	}
	add(stdPeers, s.task.std)
	add(fastPeers, s.task.fast)
	return list
}

func (s section) find(name string) *result {
	i := slices.IndexFunc(s.results, func(r *result) bool { return r.contender.name == name })
	if i < 0 {
		return nil
	}
	return s.results[i]
}

// judgedIdle reports whether c's memory has a target: on net/http's server it is
// not ours to say.
func judgedIdle(c contender) bool { return c.ours() && c.name != "ashlar-ctx-std" }

// verdicts returns all.
func (r *report) verdicts() (list []verdict) {
	for _, s := range r.sections {
		for _, ours := range s.task.ours {
			list = append(list, s.verdicts(ours)...)
		}
	}
	for _, i := range r.idle {
		if judgedIdle(i.contender) {
			list = append(list, verdict{task: idleTask, ours: i.contender.name, target: idleTarget, reached: measure.Spread{Median: i.bytes}})
		}
	}
	return list
}

// writeTargets writes what is to be reached and what is, and then what is
// under.
func (r *report) writeTargets(b *strings.Builder) {
	all := r.verdicts()
	if len(all) == 0 {
		return
	}
	b.WriteString("\n## Targets and what is reached\n\nHow much less CPU a request needs; a number in bold is under its target.\n\n")
	b.WriteString("| task | Ashlar's | target | net/http | Gin | target | fiber | fasthttp |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range r.sections {
		for _, ours := range s.task.ours {
			if list := s.verdicts(ours); list != nil {
				s.writeTarget(b, ours, list)
			}
		}
	}
	for _, v := range all {
		if v.task == idleTask {
			fmt.Fprintf(b, "| Memory of an idle connection, KiB | %s | ≤ %.0f | | | | | |\n",
				bold(fmt.Sprintf("%s: %.1f", v.ours, v.reached.Median/1024), v.under()), v.target/1024)
		}
	}
	writeUnder(b, all)
}

func (s section) writeTarget(b *strings.Builder, ours string, list []verdict) {
	cell := func(peer string) string {
		for _, v := range list {
			if v.peer == peer {
				return bold(ratio(v.reached.Median), v.under())
			}
		}
		return "–"
	}
	fast := "–"
	if s.task.fast > 0 {
		fast = fmt.Sprintf("≥ %.2f", s.task.fast)
	}
	fmt.Fprintf(b, "| %s | %s | ≥ %.2f | %s | %s | %s | %s | %s |\n", s.task.title, strings.TrimPrefix(ours, "ashlar-"),
		s.task.std, cell(baseline), cell("gin"), fast, cell("fiber"), cell("fasthttp"))
}

func bold(text string, on bool) string {
	if on {
		return "**" + text + "**"
	}
	return text
}

// writeUnder says how many are under, and why as far as we know.
func writeUnder(b *strings.Builder, all []verdict) {
	missed := slices.DeleteFunc(slices.Clone(all), func(v verdict) bool { return !v.under() })
	if len(missed) == 0 {
		fmt.Fprintf(b, "\nAll %d targets are reached.\n", len(all))
		return
	}
	fmt.Fprintf(b, "\n%d of %d targets are **not reached**:\n\n", len(missed), len(all))
	var said []string
	for _, v := range missed {
		what := v.String()
		if why := v.known(); why != "" {
			what = v.task + ": " + why
		}
		if !slices.Contains(said, what) {
			said = append(said, what)
			fmt.Fprintf(b, "- %s\n", what)
		}
	}
}
