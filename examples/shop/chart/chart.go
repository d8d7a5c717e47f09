package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Point is one bar. Values below 0 are drawn as 0.
type Point struct {
	Label string // beside the bar, or under it where there is room
	Title string // of the bar: what it is, and its value in full
	Value float64
}

// A Chart is bars with a scale.
type Chart struct {
	Title       string
	Description string // what the chart shows, in a sentence
	Points      []Point
	Format      func(float64) string // of a value beside the scale, short
	Lying       bool                 // bars go from left to right, each with its label
}

// A Size is how large a chart is drawn, in pixels of CSS.
type Size struct {
	name   string
	width  float64
	height float64 // of columns; lying bars take what they need
}

// The sizes.
var (
	Wide   = Size{"wide", 1080, 340}
	Narrow = Size{"narrow", 350, 240}
)

// Both returns the chart in both sizes; the style sheet shows the one that
// fits. id is unique on the page.
func (c Chart) Both(id string) template.HTML { return c.Draw(id, Wide) + c.Draw(id, Narrow) }

// Draw returns the chart as an svg element.
func (c Chart) Draw(id string, size Size) template.HTML {
	d := drawing{size: size, format: c.Format}
	for _, p := range c.Points {
		d.most = max(d.most, p.Value)
	}
	d.ticks = ticks(d.most, 4)
	if c.Lying {
		d.lying(c.Points)
	} else {
		d.columns(c.Points)
	}
	id += "-" + size.name
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart chart-%s" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-title %s-text">`,
		size.name, number(d.size.width), number(d.size.height), escape(id), escape(id))
	fmt.Fprintf(&b, `<title id="%s-title">%s</title><desc id="%s-text">%s</desc>`,
		escape(id), escape(c.Title), escape(id), escape(c.Description))
	b.WriteString(d.out.String())
	b.WriteString("</svg>")
	return template.HTML(b.String()) // all text in it was escaped above and below
}

// A drawing is a chart that is being drawn.
type drawing struct {
	size   Size
	format func(float64) string
	most   float64
	ticks  []float64
	out    strings.Builder
}

// ticks returns n or a few more round values from 0 to at least most.
func ticks(most float64, n int) []float64 {
	if !(most > 0) || math.IsInf(most, 0) {
		return []float64{0, 1}
	}
	power := math.Pow(10, math.Floor(math.Log10(most/float64(n))))
	step := power
	for _, factor := range []float64{1, 2, 2.5, 5, 10} {
		if step = factor * power; step*float64(n) >= most {
			break
		}
	}
	list := []float64{0}
	for i := 1; list[len(list)-1] < most; i++ {
		list = append(list, float64(i)*step)
	}
	return list
}

// share is what part of the scale a value takes.
func (d *drawing) share(v float64) float64 { return max(0, v) / d.ticks[len(d.ticks)-1] }

// Widths of what is around the bars. A letter is about letter wide.
const (
	letter = 8.0
	pad    = 6.0
	foot   = 26.0
	head   = 12.0
)

// columns draws bars that stand on a line of time.
func (d *drawing) columns(points []Point) {
	left := 0.0
	for _, t := range d.ticks {
		left = max(left, letter*float64(len([]rune(d.format(t))))+2*pad)
	}
	left = min(left, d.size.width*0.3)
	bottom, right := d.size.height-foot, d.size.width-pad
	for _, t := range d.ticks {
		y := bottom - d.share(t)*(bottom-head)
		d.line(left, y, right, y)
		d.text("chart-value", "end", left-pad, y+4, d.format(t))
	}
	if len(points) == 0 {
		return
	}
	room := (right - left) / float64(len(points))
	for i, p := range points {
		h := d.share(p.Value) * (bottom - head)
		d.bar(left+room*(float64(i)+0.1), bottom-h, room*0.8, h, left+room*float64(i), head, room, bottom-head, p)
	}
	d.feet(points, left, right, room)
}

// feet writes the labels of columns, no more than fit.
func (d *drawing) feet(points []Point, left, right, room float64) {
	widest := 0.0
	for _, p := range points {
		widest = max(widest, letter*float64(len([]rune(p.Label)))+2*pad)
	}
	every := int(math.Ceil(widest / room))
	for i := 0; i < len(points); i += every {
		at, anchor := left+room*(float64(i)+0.5), "middle"
		half := letter * float64(len([]rune(points[i].Label))) / 2
		if at+half > right+pad {
			at, anchor = right, "end"
			if every > 1 && right-2*half < left+room*(float64(i-every)+0.5)+half+pad {
				continue // no room beside the one before
			}
		}
		d.text("chart-label", anchor, at, d.size.height-8, points[i].Label)
	}
}

// Lying bars are so high, with so much between them.
const (
	thick = 22.0
	apart = 8.0
)

// lying draws bars from left to right, their labels before them or, where the
// screen is narrow, above.
func (d *drawing) lying(points []Point) {
	above := d.size.name == Narrow.name
	left, row := pad, thick+apart
	for _, p := range points {
		if !above {
			left = max(left, letter*float64(len([]rune(p.Label)))+2*pad)
		}
	}
	if above {
		row += 18
	}
	tail := letter*float64(len([]rune(d.format(d.most)))) + 2*pad
	left = min(left, d.size.width*0.4)
	right := d.size.width - min(tail, d.size.width*0.3)
	d.size.height = row*float64(len(points)) + apart
	for i, p := range points {
		y := apart/2 + row*float64(i)
		if above {
			d.text("chart-label", "start", left, y+12, p.Label)
			y += 18
		} else {
			d.text("chart-label", "end", left-pad, y+thick/2+4, p.Label)
		}
		w := max(0, p.Value) / max(d.most, math.SmallestNonzeroFloat64) * (right - left)
		d.bar(left, y, w, thick, left, y, right-left, thick, p)
		d.text("chart-value", "start", left+w+pad, y+thick/2+4, d.format(p.Value))
	}
}

// bar draws a bar and, over the whole place that it might take, what shows its
// title under a mouse.
func (d *drawing) bar(x, y, w, h, placeX, placeY, placeW, placeH float64, p Point) {
	fmt.Fprintf(&d.out, `<g class="chart-point"><title>%s</title><rect class="chart-place" x="%s" y="%s" width="%s" height="%s"/>`,
		escape(p.Title), number(placeX), number(placeY), number(placeW), number(placeH))
	fmt.Fprintf(&d.out, `<rect class="chart-bar" x="%s" y="%s" width="%s" height="%s"/></g>`, number(x), number(y), number(w), number(h))
}

func (d *drawing) line(x1, y1, x2, y2 float64) {
	fmt.Fprintf(&d.out, `<line class="chart-grid" x1="%s" y1="%s" x2="%s" y2="%s"/>`, number(x1), number(y1), number(x2), number(y2))
}

func (d *drawing) text(class, anchor string, x, y float64, s string) {
	fmt.Fprintf(&d.out, `<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`, class, anchor, number(x), number(y), escape(s))
}

// escape makes words safe in the text and in the attributes of the chart.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' ' // no character of XML
		}
		return r
	}, s))
}

// number writes a coordinate, to a tenth of a pixel.
func number(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
