package catalog

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// How often a [Progress] writes: a bar moves smoothly at ten steps a second, a
// log is read by people at one line a second.
const (
	redrawEvery = time.Second / 10
	lineEvery   = time.Second
)

// ProgressConfig says what a [Progress] shows and where.
type ProgressConfig struct {
	Label    string           // what is being done: "import films"
	Unit     string           // what is counted: "films". Defaults to nothing.
	Total    int64            // how many there are. Defaults to 0: not known.
	Terminal bool             // draw a bar that is redrawn. Defaults to one line a second.
	Columns  int              // of the terminal. Defaults to 80.
	Now      func() time.Time // the clock, required
}

// A Progress tells a person how far a long piece of work has come. It is not
// safe for use by several goroutines at once. Errors of the writer are dropped:
// work does not stop because nobody can watch it.
type Progress struct {
	w       io.Writer
	cfg     ProgressConfig
	started time.Time
	shown   time.Time
	done    int64
	ended   bool
}

// NewProgress begins to report to w. Call [Progress.End] when the work is over.
func NewProgress(w io.Writer, cfg ProgressConfig) *Progress {
	if cfg.Columns <= 0 {
		cfg.Columns = 80
	}
	now := cfg.Now()
	return &Progress{w: w, cfg: cfg, started: now, shown: now}
}

// Columns returns the width that the environment gives in COLUMNS, or 80.
func Columns(getenv func(string) string) int {
	n, err := strconv.Atoi(getenv("COLUMNS"))
	if err != nil || n < 1 || n > 10_000 {
		return 80
	}
	return n
}

// Set says that done of the total are finished. It is cheap: most calls write
// nothing.
func (p *Progress) Set(done int64) {
	p.done = done
	every := lineEvery
	if p.cfg.Terminal {
		every = redrawEvery
	}
	now := p.cfg.Now()
	if p.ended || now.Sub(p.shown) < every {
		return
	}
	p.shown = now
	p.write(p.line(now), false)
}

// End writes the last state and closes the line. Further calls do nothing.
func (p *Progress) End() {
	if p.ended {
		return
	}
	p.ended = true
	p.write(p.summary(), true)
}

// write replaces the line on a terminal, and adds one elsewhere.
func (p *Progress) write(line string, last bool) {
	switch {
	case !p.cfg.Terminal:
		line += "\n"
	case last:
		line = "\r\x1b[K" + line + "\n"
	default:
		line = "\r\x1b[K" + line
	}
	io.WriteString(p.w, line) // its error is dropped, see Progress
}

// line returns the state of now: with a bar when there is a total, a terminal
// and room for at least ten cells.
func (p *Progress) line(now time.Time) string {
	count := group(p.done)
	if p.cfg.Total <= 0 {
		return p.fit(join(p.cfg.Label+":", count, p.cfg.Unit))
	}
	part := float64(min(max(p.done, 0), p.cfg.Total)) / float64(p.cfg.Total)
	tail := fmt.Sprintf("%3d%%  %s of %s", int(part*100), count, group(p.cfg.Total))
	if p.cfg.Unit != "" {
		tail += " " + p.cfg.Unit
	}
	if part > 0 && part < 1 {
		left := time.Duration(float64(now.Sub(p.started)) * (1 - part) / part)
		tail += fmt.Sprintf("  %s left", left.Round(time.Second))
	}
	if !p.cfg.Terminal {
		return p.cfg.Label + ": " + strings.TrimLeft(tail, " ")
	}
	// One column stays free: a full last column wraps on some terminals.
	cells := p.cfg.Columns - 1 - utf8.RuneCountInString(p.cfg.Label) - utf8.RuneCountInString(tail) - len("  [] ")
	if cells < 10 {
		return p.fit(join(p.cfg.Label+":", strings.TrimLeft(tail, " ")))
	}
	cells = min(cells, 40)
	full := int(part * float64(cells))
	bar := strings.Repeat("#", full) + strings.Repeat(".", cells-full)
	return fmt.Sprintf("%s  [%s] %s", p.cfg.Label, bar, tail)
}

// summary returns what was done and how long it took.
func (p *Progress) summary() string {
	took := p.cfg.Now().Sub(p.started)
	text := join(p.cfg.Label+":", group(p.done), p.cfg.Unit, "in", took.Round(time.Second/10).String())
	if p.cfg.Terminal {
		return p.fit(text)
	}
	return text
}

// fit cuts s to the terminal's width, so that a redrawn line is one line.
func (p *Progress) fit(s string) string {
	if r := []rune(s); p.cfg.Terminal && len(r) >= p.cfg.Columns {
		return string(r[:p.cfg.Columns-1])
	}
	return s
}

// join puts single spaces between the parts that are there.
func join(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// group writes n with commas: 3,201.
func group(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
