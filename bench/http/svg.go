package main

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// The picture: a block of bars per task, one bar per contender, as long as its
// ratio to the baseline, with a line over the quartiles.
const (
	width    = 720
	labels   = 216 // where bars begin
	barsEnd  = 640
	barStep  = 24
	barThick = 14
	headRoom = 34 // of a block's title
	footRoom = 32 // of the caption
)

// style is for light and dark pages: the picture has no background of its own.
const style = `
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.peer { fill: #8c959f }
.ashlar { fill: #bc4c00 }
.mark { stroke: #1f2328; stroke-width: 1.5 }
.one { stroke: #8c959f; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.peer { fill: #6e7681 }
.ashlar { fill: #f0883e }
.mark { stroke: #e6edf3 }
}
`

// caption says what is drawn.
const caption = "Requests per second of CPU time, net/http = 1: longer is better. Lines span the quartiles."

// drawTo draws the report as an SVG picture.
func (r *report) drawTo(w io.Writer) error {
	longest, height := 1.0, footRoom
	for _, s := range r.sections {
		height += headRoom + barStep*len(s.results)
		for _, res := range s.results {
			if high := res.faster(s.results[0]).High; !math.IsInf(high, 0) {
				longest = math.Max(longest, high)
			}
		}
	}
	scale := (barsEnd - labels) / longest
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="t">`+"\n",
		width, height, width, height)
	fmt.Fprintf(&b, "<title id=\"t\">%s</title>\n", caption)
	fmt.Fprintf(&b, "<style>%s</style>\n", style)
	y := 0
	for _, s := range r.sections {
		y = s.draw(&b, y, scale)
	}
	fmt.Fprintf(&b, `<text x="12" y="%d">%s</text>`+"\n</svg>\n", y+footRoom-10, caption)
	_, err := io.WriteString(w, b.String())
	return err
}

// draw draws one block from y on and returns where it ends.
func (s section) draw(b *strings.Builder, y int, scale float64) int {
	fmt.Fprintf(b, `<text class="title" x="12" y="%d">%s</text>`+"\n", y+24, html.EscapeString(s.task.title))
	y += headRoom
	one := labels + scale
	fmt.Fprintf(b, `<line class="one" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", one, y, one, y+barStep*len(s.results))
	for _, r := range s.results {
		f := r.faster(s.results[0])
		class := "peer"
		if strings.HasPrefix(r.contender.name, "ashlar") {
			class = "ashlar"
		}
		mid := y + barStep/2
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", labels-8, mid+4, html.EscapeString(r.contender.title))
		if ratio(f.Median) != "–" {
			fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`+"\n",
				class, labels, mid-barThick/2, f.Median*scale, barThick)
			fmt.Fprintf(b, `<line class="mark" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n",
				labels+f.Low*scale, mid, labels+f.High*scale, mid)
		}
		fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`+"\n", barsEnd+12, mid+4, ratio(f.Median))
		y += barStep
	}
	return y
}
