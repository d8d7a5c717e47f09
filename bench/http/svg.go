package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/ashlar-go/ashlar/bench/internal/chart"
)

const headline = "HTTP in Go: requests per second of CPU time, net/http = 1"

// caption says what is drawn, line by line.
var caption = []string{
	"Longer is better, but for memory. Each panel has a scale of its own. Lines over the bars span the quartiles of the rounds.",
	"Each server has one core and 64 connections on the loopback device.",
}

// panels are those of the contenders that are pictured.
func (r *report) panels() (list []chart.Panel) {
	for _, s := range r.sections {
		p := chart.Panel{Title: s.task.title, One: true, Digits: 2}
		if s.task.work == stages {
			p.Note = "the peers with theirs"
		}
		for _, res := range s.results {
			c := res.contender
			if c.pictured || s.task.mounted && c.ours() {
				f := res.faster(s.results[0])
				p.Bars = append(p.Bars, chart.Bar{Label: c.short(), Ours: c.ours(), Low: f.Low, Mid: f.Median, High: f.High})
			}
		}
		list = append(list, p)
	}
	if r.idle == nil {
		return list
	}
	p := chart.Panel{Title: "Memory of an idle connection, KiB", Note: "shorter is better", Digits: 1}
	for _, i := range r.idle {
		if k := i.bytes / 1024; i.contender.pictured {
			p.Bars = append(p.Bars, chart.Bar{Label: i.contender.short(), Ours: i.contender.ours(), Low: k, Mid: k, High: k})
		}
	}
	return append(list, p)
}

// short is the title for the picture.
func (c contender) short() string {
	return strings.Replace(c.title, "mounted http.Handler", "mounted", 1)
}

// drawTo draws the report as an SVG picture.
func (r *report) drawTo(w io.Writer) error {
	return chart.Picture{Headline: headline, Source: r.source(), Caption: caption, Panels: r.panels()}.Draw(w)
}

// source says where the numbers are from.
func (r *report) source() string {
	return fmt.Sprintf("%s, %d cores, %s, %s; details in RESULTS.md", r.machine.CPU, r.machine.Cores, r.machine.Go, r.machine.Date.UTC().Format("2006-01-02"))
}
