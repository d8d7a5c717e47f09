package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// The gate is what CI runs: few and short slices, so it looks at what is exact,
// and at ratios with a wide margin.

// gateMargin is the part of a target under which the gate fails.
const gateMargin = 0.85

// gateContenders are those that the gate needs.
var gateContenders = []string{baseline, "fiber", "fasthttp", "ashlar-action", "ashlar-ctx", "ashlar-mount", "ashlar-ctx-std"}

// runGate measures and prints, and fails when an allocation was added or a
// ratio lost that the tables do not know of.
func (r *report) runGate(ctx context.Context, what choice, out io.Writer) error {
	what.contenders = slices.DeleteFunc(slices.Clone(what.contenders), func(c contender) bool {
		return !slices.Contains(gateContenders, c.name)
	})
	waiting := what.idle
	what.idle = false
	if err := r.measure(ctx, what); err != nil {
		return err
	}
	if waiting {
		ours := slices.DeleteFunc(what.contenders, func(c contender) bool { return !judgedIdle(c) })
		var err error
		if r.idle, err = measureIdle(ctx, r.plan, ours); err != nil {
			return err
		}
	}
	var b strings.Builder
	more := r.gateAllocations(&b)
	under := r.gateTargets(&b)
	fmt.Fprintf(&b, "\n%v, %d rounds of %v, share of a core %.2f\n", r.took.Round(1e9), r.plan.rounds, r.plan.slice, r.quiet())
	if _, err := io.WriteString(out, b.String()); err != nil {
		return err
	}
	if more+under > 0 {
		return fmt.Errorf("gate: %d allocations tables and %d ratios are worse than they may be", more, under)
	}
	return nil
}

// gateAllocations compares the allocations of ours with the table, which has to
// hold exactly what they are.
func (r *report) gateAllocations(b *strings.Builder) (more int) {
	b.WriteString("Allocations a request\n")
	for _, s := range r.sections {
		got := map[string]int{}
		for _, res := range s.results {
			if !res.contender.ours() {
				continue
			}
			name := res.contender.name
			got[name] = int(math.Round(slices.Min(res.allocs)))
			allowed, listed := allocations[s.task.name][name]
			switch {
			case !listed:
				fmt.Fprintf(b, "  MISSING  %s, %s: %d, and the table says nothing\n", s.task.name, name, got[name])
				more++
			case got[name] > allowed:
				fmt.Fprintf(b, "  MORE     %s, %s: %d, want %d\n", s.task.name, name, got[name], allowed)
				more++
			case got[name] < allowed:
				fmt.Fprintf(b, "  fewer    %s, %s: %d, lower the table from %d\n", s.task.name, name, got[name], allowed)
			}
		}
		if line := tableLine(got); line != tableLine(pick(allocations[s.task.name], got)) {
			fmt.Fprintf(b, "  as a line of the table: %q: {%s},\n", s.task.name, line)
		}
	}
	return more
}

// pick returns those of all that are in of, too.
func pick(all, of map[string]int) map[string]int {
	all = maps.Clone(all)
	maps.DeleteFunc(all, func(name string, _ int) bool { _, ok := of[name]; return !ok })
	return all
}

// tableLine is how allocations.go writes it.
func tableLine(got map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(got)) {
		parts = append(parts, fmt.Sprintf("%q: %d", name, got[name]))
	}
	return strings.Join(parts, ", ")
}

// gateTargets prints every target, and returns how many are missed by more than
// the margin without a known reason.
func (r *report) gateTargets(b *strings.Builder) (missed int) {
	fmt.Fprintf(b, "\nTargets; UNDER is less than %.2f of one\n", gateMargin)
	all := r.verdicts()
	for _, v := range all {
		why := v.known()
		switch {
		case !v.under():
			fmt.Fprintf(b, "  reached  %s\n", v)
		case why != "":
			fmt.Fprintf(b, "  known    %s: %s\n", v, why)
		case v.part() >= gateMargin:
			fmt.Fprintf(b, "  close    %s\n", v)
		default:
			fmt.Fprintf(b, "  UNDER    %s\n", v)
			missed++
		}
	}
	for _, s := range shortfalls {
		concerned := slices.DeleteFunc(slices.Clone(all), func(v verdict) bool { return !s.covers(v) })
		if len(concerned) > 0 && !slices.ContainsFunc(concerned, verdict.under) {
			fmt.Fprintf(b, "  better   %s, %s: reached now; if a second run says so too, remove its line from shortfalls\n", s.task, s.ours)
		}
	}
	return missed
}
