// Package search reads what people type into a search box. The language is
// small, and every text is one of it:
//
//	alien ship         both words, anywhere and in any order
//	"alien ship"       next to each other, in this order
//	ali*               a word that begins so
//	-predator          not this word, or "phrase", or beginning*
//	alien or ship      one of them; what stands together on a side goes together
//	spider-man, let's  marks of any kind cut words: the same as "spider man"
//
// A word is a run of letters, digits and combining marks. Upper and lower case
// are the same, accents are not. What only says what shall not be there finds
// nothing, and so does a text without words.
//
//	q := search.Parse(`alien -predator "exact phrase" pre*`)
//	for _, part := range q.Highlight(film.Words) {
//		… // part.Hit: part.Text is what was searched for
//	}
//
// Package db translates a [Query] for the database; this package knows none.
package search
