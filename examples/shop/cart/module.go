package cart

import (
	"context"
	"log/slog"
	"time"

	"github.com/ashlar-go/ashlar"
)

// keep is how long a cart lies untouched before it is swept away: longer than
// a session lives.
const keep = 60 * 24 * time.Hour

// Module joins carts to the app: it sweeps away those that nobody comes back
// to, once a day.
func Module() ashlar.Module {
	return ashlar.Module{
		Name: "cart",
		Doc:  "the visitors' carts",
		Setup: func(s *ashlar.Setup) error {
			var log *slog.Logger
			s.Need(&log)
			s.Run(ashlar.Service{Run: func(ctx context.Context) error {
				day := time.NewTicker(24 * time.Hour)
				defer day.Stop()
				for {
					n, err := Sweep(ctx)
					switch {
					case ctx.Err() != nil:
						return nil
					case err != nil:
						log.Error("sweep carts", "error", err) // and try again tomorrow
					case n > 0:
						log.Info("carts swept away", "carts", n)
					}
					select {
					case <-ctx.Done():
						return nil
					case <-day.C:
					}
				}
			}})
			return nil
		},
	}
}

// Sweep deletes the carts that were not touched for 60 days.
func Sweep(ctx context.Context) (int64, error) {
	return Carts.Where(Carts.TouchedAt.LT(ashlar.Now(ctx).Add(-keep))).Delete(ctx)
}
