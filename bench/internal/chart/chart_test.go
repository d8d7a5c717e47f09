package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/bench/internal/chart"
	"github.com/ashlar-go/ashlar/internal/want"
)

// The picture is XML, and shows what there is of a number that is none.
func TestDraw(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	want.NoErr(t, chart.Picture{Headline: "Rows & columns", Source: "here", Caption: []string{"a < b"}, Panels: []chart.Panel{
		{Title: "one", One: true, Digits: 2, Bars: []chart.Bar{{"<peer>", false, 0.5, 1, 2}, {"ours", true, 1, 1.25, 1.5}}},
		{Title: "two", Note: "empty", Bars: []chart.Bar{{"nothing", true, math.NaN(), math.NaN(), math.Inf(1)}}},
	}}.Draw(&b))
	want.Contains(t, b.String(), "Rows &amp; columns", "a &lt; b", "&lt;peer&gt;", ">1.25</text>", `class="ashlar"`, ">–</text>",
		"prefers-color-scheme: dark")
	d := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		want.NoErr(t, err)
	}
}
