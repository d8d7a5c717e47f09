package catalog_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/internal/want"
)

// A clock stands still until it is moved.
type clock struct{ now time.Time }

func newClock() *clock                { return &clock{time.Unix(1_000_000_000, 0)} }
func (c *clock) Now() time.Time       { return c.now }
func (c *clock) move(d time.Duration) { c.now = c.now.Add(d) }

// work counts to total in steps of one, which take 10 ms each.
func work(p *catalog.Progress, c *clock, total int64) {
	for i := range total {
		c.move(10 * time.Millisecond)
		p.Set(i + 1)
	}
	p.End()
}

func TestProgressLines(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := newClock()
	work(catalog.NewProgress(&out, catalog.ProgressConfig{Label: "import", Unit: "films", Total: 320, Now: c.Now}), c, 320)
	want.Equal(t, out.String(), ""+
		"import: 31%  100 of 320 films  2s left\n"+
		"import: 62%  200 of 320 films  1s left\n"+
		"import: 93%  300 of 320 films  0s left\n"+
		"import: 320 films in 3.2s\n")
}

func TestProgressBar(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := newClock()
	p := catalog.NewProgress(&out, catalog.ProgressConfig{Label: "import", Unit: "films", Total: 3200, Terminal: true, Now: c.Now})
	work(p, c, 3200)
	p.End()
	p.Set(1)
	frames := strings.Split(out.String(), "\r\x1b[K")
	want.Equal(t, len(frames), 1+320+1) // nothing, ten a second for 32 s, the summary
	want.Equal(t, frames[160], "import  [################................]  50%  1,600 of 3,200 films  16s left")
	want.Equal(t, frames[321], "import: 3,200 films in 32s\n")
}

// TestProgressWidth holds that no frame fills the last column, however narrow
// the terminal is: a line that wraps cannot be redrawn.
func TestProgressWidth(t *testing.T) {
	t.Parallel()
	for columns := 1; columns < 120; columns++ {
		var out strings.Builder
		c := newClock()
		work(catalog.NewProgress(&out, catalog.ProgressConfig{
			Label: "films é", Unit: "films", Total: 100, Terminal: true, Columns: columns, Now: c.Now,
		}), c, 100)
		for _, frame := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\r\x1b[K") {
			if width := utf8.RuneCountInString(frame); width >= columns {
				t.Errorf("with %d columns: got %q, %d wide", columns, frame, width)
			}
		}
	}
}

func TestProgressOdd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		total, done int64
		want        string
	}{
		{"total not known", 0, 1234, "import: 1,234\nimport: 1,234 in 1s\n"},
		{"more than the total", 10, 20, "import: 100%  20 of 10\nimport: 20 in 1s\n"},
		{"nothing yet", 10, 0, "import: 0%  0 of 10\nimport: 0 in 1s\n"},
		{"negative", 10, -123, "import: 0%  -123 of 10\nimport: -123 in 1s\n"},
	} {
		var out strings.Builder
		c := newClock()
		p := catalog.NewProgress(&out, catalog.ProgressConfig{Label: "import", Total: tt.total, Now: c.Now})
		c.move(time.Second)
		p.Set(tt.done)
		p.End()
		if got := out.String(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	for text, columns := range map[string]int{"": 80, "100": 100, "wide": 80, "0": 80, "-3": 80, "99999": 80} {
		got := catalog.Columns(func(name string) string {
			want.Equal(t, name, "COLUMNS")
			return text
		})
		want.Equal(t, got, columns)
	}
}
