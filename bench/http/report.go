package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// A report is a whole run.
type report struct {
	args      []string
	machine   measure.Machine
	plan      plan
	took      time.Duration
	loadAfter string
	sections  []section
	idle      []idleResult
}

// A section holds the results of one task, the baseline's first.
type section struct {
	task    task
	results []*result
}

// versions names the versions of the peers that take part.
func (r *report) versions() string {
	seen := map[string]bool{}
	var list []string
	add := func(c contender) {
		for _, m := range c.modules {
			if !seen[m] {
				seen[m] = true
				list = append(list, strings.TrimPrefix(m, "github.com/")+" "+measure.Version(m))
			}
		}
	}
	for _, s := range r.sections {
		for _, res := range s.results {
			add(res.contender)
		}
	}
	for _, i := range r.idle {
		add(i.contender)
	}
	return strings.Join(list, ", ")
}

// quiet is the share of a processor that the servers had while they were
// asked, at the median: the rest went to other programs, or to waiting for the
// client.
func (r *report) quiet() float64 {
	var all []float64
	for _, s := range r.sections {
		for _, res := range s.results {
			all = append(all, res.busy...)
		}
	}
	return measure.Median(all)
}

// writeTo writes the report as a Markdown page.
func (r *report) writeTo(w io.Writer) error {
	var b strings.Builder
	items := []string{
		"Versions beside Ashlar's working tree: " + r.versions(),
		fmt.Sprintf("%d rounds of %v for each contender and task, %d connections, %v in all",
			r.plan.rounds, r.plan.slice, r.plan.connections, r.took.Round(time.Second)),
		fmt.Sprintf("Share of a core that a server had while it was asked: %.2f at the median; load average at the end: %s, of which 2 or less are ours",
			r.quiet(), r.loadAfter),
	}
	b.WriteString(measure.Page("HTTP", r.machine, "go -C bench run ./http", r.args, items...) + "\n")
	b.WriteString("![Requests per CPU second against net/http, and memory of a waiting connection](results.svg)\n")
	r.writeTargets(&b)
	for _, s := range r.sections {
		s.writeTo(&b)
	}
	r.writeIdle(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (s section) writeTo(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n", s.task.title, s.task.work)
	b.WriteString("| | against net/http | quartiles | CPU µs a request | requests/s | share of the core | allocations a request | bytes allocated | bytes answered |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range s.results {
		f := r.faster(s.results[0])
		fmt.Fprintf(b, "| %s | %s | %s–%s | %.1f | %.0f | %.2f | %.1f | %.0f | %d |\n", r.contender.title,
			ratio(f.Median), ratio(f.Low), ratio(f.High), measure.Median(r.cpu)*1e6, measure.Median(r.rate),
			measure.Median(r.busy), measure.Median(r.allocs), measure.Median(r.bytes), r.size)
	}
}

func (r *report) writeIdle(b *strings.Builder) {
	if r.idle == nil {
		return
	}
	fmt.Fprintf(b, "\n## An idle connection\n\nResident memory of the server per connection, after a collection: %d connections, each of which has had one answer. "+
		"The kernel's own memory is not in it.\n\n", r.plan.idle)
	b.WriteString("| | KiB a connection |\n|---|--:|\n")
	for _, i := range r.idle {
		fmt.Fprintf(b, "| %s | %.1f |\n", i.contender.title, i.bytes/1024)
	}
}

func ratio(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) { // a slice too short for the kernel's clock
		return "–"
	}
	return fmt.Sprintf("%.2f", f)
}
