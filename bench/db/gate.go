package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The gate is what CI runs: few and short slices, so it looks at what is exact,
// and at ratios that are far off.

// gateMargin is by how much a ratio must miss its target for the gate to fail.
const gateMargin = 2.0

// gateContenders are those that the gate needs.
var gateContenders = []string{"raw", ours, "bun"}

// runGate measures and prints, and fails when an allocation was added that the
// table does not know of, or CPU time is far over its target.
func (r *report) runGate(ctx context.Context, what choice, out io.Writer) error {
	what.contenders = slices.DeleteFunc(slices.Clone(what.contenders), func(c contender) bool {
		return !slices.Contains(gateContenders, c.name)
	})
	r.patient = true
	if err := r.measure(ctx, what); err != nil {
		return err
	}
	var b strings.Builder
	more, far := r.gateAllocations(&b), r.gateTargets(&b)
	for _, m := range r.missing {
		fmt.Fprintf(&b, "not measured: %s\n", m)
	}
	fmt.Fprintf(&b, "\n%v, %d rounds of %v\n", r.took.Round(1e9), r.plan.Rounds, r.plan.Slice)
	if _, err := io.WriteString(out, b.String()); err != nil {
		return err
	}
	if more+far > 0 {
		return fmt.Errorf("gate: %d allocations and %d ratios are worse than they may be", more, far)
	}
	return nil
}

// slack is by how many allocations a run may differ from another of the same
// code: those of a thousand rows depend on when the collector comes, and a
// request is served by goroutines that may have to wait for each other or not.
func (t task) slack(n int) int {
	if strings.HasPrefix(t.name, "web-") {
		return n/50 + 1
	}
	return n / 50
}

// gateAllocations compares the allocations of ours with the table.
func (r *report) gateAllocations(b *strings.Builder) (more int) {
	b.WriteString("Allocations a call\n")
	lines := map[string][]string{}
	changed := map[string]bool{}
	for i := range r.sections {
		s := &r.sections[i]
		us := s.find(ours)
		if us == nil {
			continue
		}
		got := allocs(us)
		allowed, listed := allocations[s.engine.name][s.task.name]
		switch {
		case !listed:
			fmt.Fprintf(b, "  MISSING  %s, %s: %d, and the table says nothing\n", s.engine.name, s.task.name, got)
			more++
		case got > allowed+s.task.slack(allowed):
			fmt.Fprintf(b, "  MORE     %s, %s: %d, want %d\n", s.engine.name, s.task.name, got, allowed)
			more++
		case got < allowed-s.task.slack(allowed):
			fmt.Fprintf(b, "  fewer    %s, %s: %d, lower the table from %d\n", s.engine.name, s.task.name, got, allowed)
		default:
			got = allowed
		}
		changed[s.engine.name] = changed[s.engine.name] || got != allowed
		lines[s.engine.name] = append(lines[s.engine.name], fmt.Sprintf("%q: %d", s.task.name, got))
	}
	for _, e := range engines {
		if changed[e.name] {
			fmt.Fprintf(b, "  as a line of the table: %q: {%s},\n", e.name, strings.Join(lines[e.name], ", "))
		}
	}
	return more
}

// patience is how often the gate looks again at what is far off: another
// program may have had the machine.
const patience = 4

// least is what ours needs at v, as a part of what the other does. It is of the
// least that a call took in any round: a median of so few would tell of other
// programs.
func (s *section) least(v verdict) float64 {
	return slices.Min(s.find(ours).CPU) / slices.Min(s.find(v.name).CPU)
}

// far reports whether v's target is missed by more than the margin.
func (s *section) far(v verdict) bool { return s.least(v) > gateMargin*max(v.target, peerTarget) }

// gateTargets prints the ratios and returns how many are far over their
// targets.
func (r *report) gateTargets(b *strings.Builder) (far int) {
	fmt.Fprintf(b, "\nTargets; FAR is more than %.1f times one, or the other's, in CPU time\n", gateMargin)
	for i := range r.sections {
		s := &r.sections[i]
		for _, v := range s.verdicts() {
			word := "reached"
			switch {
			case s.far(v):
				word = "FAR    "
				far++
			case s.least(v) > v.target:
				word = "close  "
			}
			fmt.Fprintf(b, "  %s  %s, %s against %s: CPU %.2f, target %.2f\n", word, s.engine.name, s.task.name, v.name, s.least(v), v.target)
		}
	}
	return far
}
