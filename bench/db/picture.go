package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/ashlar-go/ashlar/bench/internal/chart"
	"github.com/ashlar-go/ashlar/bench/internal/measure"
)

// pictured are the tasks in the picture.
var pictured = []string{"get", "list", "related", "insert-many", "web-queries", "web-fortunes"}

// draw draws the report as an SVG picture.
func (r *report) draw(w io.Writer) error {
	var panels []chart.Panel
	for _, s := range r.sections {
		if !slices.Contains(pictured, s.task.name) {
			continue
		}
		p := chart.Panel{Title: s.task.title, Note: s.engine.title, One: true, Digits: 2}
		for i, name := range s.names {
			f := measure.Ratios(s.results[0].CPU, s.results[i].CPU)
			p.Bars = append(p.Bars, chart.Bar{Label: s.results[i].Title, Ours: name == ours, Low: f.Low, Mid: f.Median, High: f.High})
		}
		panels = append(panels, p)
	}
	return chart.Picture{
		Headline: "Databases in Go: calls per second of CPU time, code by hand = 1",
		Source: fmt.Sprintf("%s, %d cores, %s, %s; details in RESULTS.md", r.machine.CPU, r.machine.Cores, r.machine.Go,
			r.machine.Date.UTC().Format("2006-01-02")),
		Caption: []string{
			"Longer is better. Each panel has a scale of its own. Lines over the bars span the quartiles of the rounds.",
			"CPU time is that of the app's process: on SQLite with the database, on PostgreSQL and MariaDB without the server.",
			"By hand: pgx with batches; database/sql with prepared statements. On the web, Ashlar whole; the others behind net/http.",
		},
		Panels: panels,
	}.Draw(w)
}
