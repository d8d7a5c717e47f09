package catalog

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The file was put together in 2010 and announces films until 2011; film
// itself begins in 1888. Both bounds belong to the data, not to the clock.
const (
	firstYear = 1888
	lastYear  = 2011
)

// A cleaner applies the rules, one film after the other.
type cleaner struct {
	report  *Report
	genres  []string
	ratings []string
	votes   map[string]int    // of each slug delivered
	scores  map[string]scored // of each title, whatever its year
}

type scored struct{ score, votes int }

func newCleaner(report *Report) *cleaner {
	return &cleaner{report: report, genres: Genres(), ratings: Ratings(), votes: map[string]int{}, scores: map[string]scored{}}
}

// clean returns the record of src, or false when the film is dropped.
func (c *cleaner) clean(src *source) (Record, bool) {
	name := fmt.Sprintf("record %d", c.report.Read)
	title, reason := c.title(src.Title)
	if reason != "" {
		c.report.drop(reason, name)
		return Record{}, false
	}
	name = fmt.Sprintf("%s %q", name, title)

	rec := Record{Released: c.date(name, src.Released)}
	if !rec.Released.IsZero() {
		rec.Year = rec.Released.Year()
	}
	rec.Title = c.withoutYear(title, rec.Year)
	rec.Slug = slug(rec.Title, rec.Year)
	rec.Genre = c.genre(name, src.Genre)
	rec.Rating = c.rating(name, src.Rating)
	rec.Director = c.text(name, "Director", src.Director)
	rec.Distributor = c.text(name, "Distributor", src.Distributor)
	rec.Source = c.text(name, "Source", src.Source)
	rec.Minutes = int(c.number(name, "Running Time min", src.Minutes, 1000))
	rec.Critics = int(c.number(name, "Rotten Tomatoes Rating", src.Critics, 100))
	rec.Gross = c.number(name, "Worldwide Gross", src.Gross, 1e11)
	rec.Budget = c.number(name, "Production Budget", src.Budget, 1e11)
	rec.Score, rec.Votes = c.score(name, src.Score, src.Votes)
	rec.Price, rec.Stock = price(&rec), stock(&rec)
	return c.unique(name, rec)
}

// unique drops a film that was there before. Films are the same when title and
// year are: remakes share a title, so the title alone says nothing (two dozen
// titles are in the file twice, all of different years). Of two entries the one
// with more votes is likelier to be the real film and not a stray; a film
// without votes loses, and of equals the first stays.
//
// The first one may have been delivered already, so a better one is delivered
// as its replacement.
func (c *cleaner) unique(name string, rec Record) (Record, bool) {
	before, seen := c.votes[rec.Slug]
	if seen {
		c.report.drop(duplicate, name)
		if rec.Votes <= before {
			return Record{}, false
		}
		rec.Supersedes = true
	} else {
		c.report.Kept++
	}
	c.votes[rec.Slug] = rec.Votes
	c.sharedScore(name, rec)
	return rec, true
}

// sharedScore notes remakes with the score of the original, or the other way
// round: the source joined scores to films by title alone, so at most one of
// them is right. Nothing in the file says which, so both stay.
func (c *cleaner) sharedScore(name string, rec Record) {
	if rec.Score == 0 || rec.Supersedes {
		return
	}
	key, own := slugWords(rec.Title), scored{rec.Score, rec.Votes}
	if other, ok := c.scores[key]; ok && other == own {
		c.report.doubt(scoreShared, name)
		return
	}
	c.scores[key] = own
}

// date reads "Jun 12 1998". A year behind lastYear is a two-digit year that was
// put in the wrong century: all 22 of them ("Gone with the Wind", 2039) are
// right 100 years earlier. A date that is still impossible is unknown: the film
// can be sold without one.
func (c *cleaner) date(name string, text *string) time.Time {
	if text == nil || *text == "" {
		return time.Time{}
	}
	day, err := time.Parse("Jan 02 2006", *text)
	if err == nil && day.Year() > lastYear {
		day = day.AddDate(-100, 0, 0)
		if inRange := day.Year() > lastYear-100 && day.Year() <= lastYear; inRange {
			c.report.mend(dateCentury, fmt.Sprintf("%s: %s is %d", name, *text, day.Year()))
			return day
		}
	}
	if err != nil || day.Year() < firstYear || day.Year() > lastYear {
		c.report.mend(dateBad, fmt.Sprintf("%s: %q", name, *text))
		return time.Time{}
	}
	return day
}

// genre puts every film under a genre; see [Unclassified].
func (c *cleaner) genre(name string, text *string) string {
	if text == nil || *text == "" {
		c.report.mend(genreMissing, name)
		return Unclassified
	}
	if !slices.Contains(c.genres, *text) {
		c.report.mend(genreBad, fmt.Sprintf("%s: %q", name, *text))
		return Unclassified
	}
	return *text
}

// rating keeps "not rated", which is known, apart from a missing rating, which
// is not. "Open" (2 films) is no rating of the association; "Not Rated" is what
// it comes to for a buyer.
func (c *cleaner) rating(name string, text *string) string {
	if text == nil || *text == "" || slices.Contains(c.ratings, *text) {
		return deref(text)
	}
	c.report.mend(ratingBad, fmt.Sprintf("%s: %q", name, *text))
	return "Not Rated"
}

// text tidies a name. Doubled quotation marks (`Jeff ""King Jeff"" Hollins`)
// are what is left of a CSV export.
func (c *cleaner) text(name, field string, text *string) string {
	tidy := tidySpaces(deref(text))
	if utf8.RuneCountInString(tidy) > MaxText {
		c.report.mend(textTooLong, fmt.Sprintf("%s: %q", name, field))
		return ""
	}
	if single := strings.ReplaceAll(tidy, `""`, `"`); single != tidy {
		c.report.mend(textQuotes, fmt.Sprintf("%s: %s", name, single))
		return single
	}
	return tidy
}

// number accepts 1 to limit. Zero is how the file says unknown (a film that
// grossed nothing was not shown), so it is not counted as mended.
func (c *cleaner) number(name, field string, n *int64, limit int64) int64 {
	if n == nil || *n == 0 {
		return 0
	}
	if *n < 0 || *n > limit {
		c.report.mend(numberBad, fmt.Sprintf("%s: %q is %d", name, field, *n))
		return 0
	}
	return *n
}

// score returns tenths, so that scores compare and sort exactly. A score
// without votes, or votes without a score, is no score.
func (c *cleaner) score(name string, score *float64, votes *int64) (tenths, count int) {
	count = int(c.number(name, "IMDB Votes", votes, 1e9))
	if score == nil || count == 0 {
		return 0, 0
	}
	if *score < 1 || *score > 10 {
		c.report.mend(numberBad, fmt.Sprintf("%s: %q is %g", name, "IMDB Rating", *score))
		return 0, 0
	}
	return int(math.Round(*score * 10)), count
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
