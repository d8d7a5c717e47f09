package web

import "strconv"

// sorts are the orders that the list can be in; the first is the usual one.
var sorts = [...]Option{
	{Value: "rating", Label: "Best rated"},
	{Value: "newest", Label: "Newest first"},
	{Value: "oldest", Label: "Oldest first"},
	{Value: "title", Label: "Title A–Z"},
	{Value: "-title", Label: "Title Z–A"},
	{Value: "price", Label: "Cheapest first"},
	{Value: "-price", Label: "Dearest first"},
}

// SortOptions returns the orders that the list can be in: rating (the usual
// one), newest, oldest, title, -title, price, -price. An unknown selected
// counts as the usual one.
func SortOptions(selected string) []Option {
	options := sorts
	found := 0
	for i, o := range options {
		if o.Value == selected {
			found = i
		}
	}
	options[found].Selected = true
	return options[:]
}

// GenreOptions returns "All" and the genres in the order of names, each with
// the number of its films.
func GenreOptions(selected string, names []string, films map[string]int) []Option {
	options := []Option{{Label: "All", Selected: selected == ""}}
	for _, name := range names {
		n := Count(films[name])
		options[0].Count += n
		options = append(options, Option{Value: name, Label: name, Count: n, Selected: name == selected})
	}
	return options
}

// DecadeOptions returns "Any" and the decades from the one of last down to the
// one of first. The value of "Any" is 0, not nothing, because the query reads
// into a number.
func DecadeOptions(selected, first, last int) []Option {
	options := []Option{{Value: "0", Label: "Any", Selected: selected == 0}}
	for d := last / 10 * 10; d >= first/10*10; d -= 10 {
		text := strconv.Itoa(d)
		options = append(options, Option{Value: text, Label: text + "s", Selected: d == selected})
	}
	return options
}

// RatingOptions returns "Any", whose value is 0, and the lowest scores that can
// be asked for: 6 to 9.
func RatingOptions(selected int) []Option {
	options := []Option{{Value: "0", Label: "Any", Selected: selected == 0}}
	for score := 6; score <= 9; score++ {
		text := strconv.Itoa(score)
		options = append(options, Option{Value: text, Label: text + "+", Selected: score == selected})
	}
	return options
}
