package dbtest

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/db/internal/reel"
	"github.com/ashlar-go/ashlar/db/search"
	"github.com/ashlar-go/ashlar/internal/want"
)

// titles are those of 3,200 films, one a line: the data of examples/shop.
//
//go:embed testdata/titles.txt
var titles string

// naughtySearches are texts that have broken parsers of queries.
var naughtySearches = []string{
	`"`, `""`, `"""`, `*`, `**`, `a**`, `-`, `--`, `-*`, `-"`, `+alien`, `alien+`, `alien AND`, `AND`, `NOT alien`, `alien NOT`, `NEAR(alien man, 5)`,
	`or`, `or or`, `alien or`, `or alien`, `alien or or man`, `(alien`, `alien)`, `((`, `alien & man`, `alien | man`, `!alien`, `alien:*`, `alien:ABC`,
	`title:alien`, `{title words} : alien`, `^alien`, `alien <-> man`, `alien <2> man`, `~alien`, `>alien <man`, `@5`, `"alien man"@8`, `alien'`, `'alien'`,
	`'' or 1=1; --`, `\`, `\\`, `\'`, `%`, `_`, `?`, `??`, `$1`, `:a`, "alien\x00man", "\xff\xfe", "alien\xffman", "\u0301", "e\u0301", "½ ² Ⅷ", "ＡＬＩＥＮ", "👾 alien", "\u202e", "東京物語",
	strings.Repeat("alien ", 500), strings.Repeat("x", 5000), strings.Repeat(`"a b" `, 200), strings.Repeat("-alien ", 50) + "man",
	"the", "a", "the of", `"the"`, "i*", "rank", "rowid", "articles_search", "null", "simple", "x*y*", "2*", "0x1f", "1e5", "-5", "3.14", "a@b.c", "http://a.b/c?d=e", "/etc/passwd", "<b>alien</b>",
}

// holds is what a search means: the reference that all engines are held to.
func searchHolds(q search.Query, texts ...string) bool {
	has := func(t search.Term) bool {
		return slices.ContainsFunc(texts, func(text string) bool {
			words := search.Words(text)
			for i := range words {
				if i+len(t.Words) <= len(words) && sameWords(words[i:i+len(t.Words)], t) {
					return true
				}
			}
			return false
		})
	}
	return slices.ContainsFunc(q.Groups, func(g search.Group) bool {
		return !slices.ContainsFunc(g.Want, func(t search.Term) bool { return !has(t) }) && !slices.ContainsFunc(g.Without, has)
	})
}

func sameWords(words []string, t search.Term) bool {
	for i, w := range words {
		got, wanted := strings.ToLower(w), strings.ToLower(t.Words[i])
		if t.Prefix && i == len(words)-1 && strings.HasPrefix(got, wanted) {
			continue
		}
		if got != wanted {
			return false
		}
	}
	return true
}

// testSearch compares what the engine finds among real titles with what the
// language of package search says.
func testSearch(t *testing.T, ctx context.Context) {
	var all []*reel.Article
	for title := range strings.Lines(titles) {
		// Only MariaDB takes a superscript for a part of a word.
		a := &reel.Article{Title: strings.ReplaceAll(strings.TrimSpace(title), "³", " 3")}
		if n := len(all); n%3 == 0 && n > 0 {
			a.Words = new("Better than " + all[n-1].Title)
		}
		all = append(all, a)
	}
	want.NoErr(t, reel.Articles.Insert(ctx, all...))
	queries := append([]string{
		"alien", "ALIEN", "alien*", `"star wars"`, "star wars", `"wars star"`, "star -wars", "star -wars -trek", `star -"star trek"`, "spider-man", "man spider",
		"let's", "up", "the", "the godfather", `"the godfather part"`, "of the", "a", "2", "ii", "2*", "up or out", "star trek or alien -resurrection", "harry pot*",
		"than alien", `"alien better"`, "better -than", "x", "la", "für or los", "100", "u", "8 mile", "it's a", "don't say", "-alien", "e.t.", "ocean's eleven or twelve",
		"ride*", "vs", "vs.", "m*a*s*h", "mr. & mrs.", "face/off", `"face off"`, "$", "nowhere to be found",
	}, randomSearches(all)...)
	a := reel.Articles
	for _, text := range queries {
		q := search.Parse(text)
		var wanted []int64
		for _, row := range all {
			words := ""
			if row.Words != nil {
				words = *row.Words
			}
			if searchHolds(q, row.Title, words) {
				wanted = append(wanted, row.ID)
			}
		}
		var got []int64
		for range 5 { // MariaDB may find nothing for a moment after many rows were written
			var err error
			got, err = foundIDs(ctx, a.Where(a.Search(text)))
			want.NoErr(t, err)
			slices.Sort(got)
			if slices.Equal(got, wanted) {
				break
			}
		}
		if !slices.Equal(got, wanted) {
			t.Errorf("%q: got %d rows, want %d: %s", text, len(got), len(wanted), difference(all, got, wanted))
		}
	}
	for _, text := range naughtySearches {
		found := a.Search(text)
		if _, err := a.Where(found).OrderBy(found.Relevance().Desc()).Limit(3).All(ctx); err != nil {
			t.Errorf("%.50q: %v", text, err)
		}
	}
}

// randomSearches are of words as they stand in titles, the same every time.
func randomSearches(all []*reel.Article) []string {
	r := rand.New(rand.NewPCG(1, 2))
	var list []string
	for range 60 {
		words := search.Words(all[r.IntN(len(all))].Title)
		if strings.ContainsFunc(strings.Join(words, ""), func(c rune) bool { return c > 127 }) {
			continue // a database's locale may tell É from é
		}
		at := r.IntN(len(words))
		word := words[at]
		switch r.IntN(5) {
		case 0:
			word = `"` + strings.Join(words[at:], " ") + `"`
		case 1:
			word = word[:1+r.IntN(len(word))] + "*"
		case 2:
			word += " or " + search.Words(all[r.IntN(len(all))].Title)[0]
		case 3:
			word = words[0] + " -" + word
		}
		list = append(list, word)
	}
	return list
}

func foundIDs(ctx context.Context, q *db.Query[*reel.Article]) ([]int64, error) {
	list, err := q.All(ctx)
	var ids []int64
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	return ids, err
}

// difference names some rows that are in one list alone.
func difference(all []*reel.Article, got, wanted []int64) string {
	var list []string
	for _, a := range all {
		g, w := slices.Contains(got, a.ID), slices.Contains(wanted, a.ID)
		switch {
		case len(list) == 5:
		case g && !w:
			list = append(list, fmt.Sprintf("too many %q", a.Title))
		case w && !g:
			list = append(list, fmt.Sprintf("missing %q", a.Title))
		}
	}
	return strings.Join(list, ", ")
}

// testSearchKept: what changes in a table is found, or no longer found, and a
// search goes together with everything else.
func testSearchKept(t *testing.T, ctx context.Context) {
	ctx = db.WithClock(ctx, func() time.Time { return day(2026, 11, 22) })
	a, l := reel.Articles, reel.Loans
	rows := []*reel.Article{
		{Title: "One ship", Words: new("an alien alien alien")}, {Title: "Alien ship"}, {Title: "Two", Words: new("nothing at all")}, {Title: "Alien, too"},
	}
	want.NoErr(t, a.Insert(ctx, rows...))
	want.NoErr(t, l.Insert(ctx, &reel.Loan{ArticleID: &rows[1].ID, Days: 1}, &reel.Loan{ArticleID: &rows[2].ID, Days: 2}, &reel.Loan{Days: 3}))
	alien := a.Search("alien")
	found := func(what string, q *db.Query[*reel.Article], titles ...string) {
		t.Helper()
		var got []string
		list, err := q.All(ctx)
		want.NoErr(t, err)
		for _, a := range list {
			got = append(got, a.Title)
		}
		if !slices.Equal(got, titles) {
			t.Errorf("%s: got %q, want %q", what, got, titles)
		}
	}
	byID := a.OrderBy(a.ID.Asc())
	found("search", byID.Where(alien), "One ship", "Alien ship", "Alien, too")
	found("not", byID.Where(db.Not(alien)), "Two")
	found("or", byID.Where(db.Or(alien, a.Title.Eq("Two"))), "One ship", "Alien ship", "Two", "Alien, too")
	found("two", byID.Where(alien, a.Search("ship")), "One ship", "Alien ship")
	found("relation", byID.Where(alien, a.Loans().Any(l.Days.Eq(1))), "Alien ship")
	searchAmongOthers(t, ctx)
	found("weight", a.Where(alien, a.Search("ship")).OrderBy(alien.Relevance().Desc()), "Alien ship", "One ship")
	found("relevance of what is not found", a.OrderBy(alien.Relevance().Asc(), a.ID.Asc()).Limit(1), "Two")

	rows[3].Title, rows[3].Words = "Three", new("now an ALIEN again")
	want.NoErr(t, a.Save(ctx, rows[3]))
	rows[0].Words = nil
	want.NoErr(t, a.Save(ctx, rows[0]))
	found("after Save", byID.Where(alien), "Alien ship", "Three")
	_, err := a.Where(a.Search("two")).Update(ctx, a.Title.Set("Aliens' alien"))
	want.NoErr(t, err)
	found("after Update", byID.Where(alien), "Alien ship", "Aliens' alien", "Three")
	n, err := a.Where(a.Search(`"aliens alien"`)).Delete(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	found("after Delete", byID.Where(alien), "Alien ship", "Three")
	found("deleted", byID.OnlyDeleted().Where(alien), "Aliens' alien")
	_, err = a.OnlyDeleted().Where(alien).Purge(ctx)
	want.NoErr(t, err)
	found("after Purge", byID.WithDeleted().Where(alien), "Alien ship", "Three")

	searchLanguage(t, ctx)
}

// searchAmongOthers: relations, pages, numbers.
func searchAmongOthers(t *testing.T, ctx context.Context) {
	t.Helper()
	a, l := reel.Articles, reel.Loans
	alien := a.Search("alien")
	loans, err := l.Where(l.Article().Search("alien")).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, len(loans), 1)
	loans, err = l.Where(db.Not(l.Article().Search("alien"))).All(ctx)
	want.NoErr(t, err)
	want.Equal(t, len(loans), 1)
	want.Equal(t, loans[0].Days, 2)
	n, err := a.Where(a.Loans().Any(l.Article().Search("ship"))).Count(ctx)
	want.NoErr(t, err)
	want.Equal(t, n, 1)
	page, _, err := a.Where(alien).OrderBy(alien.Relevance().Desc()).Page(ctx, 1, 2)
	want.NoErr(t, err)
	want.Equal(t, len(page), 2)
	ok, err := a.Where(alien).OrderBy(alien.Relevance().Desc()).Exists(ctx)
	want.NoErr(t, err)
	want.Equal(t, ok, true)
	type hit struct {
		Title string
		Fit   float64
	}
	hits, err := db.Into(a.Where(alien), func(h *hit) []db.Dest {
		return []db.Dest{a.Title.To(&h.Title), alien.Relevance().To(&h.Fit)}
	}).OrderBy(a.ID.Asc()).All(ctx)
	want.NoErr(t, err)
	if len(hits) != 3 || hits[0].Fit <= 0 || hits[1].Fit <= hits[0].Fit {
		t.Errorf("relevance: got %v", hits)
	}
}

// searchLanguage finds another form of a word.
func searchLanguage(t *testing.T, ctx context.Context) {
	t.Helper()
	want.NoErr(t, reel.Papers.Insert(ctx, &reel.Paper{Title: "Running a company"}))
	ok, err := reel.Papers.Where(reel.Papers.Search("companies")).Exists(ctx)
	want.NoErr(t, err)
	if d, _ := db.FromContext(ctx); d.Scheme() != "mariadb" { // which knows no language
		want.Equal(t, ok, true)
	}
}
