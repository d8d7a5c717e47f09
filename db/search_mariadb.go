package db

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/db/schema"
	"github.com/ashlar-go/ashlar/db/search"
)

// A FULLTEXT index of InnoDB knows no words of less than 3 characters and none
// of its list of stop words, and both can only be changed for a whole server.
// So the index finds the rows with the words that it knows, and a regular
// expression keeps those with the others, and with the phrases.

// indexed are the lengths of words that are in the index by default.
const (
	minIndexed = 3
	maxIndexed = 84
)

// stopWords are those of InnoDB that are long enough for its index
// (information_schema.innodb_ft_default_stopword).
var stopWords = []string{"about", "and", "are", "com", "for", "from", "how", "that", "the", "this", "und", "was", "what", "when",
	"where", "who", "will", "with", "www"}

// indexedWord reports whether the index has the word.
func indexedWord(word string, prefix bool) bool {
	if n := utf8.RuneCountInString(word); n < minIndexed || n > maxIndexed {
		return false
	}
	if strings.ContainsFunc(word, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		return false
	}
	word = strings.ToLower(word)
	return !slices.ContainsFunc(stopWords, func(stop string) bool {
		return word == stop || prefix && strings.HasPrefix(stop, word)
	})
}

// matches writes that column holds what q says.
func (b *builder) matches(column string, q search.Query) {
	for i, g := range q.Groups {
		if i == 0 {
			b.write("(")
		} else {
			b.write(" OR ")
		}
		b.matchesGroup(column, g)
	}
	b.write(")")
}

func (b *builder) matchesGroup(column string, g search.Group) {
	terms, rest := indexTerms(g.Want, "+")
	without, others := indexTerms(g.Without, "-")
	word := ""
	if len(terms) > 0 {
		b.against(column, append(terms, without...))
		word = " AND "
	} else {
		others = g.Without
	}
	for _, t := range rest {
		b.write(word, column, " REGEXP ")
		b.arg(engine.Text(pattern(t)))
		word = " AND "
	}
	for _, t := range others {
		b.write(word, column, " NOT REGEXP ")
		b.arg(engine.Text(pattern(t)))
	}
}

// indexTerms returns what the index is asked for, each with sign before it,
// and the terms that it cannot decide. Of a wanted phrase it is asked for the
// words; that of one that is not wanted says nothing.
func indexTerms(terms []search.Term, sign string) (list []string, rest []search.Term) {
	for _, t := range terms {
		decided := len(t.Words) == 1
		for i, w := range t.Words {
			prefix := t.Prefix && i == len(t.Words)-1
			switch {
			case !indexedWord(w, prefix):
				decided = false
			case sign == "-" && len(t.Words) > 1:
			case prefix:
				list = append(list, sign+w+"*")
			default:
				list = append(list, sign+w)
			}
		}
		if !decided {
			rest = append(rest, t)
		}
	}
	return list, rest
}

func (b *builder) against(column string, terms []string) {
	b.write("MATCH (", column, ") AGAINST (")
	b.arg(engine.Text(strings.Join(terms, " ")))
	b.write(" IN BOOLEAN MODE)")
}

// pattern returns the regular expression, of PCRE and of ICU, of a term: whole
// words, with anything but words and the end of a text between them.
func pattern(t search.Term) string {
	const word = `\p{L}\p{Nd}\p{M}`
	s := "(?i)(?<![" + word + "])" + strings.Join(t.Words, "[^"+word+"\x1f]+")
	if !t.Prefix {
		s += "(?![" + word + "])"
	}
	return s
}

// maria writes the relevance: that of the index, which knows no weights, times
// the weights of the columns that hold one of the words.
func (b *builder) maria(t *table, prefix string, q search.Query) {
	var words, patterns []string
	for _, g := range q.Groups {
		list, _ := indexTerms(g.Want, "")
		words = append(words, list...)
		for _, t := range g.Want {
			patterns = append(patterns, pattern(t))
		}
	}
	b.write("(0.1e0")
	if len(words) > 0 {
		b.write(" + ")
		b.against(prefix+t.def.Search.Column(), words)
	}
	b.write(")")
	columns := t.def.Search.Columns
	if !slices.ContainsFunc(columns, func(c schema.SearchColumn) bool { return c.Weight != columns[0].Weight }) {
		return
	}
	word := " * ("
	for _, c := range columns {
		b.write(word, strconv.FormatFloat(c.Factor(), 'g', -1, 64), " * coalesce(", prefix, quote(c.Name), " REGEXP ")
		b.arg(engine.Text(strings.Join(patterns, "|")))
		b.write(", 0)")
		word = " + "
	}
	b.write(")")
}
