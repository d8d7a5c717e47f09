package main

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// The picture: a panel per task in two columns, one bar per contender, as long
// as its ratio to the baseline, with a line over the quartiles.
const (
	panelWidth = 424
	gap        = 16 // around panels
	width      = 2*panelWidth + 3*gap
	labelsEnd  = 142 // in a panel: names stand to its left, bars begin behind it
	barsBegin  = labelsEnd + 8
	barsEnd    = 366
	barStep    = 20
	barThick   = 12
	headRoom   = 42 // of a panel's title
	footRoom   = 12
	topRoom    = 64 // of the picture's title
)

// style is for light and dark pages: the picture has no background of its own.
const style = `
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #3d444d }
.head { font-size: 17px; font-weight: 600; fill: #1f2328 }
.title { font-size: 13px; font-weight: 600; fill: #1f2328 }
.us { font-weight: 600; fill: #b03a06 }
.note { fill: #59636e }
.panel { fill: none; stroke: #d1d9e0 }
.peer { fill: #afb8c1 }
.ashlar { fill: #d9591b }
.mark { stroke: #1f2328; stroke-opacity: .7; stroke-width: 1.2 }
.one { stroke: #818b98; stroke-opacity: .6; stroke-dasharray: 2 3 }
@media (prefers-color-scheme: dark) {
text { fill: #c9d1d9 }
.head, .title { fill: #f0f6fc }
.us { fill: #ff9a5c }
.note { fill: #9198a1 }
.panel { stroke: #3d444d }
.peer { fill: #656c76 }
.ashlar { fill: #f0803c }
.mark { stroke: #f0f6fc }
.one { stroke: #7d8590 }
}
`

const headline = "HTTP in Go: requests per second of CPU time, net/http = 1"

// caption says what is drawn, line by line.
var caption = [...]string{
	"Longer is better, but for memory. Each panel has a scale of its own. Lines over the bars span the quartiles of the rounds.",
	"Each server has one core and 64 connections on the loopback device.",
}

// A panel is a block of bars under a title.
type panel struct {
	title, note string
	bars        []bar
	one         bool // there is a line at 1
	digits      int
}

type bar struct {
	label          string
	ours           bool
	low, mid, high float64
}

func (p panel) height() int { return headRoom + barStep*len(p.bars) + footRoom }

// panels are those of the contenders that are pictured.
func (r *report) panels() (list []panel) {
	for _, s := range r.sections {
		p := panel{title: s.task.title, one: true, digits: 2}
		if s.task.work == stages {
			p.note = "the peers with theirs"
		}
		for _, res := range s.results {
			c := res.contender
			if c.pictured || s.task.mounted && c.ours() {
				f := res.faster(s.results[0])
				p.bars = append(p.bars, bar{c.short(), c.ours(), f.Low, f.Median, f.High})
			}
		}
		list = append(list, p)
	}
	if r.idle == nil {
		return list
	}
	p := panel{title: "Memory of an idle connection, KiB", note: "shorter is better", digits: 1}
	for _, i := range r.idle {
		if k := i.bytes / 1024; i.contender.pictured {
			p.bars = append(p.bars, bar{i.contender.short(), i.contender.ours(), k, k, k})
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
	var b strings.Builder
	y := topRoom
	list := r.panels()
	for i := 0; i < len(list); i += 2 {
		row := list[i:min(i+2, len(list))]
		tall := 0
		for _, p := range row {
			tall = max(tall, p.height())
		}
		for column, p := range row {
			p.draw(&b, gap+column*(panelWidth+gap), y, tall)
		}
		y += tall + gap
	}
	lines := caption[:]
	var foot strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&foot, `<text class="note" x="%d" y="%d">%s</text>`+"\n", gap, y+6, html.EscapeString(l))
		y += 17
	}
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" role="img" aria-labelledby="t d">
<title id="t">%[3]s</title>
<desc id="d">%[4]s</desc>
<style>%[5]s</style>
<text class="head" x="%[6]d" y="28">%[3]s</text>
<text class="note" x="%[6]d" y="49">%[7]s</text>
%[8]s%[9]s</svg>
`, width, y, headline, html.EscapeString(strings.Join(lines, " ")), style, gap, html.EscapeString(r.source()), b.String(), foot.String())
	return err
}

// source says where the numbers are from.
func (r *report) source() string {
	return fmt.Sprintf("%s, %d cores, %s, %s; details in RESULTS.md", r.machine.CPU, r.machine.Cores, r.machine.Go, r.machine.Date.UTC().Format("2006-01-02"))
}

// draw draws a panel at x and y.
func (p panel) draw(b *strings.Builder, x, y, tall int) {
	fmt.Fprintf(b, `<g transform="translate(%d %d)">`+"\n", x, y)
	fmt.Fprintf(b, `<rect class="panel" x=".5" y=".5" width="%d" height="%d" rx="6"/>`+"\n", panelWidth-1, tall-1)
	fmt.Fprintf(b, `<text class="title" x="14" y="26">%s`, html.EscapeString(p.title))
	if p.note != "" {
		fmt.Fprintf(b, `<tspan class="note" font-weight="400" dx="8">%s</tspan>`, html.EscapeString(p.note))
	}
	b.WriteString("</text>\n")
	longest := 0.0
	for _, bar := range p.bars {
		if finite(bar.mid) && finite(bar.high) {
			longest = math.Max(longest, math.Max(bar.mid, bar.high))
		}
	}
	scale := (barsEnd - barsBegin) / math.Max(longest, 1e-9)
	if one := barsBegin + scale; p.one {
		fmt.Fprintf(b, `<line class="one" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", one, headRoom-2, one, headRoom+barStep*len(p.bars)+2)
	}
	for i, bar := range p.bars {
		bar.draw(b, headRoom+barStep*i+barStep/2, scale, p.digits)
	}
	b.WriteString("</g>\n")
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// draw draws a bar around y.
func (r bar) draw(b *strings.Builder, y int, scale float64, digits int) {
	class, text := "peer", ""
	if r.ours {
		class, text = "ashlar", ` class="us"`
	}
	fmt.Fprintf(b, `<text%s x="%d" y="%d" text-anchor="end">%s</text>`+"\n", text, labelsEnd, y+4, html.EscapeString(r.label))
	end, number := float64(barsBegin), "–"
	if finite(r.mid) {
		fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n", class, barsBegin, y-barThick/2, r.mid*scale, barThick)
		end, number = end+r.mid*scale, fmt.Sprintf("%.*f", digits, r.mid)
	}
	if finite(r.low) && finite(r.high) && r.low < r.high {
		to := barsBegin + r.high*scale
		fmt.Fprintf(b, `<line class="mark" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", barsBegin+r.low*scale, y, to, y)
		end = math.Max(end, to)
	}
	fmt.Fprintf(b, `<text%s x="%.1f" y="%d">%s</text>`+"\n", text, end+6, y+4, number)
}
