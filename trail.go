package ashlar

import (
	"context"
	"fmt"
	"html"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// An Event is a step of a request that is worth seeing on the error page in
// development, such as a query.
type Event struct {
	Kind  string        // "sql", "http" …
	Text  string        // what was done
	Args  []string      // what it was done with; values that are secret are the recorder's to hide
	Rows  int64         // how much came of it, in the recorder's units
	Took  time.Duration // how long it took
	Where string        // file:line of the code that asked for it, or ""
	Err   error         // how it ended

	// Hint, if it is set, is shown above all steps: what is not well about
	// them, and how to mend it. An Event with a Hint is no step itself.
	Hint string
}

// What one request remembers at most; more steps are counted.
const (
	trailMax = 200
	hintsMax = 20
)

type trail struct {
	mu     sync.Mutex
	events []Event
	hints  []string
	totals []total
}

// A total is what all steps of one kind were together.
type total struct {
	kind string
	n    int
	took time.Duration
}

// Record notes a step of the request that ctx belongs to, in development only.
// Elsewhere, and outside of a request, it does nothing. The access log tells
// how many steps of a kind there were, and how long they took together.
func Record(ctx context.Context, e Event) {
	c, ok := FromContext(ctx)
	if !ok || c.app.cfg.Env != Development {
		return
	}
	t := c.root.trailNow()
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Hint != "" {
		if len(t.hints) < hintsMax {
			t.hints = append(t.hints, e.Hint)
		}
		return
	}
	t.count(e)
	if len(t.events) < trailMax {
		t.events = append(t.events, e)
	}
}

func (t *trail) count(e Event) {
	i := slices.IndexFunc(t.totals, func(k total) bool { return k.kind == e.Kind })
	if i < 0 {
		i = len(t.totals)
		t.totals = append(t.totals, total{kind: e.Kind})
	}
	t.totals[i].n++
	t.totals[i].took += e.Took
}

func (c *Ctx) trailNow() *trail {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &c.rarely().trail
}

// attrs tells the access log of the steps.
func (t *trail) attrs() []slog.Attr {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []slog.Attr
	for _, k := range t.totals {
		list = append(list, slog.Group(k.kind, slog.Int("n", k.n), slog.Duration("took", k.took.Round(time.Microsecond))))
	}
	return list
}

// writeTrail lists what the request did before it failed.
func (c *Ctx) writeTrail(b *strings.Builder) {
	t := c.root.trailNow()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.totals) == 0 && len(t.hints) == 0 {
		return
	}
	b.WriteString("<h2>What it did</h2>\n")
	for _, hint := range t.hints {
		fmt.Fprintf(b, "<pre class=\"hint\">%s</pre>\n", html.EscapeString(hint))
	}
	all := 0
	for _, k := range t.totals {
		fmt.Fprintf(b, "<p>%s: %d in %v</p>\n", html.EscapeString(k.kind), k.n, k.took.Round(time.Microsecond))
		all += k.n
	}
	b.WriteString("<table class=\"steps\">\n")
	for i, e := range t.events {
		writeStep(b, i+1, e)
	}
	b.WriteString("</table>\n")
	if more := all - len(t.events); more > 0 {
		fmt.Fprintf(b, "<p>… and %d more.</p>\n", more)
	}
}

func writeStep(b *strings.Builder, n int, e Event) {
	esc := html.EscapeString
	fmt.Fprintf(b, "<tr><td>%d</td><td>%s</td><td>%v</td><td>%d</td><td>%s", n, esc(e.Kind), e.Took.Round(time.Microsecond), e.Rows, esc(e.Text))
	if len(e.Args) > 0 {
		fmt.Fprintf(b, "<br><small>with %s</small>", esc(strings.Join(e.Args, ", ")))
	}
	if e.Err != nil {
		fmt.Fprintf(b, "<br><mark>%s</mark>", esc(e.Err.Error()))
	}
	fmt.Fprintf(b, "</td><td>%s</td></tr>\n", esc(e.Where))
}
