package catalog

import (
	"context"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/db"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/examples/shop/money"
)

// A Film is for sale. What is not known is the zero value, as in [Record].
//
//ashlar:model
type Film struct {
	ID          int64  `db:"pk"`
	Slug        string `db:"size=240,unique"`
	Title       string `db:"size=200,index"`
	Year        int64  `db:"index"`
	Released    *time.Time
	Genre       string      `db:"size=40,index"`
	Rating      string      `db:"size=20"`
	Minutes     int64       `db:"check=minutes >= 0"`
	Director    string      `db:"size=200"`
	Distributor string      `db:"size=200"`
	Source      string      `db:"size=200"`
	Score       int64       `db:"index,check=score between 0 and 100"` // IMDb, in tenths
	Votes       int64       `db:"check=votes >= 0"`
	Critics     int64       `db:"check=critics between 0 and 100"`
	Gross       int64       `db:"check=gross >= 0"`
	Budget      int64       `db:"check=budget >= 0"`
	Price       money.Cents `db:"check=price > 0"`
	Stock       int64       `db:"check=stock >= 0"`
}

// filmOf returns the film of a record of the source.
func filmOf(r Record) *Film {
	f := &Film{
		Slug: r.Slug, Title: r.Title, Year: int64(r.Year), Genre: r.Genre, Rating: r.Rating,
		Minutes: int64(r.Minutes), Director: r.Director, Distributor: r.Distributor, Source: r.Source,
		Score: int64(r.Score), Votes: int64(r.Votes), Critics: int64(r.Critics),
		Gross: r.Gross, Budget: r.Budget, Price: r.Price, Stock: int64(r.Stock),
	}
	if !r.Released.IsZero() {
		f.Released = &r.Released
	}
	return f
}

// A Search says which films are wanted. Its zero value wants all of them.
type Search struct {
	Words  string // each has to be in the title or the director's name
	Genre  string
	Decade int // 1990 is 1990 to 1999; 0: any
	Score  int // at least, in tenths
	Order  string
}

// wordsMax bounds how many words of a search are looked for.
const wordsMax = 8

// query returns the films that a search wants, in its order.
func (s Search) query() *db.Query[*Film] {
	q := Films.Where()
	for i, word := range strings.Fields(s.Words) {
		if i == wordsMax {
			break
		}
		q = q.Where(db.Or(Films.Title.Contains(word), Films.Director.Contains(word)))
	}
	if s.Genre != "" {
		q = q.Where(Films.Genre.Eq(s.Genre))
	}
	if s.Decade != 0 {
		q = q.Where(Films.Year.Between(int64(s.Decade), int64(s.Decade)+9))
	}
	if s.Score != 0 {
		q = q.Where(Films.Score.GTE(int64(s.Score)))
	}
	return q.OrderBy(s.orders()...)
}

// orders ends with the key, so that pages never share a film.
func (s Search) orders() []db.Order {
	switch s.Order {
	case "newest":
		return []db.Order{Films.Year.Desc(), Films.Votes.Desc(), Films.ID.Asc()}
	case "oldest":
		return []db.Order{Films.Year.Asc(), Films.Votes.Desc(), Films.ID.Asc()}
	case "title":
		return []db.Order{Films.Title.Asc(), Films.ID.Asc()}
	case "-title":
		return []db.Order{Films.Title.Desc(), Films.ID.Asc()}
	case "price":
		return []db.Order{Films.Price.Asc(), Films.Score.Desc(), Films.ID.Asc()}
	case "-price":
		return []db.Order{Films.Price.Desc(), Films.Score.Desc(), Films.ID.Asc()}
	}
	return []db.Order{Films.Score.Desc(), Films.Votes.Desc(), Films.ID.Asc()}
}

// Find returns one page of a search, counted from 1, and how many films there
// are on all pages.
func Find(ctx context.Context, s Search, page, size int) ([]*Film, int, error) {
	total, err := s.query().Count(ctx)
	if err != nil {
		return nil, 0, err
	}
	films, err := s.query().Limit(size).Offset((page - 1) * size).All(ctx)
	return films, int(total), err
}

// BySlug returns the film with a slug.
func BySlug(ctx context.Context, slug string) (*Film, error) {
	f, err := Films.Where(Films.Slug.Eq(slug)).First(ctx)
	return f, absent(err)
}

// ByID returns the film with an id.
func ByID(ctx context.Context, id int64) (*Film, error) {
	f, err := Films.Get(ctx, id)
	return f, absent(err)
}

// absent gives a missing row words for the visitor.
func absent(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errs.NotFound.Wrap(err, "This film is not in the shop.")
	}
	return err
}

// Related returns films of the same genre near in time, the loved ones first.
func Related(ctx context.Context, f *Film, n int) ([]*Film, error) {
	return Films.Where(Films.Genre.Eq(f.Genre), Films.ID.NE(f.ID), Films.Stock.GT(0),
		Films.Year.Between(f.Year-8, f.Year+8)).
		OrderBy(Films.Score.Desc(), Films.Votes.Desc(), Films.ID.Asc()).Limit(n).All(ctx)
}

// Featured returns the films that the shop opens with.
func Featured(ctx context.Context, n int) ([]*Film, error) {
	return Films.Where(Films.Stock.GT(0)).OrderBy(Films.Votes.Desc(), Films.ID.Asc()).Limit(n).All(ctx)
}

// Facts are what the filters need to know of all films.
type Facts struct {
	Genres      map[string]int // films per genre
	First, Last int            // years
}

// Survey returns the facts as they are now.
func Survey(ctx context.Context) (Facts, error) {
	facts := Facts{Genres: map[string]int{}}
	rows, err := db.SQL[*db.Row](ctx, `SELECT genre, count(*), min(nullif(year, 0)), max(year) FROM films GROUP BY genre`)
	if err != nil {
		return facts, err
	}
	for _, row := range rows {
		var genre string
		var n int
		var first, last *int64
		if err := row.Scan(&genre, &n, &first, &last); err != nil {
			return facts, err
		}
		facts.Genres[genre] = n
		if first != nil && (facts.First == 0 || int(*first) < facts.First) {
			facts.First = int(*first)
		}
		if last != nil {
			facts.Last = max(facts.Last, int(*last))
		}
	}
	return facts, nil
}
