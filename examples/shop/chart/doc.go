// Package chart draws bar charts as SVG, on the server and without a script.
//
//	svg := chart.Chart{Title: "Revenue per week", Description: "Most in May.", Points: points, Format: dollars}.Both("weeks")
//
// A chart has a title and a description for those who do not see it, and each
// bar a title of its own, which browsers show under the mouse. Colours, fonts
// and nothing else come from the style sheet, by the classes chart, chart-bar,
// chart-grid, chart-label and chart-value, so a dark page has dark charts.
//
// A size is a number of pixels of the screen: text stays readable on a phone
// because it is drawn once for each kind of screen, and the style sheet shows
// one of them. It is not a library of charts: these two are what the shop needs.
package chart
