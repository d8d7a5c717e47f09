package web

import (
	"net/url"
	"strconv"
)

// A Filter is what the list of films is asked for. Its zero value asks for
// everything.
type Filter struct {
	Q      string `query:"q" validate:"max=100"`
	Genre  string `query:"genre" validate:"max=40"`
	Decade int    `query:"decade" validate:"min=0,max=2100"` // 1990 is 1990 to 1999
	Rating int    `query:"rating" validate:"min=0,max=10"`   // lowest IMDb score, whole
	Sort   string `query:"sort" validate:"max=20"`           // a value of SortOptions; "" is the first
}

// URL returns the address of one page of the list. base is the list's own
// address. What is not asked for is left out, and page 1 is the address without
// a page, so that each list has one address; the usual order is left out too.
func (f Filter) URL(base string, page int) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			q.Set(name, value)
		}
	}
	set("q", f.Q)
	set("genre", f.Genre)
	set("decade", strconv.Itoa(f.Decade))
	set("rating", strconv.Itoa(f.Rating))
	if f.Sort != sorts[0].Value {
		set("sort", f.Sort)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return base
	}
	return base + "?" + q.Encode()
}

// Active returns a chip for each filter that is on, the search words first.
// The order of the list is no filter.
func (f Filter) Active(base string) []Chip {
	var chips []Chip
	without := func(on bool, label string, off func(*Filter)) {
		if on {
			rest := f
			off(&rest)
			chips = append(chips, Chip{Label: label, URL: rest.URL(base, 1)})
		}
	}
	without(f.Q != "", "“"+f.Q+"”", func(f *Filter) { f.Q = "" })
	without(f.Genre != "", f.Genre, func(f *Filter) { f.Genre = "" })
	without(f.Decade != 0, strconv.Itoa(f.Decade)+"s", func(f *Filter) { f.Decade = 0 })
	without(f.Rating != 0, "IMDb "+strconv.Itoa(f.Rating)+"+", func(f *Filter) { f.Rating = 0 })
	return chips
}
