package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// A report is a whole run.
type report struct {
	args     []string
	machine  measure.Machine
	plan     measure.Schedule
	took     time.Duration
	load     string // at the end
	sections []section
	missing  []string // engines that are not installed, and why
	patient  bool     // looks again at what is far off
}

// A section holds the results of one task on one dbms, the baseline's first.
type section struct {
	engine  dbms
	task    task
	results []*measure.Series
	names   []string // of the contenders, in the order of the results
}

// find returns a contender's results, nil if it did not take part.
func (s *section) find(contender string) *measure.Series {
	for i, name := range s.names {
		if name == contender {
			return s.results[i]
		}
	}
	return nil
}

// measure runs the plan.
func (r *report) measure(ctx context.Context, what choice) (err error) {
	folder, err := os.MkdirTemp("", "ashlar-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	start := time.Now()
	for _, e := range what.engines {
		if err := r.measureEngine(ctx, e, folder, what); err != nil {
			return fmt.Errorf("%s: %w", e.title, err)
		}
	}
	r.took, r.load = time.Since(start), measure.Load()
	return nil
}

func (r *report) measureEngine(ctx context.Context, e dbms, folder string, what choice) (err error) {
	at, err := e.start(folder)
	if err != nil {
		r.missing = append(r.missing, e.title+": "+err.Error())
		return nil
	}
	defer at.close()
	var all []*lane
	defer func() { err = errors.Join(err, closeAll(all)) }()
	for _, c := range what.contenders {
		l, err := newLane(ctx, &e, c, at)
		if err != nil {
			return fmt.Errorf("%s: %w", c.title, err)
		}
		all = append(all, l)
	}
	for _, t := range what.tasks {
		s := section{engine: e, task: t}
		var entries []measure.Entry
		for _, l := range all {
			entry := t.entry(l)
			entry.Title = l.contender.title
			entries = append(entries, labelled(entry))
			s.names = append(s.names, l.contender.name)
		}
		if s.results, err = r.plan.Compare(ctx, entries); err != nil {
			return fmt.Errorf("%s: %w", t.title, err)
		}
		for n := 0; r.patient && n < patience && slices.ContainsFunc(s.verdicts(), s.far); n++ {
			more, err := r.plan.Compare(ctx, entries)
			if err != nil {
				return fmt.Errorf("%s: %w", t.title, err)
			}
			for i, m := range more {
				s.results[i].Add(m)
			}
		}
		r.sections = append(r.sections, s)
	}
	return nil
}

// publish writes the page to out and, unless folder is "", it and the picture
// to files.
func (r *report) publish(out io.Writer, folder string) error {
	if err := measure.Publish(r.page(), out, folder); err != nil || folder == "" {
		return err
	}
	f, err := os.Create(filepath.Join(folder, "results.svg"))
	if err != nil {
		return err
	}
	return errors.Join(r.draw(f), f.Close())
}

// page returns the report as Markdown.
func (r *report) page() string {
	items := []string{
		"Versions beside Ashlar's working tree: " + r.versions(),
		fmt.Sprintf("%d films, %d studios, %d reviews, %d worlds in the tables", filmCount, studioCount, filmCount*perFilm, worldCount),
		fmt.Sprintf("%d rounds of %v for each contender and task, %v in all; load average at the end: %s",
			r.plan.Rounds, r.plan.Slice, r.took.Round(time.Second), r.load),
	}
	for _, m := range r.missing {
		items = append(items, "**Not measured**, "+m)
	}
	var b strings.Builder
	b.WriteString(measure.Page("Database", r.machine, "go -C bench run ./db", r.args, items...))
	b.WriteString("\n![Calls per second of CPU time against code by hand](results.svg)\n")
	r.writeTargets(&b)
	last := ""
	for _, s := range r.sections {
		if s.engine.name != last {
			last = s.engine.name
			fmt.Fprintf(&b, "\n## %s\n\n%s.\n", s.engine.title, strings.ToUpper(s.engine.settings[:1])+s.engine.settings[1:])
		}
		fmt.Fprintf(&b, "\n### %s, %s\n\n%s", s.task.title, s.engine.title, measure.Table(s.results))
	}
	return b.String()
}

// versions names those of the drivers and peers that took part.
func (r *report) versions() string {
	var list []string
	seen := map[string]bool{}
	add := func(modules []string) {
		for _, m := range modules {
			if !seen[m] {
				seen[m] = true
				list = append(list, strings.TrimPrefix(m, "github.com/")+" "+measure.Version(m))
			}
		}
	}
	for _, s := range r.sections {
		add(s.engine.modules)
	}
	for _, s := range r.sections {
		for _, name := range s.names {
			for _, c := range contenders {
				if c.name == name {
					add(c.modules)
				}
			}
		}
	}
	return strings.Join(list, ", ") + ", code by sqlc v1.31.1"
}
