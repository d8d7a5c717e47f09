// Package right has queries that name two tables and are right, or may be.
package right

import (
	"context"

	"github.com/ashlar-go/ashlar/db"
	. "github.com/ashlar-go/ashlar/db/internal/reel"
)

type stat struct {
	Name  string
	Stars float64
}

var perFilm = db.Equal(Reviews.FilmID, Films.ID)

func right(ctx context.Context, any db.Cond, more ...db.Cond) error {
	// By a way.
	_, _ = Reviews.Where(Reviews.Film().Title.Eq("Ran")).OrderBy(Reviews.Film().Price.Desc()).With(Reviews.Film().Reviews().With(Reviews.Critic())).All(ctx)
	_, _ = Films.Where(Films.Reviews().Any(Reviews.Stars.GT(3), db.Less(Films.ID, Reviews.ID))).OrderBy(Films.Reviews().Count(Reviews.Stars.GT(3)).Desc()).All(ctx)
	_, _ = Films.OrderBy(Reviews.Stars.Avg().Of(Films.Reviews()).Desc()).All(ctx)
	_, _ = db.Into(Reviews.Where(any), func(d *stat) []db.Dest {
		return []db.Dest{Reviews.Film().Title.To(&d.Name), Reviews.Stars.Avg().Or(0).To(&d.Stars)}
	}).Having(Reviews.Stars.When(Reviews.Film().InShop.Eq(true)).Avg().GT(3)).All(ctx)

	// By a subquery, which may speak of the rows around it.
	_, _ = Films.Where(Films.ID.InQuery(Reviews.Where(Reviews.Stars.GT(3), perFilm).Select(Reviews.FilmID))).All(ctx)
	best := Reviews.Where(Reviews.Stars.GT(3), perFilm)
	best = best.OrderBy(Reviews.Stars.Desc())
	_, _ = Films.Where(Films.ID.InQuery(best.Select(Reviews.FilmID))).All(ctx)

	// What is not sure.
	var c db.Cond
	if ctx.Err() == nil {
		c = Reviews.Stars.GT(3)
	} else {
		c = Films.Stock.GT(3)
	}
	_, _ = Films.Where(c, any, made()).Where(more...).All(ctx)
	for _, c := range []db.Cond{any} {
		_, _ = Films.Where(c).All(ctx)
	}
	p := &c
	*p = Films.Stock.GT(0)
	recent := db.Reverse(Films, db.Link{Name: "Recent", To: Reviews, From: []string{"id"}, Key: []string{"film_id"}, Many: true})
	_, _ = Films.Where(recent.Any(Reviews.Stars.GT(3))).All(ctx)
	return recurse(Films.Where(any))
}

func made() db.Cond { return Films.Stock.GT(0) }

func recurse(q *db.Query[*Film]) error {
	q = q.Where(Films.Stock.GT(0))
	return recurse(q)
}
