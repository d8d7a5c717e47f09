package catalog_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/examples/shop/catalog"
	"github.com/ashlar-go/ashlar/internal/golden"
	"github.com/ashlar-go/ashlar/internal/want"
)

// readAll collects what Read delivers, with replaced records replaced.
func readAll(r io.Reader) ([]catalog.Record, *catalog.Report, error) {
	report := catalog.NewReport()
	var records []catalog.Record
	for rec, err := range catalog.Read(r, report) {
		if err != nil {
			return records, report, err
		}
		if rec.Supersedes {
			i := slices.IndexFunc(records, func(r catalog.Record) bool { return r.Slug == rec.Slug })
			records[i] = rec
			continue
		}
		records = append(records, rec)
	}
	return records, report, nil
}

func movies(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile("data/movies.json")
	want.NoErr(t, err)
	return file
}

func TestReadTheFile(t *testing.T) {
	t.Parallel()
	records, report, err := readAll(bytes.NewReader(movies(t)))
	want.NoErr(t, err)
	golden.Equal(t, "report.txt", report.String())
	check(t, records, report)
	want.Equal(t, len(records), 3200)

	stock := map[string]int{}
	genres := map[string]int{}
	for _, r := range records {
		genres[r.Genre]++
		switch r.Stock {
		case 0:
			stock["sold out"]++
		case 1:
			stock["last copy"]++
		default:
			stock["more"]++
		}
	}
	want.Equal(t, stock, map[string]int{"sold out": 167, "last copy": 317, "more": 2716})
	want.Equal(t, genres[catalog.Unclassified], 275)
	want.Equal(t, len(genres), len(catalog.Genres()))
}

func TestReadMends(t *testing.T) {
	t.Parallel()
	records, _, err := readAll(bytes.NewReader(movies(t)))
	want.NoErr(t, err)
	bySlug := map[string]catalog.Record{}
	for _, r := range records {
		bySlug[r.Slug] = r
	}
	for _, tt := range []struct{ slug, want string }{
		{"1776-1972", `"1776" 1972-11-09 PG`},
		{"gone-with-the-wind-1939", `"Gone with the Wind" 1939-12-15 G`},
		{"the-birth-of-a-nation-1915", `"The Birth of a Nation" 1915-02-08 `},
		{"king-kong-1933", `"King Kong" 1933-04-07 `},
		{"king-kong-2005", `"King Kong" 2005-12-14 PG-13`},
		{"deja-vu-2006", `"Déjà Vu" 2006-11-22 PG-13`},
		{"alien3-1992", `"Alien³" 1992-05-22 R`},
		{"the-naked-gun-2-1-2-the-smell-of-fear-1991", `"The Naked Gun 2½: The Smell of Fear" 1991-06-28 `},
		{"i-love-you-dont-touch-me-1998", `"I Love You … Don't Touch Me!" 1998-02-20 `},
		{"the-secret-2006", `"The Secret" 2006-11-07 Not Rated`},
		{"requiem-for-a-dream-2000", `"Requiem for a Dream" 2000-10-06 Not Rated`},
		{"fahrenheit-9-11-2004", `"Fahrenheit 9/11" 2004-06-23 R`},
	} {
		r, ok := bySlug[tt.slug]
		if !ok {
			t.Errorf("%s: not there", tt.slug)
			continue
		}
		if got := fmt.Sprintf("%q %s %s", r.Title, r.Released.Format("2006-01-02"), r.Rating); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.slug, got, tt.want)
		}
	}
	want.Equal(t, bySlug["bang-1996"].Director, `Jeff "King Jeff" Hollins`)
	inception := bySlug["inception-2010"]
	want.Equal(t, fmt.Sprint(inception.Score, inception.Votes, inception.Minutes, inception.Price), "91 188247 147 $19.90")
}

// check holds for every output of Read, whatever the input is.
func check(t *testing.T, records []catalog.Record, report *catalog.Report) {
	t.Helper()
	dropped := 0
	for _, tally := range report.Dropped() {
		dropped += tally.Count
	}
	want.Equal(t, report.Kept, len(records))
	want.Equal(t, report.Read, report.Kept+dropped)
	slug := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, r := range records {
		if !slug.MatchString(r.Slug) || seen[r.Slug] {
			t.Errorf("%q: got slug %q, want a new one that fits %v", r.Title, r.Slug, slug)
		}
		seen[r.Slug] = true
		for _, text := range []string{r.Title, r.Director, r.Distributor, r.Source} {
			if strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) || strings.TrimSpace(text) != text {
				t.Errorf("%s: got text %q, want it clean", r.Slug, text)
			}
		}
		if n := utf8.RuneCountInString(r.Title); n == 0 || n > catalog.MaxTitle {
			t.Errorf("%s: got a title of %d characters", r.Slug, n)
		}
		if !slices.Contains(catalog.Genres(), r.Genre) || r.Rating != "" && !slices.Contains(catalog.Ratings(), r.Rating) {
			t.Errorf("%s: got genre %q, rating %q", r.Slug, r.Genre, r.Rating)
		}
		if r.Score != 0 && (r.Score < 10 || r.Score > 100) || r.Minutes < 0 || r.Votes < 0 || r.Gross < 0 || r.Budget < 0 {
			t.Errorf("%s: got numbers out of range: %+v", r.Slug, r)
		}
		if r.Price < 500 || r.Price > 2500 || r.Stock < 0 || r.Stock > 21 {
			t.Errorf("%s: got price %v, stock %d", r.Slug, r.Price, r.Stock)
		}
		if r.Released.IsZero() != (r.Year == 0) || r.Year != 0 && (r.Year < 1888 || r.Year > 2011) {
			t.Errorf("%s: got year %d of %v", r.Slug, r.Year, r.Released)
		}
	}
}

func TestReadRecords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, input string
		want        string // the report's dropped, mended and doubtful lines
	}{
		{"empty", `[]`, ""},
		{"no title", `[{}, {"Title":null}, {"Title":""}, {"Title":" \u0007 "}, null]`, "dropped 5 no title; mended 1 title with stray spaces: tidied"},
		{"odd titles", `[{"Title":{}}, {"Title":true}, {"Title":1.5}, {"Title":-3}]`, "dropped 4 field of the wrong type"},
		{"not films", `[1, "x", [2], {"Title":"A","Major Genre":"Drama"}]`, "dropped 3 not an object"},
		{"wrong types", `[{"Title":"A","IMDB Votes":"many"}, {"Title":"B","IMDB Votes":1.5}, {"Title":"C","Director":3}]`, "dropped 3 field of the wrong type"},
		{"long title", `[{"Title":"` + strings.Repeat("é", 201) + `"}]`, "dropped 1 title too long"},
		{"long name", `[{"Title":"A","Major Genre":"Drama","Director":"` + strings.Repeat("é", 121) + `"}]`, "mended 1 text too long: unknown"},
		{"numbers", `[{"Title":"A","Major Genre":"Drama","Running Time min":-1,"Worldwide Gross":0,"IMDB Votes":3,"IMDB Rating":11}]`, "mended 2 number out of range: unknown"},
		{"dates", `[{"Title":"A","Major Genre":"Drama","Release Date":"1998"},{"Title":"B","Major Genre":"Drama","Release Date":"Jan 01 1700"},
			{"Title":"C","Major Genre":"Drama","Release Date":"Jan 01 2200"},{"Title":"D","Major Genre":"Drama","Release Date":""}]`, "mended 3 release date unreadable: unknown"},
		{"other genre and rating", `[{"Title":"A","Major Genre":"Opera","MPAA Rating":"X"}]`,
			"mended 1 genre not known to the shop: Unclassified; mended 1 rating not known to the shop: Not Rated"},
		{"year in the title", `[{"Title":"M (1931)","Major Genre":"Drama","Release Date":"May 11 1931"},{"Title":"2046 (2046)","Major Genre":"Drama"}]`,
			"mended 1 release year in the title: removed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			records, report, err := readAll(strings.NewReader(tt.input))
			want.NoErr(t, err)
			check(t, records, report)
			var got []string
			for kind, tallies := range [][]catalog.Tally{report.Dropped(), report.Mended(), report.Doubtful()} {
				for _, tally := range tallies {
					got = append(got, fmt.Sprintf("%s %d %s", []string{"dropped", "mended", "doubtful"}[kind], tally.Count, tally.Reason))
				}
			}
			want.Equal(t, strings.Join(got, "; "), tt.want)
		})
	}
}

func TestReadDuplicates(t *testing.T) {
	t.Parallel()
	film := func(title, day string, votes int) string {
		return fmt.Sprintf(`{"Title":%q,"Release Date":%q,"IMDB Rating":7.5,"IMDB Votes":%d}`, title, day, votes)
	}
	records, report, err := readAll(strings.NewReader("[" + strings.Join([]string{
		film("Heat", "Dec 15 1995", 10),
		film("heat!", "Jan 01 1995", 5), // fewer votes: goes
		film("Heat", "Mar 14 1987", 10), // another year: another film, with a score that is hardly its own
		film("HEAT", "Feb 01 1995", 20), // more votes: replaces the first
		film("Heat", "Dec 15 1995", 20), // as many: the one before stays
	}, ",") + "]"))
	want.NoErr(t, err)
	check(t, records, report)
	var got []string
	for _, r := range records {
		got = append(got, fmt.Sprint(r.Slug, " ", r.Title, " ", r.Votes))
	}
	want.Equal(t, got, []string{"heat-1995 HEAT 20", "heat-1987 Heat 10"})
	want.Equal(t, report.Dropped()[0].Count, 3)
	want.Equal(t, report.Doubtful()[0], catalog.Tally{Reason: "score and votes equal those of another film of that title", Count: 1, Examples: []string{`record 3 "Heat"`}})
}

func TestReadBadInput(t *testing.T) {
	t.Parallel()
	film := `{"Title":"A"}`
	for _, tt := range []struct {
		name, input string
		is          error
		want        string
	}{
		{"empty", "", io.ErrUnexpectedEOF, "catalog: read films: unexpected EOF"},
		{"not JSON", "Title,Year\n", nil, "catalog: read films: invalid character 'T'"},
		{"an object", film, nil, "want a JSON array of films, got {"},
		{"truncated in a film", "[" + film + `, {"Title":"B`, io.ErrUnexpectedEOF, "record 2: unexpected EOF"},
		{"truncated behind a film", "[" + film, io.ErrUnexpectedEOF, "after record 1: unexpected EOF"},
		{"no comma", "[" + film + film + "]", nil, "record 2: "},
		{"more behind it", "[" + film + "] []", nil, "after record 1: unexpected data behind the array"},
		{"huge film", "[" + film + `,{"Title":"` + strings.Repeat("x", catalog.MaxRecordBytes) + `"}]`, catalog.ErrTooLarge, "record 2: more than 65536 bytes: too large"},
		{"endless spaces", "[" + film + strings.Repeat(" ", catalog.MaxRecordBytes+1) + "]", catalog.ErrTooLarge, "after record 1: more than 65536 bytes: too large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readAll(strings.NewReader(tt.input))
			if err == nil {
				t.Fatal("got no error")
			}
			want.Contains(t, err.Error(), tt.want)
			if tt.is != nil {
				want.Err(t, err, tt.is)
			}
		})
	}
	broken := errors.New("broken disk")
	_, _, err := readAll(io.MultiReader(strings.NewReader("["+film+","), iotest.ErrReader(broken)))
	want.Err(t, err, broken)
}

// TestReadLimits also holds that chopping the input up changes nothing, and
// that a film just under the limit passes wherever it stands.
func TestReadLimits(t *testing.T) {
	t.Parallel()
	long := `{"Title":"A","Other":"` + strings.Repeat("x", catalog.MaxRecordBytes-100) + `"}`
	input := "[" + strings.Repeat(long+",\n", 20) + long + "]"
	_, report, err := readAll(iotest.HalfReader(strings.NewReader(input)))
	want.NoErr(t, err)
	want.Equal(t, report.Read, 21)

	_, report, err = readAll(io.MultiReader(strings.NewReader("[0"), &repeat{text: ",0"}))
	want.Err(t, err, catalog.ErrTooLarge)
	want.Equal(t, report.Read, catalog.MaxRecords)
}

// TestReadMemory reads 64 MB that is one record and looks at what was allocated.
func TestReadMemory(t *testing.T) {
	// Not parallel: it reads the process's count of allocated bytes.
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := readAll(io.MultiReader(strings.NewReader(`["`), io.LimitReader(&repeat{text: "x"}, 64<<20)))
	runtime.ReadMemStats(&after)
	want.Err(t, err, catalog.ErrTooLarge)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("got %d bytes allocated, want less than 1 MB", got)
	}
}

func TestReadStops(t *testing.T) {
	t.Parallel()
	report := catalog.NewReport()
	for range catalog.Read(bytes.NewReader(movies(t)), report) {
		break
	}
	want.Equal(t, report.Read, 1)
}

// A repeat is a reader without an end.
type repeat struct {
	text string
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.text[r.at]
		r.at = (r.at + 1) % len(r.text)
	}
	return len(p), nil
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`[{"Title":"LÈon","Release Date":"Nov 18 2094","IMDB Rating":8.6,"IMDB Votes":199762}]`))
	f.Add([]byte(`[{"Title":300},{"Title":"300"},{"Title":"Secret, The"},{"Title":"?"},{"Title":"\u0000 \ufffd"}]`))
	f.Add([]byte(`[1,{"Title":[]},{"IMDB Votes":1e999}]`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, input []byte) {
		records, report, err := readAll(bytes.NewReader(input))
		if err != nil {
			return // what was delivered before an error is counted, the failing record is not
		}
		check(t, records, report)
		if len(report.String()) > 64<<10 {
			t.Errorf("got a report of %d bytes", len(report.String()))
		}
	})
}

func ExampleRead() {
	film := `[{"Title": "LÈon", "Release Date": "Nov 18 1994", "Major Genre": "Drama", "IMDB Rating": 8.6, "IMDB Votes": 199762},
	          {"Title": null}]`
	report := catalog.NewReport()
	for record, err := range catalog.Read(strings.NewReader(film), report) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(record.Slug, record.Title, record.Price)
	}
	fmt.Print(report)
	// Output:
	// leon-1994 Léon $11.90
	// 2 films read, 1 kept, 1 dropped
	// dropped      1  no title
	//                 record 2
	// mended       1  title in the wrong encoding: decoded again
	//                 record 1 "LÈon" is "Léon"
}
