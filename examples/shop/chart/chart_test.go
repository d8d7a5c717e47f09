package chart_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/examples/shop/chart"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

func plain(v float64) string { return fmt.Sprint(v) }

func points(values ...float64) []chart.Point {
	var list []chart.Point
	for i, v := range values {
		list = append(list, chart.Point{Label: fmt.Sprint("May ", i+1), Title: fmt.Sprint(v, " on day ", i+1), Value: v})
	}
	return list
}

// TestDraw shows both kinds in both sizes.
func TestDraw(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, lying := range []bool{false, true} {
		c := chart.Chart{Title: "Days", Description: "Two days.", Points: points(30, 72), Format: plain, Lying: lying}
		b.WriteString(strings.ReplaceAll(string(c.Both("days")), "><", ">\n<") + "\n\n")
	}
	golden.Equal(t, "charts.svg.txt", b.String())
}

// TestAlways: whatever the values and the words are, a chart is XML with
// numbers in it, and nothing is drawn outside of it.
func TestAlways(t *testing.T) {
	t.Parallel()
	for _, values := range [][]float64{nil, {0}, {0, 0}, {-5, 3}, {1e-9}, {1e18, 1}, {math.MaxInt64, 7, -1}, make([]float64, 400)} {
		for _, lying := range []bool{false, true} {
			c := chart.Chart{Title: `<script>"&'`, Description: "]]>", Points: points(values...), Format: plain, Lying: lying}
			for i := range c.Points {
				c.Points[i].Label, c.Points[i].Title = `</text><script>alert("x")</script>`, "\x00<&>"
			}
			for _, size := range []chart.Size{chart.Wide, chart.Narrow} {
				svg := string(c.Draw(`"><id`, size))
				if strings.Contains(svg, "<script") || strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
					t.Errorf("%v: got %s", values, svg)
				}
				checkBars(t, svg)
			}
		}
	}
}

// checkBars reads the chart as XML.
func checkBars(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	width, height := 0.0, 0.0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		want.NoErr(t, err)
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]string{}
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
		}
		number := func(name string) (f float64) {
			_, err := fmt.Sscan(at[name], &f)
			want.NoErr(t, err)
			return f
		}
		switch e.Name.Local {
		case "svg":
			_, err := fmt.Sscanf(at["viewBox"], "0 0 %g %g", &width, &height)
			want.NoErr(t, err)
		case "rect":
			if number("x") < 0 || number("y") < 0 || number("width") < 0 || number("height") < 0 ||
				number("x")+number("width") > width+1 || number("y")+number("height") > height+1 {
				t.Errorf("got a bar outside of the %g by %g: %v", width, height, at)
			}
		}
	}
}
