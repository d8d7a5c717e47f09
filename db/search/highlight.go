package search

import (
	"strings"
	"unicode/utf8"
)

// A Part is a piece of a text. Hit says that it was searched for.
type Part struct {
	Text string
	Hit  bool
}

// Highlight cuts text into parts, of which those that q wants are hits. Joined
// they are the text. Words that a database found in another form, as the
// language of a search lets it, are no hits.
func (q Query) Highlight(text string) []Part {
	var parts []Part
	done := 0
	for _, h := range q.hits(text) {
		if h[0] > done {
			parts = append(parts, Part{Text: text[done:h[0]]})
		}
		parts = append(parts, Part{Text: text[h[0]:h[1]], Hit: true})
		done = h[1]
	}
	if done < len(text) {
		parts = append(parts, Part{Text: text[done:]})
	}
	return parts
}

// Snippet is Highlight of some words of text around its first hit, or of its
// beginning if there is none. What it leaves out is a part "…".
func (q Query) Snippet(text string, words int) []Part {
	places := wordPlaces(text)
	if len(places) <= words || words < 1 {
		return q.Highlight(text)
	}
	first := 0
	if hits := q.hits(text); len(hits) > 0 {
		for places[first][0] < hits[0][0] {
			first++
		}
	}
	first = min(max(0, first-words/3), len(places)-words)
	from, to := places[first][0], places[first+words-1][1]
	if first == 0 {
		from = 0
	}
	if first+words == len(places) {
		to = len(text)
	}
	var parts []Part
	if from > 0 {
		parts = append(parts, Part{Text: "…"})
	}
	parts = append(parts, q.Highlight(text[from:to])...)
	if to < len(text) {
		parts = append(parts, Part{Text: "…"})
	}
	return parts
}

func wordPlaces(text string) [][2]int {
	var list [][2]int
	for at := 0; ; {
		from, to := next(text[at:])
		if from < 0 {
			return list
		}
		list = append(list, [2]int{at + from, at + to})
		at += to
	}
}

// hits returns the places of what q wants, ascending, of which none overlap.
func (q Query) hits(text string) [][2]int {
	places := wordPlaces(text)
	var list [][2]int
	for i := 0; i < len(places); {
		n := 0
		for _, g := range q.Groups {
			for _, t := range g.Want {
				if t.at(text, places[i:]) {
					n = max(n, len(t.Words))
				}
			}
		}
		if n == 0 {
			i++
			continue
		}
		list = append(list, [2]int{places[i][0], places[i+n-1][1]})
		i += n
	}
	return list
}

// at reports whether the words at places are those of t.
func (t Term) at(text string, places [][2]int) bool {
	if len(places) < len(t.Words) {
		return false
	}
	for i, want := range t.Words {
		got := text[places[i][0]:places[i][1]]
		if i == len(t.Words)-1 && t.Prefix {
			got = head(got, utf8.RuneCountInString(want))
		}
		if !strings.EqualFold(got, want) {
			return false
		}
	}
	return true
}

// head returns the first n characters of s.
func head(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
