package ashlar

import (
	"errors"
	"fmt"
	"html"
	"net/netip"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// The page that shows an error in full. It is for development on this machine
// alone: showsDetail says when, and nothing else leads here.

// showsDetail reports whether the visitor may see the inside of an error: in
// development, from this very machine, not through a proxy.
func (a *App) showsDetail(c *Ctx) bool {
	ip := addrOf(c.remote())
	return a.cfg.Env == Development && ip != (netip.Addr{}) && ip.IsLoopback() && c.wire.field("X-Forwarded-For") == ""
}

const detailStyle = `body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1c1917;background:#fafaf9}
main{max-width:70rem;margin:auto;padding:2rem}h1{font-size:1.4rem;overflow-wrap:anywhere}
h2{font-size:1rem;margin:2rem 0 .5rem;color:#57534e}pre,td,li{font:13px/1.6 ui-monospace,monospace}
pre{background:#fff;border:1px solid #e7e5e4;border-radius:.5rem;padding:.8rem;overflow-x:auto;margin:.3rem 0}
mark{background:#fee2e2;display:block}td{padding:.1rem 1rem .1rem 0;vertical-align:top;overflow-wrap:anywhere}
.steps td{border-top:1px solid #e7e5e4}.steps td:nth-child(3),.steps td:nth-child(4){text-align:right;white-space:nowrap}
.hint{background:#fef3c7;white-space:pre-wrap}
@media(prefers-color-scheme:dark){body{color:#e7e5e4;background:#1c1917}pre{background:#292524;border-color:#44403c}
mark{background:#7f1d1d;color:#fff}h2{color:#a8a29e}.hint{background:#713f12}.steps td{border-color:#44403c}}`

func (c *Ctx) detailPage(p Problem, err error) string {
	var b strings.Builder
	esc := html.EscapeString
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%d %s</title>"+
		"<style nonce=\"%s\">%s</style></head>\n<body><main>\n", p.Status, esc(err.Error()), esc(c.Nonce()), detailStyle)
	fmt.Fprintf(&b, "<h1>%d %s</h1>\n<p>%s</p>\n", p.Status, esc(p.Title), esc(err.Error()))

	b.WriteString("<h2>Error chain</h2>\n<ol>\n")
	for _, line := range errorChain(err) {
		fmt.Fprintf(&b, "<li>%s</li>\n", esc(line))
	}
	b.WriteString("</ol>\n")
	c.writeSources(&b, err)

	b.WriteString("<h2>Request</h2>\n<table>\n")
	row := func(name, value string) { fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td></tr>\n", esc(name), esc(value)) }
	row(c.wire.method(), c.wire.path()+"?"+c.wire.query())
	row("id", c.RequestID())
	if c.route != nil {
		row("route", c.route.Pattern+" (registered at "+c.route.Where+")")
		for name, value := range c.params.All() {
			row("{"+name+"}", value)
		}
	}
	header := c.wire.request().Header
	for _, name := range sortedKeys(header) {
		value := strings.Join(header[name], ", ")
		if name == "Cookie" || name == "Authorization" {
			value = "[hidden]"
		}
		row(name, value)
	}
	b.WriteString("</table>\n")
	c.writeTrail(&b)
	b.WriteString("<p><small>This page is shown in development to requests from this machine only.</small></p>\n</main></body></html>\n")
	return b.String()
}

func sortedKeys(m map[string][]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// errorChain lists an error and all that it wraps, with types.
func errorChain(err error) []string {
	var lines []string
	for err != nil && len(lines) < 50 {
		lines = append(lines, fmt.Sprintf("%s: %v", reflect.TypeOf(err), err))
		if many, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // walking the chain by hand
			for _, e := range many.Unwrap() {
				lines = append(lines, errorChain(e)...)
			}
			return lines
		}
		err = errors.Unwrap(err)
	}
	return lines
}

// sourcesShown bounds the frames of a panic that are shown with their source.
const sourcesShown = 6

// writeSources shows the code that the error came from: the frames of a panic,
// else the handler.
func (c *Ctx) writeSources(b *strings.Builder, err error) {
	var places []string
	var pe *panicError
	if errors.As(err, &pe) {
		places = pe.places()
	} else if c.route != nil && c.route.source != "" {
		places = []string{c.route.source}
	}
	if len(places) > 0 {
		b.WriteString("<h2>Source</h2>\n")
	}
	for _, place := range places[:min(len(places), sourcesShown)] {
		fmt.Fprintf(b, "<div>%s</div>\n", html.EscapeString(place))
		writeExcerpt(b, place)
	}
	if pe != nil {
		fmt.Fprintf(b, "<details><summary>Stack</summary><pre>%s</pre></details>\n", html.EscapeString(string(pe.stack)))
	}
}

// places returns the file:line of the frames above the panic, without the
// runtime's own and those of this package's road.
func (p *panicError) places() []string {
	var places []string
	std := standardLibrary()
	for line := range strings.SplitSeq(string(p.stack), "\n") {
		line = strings.TrimSpace(line)
		file, rest, ok := strings.Cut(line, ".go:")
		if !ok || std != "" && strings.HasPrefix(file, std) || strings.HasSuffix(file, "/pipeline") {
			continue
		}
		number, _, _ := strings.Cut(rest, " ")
		places = append(places, file+".go:"+number)
	}
	return places
}

// standardLibrary returns the folder of Go's own sources as this binary knows
// it, "" when it was built with -trimpath.
func standardLibrary() string {
	pc := reflect.ValueOf(strings.Cut).Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	root, _, ok := strings.Cut(file, "/strings/")
	if !ok {
		return ""
	}
	return root + "/"
}

// writeExcerpt shows the lines around a place, when its file is here.
func writeExcerpt(b *strings.Builder, place string) {
	i := strings.LastIndexByte(place, ':')
	at, err := strconv.Atoi(place[i+1:])
	if i < 0 || err != nil {
		return
	}
	text, err := os.ReadFile(place[:i])
	if err != nil {
		return
	}
	lines := strings.Split(string(text), "\n")
	b.WriteString("<pre>")
	for n := max(1, at-4); n <= min(len(lines), at+8); n++ {
		line := html.EscapeString(fmt.Sprintf("%4d  %s", n, lines[n-1]))
		if n == at {
			b.WriteString("<mark>" + line + "</mark>")
		} else {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("</pre>\n")
}
