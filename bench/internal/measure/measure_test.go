package measure_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/bench/internal/measure"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestQuartiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sample []float64
		want   measure.Spread
	}{
		"one":          {[]float64{3}, measure.Spread{Low: 3, Median: 3, High: 3}},
		"odd":          {[]float64{5, 1, 2, 4, 3}, measure.Spread{Low: 2, Median: 3, High: 4}},
		"between":      {[]float64{1, 2, 3, 4}, measure.Spread{Low: 1.75, Median: 2.5, High: 3.25}},
		"not a number": {[]float64{math.NaN(), 1, 3}, measure.Spread{Low: 1.5, Median: 2, High: 2.5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want.Equal(t, measure.Quartiles(test.sample), test.want)
		})
	}
	if got := measure.Median(nil); !math.IsNaN(got) {
		t.Errorf("got median %v of nothing, want NaN", got)
	}
}

func TestMachine(t *testing.T) {
	t.Parallel()
	m := measure.Now(time.Date(2026, 11, 22, 16, 5, 0, 0, time.UTC))
	want.Contains(t, m.String(), "- Date: 2026-11-22 16:05 UTC\n", "- Machine: ", runtime.Version())
}

func TestCompare(t *testing.T) {
	t.Parallel()
	var kept []byte
	work := func(size int) func(context.Context) (int, error) {
		return func(context.Context) (int, error) {
			for range 100 {
				kept = make([]byte, size)
			}
			return 100, nil
		}
	}
	prepared := 0
	list, err := measure.Schedule{Rounds: 3, Slice: time.Millisecond}.Compare(t.Context(), []measure.Entry{
		{Title: "small", Run: work(64)},
		{Title: "large", Run: work(64 << 10), Prepare: func(context.Context) error { prepared++; return nil }},
	})
	want.NoErr(t, err)
	want.Equal(t, len(list), 2)
	for _, s := range list {
		want.Equal(t, []int{len(s.CPU), len(s.Wall), len(s.Allocs), len(s.Bytes)}, []int{3, 3, 3, 3})
	}
	if prepared < 4 || len(kept) == 0 {
		t.Errorf("got %d calls of Prepare, want one before each batch", prepared)
	}
	if small, large := measure.Median(list[0].Bytes), measure.Median(list[1].Bytes); large < small {
		t.Errorf("got %.0f bytes for the small and %.0f for the large work, want more for the large", small, large)
	}
	want.Contains(t, measure.Table(list), "| small | 1.00 | 1.00–1.00 | 1.00 | 1.00–1.00 |", "| large |")
}

func TestCompareError(t *testing.T) {
	t.Parallel()
	broken := errors.New("no films")
	_, err := measure.Schedule{Rounds: 1, Slice: time.Millisecond}.Compare(t.Context(), []measure.Entry{
		{Title: "broken", Run: func(context.Context) (int, error) { return 0, broken }}})
	want.Err(t, err, broken)
	for _, s := range []measure.Schedule{{0, time.Second}, {101, time.Second}, {1, 0}, {1, 11 * time.Second}} {
		if s.Check() == nil {
			t.Errorf("got no error for %+v, want one", s)
		}
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	want.Equal(t, measure.Command("go run .", []string{"-out", "", "-only", "a,b", "it's"}), `go run . -out '' -only a,b 'it'\''s'`)
}

func TestResident(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("memory is read from /proc")
	}
	n, err := measure.Resident()
	want.NoErr(t, err)
	if n < 1<<20 || n > 1<<40 {
		t.Errorf("got %d bytes, want more than a MiB and less than a TiB", n)
	}
}
