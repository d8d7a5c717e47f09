package dbtest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/internal/want"
)

// sums is what the tests of buckets read of each.
type sums struct {
	Starts time.Time
	Films  int64
	Price  reel.Cents
	Best   *float64
}

// testBuckets compares buckets of time with what Go's own clocks say, in zones
// that change them at midnight, by half an hour, and by a whole day.
func testBuckets(t *testing.T, ctx context.Context) {
	for _, test := range []struct {
		zone string
		from string
		days int
	}{
		{"UTC", "2025-12-20T00:00", 30},
		{"Europe/Berlin", "2026-03-20T13:30", 20},
		{"Europe/Berlin", "2025-10-01T00:00", 210},
		{"America/New_York", "2026-10-25T00:00", 20},
		{"Australia/Lord_Howe", "2026-03-30T00:00", 12},
		{"America/Sao_Paulo", "2018-02-10T00:00", 300}, // midnight is skipped and repeated
		{"America/St_Johns", "2010-11-01T00:00", 10},   // put back at one minute past midnight
		{"Pacific/Apia", "2011-12-25T00:00", 12},       // had no 30 December
		{"Asia/Kathmandu", "1969-12-20T00:00", 30},
		{"Europe/Berlin", "1893-03-20T00:00", 30}, // local mean time
	} {
		zone, err := time.LoadLocation(test.zone)
		want.NoErr(t, err)
		from, err := time.ParseInLocation("2006-01-02T15:04", test.from, zone)
		want.NoErr(t, err)
		to := from.AddDate(0, 0, test.days)
		_, err = reel.Films.Everywhere().Delete(ctx)
		want.NoErr(t, err)
		films := random(t, ctx, 150, from.AddDate(0, 0, -2), to.AddDate(0, 0, 2))
		span := reel.Films.CreatedAt.Span(from, to)
		for unit, bucket := range map[string]db.Bucket{
			"hour": span.Hour(), "day": span.Day(), "week": span.Week(), "month": span.Month(),
			"quarter": span.Quarter(), "year": span.Year(),
		} {
			if unit == "hour" && test.days > 30 {
				continue
			}
			result := db.Into(&reel.Films.Query, func(d *sums) []db.Dest {
				return []db.Dest{bucket.To(&d.Starts), db.Count().To(&d.Films), reel.Films.Price.Sum().To(&d.Price), reel.Films.Rating.Max().To(&d.Best)}
			}).OrderBy(bucket.Asc())
			got, err := result.All(ctx)
			want.NoErr(t, err)
			same(t, test.zone+" "+unit, got, bucketsOf(films, from, to, unit, false))
			got, err = result.Fill().All(ctx)
			want.NoErr(t, err)
			same(t, test.zone+" "+unit+" filled", got, bucketsOf(films, from, to, unit, true))
		}
		testParts(t, ctx, span, films, from, to)
	}
}

// same compares results as texts, which show where they differ.
func same[D any](t *testing.T, what string, got, want []D) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = fmt.Sprint(printed(got[i]))
		}
		if i < len(want) {
			w = fmt.Sprint(printed(want[i]))
		}
		if g != w {
			t.Errorf("%s, row %d: got %s, want %s", what, i, g, w)
			return
		}
	}
}

func printed(row any) string {
	if s, ok := row.(sums); ok {
		best := "none"
		if s.Best != nil {
			best = fmt.Sprint(*s.Best)
		}
		return fmt.Sprint(s.Starts.Format(time.RFC3339), " ", s.Films, " ", int64(s.Price), " ", best)
	}
	return fmt.Sprintf("%+v", row)
}

// bucketsOf is the oracle of testBuckets.
func bucketsOf(films []*reel.Film, from, to time.Time, unit string, fill bool) []sums {
	by, known := map[time.Time]*sums{}, map[time.Time]time.Time{}
	at := func(moment time.Time) *sums {
		moment = moment.In(from.Location())
		begins := moment.Add(-time.Duration(moment.Minute())*time.Minute - time.Duration(moment.Second())*time.Second - time.Duration(moment.Nanosecond()))
		if unit != "hour" {
			first, ok := firstDay(moment, unit), false
			if begins, ok = known[first]; !ok {
				begins = beginning(first, from.Location())
				known[first] = begins
			}
		}
		if by[begins.UTC()] == nil {
			by[begins.UTC()] = &sums{Starts: begins}
		}
		return by[begins.UTC()]
	}
	for _, f := range films {
		if f.CreatedAt.Before(from) || !f.CreatedAt.Before(to) {
			continue
		}
		s := at(f.CreatedAt)
		s.Films++
		s.Price += f.Price
		if f.Rating != nil && (s.Best == nil || *s.Best < *f.Rating) {
			s.Best = f.Rating
		}
	}
	for moment := from; fill && moment.Before(to); moment = moment.Add(30 * time.Minute) {
		at(moment)
	}
	var list []sums
	for _, key := range slices.SortedFunc(maps.Keys(by), time.Time.Compare) {
		list = append(list, *by[key])
	}
	return list
}

// firstDay returns the first day of the bucket that a moment is in, at midnight
// by a clock in UTC.
func firstDay(moment time.Time, unit string) time.Time {
	y, m, d := moment.Date()
	switch unit {
	case "week":
		for time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday() != time.Monday {
			d--
		}
	case "month":
		d = 1
	case "quarter":
		m, d = []time.Month{1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10}[m-1], 1
	case "year":
		m, d = 1, 1
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// beginning returns the first moment of a day in a zone, by looking at the
// clock every minute, or every second of old.
func beginning(first time.Time, zone *time.Location) time.Time {
	y, m, d := first.Date()
	_, offset := time.Date(y, m, d, 12, 0, 0, 0, zone).Zone()
	t := first.Add(-time.Duration(offset) * time.Second).Add(-3 * time.Hour).In(zone)
	step := time.Minute
	if y < 1900 { // when towns kept their own time
		step = time.Second
	}
	for wall(t).Before(first) {
		t = t.Add(step)
	}
	return t
}

// wall returns what a clock shows as a moment in UTC.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second).UTC()
}

func testParts(t *testing.T, ctx context.Context, span db.Span, films []*reel.Film, from, to time.Time) {
	t.Helper()
	type part struct {
		Month time.Month
		Day   time.Weekday
		Hour  int
		Films int64
	}
	got, err := db.Into(&reel.Films.Query, func(d *part) []db.Dest {
		return []db.Dest{span.MonthOfYear().To(&d.Month), span.DayOfWeek().To(&d.Day), span.HourOfDay().To(&d.Hour), db.Count().To(&d.Films)}
	}).OrderBy(span.MonthOfYear().Asc(), span.DayOfWeek().Asc(), span.HourOfDay().Asc()).All(ctx)
	want.NoErr(t, err)
	by := map[part]int64{}
	for _, f := range films {
		if at := f.CreatedAt.In(from.Location()); !at.Before(from) && at.Before(to) {
			by[part{Month: at.Month(), Day: at.Weekday(), Hour: at.Hour()}]++
		}
	}
	var list []part
	for p, n := range by {
		p.Films = n
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Hour, b.Hour))
	})
	slices.SortFunc(got, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Hour, b.Hour))
	})
	same(t, "parts in "+from.Location().String(), got, list)
}
