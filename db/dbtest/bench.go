package dbtest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/internal/want"
)

// BenchImport measures Import against Insert of the same rows, in turns, and
// reports the median of their ratios. d is an empty database, which it closes.
func BenchImport(b *testing.B, dialect schema.Dialect, d *db.DB) {
	b.Cleanup(func() { want.NoErr(b, d.Close()) })
	ctx := db.NewContext(b.Context(), d)
	want.NoErr(b, makeTables(ctx, d, dialect))
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var inserts, imports []time.Duration
			var ratios []float64
			ways := []func(films []*reel.Film) error{
				func(films []*reel.Film) error { return reel.Films.Insert(ctx, films...) },
				func(films []*reel.Film) error {
					_, err := reel.Films.Import(ctx, slices.Values(films))
					return err
				},
			}
			for round := 0; b.Loop(); round++ { // who goes first finds the tidier table
				var took [2]time.Duration
				for i := range ways {
					i = (i + round) % 2
					took[i] = timed(b, ctx, n, ways[i])
				}
				inserts, imports = append(inserts, took[0]), append(imports, took[1])
				ratios = append(ratios, float64(took[1])/float64(took[0]))
			}
			slices.Sort(inserts)
			slices.Sort(imports)
			slices.Sort(ratios)
			half := len(ratios) / 2
			b.ReportMetric(float64(inserts[half].Microseconds())/1000, "insert-ms")
			b.ReportMetric(float64(imports[half].Microseconds())/1000, "import-ms")
			b.ReportMetric(ratios[half], "import/insert")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// timed returns how long write takes for n films, which are gone afterwards.
func timed(b *testing.B, ctx context.Context, n int, write func([]*reel.Film) error) time.Duration {
	films := manyFilms(n)
	start := time.Now()
	want.NoErr(b, write(films))
	took := time.Since(start)
	_, err := reel.Films.Everywhere().Delete(ctx)
	want.NoErr(b, err)
	return took
}
