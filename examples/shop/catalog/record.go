package catalog

import (
	"time"

	"github.com/ashlar-go/ashlar/examples/shop/money"
)

// A Record is one film, clean: its title is neither empty nor damaged, its
// numbers are in range, and what the source does not know is the zero value.
type Record struct {
	Slug        string    // [a-z0-9-], unique in one file; see Supersedes
	Title       string    // at most MaxTitle characters
	Released    time.Time // midnight UTC; zero when unknown
	Year        int       // of Released; 0 when unknown
	Genre       string    // one of Genres, never empty
	Rating      string    // one of Ratings; "" when unknown
	Minutes     int       // running time; 0 when unknown
	Director    string    // "" when unknown
	Distributor string    // "" when unknown
	Source      string    // what the script is based on; "" when unknown
	Score       int       // IMDb score in tenths, 10 to 100; 0 when unknown
	Votes       int       // IMDb votes; 0 when there is no Score
	Critics     int       // Rotten Tomatoes, per cent; 0 when unknown
	Gross       int64     // worldwide, in whole dollars; 0 when unknown
	Budget      int64     // in whole dollars; 0 when unknown
	Price       money.Cents
	Stock       int // copies for sale

	// Supersedes says that a record with this slug was delivered before and
	// that this one, which has more votes, replaces it.
	Supersedes bool
}

// Unclassified is the genre of a film whose genre the source does not know. It
// is a genre like the others, not an empty one, so that the shop's filter is
// one comparison and every film can be found through it.
const Unclassified = "Unclassified"

// Genres returns the genres that a record may have, in alphabetical order with
// [Unclassified] last.
func Genres() []string {
	return []string{
		"Action", "Adventure", "Black Comedy", "Comedy", "Concert/Performance", "Documentary", "Drama",
		"Horror", "Musical", "Romantic Comedy", "Thriller/Suspense", "Western", Unclassified,
	}
}

// Ratings returns the ratings that a record may have, mildest first: those of
// the Motion Picture Association, and "Not Rated" for a film that was never
// put before it.
func Ratings() []string { return []string{"G", "PG", "PG-13", "R", "NC-17", "Not Rated"} }
