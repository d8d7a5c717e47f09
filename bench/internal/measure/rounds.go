package measure

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// An Entry is a piece of code that is compared with others in this process.
type Entry struct {
	Title string

	// Run makes a batch of calls and returns how many. A batch should take a
	// millisecond or more: the clocks are read before and after.
	Run func(context.Context) (calls int, err error)

	// Prepare, if any, tidies up before each batch, unmeasured.
	Prepare func(context.Context) error
}

// A Series is what was measured of an entry: for each round, what one call
// needed.
type Series struct {
	Title  string
	CPU    []float64 // seconds
	Wall   []float64 // seconds
	Allocs []float64 // objects
	Bytes  []float64
}

// Add adds the rounds of another run of the same entry.
func (s *Series) Add(more *Series) {
	s.CPU, s.Wall = append(s.CPU, more.CPU...), append(s.Wall, more.Wall...)
	s.Allocs, s.Bytes = append(s.Allocs, more.Allocs...), append(s.Bytes, more.Bytes...)
}

// A Schedule says how long to measure: in each round, each entry has a slice
// of time.
type Schedule struct {
	Rounds int           // 1 to 100
	Slice  time.Duration // at most 10 s
}

// Check reports a schedule that is out of bounds.
func (s Schedule) Check() error {
	if s.Rounds < 1 || s.Rounds > 100 || s.Slice <= 0 || s.Slice > 10*time.Second {
		return fmt.Errorf("rounds: 1 to 100, got %d; slice: up to 10s, got %v", s.Rounds, s.Slice)
	}
	return nil
}

// Compare measures the entries in turn, each round in another order: who always
// comes behind the same one inherits what that left to the disk and the
// scheduler. Before the first, all are warmed up.
func (s Schedule) Compare(ctx context.Context, entries []Entry) ([]*Series, error) {
	list := make([]*Series, len(entries))
	for i, e := range entries {
		list[i] = &Series{Title: e.Title}
		if err := (&Series{}).slice(ctx, e, s.Slice/4); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Title, err)
		}
	}
	order := rand.New(rand.NewPCG(1, 2)) // the same in every run
	for range s.Rounds {
		for _, at := range order.Perm(len(entries)) {
			if err := list[at].slice(ctx, entries[at], s.Slice); err != nil {
				return nil, fmt.Errorf("%s: %w", entries[at].Title, err)
			}
		}
	}
	return list, nil
}

// slice runs batches until d is over and adds a round.
func (s *Series) slice(ctx context.Context, e Entry, d time.Duration) error {
	var used Usage
	var wall time.Duration
	calls := 0
	for calls == 0 || wall < d {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.Prepare != nil {
			if err := e.Prepare(ctx); err != nil {
				return err
			}
		}
		before, err := Used()
		if err != nil {
			return err
		}
		start := time.Now()
		n, err := e.Run(ctx)
		if err != nil {
			return err
		}
		wall += time.Since(start)
		after, err := Used()
		if err != nil {
			return err
		}
		used = used.Add(after.Sub(before))
		calls += n
	}
	n := float64(calls)
	s.CPU = append(s.CPU, used.CPU.Seconds()/n)
	s.Wall = append(s.Wall, wall.Seconds()/n)
	s.Allocs = append(s.Allocs, float64(used.Allocs)/n)
	s.Bytes = append(s.Bytes, float64(used.Bytes)/n)
	return nil
}

// Table returns the series as a Markdown table. Ratios are to the first, the
// medians of the ratios within the rounds: less is better.
func Table(list []*Series) string {
	var b strings.Builder
	b.WriteString("| | CPU against the first | quartiles | time against the first | quartiles | CPU µs a call | µs a call | allocations | bytes allocated |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range list {
		cpu, wall := Ratios(s.CPU, list[0].CPU), Ratios(s.Wall, list[0].Wall)
		fmt.Fprintf(&b, "| %s | %.2f | %.2f–%.2f | %.2f | %.2f–%.2f | %.1f | %.1f | %.0f | %.0f |\n", s.Title,
			cpu.Median, cpu.Low, cpu.High, wall.Median, wall.Low, wall.High, Median(s.CPU)*1e6, Median(s.Wall)*1e6, Median(s.Allocs), Median(s.Bytes))
	}
	return b.String()
}

// Ratios returns the spread of a to b within the rounds: what else the machine
// did in a round, it did to both.
func Ratios(a, b []float64) Spread {
	list := make([]float64, len(a))
	for i := range list {
		list[i] = a[i] / b[i]
	}
	return Quartiles(list)
}
