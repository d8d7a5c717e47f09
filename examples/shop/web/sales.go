package web

import (
	"html/template"

	"github.com/ashlar-go/ashlar/examples/shop/money"
)

// SalesPage is the data of sales/show.html.
type SalesPage struct {
	Shell
	Periods []Option
	Pers    []Option
	Genres  []Option
	Period  string // in words: "August 25 to November 22, 2026"
	Per     string // "week"
	CSV     string // addresses of the same numbers as files
	JSON    string
	Figures []Figure
	Over    template.HTML // the chart over time
	Best    template.HTML // the chart of genres, or of the films of one
	BestOf  string        // "genres" or "films"
	Total   SalesRow
	Points  []SalesRow
	Parts   []SalesRow // the genres
	Films   []SalesFilm
}

// A Figure is a number that matters, such as the median.
type Figure struct{ Label, Value string }

// A SalesRow is what was sold in a time or of a genre.
type SalesRow struct {
	Label   string
	Orders  Count // 0 in rows of genres
	Copies  Count
	Revenue money.Cents
	Share   string // "12.3 %", in rows of genres
}

// A SalesFilm is what was sold of a film.
type SalesFilm struct {
	Slug, Title, Genre string
	Copies             Count
	Revenue            money.Cents
}
