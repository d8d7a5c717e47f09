package dbtest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

// random stores n films with values that every run has alike, created between
// two moments, and returns them.
func random(t *testing.T, ctx context.Context, n int, from, to time.Time) []*reel.Film {
	t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var films []*reel.Film
	for i := range n {
		f := film(fmt.Sprint("f", i))
		f.Price, f.Stock, f.InShop = reel.Cents(r.IntN(4000)), int32(r.IntN(9)), r.IntN(3) > 0
		f.CreatedAt = from.Add(time.Duration(r.Int64N(int64(to.Sub(from))))).UTC().Truncate(time.Microsecond)
		if genre := r.IntN(5); genre > 0 {
			f.Genre = new(string(rune('A' + genre)))
		}
		if r.IntN(4) > 0 {
			f.Rating = new(math.Round(r.Float64()*1000) / 100)
		}
		films = append(films, f)
	}
	want.NoErr(t, reel.Films.Insert(ctx, films...))
	return films
}

// figures is what testStatistics reads of each genre.
type figures struct {
	Genre                *string
	Films, Rated, Cheap  int64
	Median, P0, P90, P1  *float64
	Ratings, Middle      *float64
	Spread, Deviation    *float64
	CheapSum             reel.Cents
	Least, Most          *reel.Cents
	Mean                 *float64
	First, Last, Average *time.Time
}

func testStatistics(t *testing.T, ctx context.Context) {
	films := random(t, ctx, 400, day(2026, 1, 1), day(2026, 12, 31))
	f := reel.Films
	cheap := f.Price.LT(1000)
	read := func(d *figures) []db.Dest {
		return []db.Dest{
			f.Genre.To(&d.Genre), db.Count().To(&d.Films), f.Rating.Count().To(&d.Rated), cheap.Count().To(&d.Cheap),
			f.Price.Median().To(&d.Median), f.Price.Percentile(0).To(&d.P0), f.Price.Percentile(0.9).To(&d.P90), f.Price.Percentile(1).To(&d.P1),
			f.Rating.Percentile(0.37).To(&d.Ratings), f.Rating.When(cheap, f.InShop.Eq(true)).Median().To(&d.Middle),
			f.Price.Variance().To(&d.Spread), f.Rating.StdDev().To(&d.Deviation),
			f.Price.When(cheap).Sum().To(&d.CheapSum),
			f.Price.Min().To(&d.Least), f.Price.Max().To(&d.Most), f.Price.Avg().To(&d.Mean),
			f.CreatedAt.Min().To(&d.First), f.CreatedAt.Max().To(&d.Last), f.CreatedAt.Avg().To(&d.Average),
		}
	}
	got, err := db.Into(f.Where(f.Stock.GT(1)), read).Having(f.Price.Median().GT(0)).OrderBy(f.Genre.Asc()).All(ctx)
	want.NoErr(t, err)
	by := map[string][]*reel.Film{}
	for _, one := range films {
		if one.Stock > 1 {
			by[genreOf(one)] = append(by[genreOf(one)], one)
		}
	}
	want.Equal(t, len(got), len(by))
	for _, g := range got {
		name := ""
		if g.Genre != nil {
			name = *g.Genre
		}
		checkFigures(t, name, g, by[name])
	}

	// All rows are one group, no rows are one of NULLs.
	whole, err := db.Into(f.Where(), func(d *figures) []db.Dest { return read(d)[1:] }).All(ctx)
	want.NoErr(t, err)
	checkFigures(t, "all", whole[0], films)
	none, err := db.Into(f.Where(f.Price.LT(0)), func(d *figures) []db.Dest { return read(d)[1:] }).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, none[0].Median == nil && none[0].Deviation == nil && none[0].Average == nil && none[0].Films == 0, true)

	// The keys of groups and the values may be columns of other tables.
	type words struct {
		Title  string
		Median *float64
	}
	r := reel.Reviews
	want.NoErr(t, r.Insert(ctx, &reel.Review{FilmID: films[0].ID, Stars: 1}, &reel.Review{FilmID: films[0].ID, Stars: 4}, &reel.Review{FilmID: films[1].ID, Stars: 3}))
	medians, err := db.Into(&r.Query, func(d *words) []db.Dest {
		return []db.Dest{r.Film().Title.To(&d.Title), r.Stars.Median().To(&d.Median)}
	}).OrderBy(r.Stars.Median().Asc()).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, fmt.Sprint(medians[0].Title, *medians[0].Median, medians[1].Title, *medians[1].Median), fmt.Sprint(films[0].Title, 2.5, films[1].Title, 3.0))
	_, err = f.Where(f.Price.Median().GT(4)).All(ctx)
	want.Contains(t, fmt.Sprint(err), "outside of a result")
}

func genreOf(f *reel.Film) string {
	if f.Genre == nil {
		return ""
	}
	return *f.Genre
}

// checkFigures computes the figures of films by hand.
func checkFigures(t *testing.T, name string, g figures, films []*reel.Film) {
	t.Helper()
	var prices, ratings, middle []float64
	var times []int64
	var cheap int64
	var cheapSum float64
	for _, f := range films {
		prices = append(prices, float64(f.Price))
		times = append(times, f.CreatedAt.UnixMicro())
		if f.Rating != nil {
			ratings = append(ratings, *f.Rating)
			if f.Price < 1000 && f.InShop {
				middle = append(middle, *f.Rating)
			}
		}
		if f.Price < 1000 {
			cheap++
			cheapSum += float64(f.Price)
		}
	}
	want.Equal(t, []int64{g.Films, g.Rated, g.Cheap}, []int64{int64(len(films)), int64(len(ratings)), cheap})
	slices.Sort(times)
	base, total := times[0], int64(0)
	for _, at := range times {
		total += at - base
	}
	mean := base + int64(math.Round(float64(total)/float64(len(times))))
	want.Equal(t, []int64{g.First.UnixMicro(), g.Last.UnixMicro()}, []int64{times[0], times[len(times)-1]})
	if off := g.Average.UnixMicro() - mean; off < -1 || off > 1 {
		t.Errorf("%s: got the mean moment %v, want %v", name, g.Average, time.UnixMicro(mean).UTC())
	}
	slices.Sort(prices)
	for what, pair := range map[string][2]float64{
		"median": {*g.Median, percentile(prices, 0.5)}, "minimum": {*g.P0, prices[0]}, "90": {*g.P90, percentile(prices, 0.9)},
		"maximum": {*g.P1, prices[len(prices)-1]}, "37": {*g.Ratings, percentile(ratings, 0.37)}, "middle": {*g.Middle, percentile(middle, 0.5)},
		"variance": {*g.Spread, variance(prices)}, "deviation": {*g.Deviation, math.Sqrt(variance(ratings))},
		"cheap": {float64(g.CheapSum), cheapSum}, "least": {float64(*g.Least), prices[0]}, "most": {float64(*g.Most), prices[len(prices)-1]},
		"mean": {*g.Mean, average(prices)},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-4*max(1, math.Abs(pair[1])) { // MariaDB's mean has four decimals
			t.Errorf("genre %q, %s: got %v, want %v", name, what, pair[0], pair[1])
		}
	}
}

func percentile(list []float64, p float64) float64 {
	slices.Sort(list)
	at := p * float64(len(list)-1)
	below := int(at)
	if below == len(list)-1 {
		return list[below]
	}
	return list[below] + (at-float64(below))*(list[below+1]-list[below])
}

func average(list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}

func variance(list []float64) float64 {
	mean, sum := average(list), 0.0
	for _, v := range list {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(list)-1)
}

// testTop: the best of each group, of rows and of groups.
func testTop(t *testing.T, ctx context.Context) {
	films := random(t, ctx, 120, day(2026, 1, 1), day(2026, 2, 1))
	f := reel.Films
	by := map[string][]*reel.Film{}
	for _, one := range films {
		if one.InShop {
			by[genreOf(one)] = append(by[genreOf(one)], one)
		}
	}
	var names []string
	for _, genre := range slices.Sorted(maps.Keys(by)) {
		list := by[genre]
		slices.SortFunc(list, func(a, b *reel.Film) int { return cmp.Or(cmp.Compare(b.Price, a.Price), cmp.Compare(a.ID, b.ID)) })
		for _, one := range list[:3] {
			names = append(names, one.Slug)
		}
	}
	dearest := db.Over(f.Genre).OrderBy(f.Price.Desc(), f.ID.Asc())
	top := f.Where(f.InShop.Eq(true)).Top(3, dearest)
	want.Equal(t, slugs(t, ctx, top.OrderBy(f.Genre.Asc(), f.Price.Desc(), f.ID.Asc())), names)
	n, err := top.Where(f.Genre.Eq("B")).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 3)

	type stock struct {
		Genre  *string
		Copies int32
		Films  int64
	}
	result := db.Into(f.Where(), func(d *stock) []db.Dest {
		return []db.Dest{f.Genre.To(&d.Genre), f.Stock.To(&d.Copies), db.Count().To(&d.Films)}
	})
	all, err := result.All(ctx)
	want.NoErr(t, err)
	order := func(a, b stock) int {
		return cmp.Or(cmp.Compare(fmt.Sprint(a.Genre != nil), fmt.Sprint(b.Genre != nil)), cmp.Compare(text(a.Genre), text(b.Genre)),
			cmp.Compare(b.Films, a.Films), cmp.Compare(a.Copies, b.Copies))
	}
	slices.SortFunc(all, order)
	var best []stock
	kept := map[string]int{}
	for _, s := range all {
		if kept[text(s.Genre)]++; kept[text(s.Genre)] <= 2 {
			best = append(best, s)
		}
	}
	got, err := result.Top(2, db.Over(f.Genre).OrderBy(db.Count().Desc(), f.Stock.Asc())).OrderBy(f.Genre.Asc()).All(ctx)
	want.NoErr(t, err)
	slices.SortFunc(got, order)
	want.Equal(t, got, best)
	got, err = result.Top(1, db.Over().OrderBy(f.Price.Median().Desc(), f.Stock.Asc(), f.Genre.Asc())).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, len(got), 1)
	_, err = f.Top(0, dearest).All(ctx)
	want.Contains(t, fmt.Sprint(err), "keep 1 row or more")
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// testShares: totals that run, and parts of a whole, over groups.
func testShares(t *testing.T, ctx context.Context) {
	from := day(2026, 3, 1)
	films := random(t, ctx, 200, from, from.AddDate(0, 0, 40))
	f := reel.Films
	days := f.CreatedAt.Span(from, from.AddDate(0, 0, 40)).Week()
	type running struct {
		Week              time.Time
		Sum, Until        reel.Cents
		Share             *float64
		Place             int64
		Before, MeanSoFar *float64
	}
	sum := f.Price.Sum()
	byWeek := db.Over().OrderBy(days.Asc())
	got, err := db.Into(f.Where(), func(d *running) []db.Dest {
		return []db.Dest{days.To(&d.Week), sum.To(&d.Sum), sum.SumOver(byWeek).To(&d.Until), sum.ShareOver(db.Over()).To(&d.Share),
			byWeek.RowNumber().To(&d.Place), sum.AvgOver(byWeek).To(&d.MeanSoFar)}
	}).OrderBy(days.Asc()).All(ctx)
	want.NoErr(t, err)
	weeks := bucketsOf(films, from, from.AddDate(0, 0, 40), "week", false)
	var total, until reel.Cents
	for _, w := range weeks {
		total += w.Price
	}
	want.Equal(t, len(got), len(weeks))
	for i, w := range weeks {
		until += w.Price
		g := got[i]
		want.Equal(t, fmt.Sprint(g.Week, g.Sum, g.Until, g.Place), fmt.Sprint(w.Starts, w.Price, until, i+1))
		if math.Abs(*g.Share-float64(w.Price)/float64(total)) > 1e-9 || math.Abs(*g.MeanSoFar-float64(until)/float64(i+1)) > 1e-3 {
			t.Errorf("week %v: got the share %v and the mean %v", g.Week, *g.Share, *g.MeanSoFar)
		}
	}
}

// testHistogram: bins, with those in between that are empty.
func testHistogram(t *testing.T, ctx context.Context) {
	films := random(t, ctx, 60, day(2026, 1, 1), day(2026, 2, 1))
	f := reel.Films
	type bar struct {
		From  reel.Cents
		Films int64
		Mean  float64
	}
	bin := f.Price.Bin(250)
	got, err := db.Into(f.Where(f.Price.GTE(300)), func(d *bar) []db.Dest {
		return []db.Dest{bin.To(&d.From), db.Count().To(&d.Films), f.Rating.Avg().Or(-1).To(&d.Mean)}
	}).OrderBy(bin.Desc()).Fill().All(ctx)
	want.NoErr(t, err)
	by := map[reel.Cents]int64{}
	lo, hi := reel.Cents(math.MaxInt64), reel.Cents(0)
	for _, one := range films {
		if from := one.Price / 250 * 250; one.Price >= 300 {
			by[from]++
			lo, hi = min(lo, from), max(hi, from)
		}
	}
	for i, from := 0, hi; from >= lo; i, from = i+1, from-250 {
		want.Equal(t, fmt.Sprint(got[i].From, got[i].Films), fmt.Sprint(from, by[from]))
		want.Equal(t, got[i].Films > 0 || got[i].Mean == -1, true)
	}
	want.Equal(t, len(got), int(hi-lo)/250+1)

	type half struct {
		From  *float64
		Genre *string
		Films int64
	}
	halves := f.Rating.Bin(2.5)
	list, err := db.Into(f.Where(f.Rating.NotNull()), func(d *half) []db.Dest {
		return []db.Dest{halves.To(&d.From), f.Genre.To(&d.Genre), db.Count().To(&d.Films)}
	}).OrderBy(f.Genre.Asc(), halves.Asc()).Fill().All(ctx)
	want.NoErr(t, err)
	sum, genres := int64(0), map[string]bool{}
	for _, h := range list {
		sum += h.Films
		genres[text(h.Genre)] = true
		want.Equal(t, math.Mod(*h.From, 2.5), 0)
	}
	rows, err := f.Where(f.Rating.NotNull()).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, sum, rows)
	want.Equal(t, len(list)%len(genres), 0)

	// Each gives the same rows, and stops when asked to.
	n := 0
	for row, err := range db.Into(f.Where(f.Price.GTE(300)), func(d *bar) []db.Dest { return []db.Dest{bin.To(&d.From), db.Count().To(&d.Films)} }).OrderBy(bin.Desc()).Fill().Each(ctx) {
		want.NoErr(t, err)
		want.Equal(t, row.From, got[n].From)
		if n++; n == 3 {
			break
		}
	}
	want.Equal(t, n, 3)

	// What cannot be filled says so.
	far := f.CreatedAt.Span(day(1, 1, 1), day(9999, 1, 1))
	for _, refused := range []*db.Grouped[sums]{
		db.Into(f.Where(), func(d *sums) []db.Dest { return []db.Dest{far.Day().To(&d.Starts)} }).Fill(),
		db.Into(f.Where(), func(d *sums) []db.Dest { return []db.Dest{db.Count().To(&d.Films)} }).Fill(),
		db.Into(f.Where(), func(d *sums) []db.Dest { return []db.Dest{far.Year().To(&d.Starts)} }).Limit(3).Fill(),
		db.Into(f.Where(), func(d *sums) []db.Dest {
			return []db.Dest{far.Year().To(&d.Starts), db.Over().RowNumber().To(&d.Films)}
		}).Fill(),
	} {
		if _, err := refused.All(ctx); err == nil {
			t.Error("got no error for what cannot be filled")
		}
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	want.NoErr(t, err)
	long := f.CreatedAt.Span(day(1800, 1, 1).In(berlin), day(2900, 1, 1))
	_, err = db.Into(f.Where(), func(d *sums) []db.Dest { return []db.Dest{long.Day().To(&d.Starts)} }).All(ctx)
	want.Err(t, err, errs.Invalid)
}
