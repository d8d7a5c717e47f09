package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Reason says why [Read] dropped, mended or doubted a film.
type Reason string

// Why a film is dropped.
const (
	notAFilm     Reason = "not an object"
	wrongType    Reason = "field of the wrong type"
	noTitle      Reason = "no title"
	titleTooLong Reason = "title too long"
	duplicate    Reason = "same title and year as a film with more votes"
)

// How a film is mended. Those that end in "unknown" lose a value.
const (
	titleNumber   Reason = "title is a number: kept as text"
	titleSpaces   Reason = "title with stray spaces: tidied"
	titleEncoding Reason = "title in the wrong encoding: decoded again"
	titleArticle  Reason = "article behind the title: moved to the front"
	titleYear     Reason = "release year in the title: removed"
	dateCentury   Reason = "release date in the wrong century: 100 years back"
	dateBad       Reason = "release date unreadable: unknown"
	genreMissing  Reason = "no genre: " + Unclassified
	genreBad      Reason = "genre not known to the shop: " + Unclassified
	ratingBad     Reason = "rating not known to the shop: Not Rated"
	textQuotes    Reason = "doubled quotation marks in a name: single"
	textTooLong   Reason = "text too long: unknown"
	numberBad     Reason = "number out of range: unknown"
)

// Why a film that is kept as it is deserves a look.
const (
	scoreShared Reason = "score and votes equal those of another film of that title"
)

// maxExamples is how many examples of each reason a report keeps.
const maxExamples = 3

// A Tally counts the films of one reason and names the first of them.
type Tally struct {
	Reason   Reason
	Count    int
	Examples []string // the first three
}

// A Report says what became of a file: Read = Kept + the counts of Dropped.
// Make one with [NewReport]. It is written by one [Read] and not safe for use
// by several goroutines at once.
type Report struct {
	Read int
	Kept int // distinct films: a record that supersedes another does not count twice

	dropped, mended, doubtful map[Reason]*Tally
}

// NewReport returns an empty report.
func NewReport() *Report {
	return &Report{dropped: map[Reason]*Tally{}, mended: map[Reason]*Tally{}, doubtful: map[Reason]*Tally{}}
}

// Dropped returns the films that were left out by reason, most frequent first.
func (r *Report) Dropped() []Tally { return sorted(r.dropped) }

// Mended returns the films that were changed by reason, most frequent first. A
// film that was changed in two ways counts for both.
func (r *Report) Mended() []Tally { return sorted(r.mended) }

// Doubtful returns the films that were kept unchanged and deserve a look.
func (r *Report) Doubtful() []Tally { return sorted(r.doubtful) }

// String returns the report as a text for people, of several lines.
func (r *Report) String() string {
	var b strings.Builder
	dropped := 0
	for _, t := range r.dropped {
		dropped += t.Count
	}
	fmt.Fprintf(&b, "%d films read, %d kept, %d dropped\n", r.Read, r.Kept, dropped)
	for _, part := range []struct {
		name    string
		tallies []Tally
	}{{"dropped", r.Dropped()}, {"mended", r.Mended()}, {"doubtful", r.Doubtful()}} {
		for _, t := range part.tallies {
			fmt.Fprintf(&b, "%-8s %5d  %s\n", part.name, t.Count, t.Reason)
			for _, example := range t.Examples {
				fmt.Fprintf(&b, "%16s%s\n", "", example)
			}
		}
	}
	return b.String()
}

func (r *Report) drop(reason Reason, example string)  { add(r.dropped, reason, example) }
func (r *Report) mend(reason Reason, example string)  { add(r.mended, reason, example) }
func (r *Report) doubt(reason Reason, example string) { add(r.doubtful, reason, example) }

func add(to map[Reason]*Tally, reason Reason, example string) {
	t := to[reason]
	if t == nil {
		t = &Tally{Reason: reason}
		to[reason] = t
	}
	t.Count++
	if len(t.Examples) < maxExamples {
		t.Examples = append(t.Examples, shorten(example))
	}
}

// shorten keeps a report readable, and small, when the input is hostile.
func shorten(s string) string {
	const limit = 160
	if len(s) <= limit {
		return s
	}
	end := limit
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

func sorted(tallies map[Reason]*Tally) []Tally {
	list := make([]Tally, 0, len(tallies))
	for _, t := range tallies {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}
