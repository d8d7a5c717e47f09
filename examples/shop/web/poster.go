package web

import (
	"hash/fnv"
	"strings"
	"unicode/utf8"
)

// A Poster is drawn from a title and a genre, since the shop has no pictures.
// It is written as class names: the content security policy allows no style
// attributes.
type Poster struct {
	Title   string
	Credit  string // a small line under the title; may be empty
	Art     string // symbol of posters.svg: "drama", "western" …
	Hue     int    // 0 to 11: the colours, class hue-0 …
	Variant int    // 0 to 3: the arrangement, class cut-0 …
	Size    string // how large the title can be set: "xl", "l", "m", "s", "xs"
}

// NewPoster draws the same poster for the same film each time. The genre
// decides what is on it, a hash of the title decides colours and arrangement.
func NewPoster(title, genre, credit string) Poster {
	h := fnv.New32a()
	h.Write([]byte(title))
	sum := h.Sum32()
	return Poster{
		Title: title, Credit: credit, Art: art(genre, sum>>8),
		Hue: int(sum % 12), Variant: int(sum >> 16 % 4), Size: titleSize(title),
	}
}

// art picks a symbol. The genres with most films have several, or a page of
// dramas would look like one poster in different colours.
func art(genre string, pick uint32) string {
	several := func(names ...string) string { return names[pick%uint32(len(names))] }
	switch genre {
	case "Drama":
		return several("drama", "drama-2", "drama-3")
	case "Comedy":
		return several("comedy", "comedy-2")
	case "Action":
		return several("action", "action-2")
	case "Thriller/Suspense":
		return several("thriller", "thriller-2", "thriller-3")
	case "Adventure":
		return several("adventure", "adventure-2")
	case "Horror":
		return several("horror", "horror-2")
	case "Romantic Comedy":
		return several("romance", "romance-2")
	case "Documentary", "Musical", "Western":
		return strings.ToLower(genre)
	case "Black Comedy":
		return "mask"
	case "Concert/Performance":
		return "stage"
	}
	return "reel"
}

// titleSize picks the largest size in which no word is wider than the poster
// and the lines fill at most half of it. The bounds were found by looking.
func titleSize(title string) string {
	longest := 0
	for _, word := range strings.FieldsFunc(title, func(r rune) bool { return r == ' ' || r == '-' }) {
		longest = max(longest, wordWidth(word))
	}
	switch n := utf8.RuneCountInString(title); {
	case longest <= 50 && n <= 11:
		return "xl"
	case longest <= 70 && n <= 18:
		return "l"
	case longest <= 100 && n <= 30:
		return "m"
	case longest <= 130 && n <= 48:
		return "s"
	}
	return "xs"
}

// wordWidth measures a word in tenths of an ordinary capital.
func wordWidth(word string) int {
	width := 0
	for _, r := range word {
		switch r {
		case 'M', 'm', 'W', 'w':
			width += 14
		case 'I', 'i', '.', ',', ':', '!', '\'':
			width += 5
		default:
			width += 10
		}
	}
	return width
}
