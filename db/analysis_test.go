package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// TestAnalysis shows the SQL of what package dbtest compares with Go.
func TestAnalysis(t *testing.T) {
	t.Parallel()
	f, r := reel.Films, reel.Reviews
	berlin, err := time.LoadLocation("Europe/Berlin")
	want.NoErr(t, err)
	year := f.CreatedAt.Span(time.Date(2026, 1, 1, 0, 0, 0, 0, berlin), time.Date(2027, 1, 1, 0, 0, 0, 0, berlin))
	utc := f.CreatedAt.Span(time.Unix(0, 0).UTC(), time.Unix(1e9, 0))
	dest := func(c ...db.Dest) []db.Dest { return c }
	type row struct {
		At   time.Time
		N    int64
		Real *float64
		Hour int
	}
	var b strings.Builder
	for _, q := range []interface{ SQL() (string, error) }{
		db.Into(f.Where(f.Stock.GT(1)), func(d *row) []db.Dest { return dest(year.Week().To(&d.At), db.Count().To(&d.N)) }).OrderBy(year.Week().Asc()),
		db.Into(&f.Query, func(d *row) []db.Dest {
			return dest(utc.Quarter().To(&d.At), utc.HourOfDay().To(&d.Hour), f.Stock.Eq(0).Count().To(&d.N))
		}),
		db.Into(&r.Query, func(d *row) []db.Dest { return dest(r.FilmID.To(&d.N), r.Stars.Percentile(0.9).To(&d.Real)) }).Having(r.Stars.Median().GT(2)),
		db.Into(&f.Query, func(d *row) []db.Dest { return dest(f.Price.When(f.Stock.GT(1)).StdDev().To(&d.Real)) }),
		db.Into(&r.Query, func(d *row) []db.Dest { return dest(r.FilmID.To(&d.N), r.Stars.Avg().To(&d.Real)) }).
			Top(3, db.Over(r.FilmID).OrderBy(r.Stars.Avg().Desc())).OrderBy(r.FilmID.Asc()),
		f.Where(f.InShop.Eq(true)).Top(3, db.Over(f.Genre).OrderBy(f.Price.Desc())).OrderBy(f.ID.Asc()),
	} {
		sql, err := q.SQL()
		want.NoErr(t, err)
		fmt.Fprintln(&b, strings.Replace(sql, allColumns, "…", 1))
	}
	golden.Equal(t, "analysis.sql", b.String())
}
