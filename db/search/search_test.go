package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db/search"
	"github.com/ashlar-go/ashlar/internal/want"
)

func TestParse(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 60)
	for _, test := range []struct{ text, want string }{
		{"", ""}, {"  \t", ""}, {"-", ""}, {"*", ""}, {`"`, ""}, {`""*`, ""}, {"or", ""}, {"or or -or", ""}, {"%_'\\;--", ""},
		{"alien", `"alien"`},
		{"alien ship", `"alien" "ship"`},
		{`alien -predator "exact phrase" pre*`, `"alien" "exact phrase" "pre"* -"predator"`},
		{`a or b c OR "d e"`, `"a" or "b" "c" or "d e"`},
		{`or a or or b or`, `"a" or "b"`},
		{`-a`, ""}, {`-a or b`, `"b"`}, {`b or -a`, `"b"`},
		{`-"a b" c`, `"c" -"a b"`}, {`-pre* c`, `"c" -"pre"*`}, {"- a", `"a"`}, {"--a b", `"b" -"a"`},
		{`"or" "a`, `"or" "a"`}, {`a"b c"d`, `"a" "b c" "d"`}, {`"b c"*`, `"b c"*`}, {`"b c*`, `"b c"`},
		{"spider-man let's AT&T a_b", `"spider man" "let s" "AT T" "a b"`},
		{"Spider-M*", `"Spider M"*`}, {"*a a*b", `"a" "a b"`},
		{"3D 2.5 007", `"3D" "2 5" "007"`},
		{"Ünïcödé e\u0301 \u0301x 東京 \xff\xfea\x00b", "\"Ünïcödé\" \"e\u0301\" \"x\" \"東京\" \"a b\""},
		{long, `"` + long[:100] + `"*`},
		{`"a ` + long + ` b"`, `"a ` + long[:100] + `"*`},
	} {
		want.Equal(t, search.Parse(test.text).String(), test.want)
		want.Equal(t, search.Parse(test.text).Empty(), test.want == "")
	}
	want.Equal(t, strings.Count(search.Parse(strings.Repeat("a ", 100)).String(), "a"), search.MaxTerms)
	want.Equal(t, strings.Count(search.Parse(strings.Repeat("a-", 100)).String(), "a"), search.MaxWords)
	want.Equal(t, search.Parse(strings.Repeat(" ", 8192)+"a").Empty(), true)
}

func marked(parts []search.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestHighlight(t *testing.T) {
	t.Parallel()
	text := "The Alien, an ALIEN ship; aliens and Spider-Man."
	for _, test := range []struct{ query, want string }{
		{"nothing", text},
		{"alien", "The [Alien], an [ALIEN] ship; aliens and Spider-Man."},
		{"alien*", "The [Alien], an [ALIEN] ship; [aliens] and Spider-Man."},
		{`"alien ship" man`, "The Alien, an [ALIEN ship]; aliens and Spider-[Man]."},
		{"spider-man the", "[The] Alien, an ALIEN ship; aliens and [Spider-Man]."},
		{"ship -alien", "The Alien, an ALIEN [ship]; aliens and Spider-Man."},
		{"spid* or an", "The Alien, [an] ALIEN ship; aliens and [Spider]-Man."},
	} {
		want.Equal(t, marked(search.Parse(test.query).Highlight(text)), test.want)
	}
}

func TestSnippet(t *testing.T) {
	t.Parallel()
	text := "One two three four five six seven eight nine ten."
	for _, test := range []struct {
		query string
		words int
		want  string
	}{
		{"seven", 3, "…six [seven] eight…"},
		{"one", 3, "[One] two three…"},
		{"ten", 3, "…eight nine [ten]."},
		{"zero", 3, "One two three…"},
		{"two", 10, "One [two] three four five six seven eight nine ten."},
		{"two", 0, "One [two] three four five six seven eight nine ten."},
	} {
		want.Equal(t, marked(search.Parse(test.query).Snippet(text, test.words)), test.want)
	}
}

// FuzzParse: every text is a query, which is written as a text that is the
// same query, and highlights lose nothing.
func FuzzParse(f *testing.F) {
	f.Add(`alien -predator "exact phrase" pre* or a-b`, "The alien's ship")
	f.Add("\"\xff*-", "\u0301")
	f.Fuzz(func(t *testing.T, query, text string) {
		q := search.Parse(query)
		again := search.Parse(q.String())
		if len(q.String()) < 8192 && again.String() != q.String() {
			t.Errorf("%q: got %q, then %q", query, q, again)
		}
		terms := 0
		for _, g := range q.Groups {
			if len(g.Want) == 0 {
				t.Errorf("%q: got a group without a term", query)
			}
			for _, term := range append(g.Want, g.Without...) {
				terms++
				for _, w := range term.Words {
					if !utf8.ValidString(w) || len(w) > search.MaxWord || len(search.Words(w)) != 1 {
						t.Errorf("%q: got the word %q", query, w)
					}
				}
			}
		}
		if terms > search.MaxTerms {
			t.Errorf("%q: got %d terms", query, terms)
		}
		var b strings.Builder
		for _, p := range q.Highlight(text) {
			b.WriteString(p.Text)
		}
		want.Equal(t, b.String(), text)
		q.Snippet(text, 5)
	})
}
