package web

import (
	"strconv"
	"time"

	"github.com/ashlar-go/ashlar/examples/shop/money"
)

// Shell is what the layout around every page shows.
type Shell struct {
	Query     string  // in the search box
	CartCount int     // films in the cart; -1 when that is not known, and nothing is shown
	Flashes   []Flash // messages about what the visitor did last
}

// A Flash is one message. Kind is "good", "bad" or "note" and decides its colour.
type Flash struct{ Kind, Text string }

// A Score is an IMDb score in tenths; 0 is unknown.
type Score int

// String returns the score as people write it: "8.6".
func (s Score) String() string { return strconv.Itoa(int(s)/10) + "." + strconv.Itoa(int(s)%10) }

// A Count is a number that is written with commas: "3,200".
type Count int64

// String returns the number with a comma between each three digits.
func (c Count) String() string {
	digits := strconv.FormatInt(int64(c), 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// A Card is a film in a list.
type Card struct {
	ID     int64
	Slug   string
	Title  string
	Genre  string // "" when the film is not classified: nothing is shown then
	Year   int    // 0 when unknown
	Score  Score
	Price  money.Cents
	Stock  int
	Poster Poster
}

// FilmsPage is the data of films/index.html.
type FilmsPage struct {
	Shell
	Filter   Filter
	Genres   []Option
	Decades  []Option
	Ratings  []Option
	Sorts    []Option
	Active   []Chip // the filters that are on, each with a link that takes it off
	Total    Count  // films that pass the filters, on all pages
	Cards    []Card
	Pages    Pagination
	Featured []Card // three films for the opening; empty on all but the front page
}

// An Option is one choice of a filter.
type Option struct {
	Value    string
	Label    string
	Count    Count // films behind it; 0 is not shown
	Selected bool
}

// A Chip is a filter that is on. URL is the same list without it.
type Chip struct{ Label, URL string }

// FilmPage is the data of films/show.html.
type FilmPage struct {
	Shell
	Film    Film
	Related []Card
}

// A Film is a card and everything else that is known. Zero values are not shown.
type Film struct {
	Card
	Released    time.Time
	Rating      string
	Minutes     int
	Director    string
	Distributor string
	Source      string
	Votes       Count
	Critics     int   // per cent
	Gross       Count // dollars
	Budget      Count // dollars
}

// CartPage is the data of cart/show.html.
type CartPage struct {
	Shell
	Lines []Line
	Sums  Sums
}

// A Line is one film in a cart or an order.
type Line struct {
	Film     Card
	Quantity int
	Sum      money.Cents
	Note     string // what the buyer should know: "Only 2 left: your 3 became 2."
}

// Less is the quantity that the minus button asks for.
func (l Line) Less() int { return l.Quantity - 1 }

// More is the quantity that the plus button asks for.
func (l Line) More() int { return l.Quantity + 1 }

// Full reports that there are no more copies to add.
func (l Line) Full() bool { return l.Quantity >= l.Film.Stock }

// Sums is how a total comes about.
type Sums struct {
	Films    money.Cents
	Delivery money.Cents // 0 is written "free"
	Total    money.Cents
}

// CheckoutPage is the data of checkout/new.html.
type CheckoutPage struct {
	Shell
	Form      any     // the form, read through the helper field
	Fields    []Label // its fields in the order of the page
	Invalid   bool    // some field has an error
	Countries []string
	Lines     []Line
	Sums      Sums
}

// A Label is what a form calls a field.
type Label struct{ Name, Text string }

// OrderPage is the data of orders/show.html.
type OrderPage struct {
	Shell
	Thanks  bool   // the order was placed just now
	Number  string // "R-000123"
	Placed  time.Time
	Steps   []Step
	Lines   []Line
	Sums    Sums
	Email   string
	Address []string // name first, one line each
}

// A Step is one stage of an order. State is "done", "now" or "next".
type Step struct{ Label, State string }

// ErrorPage is the data of errors/error.html.
type ErrorPage struct {
	Shell
	Status    int
	Message   string // safe for the visitor; empty means the page's own words
	RequestID string // for a visitor who writes to the shop; may be empty
	Fields    []FieldProblem
}

// A FieldProblem is a field that was sent and is not right.
type FieldProblem struct{ Name, Message string }
