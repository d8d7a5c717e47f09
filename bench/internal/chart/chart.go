// Package chart draws pictures of ratios: panels in two columns, one bar per
// contender, as long as its number, with a line over the quartiles. They are
// for light and dark pages.
//
//	err := chart.Picture{Headline: "…", Panels: []chart.Panel{{Title: "Get a row", Bars: bars}}}.Draw(out)
//
// It is not for curves, and knows nothing of what the numbers mean.
package chart

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// The layout: a panel per task in two columns.
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

// A Picture is what is drawn.
type Picture struct {
	Headline, Source string
	Caption          []string // lines below
	Panels           []Panel
}

// A Panel is a block of bars under a title, with a scale of its own.
type Panel struct {
	Title, Note string
	Bars        []Bar
	One         bool // there is a line at 1
	Digits      int  // behind the point
}

// A Bar is one number with its quartiles. What is no number is drawn as none.
type Bar struct {
	Label          string
	Ours           bool
	Low, Mid, High float64
}

func (p Panel) height() int { return headRoom + barStep*len(p.Bars) + footRoom }

// Draw writes the picture as SVG.
func (p Picture) Draw(w io.Writer) error {
	var b strings.Builder
	y := topRoom
	for i := 0; i < len(p.Panels); i += 2 {
		row := p.Panels[i:min(i+2, len(p.Panels))]
		tall := 0
		for _, p := range row {
			tall = max(tall, p.height())
		}
		for column, p := range row {
			p.draw(&b, gap+column*(panelWidth+gap), y, tall)
		}
		y += tall + gap
	}
	var foot strings.Builder
	for _, l := range p.Caption {
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
`, width, y, html.EscapeString(p.Headline), html.EscapeString(strings.Join(p.Caption, " ")), style, gap, html.EscapeString(p.Source), b.String(), foot.String())
	return err
}

// draw draws a panel at x and y.
func (p Panel) draw(b *strings.Builder, x, y, tall int) {
	fmt.Fprintf(b, `<g transform="translate(%d %d)">`+"\n", x, y)
	fmt.Fprintf(b, `<rect class="panel" x=".5" y=".5" width="%d" height="%d" rx="6"/>`+"\n", panelWidth-1, tall-1)
	fmt.Fprintf(b, `<text class="title" x="14" y="26">%s`, html.EscapeString(p.Title))
	if p.Note != "" {
		fmt.Fprintf(b, `<tspan class="note" font-weight="400" dx="8">%s</tspan>`, html.EscapeString(p.Note))
	}
	b.WriteString("</text>\n")
	longest := 0.0
	for _, bar := range p.Bars {
		if finite(bar.Mid) && finite(bar.High) {
			longest = math.Max(longest, math.Max(bar.Mid, bar.High))
		}
	}
	scale := (barsEnd - barsBegin) / math.Max(longest, 1e-9)
	if one := barsBegin + scale; p.One {
		fmt.Fprintf(b, `<line class="one" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", one, headRoom-2, one, headRoom+barStep*len(p.Bars)+2)
	}
	for i, bar := range p.Bars {
		bar.draw(b, headRoom+barStep*i+barStep/2, scale, p.Digits)
	}
	b.WriteString("</g>\n")
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// draw draws a bar around y.
func (r Bar) draw(b *strings.Builder, y int, scale float64, digits int) {
	class, text := "peer", ""
	if r.Ours {
		class, text = "ashlar", ` class="us"`
	}
	fmt.Fprintf(b, `<text%s x="%d" y="%d" text-anchor="end">%s</text>`+"\n", text, labelsEnd, y+4, html.EscapeString(r.Label))
	end, number := float64(barsBegin), "–"
	if finite(r.Mid) {
		fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n", class, barsBegin, y-barThick/2, r.Mid*scale, barThick)
		end, number = end+r.Mid*scale, fmt.Sprintf("%.*f", digits, r.Mid)
	}
	if finite(r.Low) && finite(r.High) && r.Low < r.High {
		to := barsBegin + r.High*scale
		fmt.Fprintf(b, `<line class="mark" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", barsBegin+r.Low*scale, y, to, y)
		end = math.Max(end, to)
	}
	fmt.Fprintf(b, `<text%s x="%.1f" y="%d">%s</text>`+"\n", text, end+6, y+4, number)
}
